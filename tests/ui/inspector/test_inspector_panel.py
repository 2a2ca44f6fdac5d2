from __future__ import annotations

from concurrent.futures import Executor, Future

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSpinBox,
    QTableView,
    QWidget,
)

from declaim.errors import VoiceNotReady
from declaim.jobs import Jobs
from declaim.model.delivery import DeliveryPreset, EmphasisStyle
from declaim.model.ids import VoiceId
from declaim.model.lexicon import LexiconEntry, LexiconScope
from declaim.model.script import Tone
from declaim.model.source import SourceType
from declaim.ui.catalogue.catalogue_dialog import CatalogueDialog
from declaim.ui.inspector.inspector_panel import InspectorPanel
from declaim.ui.inspector.lexicon_section import LexiconModel
from declaim.ui.inspector.voice_popup import VoiceListModel
from declaim.ui.widgets import Chip
from declaim.ui.widgets.section import FoldedSection
from declaim.voices import Voices
from tests.support.executors import post_now
from tests.support.speech_sounds import RATE_HZ, speech
from tests.support.studios import add_script, make_studio


@pytest.fixture
def panel(qtbot, studio, orders, refusals, script_id):
    made = InspectorPanel(studio, orders)
    qtbot.addWidget(made)
    made.resize(320, 900)
    stops = (studio.subscribe(made.on_changes), studio.jobs.subscribe(made.on_job))
    made.show()
    made.show_script(script_id)
    yield made
    made.hide()
    for stop in stops:
        stop()


def summary(panel):
    return panel.footer.summary.text()


def test_without_a_script_it_says_what_to_do(qtbot, studio, orders):
    panel = InspectorPanel(studio, orders)
    qtbot.addWidget(panel)
    panel.show()
    assert not panel.cast.isVisible()
    assert not panel.footer.isVisible()


def test_the_cast_has_a_row_for_each_speaker(panel):
    assert [chip.name for chip in panel.cast.findChildren(Chip)] == ["HOST1", "HOST2"]
    assert panel.cast.picker("HOST1").accessibleName() == "Voice of HOST1: Joe, Piper · en-US"


def test_a_voice_is_found_by_typing_and_taken_by_return(qtbot, panel, studio, script_id):
    popup = panel.cast.picker("HOST2").open()
    qtbot.keyClicks(popup.search, "amy")
    qtbot.keyClick(popup.search, Qt.Key.Key_Return)
    assert studio.scripts.settings(script_id).cast.voice_for("HOST2") == "piper:amy"
    assert studio.scripts.settings(script_id).cast.voice_for("HOST1") == "piper:joe"
    assert panel.cast.picker("HOST2").text() == "Amy"


def test_arrows_move_through_the_voices_while_the_words_are_typed(qtbot, panel, studio, script_id):
    popup = panel.cast.picker("HOST1").open()
    qtbot.keyClick(popup.search, Qt.Key.Key_Down)
    qtbot.keyClick(popup.search, Qt.Key.Key_Return)
    assert studio.scripts.settings(script_id).cast.voice_for("HOST1") == "piper:amy"


def test_voices_that_lack_something_stand_last_and_say_what(qtmodeltester, studio):
    model = VoiceListModel()
    model.set_voices(studio.voices.all())
    qtmodeltester.check(model)
    last = model.index(model.rowCount() - 1)
    assert last.data() == "Kore"
    assert last.data(Qt.ItemDataRole.ToolTipRole) == "Add a Gemini key in Settings › Voices."
    model.narrow("gemini female")
    assert model.rowCount() == 1


def test_a_voice_that_is_gone_is_shown_as_such(panel, studio, script_id):
    from declaim.model.ids import VoiceId
    from declaim.model.voice import Cast

    studio.scripts.set_cast(script_id, Cast(default=VoiceId("nobody:here")))
    assert panel.cast.picker("HOST1").text() == "nobody:here"
    assert "Choose another" in panel.cast.picker("HOST1").toolTip()


def test_hearing_a_voice_gives_a_sound_to_play(qtbot, panel, engine):
    with qtbot.waitSignal(panel.clip_ready):
        panel.cast.findChild(object, "hearVoiceButton").click()
    assert [request.voice for request in engine.history] == ["piper:joe"]


def test_hearing_a_voice_that_cannot_speak_says_why(panel, engine, refusals):
    engine.enqueue(VoiceNotReady("Joe lacks a model.", cure="Install declaim[voices]."))
    panel.cast.findChild(object, "hearVoiceButton").click()
    assert [error.cure for error in refusals] == ["Install declaim[voices]."]


