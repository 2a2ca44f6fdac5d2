"""A form in a narrow column: a quiet label at the left, its field at the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from declaim.ui.theme import SPACE_8
from declaim.ui.widgets.words import words

_LABEL_WIDTH = 78
_INDENT = 8


class Form(QWidget):
    """Rows in order; ``add`` gives the field back."""

    def __init__(self, parent: QWidget | None = None, *, label_width: int = _LABEL_WIDTH) -> None:
        super().__init__(parent)
        self._wheel_guard = _WheelGuard(self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_8)
        self._grid.setVerticalSpacing(SPACE_8)
        self._grid.setColumnMinimumWidth(0, label_width)
        self._grid.setColumnStretch(1, 1)

    def add(self, label: str, field: QWidget, *, name: str = "") -> None:
        """A row. The field's accessible name is the label; ``name`` its object name."""
        at = self._grid.rowCount()
        shown = words(label, "secondary")
        shown.setBuddy(field)
        field.setAccessibleName(label)
        if isinstance(field, QAbstractSpinBox):
            indent(field)
            field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # else the wheel itself would give it the focus
            field.installEventFilter(self._wheel_guard)
        if name:
            field.setObjectName(name)
        self._grid.addWidget(shown, at, 0, Qt.AlignmentFlag.AlignTop if field.sizeHint().height() > 60 else Qt.AlignmentFlag(0))
        self._grid.addWidget(field, at, 1)

    def set_row_shown(self, field: QWidget, is_shown: bool) -> None:
        """A field with its label, or neither."""
        row, *_rest = cast("tuple[int, int, int, int]", self._grid.getItemPosition(self._grid.indexOf(field)))
        label = self._grid.itemAtPosition(row, 0)
        for widget in (field, label.widget() if label is not None else None):
            if widget is not None:
                widget.setVisible(is_shown)

    def add_wide(self, field: QWidget, *, name: str = "") -> None:
        """A row without a label, such as a check box that says itself what it is."""
        if name:
            field.setObjectName(name)
        self._grid.addWidget(field, self._grid.rowCount(), 0, 1, 2)


def indent(box: QAbstractSpinBox) -> None:
    """Gives its words the room at the left that other fields have: stylesheets do not reach the field inside."""
    for field in box.findChildren(QLineEdit):
        field.setTextMargins(_INDENT, 0, 0, 0)


class _WheelGuard(QObject):
    """Over a number the wheel scrolls the column under it, unless the number has the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


class NumberBox(QDoubleSpinBox):
    """A number with its unit."""

    def __init__(self, low: float, high: float, *, step: float, decimals: int, suffix: str) -> None:
        super().__init__(minimum=low, maximum=high, singleStep=step, decimals=decimals, suffix=suffix)
        indent(self)

    def show_value(self, value: float) -> None:
        """Without a signal."""
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)


class ChoiceBox(QComboBox):
    """Values with their labels. The wheel scrolls the column under it and changes nothing, unless the box has the focus."""

    def __init__(self, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for value, label in choices:
            self.addItem(label, value)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # As wide as its column, not as its longest choice, which would push the column out of sight.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)

    @property
    def value(self) -> str:
        return str(self.currentData())

    def show_choices(self, choices: Sequence[tuple[str, str]], value: str) -> None:
        """Other choices, and which of them is shown, without a signal."""
        self.blockSignals(True)
        if [(self.itemData(at), self.itemText(at)) for at in range(self.count())] != list(choices):
            self.clear()
            for known, label in choices:
                self.addItem(label, known)
        self.blockSignals(False)
        self.show_value(value)

    def show_value(self, value: str) -> None:
        """Shows a value without a signal."""
        self.blockSignals(True)
        self.setCurrentIndex(max(0, self.findData(value)))
        self.blockSignals(False)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """What has no room ends in an ellipsis; Qt would cut it."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        shown = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, field.width() - 2)
        option.currentText = shown
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
