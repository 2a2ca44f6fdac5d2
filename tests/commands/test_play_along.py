from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from declaim.audio import Peaks, read_clip
from declaim.commands.play_along import PlayAlong
from declaim.model.clip import Clip
from declaim.model.delivery import Delivery
from declaim.model.ids import LineKey, VoiceId
from declaim.model.library import LineState
from declaim.model.voice import Cast
from declaim.model.work import CancelToken
from declaim.render import LineCache, LineOutcome, RenderRequest, plan_render, render
from declaim.scripts import parse_script
from declaim.voices import Voices
from tests.support.studios import SCRIPT, add_script
from tests.support.voices import ScriptedEngine, tone


@pytest.fixture
def request_(tmp_path):
    return RenderRequest(
        parse_script(SCRIPT), Cast(VoiceId("scripted:ada")), Delivery(), (), tmp_path / "out.wav", loudness="none"
    )


@pytest.fixture
def cache(tmp_path):
    return LineCache(tmp_path / "lines")


def begun(request, cache):
    """As a render begins to be listened to."""
    along = PlayAlong(request, cache)
    along.begin(plan_render(request, Voices([ScriptedEngine()]), cache))
    return along


def heard(source):
    blocks = []
    while len(block := source.read(1 << 16)):
        blocks.append(block[:, 0])
    return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)


def test_what_is_heard_is_as_long_as_the_file_and_in_its_order(request_, cache):
    along = PlayAlong(request_, cache)
    result = render(request_, Voices([ScriptedEngine(workers=2)]), cache, CancelToken(), on_plan=along.begin, on_line=along.add)
    along.end()
    sound, file = heard(along.source()), read_clip(result.out, 44_100)
    assert 1000 * len(sound) / 44_100 == pytest.approx(result.timings[-1].end_ms, abs=26 * len(result.timings))
    starts = [round(timing.start_ms * 44.1) for timing in result.timings]
    assert np.corrcoef(sound[:8000], file.samples[starts[0] : starts[0] + 8000])[0, 1] > 0.99


UNEVEN = """[A, measured]: One line is here.

[A]: {pause:1s} Two line is here. {pause:700ms}

{pause:2s}

[A]: Three.

[A]: {say:Mister X|Mr. X (who?)} left "me." {laugh} {sigh}

[B]: End… {pause:long}

[B]: Is it?
"""


def test_the_quiet_between_lines_is_that_of_the_file(request_, cache):
    request = dataclasses.replace(request_, script=parse_script(UNEVEN))
    along = PlayAlong(request, cache)
    result = render(request, Voices([ScriptedEngine()]), cache, CancelToken(), on_plan=along.begin, on_line=along.add)
    sounds = [timing for timing in result.timings if timing.end_ms > timing.start_ms]
    in_file = [sounds[0].start_ms, *(after.start_ms - before.end_ms for before, after in pairwise(sounds))]
    sound = np.flatnonzero(heard(along.source()))
    edges = np.flatnonzero(np.diff(sound) > 4410)
    heard_ms = [sound[0] / 44.1, *((sound[edges + 1] - sound[edges]) / 44.1)]
    assert heard_ms == pytest.approx(in_file, abs=27)


def test_what_is_heard_is_drawn_as_the_file_will_be(request_, cache):
    along = PlayAlong(request_, cache)
    live, late = along.source(), begun(request_, cache)
    outcomes = []
    render(
        request_, Voices([ScriptedEngine()]), cache, CancelToken(),
        on_plan=along.begin, on_line=outcomes.append, on_sound=along.hear,
    )  # fmt: skip
    for outcome in outcomes:
        along.add(outcome)
        late.add(outcome)
    for source in (live, late.source()):
        drawn = Peaks.from_bytes(source.drawn())
        assert drawn.duration_ms == pytest.approx(1000 * source.frames / 44_100, abs=5)
        sound = heard(source)
        at = np.arange(len(drawn.values) - 1) * 441
        loudest = np.maximum.reduceat(sound, at)[: len(at)]
        assert np.corrcoef(drawn.values[: len(at), 1], loudest)[0, 1] > 0.95


def test_lines_that_finish_out_of_order_wait_for_the_one_before(request_, cache):
    outcomes = []
    render(request_, Voices([ScriptedEngine()]), cache, CancelToken(), on_line=outcomes.append)
    ready = {outcome.index: outcome for outcome in outcomes if outcome.state is LineState.READY}
    along = begun(request_, cache)
    source = along.source()
    along.add(ready[1])
    assert source.frames == 0
    assert source.is_waiting
    along.add(ready[0])
    both = source.frames
    assert both > 0
    along.add(LineOutcome(2, LineKey("gone"), LineState.FAILED, failure="lost its tongue"))
    along.add(ready[3])
    assert source.frames > both
    along.end()
    assert not source.is_waiting