def test_the_delivery_is_chosen_by_key_and_kept(qtbot, panel, studio, script_id):
    qtbot.keyClick(panel.delivery.picker, Qt.Key.Key_Right)
    assert studio.scripts.settings(script_id).delivery.preset is DeliveryPreset.THEATRICAL
    studio.undo()
    assert panel.delivery.picker.value == "dynamic"


def test_expression_settings_are_kept(qtbot, panel, studio, script_id):
    panel.delivery.open_expression()
    box = panel.findChild(object, "emphasisPicker")
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Up)
    box.activated.emit(box.currentIndex())
    panel.findChild(object, "laughterBox").click()
    expression = studio.scripts.settings(script_id).delivery.expression
    assert (expression.emphasis_style, expression.allow_laughter) == (EmphasisStyle.PAUSES, False)


def test_a_word_is_added_for_the_project(qtbot, panel, studio, script_id):
    panel.findChild(object, "addWordButton").click()
    written, said = panel.findChild(QLineEdit, "lexiconWritten"), panel.findChild(QLineEdit, "lexiconSaid")
    qtbot.keyClicks(written, "nginx")
    qtbot.keyClick(written, Qt.Key.Key_Return)
    qtbot.keyClicks(said, "engine x")
    qtbot.keyClick(said, Qt.Key.Key_Return)
    entries = studio.lexicons.entries(studio.scripts.row(script_id).project_id)
    assert [(entry.written, entry.spoken) for entry in entries] == [("nginx", "engine x")]
    assert panel.lexicon.table.model().rowCount() == 1
    assert panel.lexicon.table.isVisible()
    assert written.text() == ""


def test_delete_removes_a_word_and_undo_brings_it_back(qtbot, panel, studio, script_id):
    project_id = studio.scripts.row(script_id).project_id
    studio.lexicons.add(LexiconEntry("nginx", "engine x", scope=LexiconScope.PROJECT), project_id)
    table = panel.lexicon.table
    table.setCurrentIndex(table.model().index(0, 0))
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert studio.lexicons.entries(project_id) == ()
    studio.undo()
    assert table.model().rowCount() == 1


def test_how_a_word_is_said_is_changed_in_the_table(panel, studio, script_id):
    project_id = studio.scripts.row(script_id).project_id
    studio.lexicons.add(LexiconEntry("nginx", "en ginx", scope=LexiconScope.PROJECT), project_id)
    model = panel.lexicon.table.model()
    assert model.setData(model.index(0, 1), "engine x")
    assert [entry.spoken for entry in studio.lexicons.entries(project_id)] == ["engine x"]


def test_the_lexicon_keeps_qts_rules(qtmodeltester, qapp):
    model = LexiconModel()
    model.show_entries((LexiconEntry("b", "bee"), LexiconEntry("a", "eh"), LexiconEntry("b", "be", scope=LexiconScope.PROJECT)))
    qtmodeltester.check(model)
    assert [model.index(row, 1).data() for row in range(model.rowCount())] == ["eh", "be"]


def test_script_settings_are_kept_as_they_change(qtbot, panel, studio, script_id):
    panel._settings.set_open(True)
    tone = panel.findChild(object, "tonePicker")
    tone.setCurrentIndex(tone.findData(Tone.TECHNICAL))
    tone.activated.emit(tone.currentIndex())
    audience = panel.findChild(object, "audienceField")
    qtbot.keyClicks(audience, "engineers")
    qtbot.keyClick(audience, Qt.Key.Key_Return)
    settings = studio.scripts.settings(script_id).script
    assert (settings.tone, settings.audience) == (Tone.TECHNICAL, "engineers")


def test_settings_that_are_too_long_say_so_and_keep_the_old(qtbot, panel, studio, script_id):
    panel._settings.set_open(True)
    form = panel._settings.content
    form._context.setPlainText("x" * 10_001)
    form._on_change()
    assert form._problem.isVisible()
    assert "10 KB" in form._problem.text()
    assert studio.scripts.settings(script_id).script.additional_context == ""


def test_before_a_render_it_says_what_will_happen(qtbot, panel):
    qtbot.waitUntil(lambda: "2 lines will render" in summary(panel))
    assert "free" in summary(panel)
    assert panel.footer.button.isEnabled()


