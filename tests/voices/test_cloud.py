"""Both cloud engines against a server on this machine: what is sent, what goes wrong, what is said about it."""

from __future__ import annotations

import subprocess
import sys
import time
import traceback

import numpy as np
import pytest

from declaim.errors import Cancelled, DeclaimError, VoiceError, VoiceKeyMissing
from declaim.model.delivery import Delivery, DeliveryPreset, EmotionalRange, EmphasisStyle, ExpressionSettings
from declaim.model.spoken import SpokenPause, SpokenSound, SpokenStyle, SpokenText, VocalSound
from declaim.model.work import CancelToken
from declaim.voices import Access, Voices
from declaim.voices.elevenlabs import ElevenLabsEngine
from declaim.voices.gemini import GeminiEngine
from tests.support import elevenlabs_server, gemini_server
from tests.support.elevenlabs_server import VOICE, ElevenLabsServer
from tests.support.gemini_server import GeminiServer, pcm, wav
from tests.support.speech_server import Reply
from tests.voices.conftest import request_for, seconds, speak

TWO = "The first sentence is about as long as this. The second one is much the same in length and says little."
KORE = "gemini:Kore"
VERA = f"elevenlabs:{VOICE}"


@pytest.fixture
def gemini_service():
    server = GeminiServer()
    with server.running() as url:
        yield server, url


@pytest.fixture
def eleven_service():
    server = ElevenLabsServer()
    with server.running() as url:
        yield server, url


@pytest.fixture(autouse=True)
def _close_connections():
    yield
    while _OPEN:
        _OPEN.pop().close()


_OPEN = []


def connected(engine_class, server, url, tmp_path, key=None, **choices):
    access = Access(tmp_path, lambda _name: server.key if key is None else key, lambda _name: key != "")
    engine = engine_class(access)
    access.choose(engine.name, base_url=url, **choices)
    engine.connect(access)
    _OPEN.append(engine)
    engine.limiter.back_off_s = lambda _times: 0.02
    return engine


@pytest.fixture
def gemini(gemini_service, tmp_path):
    return connected(GeminiEngine, *gemini_service, tmp_path)


@pytest.fixture
def eleven(eleven_service, tmp_path):
    return connected(ElevenLabsEngine, *eleven_service, tmp_path)


def sounding(clips):
    return [clip for clip in clips if np.any(clip.samples)]


def cost(clips):
    return sum(getattr(clip, "cost_usd", 0.0) for clip in clips)


# What is sent


def test_gemini_gets_one_request_for_a_line(gemini, gemini_service):
    delivery = Delivery(DeliveryPreset.MEASURED, ExpressionSettings(EmotionalRange.SUBTLE))
    clips = speak(gemini, KORE, "Hello there, dear listener.", delivery=delivery)
    (seen,) = gemini_service[0].asked
    assert seen.path == "/v1beta/models/gemini-3.8-flash-tts:generateContent"
    (part,) = seen.body["contents"][0]["parts"]
    assert part["text"] == "Hello there, dear listener."
    assert part["speechMetadata"] == {"style": "calm, measured pace, restrained"}
    config = seen.body["generationConfig"]
    assert config["responseModalities"] == ["AUDIO"]
    assert "Kore" in str(config["speechConfig"])
    assert not {"temperature", "topP", "topK", "seed"} & set(config)
    assert seconds(clips) == pytest.approx(27 / 15, abs=0.1)
    assert {clip.rate_hz for clip in clips} == {24_000}


def test_gemini_counts_what_a_line_cost(gemini):
    clips = speak(gemini, KORE, "Hello there, dear listener.")
    tokens_in, tokens_out = 27 // 4, round(25 * 27 / 15)
    assert cost(clips) == pytest.approx((tokens_in * 0.5 + tokens_out * 9) / 1e6, rel=0.01)
    estimate = gemini.cost_usd(request_for(KORE, "Hello there, dear listener."))
    assert estimate == pytest.approx(cost(clips), rel=0.05)


def test_an_empty_style_is_not_sent(gemini, gemini_service):
    speak(gemini, KORE, "Hello.")
    assert "speechMetadata" not in gemini_service[0].asked[0].body["contents"][0]["parts"][0]


