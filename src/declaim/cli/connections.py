"""``connect``, ``connections`` and ``disconnect``: accounts at remote services."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from declaim.cli.group import declaim
from declaim.cli.library import opened, run_job
from declaim.cli.terminal import print_json, say
from declaim.commands.connections import ConnectionWish
from declaim.commands.naming import find_project
from declaim.errors import DeclaimError, InputError
from declaim.model.ids import JobId, outside_id
from declaim.model.remote import Connection, ConnectionId


@declaim.command()
@click.argument("service", type=click.Choice(["logtalk", "bottalk", "respeecher"]))
@click.option("--project", required=True, help="The project it belongs to; it is made where there is none.")
@click.option("--base-url", default="", help="Where the service is, if not at its usual address.")
@click.option("--name", default="", help="What to call the connection.")
@click.option("--requests-per-minute", type=click.IntRange(1, 10_000), help="At most so many.")
@click.option("--key-env", default="", metavar="VAR", help="The environment variable that holds the key.")
@click.option("--key-stdin", is_flag=True, help="Read the key from standard input.")
@click.option("--login", "email", default="", metavar="EMAIL", help="Respeecher: log in with a password, which is not kept.")
@click.option("--organization", default="", help="LogTalk: which organization, for the old episodes.")
@click.option("--allow-insecure", is_flag=True, help="Allow plain http to another computer: the key can be read on the way.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def connect(
    library: Path,
    service: str,
    project: str,
    base_url: str,
    name: str,
    requests_per_minute: int | None,
    key_env: str,
    key_stdin: bool,
    email: str,
    organization: str,
    allow_insecure: bool,
    as_json: bool,
) -> None:
    """Connect a project to a service; the key is tried once and kept in the keyring."""
    if key_env and key_stdin:
        raise click.UsageError("Give --key-env or --key-stdin, not both.")
    if email and key_env:
        raise click.UsageError("Give --login or --key-env, not both.")
    settings = {"organization_id": organization, "allow_insecure": allow_insecure}
    wish = ConnectionWish(
        service,
        _read_key(key_env, key_stdin, "Password: " if email else "Key: "),
        base_url,
        name,
        key_env,
        email,
        requests_per_minute=requests_per_minute,
        settings={key: value for key, value in settings.items() if value},
    )
    with opened(library) as at:
        known = {row.id for row in at.studio.projects.all()}
        project_id = at.studio.projects.find_or_create(project)

        def start(done: Callable[[ConnectionId], None], failed: Callable[[Exception], None]) -> JobId:
            return at.studio.connections.connect(project_id, wish, done, failed)

        try:
            connection = at.studio.library.connections.get(run_job(at, "Connecting", start))
        except DeclaimError:
            if project_id not in known:
                at.studio.projects.trash(project_id)
            raise
        shown = _shown(connection)
    if as_json:
        print_json(shown)
    else:
        say(f"Connected '{connection.name}' to {connection.base_url}.")


@declaim.command()
@click.option("--project", default="", help="Only this project, by name or id.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def connections(library: Path, project: str, as_json: bool) -> None:
    """The connections of the library or of a project."""
    with opened(library, writable=False) as (studio, _):
        project_id = find_project(studio, project) if project else None
        found = [_shown(each) for each in studio.connections.all(project_id)]
    if as_json:
        print_json(found)
        return
    for entry in found:
        synced = f"  synced {entry['synced_at']}" if entry["synced_at"] else ""
        click.echo(f"{entry['name']:16} {entry['service']:11} {entry['base_url']}{synced}")


@declaim.command()
@click.argument("name")
@click.pass_obj
def disconnect(library: Path, name: str) -> None:
    """Forget a connection and its key. What was made with it stays, here and there."""
    with opened(library) as at:
        connection = at.studio.connections.find(name)

        def start(done: Callable[[bool], None], failed: Callable[[Exception], None]) -> JobId:
            return at.studio.connections.disconnect(connection, lambda: done(True), failed)

        run_job(at, "Disconnecting", start)
    say(f"Disconnected '{connection.name}'.")


def _shown(connection: Connection) -> dict[str, object]:
    return {
        "name": connection.name,
        "service": connection.service,
        "project_id": outside_id("project", connection.project_id),
        "base_url": connection.base_url,
        "key_in": f"${connection.key_env}" if connection.key_env else "keyring",
        "requests_per_minute": connection.requests_per_minute,
        "synced_at": connection.synced_at or None,
    }


def _read_key(key_env: str, key_stdin: bool, prompt: str) -> str:
    if key_env:
        key = os.environ.get(key_env, "").strip()
        if not key:
            raise InputError(f"The environment variable {key_env} is not set.", cure="Set it to the key.")
        return key
    is_piped = key_stdin or not sys.stdin.isatty()
    key = (sys.stdin.readline() if is_piped else getpass.getpass(prompt)).strip()
    if not key:
        raise InputError("There is no key.", cure="Give it with --key-env NAME or --key-stdin.")
    return key
