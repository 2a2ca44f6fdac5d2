from __future__ import annotations

import json

import pytest

from declaim.commands.importing import preview
from declaim.errors import InputError
from declaim.model.library import RecordingType
from declaim.scripts import parse_script
from tests.support.studios import SCRIPT, add_script


@pytest.fixture
def rendered(studio, project_id):
    """A project with a folder, a rendered script in it, and one without takes beside it."""
    folder_id = studio.projects.create_folder(project_id, "Releases")
    script_id = studio.scripts.add(project_id, folder_id, parse_script(SCRIPT))
    add_script(studio, "# Second\n\n[NARRATOR]: Alone.\n")
    studio.rendering.render(script_id)
    take = studio.recordings.get(studio.recordings.of_script(script_id)[0].id)
    studio.recordings.note(take.id, "the good one")
    return project_id, folder_id, script_id, take


def test_a_project_comes_back_from_its_bundle_without_loss(studio, rendered, tmp_path):
    project_id, _, script_id, take = rendered
    studio.recordings.star(take.id, True)
    studio.exporting.bundle("project", project_id, tmp_path / "all.zip")
    other = studio.projects.create("Other")
    imported = []
    studio.importing.import_items([preview(tmp_path / "all.zip")], other, done=imported.append)
    assert len(imported[0].scripts) == 2
    texts = {studio.scripts.row(new).text for new in imported[0].scripts}
    assert studio.scripts.row(script_id).text in texts
    again = studio.recordings.get(imported[0].recordings[0])
    assert studio.recordings.audio_path(again.id).read_bytes() == studio.recordings.audio_path(take.id).read_bytes()
    assert (again.label, again.starred, again.note, again.duration_ms) == (take.label, True, "the good one", take.duration_ms)
    assert [(t.start_ms, t.shown, t.chapter_key) for t in again.timings] == [
        (t.start_ms, t.shown, t.chapter_key) for t in take.timings
    ]
    assert again.parameters == take.parameters
    assert [folder.name for folder in studio.projects.folders(other)] == ["Releases"]


def test_a_bundle_brings_back_nested_folders_dates_originals_and_the_cast(studio, project_id, tmp_path):
    library = studio.library
    outer = studio.projects.create_folder(project_id, "Zoo")
    inner = studio.projects.create_folder(project_id, "Ape", outer)
    script_id = studio.scripts.add(project_id, inner, parse_script(SCRIPT))
    studio.rendering.render(script_id)
    take = studio.recordings.get(studio.recordings.of_script(script_id)[0].id)
    with library.transaction("Convert"):
        library.recordings.date(take.id, "2025-01-02T03:04:05.000Z")
        library.recordings.add(
            project_id,
            type=RecordingType.CONVERSION,
            label="By another voice",
            original_id=take.id,
            path=take.path,
            duration_ms=take.duration_ms,
        )
        library.projects.set_settings(project_id, {"delivery": {"preset": "measured"}})
    studio.exporting.bundle("project", project_id, tmp_path / "all.zip")

    other, imported = studio.projects.create("Other"), []
    studio.importing.import_items([preview(tmp_path / "all.zip")], other, done=imported.append)

    folders = {folder.name: folder for folder in studio.projects.folders(other)}
    assert folders["Ape"].parent_id == folders["Zoo"].id
    rows = {row.label: row for row in library.recordings.all(other)}
    assert rows[take.label].created_at == "2025-01-02T03:04:05.000Z"
    assert rows["By another voice"].original_id == rows[take.label].id
    assert library.projects.get(other).settings == {"delivery": {"preset": "measured"}}


def test_starred_only_takes_what_has_a_star(studio, rendered, tmp_path):
    project_id, _, _, take = rendered
    with pytest.raises(InputError, match="starred"):
        studio.exporting.bundle("project", project_id, tmp_path / "starred.zip", starred_only=True)
    studio.recordings.star(take.id, True)
    studio.exporting.bundle("project", project_id, tmp_path / "starred", starred_only=True)
    manifest = json.loads((tmp_path / "starred" / "manifest.json").read_text())
    assert len(manifest["recordings"]) == 1
    assert len(manifest["scripts"]) == 1


def test_a_bundle_holds_captions_of_the_shown_text(studio, rendered, tmp_path):
    *_, take = rendered
    studio.exporting.bundle("recording", take.id, tmp_path / "take")
    (caption,) = (tmp_path / "take" / "captions").glob("*.srt")
    text = caption.read_text()
    assert "kubectl" in text
    assert "kube control" not in text