@pytest.mark.parametrize(
    ("preset", "feeling", "settings"),
    [
        (DeliveryPreset.MEASURED, EmotionalRange.MODERATE, 1.0),
        (DeliveryPreset.DYNAMIC, EmotionalRange.FULL, 0.5),
        (DeliveryPreset.THEATRICAL, EmotionalRange.MODERATE, 0.5),
        (DeliveryPreset.THEATRICAL, EmotionalRange.FULL, 0.0),
    ],
)
def test_elevenlabs_v3_gets_one_of_three_stabilities(eleven, eleven_service, preset, feeling, settings):
    delivery = Delivery(preset, ExpressionSettings(feeling))
    speak(eleven, VERA, "Hello there.", delivery=delivery)
    (seen,) = eleven_service[0].asked
    assert seen.path == f"/v1/text-to-speech/{VOICE}/with-timestamps?output_format=pcm_24000"
    assert seen.body["model_id"] == "eleven_v3"
    assert seen.body["voice_settings"] == {"stability": settings}
    assert isinstance(seen.body["seed"], int)
    assert "previous_text" not in seen.body


def test_a_model_that_stitches_gets_the_text_around(eleven_service, tmp_path):
    engine = connected(ElevenLabsEngine, *eleven_service, tmp_path, model="eleven_multilingual_v2")
    request = request_for(VERA, "In the middle.")
    around = type(request)(request.voice, request.line, request.delivery, "Before it.", "After it.")
    assert engine.fingerprint(around) != engine.fingerprint(request)
    list(engine.speak(around, CancelToken()))
    body = eleven_service[0].asked[0].body
    assert (body["previous_text"], body["text"], body["next_text"]) == ("Before it.", "In the middle.", "After it.")
    assert body["voice_settings"]["style"] == 0.15
    assert set(body["voice_settings"]) == {"stability", "similarity_boost", "style", "speed", "use_speaker_boost"}


def test_a_model_that_does_not_stitch_is_not_made_stale_by_its_neighbours(gemini, eleven):
    for engine, voice in ((gemini, KORE), (eleven, VERA)):
        request = request_for(voice, "In the middle.")
        around = type(request)(request.voice, request.line, request.delivery, "Before it.", "After it.")
        assert engine.fingerprint(around) == engine.fingerprint(request)


def test_times_of_characters_cut_the_sound_where_sentences_begin(eleven):
    clips = sounding(speak(eleven, VERA, TWO))
    assert len(clips) == 2
    first = TWO.index("The second")
    assert clips[0].duration_ms == pytest.approx(1000 * first / 15, abs=2)
    assert cost(clips) == pytest.approx(len(TWO) * 100 / 1e6)


CUES = (
    SpokenText("Well"),
    SpokenSound(VocalSound.LAUGH),
    SpokenText("I say"),
    SpokenText("every", SpokenStyle.EMPHASIS),
    SpokenText("word", SpokenStyle.WHISPER),
    SpokenPause(500),
    SpokenText("twice <x> [y]."),
)


@pytest.mark.parametrize(
    ("voice", "model", "expression", "text"),
    [
        (
            KORE,
            "",
            ExpressionSettings(),
            "Well <laugh> I say <short pause> EVERY <whispers> word <short pause> twice x [y].",
        ),
        (
            KORE,
            "",
            ExpressionSettings(allow_laughter=False, allow_whispering=False, emphasis_style=EmphasisStyle.PAUSES),
            "Well I say <short pause> every word <short pause> twice x [y].",
        ),
        (
            VERA,
            "eleven_v3",
            ExpressionSettings(),
            "Well [laughs] I say [short pause] EVERY [whispers] word [pause] twice <x> y .",
        ),
        (
            VERA,
            "eleven_v3",
            ExpressionSettings(allow_laughter=False, allow_whispering=False),
            "Well I say [short pause] EVERY word [pause] twice <x> y .",
        ),
        (
            VERA,
            "eleven_multilingual_v2",
            ExpressionSettings(),
            'Well I say <break time="0.2s" /> EVERY word <break time="0.5s" /> twice x [y].',
        ),
    ],
)
def test_each_engine_renders_the_cues_that_it_can(tmp_path, voice, model, expression, text):
    engine = (GeminiEngine if voice == KORE else ElevenLabsEngine)(Access(tmp_path))
    engine.access.choose(engine.name, model=model)
    told = engine.describe(request_for(voice, *CUES, delivery=Delivery(expression=expression)))
    assert told.splitlines()[1].replace(" .", ".") == text.replace(" .", ".")


