"""Measuring how the machine speaks fastest: after a render, once, in the background."""

from __future__ import annotations

import pytest

from declaim.commands import measuring
from declaim.commands.measuring import Measuring, layouts_in_words
from declaim.jobs import Jobs
from declaim.model.ids import VoiceId
from declaim.voices import Access, Layout, Voices
from declaim.voices.layouts import keep_speeds, known_layouts
from tests.support.executors import InlineExecutor
from tests.support.voices import ScriptedEngine

ADA = VoiceId("scripted:ada")


class Arranged(ScriptedEngine):
    key_name = None

    def arrange(self, layout):
        self.layout = layout


@pytest.fixture
def voices():
    return Voices([Arranged()])


@pytest.fixture
def measured(monkeypatch):
    """The voices whose measuring was begun."""
    begun = []
    monkeypatch.setattr(measuring, "measure", lambda voice_id, cancel: begun.append(voice_id))
    monkeypatch.setattr(measuring, "_is_busy", lambda: False)
    monkeypatch.setattr(measuring, "_REST_S", 0)
    return begun


@pytest.fixture
def jobs():
    return Jobs(InlineExecutor(), lambda call: call())


def test_after_the_first_render_its_engine_is_measured_once(voices, jobs, measured):
    meter = Measuring(voices, jobs)
    meter.after_render([ADA, VoiceId("scripted:bob")])
    meter.after_render([ADA])
    assert measured == [ADA]


def test_what_was_measured_before_is_not_measured_again(voices, jobs, measured):
    engine = voices.engine_of(ADA)
    keep_speeds(Access(), engine, dict.fromkeys(known_layouts(engine.layout), 3.0))
    Measuring(voices, jobs).after_render([ADA])
    assert measured == []


def test_an_engine_with_one_way_to_work_is_never_measured(jobs, measured):
    Measuring(Voices([ScriptedEngine()]), jobs).after_render([ADA])
    assert measured == []


def test_the_doctor_reads_what_is_used_and_what_was_measured(voices):
    assert layouts_in_words(voices) == {"Scripted": "1 line at once on 1 thread (not measured yet)"}
    engine = voices.engine_of(ADA)
    keep_speeds(Access(), engine, {Layout(1, 1): 4.0, Layout(2, 1): 7.5})
    words = layouts_in_words(voices)["Scripted"]
    assert "(2 lines at once on 1 thread each: 7.5 × real time; 1 line at once on 1 thread: 4.0 × real time)" in words
