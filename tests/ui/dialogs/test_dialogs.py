from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget

from declaim.commands.importing import ImportItem, ImportKind
from declaim.ui.dialogs.about_dialog import AboutDialog
from declaim.ui.dialogs.export_dialog import ExportDialog
from declaim.ui.dialogs.import_dialog import ImportDialog
from declaim.ui.dialogs.import_model import ImportModel
from declaim.ui.dialogs.report_dialog import ReportDialog
from declaim.ui.dialogs.settings_dialog import SettingsDialog
from declaim.ui.dialogs.shortcuts_dialog import ShortcutsDialog
from declaim.ui.theme import ThemeChoice
from declaim.ui.window_state import WindowState, chosen_theme

CHANGELOG = """# Changelog

## [1.1.0] - 2026-01-15

### Added

- Dark mode.

## [1.0.0] - 2025-06-01

### Added

- The first version.
"""


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    (folder / "broken.md").write_bytes(bytes(range(256)) * 8)
    return sorted(folder.iterdir())


@pytest.fixture
def place(studio):
    project = studio.projects.create("MyApp")
    folder = studio.projects.create_folder(project, "Releases")
    return ("folder", folder), ((("project", project), "MyApp"), (("folder", folder), "MyApp › Releases"))


@pytest.fixture
def host(qtbot):
    """Sheets delete themselves when they close; this is what they stand over."""
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def sheet(host, studio, orders, refusals, files, place):
    made = ImportDialog(studio, orders, files, place[1], place[0], host)
    made.open()
    return made


def confirm(dialog, name):
    return dialog.findChild(object, name)


def test_the_sheet_shows_what_each_file_becomes_before_anything_is_written(sheet, studio):
    model = sheet.list.model()
    said = [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())]
    assert said[0].startswith("CHANGELOG.md: Changelog, with a script. 2 releases")
    assert said[1].startswith("broken.md: Left out.")
    assert confirm(sheet, "importConfirmButton").text() == "Import 1 of 2"
    assert studio.search("Dark") == ()


def test_importing_puts_the_document_and_its_script_into_the_chosen_folder(qtbot, sheet, studio, place):
    with qtbot.waitSignal(sheet.imported) as fact:
        confirm(sheet, "importConfirmButton").click()
    imported = fact.args[0]
    assert len(imported.documents) == len(imported.scripts) == 1
    assert studio.scripts.row(imported.scripts[0]).folder_id == place[0][1]


def test_what_is_unchecked_is_left_out(qtbot, sheet):
    sheet.list.setCurrentIndex(sheet.list.model().index(0))
    sheet.list.setFocus()
    qtbot.keyClick(sheet.list, Qt.Key.Key_Space)
    assert not confirm(sheet, "importConfirmButton").isEnabled()
    qtbot.keyClick(sheet.list, Qt.Key.Key_Space)
    assert confirm(sheet, "importConfirmButton").isEnabled()


def test_escape_closes_the_sheet_and_nothing_is_written(qtbot, sheet, studio):
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert studio.search("Dark") == ()


def test_the_list_of_files_keeps_qts_rules(qtmodeltester, tmp_path):
    model = ImportModel()
    model.show_items([ImportItem(tmp_path, kind, kind.value) for kind in ImportKind])
    qtmodeltester.check(model)
    assert {item.kind for item in model.chosen} == set(ImportKind) - {ImportKind.UNREADABLE}


@pytest.fixture
def take_id(studio, script_id):
    takes = []
    studio.rendering.render(script_id, done=takes.append)
    return takes[0]


@pytest.fixture
def export(host, studio, orders, refusals, script_id, take_id, tmp_path):
    made = ExportDialog(studio, orders, ("script", script_id), "MyApp 2.0.0", take_id, host)
    made.path.setText(str(tmp_path / "out.mp3"))
    made.open()
    return made


def test_the_name_ends_as_the_choice_says(qtbot, export):
    export.format.setCurrentIndex(export.format.findData("flac"))
    export.format.activated.emit(export.format.currentIndex())
    assert export.target.name == "out.flac"
    export.as_bundle.click()
    assert export.target.name == "out.zip"
    assert export.starred.isEnabled()


