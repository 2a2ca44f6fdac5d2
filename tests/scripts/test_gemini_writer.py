"""The writer with a model, against a server on this machine."""

from __future__ import annotations

import json
import threading
import time
import traceback

import pytest

from declaim.documents import parse_source, select_releases
from declaim.errors import Cancelled, DeclaimError
from declaim.model.script import HOST1, HOST2, NARRATOR, Line, ScriptSettings, Tone, Verbosity
from declaim.model.work import CancelToken
from declaim.scripts import WriteRequest, format_script, parse_script, writer
from declaim.scripts.doubts import find_doubts
from declaim.scripts.gemini_writer import GeminiWriter, WritingFailed
from tests.support import gemini_server
from tests.support.gemini_server import GeminiServer, streamed
from tests.support.speech_server import Reply

CHANGELOG = """# Anvil changelog

## 2.1.0 - 2026-05-01

### Added

- Dark mode in the editor.
- Export to CSV, up to 5,000 rows.

### Fixed

- The login no longer times out.

## 2.0.0 - 2026-01-10

### Added

- Plug-ins by Marta Weiss.
"""


def script(*lines, title="Anvil 2.1.0"):
    items = [
        {"speaker": speaker, "text": text, "first_source_line": first, "last_source_line": last}
        for speaker, text, first, last in lines
    ]
    return {"title": title, "chapters": [{"title": "News", "lines": items}]}


GOOD = script(
    (NARRATOR, "Here is Anvil 2.1.", 0, 0),
    (NARRATOR, "The editor has a dark mode, and you can export {emph:5000 rows} to CSV.", 7, 8),
    (NARRATOR, "The login no longer times out.", 12, 12),
)


@pytest.fixture
def server():
    made = GeminiServer()
    made.script = GOOD
    return made


@pytest.fixture
def url(server):
    with server.running() as url:
        yield url


def ask(text=CHANGELOG, **settings):
    source = parse_source(text, origin="CHANGELOG.md")
    chosen = ScriptSettings(**settings)
    return WriteRequest(source, chosen, select_releases(source) if source.releases else ())


def write(server, url, request=None, **more):
    made = GeminiWriter(lambda: server.key, base_url=url, **more)
    return made.write(request or ask(), CancelToken())


def sent(server, at=-1):
    body = server.asked[at].body
    return body["systemInstruction"]["parts"][0]["text"], body["contents"][0]["parts"][0]["text"]


def test_structured_output_becomes_a_script_with_its_source_lines(server, url):
    written = write(server, url)
    assert written.writer == "gemini"
    assert written.script.title == "Anvil 2.1.0"
    assert [line.source_lines for line in written.script.lines] == [None, (7, 8), (12, 12)]
    assert parse_script(format_script(written.script)) == written.script
    assert written.doubts == ()
    assert written.left_out == ()
    body = server.asked[0].body
    assert server.asked[0].path == "/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse"
    assert body["generationConfig"]["responseMimeType"] == "application/json"
    assert not {"temperature", "topP", "topK"} & set(body["generationConfig"])


def test_the_model_gets_the_selected_release_numbered_and_the_rest_as_history(server, url):
    write(server, url)
    _, told = sent(server)
    head, _, history = told.partition("What came before")
    assert "7| - Dark mode in the editor." in head
    assert "Plug-ins" not in head
    assert "Plug-ins by Marta Weiss" in history
    write(server, url, ask(use_history=False))
    assert "Plug-ins" not in sent(server)[1]


def test_every_setting_reaches_the_model(server, url):
    server.script = script((HOST1, "Dark mode is here.", 7, 7), (HOST2, "In the editor.", 7, 7))
    request = ask(
        tone=Tone.TECHNICAL, audience="people who run servers", verbosity=Verbosity.BRIEF, speakers=2, cta="Upgrade today",
        severity_aware_tone=True, additional_context="Mention nothing of money.", product_name="Anvil", language="en",
    )  # fmt: skip
    written = write(server, url, request)
    assert written.script.speakers == (HOST1, HOST2)
    system, _ = sent(server)
    for words in (
        "technical and exact",
        "people who run servers",
        "Be brief",
        "HOST2 asks",
        "Upgrade today",
        "No cheer",
        "of money",
    ):
        assert words in system


def test_text_is_told_while_it_arrives(server, url):
    pieces = []
    write(server, url, on_text=pieces.append)
    assert len(pieces) > 3
    assert json.loads("".join(pieces)) == GOOD


def test_what_no_line_speaks_of_is_left_out_with_its_reason(server, url):
    server.script = script((NARRATOR, "Dark mode is here.", 7, 7))
    assert [(item.source_lines, item.text) for item in write(server, url).left_out] == [
        ((8, 8), "Export to CSV, up to 5,000 rows."),
        ((12, 12), "The login no longer times out."),
    ]


def test_what_the_source_lacks_is_doubted(server, url):
    server.script = script(
        (NARRATOR, "Anvil 2.1.0 brings dark mode to the editor.", 7, 7),
        (NARRATOR, "You can export 9,000 rows, thanks to Marta Weiss.", 8, 8),
        (NARRATOR, "The login is fixed since version 1.9.", 12, 12),
    )
    doubts = write(server, url).doubts
    assert [(doubt.line_index, doubt.words) for doubt in doubts] == [(1, ("9,000", "Marta", "Weiss")), (2, ("1.9",))]


