"""``script`` and ``spoken``: from a source to words. They need no library."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from declaim.cli.group import declaim, script_options
from declaim.cli.terminal import print_json, say, stoppable
from declaim.commands.writing import read_script, read_sources, write_script
from declaim.documents import decode, parse_source, read_source
from declaim.documents.reading import read_bytes
from declaim.errors import InputError
from declaim.model.lexicon import LexiconEntry
from declaim.model.script import Script, ScriptSettings, Tone, Verbosity, WrittenScript
from declaim.model.source import Source, SourceLines, SourceType
from declaim.paths import replacing
from declaim.scripts import count_words, estimate_seconds, format_script, import_plain
from declaim.scripts.plain import lines_apart
from declaim.speech import Speech, read_lexicon


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
    speech = Speech(entries_of(lexicon))
    lines = [speech.speak_line(line) for line in parsed.lines]
    if as_json:
        print_json([{"speaker": line.speaker, "shown": line.shown, "spoken": line.text} for line in lines])
    else:
        for line in lines:
            click.echo(line.text)


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


def script_to_render(path: Path, taken_as: str | None, choices: dict[str, Any]) -> Script:
    """A script as it is, or written of a source."""
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


def entries_of(path: Path | None) -> tuple[LexiconEntry, ...]:
    """Of a lexicon's file, none without one."""
    return tuple(read_lexicon(path)) if path else ()
