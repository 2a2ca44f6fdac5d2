"""Keeps what is typed: saved within a second, in step with the library's undo, reloaded when something else changed it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from declaim.errors import DeclaimError
from declaim.model.change import Changes
from declaim.model.ids import ScriptId
from declaim.ui.script.rows import read_rows, write_rows
from declaim.ui.script.script_editor import ScriptEditor

if TYPE_CHECKING:
    from declaim.commands.studio import Studio

SAVE_AFTER_MS = 400
"""After the last key."""
_SAVE_WITHIN_S = 0.8
"""After the first key that is not saved, whether or not typing goes on."""
_RETRY_MS = 2_000
_EDIT_LABEL = "Edit script"


class ScriptKeeper(QObject):
    """Between one editor and the library.

    The text's own undo goes first. Each burst of typing is also a step of the library's undo, for when the text was left; steps
    that the text's undo has already taken back are passed over, so that Ctrl+Z never brings undone words back.
    """

    saved = Signal()
    reloaded = Signal()
    save_failed = Signal(object)

    def __init__(self, studio: Studio, editor: ScriptEditor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._editor = editor
        self._script_id: ScriptId | None = None
        self._text = ""
        self._kept: set[str] = set()
        self._saves = 0
        self._is_dirty = False
        self._dirty_since = 0.0
        self.is_saving = False
        """Whether the changes announced now are the keeper's own."""
        self._is_travelling = False
        self._touched: frozenset[int] = frozenset()
        self._timer = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._timer.timeout.connect(self.flush)
        editor.text_edited.connect(self._on_text_edited)
        editor.focus_left.connect(self.flush)
        editor.undo_requested.connect(self._on_undo_requested)
        editor.redo_requested.connect(self._on_redo_requested)

    @property
    def script_id(self) -> ScriptId | None:
        return self._script_id

    @property
    def is_saved(self) -> bool:
        return not self._is_dirty

    @property
    def is_travelling(self) -> bool:
        """Whether the keeper itself is taking steps back, and wants to hear of all they touch."""
        return self._is_travelling

    def open(self, script_id: ScriptId) -> None:
        """Loads a script into the editor; what was there before is saved first."""
        self._leave()
        self._script_id = script_id
        self._load(self._studio.scripts.row(script_id).text)

    def close(self) -> None:
        """Saves, then lets the script go."""
        self._leave()
        self._script_id = None
        self._load("")

    def flush(self) -> None:
        """Saves now, where there is something to save. A failure is announced and tried again."""
        self._timer.stop()
        if not self._is_dirty or self._script_id is None:
            return
        text = self._editor.text()
        self._is_dirty = False
        if text == self._text:
            return
        before, self._text = self._text, text
        self.is_saving = True
        try:
            self._studio.scripts.save_text(self._script_id, text)
        except DeclaimError as error:
            self._text, self._is_dirty = before, True
            self._timer.start(_RETRY_MS)
            self.save_failed.emit(error)
            return
        finally:
            self.is_saving = False
        self._kept.add(text)
        self._saves += 1
        if next(self._editor.problems(), None) is None:
            self._editor.number_lines()
        self.saved.emit()

    def follow(self, changes: Changes) -> None:
        """The library changed: takes over a text that was not written here."""
        if self._is_travelling:
            self._touched |= changes.ids("scripts")
            return
        if self._script_id is None or self._script_id not in changes.ids("scripts"):
            return
        text = self._studio.scripts.row(self._script_id).text
        if text == self._text:
            return
        title, rows = read_rows(text)
        if rows == read_rows(self._text)[1] and not self._is_dirty:
            self._text = text
            self._editor.take_title(title)
        else:
            line = self._editor.textCursor().blockNumber()
            self._load(text)
            self._editor.go_to_row(line)
        self.reloaded.emit()

    def _leave(self) -> None:
        """Saves, and keeps what was made of the script in this visit as a version."""
        self.flush()
        if self._script_id is None or self._saves == 0:
            return
        try:
            self._studio.scripts.keep_version(self._script_id)
        except DeclaimError:  # it may just have been deleted; the text itself is saved or has said why not
            return

    def _load(self, text: str) -> None:
        self._text = text
        self._kept = {text}
        self._saves = 0
        self._is_dirty = False
        self._timer.stop()
        self._editor.load(text)

    def _on_text_edited(self) -> None:
        now = time.monotonic()
        if not self._is_dirty:
            self._dirty_since = now
        self._is_dirty = True
        left_ms = round(1000 * (self._dirty_since + _SAVE_WITHIN_S - now))
        self._timer.start(max(0, min(SAVE_AFTER_MS, left_ms)))

    def _on_undo_requested(self) -> None:
        self.flush()
        self._is_travelling = True
        try:
            self._pass_over_own_steps()
        finally:
            self._is_travelling = False
        self._studio.undo()
        # Where steps of another kind lay between the passed ones, what is shown is right and what is kept is not.
        if self._script_id is not None and self._editor.text() != write_rows(*read_rows(self._text)[::-1]):
            self._on_text_edited()

    def _on_redo_requested(self) -> None:
        self.flush()
        self._studio.redo()

    def _pass_over_own_steps(self) -> None:
        """Takes back the saves of words that the text's undo has already taken back."""
        while self._script_id is not None and self._saves > 0 and self._studio.undo_label == _EDIT_LABEL:
            self._saves -= 1
            self._touched = frozenset()
            self._studio.undo()
            text = self._studio.scripts.row(self._script_id).text
            if text not in self._kept or not self._touched <= {self._script_id}:  # somebody else's step
                self._studio.redo()
                return
            self._text = text