def test_a_render_makes_a_take_and_then_everything_is_ready(qtbot, panel, studio, script_id):
    qtbot.waitUntil(panel.footer.button.isEnabled)
    with qtbot.waitSignal(panel.take_made) as fact:
        panel.footer.button.click()
    assert studio.recordings.get(fact.args[0]).script_id == script_id
    qtbot.waitUntil(lambda: summary(panel) == "All 2 lines are ready")


def test_a_render_that_fails_says_why_and_can_be_tried_again(qtbot, panel, engine, refusals):
    qtbot.waitUntil(panel.footer.button.isEnabled)
    engine.enqueue(*[VoiceNotReady("No model.", cure="Install it.")] * 2)
    panel.footer.button.click()
    qtbot.waitUntil(lambda: bool(refusals))
    qtbot.waitUntil(panel.footer.button.isEnabled)
    assert "Render" in panel.footer.button.text()


def test_a_mistake_in_the_script_keeps_it_from_rendering_and_is_said(qtbot, panel, studio, script_id):
    studio.scripts.save_text(script_id, "# T\n\n[HOST1]: Hello {puase:short} there.\n")
    qtbot.waitUntil(lambda: "puase" in summary(panel))
    assert not panel.footer.button.isEnabled()


def test_a_changed_delivery_is_looked_at_again(qtbot, panel, studio, script_id):
    studio.rendering.render(script_id)
    qtbot.waitUntil(lambda: summary(panel) == "All 2 lines are ready")
    qtbot.keyClick(panel.delivery.picker, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: "2 lines will render" in summary(panel))


def test_every_control_has_a_name_for_assistive_tools(panel):
    panel.delivery.open_expression()
    panel._settings.set_open(True)
    own = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QSpinBox, QTableView)
    controls = [child for child in panel.findChildren(QWidget) if isinstance(child, own) and not _is_inside_another(child)]
    assert len(controls) > 20
    assert [child.objectName() for child in controls if not child.accessibleName()] == []


def _is_inside_another(control):
    """The parts that Qt builds its controls of are named by Qt."""
    return isinstance(control.parent(), QSpinBox | QTableView | QComboBox) or control.objectName().startswith("qt_")


@pytest.fixture
def written(studio, script_id):
    """A script that was written of a changelog with two releases."""
    text = "# Lantern\n\n## [1.2.0] - 2026-03-04\n\n### Added\n\n- Night mode\n\n## [1.1.0]\n\n### Fixed\n\n- A crash\n"
    project_id = studio.scripts.row(script_id).project_id
    with studio.library.transaction("Add"):
        document_id = studio.library.documents.add(project_id, None, "Lantern", SourceType.CHANGELOG, text)
    made = []
    studio.scripts.write(document_id, done=made.append)
    return made[0]


def pick(box, value):
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def test_the_release_is_chosen_among_those_of_the_document(panel, studio, written):
    panel.show_script(written)
    panel._settings.set_open(True)
    box = panel.findChild(QComboBox, "releasePicker")
    labels = [box.itemText(at) for at in range(box.count())]
    assert labels == ["The newest", "All of them", "1.2.0 · 4 Mar 2026", "1.1.0"]
    pick(box, "1.1.0")
    pick(panel.findChild(QComboBox, "sincePicker"), "1.1.0")
    pick(panel.findChild(QComboBox, "writerPicker"), "verbatim")
    title = panel.findChild(QLineEdit, "titleField")
    title.setText("Lamps")
    title.editingFinished.emit()
    settings = studio.scripts.settings(written)
    chosen = settings.script
    assert (chosen.release, chosen.since, chosen.title, settings.writer) == ("1.1.0", "1.1.0", "Lamps", "verbatim")


def test_a_changelog_is_taken_for_a_document_and_has_no_releases_then(panel, studio, written):
    panel.show_script(written)
    panel._settings.set_open(True)
    pick(panel.findChild(QComboBox, "kindPicker"), "document")
    assert studio.scripts.document(written).source_type is SourceType.DOCUMENT
    assert not panel.findChild(QComboBox, "releasePicker").isEnabled()
    studio.undo()
    assert panel.findChild(QComboBox, "releasePicker").isEnabled()
    assert panel.findChild(QComboBox, "kindPicker").currentData() == "changelog"


def test_writing_again_is_asked_for_after_the_settings_are_kept(qtbot, panel, studio, written):
    panel.show_script(written)
    panel._settings.set_open(True)
    panel.findChild(QLineEdit, "audienceField").setText("lamp makers")
    with qtbot.waitSignal(panel.write_again_requested):
        panel.findChild(QAbstractButton, "writeAgainButton").click()
    assert studio.scripts.settings(written).script.audience == "lamp makers"