QUIET = ExpressionSettings(allow_laughter=False, allow_whispering=False, emphasis_style=EmphasisStyle.PAUSES)
ARC = ExpressionSettings(emotional_arc=True)


@pytest.mark.parametrize(
    ("expression", "gemini_sends", "eleven_sends"),
    [
        (ExpressionSettings(), ["<laugh> <whispers> psst!", {}], ["[laughs] [whispers] psst!"]),
        (QUIET, ["psst!", {}], ["psst!"]),
        (ARC, ["<laugh> <whispers> psst!", {"style": "excited"}], ["[excited] [laughs] [whispers] psst!"]),
    ],
)
def test_what_arrives_at_the_services_is_what_the_user_allows(
    gemini, gemini_service, eleven, eleven_service, expression, gemini_sends, eleven_sends
):
    parts = (SpokenSound(VocalSound.LAUGH), SpokenText("psst!", SpokenStyle.WHISPER))
    delivery = Delivery(expression=expression)
    speak(gemini, KORE, *parts, delivery=delivery)
    speak(eleven, VERA, *parts, delivery=delivery)
    (part,) = gemini_service[0].asked[0].body["contents"][0]["parts"]
    assert [part["text"], part.get("speechMetadata", {})] == gemini_sends
    assert [eleven_service[0].asked[0].body["text"]] == eleven_sends


def test_older_models_of_elevenlabs_get_no_tags(eleven_service, tmp_path):
    for model in ("eleven_multilingual_v2", "eleven_flash_v2_5"):
        engine = connected(ElevenLabsEngine, *eleven_service, tmp_path, model=model)
        parts = (SpokenSound(VocalSound.LAUGH), SpokenText("psst!", SpokenStyle.WHISPER))
        speak(engine, VERA, *parts, delivery=Delivery(expression=ARC))
    assert [seen.body["text"] for seen in eleven_service[0].asked] == ["psst!", "psst!"]
    v2, flash = (seen.body["voice_settings"] for seen in eleven_service[0].asked)
    assert set(v2) - set(flash) == {"style", "use_speaker_boost"}


def test_what_will_be_sent_is_told_in_words(tmp_path):
    gemini, eleven = GeminiEngine(Access(tmp_path)), ElevenLabsEngine(Access(tmp_path))
    calm = Delivery(DeliveryPreset.MEASURED)
    assert gemini.describe(request_for(KORE, "Hello.", delivery=calm)) == (
        "Gemini · gemini-3.8-flash-tts · voice Kore · style “calm, measured pace”\nHello."
    )
    assert "stability" in eleven.describe(request_for(VERA, "Hello."))
    assert gemini.describe(request_for(KORE)) == "Nothing is sent: the line has no words."


def test_an_emotional_arc_gives_lines_their_own_style(tmp_path):
    arc = Delivery(expression=ExpressionSettings(emotional_arc=True))
    gemini, eleven = GeminiEngine(Access(tmp_path)), ElevenLabsEngine(Access(tmp_path))
    assert "“curious”" in gemini.describe(request_for(KORE, "Is it done?", delivery=arc))
    assert "style" not in gemini.describe(request_for(KORE, "It is done.", delivery=arc))
    assert "[excited] It is done!" in eleven.describe(request_for(VERA, "It is done!", delivery=arc))


def test_a_long_pause_is_real_silence_between_two_requests(gemini, gemini_service):
    clips = speak(gemini, KORE, "One.", SpokenPause(3000), "Two.")
    assert [clip.duration_ms for clip in clips if len(clip.samples) and not np.any(clip.samples)][:2] == [220, 3000]
    assert len(gemini_service[0].asked) == 2


