"""The lexicon as dictionaries of the account: made once, made anew when it changes, done without where that cannot be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from declaim.model.lexicon import LexiconEntry
from declaim.model.work import CancelToken
from declaim.voices import Access
from declaim.voices.dictionaries import as_written, rules_of
from declaim.voices.elevenlabs import ElevenLabsEngine
from tests.support.elevenlabs_server import OTHER_VOICE, VOICE, ElevenLabsServer, refusal
from tests.voices.conftest import request_for

KUBECTL = LexiconEntry("kubectl", "kube control")
NGINX = LexiconEntry("nginx", "engine x", case_sensitive=True)
LEXICON = (KUBECTL, NGINX, LexiconEntry("v(\\d)", "version \\1", is_regex=True))


@pytest.fixture
def server():
    return ElevenLabsServer()


@pytest.fixture
def engine(server, tmp_path):
    with server.running() as url:
        access = Access(tmp_path, lambda _name: server.key, lambda _name: True)
        access.choose("elevenlabs", base_url=url)
        engine = ElevenLabsEngine(access)
        engine.limiter.back_off_s = lambda _times: 0.01
        yield engine
        engine.close()


def request(text, lexicon=LEXICON, voice=VOICE):
    return replace(request_for(f"elevenlabs:{voice}", text), lexicon=lexicon)


def say(engine, *texts, lexicon=LEXICON):
    for text in texts:
        assert list(engine.speak(request(text, lexicon), CancelToken()))


def test_a_respelt_word_is_sent_as_it_is_written_with_a_dictionary_made_once(engine, server):
    say(engine, "Run kube control first.", "Then engine x, then kube control.", "And nothing else.")
    alias = {"type": "alias", "word_boundaries": True}
    assert server.dictionaries == [
        [
            {**alias, "string_to_replace": "kubectl", "alias": "kube control", "case_sensitive": False},
            {**alias, "string_to_replace": "nginx", "alias": "engine x", "case_sensitive": True},
        ]
    ]
    assert [seen.body["text"] for seen in server.asked] == [
        "Run kubectl first.",
        "Then nginx, then kubectl.",
        "And nothing else.",
    ]
    locators = [{"pronunciation_dictionary_id": "dictionary-1", "version_id": "version-1"}]
    assert [seen.body.get("pronunciation_dictionary_locators") for seen in server.asked] == [locators, locators, None]


def test_it_is_remembered_over_a_restart_and_made_anew_when_the_lexicon_changes(engine, server):
    say(engine, "Run kube control first.")
    again = ElevenLabsEngine(engine.access)
    say(again, "Run kube control again.")
    say(again, "Run kube control last.", lexicon=(KUBECTL,))
    again.close()
    assert len(server.dictionaries) == 2
    paths = [seen.path for seen in server.history if "pronunciation" in seen.path]
    assert paths == ["/v1/pronunciation-dictionaries/add-from-rules", "/v1/pronunciation-dictionaries/dictionary-1/set-rules"]
    assert server.asked[-1].body["pronunciation_dictionary_locators"][0]["version_id"] == "version-2"


def test_a_dictionary_is_in_no_key(engine):
    assert engine.fingerprint(request("Run kube control.")) == engine.fingerprint(request("Run kube control.", ()))


def test_a_dialogue_has_it_too(engine, server):
    hosts = [request("Is kube control there?"), request("It is, with engine x.", voice=OTHER_VOICE)]
    assert {place for place, _clip in engine.speak_exchange(hosts, CancelToken())} == {0, 1}
    (seen,) = server.asked
    assert [turn["text"] for turn in seen.body["inputs"]] == ["Is kubectl there?", "It is, with nginx."]
    assert seen.body["pronunciation_dictionary_locators"]


def test_a_key_that_may_not_make_one_sends_respelt_words_and_asks_once(engine, server):
    server.refuses_dictionaries = True
    say(engine, "Run kube control first.", "Run kube control again.")
    assert [seen.body["text"] for seen in server.asked] == ["Run kube control first.", "Run kube control again."]
    assert sum("pronunciation" in seen.path for seen in server.history) == 1


def test_a_dictionary_that_is_gone_is_done_without(engine, server):
    say(engine, "Run kube control first.")
    server.enqueue(refusal(400, "pronunciation_dictionary_not_found", "Pronunciation dictionary not found"))
    say(engine, "Run kube control again.", "Run kube control last.")
    assert [seen.body["text"] for seen in server.asked] == [
        "Run kubectl first.",
        "Run kubectl again.",
        "Run kube control again.",
        "Run kube control last.",
    ]


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Run kube control.", "Run kubectl."),
        ("Run kube controls.", "Run kube controls."),
        ("Spell Kubectl, say kube control.", "Spell Kubectl, say kube control."),
        ("NGINX is engine x.", "NGINX is nginx."),
        ("Nothing of it.", "Nothing of it."),
    ],
)
def test_only_respelt_words_are_sent_as_written(text, sent):
    assert as_written(text, rules_of(LEXICON)) == sent


def test_a_lexicon_that_does_not_fit_is_left_to_respelling():
    many = tuple(LexiconEntry(f"word{number}", f"ward {number}") for number in range(1501))
    assert rules_of(many) == ()
    assert len(rules_of(many[:1500])) == 1500
    assert rules_of((LexiconEntry("a/b", "a or b"), LexiconEntry("ok", "OK"))) == ()
