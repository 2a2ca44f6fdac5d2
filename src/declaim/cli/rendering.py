"""``render``: from a source or a script to audio. It needs no library but its line cache.

Here stands what is asked for; ``producing`` does it. The voice is loaded beside it, in a process of its own: the sooner that
begins, the sooner it is heard, so all that takes long to import is imported after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from declaim.cli.group import declaim, script_options
from declaim.cli.sound_options import file_options, sound_options
from declaim.commands.keys import discover_voices
from declaim.commands.production import PRODUCED
from declaim.model.delivery import DeliveryPreset
from declaim.model.ids import VoiceId
from declaim.model.voice import DEFAULT_VOICE, Cast


@declaim.command()
@click.argument("source", metavar="SOURCE_OR_SCRIPT", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="OUT.mp3, .wav, .flac, .opus or .m4b.")
@click.option("--voice", default=DEFAULT_VOICE, show_default=True, help="The voice of all that --cast does not name.")
@click.option("--cast", "cast_choices", multiple=True, metavar="SPEAKER=ID", help="The voice of one speaker.")
@click.option(
    "--delivery",
    type=click.Choice([preset.value for preset in DeliveryPreset]),
    default="dynamic",
    show_default=True,
    help="How lively the voices speak, with pauses to match.",
)
@sound_options
@file_options
@click.option("--sheet", is_flag=True, help="Also write the delivery sheet beside the audio, as text and JSON.")
@click.option("--verify", is_flag=True, help="Let a speech recogniser listen to each line ([verify] extra).")
@click.option("--jobs", type=click.IntRange(1, 64), help="How many lines are spoken side by side.")
@click.option("--no-cache", is_flag=True, help="Speak every line anew.")
@click.option("--play", "plays", is_flag=True, help="Hear it while it is made: the words; music comes with the file.")
@click.option("--plan", is_flag=True, help="Only say what would be spoken and why, how long it takes and what it costs.")
@click.option("--yes", is_flag=True, help="Pay for cloud voices without being asked, also above your limit.")
@click.option("--as", "taken_as", type=click.Choice(["script", "source"]), help="Overrule what the file looks like.")
@click.option("--lexicon", type=click.Path(path_type=Path, exists=True), help="Words as they are said, TSV or PLS.")
@script_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def render(library: Path, /, source: Path, output: Path, **choices: Any) -> None:
    """One command from a source or a script to audio."""
    if output.suffix.lower() not in PRODUCED:
        raise click.BadParameter(f"'{output.name}' must end in {', '.join(sorted(PRODUCED))}.", param_hint="-o")
    cast = _cast(choices["voice"], choices["cast_choices"])
    registry = discover_voices()
    for voice in {cast.default, *cast.by_speaker.values()}:
        registry.find(voice)
    with closing(registry):
        if not choices["plan"]:
            registry.wake([cast.default])
        from declaim.cli.producing import make

        make(source, output, cast, registry, library, choices)


def _cast(default: str, choices: Sequence[str]) -> Cast:
    by_speaker = {}
    for choice in choices:
        speaker, equals, voice = choice.partition("=")
        if not equals or not speaker or not voice:
            raise click.BadParameter(f"'{choice}' is not SPEAKER=ID.", param_hint="--cast")
        by_speaker[speaker.strip().upper()] = VoiceId(voice.strip())
    return Cast(VoiceId(default), by_speaker)
