"""While a model writes: its lines appear, it can be stopped, a bad answer replaces nothing."""

from __future__ import annotations

import dataclasses
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtCore import Qt

from declaim.jobs import Jobs
from declaim.ui.main_thread import MainThread
from declaim.ui.script.writing_sheet import WritingSheet
from declaim.voices import Voices
from tests.scripts.test_gemini_writer import CHANGELOG, GOOD
from tests.support.gemini_server import GeminiServer, streamed
from tests.support.studios import make_studio


@pytest.fixture
def server(monkeypatch):
    with GeminiServer().in_environment(monkeypatch) as server:
        yield server


@pytest.fixture
def script_id(studio):
    made = []
    project_id = studio.projects.find_or_create("Anvil")
    studio.importing.import_text(CHANGELOG, project_id, done=lambda imported: made.extend(imported.scripts))
    settings = dataclasses.replace(studio.scripts.settings(made[0]), writer="gemini")
    studio.scripts.set_settings(made[0], settings)
    return made[0]


@pytest.fixture
def sheet(qtbot, studio, orders, script_id):
    made = WritingSheet(studio, orders, script_id)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    return made


def test_lines_appear_and_the_script_is_replaced_when_all_are_here(qtbot, sheet, server, studio, script_id):
    server.enqueue(streamed(json.dumps(GOOD)))
    with qtbot.waitSignal(sheet.written) as written:
        sheet.start()
    assert str(written.args[0].outcome) == "replaced"
    assert "dark mode" in studio.scripts.row(script_id).text
    sheet._show_answer()
    assert sheet.preview.toPlainText().startswith("# Anvil 2.1.0")
    assert not sheet.isVisible()


def test_a_bad_answer_says_so_and_replaces_nothing(sheet, server, studio, script_id):
    before = studio.scripts.row(script_id).text
    server.enqueue(*[streamed("nonsense", finish="MAX_TOKENS") for _ in range(3)])
    sheet.start()
    assert sheet.isVisible()
    assert "Your script is unchanged" in sheet.says.text()
    assert sheet.stop.text() == "Close"
    assert studio.scripts.row(script_id).text == before


def test_a_second_answer_is_shown_from_its_beginning(sheet):
    for piece in ('{"title": "One", "chap', "", '{"title": "Two"'):
        sheet._on_text(piece)
    sheet._show_answer()
    assert sheet.preview.toPlainText() == "# Two"
    assert "1" not in sheet.preview.toPlainText()


def test_without_a_key_it_says_how_to_add_one(sheet, monkeypatch):
    monkeypatch.delenv("GEMINI_API_KEY", raising=False)
    sheet.start()
    assert "Settings › Voices" in sheet.says.text()


def test_escape_stops_the_writing(qtbot, tmp_path, orders, server, script_id, studio):
    door = MainThread()
    jobs = Jobs(ThreadPoolExecutor(1), door.post)
    slow = make_studio(tmp_path / "slow", Voices([]), jobs)
    project_id = slow.projects.find_or_create("Anvil")
    made = []
    slow.importing.import_text(CHANGELOG, project_id, done=lambda imported: made.extend(imported.scripts))
    qtbot.waitUntil(lambda: bool(made))
    slow.scripts.set_settings(made[0], dataclasses.replace(slow.scripts.settings(made[0]), writer="gemini"))
    server.enqueue(dataclasses.replace(streamed(json.dumps(GOOD)), delay_s=20))
    sheet = WritingSheet(slow, orders, made[0])
    sheet.start()
    qtbot.waitUntil(lambda: bool(server.history))
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: str(jobs.all()[-1].state) == "cancelled")
    assert slow.library.scripts.writer(made[0]) == "offline"
    slow.close()