def test_text_over_the_limit_is_split_at_sentences_and_joined(gemini, gemini_service):
    text = " ".join(f"Sentence number {number} says a little more than nothing at all." for number in range(60))
    clips = speak(gemini, KORE, text)
    texts = [gemini_server.text_of(seen) for seen in gemini_service[0].asked]
    assert len(texts) == 3
    assert all(len(part) <= 1500 and part.endswith(".") for part in texts)
    assert " ".join(texts) == text
    assert seconds(clips) == pytest.approx(len(text) / 15, rel=0.03)


def test_elevenlabs_takes_its_limit_from_the_models_that_were_read(eleven_service, tmp_path):
    engine = connected(ElevenLabsEngine, *eleven_service, tmp_path, model="eleven_multilingual_v2")
    assert engine.limit == 10_000
    engine.refresh()
    assert engine.limit == 300
    speak(engine, VERA, TWO * 4)
    assert all(len(seen.body["text"]) <= 300 for seen in eleven_service[0].asked)
    assert eleven_service[0].asked[1].body["previous_text"].endswith(eleven_service[0].asked[0].body["text"][-40:])


# Answers of other kinds


@pytest.mark.parametrize(
    "reply",
    [
        gemini_server.sound(wav(2.0, 16_000)),
        gemini_server.sound(wav(2.0, 44_100, 2)),
        gemini_server.sound(pcm(2.0), "audio/L16;codec=pcm;rate=24000"),
        gemini_server.sound(pcm(2.0, 48_000), "audio/L16;rate=48000"),
    ],
)
def test_sound_in_another_shape_is_made_to_fit(gemini, gemini_service, reply):
    gemini_service[0].enqueue(reply)
    clips = speak(gemini, KORE, "Hello.")
    assert seconds(clips) == pytest.approx(2.0, abs=0.01)
    assert {clip.rate_hz for clip in clips} == {24_000}


ODD = {
    "blocked": gemini_server.blocked(),
    "OTHER": gemini_server.silent(),
    "no candidates": Reply.of({}),
    "SAFETY": gemini_server.silent("SAFETY"),
    "breaks off at the model's limit": gemini_server.sound(wav(9.0), finish="MAX_TOKENS"),
    "cut off": gemini_server.sound(wav(9.0)[:-4000]),
    "breaks off early": gemini_server.sound(wav(0.3)),
    "MP3": gemini_server.sound(b"ID3" + bytes(500), "audio/mpeg"),
    "garbage": Reply(200, b"<html>no</html>", {"content-type": "text/html"}),
    "cut connection": Reply(200, b"x" * 5000, cut_after=100),
    "a lie about the length": Reply(200, b"{}", claimed_length=5000, cut_after=2),
    "INTERNAL": gemini_server.refusal(500, "INTERNAL", "oops"),
    "UNAVAILABLE": gemini_server.refusal(503, "UNAVAILABLE", "busy"),
}


@pytest.mark.parametrize("what", ODD)
def test_an_answer_without_sound_is_asked_for_again(gemini, gemini_service, what):
    server = gemini_service[0]
    server.enqueue(ODD[what], ODD[what])
    clips = speak(gemini, KORE, TWO)
    assert seconds(clips) == pytest.approx(len(TWO) / 15, abs=0.2)
    assert len(server.asked) == 3


@pytest.mark.parametrize("what", ["blocked", "OTHER", "cut off"])
def test_then_its_words_are_halved_at_a_sentence(gemini, gemini_service, what):
    server = gemini_service[0]
    server.enqueue(*[ODD[what]] * 3)
    clips = speak(gemini, KORE, TWO)
    assert [gemini_server.text_of(seen) for seen in server.asked[3:]] == [TWO[:44], TWO[45:]]
    assert len(sounding(clips)) == 2


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("blocked", "the text was blocked (PROHIBITED_CONTENT). Change the words"),
        ("OTHER", "the answer is empty (OTHER). Render again"),
        ("INTERNAL", "Gemini has a problem of its own (500): “oops”. Render again later. Finished lines are kept."),
        ("cut connection", "Gemini broke off in the middle of its answer."),
    ],
)
def test_then_it_is_reported_in_words(gemini, gemini_service, what, message):
    gemini_service[0].enqueue(*[ODD[what]] * 30)
    with pytest.raises(VoiceError) as raised:
        speak(gemini, KORE, "Short.")
    assert message in str(raised.value)


