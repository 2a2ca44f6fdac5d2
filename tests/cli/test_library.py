from __future__ import annotations

import json
import os
import zipfile

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

from declaim.cli.group import declaim
from declaim.commands.doctor import examine
from declaim.errors import Cancelled
from declaim.model.work import CancelToken
from declaim.storage import Library

CHANGELOG = "# Changelog for Lantern\n\n## [1.2.0] - 2026-03-04\n\n### Added\n\n- A night mode for the reader\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    soundfile.write(tmp_path / "tone.wav", np.sin(np.arange(22050) / 20).astype(np.float32), 22050)

    def call(*arguments):
        result = CliRunner().invoke(declaim, ["--library", str(tmp_path / "library"), *map(str, arguments)])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


def listed(run):
    return json.loads(run("list", "--json").stdout)


def test_the_list_of_no_library_is_empty(run, tmp_path):
    assert listed(run) == {"projects": [], "folders": [], "documents": [], "scripts": [], "recordings": []}
    assert not (tmp_path / "library" / "library.db").exists()


def test_what_was_imported_is_listed_found_renamed_and_deleted(run):
    assert run("import", "CHANGELOG.md", "tone.wav", "--project", "Lantern", "--folder", "Releases").exit_code == 0
    found = listed(run)
    assert found["projects"][0]["name"] == "Lantern"
    assert found["folders"][0]["project_id"] == found["projects"][0]["id"]
    assert found["documents"][0]["folder_id"] == found["folders"][0]["id"]
    assert found["scripts"][0]["document_id"] == found["documents"][0]["id"]
    take = found["recordings"][0]
    assert (take["label"], take["type"], take["state"], take["duration_ms"]) == ("tone", "original", "done", 1000)
    assert {hit["kind"] for hit in json.loads(run("search", "night", "--json").stdout)} >= {"line"}
    assert run("rename", "tone", "A tone").exit_code == 0
    assert run("delete", take["id"]).exit_code == 0
    assert listed(run)["recordings"] == []


def test_a_project_is_exported_and_imported_again(run, tmp_path):
    run("import", "CHANGELOG.md", "tone.wav", "--project", "Lantern")
    assert run("export", "Lantern", "-o", "out.zip").exit_code == 0
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert "manifest.json" in archive.namelist()
    assert run("import", "out.zip", "--project", "Again").exit_code == 0
    found = json.loads(run("list", "--project", "Again", "--json").stdout)
    assert [len(found[kind]) for kind in ("documents", "scripts", "recordings")] == [1, 1, 1]


def test_a_bundle_that_cannot_be_imported_leaves_no_empty_project(run, tmp_path):
    run("import", "tone.wav", "--project", "Lantern")
    run("export", "Lantern", "-o", "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as whole, zipfile.ZipFile(tmp_path / "bad.zip", "w") as damaged:
        damaged.writestr("manifest.json", whole.read("manifest.json"))

    refused = run("import", "bad.zip", "--project", "Again")

    assert refused.exit_code == 1
    assert refused.stderr.startswith("Error: ")
    assert [project["name"] for project in listed(run)["projects"]] == ["Lantern"]


def test_a_library_that_another_declaim_holds_is_refused_but_can_be_listed(run, tmp_path):
    run("import", "CHANGELOG.md", "--project", "Lantern")
    with Library.open(tmp_path / "library"):
        refused = run("import", "tone.wav", "--project", "Lantern")
        assert refused.exit_code == 1
        assert "another Declaim" in refused.stderr
        assert listed(run)["projects"][0]["name"] == "Lantern"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("delete", "nothing"), "nothing"),
        (("import", "gone.md", "--project", "P"), "gone.md"),
        (("export", "Lantern", "-o", "x.zip", "--starred-only"), "starred"),
        (("list", "--project", "Nobody"), "Nobody"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(run, arguments, words):
    run("import", "CHANGELOG.md", "--project", "Lantern")
    result = run(*arguments)
    assert result.exit_code == 1
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_stats_count_what_is_there(run):
    run("import", "CHANGELOG.md", "tone.wav", "--project", "Lantern")
    found = json.loads(run("stats", "--json").stdout)
    assert (found["projects"], found["scripts"], found["originals"], found["audio_seconds"]) == (1, 1, 1, 1.0)


def test_the_doctor_looks_at_everything(run):
    found = json.loads(run("doctor", "--json").stdout)
    names = {check["name"] for check in found["checks"]}
    assert {"Python", "Window", "Voices of piper", "Voices of kokoro", "ffmpeg", "Disk", "Library"} <= names
    assert all(check["cure"] for check in found["checks"] if not check["ok"])


def test_the_doctor_finds_a_take_whose_audio_was_harmed_behind_our_back(run, tmp_path):
    run("import", "tone.wav", "--project", "App")
    assert "The audio of 1 take is whole" in run("doctor").stdout
    os.truncate(listed(run)["recordings"][0]["path"], 1000)

    found = run("doctor")
    assert found.exit_code == 1
    assert "The audio of 1 of 1 is gone or damaged: 'tone'" in found.stdout


def test_the_doctor_says_what_it_did_not_read_again_and_reads_that_too_when_asked(run):
    run("import", "tone.wav", "--project", "App")
    os.utime(listed(run)["recordings"][0]["path"], (1_700_000_000, 1_700_000_000))
    assert "unchanged" not in run("doctor").stdout
    assert "1 unchanged since read on 20" in run("doctor").stdout
    assert "unchanged" not in run("doctor", "--thorough").stdout


def test_a_doctor_who_is_asked_to_stop_says_so(run, tmp_path):
    run("import", "tone.wav", "--project", "App")
    asked = CancelToken()
    asked.cancel()
    with pytest.raises(Cancelled):
        examine(tmp_path / "library", cancel=asked)
