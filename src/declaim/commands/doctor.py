"""What works on this machine, and what to install where something does not."""

from __future__ import annotations

import importlib
import importlib.util
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from declaim.audio.sound_card import find_devices
from declaim.commands.keys import discover_voices
from declaim.commands.measuring import layouts_in_words
from declaim.commands.wholeness import Wholeness
from declaim.errors import Cancelled, DeclaimError, LibraryInUse
from declaim.model.wording import counted
from declaim.model.work import NO_PROGRESS, CancelToken, Progress
from declaim.storage import Library, find_keyring
from declaim.voices.recogniser import recogniser_needs

LOW_DISK_BYTES = 500 * 1024 * 1024


@dataclass(frozen=True)
class Check:
    """``is_needed`` tells a fault from a thing that only some need; ``cure`` is empty where all is well."""

    name: str
    is_ok: bool
    detail: str
    cure: str = ""
    is_needed: bool = True


def examine(
    library: Path, *, is_thorough: bool = False, cancel: CancelToken | None = None, progress: Progress = NO_PROGRESS
) -> tuple[Check, ...]:
    """Every check, in the order in which a person would want to know. ``is_thorough`` reads all audio of the library, else only
    what changed since it was read.

    Raises:
        Cancelled: when the user asked to stop; what was read until then is remembered.
    """
    checks = [
        _python(),
        _window(),
        *_voices(),
        *_layouts(),
        *_sound(),
        _recogniser(),
        _ffmpeg(),
        _keyring(),
        _disk(library),
        *_library(library, lambda opened: _examine_takes(opened, is_thorough, cancel or CancelToken(), progress)),
    ]
    return tuple(checks)


def _python() -> Check:
    return Check("Python", True, f"{platform.python_version()} on {platform.system()} {platform.machine()}")


def _window() -> Check:
    cure = "Install the system libraries of Qt: on Debian, apt-get install libgl1 libegl1 libxcb-cursor0 libxkbcommon-x11-0."
    try:
        qt = importlib.import_module("PySide6.QtWidgets")
    except ImportError as error:
        return Check("Window", False, f"Qt cannot be loaded: {error}", cure)
    del qt
    version = importlib.import_module("PySide6").__version__
    return Check("Window", True, f"Qt {version}")


def _voices() -> Iterator[Check]:
    by_engine: dict[str, list[str]] = {}
    needs: dict[str, str] = {}
    for voice in discover_voices().all():
        by_engine.setdefault(voice.engine, []).append(voice.name)
        if voice.needs:
            needs[voice.engine] = voice.needs
    for engine, names in by_engine.items():
        lacking = needs.get(engine, "")
        is_local = engine in ("piper", "kokoro")
        detail = f"{counted(len(names), 'voice')}: {', '.join(names[:6])}"
        yield Check(f"Voices of {engine}", not lacking, lacking or detail, lacking, is_needed=is_local)


def _sound() -> Iterator[Check]:
    devices: tuple[str, ...]
    try:
        outputs, inputs = find_devices()
    except DeclaimError as error:
        yield Check("Playing", False, error.message, error.cure, is_needed=False)
        return
    for name, devices in (("Playing", outputs), ("Recording", inputs)):
        cure = "" if devices else "Plug a device in, or start the sound server. Rendering and exporting work without."
        yield Check(name, bool(devices), ", ".join(devices[:3]) or "No device", cure, is_needed=False)


def _layouts() -> Iterator[Check]:
    for engine, words in layouts_in_words(discover_voices()).items():
        yield Check(f"Speed of {engine}", True, words, is_needed=False)


def _recogniser() -> Check:
    needs = recogniser_needs()
    detail = needs or "Renders can be listened to for missing words (--verify)"
    return Check("Recogniser", not needs, detail, needs, is_needed=False)


def _ffmpeg() -> Check:
    path = shutil.which("ffmpeg")
    detail = path or "Not found: no M4B export, and m4a, aac and webm cannot be imported"
    return Check("ffmpeg", bool(path), detail, "" if path else _install_word("ffmpeg"), is_needed=False)


def _keyring() -> Check:
    name = find_keyring()
    cure = "" if name else "Keys can be given as environment variables: GEMINI_API_KEY, ELEVENLABS_API_KEY."
    return Check("Keyring", bool(name), name or "No system keyring here", cure, is_needed=False)


def _disk(library: Path) -> Check:
    place = next(path for path in (library, *library.parents) if path.exists())
    free = shutil.disk_usage(place).free
    is_ok = free > LOW_DISK_BYTES
    return Check("Disk", is_ok, f"{free / 1e9:.1f} GB free at {place}", "" if is_ok else "Free some space.")


def _library(folder: Path, examine_takes: Callable[[Library], Check]) -> Iterator[Check]:
    if not (folder / "library.db").exists():
        yield Check("Library", True, f"None yet; it will be made at {folder}")
        return
    try:
        library = Library.open(folder, writable=False)
    except LibraryInUse:
        yield Check("Library", True, f"{folder} is open in another Declaim")
        return
    except DeclaimError as error:
        yield Check("Library", False, error.message, error.cure)
        return
    with closing(library):
        yield _guarded("Library", lambda: _examine_rows(library))
        yield _guarded("Takes", lambda: examine_takes(library))


def _examine_rows(library: Library) -> Check:
    problems = library.check()
    if problems:
        return Check("Library", False, "; ".join(problems[:3]), f"Restore the newest file of {library.folder / 'backups'}.")
    return Check("Library", True, f"{library.folder}: {len(library.tree())} items, no faults")


def _examine_takes(library: Library, is_thorough: bool, cancel: CancelToken, progress: Progress) -> Check:
    rows = [row for row in library.recordings.all() if row.path]
    with Wholeness(library.media, is_thorough=is_thorough) as wholeness:
        sizes = [wholeness.bytes_to_read(row) for row in rows]
        days = [wholeness.read_on(row) for row, size in zip(rows, sizes, strict=True) if not size]
        done, lost = 0, []
        for row, size in zip(rows, sizes, strict=True):
            cancel.check()
            if size:
                progress.update(done, sum(sizes), f"Reading '{row.label}'")
            if not wholeness.is_whole(row, cancel):
                lost.append(row.label)
            done += size
    known = sorted(day for day in days if day)
    unread = f"; {len(known):,} unchanged since read on {known[0]} or later (--thorough reads all)" if known else ""
    if lost:
        named = ", ".join(f"'{label}'" for label in lost[:5]) + (", …" if len(lost) > 5 else "")
        cure = "Render or import them again, or delete them. Lines that are finished are not spoken again."
        return Check("Takes", False, f"The audio of {len(lost)} of {len(rows)} is gone or damaged: {named}{unread}", cure)
    return Check("Takes", True, f"The audio of {counted(len(rows), 'take')} is whole{unread}")


def _guarded(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except Cancelled:
        raise
    except DeclaimError as error:
        return Check(name, False, error.message, error.cure)


def _install_word(package: str) -> str:
    if sys.platform == "darwin":
        return f"brew install {package}"
    return f"winget install {package}" if sys.platform == "win32" else f"apt-get install {package}"
