from __future__ import annotations

import pytest

from declaim.errors import InputError
from declaim.model.source import SourceType
from tests.commands.test_scripts import CHANGELOG


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "CHANGELOG.md"
    path.write_text(CHANGELOG, encoding="utf-8")
    return path


@pytest.fixture
def imported(studio, project_id, file):
    from declaim.commands.importing import preview

    made = []
    studio.importing.import_items([preview(file)], project_id, None, made.append)
    return made[0]


def releases(studio, script_id):
    found = []
    studio.scripts.source(script_id, found.append)
    return [release.version for release in found[0].releases]


def test_the_kind_is_overruled_and_comes_back_by_undo(studio, imported):
    document_id, script_id = imported.documents[0], imported.scripts[0]
    assert releases(studio, script_id) == ["1.2.0", "1.1.0"]
    studio.documents.set_kind(document_id, SourceType.DOCUMENT)
    assert releases(studio, script_id) == []
    assert studio.undo() == "Take it for a document"
    assert releases(studio, script_id) == ["1.2.0", "1.1.0"]


def test_a_file_that_says_more_now_is_read_again(studio, imported, file):
    document_id, script_id = imported.documents[0], imported.scripts[0]
    answers = []
    studio.documents.read_again(document_id, answers.append)
    file.write_text(CHANGELOG.replace("## [1.2.0]", "## [1.3.0]\n\n### Added\n\n- A clock\n\n## [1.2.0]"), encoding="utf-8")
    studio.documents.read_again(document_id, answers.append)
    assert answers == [False, True]
    assert releases(studio, script_id) == ["1.3.0", "1.2.0", "1.1.0"]
    rewrites = []
    studio.rewriting.regenerate(script_id, rewrites.append)
    assert "clock" in studio.scripts.row(script_id).text


def test_a_file_that_is_gone_is_told(studio, imported, file):
    file.unlink()
    assert not studio.documents.has_file(imported.documents[0])
    with pytest.raises(InputError, match="not there any more"):
        studio.documents.read_again(imported.documents[0])


def test_a_text_file_is_taken_for_what_the_user_says(studio, file):
    from declaim.commands.importing import ImportKind, can_be, preview, preview_as

    assert preview(file).kind is ImportKind.CHANGELOG
    assert preview_as(file, ImportKind.DOCUMENT).kind is ImportKind.DOCUMENT
    assert can_be(preview(file)) == (ImportKind.CHANGELOG, ImportKind.DOCUMENT, ImportKind.SCRIPT)
    plain = file.with_name("plain.txt")
    plain.write_text("Some words to say.\n\nAnd some more.", encoding="utf-8")
    assert (preview_as(plain, ImportKind.SCRIPT).kind, preview_as(plain, ImportKind.SCRIPT).detail) == ("script", "2 lines")
    broken = file.with_name("broken.md")
    broken.write_text("[HOST1]: {puase:short}", encoding="utf-8")
    assert "not a cue" in preview_as(broken, ImportKind.SCRIPT).problem


def test_lines_point_to_their_passages_after_the_file_was_read_again(studio, imported, file):
    document_id, script_id = imported.documents[0], imported.scripts[0]

    def passages():
        text = studio.documents.row(document_id).markdown.split("\n")
        return [text[line.source_lines[0] - 1] for line in studio.scripts.lines(script_id) if line.source_lines]

    before = passages()
    assert before
    file.write_text("<!-- new -->\n\nTwo lines more.\n\n" + CHANGELOG, encoding="utf-8")
    studio.documents.read_again(document_id)
    assert passages() == before
    assert studio.undo() == "Read the file again"
    assert passages() == before


def test_a_line_whose_passage_is_gone_points_to_nothing(studio, imported, file):
    document_id, script_id = imported.documents[0], imported.scripts[0]
    file.write_text("# Something else\n\nAltogether.\n", encoding="utf-8")
    studio.documents.read_again(document_id)
    assert not [line for line in studio.scripts.lines(script_id) if line.source_lines and line.source_lines[1] > 4]