def test_what_was_billed_without_sound_is_counted(gemini, gemini_service):
    gemini_service[0].enqueue(gemini_server.silent())
    clips = speak(gemini, KORE, "Hello there.")
    assert cost(clips) > cost(speak(gemini, KORE, "Hello here."))


# Refusals


GEMINI_REFUSALS = [
    (gemini_server.refusal(400, "INVALID_ARGUMENT", "API key not valid.", reason="API_KEY_INVALID"), "does not accept the key"),
    (gemini_server.refusal(400, "INVALID_ARGUMENT", "API key expired. Renew it.", reason="API_KEY_INVALID"), "has expired"),
    (gemini_server.refusal(403, "PERMISSION_DENIED", "No permission."), "has no permission"),
    (gemini_server.refusal(429, "RESOURCE_EXHAUSTED", "quota", quota="RequestsPerDayPerProject"), "quota of your Gemini account"),
    (gemini_server.refusal(404, "NOT_FOUND", "models/x is not found"), "has no model gemini-3.8-flash-tts"),
    (gemini_server.refusal(400, "INVALID_ARGUMENT", "Voice name Korre is invalid."), "has no voice Kore"),
    (gemini_server.refusal(400, "INVALID_ARGUMENT", "Odd request"), "did not accept this line (400): “Odd request”"),
    (gemini_server.refusal(429, "RESOURCE_EXHAUSTED", "slow", retry="3600s"), "asks to wait 60 minutes"),
]


@pytest.mark.parametrize(("reply", "message"), GEMINI_REFUSALS)
def test_gemini_refusals_are_said_in_words_and_not_repeated(gemini, gemini_service, reply, message):
    gemini_service[0].enqueue(reply)
    with pytest.raises(VoiceError) as raised:
        speak(gemini, KORE, "Hello there.")
    assert message in str(raised.value)
    assert raised.value.cure
    assert len(gemini_service[0].asked) == 1


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (elevenlabs_server.refusal(401, "invalid_api_key", "Invalid API key"), "does not accept the key"),
        (elevenlabs_server.refusal(401, "quota_exceeded", "You have 3 credits left"), "quota of your ElevenLabs account"),
        (elevenlabs_server.refusal(404, "voice_not_found", "A voice was not found"), "has no voice JustATest"),
        (elevenlabs_server.refusal(400, "model_not_found", "No such model"), "has no model eleven_v3"),
        (Reply.of({"detail": [{"msg": "field required", "loc": ["body"]}]}, 422), "(422): “field required”"),
    ],
)
def test_elevenlabs_refusals_are_said_in_words(eleven, eleven_service, reply, message):
    eleven_service[0].enqueue(reply)
    with pytest.raises(VoiceError) as raised:
        speak(eleven, VERA, "Hello there.")
    assert message in str(raised.value)
    assert raised.value.cure


@pytest.mark.parametrize(
    "reply",
    [
        Reply.of({"audio_base64": "", "alignment": None}),
        Reply.of({"something": "else"}),
        Reply.of({"audio_base64": "!!not base64!!"}),
        Reply(200, b"garbage"),
        Reply(200, b"{}", claimed_length=500, cut_after=2),
        elevenlabs_server.refusal(500, "internal", "oops"),
        elevenlabs_server.refusal(429, "too_many_concurrent_requests", "slow", {"retry-after": "0"}),
    ],
)
def test_elevenlabs_is_asked_again_too(eleven, eleven_service, reply):
    eleven_service[0].enqueue(reply)
    assert seconds(speak(eleven, VERA, "Hello there, listener.")) > 1
    assert len(eleven_service[0].asked) == 2


def test_a_line_that_the_service_finds_too_long_is_halved(eleven, eleven_service):
    eleven_service[0].enqueue(*[elevenlabs_server.refusal(400, "max_character_limit_exceeded", "Too long")] * 3)
    assert len(sounding(speak(eleven, VERA, TWO))) == 2


