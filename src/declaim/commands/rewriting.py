"""Writing a script again, after its settings or its document changed, without losing an edit.

What the writer wrote last is the base of a three-way merge with the present text and what it writes now. A script that nobody
edited is replaced at once; else the user decides, line by line, and ``apply`` does it in one step of undo.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from declaim.commands.scripts import Scripts
from declaim.errors import InputError
from declaim.jobs import Jobs
from declaim.model.ids import JobId, ScriptId
from declaim.model.script import Script, WrittenScript
from declaim.scripts import Choice, Merge, diff_scripts, format_script, merge_scripts, parse_script, script_of
from declaim.storage import Library


class Outcome(StrEnum):
    REPLACED = "replaced"
    """There was no edit to lose; the new script is in place."""
    SAME = "same"
    """The writer would write what stands there."""
    EDITED = "edited"
    """There are edits: the user is to choose, then ``apply``."""


@dataclass(frozen=True)
class Rewrite:
    """``mine`` is the text that the merge was made with."""

    script_id: ScriptId
    mine: str
    written: WrittenScript
    merge: Merge
    outcome: Outcome


class Rewriting:
    def __init__(self, library: Library, jobs: Jobs, scripts: Scripts) -> None:
        self._library, self._jobs, self._scripts = library, jobs, scripts

    def regenerate(
        self,
        script_id: ScriptId,
        done: Callable[[Rewrite], None],
        failed: Callable[[Exception], None] | None = None,
        on_text: Callable[[str], None] | None = None,
    ) -> JobId:
        """Starts a job that writes a script again with its present settings; ``on_text`` as for ``Scripts.start_writing``.

        Raises:
            InputError: for a script without a document, or with a mistake in its mark-up.
        """
        document = self._scripts.document(script_id)
        if document is None:
            raise InputError("This script was not made from a document.", cure="Import one, and write a script of it.")
        self._scripts.parsed(script_id)
        settings = self._scripts.settings(script_id)

        def merge(written: WrittenScript) -> None:
            self._merge(script_id, written, done, failed)

        return self._scripts.start_writing(document, settings, merge, failed, on_text)

    def apply(self, rewrite: Rewrite, choices: Mapping[int, Choice] | None = None) -> None:
        """Puts a merge in place; both texts that went into it stay as versions.

        Raises:
            InputError: where the script was changed since.
        """
        script_id = rewrite.script_id
        if self._scripts.row(script_id).text != rewrite.mine:
            raise InputError("The script was changed meanwhile.", cure="Write it again.")
        script, written = rewrite.merge.resolved(choices), rewrite.written
        with self._library.transaction("Write again"):
            self._scripts.put_version(script_id, rewrite.mine, "edited")
            self._scripts.put_version(script_id, format_script(written.script), "regenerated")
            self._scripts.replace_text(script_id, format_script(script), script)
            left_out = [dataclasses.asdict(left) for left in written.left_out]
            self._library.scripts.set_writing(script_id, written.writer, left_out)

    def _merge(
        self,
        script_id: ScriptId,
        written: WrittenScript,
        done: Callable[[Rewrite], None],
        failed: Callable[[Exception], None] | None,
    ) -> None:
        """On the main thread again; the text may have been edited since the writer began, so it is read here."""
        mine = self._scripts.row(script_id).text
        base = self._library.versions.newest(script_id, "written", "regenerated")

        def keep(rewrite: Rewrite) -> None:
            if rewrite.outcome is Outcome.REPLACED:
                self.apply(rewrite)
            done(rewrite)

        self._jobs.start(
            "Compare with what was edited",
            lambda *_: _merged(script_id, mine, base.text if base else None, written),
            done=keep,
            failed=failed,
            quiet=True,
        )


def _merged(script_id: ScriptId, mine_text: str, base_text: str | None, written: WrittenScript) -> Rewrite:
    mine, theirs = parse_script(mine_text), written.script
    base = parse_script(base_text) if base_text is not None else _shared(mine, theirs)
    outcome = Outcome.SAME if mine == theirs else Outcome.REPLACED if mine == base else Outcome.EDITED
    return Rewrite(script_id, mine_text, written, merge_scripts(base, mine, theirs), outcome)


def _shared(mine: Script, theirs: Script) -> Script:
    """A base for a script whose first writing is not known: what both have. No line of either is then lost unseen."""
    return script_of([row.new for row in diff_scripts(mine, theirs) if row.old is not None and row.old == row.new])
