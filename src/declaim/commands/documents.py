"""Documents: what kind they are taken for, and reading one again from its file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from declaim.errors import InputError
from declaim.jobs import Jobs
from declaim.model.ids import DocumentId, JobId
from declaim.model.library import DocumentRow
from declaim.model.source import Source, SourceType
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

        def keep(source: Source) -> None:
            is_new = source.markdown != row.markdown
            if is_new:
                with self._library.transaction("Read the file again"):
                    self._library.documents.set_source(document_id, row.source_type, source.markdown)
            if done:
                done(is_new)

        return self._jobs.start(
            f"Read {row.title}", lambda *_: _read(Path(row.origin), row.source_type), done=keep, failed=failed
        )


def _read(path: Path, kind: SourceType) -> Source:
    from declaim.documents import read_source

    return read_source(path, source_type=kind)
