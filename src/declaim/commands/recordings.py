"""Takes: star, note, rename, trash, their audio and peaks."""

from __future__ import annotations

from pathlib import Path

from declaim.errors import AudioError
from declaim.model.ids import RecordingId, ScriptId
from declaim.model.library import LineTiming, Recording, RecordingType
from declaim.storage import Library


class Recordings:
    def __init__(self, library: Library) -> None:
        self._library = library

    def get(self, recording_id: RecordingId) -> Recording:
        return self._library.recordings.get(recording_id)

    def of_script(self, script_id: ScriptId) -> tuple[Recording, ...]:
        """The takes of a script, newest first."""
        return tuple(sorted(_takes_of(self._library, script_id), key=lambda row: row.id, reverse=True))

    def star(self, recording_id: RecordingId, starred: bool) -> None:
        with self._library.transaction("Star" if starred else "Unstar"):
            self._library.recordings.star(recording_id, starred)

    def note(self, recording_id: RecordingId, text: str) -> None:
        with self._library.transaction("Change note", merge_key=f"note {recording_id}"):
            self._library.recordings.note(recording_id, text)

    def rename(self, recording_id: RecordingId, label: str) -> None:
        with self._library.transaction("Rename take"):
            self._library.recordings.rename(recording_id, label)

    def trash(self, recording_id: RecordingId) -> None:
        with self._library.transaction("Delete take"):
            self._library.recordings.trash(recording_id)

    def listened(self, recording_id: RecordingId) -> None:
        with self._library.transaction("Listen", undoable=False):
            self._library.recordings.listened(recording_id)

    def title(self, recording_id: RecordingId) -> str:
        """Of its script; its own label where it has none."""
        row = self._library.recordings.bare(recording_id)
        return self._library.scripts.get(row.script_id).title if row.script_id is not None else row.label

    def audio_path(self, recording_id: RecordingId) -> Path:
        """Where its audio lies.

        Raises:
            AudioError: where there is none, or it was taken away behind our back.
        """
        row = self._library.recordings.bare(recording_id)
        if not row.path:
            raise AudioError(f"'{row.label}' has no audio.", cure="Render it.")
        path = self._library.media / row.path
        if not path.is_file():
            raise AudioError(f"The audio of '{row.label}' is no longer in the library's folder.", cure="Render it again.")
        return path

    def peaks(self, recording_id: RecordingId) -> bytes:
        """Its peak file's content (see ``audio.peaks``), empty where there is none."""
        row = self._library.recordings.bare(recording_id)
        path = self._library.media / row.peaks_path
        return path.read_bytes() if row.peaks_path and path.is_file() else b""

    def timings(self, recording_id: RecordingId) -> tuple[LineTiming, ...]:
        return self.get(recording_id).timings


def next_take_label(library: Library, script_id: ScriptId) -> str:
    """What the next take of a script is called, whoever speaks it."""
    return f"Take {len(_takes_of(library, script_id)) + 1}"


def _takes_of(library: Library, script_id: ScriptId) -> list[Recording]:
    rows = library.recordings.of_script(script_id)
    return [row for row in rows if row.type is RecordingType.CONVERSION or row.path]
