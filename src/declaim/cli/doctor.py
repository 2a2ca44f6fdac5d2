"""``doctor``: what works on this machine and what to install."""

from __future__ import annotations

from pathlib import Path

import click

from declaim.cli.group import declaim
from declaim.cli.terminal import print_json, progress_bar, stoppable
from declaim.commands.doctor import examine
from declaim.commands.keys import discover_voices
from declaim.commands.measuring import measure_all


@declaim.command()
@click.option("--measure", is_flag=True, help="First measure how local voices speak fastest here (ten seconds each).")
@click.option("--thorough", is_flag=True, help="Read all audio of the library, also what has not changed since it was read.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def doctor(library: Path, measure: bool, thorough: bool, as_json: bool) -> None:
    """What works on this machine and what to install; checks the library too."""
    if measure:
        with stoppable() as cancel, progress_bar("Measuring") as progress:
            measure_all(discover_voices(), cancel, progress)
    with stoppable() as cancel, progress_bar("Looking") as progress:
        checks = examine(library, is_thorough=thorough, cancel=cancel, progress=progress)
    healthy = all(check.is_ok for check in checks if check.is_needed)
    if as_json:
        plain = [
            {"name": check.name, "ok": check.is_ok, "detail": check.detail, "cure": check.cure, "needed": check.is_needed}
            for check in checks
        ]
        print_json({"ok": healthy, "checks": plain})
    else:
        for check in checks:
            mark = "ok" if check.is_ok else "FAULT" if check.is_needed else "--"
            click.echo(f"{mark:6} {check.name:18} {check.detail}")
            if check.cure and check.cure != check.detail:
                click.echo(f"{'':25} {check.cure}")
    if not healthy:
        raise SystemExit(1)
