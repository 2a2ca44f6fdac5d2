"""Takes that somebody speaks into a microphone, kept beside those that voices make."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from declaim.audio.microphone import MicrophoneStatus
from declaim.audio.tape import restore, unfinished_in
from declaim.commands.adopting import Adopted, measured_for, placed
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
_NO_AUDIO = ".no-audio"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Restored:
    """``problems`` says of each file that did not become a take why, and where it lies."""

    take_ids: tuple[RecordingId, ...] = ()
    problems: tuple[str, ...] = ()


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
            lambda *_: _measured(path, media),
            done=lambda found: done(self._add(script_id, path, found, gaps)),
            failed=failed,
            quiet=True,
        )

    def restore(self, done: Callable[[Restored], None], failed: Callable[[Exception], None]) -> JobId:
        """Makes takes of what an earlier Declaim was recording when it was killed. Nothing may be recorded meanwhile, except by
        this process and after this call.

        A file goes among the takes together with its row. One that is no audio is put aside under another name, and one that
        cannot be kept now is tried again at the next start: both are told.
        """
        media, folder = self._library.media, self._library.media_folder.recording
        paths = dict.fromkeys((*unfinished_in(folder), *folder.glob("*.wav")))
        ours = [path for path in paths if _PATH.fullmatch(path.stem)]
        return self._jobs.start(
            "Restore what was recorded",
            lambda *_: [(path, found) for path in ours if (found := _restored(path, media))],
            done=lambda found: done(self._add_all_restored(found)),
            failed=failed,
            quiet=True,
        )

    # Inside

    def _add(self, script_id: ScriptId, path: Path, found: Adopted, gaps: int) -> RecordingId:
        note = f"Sound was lost while this was recorded ({_times(gaps)})." if gaps else ""
        with placed(path, self._library.media / found.path), self._library.transaction("Record a take"):
            return self._add_take(script_id, found, note, gaps)

    def _add_all_restored(self, found: list[tuple[Path, Adopted | str]]) -> Restored:
        named = self._library.trash.named_files()
        take_ids: list[RecordingId] = []
        problems: list[str] = []
        for path, what in found:
            if isinstance(what, str):
                problems.append(what)
                continue
            try:
                if what.path in named:  # a kill came between the row and the end of the move
                    path.replace(self._library.media / what.path)
                    path.unlink(missing_ok=True)
                else:
                    take_ids.append(self._add_restored(path, what))
            except (DeclaimError, OSError) as error:
                problems.append(_kept_for_later(path, error))
        return Restored(tuple(take_ids), tuple(problems))

    def _add_restored(self, path: Path, found: Adopted) -> RecordingId:
        script_id = ScriptId(int(path.stem.partition("-")[0]))
        with placed(path, self._library.media / found.path), self._library.transaction("After a crash", undoable=False):
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


def _measured(path: Path, media: Path) -> Adopted:
    return measured_for(path, media, path.stem.partition("-")[2])


def _restored(path: Path, media: Path) -> Adopted | str | None:
    """None where nothing was recorded; words where it cannot become a take."""
    try:
        restore(path)
    except (AudioError, OSError) as error:
        return _kept_for_later(path, error)
    try:
        return _measured(path, media) if path.is_file() else None
    except AudioError as error:
        return _put_aside(path, error)
    except OSError as error:
        return _kept_for_later(path, error)


def _put_aside(path: Path, error: AudioError) -> str:
    _log.info("'%s' cannot be restored: %s", path, error)
    aside = path.with_name(path.name + _NO_AUDIO)
    try:
        path.replace(aside)
    except OSError as refused:
        return _kept_for_later(path, refused)
    return f"What an earlier Declaim left of a recording cannot be read as audio. It was put aside as '{aside}'."


def _kept_for_later(path: Path, error: Exception) -> str:
    _log.info("'%s' cannot be restored now: %s", path, error)
    return f"'{path}', which an earlier Declaim recorded, is tried again at the next start: {error}"


def _inputs() -> tuple[str, ...]:
    from declaim.audio.sound_card import find_devices

    return tuple(dict.fromkeys(find_devices()[1]))
