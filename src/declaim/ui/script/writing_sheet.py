"""While a model writes: its lines as they arrive, and a way to stop. What is there is replaced only by a whole script."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from shiboken6 import isValid

from declaim.errors import Cancelled, DeclaimError
from declaim.model.ids import JobId, ScriptId
from declaim.scripts.streamed import readable
from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.orders import Orders
from declaim.ui.widgets import words

if TYPE_CHECKING:
    from declaim.commands.rewriting import Rewrite
    from declaim.commands.studio import Studio

_SHOWN_EVERY_MS = 100
_WAITING = "Gemini reads the document. Its lines appear here as they come; your script stays until all of them are here."


class WritingSheet(Sheet):
    """``written(object)`` carries the ``Rewrite`` in the end; the sheet is gone by then. Closing it stops the writing."""

    written = Signal(object)

    def __init__(self, studio: Studio, orders: Orders, script_id: ScriptId, parent: QWidget | None = None) -> None:
        super().__init__("Gemini writes", "writingSheet", parent)
        self._studio, self._orders, self._script_id = studio, orders, script_id
        self._job_id: JobId | None = None
        self._answer = ""
        self._soon = QTimer(self, singleShot=True, interval=_SHOWN_EVERY_MS)
        self._soon.timeout.connect(self._show_answer)
        self.says = words(_WAITING, "secondary", wrap=True)
        self.says.setObjectName("writingSays")
        self.preview = QPlainTextEdit(readOnly=True)
        self.preview.setObjectName("writingPreview")
        self.preview.setAccessibleName("The script as it is written")
        self.preview.setProperty("role", "field")
        self.body.addWidget(self.says)
        self.body.addWidget(self.preview, 1)
        self.stop = self.add_button("Stop", "writingStop")
        self.stop.clicked.connect(self.reject)
        self.stop.setFocus()

    def start(self) -> None:
        """Begins to write, and shows itself where that was not refused."""
        # Weakly: the job may outlive the sheet.
        begin = partial(
            self._studio.rewriting.regenerate, self._script_id, self._alive(self._on_written), self._alive(self._on_failed),
            self._alive(self._on_text),
        )  # fmt: skip
        self.open()
        self._job_id = self._orders.give(begin)
        if self._job_id is None:
            self.close()

    def _alive(self, tell: Callable[..., None]) -> Callable[..., None]:
        return lambda *what: tell(*what) if isValid(self) else None

    def _on_text(self, piece: str) -> None:
        if not piece:
            self._answer = ""
            self.says.setText("The answer was no whole script. Asked again…")
        self._answer += piece
        if not self._soon.isActive():
            self._soon.start()

    def _show_answer(self) -> None:
        shown = readable(self._answer)
        before = self.preview.toPlainText()
        if shown.startswith(before):
            cursor = QTextCursor(self.preview.document())
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(shown[len(before) :])
        else:
            self.preview.setPlainText(shown)
        if self._answer:
            self.says.setText(f"{len(shown.split()):,} words so far. Your script stays until all of it is here.")
        bar = self.preview.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _on_written(self, rewrite: Rewrite) -> None:
        self._job_id = None
        self.accept()
        self.written.emit(rewrite)

    def _on_failed(self, error: Exception) -> None:
        self._job_id = None
        if isinstance(error, Cancelled):
            self.close()
            return
        if not isinstance(error, DeclaimError):
            self.close()
            raise error
        self.says.setText(str(error))
        self.says.setProperty("role", "problem")
        self.says.style().unpolish(self.says)
        self.says.style().polish(self.says)
        self.stop.setText("Close")
        self.stop.setAccessibleName("Close")

    def sizeHint(self) -> QSize:
        return QSize(640, 520)

    def done(self, result: int) -> None:
        """Also for Escape and the window's own button."""
        if self._job_id is not None:
            self._studio.jobs.cancel(self._job_id)
        super().done(result)
