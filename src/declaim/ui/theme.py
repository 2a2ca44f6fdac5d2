"""The tokens of the look: colours, spaces, radii, type. Everything that paints asks here, nothing invents a colour.

``appearance.apply_theme`` sets them on the application; ``current_theme`` reads them back anywhere, so a delegate or an icon
never holds a theme that has gone. Every text colour reaches 4.5:1 on every ground it stands on (a test measures it).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication, QStyle

SPACE_4, SPACE_8, SPACE_12, SPACE_16, SPACE_20, SPACE_24, SPACE_40 = 4, 8, 12, 16, 20, 24, 40
RADIUS, CHIP_RADIUS = 6, 4
FOCUS_WIDTH = 2
MOTION_MS = 120
"""How long anything moves; ``motion_ms`` says zero where the system asks for none."""

SIZE_CAPTION, SIZE_BODY, SIZE_SCRIPT, SIZE_CHAPTER, SIZE_TITLE = 11, 13, 15, 15, 20
SCRIPT_LINE_HEIGHT = 1.55

THEME_PROPERTY = "declaimTheme"
"""Of the application: the name of the theme that was applied."""


class ThemeChoice(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class Theme:
    """One palette. ``speakers`` are pairs of text and ground for chips."""

    name: str
    background: QColor
    panel: QColor
    raised: QColor
    border: QColor
    text: QColor
    secondary: QColor
    tertiary: QColor
    accent: QColor
    on_accent: QColor
    accent_wash: QColor
    ready: QColor
    stale: QColor
    failed: QColor
    hover: QColor
    accent_hover: QColor
    wave: QColor
    """The part of a waveform that was not played yet."""
    mark: QColor
    """Behind found words."""
    speakers: tuple[tuple[QColor, QColor], ...]

    def speaker_colours(self, name: str, index: int = 0) -> tuple[QColor, QColor]:
        """Text and ground of a speaker's chip: hosts and narrator have their own, the others by order of appearance."""
        place = _KNOWN_SPEAKERS.get(name, 3 + index)
        return self.speakers[place % len(self.speakers)]


_KNOWN_SPEAKERS = {"HOST1": 0, "HOST2": 1, "NARRATOR": 2}


def _pairs(*pairs: tuple[str, str]) -> tuple[tuple[QColor, QColor], ...]:
    return tuple((QColor(text), QColor(ground)) for text, ground in pairs)


LIGHT = Theme(
    name="light",
    background=QColor("#FAF9F7"),
    panel=QColor("#F3F1ED"),
    raised=QColor("#FFFFFF"),
    border=QColor("#E2DED6"),
    text=QColor("#1F1D1A"),
    secondary=QColor("#5A554D"),
    tertiary=QColor("#6F6960"),
    accent=QColor("#C2410C"),
    on_accent=QColor("#FFFFFF"),
    accent_wash=QColor("#FBE9DF"),
    ready=QColor("#2F7D5B"),
    stale=QColor("#A16207"),
    failed=QColor("#B42318"),
    hover=QColor("#EEEBE5"),
    accent_hover=QColor("#A9370A"),
    wave=QColor("#B9B1A6"),
    mark=QColor("#F2C3AB"),
    speakers=_pairs(
        ("#1D6F8A", "#E0F0F4"),
        ("#7A4BB0", "#EFE7F8"),
        ("#7A5B0E", "#F6EDD3"),
        ("#A33A6A", "#FAE6EF"),
        ("#3E6B2F", "#E6F1E0"),
        ("#3F57B5", "#E6EAF9"),
    ),
)

DARK = Theme(
    name="dark",
    background=QColor("#191817"),
    panel=QColor("#201F1D"),
    raised=QColor("#272624"),
    border=QColor("#383532"),
    text=QColor("#ECE8E1"),
    secondary=QColor("#B5AEA4"),
    tertiary=QColor("#989186"),
    accent=QColor("#FB8A4C"),
    on_accent=QColor("#1F1D1A"),
    accent_wash=QColor("#3B281D"),
    ready=QColor("#6CC49B"),
    stale=QColor("#E0B04A"),
    failed=QColor("#F58377"),
    hover=QColor("#2C2A28"),
    accent_hover=QColor("#FFA06B"),
    wave=QColor("#5E5850"),
    mark=QColor("#6B3A22"),
    speakers=_pairs(
        ("#7FC4DA", "#1E343B"),
        ("#C3A3EC", "#332845"),
        ("#DDBE6A", "#383017"),
        ("#EE9FC0", "#40242F"),
        ("#9CCB8A", "#23331D"),
        ("#A4B4F4", "#262C49"),
    ),
)


def current_theme() -> Theme:
    """The theme of the running application; light before one was applied."""
    app = QApplication.instance()
    return DARK if app is not None and app.property(THEME_PROPERTY) == "dark" else LIGHT


def theme_for(choice: ThemeChoice) -> Theme:
    """The theme a choice means now; ``system`` follows the desktop."""
    if choice is ThemeChoice.SYSTEM:
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return DARK if dark else LIGHT
    return DARK if choice is ThemeChoice.DARK else LIGHT


def font(size: int = SIZE_BODY, weight: QFont.Weight = QFont.Weight.Normal, *, tabular: bool = False) -> QFont:
    """Inter where it is installed, else the system's own; ``size`` in pixels. ``tabular``: figures of one width."""
    return QFont(_font(size, weight, tabular))


@lru_cache(maxsize=64)
def _font(size: int, weight: QFont.Weight, tabular: bool) -> QFont:
    """Made once: a delegate asks for it in each painting, and each call into Qt may have to wait for a thread that computes."""
    made = QFont()
    made.setFamilies(["Inter", QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()])
    made.setPixelSize(size)
    made.setWeight(weight)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def motion_ms() -> int:
    """How long a movement lasts here: nothing where the desktop has switched animations off."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return 0
    return MOTION_MS if app.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0 else 0
