"""What ``render`` does: makes the file, or says what it would do; lets it be heard meanwhile; tells of it."""

from __future__ import annotations

import dataclasses
import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from declaim.audio.delivery_sheet import DeliverySheet, delivery_sheet
from declaim.audio.player import Player
from declaim.cli.planning import show_plan
from declaim.cli.scripting import entries_of, script_to_render
from declaim.cli.sound_options import beside_of, sound_of, tags_of
from declaim.cli.terminal import may_ask, print_json, progress_bar, say, stoppable
from declaim.commands.play_along import PlayAlong
from declaim.commands.production import Production, foresee, produce, write_sheet
from declaim.commands.spending import confirm_above_usd_in
from declaim.errors import Cancelled, CostNotAgreed
from declaim.model.delivery import Delivery, DeliveryPreset
from declaim.model.settings import LoudnessStandard
from declaim.model.voice import Cast
from declaim.model.wording import counted
from declaim.model.work import CancelToken
from declaim.render import LineCache, RenderRequest, RenderResult
from declaim.voices import Voices

_LOOK_S = 0.05


def make(source: Path, output: Path, cast: Cast, registry: Voices, library: Path, choices: dict[str, Any]) -> None:
    """``choices`` are the options of ``render``."""
    beside = beside_of(choices)
    parsed = script_to_render(source, choices["taken_as"], choices)
    if strangers := sorted(set(cast.by_speaker) - set(parsed.speakers)):
        say(f"No line is {' or '.join(strangers)}'s; this script has {', '.join(parsed.speakers)}.")
    request = RenderRequest(
        script=parsed,
        cast=cast,
        delivery=Delivery(preset=DeliveryPreset(choices["delivery"])),
        lexicon=entries_of(choices["lexicon"]),
        out=output,
        jobs=choices["jobs"],
        use_cache=not choices["no_cache"],
        verify=choices["verify"],
        **sound_of(choices),
    )
    cache = LineCache(library / "media" / "lines")
    limit_usd = None if choices["yes"] else confirm_above_usd_in(library)
    production = Production(request, tags_of(choices), beside, limit_usd)
    if choices["plan"]:
        show_plan(foresee(production, registry, cache), production, as_json=choices["as_json"])
        return
    along = PlayAlong(request, cache)
    with _player(along, plays=choices["plays"]) as player:
        result = _produce(production, registry, cache, along)
        along.end()
        with stoppable(is_its_end=True) as cancel:  # the file is there: what is stopped now is only its sound
            _report(result, choices["as_json"])
            _wait_for_the_end(player, cancel)
    # The audio is there; to measure it takes a while, which nobody waits for who does not read it.
    if choices["sheet"] or (not choices["as_json"] and sys.stderr.isatty()):
        made_for = LoudnessStandard(request.loudness).in_channels(request.channels)
        sheet = delivery_sheet(output, made_for, channels=request.channels)
        _show_sheet(sheet, output, is_written=choices["sheet"], is_shown=not choices["as_json"])


@contextmanager
def _player(along: PlayAlong, *, plays: bool) -> Iterator[Player | None]:
    """What plays the lines as they are made, where that was asked for."""
    if not plays:
        yield None
        return
    player = Player()
    player.play(along.source())
    try:
        yield player
    finally:
        along.end()
        player.close()


def _wait_for_the_end(player: Player | None, cancel: CancelToken) -> None:
    while player is not None and not player.status.ended and not cancel.is_cancelled:
        if player.status.failure is not None:
            say(f"It could not be played. {player.status.failure}")
            return
        time.sleep(_LOOK_S)


def _produce(production: Production, registry: Voices, cache: LineCache, along: PlayAlong) -> RenderResult:
    """Asks first where it costs more than the user's limit."""
    try:
        with stoppable() as cancel, progress_bar("Rendering") as progress:
            return produce(production, registry, cache, cancel, progress, along.add, along.hear, along.begin)
    except CostNotAgreed as refused:
        if not may_ask():
            refused.cure = "Pass --yes to agree to it, or raise the limit in Settings."
            raise
        if not click.confirm(f"{refused.message} Go on?", err=True):
            raise Cancelled("Nothing was sent, and nothing was paid.") from None
    return _produce(dataclasses.replace(production, limit_usd=None), registry, cache, along)


def _show_sheet(sheet: DeliverySheet, output: Path, *, is_written: bool, is_shown: bool) -> None:
    if is_written:
        write_sheet(sheet, output)
    if is_shown:
        say(sheet.to_text().rstrip())


def _report(result: RenderResult, as_json: bool) -> None:
    if result.true_peak_dbtp == -math.inf:
        say(f"{result.out} is silent: no line has a word for a voice.")
    if as_json:
        print_json(_render_json(result))
        return
    say(
        f"{result.out}: {result.duration_ms / 1000:.1f} s of audio, {counted(result.lines, 'line')} "
        f"({result.cached_lines} {'was' if result.cached_lines == 1 else 'were'} ready), "
        f"made in {result.wall_seconds:.1f} s ({result.realtime_factor:.0f} times real time)"
        f"{f', for ${result.cost_usd:.4f}' if result.cost_usd else ''}"
    )
    for suspect in result.suspect_lines:
        say(f"Line {suspect.index + 1} may not sound right: {suspect.reason}")


def _render_json(result: RenderResult) -> dict[str, Any]:
    return {
        "out": str(result.out),
        "seconds": result.duration_ms / 1000,
        "lines": result.lines,
        "rendered_lines": result.rendered_lines,
        "cached_lines": result.cached_lines,
        "wall_seconds": round(result.wall_seconds, 3),
        "first_audio_seconds": result.first_audio_seconds,
        "realtime_factor": result.realtime_factor,
        "integrated_lufs": _level(result.integrated_lufs),
        "true_peak_dbtp": _level(result.true_peak_dbtp),
        "suspect_lines": [dataclasses.asdict(suspect) for suspect in result.suspect_lines],
        **({"cost_usd": round(result.cost_usd, 6)} if result.cost_usd else {}),
    }


def _level(decibels: float) -> float | None:
    """JSON has no number for silence."""
    return decibels if math.isfinite(decibels) else None
