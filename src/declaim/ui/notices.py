"""What the window says: one line at the foot of the page, with a button where something can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from declaim.errors import DeclaimError
from declaim.ui.widgets import NoticeBar, NoticeKind

if TYPE_CHECKING:
    from declaim.ui.connections.remote_orders import Told


class Notices(QObject):
    """``undo`` takes the last step back."""

    def __init__(self, bar: NoticeBar, undo: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bar, self._undo = bar, undo

    def say(self, message: str) -> None:
        self._bar.show_notice(message)

    def say_undoable(self, message: str) -> None:
        self._bar.show_notice(message, action="Undo", run=self._undo)

    def say_saved(self, path: Path) -> None:
        self.say(f"Saved {path}.")

    def refuse(self, error: DeclaimError) -> None:
        """An order that was refused: what, why, and the cure."""
        self._bar.show_notice(error.message, error.cure, kind=NoticeKind.PROBLEM)

    def tell(self, told: Told) -> None:
        kind = NoticeKind.PROBLEM if told.is_problem else NoticeKind.INFO
        self._bar.show_notice(told.message, told.cure, kind=kind, action=told.action, run=told.run)
