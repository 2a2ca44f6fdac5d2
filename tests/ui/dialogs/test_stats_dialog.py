from __future__ import annotations

import datetime as dt

import pytest
from PySide6.QtWidgets import QFrame, QTableView

from declaim.model.library import RecordingType
from declaim.ui.dialogs.stats_dialog import StatsDialog
from tests.support.studios import add_script


@pytest.fixture
def sheet(qtbot, studio):
    project_id, script_id = add_script(studio, "[A]: Hello.\n")
    studio.projects.create("Empty")
    with studio.library.transaction("Add"):
        kind = RecordingType.CONVERSION
        studio.library.recordings.add(project_id, type=kind, label="Take 1", script_id=script_id, starred=True)
        today = dt.datetime.now(dt.UTC).date()
        studio.library.spend.add(today.isoformat(), "gemini", cost_usd=1.25)
        studio.library.spend.add((today - dt.timedelta(days=40)).isoformat(), "gemini", cost_usd=7)
    made = StatsDialog(studio)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_sheet_says_what_the_library_holds_and_what_was_spent_this_month(sheet):
    said = {tile.accessibleName() for tile in sheet.findChildren(QFrame) if tile.accessibleName()}

    assert {"1 script", "$1.25 spent this month"} <= said


def test_each_project_has_its_figures(sheet):
    model = sheet.findChild(QTableView, "statsView").model()
    rows = {
        model.index(row, 0).data(): [model.index(row, column).data() for column in range(1, model.columnCount())]
        for row in range(model.rowCount())
    }

    assert rows["Empty"] == ["0", "0", "0", "0", "0:00"]
    assert [row[2] for name, row in rows.items() if name != "Empty"] == ["1"]
