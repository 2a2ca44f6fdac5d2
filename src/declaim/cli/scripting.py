"""``script``, ``spoken`` and ``render``: they need no library but its line cache."""

from __future__ import annotations

import dataclasses
import math
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from declaim.audio.delivery_sheet import DeliverySheet, delivery_sheet
from declaim.cli.group import declaim, script_options
from declaim.cli.planning import show_plan
from declaim.cli.sound_options import beside_of, file_options, sound_of, sound_options, tags_of
from declaim.cli.terminal import may_ask, print_json, progress_bar, say, stoppable
from declaim.commands.keys import discover_voices
from declaim.commands.production import PRODUCED, Production, foresee, produce, write_sheet
from declaim.commands.spending import confirm_above_usd_in
from declaim.commands.writing import read_script, read_sources, write_script
from declaim.documents import decode, parse_source, read_source
from declaim.documents.reading import read_bytes
from declaim.errors import Cancelled, CostNotAgreed, InputError
from declaim.model.delivery import Delivery, DeliveryPreset
from declaim.model.ids import VoiceId
from declaim.model.lexicon import LexiconEntry
from declaim.model.script import Script, ScriptSettings, Tone, Verbosity, WrittenScript
from declaim.model.settings import LoudnessStandard
from declaim.model.source import Source, SourceLines, SourceType
from declaim.model.voice import DEFAULT_VOICE, Cast
from declaim.model.wording import counted
from declaim.paths import replacing
from declaim.render import LineCache, RenderRequest, RenderResult
from declaim.scripts import count_words, estimate_seconds, format_script, import_plain
from declaim.scripts.plain import lines_apart
from declaim.speech import Speech, read_lexicon
from declaim.voices import Voices