class NeverYet(Executor):
    """Takes jobs and leaves them waiting."""

    def submit(self, fn, /, *args, **kwargs):
        return Future()


def test_a_render_can_be_played_while_it_runs(qtbot, tmp_path, orders, refusals, engine):
    studio = make_studio(tmp_path / "other", Voices([engine]), Jobs(NeverYet(), post_now))
    panel = InspectorPanel(studio, orders)
    qtbot.addWidget(panel)
    panel.show_script(add_script(studio)[1])
    heard = []
    panel.sound_ready.connect(heard.append)
    button = panel.findChild(QAbstractButton, "playWhileRenderingButton")
    assert button.accessibleName() == "Play as it renders"
    button.click()
    assert not heard, "nothing renders yet"
    panel.start_render()
    assert heard[0].is_waiting
    assert not refusals
    panel.hide()
    studio.close()


def words_of(studio, script_id):
    return studio.lexicons.entries(studio.scripts.row(script_id).project_id)


def test_a_word_is_added_with_all_its_choices(qtbot, panel, studio, script_id):
    panel.lexicon.menu().actions()[0].trigger()
    sheet = panel.findChild(object, "wordSheet")
    qtbot.keyClicks(sheet.written, r"v(\d+)")
    qtbot.keyClicks(sheet.said, r"version \1")
    sheet.is_pattern.click()
    sheet.keeps_case.click()
    qtbot.keyClick(sheet.scope, Qt.Key.Key_Right)
    qtbot.keyClick(sheet, Qt.Key.Key_Return)
    expected = LexiconEntry(r"v(\d+)", r"version \1", is_regex=True, case_sensitive=True, scope=LexiconScope.USER)
    assert words_of(studio, script_id) == (expected,)
    assert panel.lexicon.table.model().index(0, 0).data() == r"v(\d+) · pattern · case · everywhere"


def test_a_word_is_opened_by_return_and_moved_to_everything(qtbot, panel, studio, script_id):
    project_id = studio.scripts.row(script_id).project_id
    studio.lexicons.add(LexiconEntry("nginx", "engine x", scope=LexiconScope.PROJECT), project_id)
    panel.lexicon.table.setCurrentIndex(panel.lexicon.table.model().index(0, 0))
    qtbot.keyClick(panel.lexicon.table, Qt.Key.Key_Return)
    sheet = panel.findChild(object, "wordSheet")
    qtbot.keyClick(sheet.scope, Qt.Key.Key_Right)
    sheet.findChild(object, "wordSaveButton").click()
    assert [(entry.written, entry.scope) for entry in words_of(studio, script_id)] == [("nginx", LexiconScope.USER)]
    assert studio.undo() == "Change a word"
    assert words_of(studio, script_id)[0].scope is LexiconScope.PROJECT


def test_an_expression_that_is_not_safe_is_refused(panel, studio, script_id, refusals):
    panel.lexicon.change_requested.emit((None, LexiconEntry("(a+)+", "b", is_regex=True, scope=LexiconScope.PROJECT)))
    assert words_of(studio, script_id) == ()
    assert refusals


@pytest.mark.parametrize("name", ["words.tsv", "words.pls"])
def test_words_go_out_to_a_file_and_come_in_again(panel, studio, script_id, tmp_path, monkeypatch, name):
    project_id = studio.scripts.row(script_id).project_id
    entry = LexiconEntry("nginx", "engine x", case_sensitive=True, scope=LexiconScope.PROJECT)
    studio.lexicons.add(entry, project_id)
    file = str(tmp_path / name)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (file, ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (file, ""))
    panel.lexicon.file_requested.emit(("export", LexiconScope.PROJECT))
    studio.lexicons.remove("nginx", project_id)
    said = []
    panel.done_undoably.connect(said.append)
    panel.lexicon.file_requested.emit(("import", LexiconScope.PROJECT))
    assert words_of(studio, script_id) == (entry,)
    assert said == ["1 word imported."]


def test_the_notes_of_a_script_are_kept_and_spoken(qtbot, panel, studio, script_id):
    panel.lexicon.notes.setFocus()
    qtbot.keyClicks(panel.lexicon.notes, "Dark mode = night mode")
    panel.footer.setFocus()
    panel.lexicon.notes.focusOutEvent(QFocusEvent(QFocusEvent.Type.FocusOut))
    assert studio.scripts.settings(script_id).pronunciation_notes == "Dark mode = night mode"
    spoken = []
    studio.scripts.spoken(script_id, spoken.extend)
    assert "night mode" in spoken[0].text
    panel.lexicon.notes.setPlainText("x" * 600)
    assert len(panel.lexicon.notes.toPlainText()) == 500


