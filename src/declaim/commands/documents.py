"""Documents: what kind they are taken for, and reading one again from its file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from declaim.errors import InputError
from declaim.jobs import Jobs
from declaim.model.ids import DocumentId, JobId
from declaim.model.library import DocumentRow, LineDraft
from declaim.model.source import SourceLines, SourceType
from declaim.storage import Library

_KIND_LABELS = {SourceType.CHANGELOG: "Take it for a changelog", SourceType.DOCUMENT: "Take it for a document"}


class Documents:
    def __init__(self, library: Library, jobs: Jobs) -> None:
        self._library, self._jobs = library, jobs

    def row(self, document_id: DocumentId) -> DocumentRow:
        return self._library.documents.get(document_id)

    def set_kind(self, document_id: DocumentId, kind: SourceType) -> DocumentRow:
        """Overrules what the document was taken for; scripts are written of it as that from now on."""
        row = self.row(document_id)
        with self._library.transaction(_KIND_LABELS[kind]):
            self._library.documents.set_source(document_id, kind, row.markdown)
        return self.row(document_id)

    def has_file(self, document_id: DocumentId) -> bool:
        """Whether the file that it was read from is still there."""
        origin = Path(self.row(document_id).origin)
        return origin.is_absolute() and origin.is_file()

    def read_again(
        self,
        document_id: DocumentId,
        done: Callable[[bool], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> JobId:
        """Starts a job that reads the file anew; ``done`` gets whether it says something else now. Undoable.

        Raises:
            InputError: where the file is gone.
        """
        row = self.row(document_id)
        if not self.has_file(document_id):
            raise InputError(f"'{row.origin or row.title}' is not there any more.", cure="Import the file from where it is now.")

        def keep(read: _Read) -> None:
            is_new = read.markdown != row.markdown
            if is_new:
                with self._library.transaction("Read the file again"):
                    self._library.documents.set_source(document_id, row.source_type, read.markdown)
                    self._move_passages(document_id, read.places)
            if done:
                done(is_new)

        return self._jobs.start(
            f"Read {row.title}", lambda *_: _read(Path(row.origin), row.source_type, row.markdown), done=keep, failed=failed
        )

    def _move_passages(self, document_id: DocumentId, places: Mapping[int, int]) -> None:
        """The lines of the document's scripts point to where their passages stand now; to nothing where those are gone."""
        for script in self._library.scripts.of_document(document_id):
            drafts = [
                LineDraft(row.speaker, row.text, row.chapter, row.delivery, _moved(row.source_lines, places), row.id)
                for row in self._library.lines.of(script.id)
            ]
            self._library.lines.replace(script.id, drafts)
            left_out = [
                {**left, "source_lines": list(lines)}
                for left in self._library.scripts.left_out(script.id)
                if (lines := _moved(tuple(left["source_lines"]), places))
            ]
            self._library.scripts.set_writing(script.id, self._library.scripts.writer(script.id), left_out)


@dataclass(frozen=True)
class _Read:
    markdown: str
    places: Mapping[int, int]
    """Of each line of the old text that is still there, the number it has now; from 1."""


def _read(path: Path, kind: SourceType, before: str) -> _Read:
    from difflib import SequenceMatcher

    from declaim.documents import read_source

    markdown = read_source(path, source_type=kind).markdown
    matched = SequenceMatcher(None, before.split("\n"), markdown.split("\n")).get_matching_blocks()
    return _Read(markdown, {one + at + 1: other + at + 1 for one, other, size in matched for at in range(size)})


def _moved(lines: SourceLines | None, places: Mapping[int, int]) -> SourceLines | None:
    """From the first to the last line of a passage that are still there."""
    if lines is None:
        return None
    kept = [places[line] for line in range(lines[0], lines[1] + 1) if line in places]
    return (min(kept), max(kept)) if kept else None
