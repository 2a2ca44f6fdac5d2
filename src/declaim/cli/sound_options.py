"""Options of ``render`` for the file itself: how it sounds, the music in it, what it says about itself, what lies beside it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from declaim.model.pauses import PAUSE_LIMITS_MS, PauseSettings
from declaim.model.settings import BED_LEVELS_DB, BIT_RATES, RATES_HZ, LoudnessStandard, MusicSettings, TagSettings

Function = TypeVar("Function", bound=Callable[..., Any])

_PAUSES = tuple(known.name.removesuffix("_ms") for known in dataclasses.fields(PauseSettings))
_FILE = click.Path(path_type=Path, dir_okay=False)


def sound_options(function: Function) -> Function:
    """Loudness, channels, rates and music."""
    choices = [
        click.option(
            "--loudness",
            type=click.Choice([standard.value for standard in LoudnessStandard]),
            default="podcast",
            show_default=True,
            help="-16 LUFS in stereo, -19 in mono, what ACX asks of audiobooks, or as it was spoken.",
        ),
        click.option("--channels", type=click.Choice(["1", "2"]), help="Mono or stereo, where not as the loudness has it."),
        click.option(
            "--rate",
            type=click.Choice([str(rate) for rate in RATES_HZ]),
            default=str(RATES_HZ[0]),
            show_default=True,
            help="In Hz.",
        ),
        click.option("--spread", type=click.IntRange(0, 50), default=0, help="Per cent that hosts sit aside, as in 20."),
        click.option(
            "--bit-rate",
            type=click.Choice([str(rate) for rate in BIT_RATES]),
            default="192",
            show_default=True,
            help="kbit/s of an MP3.",
        ),
        click.option("--vbr", type=click.IntRange(0, 9), help="An MP3 of variable bit rate: 0 best, 9 smallest."),
        click.option(
            "--pause",
            multiple=True,
            metavar="WHERE=SECONDS",
            help=f"Between lines, as in chapter=1.5; where: {', '.join(_PAUSES)}.",
        ),
        click.option("--intro", type=_FILE, help="Music before the words."),
        click.option("--outro", type=_FILE, help="Music after the words."),
        click.option("--bed", type=_FILE, help="Music under the words, looped, down while somebody speaks."),
        click.option(
            "--bed-level",
            type=click.FloatRange(*BED_LEVELS_DB),
            default=-18.0,
            metavar="DB",
            show_default=True,
            help="Against speech.",
        ),
        click.option(
            "--overlap",
            type=click.FloatRange(0, 30),
            default=2.0,
            metavar="SECONDS",
            show_default=True,
            help="Of intro and outro.",
        ),
    ]
    return _decorated(function, choices)


def file_options(function: Function) -> Function:
    """Tags, and files beside the audio."""
    choices = [
        click.option("--artist", default="", help="The voices, where not given."),
        click.option("--album", default="", help="As in the name of the podcast or book."),
        click.option("--comment", default="", help="'Made with Declaim', where not given."),
        click.option("--cover", type=_FILE, help="A JPEG or PNG."),
        click.option("--captions", default="", help="srt, vtt or both, as in srt,vtt."),
        click.option("--chapters", is_flag=True, help="Also write Podcasting 2.0 chapters beside the audio."),
        click.option("--transcript", type=click.Choice(["txt", "json"]), multiple=True, help="Also write what is said."),
        click.option("--show-notes", is_flag=True, help="Also write notes with a time stamp for each chapter."),
    ]
    return _decorated(function, choices)


def sound_of(choices: dict[str, Any]) -> dict[str, Any]:
    """What the options ask of a ``RenderRequest``."""
    return {
        "loudness": choices["loudness"],
        "channels": int(choices["channels"]) if choices["channels"] else None,
        "rate_hz": int(choices["rate"]),
        "spread_percent": choices["spread"],
        "bit_rate": int(choices["bit_rate"]),
        "vbr": choices["vbr"],
        "pauses": _pauses_of(choices["pause"]),
        "music": MusicSettings(
            **{name: str(choices[name].absolute()) if choices[name] else "" for name in ("intro", "outro", "bed")},
            bed_level_db=choices["bed_level"],
            overlap_ms=round(1000 * choices["overlap"]),
        ),
    }


def _pauses_of(given: Sequence[str]) -> PauseSettings:
    """
    Raises:
        click.BadParameter: for what is no pause, or too long.
    """
    chosen = {}
    for option in given:
        where, _, seconds = option.partition("=")
        try:
            chosen[f"{where}_ms"] = round(1000 * float(seconds))
        except (ValueError, OverflowError):
            raise click.BadParameter(f"{option!r} is not as in chapter=1.5.", param_hint="--pause") from None
        if where not in _PAUSES or not 0 <= chosen[f"{where}_ms"] <= PAUSE_LIMITS_MS[1]:
            limit = PAUSE_LIMITS_MS[1] // 1000
            allowed = f"{', '.join(_PAUSES)}, each with 0 to {limit} seconds"
            raise click.BadParameter(f"{option!r}: there is {allowed}.", param_hint="--pause")
    return PauseSettings(**chosen)


def tags_of(choices: dict[str, Any]) -> TagSettings:
    cover = str(choices["cover"].absolute()) if choices["cover"] else ""
    return TagSettings(choices["artist"], choices["album"], choices["comment"], cover)


def beside_of(choices: dict[str, Any]) -> tuple[str, ...]:
    """Kinds of files beside the audio.

    Raises:
        click.BadParameter: for captions that are none.
    """
    captions = tuple(part.strip().lower() for part in choices["captions"].split(",") if part.strip())
    if unknown := set(captions) - {"srt", "vtt"}:
        raise click.BadParameter(f"{', '.join(sorted(unknown))}: captions are srt or vtt.", param_hint="--captions")
    transcripts = tuple({"txt": "transcript", "json": "transcript-json"}[kind] for kind in choices["transcript"])
    chapters = ("chapters",) if choices["chapters"] else ()
    notes = ("notes",) if choices["show_notes"] else ()
    return (*captions, *chapters, *transcripts, *notes)


def _decorated(function: Function, options: Sequence[Callable[[Function], Function]]) -> Function:
    for option in reversed(options):
        function = option(function)
    return function