@declaim.command()
@click.argument("source", type=click.Path(path_type=str))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the script there.")
@script_options
@click.option("--fetch", is_flag=True, help="SOURCE may be an address (https://…): fetch that page.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def script(source: str, output: Path | None, fetch: bool, as_json: bool, **choices: Any) -> None:
    """Write the script of a source (`-` reads standard input)."""
    parsed = _fetched(source, choices["source_type"], is_allowed=fetch) or _read(Path(source), choices["source_type"])
    written = _write(parsed, choices)
    for doubt in written.doubts:
        say(f"Line {doubt.line_index + 1} says what its source lines do not: {', '.join(doubt.words)}")
    if output:
        with replacing(output) as beside:
            beside.write_text(format_script(written.script), encoding="utf-8")
    if as_json:
        print_json(_script_json(written, parsed))
    elif not output:
        click.echo(format_script(written.script), nl=False)
    else:
        say(f"{output}: {count_words(written.script)} words, about {estimate_seconds(written.script):.0f} s")


@declaim.command()
@click.argument("script", type=click.Path(path_type=Path))
@click.option("--lexicon", type=click.Path(path_type=Path, exists=True), help="Words as they are said, TSV or PLS.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def spoken(script: Path, lexicon: Path | None, as_json: bool) -> None:
    """What a voice will read, one line of output for each line of the script (`-` reads standard input)."""
    text = _text_of(script)
    parsed = read_script(text, script.name) or import_plain(lines_apart(text))
    speech = Speech(_entries(lexicon))
    lines = [speech.speak_line(line) for line in parsed.lines]
    if as_json:
        print_json([{"speaker": line.speaker, "shown": line.shown, "spoken": line.text} for line in lines])
    else:
        for line in lines:
            click.echo(line.text)


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
@click.option("--plan", is_flag=True, help="Only say what would be spoken and why, how long it takes and what it costs.")
@click.option("--yes", is_flag=True, help="Pay for cloud voices without being asked, also above your limit.")
@click.option("--as", "taken_as", type=click.Choice(["script", "source"]), help="Overrule what the file looks like.")
@click.option("--lexicon", type=click.Path(path_type=Path, exists=True), help="Words as they are said, TSV or PLS.")
@script_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def render(library: Path, /, source: Path, output: Path, taken_as: str | None, as_json: bool, **choices: Any) -> None:
    """One command from a source or a script to audio."""
    if output.suffix.lower() not in PRODUCED:
        raise click.BadParameter(f"'{output.name}' must end in {', '.join(sorted(PRODUCED))}.", param_hint="-o")
    beside = beside_of(choices)
    cast = _cast(choices["voice"], choices["cast_choices"])
    registry = discover_voices()
    for voice in {cast.default, *cast.by_speaker.values()}:
        registry.find(voice)
    with closing(registry):
        if not choices["plan"]:
            registry.wake([cast.default])  # while the script is read or written
        parsed = _script_to_render(source, taken_as, choices)
        if strangers := sorted(set(cast.by_speaker) - set(parsed.speakers)):
            say(f"No line is {' or '.join(strangers)}'s; this script has {', '.join(parsed.speakers)}.")
        request = RenderRequest(
            script=parsed,
            cast=cast,
            delivery=Delivery(preset=DeliveryPreset(choices["delivery"])),
            lexicon=_entries(choices["lexicon"]),
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
            show_plan(foresee(production, registry, cache), production, as_json=as_json)
            return
        result = _produce(production, registry, cache)
    _report(result, as_json)
    # The audio is there; to measure it takes a while, which nobody waits for who does not read it.
    if choices["sheet"] or (not as_json and sys.stderr.isatty()):
        sheet = delivery_sheet(output, LoudnessStandard(choices["loudness"]), channels=request.channels)
        _show_sheet(sheet, output, is_written=choices["sheet"], is_shown=not as_json)


def _produce(production: Production, registry: Voices, cache: LineCache) -> RenderResult:
    """Asks first where it costs more than the user's limit."""
    try:
        with stoppable() as cancel, progress_bar("Rendering") as progress:
            return produce(production, registry, cache, cancel, progress)
    except CostNotAgreed as refused:
        if not may_ask():
            refused.cure = "Pass --yes to agree to it, or raise the limit in Settings."
            raise
        if not click.confirm(f"{refused.message} Go on?", err=True):
            raise Cancelled("Nothing was sent, and nothing was paid.") from None
    return _produce(dataclasses.replace(production, limit_usd=None), registry, cache)


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


def _script_json(written: WrittenScript, source: Source) -> dict[str, Any]:
    script = written.script

    def in_file(lines: SourceLines | None) -> list[int] | None:
        return list(source.in_file(lines)) if lines else None

    return {
        "title": script.title,
        "chapters": [{"title": chapter.title, "first_line": first} for first, chapter in script.numbered_chapters()],
        "lines": [
            {"speaker": line.speaker, "text": line.text, "source_lines": in_file(line.source_lines)} for line in script.lines
        ],
        "word_count": count_words(script),
        "estimated_seconds": estimate_seconds(script),
        "left_out": [
            {"source_lines": in_file(left.source_lines), "text": left.text, "reason": left.reason} for left in written.left_out
        ],
    }


def _script_to_render(path: Path, taken_as: str | None, choices: dict[str, Any]) -> Script:
    is_text = str(path) == "-" or path.suffix.lower() in {".md", ".markdown", ".txt", ""}
    if taken_as == "script" or (taken_as is None and is_text):
        text = _text_of(path)
        parsed = read_script(text, path.name, taken_as=taken_as)
        if parsed:
            return parsed
        if str(path) == "-":
            return _write(parse_source(text, source_type=_source_type(choices["source_type"])), choices).script
    return _write(_read(path, choices["source_type"]), choices).script


def _write(source: Source, choices: dict[str, Any]) -> WrittenScript:
    names = ("title", "additional_context", "product_name", "version", "audience", "speakers", "history_limit", "cta")
    settings = ScriptSettings(
        **{name: choices[name] for name in (*names, "severity_aware_tone", "release", "since")},
        tone=Tone(choices["tone"]),
        verbosity=Verbosity(choices["verbosity"]),
    )
    with stoppable() as cancel:
        history = read_sources(choices["history"])
        return write_script(source, settings, writer_name=choices["writer"], history=history, cancel=cancel)


def _read(path: Path, source_type: str) -> Source:
    if str(path) == "-":
        return parse_source(_text_of(path), source_type=_source_type(source_type))
    return read_source(path, source_type=_source_type(source_type))


def _fetched(address: str, source_type: str, *, is_allowed: bool) -> Source | None:
    """The page at an address, None where the words are no address.

    Raises:
        InputError: where fetching was not asked for, or the page cannot be fetched or read.
    """
    if not address.lower().startswith(("http://", "https://")):
        return None
    if not is_allowed:
        raise InputError("That is an address, and nothing is fetched without being asked.", cure="Add --fetch to fetch the page.")
    from declaim.commands.fetching import fetch_source

    with stoppable() as cancel:
        return fetch_source(address, source_type=_source_type(source_type), cancel=cancel)


def _text_of(path: Path) -> str:
    if str(path) == "-":
        return decode(sys.stdin.buffer.read())
    return decode(read_bytes(path))


def _source_type(choice: str) -> SourceType | None:
    return None if choice == "auto" else SourceType(choice)


def _entries(path: Path | None) -> tuple[LexiconEntry, ...]:
    return tuple(read_lexicon(path)) if path else ()


def _cast(default: str, choices: Sequence[str]) -> Cast:
    by_speaker = {}
    for choice in choices:
        speaker, equals, voice = choice.partition("=")
        if not equals or not speaker or not voice:
            raise click.BadParameter(f"'{choice}' is not SPEAKER=ID.", param_hint="--cast")
        by_speaker[speaker.strip().upper()] = VoiceId(voice.strip())
    return Cast(VoiceId(default), by_speaker)
