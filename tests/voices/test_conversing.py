"""Two speakers in one request, against servers on this machine: what is sent, where the sound is cut, when it is not."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from declaim.errors import Cancelled
from declaim.model.delivery import Delivery, DeliveryPreset, EmotionalRange, ExpressionSettings
from declaim.model.spoken import SpokenPause
from declaim.model.work import CancelToken
from declaim.voices import Access
from declaim.voices.elevenlabs import ElevenLabsEngine
from declaim.voices.gemini import GeminiEngine
from tests.support import elevenlabs_server, gemini_server
from tests.support.elevenlabs_server import OTHER_VOICE, VOICE, ElevenLabsServer
from tests.support.gemini_server import GeminiServer, silent, spoken_turns
from tests.support.speech_server import Reply
from tests.voices.conftest import request_for, seconds

WORDS = ("Is dark mode here at last?", "It is. It follows your system.", "And every screen has it, too?")
GEMINI = ("gemini:Kore", "gemini:Puck", "gemini:Kore")
ELEVEN = (f"elevenlabs:{VOICE}", f"elevenlabs:{OTHER_VOICE}", f"elevenlabs:{VOICE}")


def engine_of(engine_class, server, url, folder, **choices):
    access = Access(folder, lambda _name: server.key, lambda _name: True)
    access.choose(engine_class.name, base_url=url, **choices)
    engine = engine_class(access)
    engine.limiter.back_off_s = lambda _times: 0.01
    return engine


@pytest.fixture
def gemini_server_():
    return GeminiServer()


@pytest.fixture
def eleven_server():
    return ElevenLabsServer()


@pytest.fixture
def gemini(gemini_server_, tmp_path):
    with gemini_server_.running() as url:
        engine = engine_of(GeminiEngine, gemini_server_, url, tmp_path)
        yield engine
        engine.close()


@pytest.fixture
def eleven(eleven_server, tmp_path):
    with eleven_server.running() as url:
        engine = engine_of(ElevenLabsEngine, eleven_server, url, tmp_path)
        yield engine
        engine.close()


def dialogue(voices, words=WORDS, delivery=None):
    return [request_for(voice, text, delivery=delivery) for voice, text in zip(voices, words, strict=True)]


def lines_of(engine, requests, cancel=None):
    """The sound of each line, by place; what has none under -1."""
    found = {}
    for place, clip in engine.speak_exchange(requests, cancel or CancelToken()):
        found.setdefault(place if len(clip.samples) else -1, []).append(clip)
    return found


def cost(clips):
    return sum(getattr(clip, "cost_usd", 0.0) for clip in clips)


def test_gemini_speaks_two_hosts_in_one_request(gemini, gemini_server_):
    measured = Delivery(DeliveryPreset.MEASURED)
    requests = dialogue(GEMINI, delivery=measured)
    assert gemini.exchanges(requests) == [range(3)]
    lines = lines_of(gemini, requests)
    (seen,) = gemini_server_.asked
    parts = seen.body["contents"][0]["parts"]
    assert [part["speechMetadata"]["speaker"] for part in parts] == ["Kore", "Puck", "Kore"]
    assert {part["speechMetadata"]["style"] for part in parts} == {"calm, measured pace"}
    assert [part["text"] for part in parts] == [f"{WORDS[0]} <long pause>", f"{WORDS[1]} <long pause>", WORDS[2]]
    assert seen.body["generationConfig"]["responseModalities"] == ["AUDIO"]
    speech = seen.body["generationConfig"]["speechConfig"]
    assert str(speech).count("'Kore'") == str(speech).count("'Puck'") == 2
    assert [seconds(lines[place]) for place in range(3)] == pytest.approx(
        [len(text) / 15 + pause for text, pause in zip(WORDS, (0.45, 0.9, 0.45), strict=True)], abs=0.03
    )
    assert sum(map(cost, lines.values())) == pytest.approx(sum(gemini.cost_usd(request) for request in requests), rel=0.1)


def test_elevenlabs_cuts_a_dialogue_at_its_segments_and_its_sentences(eleven, eleven_server):
    requests = dialogue(ELEVEN)
    assert eleven.exchanges(requests) == [range(3)]
    lines = lines_of(eleven, requests)
    (seen,) = eleven_server.asked
    assert seen.path == "/v1/text-to-dialogue/with-timestamps?output_format=pcm_24000"
    assert seen.body["inputs"] == [
        {"text": text, "voice_id": voice.partition(":")[2]} for text, voice in zip(WORDS, ELEVEN, strict=True)
    ]
    assert seen.body["model_id"] == "eleven_v3"
    assert seen.body["settings"] == {"stability": 0.5}
    assert isinstance(seen.body["seed"], int)
    assert [len(lines[place]) for place in range(3)] == [1, 2, 1]
    assert seconds(lines[0]) == pytest.approx(len(WORDS[0]) / 15 + 0.15, abs=0.01)
    assert seconds(lines[1][:1]) == pytest.approx(0.15 + WORDS[1].index("It follows") / 15, abs=0.01)
    assert sum(map(cost, lines.values())) == pytest.approx(sum(map(len, WORDS)) * 100 / 1e6)


@pytest.mark.parametrize(
    ("voices", "ranges"),
    [
        ("KPKPKPKP", [range(6), range(6, 8)]),
        ("KKKK", []),
        ("KPZKP", [range(2), range(2, 4)]),
        ("K", []),
    ],
)
def test_passages_of_exactly_two_voices_go_together_a_few_lines_at_a_time(gemini, voices, ranges):
    names = {"K": "gemini:Kore", "P": "gemini:Puck", "Z": "gemini:Zephyr"}
    requests = [request_for(names[letter], f"Line number {index} of a talk.") for index, letter in enumerate(voices)]
    assert list(gemini.exchanges(requests)) == ranges


def test_what_cannot_be_cut_or_sent_together_is_spoken_alone(gemini, eleven, tmp_path):
    one = request_for(GEMINI[0], WORDS[0])
    assert not gemini.exchanges([one, request_for("gemini:Puck", "Well", SpokenPause(500), "yes.")])
    assert not gemini.exchanges([one, request_for("gemini:Puck", "Well", SpokenPause(5000), "yes.")])
    assert not gemini.exchanges([one, request_for("gemini:voice_of_the_account", "Yes.")])
    assert not gemini.exchanges([one, request_for("gemini:Puck", "A long word or two. " * 50)])
    first, second, _third = dialogue(ELEVEN)
    theatrical = Delivery(DeliveryPreset.THEATRICAL, ExpressionSettings(EmotionalRange.FULL))
    assert not eleven.exchanges([first, replace(second, delivery=theatrical)])
    eleven.access.choose("elevenlabs", model="eleven_multilingual_v2")
    assert not eleven.exchanges([first, second])
    gemini.access.choose("gemini", exchanges=False)
    assert not gemini.speaks_exchanges


NOT_SURE = {
    "no pause": spoken_turns(list(WORDS)),
    "pauses like those within": spoken_turns([f"{text} <long pause>" for text in ["Is", "dark mode", "here at last? It", "is."]]),
    "one turn much too long": spoken_turns(["a <long pause>" * 12, "b <long pause>", "c"]),
}


@pytest.mark.parametrize("what", NOT_SURE)
def test_gemini_gives_nothing_where_it_is_not_sure_but_tells_the_cost(gemini, gemini_server_, what):
    gemini_server_.enqueue(NOT_SURE[what])
    lines = lines_of(gemini, dialogue(GEMINI))
    assert set(lines) == {-1}
    assert cost(lines[-1]) > 0


def shifted(reply_of):
    """The answer to the dialogue with its segments changed."""
    turns = [(text, voice.partition(":")[2]) for text, voice in zip(WORDS, ELEVEN, strict=True)]
    plain = json.loads(elevenlabs_server.dialogue(turns).body)
    reply_of(plain["voice_segments"])
    return Reply.of(plain)


@pytest.mark.parametrize(
    "change",
    [
        lambda segments: segments.pop(),
        lambda segments: segments[0].update(dialogue_input_index=2),
        lambda segments: segments[1].update(start_time_seconds=0.1),
        lambda segments: segments[2].update(end_time_seconds=99.0),
        lambda segments: segments[1].update(voice_id=VOICE),
        lambda segments: segments.clear(),
    ],
)
def test_segments_that_make_no_sense_are_not_used(eleven, eleven_server, change):
    eleven_server.enqueue(shifted(change))
    assert set(lines_of(eleven, dialogue(ELEVEN))) == {-1}


def test_after_a_few_exchanges_in_vain_none_is_asked_for(gemini, gemini_server_):
    gemini_server_.enqueue(*[silent()] * 3)
    for _ in range(4):
        lines_of(gemini, dialogue(GEMINI))
    assert len(gemini_server_.asked) == 3
    assert not gemini.exchanges(dialogue(GEMINI))


def test_a_busy_service_is_asked_for_the_exchange_again(gemini, gemini_server_):
    gemini_server_.enqueue(gemini_server.refusal(503, "UNAVAILABLE", "busy"))
    assert set(lines_of(gemini, dialogue(GEMINI))) >= {0, 1, 2}
    assert len(gemini_server_.asked) == 2


def test_an_exchange_that_was_cancelled_is_not_paid_for_twice(eleven, eleven_server):
    cancel = CancelToken()
    eleven_server.gate.clear()
    eleven_server.enqueue(lambda seen: cancel.cancel() or eleven_server.answer(seen))
    with pytest.raises(Cancelled):
        lines_of(eleven, dialogue(ELEVEN), cancel)
    eleven_server.gate.set()
    assert set(lines_of(eleven, dialogue(ELEVEN))) == {0, 1, 2}
    assert len(eleven_server.asked) == 1
