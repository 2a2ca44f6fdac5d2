"""How words are said, for the user and for a project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from declaim.model.ids import ProjectId
from declaim.model.lexicon import LexiconEntry
from declaim.storage import Library


class Lexicons:
    def __init__(self, library: Library) -> None:
        self._library = library

    def entries(self, project_id: ProjectId | None = None) -> tuple[LexiconEntry, ...]:
        """The user's entries, and the project's where one is given. The built-in ones are the speech's own matter."""
        user = self._library.lexicon.of(None)
        return user if project_id is None else (*user, *self._library.lexicon.of(project_id))

    def add(self, entry: LexiconEntry, project_id: ProjectId | None = None) -> None:
        """Adds a word, or replaces how it was said.

        Raises:
            InputError: for an expression that is not valid or not safe.
        """
        from declaim.speech import check_entry

        check_entry(entry)
        with self._library.transaction("Add a word"):
            self._library.lexicon.put(project_id, entry)

    def change(
        self, before: LexiconEntry, after: LexiconEntry, *, project_before: ProjectId | None, project_after: ProjectId | None
    ) -> None:
        """A word with other choices, which may count for others, too; one step of undo."""
        with self._library.transaction("Change a word"):
            self._library.lexicon.remove(project_before, before.written)
            self.add(after, project_after)

    def remove(self, written: str, project_id: ProjectId | None = None) -> None:
        with self._library.transaction("Remove a word"):
            self._library.lexicon.remove(project_id, written)

    def import_file(self, path: Path, project_id: ProjectId | None = None) -> int:
        """Reads TSV or PLS; returns how many words it had.

        Raises:
            InputError: for a file that is neither.
        """
        from declaim.speech import read_lexicon

        entries: Sequence[LexiconEntry] = read_lexicon(path)
        with self._library.transaction("Import words"):
            for entry in entries:
                self._library.lexicon.put(project_id, entry)
        return len(entries)

    def export_file(self, path: Path, project_id: ProjectId | None = None) -> None:
        from declaim.speech import write_lexicon

        write_lexicon(path, self._library.lexicon.of(project_id))