def test_too_many_requests_halve_what_goes_side_by_side(gemini, gemini_service):
    gemini_service[0].enqueue(gemini_server.refusal(429, "RESOURCE_EXHAUSTED", "slow", retry="0.2s"))
    started = time.monotonic()
    speak(gemini, KORE, "Hello.")
    assert time.monotonic() - started > 0.2
    assert gemini.limiter.allowed == 2


def test_retry_after_is_honoured(eleven, eleven_service):
    eleven_service[0].enqueue(elevenlabs_server.refusal(429, "busy", "slow", {"Retry-After": "0.3"}))
    started = time.monotonic()
    speak(eleven, VERA, "Hello.")
    assert time.monotonic() - started > 0.3


# No network


@pytest.mark.parametrize("engine_class", [GeminiEngine, ElevenLabsEngine])
@pytest.mark.parametrize(
    ("url", "message"), [("http://127.0.0.1:9", "cannot be reached."), ("http://no-such-host.invalid", "no network")]
)
def test_no_network_says_so(engine_class, url, message, tmp_path):
    server = GeminiServer()
    engine = connected(engine_class, server, url, tmp_path)
    with pytest.raises(VoiceError, match=message):
        speak(engine, f"{engine.name}:{VOICE}", "Hello.")
    engine.close()


def test_a_server_that_trickles_is_left_after_a_while(gemini, gemini_service):
    gemini.deadline_s = 0.1
    gemini_service[0].enqueue(*[Reply(200, b" " * 10_000, trickle_s=0.05)] * 4)
    with pytest.raises(VoiceError, match="did not answer within"):
        speak(gemini, KORE, "Hello.")


# Keys


@pytest.mark.parametrize(("engine_class", "voice"), [(GeminiEngine, KORE), (ElevenLabsEngine, VERA)])
def test_without_a_key_it_says_how_to_add_one(engine_class, voice, tmp_path):
    engine = engine_class(Access(tmp_path))
    with pytest.raises(VoiceKeyMissing, match=r"Add an? .* key in Settings › Voices, or set .*_API_KEY"):
        speak(engine, voice, "Hello.")
    assert all("Settings › Voices" in listed.needs for listed in engine.voices())


