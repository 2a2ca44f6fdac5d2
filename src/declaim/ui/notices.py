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
    """``place`` puts the bar where it belongs once its text is known; ``undo`` takes the last step back."""

    def __init__(
        self, bar: NoticeBar, place: Callable[[], None], undo: Callable[[], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bar = bar
        self._place, self._undo = place, undo

    def say(self, message: str) -> None:
        self._show(message)

    def say_undoable(self, message: str) -> None:
        self._show(message, action="Undo", run=self._undo)

    def say_saved(self, path: Path) -> None:
        self.say(f"Saved {path}.")

    def refuse(self, error: DeclaimError) -> None:
        """An order that was refused: what, why, and the cure."""
        self._show(error.message, error.cure, NoticeKind.PROBLEM)

    def tell(self, told: Told) -> None:
        kind = NoticeKind.PROBLEM if told.is_problem else NoticeKind.INFO
        self._show(told.message, told.cure, kind, told.action, told.run)

    def _show(
        self,
        message: str,
        cure: str = "",
        kind: NoticeKind = NoticeKind.INFO,
        action: str = "",
        run: Callable[[], object] | None = None,
    ) -> None:
        self._bar.show_notice(message, cure, kind=kind, action=action, run=run)
        self._place()
