"""``sync`` and those ``remote`` commands that change something, here or there. Each prints the report of a sync."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from declaim.cli.group import declaim
from declaim.cli.library import opened, run_job
from declaim.cli.services import (
    ask,
    chosen,
    finish,
    known_target,
    named_or_same,
    remote,
    send,
    settings_option,
    target,
    this,
    wait_option,
    wants_json,
    which,
)
from declaim.commands import asking
from declaim.commands.looking import KINDS, kind_at
from declaim.commands.naming import find_named
from declaim.commands.publishing import FORMS
from declaim.commands.syncing import Report, Syncing, SyncOptions
from declaim.errors import InputError
from declaim.model.ids import DocumentId, JobId
from declaim.model.remote import RemoteItem, WishId
from declaim.remote import embed_frame

_KIND = click.Choice(sorted({kind for kinds in KINDS.values() for kind in kinds}))
kind_option = click.option("--kind", type=_KIND, default=None, help="What it is, where it is not known here.")


@declaim.command()
@click.option("--project", default="", help="Only the connections of this project.")
@which
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing, here or there.")
@wait_option
@click.option("--no-audio", is_flag=True, help="Fetch no audio.")
@wants_json
@click.pass_obj
def sync(library: Path, project: str, connection_name: str, dry_run: bool, wait: bool, no_audio: bool, wants_json: bool) -> None:
    """Bring the library and the services in step."""
    options = SyncOptions(dry_run=dry_run, wait=wait, audio=not no_audio)
    with opened(library) as at:
        connections = chosen(at, project, connection_name)

        def start(done: Callable[[Report], None], failed: Callable[[Exception], None]) -> JobId:
            return at.studio.syncing.sync(connections, options, done, failed)

        report = run_job(at, "Syncing", start)
    finish(report, wants_json)


@remote.command()
@click.argument("what")
@this
@click.option("--as", "form", type=click.Choice(sorted({form for forms in FORMS.values() for form in forms})), default=None)
@settings_option
@click.option("--public", is_flag=True, help="LogTalk: with public addresses to listen and embed.")
@wait_option
@wants_json
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
        report = send(at, wishes, wait=wait)
    finish(report, wants_json)


@remote.command()
@click.argument("what")
@this
@settings_option
@wants_json
@click.pass_obj
def write(library: Path, what: str, connection_name: str, settings: tuple[str, ...], wants_json: bool) -> None:
    """LogTalk: have it write the script of a document; it becomes one here, to be edited and published within two hours."""
    with opened(library) as at:
        connection = at.studio.connections.find(connection_name)
        named = find_named(at.studio, what)
        if named.kind != "document":
            raise InputError(f"'{named.title}' is no document.", cure="Name what was imported; see 'declaim list'.")
        report = send(at, at.studio.publishing.wish_script(DocumentId(named.id), connection, settings))
    finish(report, wants_json)


@remote.command()
@click.argument("what")
@which
@click.option("--voice", "voices", multiple=True, metavar="ID", help="A voice there; see 'remote list --kind voices'.")
@click.option("--style", default="", metavar="ID", help="For text: the narration style; else the voice's own.")
@click.option("--accent", default="", metavar="ID", help="For speech: the accent.")
@click.option("--semitones", type=float, help="For speech: how much higher.")
@click.option("--calibration", default="", metavar="ID", help="For speech: the calibration.")
@settings_option
@wait_option
@wants_json
@click.pass_obj
def order(
    library: Path,
    what: str,
    connection_name: str,
    voices: tuple[str, ...],
    style: str,
    accent: str,
    semitones: float | None,
    calibration: str,
    settings: tuple[str, ...],
    wait: bool,
    wants_json: bool,
) -> None:
    """Respeecher: conversions of an original that is there, by one or more voices. Costs credits."""
    how = {"narration_style_id": style or None, "accent_id": accent or None, "semitones_correction": semitones}
    each = {name: value for name, value in how.items() if value is not None}
    wanted = [f"conversions={json.dumps([{'voice_id': voice, **each} for voice in voices])}"] if voices else []
    wanted += [f"calibration_id={calibration}", "use_calibration=true"] if calibration else []
    with opened(library) as at:
        connection, known = known_target(at, what, connection_name)
        report = send(at, at.studio.publishing.wish_order(known, connection, (*wanted, *settings)), wait=wait)
    finish(report, wants_json)


@remote.command()
@click.argument("item", default="")
@which
@kind_option
@wait_option
@wants_json
@click.pass_obj
def retry(library: Path, item: str, connection_name: str, kind: str | None, wait: bool, wants_json: bool) -> None:
    """Once more what was refused, or failed while it was made there; without ITEM, everything that was refused."""
    with opened(library) as at:
        connection = at.studio.connections.find(connection_name) if connection_name else None
        syncing = at.studio.syncing
        if not item:
            wishes = syncing.retry_all(connection)
        elif connection is not None and kind:
            wishes = (syncing.wish_retry_unknown(connection, item, kind_at(connection.service, kind or "")),)
        else:
            wishes = syncing.wish_retry(named_or_same(at, item), connection)
        report = send(at, wishes, wait=wait)
    finish(report, wants_json)


@remote.command()
@click.argument("item")
@which
@click.option("--public/--private", "public", default=None, help="Make it public, or private again.")
@click.option("--embed-token", is_flag=True, help="Make an embed token.")
@click.option("--revoke", default="", metavar="TOKEN", help="Revoke an embed token.")
@wants_json
@click.pass_obj
def share(
    library: Path, item: str, connection_name: str, public: bool | None, embed_token: bool, revoke: str, wants_json: bool
) -> None:
    """LogTalk: the addresses to listen and embed, embed tokens, and what to paste into a page."""
    with opened(library) as at:
        there = target(at, item, connection_name)
        connection, remote_id, known, syncing = there.connection, there.remote_id, there.known, at.studio.syncing
        wishes: list[WishId] = [syncing.wish_share(connection, remote_id, public, known)] if public is not None else []
        wishes += [syncing.wish_revoke(connection, remote_id, revoke, known)] if revoke else []
        wishes += [syncing.wish_embed_token(connection, remote_id, known)] if embed_token else []
        report = send(at, wishes)
        shared = ask(at, connection, "Asking", lambda client, _: asking.share(client, remote_id)).to_json()
    made = next((each for each in shared["tokens"] if each["token"] in report.tokens), None)
    if made:
        shared |= {"embed_token": made["token"], "embed_url": made["embed_url"]}
        shared["iframe"] = embed_frame(made["embed_url"])
    if not wants_json:
        for name in ("listen_url", "embed_url", "iframe", "oembed", "embed_token"):
            if shared.get(name):
                click.echo(f"{name}: {shared[name]}")
    if wants_json or report.failed or report.notes:
        finish(report, wants_json, shared)


@remote.command()
@click.argument("item")
@click.argument("title")
@which
@wants_json
@click.pass_obj
def rename(library: Path, item: str, title: str, connection_name: str, wants_json: bool) -> None:
    """Rename an item, here and there."""
    finish(_sent(library, item, connection_name, lambda syncing, known: syncing.wish_rename(known, title)), wants_json)


@remote.command()
@click.argument("item")
@which
@settings_option
@click.option("--with", "source", default="", metavar="WHAT", help="BotTalk: the words of this script or document.")
@wants_json
@click.pass_obj
def update(library: Path, item: str, connection_name: str, settings: tuple[str, ...], source: str, wants_json: bool) -> None:
    """Change fields of an item there, as the service calls them; an article's audio is made anew."""
    with opened(library) as at:
        there = target(at, item, connection_name)
        named = find_named(at.studio, source) if source else None
        words = (named.kind, named.id) if named else None
        update = at.studio.publishing.wish_update
        report = send(at, update(there.connection, there.remote_id, settings, item=there.known, source=words))
    finish(report, wants_json)


