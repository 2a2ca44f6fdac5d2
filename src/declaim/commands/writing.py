"""From a source to a script: where ``documents`` and ``scripts`` meet. Values in, values out; any thread."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

from declaim.model.script import Script, ScriptSettings, WrittenScript
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
    return chosen.write(request, cancel or CancelToken())


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
