from __future__ import annotations

import pytest
from PySide6.QtWidgets import QComboBox, QLabel

from declaim.model.ids import RecordingId
from declaim.model.library import RecordingType
from declaim.model.remote import Badge
from declaim.model.source import SourceType
from declaim.remote.logtalk_fields import CONVERSION
from declaim.ui.connections.data_form import DataForm
from declaim.ui.connections.field_spec import SPECS, fitting_label, in_user_words, settings_of, specs_of
from tests.support.bottalk_server import BotTalkServer


def badge(desk, kind, number):
    return desk.library.badges().get((kind, number), Badge.LOCAL_ONLY)


def test_a_document_goes_to_logtalk_with_what_was_chosen(desk, logtalk):
    desk.connect("logtalk", logtalk)
    document = desk.document()
    desk.menu(("document", document))["Publish to logtalk…"].trigger()
    sheet = desk.sheet
    assert sheet.kind.value == "changelog"
    assert sheet.form.value("title") == "Notes"
    assert sheet.length.text() == "20 of at most 50,000 bytes of text"
    sheet.form.set_value("settings.tone", "professional")
    sheet.form.set_value("voice.pronunciation_notes", "SQL is sequel")
    sheet.form.set_value("product_id", "00000000-0000-4000-8000-000000000009")
    sheet.public.setChecked(True)
    desk.click("publishSendButton")
    (made,) = logtalk.conversions.values()
    body = made["_body"]
    assert (body["source_type"], body["settings"]["tone"], body["public_url"]) == ("changelog", "professional", True)
    assert body["voice"]["pronunciation_notes"] == "SQL is sequel"
    assert body["product_id"].endswith("9")
    assert "additional_context" not in body
    assert desk.notice.startswith("Sent to logtalk.")
    assert badge(desk, "document", document) is Badge.WAITING


def test_waiting_for_the_audio_brings_the_take_at_once(desk, logtalk):
    desk.connect("logtalk", logtalk)
    document = desk.document()
    desk.menu(("document", document))["Publish to logtalk…"].trigger()
    desk.sheet.wait.setChecked(True)
    desk.click("publishSendButton")
    assert desk.recording("Notes").path
    assert badge(desk, "document", document) is Badge.IN_STEP


def test_what_is_too_long_is_said_before_it_is_sent(desk, logtalk):
    desk.connect("logtalk", logtalk)
    document = desk.document("Long", "Words. " * 10_000, SourceType.DOCUMENT)
    logtalk.log.clear()
    desk.menu(("document", document))["Publish to logtalk…"].trigger()
    sheet = desk.sheet
    assert sheet.kind.value == "document"
    assert sheet.problem.text() == "“The text” has 70,000 bytes; 50,000 are allowed. Shorten it, or send it in parts."
    assert not sheet.send_button.isEnabled()
    assert not logtalk.log
    assert not desk.library.outbox.of_item("document", document)


def test_a_label_that_respeecher_does_not_take_is_marked_with_one_that_it_takes(desk, respeecher, qtbot):
    desk.connect("respeecher", respeecher)
    document = desk.document("MyApp 2.0.0", "Dark mode is here.", SourceType.DOCUMENT)
    desk.menu(("document", document))["Publish to respeecher…"].trigger()
    sheet = desk.sheet
    assert "“Label” is 'MyApp 2.0.0'" in sheet.problem.text()
    assert sheet.form.fields["label"].property("wrong")
    assert sheet.suggestion.text() == "Use “MyApp 2 0 0”"
    desk.click("publishSuggestion")
    qtbot.waitUntil(sheet.send_button.isEnabled)
    assert not sheet.form.fields["label"].property("wrong")
    assert sheet.length.text() == "18 of at most 1,000 characters"