@remote.command()
@click.argument("item")
@which
@kind_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@wants_json
@click.pass_obj
def delete(library: Path, item: str, connection_name: str, kind: str | None, yes: bool, wants_json: bool) -> None:
    """Delete an item there; what is here stays."""
    with opened(library) as at:
        there = target(at, item, connection_name)
        if not yes and not click.confirm(f"Delete {item} at {there.connection.name}? This cannot be undone.", err=True):
            raise InputError("Nothing was deleted.", cure="Say yes, or give --yes.")
        syncing = at.studio.syncing
        if there.known:
            wish = syncing.wish_delete(there.known)
        else:
            wish = syncing.wish_delete_unknown(there.connection, item, there.kind(kind))
        report = send(at, (wish,))
    finish(report, wants_json)


@remote.command()
@click.argument("item")
@click.option("--keep", type=click.Choice(["here", "there", "both"]), required=True)
@which
@wants_json
@click.pass_obj
def resolve(library: Path, item: str, keep: str, connection_name: str, wants_json: bool) -> None:
    """End a conflict: keep what is here, what is there, or both."""
    finish(_sent(library, item, connection_name, lambda syncing, known: syncing.resolve(known, keep)), wants_json)


@remote.command()
@click.argument("item")
@which
@kind_option
@wants_json
@click.pass_obj
def fetch(library: Path, item: str, connection_name: str, kind: str | None, wants_json: bool) -> None:
    """One item as it is there now: its words as a script, its audio as a take. Finds old work (DocTalk) by its id."""
    finish(_fetched(library, item, connection_name, kind, preview=False), wants_json)


@remote.command()
@click.argument("item")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="A file to write; else a take in the library."
)
@click.option("--preview", is_flag=True, help="BotTalk: the preview.")
@which
@kind_option
@wants_json
@click.pass_obj
def audio(
    library: Path, item: str, output: Path | None, preview: bool, connection_name: str, kind: str | None, wants_json: bool
) -> None:
    """The audio of an item, as a take in the library or into a file."""
    if output is None:
        finish(_fetched(library, item, connection_name, kind, preview=preview), wants_json)
        return
    from declaim.cli.remote_looks import save_audio

    save_audio(library, item, output, connection_name, kind, preview=preview, as_json=wants_json)


def _sent(library: Path, item: str, connection_name: str, wish: Callable[[Syncing, RemoteItem], Sequence[WishId]]) -> Report:
    """What is wished of an item that is known here, sent at once."""
    with opened(library) as at:
        _, known = known_target(at, item, connection_name)
        return send(at, wish(at.studio.syncing, known))


def _fetched(library: Path, item: str, connection_name: str, kind: str | None, *, preview: bool) -> Report:
    with opened(library) as at:
        there = target(at, item, connection_name)
        what = there.kind(kind)

        def start(done: Callable[[Report], None], failed: Callable[[Exception], None]) -> JobId:
            return at.studio.syncing.fetch(there.connection, what, there.remote_id, done, failed, preview=preview)

        return run_job(at, "Fetching", start)


from declaim.cli import remote_looks  # noqa: E402, F401  its commands belong to the same group
