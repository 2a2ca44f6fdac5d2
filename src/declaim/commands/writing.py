"""From a source to a script: where ``documents`` and ``scripts`` meet. Values in, values out; any thread."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

from declaim.model.library import DocumentRow
from declaim.model.script import Doubt, Script, ScriptSettings, WrittenScript
from declaim.model.settings import StudioSettings
from declaim.model.source import Source, SourceType
from declaim.model.work import CancelToken
from declaim.scripts import WriteRequest, looks_like_script, parse_script, writer
from declaim.storage.keys import KeyStore
from declaim.voices import Access


def write_script(
    source: Source,
    settings: ScriptSettings,
    *,
    writer_name: str = "offline",
    history: Sequence[Source] = (),
    cancel: CancelToken | None = None,
    today: dt.date | None = None,
    on_text: Callable[[str], None] | None = None,
) -> WrittenScript:
    """The script of a source, by the writer of that name. ``on_text`` gets the raw text of a model as it arrives.

    Raises:
        InputError: where no release fits the settings, or there is no such writer.
        Cancelled: when asked to stop.
    """
    from declaim.documents import select_releases

    is_changelog = source.source_type is SourceType.CHANGELOG
    releases = select_releases(source, release=settings.release, since=settings.since) if is_changelog else ()
    request = WriteRequest(source=source, settings=settings, releases=releases, history=tuple(history), today=today)
    store = KeyStore()
    base_url = Access(None, store.find, store.has).choices("gemini").base_url
    chosen = writer(writer_name, find_key=lambda: store.find("gemini"), base_url=base_url, on_text=on_text)
    written = chosen.write(request, cancel or CancelToken())
    if is_changelog and settings.release in ("", "latest") and not settings.since:
        from declaim.documents.selection import passed_over

        written = dataclasses.replace(written, left_out=(*passed_over(source, releases), *written.left_out))
    return written


def named_after(source: Source, settings: ScriptSettings, project_name: str) -> Source:
    """A changelog that names no product, with the name of its project for it."""
    from declaim.scripts.facts import product_in

    is_nameless = source.source_type is SourceType.CHANGELOG and not settings.product_name.strip() and not product_in(source)
    return dataclasses.replace(source, product_name=project_name.strip()) if is_nameless else source


def source_of_row(document: DocumentRow) -> Source:
    """A document of the library as a source."""
    return source_of(document.markdown, origin=document.origin, source_type=document.source_type)


def write_document(
    document: DocumentRow,
    settings: StudioSettings,
    history: Sequence[DocumentRow],
    cancel: CancelToken,
    on_text: Callable[[str], None] | None = None,
    project_name: str = "",
) -> tuple[Source, WrittenScript]:
    """The script of a document of the library, with the source that it was read as; ``history``: earlier documents.
    ``project_name`` stands in where neither the settings nor the document name a product."""
    source = source_of_row(document)
    earlier = [source_of_row(row) for row in history]
    named = named_after(source, settings.script, project_name)
    written = write_script(named, settings.script, writer_name=settings.writer, history=earlier, cancel=cancel, on_text=on_text)
    return source, written


def what_is_sent(source: Source, settings: ScriptSettings) -> str:
    """The words for it, before anything is sent.

    Raises:
        InputError: where no release fits the settings.
    """
    count = words_sent(source, settings)
    has_history = settings.use_history and source.source_type is SourceType.CHANGELOG
    more = " and what came before it" if has_history else ""
    return f"Writing sends {count:,} words of the document{more}, with these settings, to Google."


def words_sent(source: Source, settings: ScriptSettings) -> int:
    """How many words of the document a writer with a model sends, with its line numbers left out of the count.

    Raises:
        InputError: where no release fits the settings.
    """
    from declaim.documents import select_releases
    from declaim.scripts.briefing import passages_of

    is_changelog = source.source_type is SourceType.CHANGELOG
    releases = select_releases(source, release=settings.release, since=settings.since) if is_changelog else ()
    request = WriteRequest(source=source, settings=settings, releases=releases)
    lines = source.markdown.splitlines()
    sent = [line for first, last in passages_of(request) for line in lines[first - 1 : last]]
    return sum(len(line.split()) for line in sent)


def doubts_of(script: Script, source: Source, settings: ScriptSettings) -> tuple[Doubt, ...]:
    """Numbers, names and versions that lines of a script say and the source lines behind them do not."""
    from declaim.scripts.doubts import find_doubts, known_words

    return find_doubts(script.lines, source.markdown.splitlines(), known_words(settings, source, source.releases))


def read_script(text: str, name: str = "", *, taken_as: str | None = None) -> Script | None:
    """The script that a text is, or None where it is a source. ``taken_as`` ("script" or "source") overrules the look of it.

    Raises:
        InputError: for a script with a mistake in it, with its line and column.
    """
    is_script = looks_like_script(text, name) if taken_as is None else taken_as == "script"
    return parse_script(text) if is_script else None


def read_sources(paths: Sequence[Path]) -> tuple[Source, ...]:
    """Each file as a source.

    Raises:
        InputError: for a file that cannot be read as one.
    """
    from declaim.documents import read_source

    return tuple(read_source(path) for path in paths)


def source_of(markdown: str, *, origin: str, source_type: SourceType | None, title: str = "") -> Source:
    """A kept document's Markdown as a source again, by the name that it was kept under."""
    from declaim.documents import parse_source

    source = parse_source(markdown, origin=origin, source_type=source_type)
    return dataclasses.replace(source, title=title) if title else source
