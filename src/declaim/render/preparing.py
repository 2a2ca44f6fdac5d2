"""What a render needs before its first word is spoken, or the reason why it is refused: the same for a plan, which writes
nothing."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from declaim.audio import check_format
from declaim.errors import AudioError, VoiceNotReady
from declaim.paths import file_behind
from declaim.render.cache import LineCache
from declaim.render.music import Music, open_music
from declaim.render.plan import plan_render
from declaim.render.planned import PlannedLine, RenderPlan, RenderRequest
from declaim.render.reasons import plan_with_reasons
from declaim.render.standards import Standard, standard
from declaim.render.verify import Ear
from declaim.voices import Voices


@dataclass(frozen=True)
class Prepared:
    """``ear`` is there where the request wants the lines listened to."""

    standard: Standard
    music: Music
    plan: RenderPlan
    ear: Ear | None


def prepare(
    request: RenderRequest, voices: Voices, cache: LineCache, ear: Ear | None = None, *, only_looks: bool = False
) -> Prepared:
    """Makes the folder of ``request.out``; where it ``only_looks``, nothing is written, and stale lines tell why they are.

    Raises:
        InputError: for a script without lines, a loudness that is none.
        AudioError, NotAFile: for a file that cannot be written, and music that cannot be read.
        VoiceError: for a voice that cannot speak, and a recogniser that is not there.
    """
    kind = check_target(request.out)
    if not only_looks:
        _make_folder(file_behind(request.out).absolute().parent)
    levelling = standard(request.loudness, kind, request.channels, shortage_of_bits=request.shortage_of_bits)
    music = open_music(request.music, cache.folder / "music", keeps=not only_looks)
    plan = plan_with_reasons(request, voices, cache) if only_looks else plan_render(request, voices, cache)
    check_voices((planned for planned in plan.lines if not planned.is_ready), voices)
    ready_ear = _ready_ear(ear) if request.verify else None
    return Prepared(levelling, music, plan, ready_ear)


def check_target(out: Path) -> str:
    """Gives the kind of file.

    Raises:
        AudioError: for an unknown kind of file, one that is a folder, or whose folder cannot be made or written.
        NotAFile: for a device or a pipe.
    """
    kind = check_format(out)
    folder = file_behind(out).absolute().parent
    if out.is_dir():
        raise AudioError(f"'{out}' is a folder.", cure="Give the file a name.")
    if not folder.is_dir():
        _check_new_folder(folder)
    elif not os.access(folder, os.W_OK):
        raise AudioError(f"The folder '{folder}' cannot be written.", cure="Choose another one, or change its permissions.")
    return kind


def check_voices(missing: Iterable[PlannedLine], voices: Voices) -> None:
    """Tells of a voice that cannot speak here before any other one has begun.

    Raises:
        VoiceNotReady: with what it needs.
    """
    for voice_id in dict.fromkeys(planned.request.voice for planned in missing):
        voice = voices.find(voice_id)
        if not voice.ready:
            raise VoiceNotReady(f"The voice {voice.name} ({voice_id}) cannot speak here yet.", cure=voice.needs)


def _check_new_folder(folder: Path) -> None:
    there = next(above for above in (folder, *folder.parents) if os.path.lexists(above))
    if not there.is_dir():
        raise _not_made(folder, os.strerror(errno.EEXIST if there == folder else errno.ENOTDIR))
    if not os.access(there, os.W_OK | os.X_OK):
        raise _not_made(folder, os.strerror(errno.EACCES))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_made(folder, error.strerror or str(error)) from error


def _not_made(folder: Path, reason: str) -> AudioError:
    return AudioError(f"The folder '{folder}' cannot be made: {reason}.", cure="Choose another one.")


def _ready_ear(ear: Ear | None) -> Ear:
    """Tells of a recogniser that is not there before anything is spoken."""
    if ear is None:
        from declaim.voices.recogniser import Recogniser

        ear = Recogniser()
    ear.check()
    return ear
