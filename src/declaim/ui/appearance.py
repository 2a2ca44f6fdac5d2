"""Puts a theme on the application: font, palette and stylesheet."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from declaim.ui.stylesheet import stylesheet
from declaim.ui.theme import SIZE_BODY, THEME_PROPERTY, Theme, font


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Font, palette and stylesheet for the whole application, once. Widgets that paint hear of it as a palette change."""
    apply_colours(app, theme)
    sheet = stylesheet(theme)
    if app.styleSheet() != sheet:
        app.setStyleSheet(sheet)


def apply_colours(app: QApplication, theme: Theme) -> None:
    """All but the stylesheet. Widgets under a stylesheet are measured anew with each parent that they get: a window that is
    built before it is put on is built in half the time."""
    if app.property(THEME_PROPERTY) == theme.name:
        return
    app.setProperty(THEME_PROPERTY, theme.name)
    if app.style().objectName().lower() != "fusion":
        app.setStyle("Fusion")
    app.setFont(font(SIZE_BODY))
    app.setPalette(_palette(theme))


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for name, colour in (
        (role.Window, theme.panel),
        (role.WindowText, theme.text),
        (role.Base, theme.background),
        (role.AlternateBase, theme.panel),
        (role.Text, theme.text),
        (role.PlaceholderText, theme.tertiary),
        (role.Button, theme.raised),
        (role.ButtonText, theme.text),
        (role.BrightText, theme.failed),
        (role.Highlight, theme.accent_wash),
        (role.HighlightedText, theme.text),
        (role.Link, theme.accent),
        (role.LinkVisited, theme.accent),
        (role.ToolTipBase, theme.raised),
        (role.ToolTipText, theme.text),
        (role.Light, theme.border),
        (role.Midlight, theme.border),
        (role.Mid, theme.border),
        (role.Dark, theme.border),
        (role.Shadow, theme.border),
        (role.Accent, theme.accent),
    ):
        palette.setColor(name, colour)
    for name in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, theme.tertiary)
    return palette