def test_a_key_of_the_environment_is_used(gemini_service, tmp_path, monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", gemini_service[0].key)
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", gemini_service[1])
    engine = GeminiEngine(Access(tmp_path))
    assert all(voice.ready for voice in engine.voices())
    assert seconds(speak(engine, KORE, "Hello.")) > 0.3
    engine.close()


@pytest.mark.parametrize("engine_class", [GeminiEngine, ElevenLabsEngine])
@pytest.mark.parametrize("key", ["wrong-key-sk-98765432", "two words-sk", "short", "naïve-schlüssel-sk", "line\nbreak-sk-1234"])
def test_a_key_is_in_no_message_and_no_traceback(engine_class, key, gemini_service, eleven_service, tmp_path, caplog):
    caplog.set_level("DEBUG")
    service = gemini_service if engine_class is GeminiEngine else eleven_service
    engine = connected(engine_class, *service, tmp_path, key=key)
    service[0].enqueue(gemini_server.refusal(400, "INVALID_ARGUMENT", f"The key {key} is odd"))
    with pytest.raises(DeclaimError) as raised:
        speak(engine, f"{engine.name}:{VOICE}", "Hello.")
    told = "".join(traceback.format_exception(raised.value)) + repr(engine.__dict__.get("access")) + caplog.text
    assert key not in told
    assert all(key not in path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
    engine.close()


# Voices


def test_thirty_voices_of_gemini_are_listed_offline(tmp_path):
    voices = GeminiEngine(Access(tmp_path)).voices()
    assert len(voices) == 30
    assert "Firm" in next(voice.description for voice in voices if voice.name == "Kore")
    assert all(not voice.is_free for voice in voices)


def test_more_voices_of_gemini_are_read_when_asked_for(gemini, tmp_path):
    assert gemini.refresh() == 32
    again = GeminiEngine(Access(tmp_path))
    assert [str(voice.id) for voice in again.voices()[30:]] == ["gemini:voice_a", "gemini:voice_b"]


def test_the_voices_of_the_account_are_read_and_kept(eleven, tmp_path):
    assert [voice.ready for voice in eleven.voices()] == [False]
    assert eleven.refresh() == 2
    vera, otto = ElevenLabsEngine(Access(tmp_path, has_key=lambda _name: True)).voices()
    assert (vera.name, vera.gender, otto.gender, vera.ready) == ("Vera", "female", "male", True)


def test_a_voice_id_of_an_account_that_was_not_read_yet_is_believed(eleven):
    voices = Voices([eleven])
    assert voices.find(VERA).ready
    with pytest.raises(VoiceError, match="no voice"):
        voices.find("elevenlabs:nobody")


def test_a_key_is_tested_with_one_free_call(gemini, gemini_service, eleven, eleven_service):
    assert gemini.check_key(gemini_service[0].key) == "The key works: 2 speech models."
    assert eleven.check_key(eleven_service[0].key) == "The key works: 2 voices in your account."
    for engine in (gemini, eleven):
        with pytest.raises(VoiceError, match="does not accept the key"):
            engine.check_key("wrong-key-wrong-key")
    assert not gemini_service[0].asked
    assert not eleven_service[0].asked


def test_listing_voices_with_both_keys_imports_no_sdk_and_sends_nothing(gemini_service, eleven_service):
    code = (
        "import sys; from declaim.voices import Voices; voices = Voices.discover().all(); "
        "assert [v for v in voices if v.engine == 'gemini' and v.ready]; "
        "assert not {'google.genai', 'elevenlabs', 'httpx', 'httpx2', 'keyring'} & set(sys.modules)"
    )
    import os

    keys = {"GEMINI_API_KEY": "k" * 20, "ELEVENLABS_API_KEY": "k" * 20}
    urls = {"GOOGLE_GEMINI_BASE_URL": gemini_service[1], "ELEVENLABS_BASE_URL": eleven_service[1]}
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30, env={**os.environ, **keys, **urls})
    assert not gemini_service[0].history
    assert not eleven_service[0].history


# Cancel


def test_cancel_stops_at_once_and_what_was_under_way_is_not_paid_for_twice(gemini, gemini_service):
    server = gemini_service[0]
    server.gate.clear()
    cancel = CancelToken()
    server.enqueue(lambda seen: cancel.cancel() or server.answer(seen))
    with pytest.raises(Cancelled):
        list(gemini.speak(request_for(KORE, "A line that is under way."), cancel))
    assert server.under_way == 1
    server.gate.set()
    assert seconds(speak(gemini, KORE, "A line that is under way.")) > 1
    assert len(server.asked) == 1
    speak(gemini, KORE, "A line that is under way.")
    assert len(server.asked) == 2


def test_cancel_stops_a_wait_for_the_service(gemini, gemini_service):
    gemini_service[0].enqueue(gemini_server.refusal(429, "RESOURCE_EXHAUSTED", "slow", retry="60s"))
    cancel = CancelToken()
    refused = gemini.limiter.refused
    gemini.limiter.refused = lambda *told: (refused(*told), cancel.cancel())
    with pytest.raises(Cancelled):
        list(gemini.speak(request_for(KORE, "Hello."), cancel))
    assert gemini.limiter.try_enter() > 50  # the service still wants nothing


def test_the_half_that_was_spoken_is_not_paid_for_again(gemini, gemini_service):
    server = gemini_service[0]
    silent = gemini_server.silent()
    server.enqueue(silent, silent, silent, gemini_server.spoken(TWO[:44]), *[silent] * 9)
    with pytest.raises(VoiceError, match="the answer is empty"):
        speak(gemini, KORE, TWO)
    server._queue.clear()
    before = len(server.asked)
    server.enqueue(silent, silent, silent)
    speak(gemini, KORE, TWO)
    assert TWO[:44] not in [gemini_server.text_of(seen) for seen in server.asked[before:]]
