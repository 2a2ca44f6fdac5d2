"""Messages that interrupt nobody: what happened, the cure, and one thing to do about it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from declaim.ui.icons import pixmap
from declaim.ui.theme import SPACE_8, SPACE_12, current_theme
from declaim.ui.widgets.icon_button import IconButton


class NoticeKind(StrEnum):
    INFO = "info"
    PROBLEM = "problem"


class NoticeBar(QFrame):
    """Hidden until ``show_notice``. Information leaves by itself after a while, problems stay until closed. ``shown()`` says
    that there are new words, which may need another place."""

    shown = Signal()
    _STAY_MS = 7_000

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAccessibleName("Notice")
        self.setProperty("role", "card")
        self._kind = NoticeKind.INFO
        self._run: Callable[[], object] | None = None
        self._picture = QLabel()
        self._message = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._action = QPushButton()
        self._action.setObjectName("noticeAction")
        self._action.setAccessibleName("What can be done about it")
        self._action.setProperty("kind", "link")
        self._action.clicked.connect(self._on_action)
        self._close = IconButton("close", "Close this notice", size=14)
        self._close.clicked.connect(self.dismiss)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_12, SPACE_8, SPACE_8, SPACE_8)
        row.setSpacing(SPACE_8)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._message, 1)
        row.addWidget(self._action)
        row.addWidget(self._close)
        self.hide()

    @property
    def text(self) -> str:
        return self._message.text()

    def show_notice(
        self,
        message: str,
        cure: str = "",
        *,
        kind: NoticeKind = NoticeKind.INFO,
        action: str = "",
        run: Callable[[], object] | None = None,
    ) -> None:
        """Shows ``message`` and ``cure``; ``action`` labels a button that calls ``run``."""
        self._kind, self._run = kind, run
        words = f"{message} {cure}".strip()
        self._message.setText(words)
        self._message.setAccessibleName(words)
        self._action.setText(action)
        self._action.setAccessibleName(action)
        self._action.setVisible(bool(action))
        self._draw()
        self.show()
        self.raise_()
        if kind is NoticeKind.INFO:
            self._timer.start(self._STAY_MS)
        else:
            self._timer.stop()
        self.shown.emit()

    def dismiss(self) -> None:
        self._timer.stop()
        self.hide()

    def _on_action(self) -> None:
        run = self._run
        self.dismiss()
        if run is not None:
            run()

    def _draw(self) -> None:
        theme = current_theme()
        name, colour = ("attention", theme.failed) if self._kind is NoticeKind.PROBLEM else ("info", theme.secondary)
        self._picture.setPixmap(pixmap(name, 16, colour, 2.0))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)