def test_the_loudness_and_the_rate_are_chosen_for_the_script(panel, studio, script_id):
    panel.findChild(FoldedSection, "SoundSection").set_open(True)
    picker = panel.findChild(QComboBox, "loudnessPicker")
    rate = panel.findChild(QComboBox, "ratePicker")
    picker.setCurrentIndex(picker.findData("acx"))
    picker.activated.emit(picker.currentIndex())
    rate.setCurrentIndex(rate.findData("48000"))
    rate.activated.emit(rate.currentIndex())
    settings = studio.scripts.settings(script_id)
    assert (settings.loudness, settings.rate_hz) == ("acx", 48_000)


def test_everything_fits_the_column_at_its_narrowest(panel):
    panel.resize(270, 800)
    scroll = panel.findChild(QScrollArea)

    assert scroll.widget().minimumSizeHint().width() <= scroll.viewport().width()


def test_a_voice_is_taken_from_the_whole_catalogue(panel, studio, script_id):
    studio.catalogue.set_favourite(VoiceId("piper:amy"), True)
    popup = panel.cast.picker("HOST1").open()
    assert popup.model.index(0, 0).data() == "Amy"
    popup.more.click()
    dialog = panel.window().findChild(CatalogueDialog)
    assert dialog is not None
    dialog.list.setCurrentIndex(dialog.model.index(dialog.model.row_of(VoiceId("piper:amy")), 0))
    dialog.use_button.click()
    assert studio.scripts.settings(script_id).cast.voice_for("HOST1") == "piper:amy"


def test_the_writer_with_a_model_says_what_it_lacks_and_what_it_sends(qtbot, panel, studio, monkeypatch):
    made = []
    project_id = studio.projects.find_or_create("Notes")
    text = "# MyApp\n\n## 1.1.0\n\n- Dark mode is here.\n"
    studio.importing.import_text(text, project_id, done=lambda imported: made.extend(imported.scripts))
    panel.show_script(made[0])
    panel._settings.set_open(True)
    writer = panel._settings.content.writer
    pick(writer.box, "gemini")
    assert studio.scripts.settings(made[0]).writer == "gemini"
    assert "needs a key" in writer.says.text()
    with qtbot.waitSignal(panel.settings_requested):
        writer.settings.click()
    monkeypatch.setenv("GEMINI_API_KEY", "AIza-a-key-of-this-test-0001")
    QCoreApplication.sendEvent(writer, QEvent(QEvent.Type.WindowActivate))
    assert writer.says.text().startswith("Writing sends 9 words of the document")
    assert not writer.settings.isVisible()


def test_a_script_is_spoken_at_the_pace_of_a_sample(panel, studio, script_id, tmp_path, monkeypatch):
    path = tmp_path / "Mary.wav"
    soundfile.write(path, speech(6, syllables_per_s=5.0).astype(np.float32), RATE_HZ)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    box = panel.findChild(QComboBox, "calibrationPicker")
    pick(box, "measure")

    settings = studio.scripts.settings(script_id)
    assert [calibration.name for calibration in studio.calibrations.all(studio.scripts.row(script_id).project_id)] == ["Mary"]
    assert settings.calibration_id
    assert box.currentText() == "Mary"
    assert "syllables a second, so voices speak at" in panel.findChild(QLabel, "calibrationWords").text()
    pick(box, "0")
    assert studio.scripts.settings(script_id).calibration_id == 0


def test_a_render_that_is_tried_again_in_the_queue_is_followed(qtbot, panel, studio, script_id, engine, refusals):
    qtbot.waitUntil(panel.footer.button.isEnabled)
    engine.enqueue(*[VoiceNotReady("No model.", cure="Install it.")] * 2)
    panel.footer.button.click()
    seen = []
    stop = studio.jobs.subscribe(lambda _job: seen.append((panel.footer.button.text(), summary(panel))))
    studio.jobs.retry(studio.jobs.all()[-1].id)
    stop()
    assert any(text == "Stop" and said.startswith("Rendering") for text, said in seen)
    qtbot.waitUntil(lambda: summary(panel) == "All 2 lines are ready")
    assert "Render" in panel.footer.button.text()
