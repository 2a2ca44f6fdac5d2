"""What the commands about services share: the group, its options, and how they ask, send and report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import click

from declaim.cli.group import declaim
from declaim.cli.library import Opened, run_job
from declaim.cli.terminal import print_json, say
from declaim.commands.looking import kind_at
from declaim.commands.naming import find_named, find_project
from declaim.commands.syncing import Report, SyncOptions
from declaim.errors import InputError
from declaim.model.ids import JobId, outside_id
from declaim.model.remote import Connection, RemoteItem, WishId
from declaim.model.work import CancelToken
from declaim.remote import Client

Work = Callable[[Client, CancelToken], Any]
wants_json = click.option("--json", "wants_json", is_flag=True, help="Print one JSON document.")
which = click.option("--connection", "connection_name", default="", metavar="NAME", help="Which connection.")
this = click.option("--connection", "connection_name", required=True, metavar="NAME")
wait_option = click.option("--wait", is_flag=True, help="Until what is being made there is done.")
settings_option = click.option(
    "--set", "settings", multiple=True, metavar="FIELD=VALUE", help="Any field, as the service calls it."
)


@dataclass(frozen=True)
class Target:
    """An item there; ``known``: as it is known here."""

    connection: Connection
    remote_id: str
    known: RemoteItem | None = None

    def kind(self, said: str | None) -> str:
        """What it is there; ``said`` by the user, where it is not known here."""
        return self.known.remote_kind if self.known else kind_at(self.connection.service, said or "")


@declaim.group()
def remote() -> None:
    """What is at a service: publish, list, share, retry, delete."""


def chosen(at: Opened, project: str, name: str) -> list[Connection]:
    connections = at.studio.connections
    project_id = find_project(at.studio, project) if project else None
    if name:
        found = [connections.find(name)]
        if project_id is not None and found[0].project_id != project_id:
            raise InputError(f"The connection '{name}' is another project's.", cure="Leave --project out.")
        return found
    every = list(connections.all(project_id))
    if not every:
        raise InputError("There is no connection.", cure="Make one with 'declaim connect'.")
    return every


def send(at: Opened, wishes: Sequence[WishId], *, wait: bool = False) -> Report:
    if not wishes:
        return Report()

    def start(done: Callable[[Report], None], failed: Callable[[Exception], None]) -> JobId:
        return at.studio.syncing.send(wishes, SyncOptions(wait=wait), done, failed)

    return run_job(at, "Sending", start)


def finish(report: Report, as_json: bool, more: dict[str, Any] | None = None) -> None:
    """Tells what was done; exit 1 where something failed."""
    plain = report.to_json()
    if as_json:
        print_json({**plain, **(more or {})})
    else:
        done = [f"{name} {count}" for name, count in plain.items() if name != "failed" and count]
        click.echo(", ".join(done) or "in step")
    for note in (*report.new, *report.notes):
        say(note)
    for failure in report.failed:
        request = f" (request {failure.request_id})" if failure.request_id else ""
        say(f"Error: {failure.item}: {failure.message}{request}")
    if report.failed:
        raise SystemExit(1)


def ask(at: Opened, connection: Connection, title: str, work: Work) -> Any:
    def start(done: Callable[[Any], None], failed: Callable[[Exception], None]) -> JobId:
        return at.studio.syncing.run(connection, title, work, done, failed)

    return run_job(at, title, start)


def target(at: Opened, item: str, connection_name: str) -> Target:
    """The item as it is known here; with a connection named, or only one, what is only known there will do."""
    connection = at.studio.connections.find(connection_name) if connection_name else None
    try:
        known = at.studio.syncing.find_item(named_or_same(at, item), connection)
    except InputError:
        everywhere = at.studio.connections.all()
        connection = connection or (everywhere[0] if len(everywhere) == 1 else None)
        if connection is None:
            raise
        return Target(connection, item)
    return Target(at.studio.library.connections.get(known.connection_id), known.remote_id, known)


def known_target(at: Opened, item: str, connection_name: str) -> tuple[Connection, RemoteItem]:
    """
    Raises:
        InputError: for what is not known here.
    """
    connection = at.studio.connections.find(connection_name) if connection_name else None
    known = at.studio.syncing.find_item(named_or_same(at, item), connection)
    return at.studio.library.connections.get(known.connection_id), known


def named_or_same(at: Opened, what: str) -> str:
    """A title as the id of what has it; anything else stays."""
    try:
        return find_named(at.studio, what).outside_id
    except InputError:
        return what


def here(item: RemoteItem) -> str | None:
    return outside_id(item.item_kind, item.item_id) if item.item_kind and item.item_id is not None else None
