"""A render that is listened to again: lines with missing words are suspect."""

from __future__ import annotations

import pytest

from declaim.errors import Cancelled, VoiceNotReady
from declaim.model.library import LineState
from declaim.model.work import CancelToken, Progress
from declaim.render import plan_render, render

LINES = ("Dark mode is here.", "The kubectl plugin no longer hangs.", "...")


class WrittenEar:
    """Hears what it is told, line after line."""

    def __init__(self, *heard: str, is_there: bool = True) -> None:
        self.heard, self.listened, self.is_there = list(heard), 0, is_there

    def check(self) -> None:
        if not self.is_there:
            raise VoiceNotReady("The lines cannot be listened to.", cure="Install it.")

    def transcribe(self, samples, language):
        self.listened += 1
        assert samples.ndim == 1
        assert language == "en"
        return self.heard.pop(0)


def listened(bench, ear, on_line=None):
    request = bench.request(*LINES, verify=True)
    return render(request, bench.voices, bench.cache, CancelToken(), on_line=on_line, ear=ear)


def test_a_line_with_a_missing_word_is_suspect_and_says_which(bench):
    outcomes = []
    result = listened(bench, WrittenEar("Dark mode is here.", "The plugin no longer hangs."), on_line=outcomes.append)
    (suspect,) = result.suspect_lines
    assert (suspect.index, suspect.reason) == (1, "not heard: kubectl")
    assert outcomes[-1].state is LineState.SUSPECT
    assert outcomes[-1].suspicion == "not heard: kubectl"


def test_a_line_is_listened_to_once_and_what_was_heard_is_kept(bench):
    ear = WrittenEar("Dark mode is here.", "The plugin no longer hangs.")
    listened(bench, ear)
    again = listened(bench, ear)
    assert ear.listened == 2
    assert [line.index for line in again.suspect_lines] == [1]


def test_a_render_without_the_wish_listens_to_nothing_but_remembers(bench):
    ear = WrittenEar("Dark mode is here.", "The plugin no longer hangs.")
    listened(bench, ear)
    plain = render(bench.request(*LINES), bench.voices, bench.cache, CancelToken(), ear=ear)
    assert ear.listened == 2
    assert len(plain.suspect_lines) == 1


def test_without_a_recogniser_nothing_is_spoken(bench):
    with pytest.raises(VoiceNotReady):
        listened(bench, WrittenEar(is_there=False))
    assert bench.engine.history == []


def test_a_cancel_while_listening_keeps_what_was_heard(bench):
    cancel, ear = CancelToken(), WrittenEar("Dark mode is here.", "The kubectl plugin no longer hangs.")
    request = bench.request(*LINES, verify=True)
    hear = ear.transcribe

    def hear_and_stop(samples, language):
        cancel.cancel()
        return hear(samples, language)

    ear.transcribe = hear_and_stop
    with pytest.raises(Cancelled):
        render(request, bench.voices, bench.cache, cancel, ear=ear)
    ear.transcribe = hear
    assert not listened(bench, ear).suspect_lines
    assert ear.listened == 2


def test_the_progress_of_a_render_that_is_listened_to_never_runs_back(bench):
    reports = []
    progress = Progress(reports.append, interval_s=0)
    ear = WrittenEar("Dark mode is here.", "The kubectl plugin no longer hangs.")
    request = bench.request(*LINES, verify=True)
    render(request, bench.voices, bench.cache, CancelToken(), progress, ear=ear)
    shares = [report.fraction for report in reports]
    assert shares == sorted(shares)
    listening = [report.fraction for report in reports if report.text.startswith("Listening")]
    assert listening[-1] - listening[0] > 0.2
    assert shares[-1] == 1


def test_listening_counts_into_the_time_that_a_render_takes_and_is_learned(bench):
    plain, listening = (plan_render(bench.request(*LINES, verify=wish), bench.voices, bench.cache) for wish in (False, True))
    assert listening.seconds_estimate - plain.seconds_estimate == pytest.approx(listening.listening_estimate)
    assert listening.listening_estimate > 0
    listened(bench, WrittenEar("Dark mode is here.", "The kubectl plugin no longer hangs."))
    again = plan_render(bench.request(*LINES, "Another line.", verify=True), bench.voices, bench.cache)
    assert 0 < again.listening_estimate < listening.listening_estimate / 2
    assert plan_render(bench.request(*LINES, verify=True), bench.voices, bench.cache).listening_estimate == 0


def test_two_lines_of_one_sound_are_listened_to_once(bench):
    ear = WrittenEar("Yes.")
    request = bench.request("Yes indeed.", "Yes indeed.", verify=True)
    result = render(request, bench.voices, bench.cache, CancelToken(), ear=ear)
    assert [suspect.reason for suspect in result.suspect_lines] == ["not heard: indeed"] * 2