def test_a_take_is_saved_in_the_format_of_its_name(studio, rendered, tmp_path):
    import soundfile

    *_, take = rendered
    studio.exporting.save_take(take.id, tmp_path / "take.wav")
    assert abs(soundfile.info(tmp_path / "take.wav").duration * 1000 - take.duration_ms) < 120
    with pytest.raises(InputError, match="format"):
        studio.exporting.save_take(take.id, tmp_path / "take.xyz")


@pytest.mark.parametrize("refused", ["take.srt", "take.wav"])
def test_a_saved_take_and_its_captions_are_replaced_together_or_not_at_all(studio, rendered, tmp_path, refused):
    *_, take = rendered
    (tmp_path / "saved").mkdir()
    for name in {"take.srt", "take.wav"} - {refused}:
        (tmp_path / "saved" / name).write_text("old")
    (tmp_path / "saved" / refused).mkdir()
    studio.exporting.save_take(take.id, tmp_path / "saved" / "take.wav", beside=("srt", "vtt"), failed=lambda _error: None)

    assert {path.name for path in (tmp_path / "saved").iterdir()} == {"take.srt", "take.wav"}
    assert [path.read_text() for path in (tmp_path / "saved").iterdir() if path.is_file()] == ["old"]


def test_a_bundle_in_a_folder_is_there_whole_or_as_it_was(studio, rendered, tmp_path):
    project_id, *_ = rendered
    folder = tmp_path / "out"
    studio.exporting.bundle("project", project_id, folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    manifest = folder / "manifest.json"
    manifest.unlink()
    manifest.mkdir()
    studio.projects.create_folder(project_id, "More")
    studio.exporting.bundle("project", project_id, folder, failed=lambda _error: None)
    del before[manifest]

    assert len(before) > 3
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_importing_a_bundle_is_one_step_of_undo(studio, rendered, tmp_path):
    project_id, *_ = rendered
    studio.exporting.bundle("project", project_id, tmp_path / "all.zip")
    other = studio.projects.create("Other")
    before = len(studio.tree())
    studio.importing.import_items([preview(tmp_path / "all.zip")], other)
    assert len(studio.tree()) > before
    studio.undo()
    assert len(studio.tree()) == before


def test_a_take_keeps_its_tags_and_chapters_in_another_format_and_has_company(studio, rendered, tmp_path):
    import mutagen.flac

    *_, take = rendered
    beside = ("srt", "chapters", "transcript", "transcript-json", "notes")
    studio.exporting.save_take(take.id, tmp_path / "take.flac", beside=beside)
    tags = mutagen.flac.FLAC(tmp_path / "take.flac").tags

    assert tags["title"]
    assert tags["album"]
    assert tags["lyrics"]
    written = {path.name for path in tmp_path.glob("take.*")}
    assert written >= {
        "take.flac",
        "take.srt",
        "take.chapters.json",
        "take.transcript.txt",
        "take.transcript.json",
        "take.notes.md",
    }


def test_a_bundle_keeps_what_the_writer_left_out(studio, project_id, tmp_path):
    left_out = [{"source_lines": [3, 4], "text": "a code block", "reason": "code block"}]
    script_id = studio.scripts.add(project_id, None, parse_script(SCRIPT))
    with studio.library.transaction("Left out"):
        studio.library.scripts.set_writing(script_id, "offline", left_out)
    path = tmp_path / "kept.zip"
    studio.exporting.bundle("project", project_id, path)
    other = studio.projects.create("Other")
    made = []
    studio.importing.import_items([preview(path)], other, None, made.append)
    kept = studio.scripts.left_out(made[0].scripts[0])
    assert [(left.source_lines, left.text, left.reason) for left in kept] == [((3, 4), "a code block", "code block")]


@pytest.mark.parametrize("harm", ["deleted", "cut off"])
def test_a_take_whose_audio_was_harmed_is_named_and_no_bundle_is_written(studio, rendered, tmp_path, harm):
    project_id, _, _, take = rendered
    path = studio.recordings.audio_path(take.id)
    path.unlink() if harm == "deleted" else path.write_bytes(path.read_bytes()[:3000])
    told = []
    studio.jobs.subscribe(lambda job: told.append(job.failure))
    studio.exporting.bundle("project", project_id, tmp_path / "all.zip")

    assert f"The audio of '{take.label}' is gone or damaged." in told[-1]
    assert not (tmp_path / "all.zip").exists()
    assert not list(tmp_path.glob(".all*"))
