"""``import``, ``list``, ``rename``, ``delete``, ``search``, ``export`` and ``stats``: what reads or writes the library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar

import click

from declaim.cli.group import declaim
from declaim.cli.terminal import print_json, progress_bar, say, stoppable
from declaim.commands.bundles import AUDIO_FORMATS
from declaim.commands.importing import Imported, preview
from declaim.commands.keys import discover_voices
from declaim.commands.naming import Named, find_named
from declaim.commands.studio import Studio
from declaim.errors import InputError
from declaim.jobs import Jobs, PostQueue
from declaim.model.ids import JobId, RecordingId, outside_id
from declaim.storage import Library, SearchHit

T = TypeVar("T")


class Opened(NamedTuple):
    studio: Studio
    door: PostQueue


@contextmanager
def opened(folder: Path, *, writable: bool = True) -> Iterator[Opened]:
    """A studio on the library, for the length of a command."""
    from concurrent.futures import ThreadPoolExecutor

    is_new = not (folder / "library.db").exists()
    if is_new and not writable:
        say(f"There is no library in '{folder}' yet; `declaim import` makes one.")
    library = Library.in_memory(folder / "media") if is_new and not writable else Library.open(folder, writable=writable)
    door = PostQueue()
    jobs = Jobs(ThreadPoolExecutor(2, thread_name_prefix="job"), door.post)
    at = Opened(Studio(library, discover_voices(), jobs), door)
    try:
        if writable and any(library.media_folder.recording.glob("*.wav")):
            _restore(at)
        yield at
    finally:
        at.studio.close()


def _restore(at: Opened) -> None:
    """Makes takes of what a Declaim that was killed had recorded, and tells."""
    recordings = at.studio.recordings
    restored = run_job(at, "Restoring", at.studio.microphone.restore)
    for take_id in restored.take_ids:
        name = f"{outside_id('recording', take_id)}, {recordings.get(take_id).label} of '{recordings.title(take_id)}'"
        say(f"Declaim ended while this was recorded; what was said until then is kept: {name}.")
    for problem in restored.problems:
        say(problem)


def run_job(at: Opened, title: str, start: Callable[[Callable[[T], None], Callable[[Exception], None]], JobId]) -> T:
    """Starts a job and waits for it, with a bar and Ctrl-C; returns what it gave ``done``.

    Raises:
        DeclaimError: what the job failed with.
        Stopped: after Ctrl-C.
    """
    results: list[T] = []
    errors: list[Exception] = []
    jobs = at.studio.jobs
    with stoppable() as cancel, progress_bar(title) as progress:
        unsubscribe = jobs.subscribe(lambda status: progress.forward(status.progress) if status.progress else None)
        job_id = start(results.append, errors.append)
        at.door.run_until(
            lambda: bool(results or errors),
            lambda: jobs.cancel(job_id) if cancel.is_cancelled else None,
        )
        unsubscribe()
        if errors:
            raise errors[0]
    return results[0]


@declaim.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--project", required=True, help="The project's name; it is made where there is none.")
@click.option("--folder", default="", help="A folder in it, as in Releases or a/b.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def import_files(library: Path, files: tuple[Path, ...], project: str, folder: str, as_json: bool) -> None:
    """Documents, scripts, audio files and bundles into the library."""
    items = [preview(path) for path in files]
    unreadable = [f"{item.path}: {item.problem}" for item in items if item.problem]
    if len(unreadable) == len(items):
        raise InputError("; ".join(unreadable))
    with opened(library) as at:
        studio = at.studio
        is_new = studio.library.projects.find(project.strip()) is None
        project_id = studio.projects.find_or_create(project)
        folder_id = studio.projects.find_or_create_folder(project_id, folder) if folder else None

        def start(done: Callable[[Imported], None], failed: Callable[[Exception], None]) -> JobId:
            return studio.importing.import_items(items, project_id, folder_id, done, failed)

        imported = run_job(at, "Importing", start)
        if is_new and imported.problems and not (imported.documents or imported.scripts or imported.recordings):
            studio.projects.trash(project_id)  # it was made for nothing
        made = {
            "project": outside_id("project", project_id),
            "documents": [outside_id("document", item) for item in imported.documents],
            "scripts": [outside_id("script", item) for item in imported.scripts],
            "recordings": [outside_id("recording", item) for item in imported.recordings],
            "problems": list(imported.problems),
        }
    if as_json:
        print_json(made)
    else:
        for kind in ("documents", "scripts", "recordings"):
            if made[kind]:
                click.echo(f"{kind}: {', '.join(made[kind])}")
    if imported.problems:
        raise InputError("; ".join(imported.problems))


@declaim.command("list")
@click.option("--project", default="", help="Only this project, by name or id.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def list_items(library: Path, project: str, as_json: bool) -> None:
    """Projects, folders, documents, scripts, recordings."""
    from declaim.commands.listing import listing

    with opened(library, writable=False) as (studio, _):
        found = listing(studio, project)
    if as_json:
        print_json(found)
        return
    for kind, entries in found.items():
        for entry in entries:
            name = entry.get("title") or entry.get("name") or entry.get("label")
            length = f"  {entry['duration_ms'] / 1000:.1f} s" if entry.get("duration_ms") else ""
            click.echo(f"{entry['id']:6} {kind[:-1]:10} {name}{length}")


@declaim.command()
@click.argument("what")
@click.argument("title")
@click.pass_obj
def rename(library: Path, what: str, title: str) -> None:
    """Rename a project, folder, script or recording."""
    with opened(library) as (studio, _):
        named = find_named(studio, what)
        named.rename(studio, title)
    say(f"{named.outside_id} is now '{title}'.")


@declaim.command()
@click.argument("what")
@click.pass_obj
def delete(library: Path, what: str) -> None:
    """Put a project, folder, document, script or recording into the trash."""
    with opened(library) as (studio, _):
        named = find_named(studio, what)
        named.trash(studio)
    say(f"{named.outside_id} '{named.title}' is in the trash.")


@declaim.command()
@click.argument("query")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def search(library: Path, query: str, as_json: bool) -> None:
    """Titles, scripts, notes, transcripts."""
    with opened(library, writable=False) as (studio, _):
        hits = studio.search(query)
    if as_json:
        print_json([{"id": _id_of(hit), "kind": hit.kind, "title": hit.title, "snippet": hit.snippet} for hit in hits])
        return
    for hit in hits:
        click.echo(f"{_id_of(hit):6} {hit.kind:10} {hit.title}: {hit.snippet}")


def _id_of(hit: SearchHit) -> str:
    """A line is named by its script."""
    return outside_id("script", hit.script_id) if hit.script_id is not None else outside_id(hit.kind, hit.id)


@declaim.command()
@click.argument("what")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="OUT.zip, or a folder.")
@click.option("--starred-only", is_flag=True, help="Only takes with a star.")
@click.option("--format", "audio_format", type=click.Choice(AUDIO_FORMATS), default="mp3", help="Of the audio in it.")
@click.pass_obj
def export(library: Path, what: str, output: Path, starred_only: bool, audio_format: str) -> None:
    """A project, folder, script or recording as a bundle (OUT.zip) or as files in a folder."""
    with opened(library, writable=False) as at:
        studio = at.studio
        named: Named = find_named(studio, what)
        exporting = studio.exporting

        def start(done: Callable[[Path], None], failed: Callable[[Exception], None]) -> JobId:
            if named.kind == "recording" and output.suffix.lower().lstrip(".") in AUDIO_FORMATS:
                return exporting.save_take(RecordingId(named.id), output, done, failed)
            return exporting.bundle(
                named.kind,
                named.id,
                output,
                starred_only=starred_only,
                audio_format=audio_format,
                done=done,
                failed=failed,
            )

        path: Path = run_job(at, "Exporting", start)
    say(f"{path}: {named.title}")


@declaim.command()
@click.option("--project", default="", help="Only this project, by name or id.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def stats(library: Path, project: str, as_json: bool) -> None:
    """What the library holds: projects, scripts, takes, hours of audio."""
    from declaim.commands.listing import statistics

    with opened(library, writable=False) as (studio, _):
        found = statistics(studio, project)
    if as_json:
        print_json(found)
        return
    for name, value in found.items():
        click.echo(f"{name.replace('_', ' '):24} {value}")
