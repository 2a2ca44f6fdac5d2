"""Those ``remote`` commands that look at a service, or ask of it what is no item: lists, usage, voices, calibrations, exports."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from declaim.cli.library import opened
from declaim.cli.services import ask, here, remote, settings_option, target, this, wants_json, which
from declaim.cli.terminal import print_json, say
from declaim.commands import asking, looking
from declaim.commands.looking import LISTS
from declaim.commands.scripts import KEPT_BY_SERVICE
from declaim.errors import InputError
from declaim.model.source import SourceType
from declaim.remote import Client, Respeecher, as_json, call, find_operation

_LISTED = click.Choice(sorted({kind for kinds in LISTS.values() for kind in kinds}))


@remote.command("list")
@this
@click.option("--kind", type=_LISTED, default=None, help="What to list; see the service's own words.")
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="A filter, limit, offset or cursor.")
@wants_json
@click.pass_obj
def list_remote(library: Path, connection_name: str, kind: str | None, settings: tuple[str, ...], wants_json: bool) -> None:
    """One page of what is there, as the service lists it."""
    with opened(library, writable=False) as at:
        connection = at.studio.connections.find(connection_name)
        found = ask(at, connection, "Listing", lambda client, _: looking.list_items(client, kind or "", settings))
    _print(found, wants_json)


@remote.command()
@click.argument("item")
@which
@click.option("--kind", default=None, help="What it is, where it is not known here: conversion, episode, doctalk, folder ….")
@click.option("--expand", default="", help="LogTalk's episodes: organization.")
@wants_json
@click.pass_obj
def show(library: Path, item: str, connection_name: str, kind: str | None, expand: str, wants_json: bool) -> None:
    """One item, as the service shows it; an article also by its external id or its address."""
    with opened(library, writable=False) as at:
        there = target(at, item, connection_name)
        what = there.kind(kind)
        found = ask(
            at, there.connection, "Asking", lambda client, _: looking.show_item(client, what, there.remote_id, expand=expand)
        )
        if there.known and isinstance(found, dict):
            found = {**found, "step": there.known.state.value, "here": here(there.known)}
    print_json(found)


def save_audio(
    library: Path, item: str, output: Path, connection_name: str, kind: str | None, *, preview: bool, as_json: bool
) -> None:
    with opened(library, writable=False) as at:
        there = target(at, item, connection_name)
        what = there.kind(kind)
        got = ask(
            at,
            there.connection,
            "Downloading",
            lambda client, _: looking.download_item(client, what, there.remote_id, output, preview=preview),
        )
    _saved(output, got, as_json)


@remote.command()
@this
@click.option("--project", "projects", multiple=True, metavar="ID", help="Respeecher: the statistics of a project there.")
@click.option("--folder", "folders", multiple=True, metavar="ID", help="Respeecher: the statistics of a folder there.")
@wants_json
@click.pass_obj
def usage(library: Path, connection_name: str, projects: tuple[str, ...], folders: tuple[str, ...], wants_json: bool) -> None:
    """Quota or credits, as the service tells them."""

    def work(client: Client, _cancel: object) -> Any:
        found = asking.usage(client)
        if isinstance(client, Respeecher):
            found |= {"projects": client.project_stats(projects)} if projects else {}
            found |= {"folders": client.folder_stats(folders)} if folders else {}
        return found

    with opened(library, writable=False) as at:
        connection = at.studio.connections.find(connection_name)
        found = as_json(ask(at, connection, "Asking", work))
    print_json(found)


@remote.command()
@this
@click.option("--keep", is_flag=True, help="As documents of the project: history for the scripts of later releases.")
@wants_json
@click.pass_obj
def changelogs(library: Path, connection_name: str, keep: bool, wants_json: bool) -> None:
    """LogTalk: the earlier changelogs that it keeps."""
    with opened(library, writable=keep) as at:
        connection = at.studio.connections.find(connection_name)
        found = ask(at, connection, "Asking", lambda client, _: looking.earlier_changelogs(client))
        documents = at.studio.library.documents
        origin = f"{KEPT_BY_SERVICE}{connection.name}: "
        known = {row.origin for row in documents.of(connection.project_id)}
        new = [each for each in found if f"{origin}{each.id}" not in known] if keep else []
        if new:
            with at.studio.library.transaction("Keep changelogs"):
                for each in new:
                    title, text = each.title, each.text
                    documents.add(connection.project_id, None, title, SourceType.CHANGELOG, text, f"{origin}{each.id}")
    if wants_json:
        print_json({"changelogs": [vars(each) for each in found], "kept": len(new)})
        return
    for each in found:
        click.echo(f"{each.id}  {each.title}")
    if keep:
        say(f"{len(new)} kept.")


@remote.command()
@this
@click.option("--search", default="", metavar="NAME", help="By name, instead of a list.")
@settings_option
@wants_json
@click.pass_obj
def voices(library: Path, connection_name: str, search: str, settings: tuple[str, ...], wants_json: bool) -> None:
    """Respeecher's voices, with any filter (--set gender=female), their accents and narration styles."""

    def work(client: Client, _cancel: object) -> Any:
        if search:
            return call("respeecher.search_voices", client, [f"name={search}", *settings], {})
        return call("respeecher.list_voices", client, settings, {})

    with opened(library, writable=False) as at:
        found = ask(at, at.studio.connections.find(connection_name), "Listing", work)
    _print(found, wants_json)


