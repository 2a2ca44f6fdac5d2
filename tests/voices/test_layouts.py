"""Which layout is the fastest on this machine: measured with real threads, kept, and used from then on."""

from __future__ import annotations

import json
import time

import pytest

from declaim.errors import Cancelled
from declaim.model.ids import VoiceId
from declaim.model.work import CancelToken
from declaim.voices import Access, Layout, layouts
from declaim.voices.kokoro import KokoroEngine
from declaim.voices.layouts import FILE, keep_speeds, kept_layout, known_layouts, measurable, measure_layouts, measured_speeds
from declaim.voices.piper import OWN_LAYOUT, PiperEngine
from tests.support.voices import ScriptedEngine

ADA = VoiceId("scripted:ada")


@pytest.fixture(autouse=True)
def _four_cores(monkeypatch):
    monkeypatch.setattr(layouts, "cpu_count", lambda: 4)


@pytest.fixture
def access(tmp_path):
    return Access(tmp_path)


class Arranged(ScriptedEngine):
    """Takes a fiftieth of a second for each line, however many are spoken at once."""

    key_name = None

    def __init__(self) -> None:
        super().__init__(workers=1)
        self.layout = Layout(1, 4)

    def arrange(self, layout):
        self.layout = layout

    def speak(self, request, cancel):
        time.sleep(0.02)
        yield from super().speak(request, cancel)


def test_the_layouts_of_four_cores():
    assert known_layouts(Layout(4, 1)) == (Layout(4, 1), Layout(1, 4), Layout(2, 2))
    assert known_layouts(Layout(1, 4)) == (Layout(1, 4), Layout(4, 1), Layout(2, 2))


def test_what_speaks_more_lines_at_once_is_measured_to_be_faster_and_kept(access):
    speeds = measure_layouts(Arranged, ADA, CancelToken(), seconds=0.1)
    keep_speeds(access, Arranged(), speeds)
    assert set(speeds) == set(known_layouts(Layout(1, 4)))
    assert speeds[Layout(4, 1)] > speeds[Layout(1, 4)]
    assert kept_layout(access, Arranged(), Layout(1, 4)) == Layout(4, 1)


def test_a_small_gain_is_worth_no_change(access):
    keep_speeds(access, Arranged(), {Layout(1, 4): 10.0, Layout(4, 1): 10.3})
    assert kept_layout(access, Arranged(), Layout(1, 4)) == Layout(1, 4)


def test_a_measure_of_another_version_or_machine_counts_nothing(access, monkeypatch):
    engine = Arranged()
    keep_speeds(access, engine, {Layout(1, 4): 1.0, Layout(4, 1): 2.0})
    engine.version = "2"
    assert measured_speeds(access, engine) == {}
    engine.version = "1"
    monkeypatch.setattr(layouts, "cpu_count", lambda: 2)
    assert kept_layout(access, engine, Layout(1, 2)) == Layout(1, 2)


@pytest.mark.parametrize("text", ["", "[]", '{"scripted": 1}', '{"scripted": {"version": "1", "cores": 4, "measured": [{}]}}'])
def test_a_damaged_file_counts_nothing(access, text):
    (access.folder / FILE).write_text(text)
    assert kept_layout(access, Arranged(), Layout(1, 4)) == Layout(1, 4)


def test_two_engines_are_kept_side_by_side(access):
    keep_speeds(access, PiperEngine(), {OWN_LAYOUT: 1.0})
    keep_speeds(access, KokoroEngine(), {OWN_LAYOUT: 1.0})
    assert set(json.loads((access.folder / FILE).read_text())) == {"piper", "kokoro"}


def test_a_cancel_ends_a_measure():
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        measure_layouts(Arranged, ADA, cancel, seconds=5)


@pytest.mark.parametrize("make", [PiperEngine, KokoroEngine])
def test_the_local_engines_use_what_was_measured(access, make):
    engine, other = make(), Layout(2, 2)
    keep_speeds(access, engine, {engine.layout: 1.0, other: 2.0})
    engine.connect(access)
    assert engine.layout == other
    assert [one.name for one in measurable([engine, ScriptedEngine()])] == [engine.name]