def test_a_take_is_saved_where_the_user_said(qtbot, export, tmp_path):
    with qtbot.waitSignal(export.exported) as fact:
        confirm(export, "exportConfirmButton").click()
    assert fact.args == [tmp_path / "out.mp3"]
    assert (tmp_path / "out.mp3").stat().st_size > 1000
    assert not export.isVisible()


def test_captions_and_the_rest_lie_beside_a_take_where_the_user_wants_them(qtbot, export, tmp_path):
    export.beside.click()
    with qtbot.waitSignal(export.exported):
        confirm(export, "exportConfirmButton").click()
    written = {path.name for path in tmp_path.glob("out.*")}
    assert written == {"out.mp3", "out.srt", "out.vtt", "out.chapters.json", "out.transcript.txt", "out.notes.md"}


def test_a_bundle_is_written(qtbot, export, tmp_path):
    export.as_bundle.click()
    with qtbot.waitSignal(export.exported):
        confirm(export, "exportConfirmButton").click()
    assert (tmp_path / "out.zip").read_bytes()[:2] == b"PK"


def test_an_export_that_cannot_be_written_says_why_and_stays_open(qtbot, export, refusals, tmp_path):
    export.path.setText(str(tmp_path / "out.xyz"))
    confirm(export, "exportConfirmButton").click()
    assert len(refusals) == 1
    assert export.isVisible()


def test_without_a_take_only_a_bundle_can_be_exported(host, studio, orders, script_id):
    dialog = ExportDialog(studio, orders, ("script", script_id), "MyApp 2.0.0", None, host)
    assert not dialog.as_audio.isEnabled()
    assert dialog.as_bundle.isChecked()
    assert dialog.target.suffix == ".zip"


def test_the_theme_is_chosen_and_remembered(qtbot, host, studio):
    state = WindowState()
    dialog = SettingsDialog(studio, state, host)
    dialog.open()
    with qtbot.waitSignal(dialog.theme_chosen):
        qtbot.keyClick(dialog.theme_picker, Qt.Key.Key_Right)
    state.flush()
    assert WindowState().theme is ThemeChoice.LIGHT
    assert chosen_theme().name == "light"


def test_settings_say_where_the_library_is_and_what_engines_lack(host, studio):
    dialog = SettingsDialog(studio, WindowState(), host)
    dialog.open()
    assert dialog.findChild(QLabel, "libraryFolder").text() == str(studio.library.folder)
    dialog._pages.setCurrentIndex(1)
    said = {label.text() for label in dialog.findChildren(QLabel)}
    assert "Add a Gemini key in Settings › Voices." in said
    assert "2 voices: Joe, Amy" in said


def test_every_shortcut_is_on_the_sheet(host):
    from declaim.ui.actions import ACTIONS

    dialog = ShortcutsDialog(host)
    said = {label.text() for label in dialog.findChildren(QLabel)}
    assert {spec.label.removesuffix("…") for spec in ACTIONS if spec.keys} <= said


def test_a_bugs_report_holds_its_traceback_and_can_be_copied(host, qapp):
    try:
        raise ZeroDivisionError("oh")
    except ZeroDivisionError as error:
        dialog = ReportDialog(error, host)
    assert "ZeroDivisionError: oh" in dialog.findChild(QPlainTextEdit, "reportText").toPlainText()
    dialog.findChild(object, "copyReportButton").click()
    assert "ZeroDivisionError: oh" in qapp.clipboard().text()


def test_the_about_dialog_says_the_licence(host):
    dialog = AboutDialog(host)
    assert any("GNU General Public License" in label.text() for label in dialog.findChildren(QLabel))


def test_what_a_file_is_read_as_can_be_overruled(qtbot, sheet):
    kind = sheet.kind
    assert [kind.itemText(at) for at in range(kind.count())] == ["Changelog", "Document", "Script"]
    assert kind.value == "changelog"
    kind.setFocus()
    qtbot.keyClick(kind, Qt.Key.Key_Down)
    kind.activated.emit(kind.currentIndex())
    assert sheet.list.model().item(0).kind is ImportKind.DOCUMENT
    sheet.list.setCurrentIndex(sheet.list.model().index(1))
    assert kind.value == "unreadable"