def test_who_asks_late_hears_everything_from_the_start(request_, cache):
    along = PlayAlong(request_, cache)
    early = along.source()
    render(request_, Voices([ScriptedEngine()]), cache, CancelToken(), on_plan=along.begin, on_line=along.add)
    along.end()
    assert np.array_equal(heard(early), heard(along.source()))


def test_the_line_that_comes_next_is_heard_while_it_is_spoken(request_, cache):
    along = PlayAlong(request_, cache)
    early, late, lengths = along.source(), [], []

    def hear(index, clip):
        along.hear(index, clip)
        late.append(along.source())
        lengths.append(early.frames)

    render(request_, Voices([ScriptedEngine()]), cache, CancelToken(), on_plan=along.begin, on_line=along.add, on_sound=hear)
    along.end()
    assert lengths[0] > 0
    assert len(heard(early)) == pytest.approx(len(heard(along.source())), rel=0.02)
    assert len(heard(late[0])) == len(heard(along.source()))


def test_a_line_out_of_turn_is_heard_when_its_turn_comes(request_, cache):
    along = begun(request_, cache)
    source = along.source()
    along.hear(1, tone(1.0))
    assert source.frames == 0
    along.hear(0, tone(1.0))
    assert source.frames == 44_100


def test_each_voice_is_as_loud_as_it_will_be_in_the_file(request_, cache):
    loud_and_soft = {"ada": 0.5, "bob": 0.15}

    class Uneven(ScriptedEngine):
        def speak(self, request, cancel):
            for clip in super().speak(request, cancel):
                yield Clip(clip.samples * loud_and_soft[request.voice.partition(":")[2]], clip.rate_hz)

    cast = Cast(VoiceId("scripted:ada"), {"HOST1": VoiceId("scripted:bob")})
    request = dataclasses.replace(request_, cast=cast, loudness="podcast-mono")
    outcomes = []
    render(request, Voices([Uneven()]), cache, CancelToken(), on_line=outcomes.append)
    along = begun(request, cache)
    levels = []
    for outcome in (one for one in outcomes if one.state is LineState.READY):
        before = along.source().frames
        along.add(outcome)
        levels.append(float(np.abs(heard(along.source())[before:]).max()))
    assert max(levels) == pytest.approx(min(levels), rel=0.3)


def kept_with_a_damaged_line(request, cache):
    """The keys of a programme, one of whose lines was written over, at its size."""
    render(request, Voices([ScriptedEngine()]), cache, CancelToken())
    keys = [line.key for line in plan_render(request, Voices([ScriptedEngine()]), cache).lines]
    path = cache.path(keys[1])
    path.write_bytes(bytes(200) + path.read_bytes()[200:])
    request.out.unlink()  # what was not changed would be copied from it
    return keys


def test_to_listen_keeps_no_render_from_speaking_a_damaged_line_anew(request_, cache):
    kept_with_a_damaged_line(request_, cache)
    along, engine = PlayAlong(request_, cache), ScriptedEngine()
    source = along.source()
    result = render(request_, Voices([engine]), cache, CancelToken(), on_plan=along.begin, on_line=along.add)
    along.end()
    assert len(engine.spoken) == 1
    whole = along.source().frames
    assert 0 < source.frames < whole
    assert 1000 * whole / 44_100 == pytest.approx(result.timings[-1].end_ms, abs=26 * len(result.timings))


def test_lines_that_cannot_be_read_are_left_out_of_what_is_heard(request_, cache):
    keys, along = kept_with_a_damaged_line(request_, cache), begun(request_, cache)
    for index, key in enumerate(keys):
        along.add(LineOutcome(index, key, LineState.READY))
    without_one = along.source().frames
    cache.forget(keys[0])
    assert 0 < along.source().frames < without_one


def test_only_a_render_that_runs_can_be_listened_to(studio, project_id, engine):
    script_id = add_script(studio)[1]
    assert studio.rendering.sound_so_far(script_id) is None
    seen = []
    speak = engine.speak

    def listen_and_speak(request, cancel):
        seen.append(studio.rendering.sound_so_far(script_id))
        yield from speak(request, cancel)

    engine.speak = listen_and_speak
    studio.rendering.render(script_id)
    assert seen[0] is not None
    assert seen[0].frames == seen[-1].frames > 0
    assert studio.rendering.sound_so_far(script_id) is None
