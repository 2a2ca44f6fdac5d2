"""Takes that somebody speaks into a microphone, kept beside those that voices make."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

from declaim.commands.adopting import Adopted, with_peaks
from declaim.commands.recordings import next_take_label
from declaim.jobs import Jobs
from declaim.model.ids import JobId, RecordingId, ScriptId
from declaim.model.library import RecordingState, RecordingType
from declaim.storage import Library


class MicrophoneTakes:
    def __init__(self, library: Library, jobs: Jobs) -> None:
        self._library, self._jobs = library, jobs

    def new_path(self) -> Path:
        """Where a take may be recorded to, in the library's media folder."""
        name = uuid.uuid4().hex
        return self._library.media / "takes" / name[:2] / f"{name}.wav"

    def find_inputs(self, done: Callable[[tuple[str, ...]], None]) -> JobId:
        """The names of the microphones of this machine; none where no sound system answers."""
        return self._jobs.start(
            "Look for microphones", lambda *_: _inputs(), done=done, failed=lambda _error: done(()), quiet=True
        )

    def keep(
        self,
        script_id: ScriptId,
        path: Path,
        done: Callable[[RecordingId], None],
        failed: Callable[[Exception], None],
        gaps: int = 0,
    ) -> JobId:
        """Makes what was recorded to a ``new_path`` a take of a script: an original, whose source is the microphone.

        The note of a take in which sound was lost, ``gaps`` times, says so.
        """
        relative = path.relative_to(self._library.media).as_posix()
        return self._jobs.start(
            "Keep what was recorded",
            lambda *_: with_peaks(relative, self._library.media),
            done=lambda found: done(self._add(script_id, found, gaps)),
            failed=failed,
            quiet=True,
        )

    def _add(self, script_id: ScriptId, found: Adopted, gaps: int) -> RecordingId:
        row = self._library.scripts.get(script_id)
        with self._library.transaction("Record a take"):
            return self._library.recordings.add(
                row.project_id,
                row.folder_id,
                script_id=script_id,
                label=next_take_label(self._library, script_id),
                type=RecordingType.ORIGINAL,
                state=RecordingState.DONE,
                source="microphone",
                path=found.path,
                peaks_path=found.peaks_path,
                duration_ms=found.duration_ms,
                note=f"Sound was lost while this was recorded ({times(gaps)})." if gaps else "",
                parameters={"script": row.text, "gaps": gaps},
            )


def times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _inputs() -> tuple[str, ...]:
    from declaim.audio.sound_card import find_devices

    return tuple(dict.fromkeys(find_devices()[1]))
