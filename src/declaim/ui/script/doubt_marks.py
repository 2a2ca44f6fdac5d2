"""What a model may have made up: asked for after each edit, marked in the editor, listed in the header."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from declaim.model.ids import ScriptId
from declaim.model.script import Doubt
from declaim.model.source import Source
from declaim.ui.script.page_header import PageHeader
from declaim.ui.script.script_editor import ScriptEditor

if TYPE_CHECKING:
    from declaim.commands.studio import Studio


class DoubtMarks:
    """Of the script that is shown."""

    def __init__(self, studio: Studio, editor: ScriptEditor, header: PageHeader) -> None:
        self._studio, self._editor, self._header = studio, editor, header
        self._script_id: ScriptId | None = None
        self._doubts: tuple[Doubt, ...] = ()

    def open(self, script_id: ScriptId) -> None:
        """Another script is shown."""
        self._script_id = script_id
        self._take((), 0)

    def ask(self, source: Source | None, line_count: int) -> None:
        """Looks again, in a job; ``source`` is None until it was read."""
        if self._script_id is not None and source is not None:
            done = partial(self._on_doubts, self._script_id, line_count)
            self._studio.checking.doubts(self._script_id, source, done)

    def _on_doubts(self, script_id: ScriptId, line_count: int, doubts: tuple[Doubt, ...]) -> None:
        if script_id == self._script_id:
            self._take(doubts, line_count)

    def _take(self, doubts: tuple[Doubt, ...], line_count: int) -> None:
        if not doubts and not self._doubts:
            return
        words = {doubt.line_index: doubt.words for doubt in doubts}
        changed = {*words, *(doubt.line_index for doubt in self._doubts)} & set(range(line_count))
        self._doubts = doubts
        self._editor.update_facts({at: replace(self._editor.fact(at), doubts=words.get(at, ())) for at in changed})
        self._header.show_doubts(doubts)