@remote.command()
@click.argument("voice_id")
@this
@click.option("--favourite/--no-favourite", "favourite", default=None)
@click.option("--accent", default="", metavar="ID", help="Its favourite accent, or the one to hear.")
@click.option("--style", default="", metavar="ID", help="Its favourite narration style, or the one to hear.")
@click.option("--semitones", type=float, help="Kept with the accent.")
@click.option("--sample", type=click.Path(path_type=Path, dir_okay=False), help="Write the sample of the accent or style.")
@wants_json
@click.pass_obj
def voice(
    library: Path,
    voice_id: str,
    connection_name: str,
    favourite: bool | None,
    accent: str,
    style: str,
    semitones: float | None,
    sample: Path | None,
    wants_json: bool,
) -> None:
    """Respeecher: make a voice a favourite, keep its settings, hear an accent or a style."""
    chosen = {"accent_id": accent or None, "narration_style_id": style or None, "semitones_correction": semitones}
    kept = {name: value for name, value in chosen.items() if value is not None}

    def work(client: Client, _cancel: object) -> Any:
        if sample is not None:
            return looking.save_sample(client, sample, accent_id=accent, style_id=style)
        found: Any = None
        if favourite is not None:
            found = call("respeecher.favourite_voice", client, {"voice_id": voice_id, "favorite": favourite}, {})
        if kept:
            found = call("respeecher.set_voice", client, {"voice_id": voice_id, **kept}, {})
        return found

    if favourite is None and not kept:
        raise InputError("Nothing was said that is to change.", cure="Give --favourite, --accent, --style or --semitones.")
    with opened(library, writable=False) as at:
        found = ask(at, at.studio.connections.find(connection_name), "Asking", work)
    if sample is not None:
        _saved(sample, found, wants_json)
    elif wants_json:
        print_json(found)


@remote.command()
@this
@click.option("--upload", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A new one, of this recording.")
@click.option("--name", default="", help="What the new one is called.")
@click.option("--enable", default="", metavar="ID", help="Use it from now on.")
@click.option("--auto", is_flag=True, help="Let the service choose from now on.")
@click.option("--delete", "deleted", default="", metavar="ID", help="Delete it.")
@wants_json
@click.pass_obj
def calibrations(
    library: Path, connection_name: str, upload: Path | None, name: str, enable: str, auto: bool, deleted: str, wants_json: bool
) -> None:
    """Respeecher's calibrations: listed, uploaded, enabled, left to the service, deleted."""

    def work(client: Client, _cancel: object) -> Any:
        if upload is not None:
            return call("respeecher.create_calibration", client, {"name": name}, {"data": upload})
        if auto:
            call("respeecher.auto_calibration", client, {}, {})
        for operation, each in (("enable_calibration", enable), ("delete_calibration", deleted)):
            if each:
                call(f"respeecher.{operation}", client, {"calibration_id": each}, {})
        return call("respeecher.list_calibrations", client, {}, {})

    with opened(library, writable=False) as at:
        found = ask(at, at.studio.connections.find(connection_name), "Asking", work)
    _print(found, wants_json)


@remote.command()
@click.argument("item")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The zip to write.")
@click.option("--starred-only", is_flag=True, help="Only what has a star there.")
@which
@click.option("--kind", type=click.Choice(["project", "recording"]), default=None, help="What it is, where it is not known here.")
@wants_json
@click.pass_obj
def export(
    library: Path, item: str, output: Path, starred_only: bool, connection_name: str, kind: str | None, wants_json: bool
) -> None:
    """Respeecher: a project, or all conversions of an original, as a zip that the service packs."""
    with opened(library, writable=False) as at:
        there = target(at, item, connection_name)
        what = there.kind(kind)
        got = ask(
            at,
            there.connection,
            "Downloading",
            lambda client, _: looking.export_zip(client, what, there.remote_id, output, starred_only=starred_only),
        )
    _saved(output, got, wants_json)


@remote.command("call")
@click.argument("operation")
@this
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE")
@click.option("--file", "files", multiple=True, metavar="FIELD=PATH")
@wants_json
@click.pass_obj
def call_operation(
    library: Path, operation: str, connection_name: str, settings: tuple[str, ...], files: tuple[str, ...], wants_json: bool
) -> None:
    """Any published operation by its name, as logtalk.list_episodes or "GET /episodes"."""
    with opened(library, writable=False) as at:
        connection = at.studio.connections.find(connection_name)
        name = find_operation(operation, connection.service).name
        paths = dict(_file(each) for each in files)
        print_json(ask(at, connection, "Asking", lambda client, _: call(name, client, settings, paths)))


def _file(text: str) -> tuple[str, Path]:
    name, equals, path = text.partition("=")
    if not equals or not path:
        raise click.BadParameter(f"'{text}' is not FIELD=PATH.", param_hint="--file")
    return name.strip(), Path(path)


def _saved(output: Path, got: Any, as_json: bool) -> None:
    if as_json:
        print_json({"out": str(output), "size_bytes": got.size_bytes, "content_type": got.content_type})
    else:
        say(f"{output}: {got.size_bytes:,} bytes.")


def _print(found: Any, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    for entry in _entries(found):
        words = (entry.get(name) for name in ("title", "name", "label", "status", "state"))
        click.echo("  ".join([str(entry.get("id", "")), *(str(word) for word in words if word)]))


def _entries(found: Any) -> list[Mapping[str, Any]]:
    """Of a list as any service gives it."""
    if isinstance(found, dict):
        found = next(
            (found[name] for name in ("items", "data", "list", "articles") if isinstance(found.get(name), list)), [found]
        )
    return [entry for entry in found if isinstance(entry, dict)]
