from __future__ import annotations

import os
import time

import pytest

from declaim.errors import InputError
from declaim.model.library import LineDraft, RecordingType
from declaim.model.source import SourceType


@pytest.fixture
def ids(library):
    with library.transaction("Fill"):
        project = library.projects.add("MyApp")
        folder = library.folders.add(project, "Releases")
        document = library.documents.add(project, folder, "Doc", SourceType.DOCUMENT, "text")
        script = library.scripts.add(project, folder, document, "Script")
        library.lines.replace(script, [LineDraft("HOST1", "Words")])
        library.versions.add(script, "text", "written")
        take = library.recordings.add(project, folder, type=RecordingType.CONVERSION, label="Take", script_id=script, note="warm")
    return {"project": project, "folder": folder, "document": document, "script": script, "take": take}


def delete(library, table, item_id):
    with library.transaction("Delete"):
        getattr(library, table).trash(item_id)


def test_the_trash_lists_what_was_deleted_itself(library, ids):
    delete(library, "recordings", ids["take"])
    delete(library, "folders", ids["folder"])
    assert {(item.kind, item.title) for item in library.trash.items()} == {("recording", "Take"), ("folder", "Releases")}


def test_restoring_brings_back_what_hides_it_too(library, ids):
    delete(library, "scripts", ids["script"])
    delete(library, "projects", ids["project"])
    with library.transaction("Restore"):
        library.trash.restore("script", ids["script"])
    assert [row.kind for row in library.tree()] == ["project", "folder", "document", "script", "recording"]
    assert library.trash.items() == ()


def test_deleting_twice_keeps_the_first_date(library, ids):
    delete(library, "scripts", ids["script"])
    before = library.trash.items()
    delete(library, "scripts", ids["script"])
    assert library.trash.items() == before


def test_purging_deletes_what_is_old_with_all_below(library, ids, announced):
    delete(library, "scripts", ids["script"])
    assert library.purge(older_than_days=30) == 0
    assert library.undo_label == "Delete"
    time.sleep(0.002)
    assert library.purge(older_than_days=0) == 1
    assert [row.kind for row in library.tree()] == ["project", "folder", "document"]
    assert announced[-1].touches("scripts")
    assert announced[-1].touches("lines", "recordings", "notes", "script_versions")
    assert library.undo_label is None
    assert library.search("words") == ()
    assert library.notes.of("recording", ids["take"]) == ""
    assert library.check() == ()
    with pytest.raises(InputError, match="not in the trash"), library.transaction("Restore"):
        library.trash.restore("script", ids["script"])


def test_a_purged_document_leaves_its_script(library, ids):
    delete(library, "documents", ids["document"])
    time.sleep(0.002)
    library.purge(older_than_days=0)
    assert library.scripts.get(ids["script"]).document_id is None


def test_audio_that_no_row_names_is_removed_when_it_is_old(library, ids):
    media = library.media_folder
    kept, lost, young = (media.keep(name, ".mp3") for name in (b"kept", b"lost", b"young"))
    peaks = media.keep(b"peaks", ".peaks")
    line = media.line("ab" * 32)
    line.parent.mkdir(parents=True)
    line.write_bytes(b"flac")
    with library.transaction("Done", undoable=False):
        library.recordings.finish(ids["take"], path=kept, peaks_path=peaks, duration_ms=1)
    for name in (kept, lost, peaks):
        os.utime(media.resolve(name), (0, 0))
    os.utime(line, (0, 0))
    assert media.remove_unnamed(library.trash.named_files()) == len(b"lost")
    assert [media.resolve(name).exists() for name in (kept, lost, young, peaks)] == [True, False, True, True]
    assert line.exists()


def test_adopting_a_file_again_makes_it_young(library, tmp_path):
    media = library.media_folder
    (tmp_path / "a.wav").write_bytes(b"sound")
    name = media.adopt(tmp_path / "a.wav")
    os.utime(media.resolve(name), (0, 0))
    media.adopt(tmp_path / "a.wav")
    media.remove_unnamed(library.trash.named_files())
    assert media.resolve(name).exists()
