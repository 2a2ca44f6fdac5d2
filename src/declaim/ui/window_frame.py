"""How the window is divided: a bar at the top, three columns, a bar at the bottom, and the notice that floats over the middle."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from declaim.ui.theme import SPACE_16, SPACE_24
from declaim.ui.widgets import NoticeBar, hairline
from declaim.ui.widgets.section import FoldedSection
from declaim.ui.window_state import WindowState

_LIBRARY_WIDTH, _INSPECTOR_WIDTH, _BAR_HEIGHT = 248, 312, 136
_NOTICE_WIDTH = 640
_UNFOLD_AFTER_MS = 150
"""What is in a section is built when it opens, so that the window shows sooner."""


class WindowFrame(QWidget):
    """Make it the window's central widget first, then ``fill`` it: a splitter asks its parts for their sizes, and what was
    measured is measured again for each parent that it gets later."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = _splitter(Qt.Orientation.Vertical)
        self.columns = _splitter(Qt.Orientation.Horizontal)
        self.middle = QStackedWidget()
        self.notice = NoticeBar(self)
        self.notice.shown.connect(self.place_notice)
        self._bar = _splitter(Qt.Orientation.Horizontal)
        self.knows_folds = False
        self.columns.splitterMoved.connect(self._align_bar)

    def fill(self, header: QWidget, library: QWidget, page: QWidget, inspector: QWidget, player: QWidget, takes: QWidget) -> None:
        """Puts every part where it belongs; ``page`` is the first in the middle."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(hairline())
        column.addWidget(self.rows, 1)
        _fill(self.rows, self.columns, self._bar, stretch=0)
        _fill(self.columns, library, self.middle, stretch=1)
        # Before the inspector: the focus goes from part to part as they were added.
        self.middle.addWidget(page)
        self.columns.addWidget(inspector)
        self.columns.setStretchFactor(2, 0)
        _fill(self._bar, player, takes, stretch=0)
        library.setMinimumWidth(200)
        inspector.setMinimumWidth(270)
        self.middle.setMinimumWidth(428)
        self._bar.setMinimumHeight(110)

    def show_page(self, page: QWidget, focus: QWidget | None = None) -> None:
        """In the middle, whether or not it was there before. ``focus`` gets the focus if the page before it had it."""
        if self.middle.indexOf(page) < 0:
            self.middle.addWidget(page)
        had_focus = self.middle.isAncestorOf(self.window().focusWidget() or self)
        self.middle.setCurrentWidget(page)
        if had_focus:
            # Else it would go on to whatever comes next in the window.
            (focus or page).setFocus()

    def restore(self, state: WindowState, size: QSize) -> None:
        """The columns as they were left, else as fits a window of ``size``; what was unfolded, a moment after the start."""
        QTimer.singleShot(_UNFOLD_AFTER_MS, self, partial(self._unfold, state.unfolded))
        if not state.restore_splitter("columns", self.columns):
            side = max(0, min(80, (size.width() - 1280) // 6))
            widths = (_LIBRARY_WIDTH + side, _INSPECTOR_WIDTH + side)
            self.columns.setSizes([widths[0], size.width() - sum(widths), widths[1]])
        if not state.restore_splitter("rows", self.rows):
            self.rows.setSizes([size.height() - _BAR_HEIGHT, _BAR_HEIGHT])

    def keep(self, state: WindowState) -> None:
        state.keep_splitter("columns", self.columns)
        state.keep_splitter("rows", self.rows)
        if self.knows_folds:
            state.keep_unfolded(section.objectName() for section in self.findChildren(FoldedSection) if section.is_open)

    def _unfold(self, names: Collection[str]) -> None:
        self.knows_folds = True
        for section in self.findChildren(FoldedSection):
            if section.objectName() in names:
                section.set_open(True)

    def place_notice(self) -> None:
        """Puts the notice at the foot of the middle column."""
        middle = QRect(self.mapFromGlobal(self.middle.mapToGlobal(QPoint(0, 0))), self.middle.size())
        width = min(middle.width() - 2 * SPACE_24, _NOTICE_WIDTH)
        height = max(44, self.notice.heightForWidth(width))
        left = middle.left() + (middle.width() - width) // 2
        self.notice.setGeometry(left, middle.bottom() - height - SPACE_16, width, height)
        self.notice.raise_()

    def _align_bar(self) -> None:
        """The takes stand under the inspector, as wide as it."""
        width = self.columns.sizes()[2]
        self._bar.setSizes([self._bar.width() - width - 1, width])
        if self.notice.isVisible():
            self.place_notice()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._align_bar)


def first_size(screen: QSize) -> QSize:
    """The size of a window that was never opened: most of a small screen, a comfortable part of a large one."""
    return QSize(max(900, min(1680, screen.width() * 9 // 10)), max(560, min(1050, screen.height() * 9 // 10)))


def _splitter(orientation: Qt.Orientation) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setHandleWidth(1)
    splitter.setChildrenCollapsible(False)
    return splitter


def _fill(splitter: QSplitter, *parts: QWidget, stretch: int) -> None:
    """``stretch`` is the part that takes the room when the window grows."""
    for at, part in enumerate(parts):
        splitter.addWidget(part)
        splitter.setStretchFactor(at, 1 if at == stretch else 0)
