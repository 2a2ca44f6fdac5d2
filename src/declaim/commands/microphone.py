"""Takes that somebody speaks into a microphone, kept beside those that voices make."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from declaim.audio.microphone import MicrophoneStatus
from declaim.audio.tape import restore, unfinished_in
from declaim.commands.adopting import Adopted, take_in
from declaim.commands.recordings import next_take_label
from declaim.errors import AudioError, DeclaimError
from declaim.jobs import Jobs
from declaim.model.cue import shown_text
from declaim.model.ids import JobId, ProjectId, RecordingId, ScriptId
from declaim.model.library import RecordingState, RecordingType
from declaim.storage import Library

_PATH = re.compile(r"(\d+)-([0-9a-f]{32})")
_HOMELESS = "Restored recordings"
_CUT_SHORT = "Declaim ended while this was recorded: the last second may be missing."
_SILENCE = 1e-4
_PATIENCE_MS = 2000
_log = logging.getLogger(__name__)


class MicrophoneTakes:
    def __init__(self, library: Library, jobs: Jobs) -> None:
        self._library, self._jobs = library, jobs

    def new_path(self, script_id: ScriptId) -> Path:
        """Where a take of a script may be recorded to. It says whose it is: see ``restore``."""
        return self._library.media_folder.recording / f"{script_id}-{uuid.uuid4().hex}.wav"

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
        media = self._library.media
        return self._jobs.start(
            "Keep what was recorded",
            lambda *_: _taken_in(path, media),
            done=lambda found: done(self._add(script_id, found, gaps)),
            failed=failed,
            quiet=True,
        )

    def restore(self, done: Callable[[tuple[RecordingId, ...]], None], failed: Callable[[Exception], None]) -> JobId:
        """Makes takes of what an earlier Declaim was recording when it was killed. Nothing may be recorded meanwhile, except by
        this process and after this call."""
        media, folder = self._library.media, self._library.media_folder.recording
        paths = dict.fromkeys((*unfinished_in(folder), *folder.glob("*.wav")))
        ours = [path for path in paths if _PATH.fullmatch(path.stem)]
        return self._jobs.start(
            "Restore what was recorded",
            lambda *_: [(path, found) for path in ours if (found := _restored(path, media))],
            done=lambda found: done(tuple(self._add_restored(path, adopted) for path, adopted in found)),
            failed=failed,
            quiet=True,
        )

    # Inside

    def _add(self, script_id: ScriptId, found: Adopted, gaps: int) -> RecordingId:
        note = f"Sound was lost while this was recorded ({_times(gaps)})." if gaps else ""
        with self._library.transaction("Record a take"):
            return self._add_take(script_id, found, note, gaps)

    def _add_restored(self, path: Path, found: Adopted) -> RecordingId:
        script_id = ScriptId(int(path.stem.partition("-")[0]))
        with self._library.transaction("After a crash", undoable=False):
            if any((row.kind, row.id) == ("script", script_id) for row in self._library.tree()):
                return self._add_take(script_id, found, _CUT_SHORT)
            there = self._library.projects.find(_HOMELESS)
            return self._add_row(there.id if there else self._library.projects.add(_HOMELESS), found, note=_CUT_SHORT)

    def _add_take(self, script_id: ScriptId, found: Adopted, note: str, gaps: int = 0) -> RecordingId:
        row = self._library.scripts.get(script_id)
        return self._add_row(
            row.project_id,
            found,
            folder_id=row.folder_id,
            script_id=script_id,
            label=next_take_label(self._library, script_id),
            note=note,
            parameters={"script": row.text, "gaps": gaps},
        )

    def _add_row(self, project_id: ProjectId, found: Adopted, *, label: str = "Recording", **more: Any) -> RecordingId:
        return self._library.recordings.add(
            project_id,
            label=label,
            type=RecordingType.ORIGINAL,
            state=RecordingState.DONE,
            source="microphone",
            path=found.path,
            peaks_path=found.peaks_path,
            duration_ms=found.duration_ms,
            **more,
        )


def problems(status: MicrophoneStatus) -> str:
    """What is wrong with a recording, and what to do; empty where all is well."""
    lost = f"Sound was lost {_times(status.gaps)}: this computer was too busy. Close other programs, then record again."
    loud = "Too loud: it was cut off. Turn the input down or speak from further away."
    mute = "Nothing is heard. See that the microphone is not muted, or choose another one."
    is_mute = status.duration_ms > _PATIENCE_MS and status.loudest < _SILENCE
    return " ".join(told for told, is_so in ((lost, status.gaps), (loud, status.clipped), (mute, is_mute)) if is_so)


def readable(text: str) -> str:
    """The words of a line as captions show them; a line with a mistake in its marks as it is."""
    try:
        return shown_text(text)
    except DeclaimError:
        return text


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _taken_in(path: Path, media: Path) -> Adopted:
    return take_in(path, media, path.stem.partition("-")[2])


def _restored(path: Path, media: Path) -> Adopted | None:
    """None where it is of no use; what cannot be read now is tried again at the next start."""
    try:
        restore(path)
        return _taken_in(path, media) if path.is_file() else None
    except (AudioError, OSError) as error:
        _log.info("'%s' cannot be restored: %s", path, error)
        return None


def _inputs() -> tuple[str, ...]:
    from declaim.audio.sound_card import find_devices

    return tuple(dict.fromkeys(find_devices()[1]))