def test_voices_are_ordered_with_style_accent_and_pitch(desk, respeecher, qtbot):
    connection = desk.connect("respeecher", respeecher)
    document = desk.document("Opening", "It was late.", SourceType.DOCUMENT)
    desk.menu(("document", document))["Publish to respeecher…"].trigger()
    sheet = desk.sheet
    desk.click("readVoicesButton")
    assert sheet.orders.said.text() == "30 voices. Each one you add costs credits."
    for at in (0, 4):
        sheet.orders.picker.setCurrentIndex(at)
        desk.click("addVoiceButton")
    first = sheet.orders._orders[0]
    first.style.setCurrentIndex(1)
    first.semitones.setValue(-1.5)
    desk.click("publishSendButton")
    sent = next(entry.json for entry in respeecher.log if entry.path == "/api/v2/orders")
    assert [each["voice_id"] for each in sent["conversions"]] == [respeecher.voices[0]["id"], respeecher.voices[4]["id"]]
    assert sent["conversions"][0]["semitones_correction"] == -1.5
    assert sent["conversions"][0]["narration_style_id"] == respeecher.voices[0]["narration_styles"][0]["id"]
    assert "accent_id" not in sent["conversions"][0]
    assert {each["name"] for each in respeecher.projects.values()} == {"MyApp"}
    assert not desk.library.outbox.open(connection.id)


def test_voices_are_ordered_for_an_original_that_is_there(desk, respeecher):
    connection = desk.connect("respeecher", respeecher)
    original = respeecher.add_original(respeecher.add_folder(respeecher.add_project("Novel"), "One"), label="Opening", tts=True)
    desk.sync(connection)
    desk.menu(("recording", desk.recording("Opening").id))["Order voices…"].trigger()
    assert not desk.sheet.order_button.isEnabled()
    desk.click("readVoicesButton")
    desk.click("addVoiceButton")
    desk.click("orderButton")
    assert [each["original_id"] for each in respeecher.recordings.values() if each["type"] == "converted"] == [original]


def test_a_script_goes_to_bottalk_as_plain_words_with_voice_and_labels(desk, bottalk, script_id):
    desk.connect("bottalk", bottalk)
    desk.menu(("script", script_id))["Publish to bottalk…"].trigger()
    form = desk.sheet.form
    form.set_value("voice", "nova")
    form.set_value("lang", "en-US")
    form.set_value("labels", "news, release")
    form.set_value("url", "https://example.org/a")
    desk.click("publishSendButton")
    sent = next(entry.json for entry in bottalk.log if entry.method == "POST")
    assert sent["text"] == "Dark mode is here.\n\nAnd collaboration."
    assert (sent["voice"], sent["lang"], sent["labels"]) == ("nova", "en-US", ["news", "release"])
    assert "prompt" not in sent


def test_an_article_gets_the_words_that_the_script_has_now(desk, bottalk, script_id):
    connection = desk.connect("bottalk", bottalk)
    desk.menu(("script", script_id))["Publish to bottalk…"].trigger()
    desk.click("publishSendButton")
    desk.sync(connection)
    desk.studio.scripts.save_text(script_id, "# MyApp 2.0.0\n\n[HOST1]: Light mode is back.\n")
    desk.menu(("script", script_id))["Update the article at bottalk"].trigger()
    (article,) = bottalk.articles.values()
    assert article["text"] == "Light mode is back."


def test_logtalk_writes_the_script_of_a_document(desk, logtalk):
    desk.connect("logtalk", logtalk)
    document = desk.document()
    desk.menu(("document", document))["Have logtalk write the script"].trigger()
    assert len(logtalk.scripts) == 1


def test_a_refusal_is_told_with_its_request_id_and_can_be_tried_again(desk, logtalk):
    desk.connect("logtalk", logtalk)
    document = desk.document()
    logtalk.fail("reply", on="POST", reply=logtalk.no(402, "QUOTA_EXCEEDED", "No quota is left"))
    desk.menu(("document", document))["Publish to logtalk…"].trigger()
    desk.click("publishSendButton")
    assert "logtalk refused it." in desk.notice
    assert "No quota is left" in desk.notice
    assert "req_402" in desk.notice
    assert badge(desk, "document", document) is Badge.FAILED
    desk.look()
    rows = desk.sheet.view.page.open_list
    assert "QUOTA_EXCEEDED, request req_402" in rows.current.words
    desk.click("retryConnectionOpen")
    assert len(logtalk.conversions) == 1
    assert badge(desk, "document", document) is Badge.WAITING


