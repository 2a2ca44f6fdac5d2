"""The row of filters under the tree: Starred, Needs attention, From the microphone, each with how many there are; with a
connection also what is at the service, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from declaim.ui.icons import pixmap
from declaim.ui.library.library_rows import Filter
from declaim.ui.theme import FOCUS_WIDTH, RADIUS, SIZE_BODY, SIZE_CAPTION, current_theme, font

_ROWS = (
    (Filter.STARRED, "Starred", "star", "accent"),
    (Filter.ATTENTION, "Needs attention", "attention", "failed"),
    (Filter.MICROPHONE, "From the microphone", "microphone", "secondary"),
    (Filter.REMOTE, "Services", "remote", "secondary"),
)


class FilterRow(QAbstractButton):
    """One filter: icon, words, a number. Checked again, it lets go."""

    def __init__(self, label: str, icon_name: str, colour: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name, self._colour = icon_name, colour
        self._figure = ""
        self.setText(label)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_count(0)

    def set_count(self, count: int) -> None:
        self.set_figure(str(count or ""), f"{self.text()}, {count}")

    def set_figure(self, figure: str, accessible: str = "") -> None:
        """What stands at the right; a number, or a word or two."""
        self._figure = figure
        self.setAccessibleName(accessible or f"{self.text()}, {figure}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(180, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = self.rect().adjusted(8, 0, -8, 0)
            if self.isChecked() or self.underMouse():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.accent_wash if self.isChecked() else theme.hover)
                painter.drawRoundedRect(box, RADIUS, RADIUS)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(theme.accent, FOCUS_WIDTH))
                painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), RADIUS - 1, RADIUS - 1)
            drawn = pixmap(self._icon_name, 13, getattr(theme, self._colour), self.devicePixelRatioF())
            painter.drawPixmap(box.left() + 6, box.top() + (box.height() - 13) // 2, drawn)
            inner = QRect(box.left() + 24, box.top(), box.width() - 32, box.height())
            painter.setPen(theme.text)
            painter.setFont(font(SIZE_BODY))
            painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())
            painter.setPen(theme.secondary if self.isChecked() else theme.tertiary)
            painter.setFont(font(SIZE_CAPTION, tabular=True))
            painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._figure)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()


class LibraryFilters(QWidget):
    """``chosen(object)`` carries the ``Filter``; ``Filter.ALL`` when the last one was let go."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[Filter, FilterRow] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for chosen, label, icon_name, colour in _ROWS:
            row = FilterRow(label, icon_name, colour)
            row.setObjectName(f"{chosen}Filter")
            self._rows[chosen] = row
            self._group.addButton(row)
            column.addWidget(row)
        self._rows[Filter.REMOTE].hide()
        self._group.buttonClicked.connect(self._on_clicked)

    @property
    def value(self) -> Filter:
        return next((chosen for chosen, row in self._rows.items() if row.isChecked()), Filter.ALL)

    def set_counts(self, counts: Mapping[Filter, int]) -> None:
        for chosen, row in self._rows.items():
            if chosen is not Filter.REMOTE:
                row.set_count(counts.get(chosen, 0))

    def show_services(self, names: Sequence[str], standing: str) -> None:
        """The row of the services, named where there is one; hidden without any."""
        row = self._rows[Filter.REMOTE]
        row.setText(names[0] if len(names) == 1 else "Services")
        row.set_figure(standing)
        row.setVisible(bool(names))
        if not names and row.isChecked():
            row.click()

    def clear(self) -> None:
        for row in self._rows.values():
            if row.isChecked():
                row.click()

    def _on_clicked(self, button: QAbstractButton) -> None:
        for row in self._rows.values():
            if row is not button:
                row.setChecked(False)
        self.chosen.emit(self.value)
