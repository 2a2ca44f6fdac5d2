"""The one stylesheet, made from the tokens of a theme.

Widgets say what they are by a property, never by a colour of their own: ``role`` on labels and frames (``title``
``heading`` ``caption`` ``secondary`` ``panel`` ``page`` ``sheet``), ``kind`` on buttons (``primary`` ``quiet`` ``link``).
"""

from __future__ import annotations

from string import Template

from declaim.paths import resources_dir
from declaim.ui.theme import Theme

_SHEET = Template("""
* { outline: 0; }
QMainWindow, QDialog { background: $panel; }
QWidget[role="page"] { background: $background; }
QWidget[role="panel"] { background: $panel; }
QFrame[role="line"] { background: $border; border: 0; max-height: 1px; min-height: 1px; }
QFrame[role="upright"] { background: $border; border: 0; max-width: 1px; min-width: 1px; }
QFrame[role="sheet"] { background: $raised; border: 1px solid $border; border-radius: 6px; }
QFrame[role="card"] { background: $raised; border: 1px solid $border; border-radius: 6px; }

QLabel { background: transparent; color: $text; }
QLabel[role="title"] { font-size: 20px; font-weight: 600; }
QLabel[role="heading"] { font-size: 13px; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="group"] { font-size: 11px; font-weight: 600; color: $tertiary; }
QLabel[role="secondary"] { color: $secondary; }
QLabel[role="caption"] { font-size: 11px; color: $tertiary; }
QLabel[role="problem"] { color: $failed; }
QLabel:disabled { color: $tertiary; }

QPushButton, QToolButton {
  background: $raised; color: $text; border: 1px solid $border; border-radius: 6px; padding: 6px 12px; min-height: 16px;
}
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $border; }
QPushButton:disabled, QToolButton:disabled { color: $tertiary; background: $panel; }
QPushButton:checked { background: $accent_wash; border-color: $accent; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: 5px 11px; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; padding: 5px 11px; }
QPushButton[kind="primary"]:disabled { background: $hover; border-color: $border; color: $tertiary; }
QPushButton[kind="quiet"], QToolButton[kind="quiet"] { background: transparent; border: 1px solid transparent; }
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus { border: 2px solid $accent; }
QPushButton#versionsButton { margin-bottom: 2px; }
QPushButton[kind="link"] {
  background: transparent; border: 2px solid transparent; color: $accent; padding: 2px; margin-left: -4px; text-align: left;
}
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border: 2px solid $accent; border-radius: 4px; }
QPushButton[kind="fold"] { background: transparent; border: 2px solid transparent; border-radius: 4px;
  padding: 2px 6px 2px 0;
  font-weight: 600; text-align: left; }
QPushButton[kind="fold"]:hover { color: $accent; }
QPushButton[kind="fold"]:focus { border: 2px solid $accent; }
QToolButton[kind="icon"] { background: transparent; border: 2px solid transparent; border-radius: 6px; padding: 2px; }
QToolButton[kind="icon"]:hover { background: $hover; }
QToolButton[kind="icon"]:checked { background: $accent_wash; }
QToolButton[kind="icon"]:focus { border: 2px solid $accent; }
QToolButton::menu-indicator { image: none; width: 0; }

QLineEdit, QPlainTextEdit[role="field"], QTextEdit[role="field"], QSpinBox, QDoubleSpinBox, QComboBox {
  background: $raised; color: $text; border: 1px solid $border; border-radius: 6px; padding: 5px 9px; min-height: 18px;
  selection-background-color: $accent_wash; selection-color: $text;
}
QLineEdit:focus, QPlainTextEdit[role="field"]:focus, QTextEdit[role="field"]:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QComboBox:focus { border: 2px solid $accent; padding: 4px 8px; }
QComboBox { padding-right: 0; }
QComboBox:focus { padding-right: 0; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"] { border: 2px solid $failed; padding: 4px 8px; }
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled { color: $tertiary; background: $panel; }
QPlainTextEdit, QTextEdit { background: $background; color: $text; border: 0;
  selection-background-color: $accent_wash; selection-color: $text; }
QComboBox::drop-down { border: 0; width: 22px; }
QComboBox::down-arrow { image: url("$icons/chevron-$name.svg"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $border; padding: 4px;
  selection-background-color: $accent_wash; selection-color: $text; }
QSpinBox, QDoubleSpinBox { max-height: 18px; }
QSpinBox QLineEdit, QDoubleSpinBox QLineEdit { border: 0; padding: 0; min-height: 0; background: transparent; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button { width: 0; border: 0; }

QCheckBox, QRadioButton { background: transparent; color: $text; spacing: 8px; padding: 2px; border: 2px solid transparent;
  border-radius: 4px; }
QCheckBox:focus, QRadioButton:focus { border: 2px solid $accent; }
QCheckBox:disabled { color: $tertiary; }
QCheckBox::indicator, QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $tertiary; background: $raised; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$icons/check-$name.svg"); }
QRadioButton::indicator:checked { background: $raised; border: 5px solid $accent; width: 6px; height: 6px; }

QTreeView, QTableView, QListView { background: transparent; color: $text; border: 0; alternate-background-color: $panel;
  selection-background-color: $accent_wash; selection-color: $text; show-decoration-selected: 1; }
QListWidget::item { padding: 6px 8px; border-radius: 6px; }
QListWidget::item:selected { background: $accent_wash; color: $text; }
QTableView { gridline-color: $border; }
QTableView#statsView::item { padding: 0 5px; }
QTableView#deliverySheetTable::item { padding: 0 8px; }
QTreeView::branch { background: transparent; }
QHeaderView { background: transparent; border: 0; }
QHeaderView::section { background: transparent; color: $tertiary; border: 0; border-bottom: 1px solid $border;
  padding: 4px 8px; font-size: 11px; font-weight: 600; }
QTableCornerButton::section { background: transparent; border: 0; }

QScrollArea, QAbstractScrollArea { border: 0; background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $border; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $tertiary; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSplitter::handle { background: $border; }
QSplitter::handle:hover { background: $accent; }

QTabWidget::pane { border: 0; border-top: 1px solid $border; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $secondary; padding: 8px 2px 7px 2px; margin: 0 16px 0 0;
  border: 0; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; font-weight: 600; border-bottom: 2px solid $accent; }
QTabBar::tab:focus { background: $accent_wash; }

QMenuBar { background: $panel; color: $secondary; padding: 2px 8px; }
QMenuBar::item { padding: 4px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $hover; color: $text; }
QMenu { background: $raised; color: $text; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: $accent_wash; color: $text; }
QMenu::item:disabled { color: $tertiary; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 4px 6px; }

QProgressBar { background: $border; border: 0; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QSlider::groove:horizontal { background: $border; height: 4px; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { background: $raised; border: 1px solid $tertiary; width: 12px; margin: -5px 0; border-radius: 7px; }
QSlider::handle:horizontal:focus { border: 2px solid $accent; }
""")


def stylesheet(theme: Theme) -> str:
    """The stylesheet of a theme; pictures of check marks and arrows come from the icons folder."""
    colours = {name: value.name() for name, value in vars(theme).items() if hasattr(value, "name")}
    return _SHEET.substitute(colours, name=theme.name, icons=(resources_dir() / "icons").as_posix())
