"""``sync`` and ``remote``: what is at a service, and bringing both sides in step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from declaim.cli.group import declaim
from declaim.cli.library import Opened, opened, run_job
from declaim.cli.terminal import print_json, say
from declaim.commands import asking
from declaim.commands.naming import find_named, find_project
from declaim.commands.publishing import FORMS
from declaim.commands.syncing import Report, SyncOptions
from declaim.errors import InputError
from declaim.model.ids import JobId, outside_id
from declaim.model.remote import Connection, RemoteItem, WishId
from declaim.model.work import CancelToken
from declaim.remote import Client, LogTalk, Respeecher, as_json, call, find_operation

Work = Callable[[Client, CancelToken], Any]
_json = click.option("--json", "wants_json", is_flag=True)
_connection = click.option("--connection", "connection_name", default="", metavar="NAME", help="Which connection.")
_wait = click.option("--wait", is_flag=True, help="Until what is being made there is done.")


@declaim.command()
@click.option("--project", default="", help="Only the connections of this project.")
@_connection
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing, here or there.")
@_wait
@click.option("--no-audio", is_flag=True, help="Fetch no audio.")
@_json
@click.pass_obj
def sync(library: Path, project: str, connection_name: str, dry_run: bool, wait: bool, no_audio: bool, wants_json: bool) -> None:
    """Bring the library and the services in step."""
    options = SyncOptions(dry_run=dry_run, wait=wait, audio=not no_audio)
    with opened(library) as at:
        chosen = _chosen(at, project, connection_name)

        def start(done: Callable[[Report], None], failed: Callable[[Exception], None]) -> JobId:
            return at.studio.syncing.sync(chosen, options, done, failed)

        report = run_job(at, "Syncing", start)
    _finish(report, wants_json)


@declaim.group()
def remote() -> None:
    """What is at a service: publish, list, share, retry, delete."""


@remote.command()
@click.argument("what")
@click.option("--connection", "connection_name", required=True, metavar="NAME")
@click.option("--as", "form", type=click.Choice(sorted({form for forms in FORMS.values() for form in forms})), default=None)
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="Any field of the service's body.")
@click.option("--public", is_flag=True, help="LogTalk: with public addresses to listen and embed.")
@_wait
@_json
@click.pass_obj
def publish(
    library: Path,
    what: str,
    connection_name: str,
    form: str | None,
    settings: tuple[str, ...],
    public: bool,
    wait: bool,
    wants_json: bool,
) -> None:
    """Send a script, a document or a recording to a service."""
    with opened(library) as at:
        connection = at.studio.connections.find(connection_name)
        named = find_named(at.studio, what)
        wishes = at.studio.publishing.wish(
            named.kind, named.id, connection, form=form or "", settings=settings, public=public, wait=wait
        )
        report = _send(at, wishes, wait=wait)
    _finish(report, wants_json)


@remote.command("list")
@click.option("--connection", "connection_name", required=True, metavar="NAME")
@click.option("--kind", type=click.Choice(["projects", "folders", "recordings"]), default="projects", help="Respeecher.")
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="A filter, limit, offset or cursor.")
@_json
@click.pass_obj
def list_remote(library: Path, connection_name: str, kind: str, settings: tuple[str, ...], wants_json: bool) -> None:
    """One page of what is there, as the service lists it."""
    operations = {"logtalk": "list_conversions", "bottalk": "list_articles", "respeecher": f"list_{kind}"}
    with opened(library, writable=False) as at:
        connection = at.studio.connections.find(connection_name)
        name = f"{connection.service}.{operations[connection.service]}"
        found = _ask(at, connection, "Listing", lambda client, _: call(name, client, settings, {}))
    if wants_json:
        print_json(found)
        return
    for entry in _entries(found):
        words = (entry.get(name) for name in ("title", "name", "label", "status", "state"))
        click.echo("  ".join([str(entry.get("id", "")), *(str(word) for word in words if word)]))


@remote.command()
@click.argument("item")
@_connection
@_json
@click.pass_obj
def show(library: Path, item: str, connection_name: str, wants_json: bool) -> None:
    """One item, as the service shows it."""
    with opened(library, writable=False) as at:
        connection, known = _target(at, item, connection_name)
        remote_id = known.remote_id if known else item
        kind = known.remote_kind if known else "recording"
        found = as_json(_ask(at, connection, "Asking", lambda client, _: _get(client, kind, remote_id)))
        if known:
            found = {"item": found, "step": known.state.value, "here": _here(known)}
    print_json(found)


@remote.command()
@click.argument("item")
@_connection
@_wait
@_json
@click.pass_obj
def retry(library: Path, item: str, connection_name: str, wait: bool, wants_json: bool) -> None:
    """Once more what was refused, or failed while it was made there."""
    with opened(library) as at:
        connection = at.studio.connections.find(connection_name) if connection_name else None
        report = _send(at, at.studio.syncing.wish_retry(_named_or_same(at, item), connection), wait=wait)
    _finish(report, wants_json)


@remote.command()
@click.argument("item")
@_connection
@click.option("--public/--private", "public", default=None, help="Make it public, or private again.")
@click.option("--embed-token", is_flag=True, help="Make an embed token.")
@click.option("--revoke", default="", metavar="TOKEN", help="Revoke an embed token.")
@_json
@click.pass_obj
def share(
    library: Path, item: str, connection_name: str, public: bool | None, embed_token: bool, revoke: str, wants_json: bool
) -> None:
    """LogTalk: the addresses to listen and embed, embed tokens, and what to paste into a page."""
    with opened(library, writable=False) as at:
        connection, known = _target(at, item, connection_name)
        remote_id = known.remote_id if known else item
        ask = partial(asking.share, public=public, make_token=embed_token, revoke=revoke)
        shared = _ask(at, connection, "Sharing", lambda client, _: ask(client, remote_id)).to_json()
    if wants_json:
        print_json(shared)
        return
    for name in ("listen_url", "embed_url", "iframe", "oembed", "embed_token"):
        if shared.get(name):
            click.echo(f"{name}: {shared[name]}")


@remote.command()
@click.argument("item")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@click.option("--preview", is_flag=True, help="BotTalk: the preview.")
@_connection
@_json
@click.pass_obj
def audio(library: Path, item: str, output: Path, preview: bool, connection_name: str, wants_json: bool) -> None:
    """The audio of an item, into a file."""
    with opened(library, writable=False) as at:
        connection, known = _target(at, item, connection_name)
        remote_id = known.remote_id if known else item
        got = _ask(at, connection, "Downloading", lambda client, _: _download(client, remote_id, output, preview))
    if wants_json:
        print_json({"out": str(output), "size_bytes": got.size_bytes, "content_type": got.content_type})
    else:
        say(f"{output}: {got.size_bytes:,} bytes.")


@remote.command()
@click.argument("item")
@click.argument("title")
@_connection
@_json
@click.pass_obj
def rename(library: Path, item: str, title: str, connection_name: str, wants_json: bool) -> None:
    """Rename an item, here and there."""
    with opened(library) as at:
        _, known = _target(at, item, connection_name, must_be_known=True)
        assert known is not None
        report = _send(at, at.studio.syncing.wish_rename(known, title))
    _finish(report, wants_json)


@remote.command()
@click.argument("item")
@_connection
@click.option("--yes", is_flag=True, help="Do not ask.")
@_json
@click.pass_obj
def delete(library: Path, item: str, connection_name: str, yes: bool, wants_json: bool) -> None:
    """Delete an item there; what is here stays."""
    with opened(library) as at:
        connection, known = _target(at, item, connection_name)
        if not yes and not click.confirm(f"Delete {item} at {connection.name}? This cannot be undone.", err=True):
            raise InputError("Nothing was deleted.", cure="Say yes, or give --yes.")
        syncing = at.studio.syncing
        wish = syncing.wish_delete(known) if known else syncing.wish_delete_unknown(connection, item)
        report = _send(at, (wish,))
    _finish(report, wants_json)


@remote.command()
@click.argument("item")
@click.option("--keep", type=click.Choice(["here", "there", "both"]), required=True)
@_connection
@_json
@click.pass_obj
def resolve(library: Path, item: str, keep: str, connection_name: str, wants_json: bool) -> None:
    """End a conflict: keep what is here, what is there, or both."""
    with opened(library) as at:
        _, known = _target(at, item, connection_name, must_be_known=True)
        assert known is not None
        report = _send(at, at.studio.syncing.resolve(known, keep))
    _finish(report, wants_json)


@remote.command()
@click.option("--connection", "connection_name", required=True, metavar="NAME")
@_json
@click.pass_obj
def usage(library: Path, connection_name: str, wants_json: bool) -> None:
    """Quota or credits, as the service tells them."""
    with opened(library, writable=False) as at:
        connection = at.studio.connections.find(connection_name)
        found = as_json(_ask(at, connection, "Asking", lambda client, _: asking.usage(client)))
    print_json(found)


@remote.command("call")
@click.argument("operation")
@click.option("--connection", "connection_name", required=True, metavar="NAME")
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE")
@click.option("--file", "files", multiple=True, metavar="FIELD=PATH")
@_json
@click.pass_obj
def call_operation(
    library: Path, operation: str, connection_name: str, settings: tuple[str, ...], files: tuple[str, ...], wants_json: bool
) -> None:
    """Any published operation by its name, as logtalk.list_episodes."""
    with opened(library, writable=False) as at:
        connection = at.studio.connections.find(connection_name)
        name = operation if "." in operation else f"{connection.service}.{operation}"
        find_operation(name)
        paths = dict(_file(each) for each in files)
        print_json(_ask(at, connection, "Asking", lambda client, _: call(name, client, settings, paths)))


# Inside


def _chosen(at: Opened, project: str, name: str) -> list[Connection]:
    connections = at.studio.connections
    project_id = find_project(at.studio, project) if project else None
    if name:
        found = [connections.find(name)]
        if project_id is not None and found[0].project_id != project_id:
            raise InputError(f"The connection '{name}' is another project's.", cure="Leave --project out.")
        return found
    chosen = list(connections.all(project_id))
    if not chosen:
        raise InputError("There is no connection.", cure="Make one with 'declaim connect'.")
    return chosen


def _send(at: Opened, wishes: Sequence[WishId], *, wait: bool = False) -> Report:
    if not wishes:
        return Report()

    def start(done: Callable[[Report], None], failed: Callable[[Exception], None]) -> JobId:
        return at.studio.syncing.send(wishes, SyncOptions(wait=wait), done, failed)

    return run_job(at, "Sending", start)


def _finish(report: Report, wants_json: bool) -> None:
    plain = report.to_json()
    if wants_json:
        print_json(plain)
    else:
        done = [f"{name} {count}" for name, count in plain.items() if name != "failed" and count]
        click.echo(", ".join(done) or "in step")
    for note in report.notes:
        say(note)
    for failure in report.failed:
        request = f" (request {failure.request_id})" if failure.request_id else ""
        say(f"Error: {failure.item}: {failure.message}{request}")
    if report.failed:
        raise SystemExit(1)


def _ask(at: Opened, connection: Connection, title: str, work: Work) -> Any:
    def start(done: Callable[[Any], None], failed: Callable[[Exception], None]) -> JobId:
        return at.studio.syncing.run(connection, title, work, done, failed)

    return run_job(at, title, start)


def _target(at: Opened, item: str, connection_name: str, *, must_be_known: bool = False) -> tuple[Connection, RemoteItem | None]:
    """The item as it is known here; with a connection named, one that is only known there will do."""
    connection = at.studio.connections.find(connection_name) if connection_name else None
    try:
        known = at.studio.syncing.find_item(item, connection)
    except InputError:
        everywhere = at.studio.connections.all()
        connection = connection or (everywhere[0] if len(everywhere) == 1 else None)
        if connection is None or must_be_known:
            raise
        return connection, None
    return at.studio.library.connections.get(known.connection_id), known


def _named_or_same(at: Opened, what: str) -> str:
    """A title as the id of what has it; anything else stays."""
    try:
        return find_named(at.studio, what).outside_id
    except InputError:
        return what


def _here(item: RemoteItem) -> str | None:
    return outside_id(item.item_kind, item.item_id) if item.item_kind and item.item_id is not None else None


def _get(client: Client, kind: str, remote_id: str) -> object:
    if isinstance(client, LogTalk):
        return client.get_conversion(remote_id)
    if isinstance(client, Respeecher):
        return client.get_folder(remote_id) if kind == "folder" else client.get_recording(remote_id)
    return client.get_article(remote_id)


def _download(client: Client, remote_id: str, output: Path, preview: bool) -> Any:
    if isinstance(client, LogTalk):
        return client.download_conversion(remote_id, output)
    if isinstance(client, Respeecher):
        return client.download_recording(remote_id, output)
    return client.download_article(remote_id, output, preview=preview)


def _file(text: str) -> tuple[str, Path]:
    name, equals, path = text.partition("=")
    if not equals or not path:
        raise click.BadParameter(f"'{text}' is not FIELD=PATH.", param_hint="--file")
    return name.strip(), Path(path)


def _entries(found: Any) -> list[dict[str, Any]]:
    """Of a list as any service gives it."""
    if isinstance(found, dict):
        found = next((found[name] for name in ("items", "data", "list", "articles") if isinstance(found.get(name), list)), [])
    return [entry for entry in found if isinstance(entry, dict)]
