"""Settings › Voices: a key is pasted, tested, kept and removed, and never shown."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLabel, QLineEdit, QPushButton, QSpinBox

from declaim.commands.keys import access_of
from declaim.storage import KeyStore
from declaim.ui.dialogs.settings_dialog import SettingsDialog
from declaim.ui.widgets.section import FoldedSection
from declaim.ui.window_state import WindowState
from declaim.voices import Voices
from declaim.voices.gemini import GeminiEngine
from tests.support.gemini_server import GeminiServer
from tests.support.keyrings import MemoryKeyring, RefusingKeyring
from tests.support.studios import make_studio


@pytest.fixture
def server():
    return GeminiServer()


@pytest.fixture
def backend():
    return MemoryKeyring()


@pytest.fixture
def page(qtbot, server, backend, tmp_path, monkeypatch):
    with server.running() as url:
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", url)
        store = KeyStore(tmp_path / "config", backend)
        engine = GeminiEngine(access_of(store, tmp_path / "config"))
        studio = make_studio(tmp_path / "media", Voices([engine]))
        studio.keys._store = store
        dialog = SettingsDialog(studio, WindowState())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialog.open()
        dialog._pages.setCurrentIndex(1)
        yield dialog
        engine.close()
        studio.close()


def status(page):
    return page.findChild(QLabel, "geminiKeyStatus").text()


def press(qtbot, page, name):
    qtbot.mouseClick(page.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def said(page):
    return " ".join(label.text() for label in page.findChildren(QLabel))


def test_a_key_is_tested_saved_and_removed(qtbot, page, server, backend):
    assert "Add a Gemini key in Settings › Voices, or set GEMINI_API_KEY." in said(page)
    field = page.findChild(QLineEdit, "geminiKey")
    assert field.echoMode() is QLineEdit.EchoMode.Password
    qtbot.keyClicks(field, server.key)
    press(qtbot, page, "geminiKeyTest")
    assert status(page) == "The key works: 2 speech models."
    press(qtbot, page, "geminiKeySave")
    assert status(page) == "Saved in the system's keyring: ••••••••6789"
    assert field.text() == ""
    assert "30 voices: Zephyr" in said(page)
    assert backend.kept == {("Declaim", "gemini"): server.key}
    press(qtbot, page, "geminiRead")
    assert "32 voices" in said(page)
    press(qtbot, page, "geminiKeyRemove")
    assert status(page) == "Removed."
    assert "Add a Gemini key" in said(page)
    assert server.key not in said(page)


def test_a_wrong_key_says_so(qtbot, page):
    qtbot.keyClicks(page.findChild(QLineEdit, "geminiKey"), "wrong-wrong-wrong")
    press(qtbot, page, "geminiKeyTest")
    assert status(page).startswith("Gemini does not accept the key.")
    assert "wrong-wrong" not in said(page)


@pytest.mark.parametrize(("typed", "says"), [("", "Paste a key into the field first."), ("no key", "That is not a key")])
def test_what_is_no_key_is_not_saved(qtbot, page, backend, typed, says):
    qtbot.keyClicks(page.findChild(QLineEdit, "geminiKey"), typed)
    press(qtbot, page, "geminiKeySave")
    assert status(page).startswith(says)
    assert not backend.kept


@pytest.mark.parametrize("backend", [RefusingKeyring()])
def test_a_keyring_that_refuses_says_what_to_do(qtbot, page, backend):
    qtbot.keyClicks(page.findChild(QLineEdit, "geminiKey"), "a-key-a-key-a-key")
    press(qtbot, page, "geminiKeySave")
    assert "Set the environment variable GEMINI_API_KEY instead." in status(page)


def test_a_cap_is_kept(page):
    page.findChild(QSpinBox, "geminiPerDay").setValue(25)
    assert page._studio.keys.choices("gemini").requests_per_day == 25
    assert page.findChild(QSpinBox, "geminiPerMinute").text() == "any number a minute"


def test_looking_at_the_page_asks_neither_the_keyring_nor_the_service(page, server, backend):
    assert backend.questions == 0
    assert not server.history


def opened(page):
    for section in page.findChildren(FoldedSection):
        section.set_open(True)
    return page


def type_into(qtbot, field, text):
    field.clear()
    qtbot.keyClicks(field, text)
    field.editingFinished.emit()


def test_the_model_and_the_base_url_are_chosen_and_kept(qtbot, page, tmp_path):
    opened(page)
    model = page.findChild(QComboBox, "geminiModel")
    assert model.lineEdit().placeholderText().startswith("gemini-")
    type_into(qtbot, model.lineEdit(), "gemini-9-tts")
    type_into(qtbot, page.findChild(QLineEdit, "geminiBaseUrl"), "https://proxy.example/gemini/")
    chosen = access_of(page._studio.keys._store).choices("gemini")
    assert (chosen.model, chosen.base_url) == ("gemini-9-tts", "https://proxy.example/gemini")


def test_an_address_that_would_show_the_key_is_refused(qtbot, page):
    opened(page)
    type_into(qtbot, page.findChild(QLineEdit, "geminiBaseUrl"), "http://proxy.example")
    problem = page.findChild(QLabel, "geminiChoiceProblem")
    assert "Plain http" in problem.text()
    assert access_of(page._studio.keys._store).choices("gemini").base_url == ""


def test_the_address_of_the_environment_is_told(page):
    opened(page)
    assert "GOOGLE_GEMINI_BASE_URL" in page.findChild(QLineEdit, "geminiBaseUrl").placeholderText()


def test_how_much_is_asked_side_by_side_is_chosen(page):
    opened(page)
    page.findChild(QSpinBox, "geminiAtOnce").setValue(3)
    page.findChild(QCheckBox, "geminiExchanges").click()
    chosen = access_of(page._studio.keys._store).choices("gemini")
    assert (chosen.requests_at_once, chosen.exchanges) == (3, False)


def test_the_price_above_which_a_render_asks_is_kept(page):
    page.findChild(QDoubleSpinBox, "costLimit").setValue(2.5)
    assert page._studio.planning.confirm_above_usd == 2.5


def test_the_days_requests_are_told(page):
    assert any(label.text() == "0 requests today" for label in page.findChildren(QLabel))
