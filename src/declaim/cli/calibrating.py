"""``calibrate``: measure a sample of a microphone or a voice."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import click

from declaim.cli.group import declaim
from declaim.cli.library import opened, run_job
from declaim.cli.terminal import print_json
from declaim.model.calibration import Calibration
from declaim.model.ids import JobId


@declaim.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="What to call it; one that has this name is measured anew.")
@click.option("--project", default="", help="Keep it for this project only; it is made where there is none.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def calibrate(library: Path, file: Path, name: str, project: str, as_json: bool) -> None:
    """Measure a sample: loudness, noise, pitch and pace, and what to do about them."""
    with opened(library) as at:
        project_id = at.studio.projects.find_or_create(project) if project else None
        measure = at.studio.calibrations.measure

        def start(done: Callable[[Calibration], None], failed: Callable[[Exception], None]) -> JobId:
            return measure(file, name, project_id, done, failed)

        made = run_job(at, f"Measuring {file.name}", start)
    if as_json:
        print_json({"name": made.name, **dataclasses.asdict(made.profile), "advice": list(made.advice)})
        return
    profile = made.profile
    for what, figure in (
        ("length", f"{profile.seconds:.1f} s"),
        ("loudness", f"{profile.integrated_lufs:.1f} LUFS"),
        ("true peak", f"{profile.true_peak_dbtp:.1f} dBTP"),
        ("noise floor", f"{profile.noise_floor_db:.1f} dB"),
        ("pitch", f"{profile.pitch_hz:.0f} Hz, over {profile.pitch_range_semitones:.1f} semitones"),
        ("pace", f"{profile.syllables_per_s:.1f} syllables a second"),
    ):
        click.echo(f"{what:12} {figure}")
    for sentence in made.advice:
        click.echo(sentence)