@pytest.mark.parametrize(
    ("text", "behind", "words"),
    [
        ("It takes 5000 rows.", "Up to 5,000 rows", ()),
        ("Version 2 is here.", "2.0.0", ()),
        ("Version 2.1 is here.", "2.0.0", ("2.1",)),
        ("The kubectl plug-in works.", "Fix kubectl", ()),
        ("Run useState() and my_tool.", "Hooks", ("useState", "my_tool")),
        ("GitHub's runners are faster.", "Faster GitHub runners", ()),
        ("Two fixes, and seven hundred more.", "- Fix", ("seven",)),
        ("I'm glad. The Editor is back.", "the editor", ()),
        ("Nothing here.", "", ()),
    ],
)
def test_doubts_are_numbers_versions_and_names(text, behind, words):
    line = Line(NARRATOR, text, source_lines=(1, 1))
    found = find_doubts([line], [behind], ())
    assert (found[0].words if found else ()) == words


def test_lines_cite_only_what_the_model_was_given(server, url):
    server.script = script((NARRATOR, "One.", 15, 19), (NARRATOR, "Two.", 9, 3), (NARRATOR, "Three.", 7, 900))
    assert [line.source_lines for line in write(server, url).script.lines] == [None, None, None]


def test_a_strange_speaker_and_a_broken_cue_do_no_harm(server, url):
    server.script = script(("Bob the [host]", "Use {puase:short} here.", 7, 7), (NARRATOR, "   ", 7, 7))
    (line,) = write(server, url).script.lines
    assert line.speaker == NARRATOR
    assert line.shown == "Use {puase:short} here."


BAD = {
    "cut off": streamed(json.dumps(GOOD)[:-30], "MAX_TOKENS"),
    "broken": streamed(json.dumps(GOOD)[:-30]),
    "no script": streamed('{"title": "x"}'),
    "no lines": streamed('{"title": "x", "chapters": []}'),
    "empty": streamed(""),
    "OTHER": streamed("{", "OTHER"),
    "cut connection": Reply(200, streamed(json.dumps(GOOD)).body, {"content-type": "text/event-stream"}, cut_after=300),
    "busy": gemini_server.refusal(503, "UNAVAILABLE", "busy"),
    "slow down": gemini_server.refusal(429, "RESOURCE_EXHAUSTED", "slow", retry="0.1s"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_answer_is_asked_for_again_and_nothing_of_it_is_used(server, url, what):
    server.enqueue(BAD[what])
    assert len(write(server, url).script.lines) == 3
    assert len(server.asked) == 2


@pytest.mark.parametrize("what", ["cut off", "broken", "empty"])
def test_bad_answers_without_end_are_reported(server, url, what):
    server.enqueue(*[BAD[what]] * 5)
    with pytest.raises(WritingFailed, match=r"no whole script.*Your script is unchanged"):
        write(server, url)
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (
            gemini_server.refusal(400, "INVALID_ARGUMENT", "API key not valid", reason="API_KEY_INVALID"),
            "does not accept the key",
        ),
        (gemini_server.refusal(404, "NOT_FOUND", "no model"), "no model gemini-3.8-flash"),
        (gemini_server.refusal(429, "RESOURCE_EXHAUSTED", "quota", quota="PerDayPerModel"), "too many requests"),
        (gemini_server.blocked(), "refused the text of the source"),
    ],
)
def test_refusals_are_said_in_words_and_not_repeated(server, url, reply, message):
    reply = Reply(reply.status, b"data: " + reply.body + b"\r\n\r\n", reply.headers) if reply.status == 200 else reply
    server.enqueue(reply)
    with pytest.raises(WritingFailed) as raised:
        write(server, url)
    assert message in str(raised.value)
    assert server.key not in "".join(traceback.format_exception(raised.value))
    assert len(server.asked) == 1


def test_without_a_key_it_says_how_to_add_one():
    with pytest.raises(DeclaimError, match=r"Add a Gemini key in Settings › Voices, or set GEMINI_API_KEY"):
        writer("gemini").write(ask(), CancelToken())


def test_without_a_network_the_script_stays():
    made = GeminiWriter(lambda: "some-test-key", base_url="http://127.0.0.1:9")
    with pytest.raises(WritingFailed, match="cannot be reached"):
        made.write(ask(), CancelToken())


def test_cancel_returns_at_once(server, url):
    server.enqueue(Reply(200, streamed(json.dumps(GOOD)).body, {"content-type": "text/event-stream"}, trickle_s=0.2))
    cancel = CancelToken()
    seen = []

    def stop(piece):
        if not seen:
            seen.append(time.monotonic())
            threading.Timer(0.05, cancel.cancel).start()

    with pytest.raises(Cancelled):
        GeminiWriter(lambda: server.key, base_url=url, on_text=stop).write(ask(), cancel)
    assert time.monotonic() - seen[0] < 0.35


def test_a_document_is_written_too(server, url):
    server.script = script((NARRATOR, "Bread needs time.", 3, 3), title="")
    text = "# On bread\n\nBread needs time, and little else.\n\nSalt comes last.\n"
    written = write(server, url, ask(text))
    assert written.script.title == "On bread"
    assert [item.source_lines for item in written.left_out] == [(5, 5)]
