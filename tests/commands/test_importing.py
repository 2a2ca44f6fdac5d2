from __future__ import annotations

import numpy as np
import pytest
import soundfile

from declaim.commands.importing import ImportKind, preview
from tests.support.studios import SCRIPT

CHANGELOG = "# Changelog for Lantern\n\n## [1.2.0] - 2026-03-04\n\n### Added\n\n- A night mode for the reader\n"


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def imported(studio, project_id, *paths):
    found = []
    studio.importing.import_items([preview(path) for path in paths], project_id, done=found.append)
    return found[0]


def test_each_file_is_told_apart_before_anything_is_written(tmp_path):
    tone = np.sin(np.arange(22050) / 20).astype(np.float32)
    soundfile.write(tmp_path / "tone.wav", tone, 22050)
    kinds = {
        write(tmp_path / "CHANGELOG.md", CHANGELOG): ImportKind.CHANGELOG,
        write(tmp_path / "essay.md", "# On lamps\n\nThey give light.\n"): ImportKind.DOCUMENT,
        write(tmp_path / "talk.md", SCRIPT): ImportKind.SCRIPT,
        tmp_path / "tone.wav": ImportKind.AUDIO,
        tmp_path / "gone.md": ImportKind.UNREADABLE,
        write(tmp_path / "empty.md", ""): ImportKind.UNREADABLE,
    }
    assert {path: preview(path).kind for path in kinds} == kinds


def test_a_changelog_becomes_a_document_and_its_script(studio, project_id, tmp_path):
    result = imported(studio, project_id, write(tmp_path / "CHANGELOG.md", CHANGELOG))
    (script_id,) = result.scripts
    assert any("night mode" in line.text for line in studio.scripts.lines(script_id))
    assert studio.scripts.document(script_id).id == result.documents[0]
    assert studio.undo() == "Import"
    assert len(studio.tree()) == 1


def test_audio_is_kept_under_its_hash_with_its_peaks(studio, project_id, tmp_path):
    tone = np.sin(np.arange(44100) / 20).astype(np.float32)
    soundfile.write(tmp_path / "tone.wav", tone, 22050)
    (recording_id,) = imported(studio, project_id, tmp_path / "tone.wav").recordings
    row = studio.recordings.get(recording_id)
    assert (row.label, row.source, row.duration_ms) == ("tone", "file", 2000)
    assert studio.recordings.audio_path(recording_id).read_bytes() == (tmp_path / "tone.wav").read_bytes()
    assert studio.recordings.peaks(recording_id)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.md", b""),
        ("binary.md", bytes(range(256)) * 40),
        ("sound.wav", b"not sound"),
        ("any.zip", b"PK no"),
        ("talk.script.md", b"[HOST1]: {puase:short}"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_the_rest_is_taken(studio, project_id, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    result = imported(studio, project_id, tmp_path / name, write(tmp_path / "CHANGELOG.md", CHANGELOG))
    assert len(result.scripts) == 1
    assert len(result.problems) == 1
    assert len(result.problems[0]) > len(name) + 10


def test_a_file_that_vanishes_between_look_and_import_is_told(studio, project_id, tmp_path):
    tone = np.zeros(2000, np.float32) + 0.1
    soundfile.write(tmp_path / "tone.wav", tone, 22050)
    item = preview(tmp_path / "tone.wav")
    (tmp_path / "tone.wav").unlink()
    found = []
    studio.importing.import_items([item], project_id, done=found.append)
    assert found[0].recordings == ()
    assert "tone" in found[0].problems[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_other_encodings_and_line_ends_are_read(studio, project_id, tmp_path, encoding):
    text = CHANGELOG.replace("night mode", "café mode").replace("\n", "\r\n")
    result = imported(studio, project_id, write(tmp_path / "CHANGELOG.md", text, encoding))
    assert any("café" in line.text for line in studio.scripts.lines(result.scripts[0]))


def test_pasted_text_becomes_a_document_or_a_script(studio, project_id):
    found = []
    studio.importing.import_text("# On lamps\n\nThey give light.", project_id, done=found.append)
    studio.importing.import_text(SCRIPT, project_id, done=found.append)
    studio.importing.import_text("<h1>Rich</h1><p>It keeps <b>its</b> shape.</p>", project_id, is_html=True, done=found.append)
    assert [len(result.documents) for result in found] == [1, 0, 1]
    assert all(result.scripts for result in found)


def test_an_imported_changelog_is_told_with_what_the_project_had_before(studio, project_id):
    def script_of(version, date, entry):
        made = []
        text = f"# Changelog for Lantern\n\n## [{version}] - {date}\n\n### Added\n\n- {entry}\n"
        studio.importing.import_text(text, project_id, done=made.append)
        return studio.scripts.row(made[0].scripts[0]).text

    first = script_of("1.0.0", "2026-03-01", "A night mode")
    second = script_of("1.1.0", "2026-03-10", "A clock")
    assert len(second.splitlines()) > len(first.splitlines())


def test_the_project_stands_in_for_a_product_that_the_changelog_does_not_name(studio, tmp_path):
    path = tmp_path / "CHANGELOG.md"
    path.write_text("# Changelog\n\n## 1.2.0 - 2026-01-15\n\n### Fixed\n\n- A crash\n", encoding="utf-8")
    project_id = studio.projects.create("Barn Owl")
    made = []
    studio.importing.import_items([preview(path)], project_id, None, made.append)
    lines = studio.scripts.lines(made[0].scripts[0])
    assert lines[0].text.startswith("Barn Owl 1.2.0 is out")