def test_audio_of_the_microphone_can_be_uploaded_to_respeecher(desk, respeecher, tmp_path):
    from tests.support.service_server import tone_wav

    desk.connect("respeecher", respeecher)
    (desk.library.media / "memo.wav").parent.mkdir(parents=True, exist_ok=True)
    (desk.library.media / "memo.wav").write_bytes(tone_wav(220))
    with desk.library.transaction("Record"):
        memo = desk.library.recordings.add(
            desk.project_id,
            None,
            type=RecordingType.ORIGINAL,
            label="Memo",
            source="microphone",
            path="memo.wav",
            duration_ms=100,
        )
    desk.menu(("recording", RecordingId(memo)))["Publish to respeecher…"].trigger()
    desk.click("publishSendButton")
    assert [each["label"] for each in respeecher.recordings.values()] == ["Memo"]


# The form


def test_only_what_the_user_changed_is_set(qtbot):
    form = DataForm(SPECS["document"], "test")
    qtbot.addWidget(form)
    form.show_values({"title": "Notes", "settings": {"tone": "casual", "speakers": 2, "use_history": True}})
    assert form.values() == {}
    form.set_value("settings.version", "1.10")
    form.set_value("settings.use_history", "false")
    assert settings_of(form.values(), form.specs) == ["settings.version=1.10", "settings.use_history=false"]


def test_every_field_has_a_name_that_can_be_read_out(qtbot):
    for form_name, specs in SPECS.items():
        form = DataForm(specs, form_name)
        qtbot.addWidget(form)
        assert all(field.accessibleName() and field.objectName() for field in form.fields.values())
        assert len(form.findChildren(QComboBox)) == sum(spec.kind == "choice" for spec in specs)


def test_changes_are_said_when_the_user_rests(qtbot):
    form = DataForm(SPECS["tts"], "test")
    qtbot.addWidget(form)
    with qtbot.waitSignal(form.changed):
        form.set_value("label", "A")
        form.set_value("label", "AB")


def test_a_form_of_a_contract_has_each_of_its_fields():
    paths = [spec.path for spec in specs_of(CONVERSION)]
    assert paths[:3] == ["source_type", "title", "content"]
    assert "voice.host_voice_ids.host1" in paths


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("'label' of an original is 'x.y', which it does not take.", ("“Label” is 'x.y', which it does not take.", "label")),
        ("A conversion needs 'title'.", ("A conversion needs “Title”.", "title")),
        ("'text' of an original has 2,000 characters.", ("“The text” has 2,000 characters.", "")),
        ("Nobody answers.", ("Nobody answers.", "")),
    ],
)
def test_refusals_name_the_field_as_the_form_does(message, told):
    assert in_user_words(message, (*SPECS["tts"], *SPECS["document"])) == told


def test_a_fitting_label_keeps_what_it_can():
    assert fitting_label("Über „Größe“: v2.0_final" + "x" * 60) == "ber Gr e v2 0 final" + "x" * 21
    assert fitting_label("…") == ""


def test_the_sheet_says_what_goes_where(desk, logtalk):
    desk.connect("logtalk", logtalk)
    desk.menu(("document", desk.document()))["Publish to logtalk…"].trigger()
    assert "“Notes” to LogTalk" in [label.text() for label in desk.sheet.findChildren(QLabel)]


def test_what_cannot_be_sent_now_waits_in_the_queue_with_the_reason(desk):
    with BotTalkServer() as server:
        connection = desk.connect("bottalk", server)
    document = desk.document("Article", "Words.", SourceType.DOCUMENT)
    desk.menu(("document", document))["Publish to bottalk…"].trigger()
    desk.click("publishSendButton")
    assert "It waits: bottalk does not answer now." in desk.notice
    (waiting,) = desk.studio.unsettled.wishes(connection.id)
    assert waiting.words.startswith("Waits for the network:")
    assert badge(desk, "document", document) is Badge.WAITING
