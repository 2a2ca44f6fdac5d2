"""``record``: a take spoken into a microphone."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from declaim.audio.microphone import Microphone, MicrophoneStatus
from declaim.audio.sound_card import find_devices
from declaim.audio.tape import restore, unfinished
from declaim.cli.group import declaim
from declaim.cli.library import Opened, opened, run_job
from declaim.cli.terminal import print_json, say, stoppable
from declaim.commands.microphone import problems, readable
from declaim.commands.naming import find_named
from declaim.errors import AudioError, InputError
from declaim.model.ids import JobId, RecordingId, ScriptId, outside_id

_TICK_S = 0.05
_FLOOR_DB, _BAR = -48, 24


@declaim.command()
@click.argument("script", required=False)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Only write OUT.wav; needs no SCRIPT.")
@click.option("--device", default="", metavar="NAME", help="The microphone, by a part of its name; else the system's own.")
@click.option("--list-devices", is_flag=True, help="Only list the microphones.")
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), help="How long; else until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def record(
    library: Path,
    script: str | None,
    output: Path | None,
    device: str,
    list_devices: bool,
    seconds: float | None,
    as_json: bool,
) -> None:
    """Speak a take of SCRIPT, an id or a title in the library, into a microphone. Ctrl-C ends it, and it is kept."""
    if list_devices:
        _list(as_json)
    elif output is not None:
        if script is not None:
            raise click.UsageError("Name a SCRIPT or a file (-o), not both.")
        _to_file(output, device, seconds, as_json)
    elif script is not None:
        _to_library(library, script, device, seconds, as_json)
    else:
        raise click.UsageError("Name a SCRIPT of the library, or a file with -o.")


def _list(as_json: bool) -> None:
    names = tuple(dict.fromkeys(find_devices()[1]))
    if as_json:
        print_json(list(names))
    elif not names:
        say("There is no microphone on this machine.")
    else:
        click.echo("\n".join(names))


def _to_file(output: Path, device: str, seconds: float | None, as_json: bool) -> None:
    if output.suffix.lower() != ".wav":
        raise click.BadParameter(f"'{output.name}' must end in .wav.", param_hint="-o")
    _put_aside(output)
    status = _record(output, device, seconds)
    _report(status, {"path": str(output)}, f"{output}: ", as_json)


def _to_library(library: Path, script: str, device: str, seconds: float | None, as_json: bool) -> None:
    with opened(library) as at:
        named = find_named(at.studio, script)
        if named.kind != "script":
            raise InputError(f"'{named.title}' is a {named.kind}, not a script.", cure="See 'declaim list'.")
        script_id = ScriptId(named.id)
        _show_words(at, script_id)
        path = at.studio.microphone.new_path(script_id)
        status = _record(path, device, seconds)
        take_id = _keep(at, script_id, path, status)
        take = at.studio.recordings.get(take_id)
        where = {
            "id": outside_id("recording", take_id),
            "label": take.label,
            "script_id": named.outside_id,
            "path": str(at.studio.recordings.audio_path(take_id)),
        }
    _report(status, where, f"{where['id']}: {take.label} of '{named.title}', ", as_json)


def _keep(at: Opened, script_id: ScriptId, path: Path, status: MicrophoneStatus) -> RecordingId:
    def start(done: Callable[[RecordingId], None], failed: Callable[[Exception], None]) -> JobId:
        return at.studio.microphone.keep(script_id, path, done, failed, status.gaps)

    return run_job(at, "Keeping", start)


def _record(path: Path, device: str, seconds: float | None) -> MicrophoneStatus:
    """Until it is told to end, or by itself.

    Raises:
        AudioError: where nothing was recorded.
    """
    microphone = Microphone()
    with stoppable(is_its_end=True) as cancel:
        microphone.record(path, int(device) if device.isdecimal() else device or None, seconds)
        is_told = False
        while microphone.is_at_work:
            if not is_told and microphone.status.duration_ms:
                is_told = True
                say("Recording." if seconds else "Recording. Ctrl-C ends it.")
            if cancel.is_cancelled:
                microphone.end()
            if is_told:
                _show_level(microphone.status)
            time.sleep(_TICK_S)
    _show_level(None)
    status = microphone.status
    if not path.is_file():
        raise status.failure or AudioError("Nothing was recorded.", cure="See that the microphone is on, and try again.")
    return status


def _report(status: MicrophoneStatus, where: dict[str, Any], what: str, as_json: bool) -> None:
    """Raises what ended the recording too soon, after it told what was kept."""
    if as_json:
        print_json({**where, "seconds": status.duration_ms / 1000, "gaps": status.gaps, "clipped": status.clipped})
    else:
        say(f"{what}{status.duration_ms / 1000:.1f} s")
    if found := problems(status):
        say(found)
    if status.failure:
        raise status.failure


def _show_level(status: MicrophoneStatus | None) -> None:
    """One line that is written over; nothing where standard error is no terminal. None takes it away."""
    if sys.stderr.isatty():
        line = level_line(status) if status else ""
        click.echo(f"\r{line:60}" + ("" if status else "\r"), err=True, nl=False)


def level_line(status: MicrophoneStatus) -> str:
    level_db = max(_FLOOR_DB, 20 * math.log10(status.level)) if status.level > 0 else _FLOOR_DB
    bar = "#" * round(_BAR * (1 - level_db / _FLOOR_DB))
    minutes, seconds = divmod(status.duration_ms // 1000, 60)
    return f"{minutes}:{seconds:02} [{bar:{_BAR}}] {round(level_db)} dB{' too loud' if status.clipped else ''}"


def _show_words(at: Opened, script_id: ScriptId) -> None:
    """What is to be read."""
    for line in at.studio.scripts.lines(script_id):
        say(f"{line.speaker}: {readable(line.text)}")


def _put_aside(output: Path) -> None:
    """What an earlier recording to that file left when it was killed must not be written over."""
    number, aside = 1, output
    while aside.exists() or aside == output:
        aside = output.with_name(f"{output.stem}-restored{'' if number == 1 else f'-{number}'}{output.suffix}")
        number += 1
    if unfinished(output).exists() and restore(output, aside):
        say(f"An earlier recording for '{output}' was cut short; it is in '{aside}' now.")
