"""A long line's utterances are computed side by side, and heard in order."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from declaim.errors import Cancelled
from declaim.model.delivery import Delivery
from declaim.model.ids import VoiceId
from declaim.model.spoken import SpokenLine, SpokenPause, SpokenText
from declaim.model.work import CancelToken
from declaim.voices import SpeechRequest, local
from declaim.voices.gate import Gate

pytestmark = pytest.mark.voices
LONG = "This is one of many sentences, and it is not short. " * 40


class Humming:
    """A tone of the length and pitch of the phonemes; counts how many are computed at once."""

    rate_hz, language, max_phonemes = 8000, "en-us", 170

    def __init__(self, meeting: threading.Barrier | None = None) -> None:
        self.meeting, self.said, self.failing_at = meeting, 0, -1

    def say(self, phonemes, pace, tuning):
        self.said += 1
        number = self.said
        for _ in range(2):
            if number == self.failing_at:
                raise ZeroDivisionError("oops")
            if self.meeting and 2 <= number <= 5:
                self.meeting.wait(10)  # breaks unless another utterance comes, too
            yield np.sin(np.arange(20 * len(phonemes)) / (3 + number % 5)).astype(np.float32)


def request(*parts) -> SpeechRequest:
    return SpeechRequest(VoiceId("humming:ada"), SpokenLine("", "", parts), Delivery())


def sound(model, workers, *parts, cancel=None):
    return list(local.speak(model, request(*parts), Gate(workers, 10_000), cancel or CancelToken()))


def test_a_long_line_keeps_every_worker_busy_and_sounds_the_same():
    parts = (SpokenText(LONG), SpokenPause(700), SpokenText(LONG), SpokenPause(300))
    alone = sound(Humming(), 1, *parts)
    together = sound(Humming(threading.Barrier(2)), 2, *parts)

    assert [clip.goes_on for clip in alone] == [clip.goes_on for clip in together]
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one.samples, other.samples)


def test_an_ordinary_line_is_computed_as_it_is_heard():
    model = Humming()
    clips = local.speak(model, request(SpokenText(LONG[:200])), Gate(2, 10_000), CancelToken())
    next(clips)
    assert model.said == 1


def test_the_first_utterance_of_a_long_line_is_heard_before_another_begins():
    model = Humming()
    clips = local.speak(model, request(SpokenText(LONG)), Gate(2, 10_000), CancelToken())
    next(clips)
    assert model.said == 1
    clips.close()


def test_an_error_in_an_utterance_that_was_begun_early_comes_in_its_turn():
    model = Humming()
    model.failing_at = 4
    heard = []
    with pytest.raises(ZeroDivisionError):
        heard.extend(local.speak(model, request(SpokenText(LONG)), Gate(2, 10_000), CancelToken()))
    assert sum(clip.samples.any() and not clip.goes_on for clip in heard) == 3


def test_a_cancel_ends_what_was_begun_early():
    cancel = CancelToken()
    clips = local.speak(Humming(), request(SpokenText(LONG)), Gate(2, 10_000), cancel)
    next(clips)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(clips)
    names = [thread.name for thread in threading.enumerate() if thread.name.startswith("voice ahead")]
    for thread in threading.enumerate():
        if thread.name in names:
            thread.join(5)
            assert not thread.is_alive()
