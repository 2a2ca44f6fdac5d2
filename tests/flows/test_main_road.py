"""From a dropped changelog to an MP3 on the desktop, as one user does it."""

from __future__ import annotations

import time
import zipfile

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QRadioButton, QTableView

from declaim.model.library import RecordingState
from declaim.ui.queue.queue_model import LEFT, PROGRESS, SECOND_ACTION, TITLE
from declaim.voices import Voices

CHANGELOG = """# Changelog

## [2.0.0] - 2026-01-15

### Added

- Dark mode follows the system.
- Two people can edit one page.

### Fixed

- The login no longer times out.
"""


@pytest.fixture
def changelog(tmp_path):
    path = tmp_path / "CHANGELOG.md"
    path.write_text(CHANGELOG, encoding="utf-8")
    return path


def test_a_dropped_changelog_becomes_a_script_a_take_and_a_file(story, changelog, engine, tmp_path):
    story.import_file(changelog)
    script_id = story.window.script.script_id
    assert "Dark mode" in story.text
    assert story.window.script.isVisible()

    story.type_at_end(1, " Enjoy")
    typed = time.monotonic()
    story.until(lambda: "Enjoy" in story.text)
    assert time.monotonic() - typed < 1.0, "everything typed is saved within a second"

    take = story.render()
    lines = len(story.studio.scripts.lines(script_id))
    assert len(engine.history) == lines
    story.until(lambda: story.window.player.take_id == take.id)
    assert story.window.takes.model.rowCount() == 1
    assert story.studio.recordings.peaks(take.id)
    assert story.window.player.waveform._bars

    story.type_at_end(2, " At last")
    story.until(lambda: "At last" in story.text)
    second = story.render()
    assert len(engine.history) == lines + 1, "only the line that was edited is spoken"
    assert "At last" in engine.spoken[-1]
    assert second.id != take.id

    target = tmp_path / "out" / "release.mp3"
    target.parent.mkdir()
    story.window.takes.save_current(target)
    story.until(target.is_file)
    assert target.stat().st_size > 1000


def test_a_script_leaves_as_a_bundle_through_the_dialog(story, changelog, tmp_path):
    story.import_file(changelog)
    story.render()
    story.window.library.tree.setFocus()
    story.press("exportButton")
    story.until(lambda: story.part("exportDialog") is not None)
    dialog = story.part("exportDialog")
    bundle = next(each for each in dialog.findChildren(QRadioButton) if "bundle" in each.text())
    bundle.click()
    target = tmp_path / "release.zip"
    next(iter(dialog.findChildren(QLineEdit))).setText(str(target))
    story.press("exportConfirmButton")
    story.until(target.is_file)
    story.until(lambda: "Saved" in story.window.notice.text)
    with zipfile.ZipFile(target) as made:
        assert any(name.endswith("manifest.json") for name in made.namelist())
        assert any(name.endswith(".mp3") for name in made.namelist())


def test_undo_and_redo_by_keys_take_a_deleted_script_back_and_away(story, changelog):
    story.import_file(changelog)
    script_id = story.window.script.script_id
    tree = story.window.library.tree
    tree.setFocus()
    tree.choose(("script", script_id))
    story.key(Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, on=tree)
    assert story.window.library.row(("script", script_id)) is None
    story.key(Qt.Key.Key_Z, on=tree)
    assert story.window.library.row(("script", script_id)) is not None
    story.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier, on=tree)
    assert story.window.library.row(("script", script_id)) is None


def test_a_file_dropped_on_the_text_of_a_script_is_imported_and_not_pasted(story, changelog, tmp_path):
    story.import_file(changelog)
    first, text = story.window.script.script_id, story.text
    other = tmp_path / "NEWS.md"
    other.write_text(CHANGELOG.replace("2.0.0", "3.0.0"), encoding="utf-8")
    story.drop(other)
    story.press("importConfirmButton")
    story.until(lambda: story.window.script.script_id not in (None, first))
    assert "3.0" in story.window.script.header.title.text()
    assert story.studio.scripts.row(first).text == text


def test_a_render_cancelled_by_a_click_in_the_queue_keeps_the_lines_that_were_finished(story, changelog, engine):
    story.import_file(changelog)
    engine.delay_s = 0.3
    story.start_render()
    script_id = story.window.script.script_id
    story.until(lambda: any(line.duration_ms is not None for line in story.studio.scripts.lines(script_id)))
    story.until(lambda: "%" in story.button("jobLine").text())
    story.press("jobLine")
    table = story.part("queueTable")
    assert isinstance(table, QTableView)

    def told(column):
        return str(table.model().index(0, column).data())

    story.until(lambda: "%" in told(PROGRESS) and told(LEFT).endswith("left"))
    assert told(TITLE).startswith("Render ")
    assert story.button("jobLine").text().endswith("left")
    story.click_cell(table, 0, SECOND_ACTION)
    story.until(lambda: story.takes[0].state is RecordingState.CANCELLED)
    story.until(lambda: told(PROGRESS) == "Cancelled")
    assert not story.button("jobLine").isVisible()
    story.part("queueSheet").close()
    finished = [line for line in story.studio.scripts.lines(script_id) if line.duration_ms is not None]
    assert finished
    engine.delay_s = 0.0
    spoken = len(engine.history)
    story.render()
    total = len(story.studio.scripts.lines(script_id))
    assert len(engine.history) - spoken <= total - len(finished)


@pytest.mark.voices
class TestWithARealVoice:
    @pytest.fixture
    def voices(self):
        return Voices.discover()

    def test_a_real_voice_reads_a_dropped_changelog(self, story, changelog):
        story.import_file(changelog)
        take = story.render(wait_ms=30_000)
        assert take.duration_ms > 3_000
        story.until(lambda: story.window.player.take_id == take.id)
