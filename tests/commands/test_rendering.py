from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path

import pytest

from declaim.audio import read_clip
from declaim.errors import InputError, VoiceError, VoiceUnknown
from declaim.model.delivery import DeliveryPreset
from declaim.model.ids import VoiceId
from declaim.model.library import LineState, RecordingState, RecordingType
from declaim.model.voice import Cast
from tests.support.studios import SCRIPT, add_script
from tests.support.voices import RATE_HZ, tone


@pytest.fixture
def script_id(studio, project_id):
    return add_script(studio)[1]


def summary(studio, script_id):
    found = []
    studio.planning.plan(script_id, found.append)
    return found[0]


def test_a_render_makes_a_take_with_audio_peaks_and_times(studio, script_id):
    made = []
    studio.rendering.render(script_id, done=made.append)
    take = studio.recordings.get(made[0])
    assert take.type is RecordingType.CONVERSION
    assert take.state is RecordingState.DONE
    assert studio.recordings.audio_path(take.id).suffix == ".mp3"
    assert take.duration_ms > 5000
    assert len(take.timings) == 7
    assert take.timings[0].line_id == studio.scripts.lines(script_id)[0].line_id
    assert studio.recordings.peaks(take.id)
    assert take.parameters["voices"] == {"HOST1": "scripted:ada", "HOST2": "scripted:ada"}
    assert studio.library.recordings.get(take.original_id).type is RecordingType.ORIGINAL


def test_a_disk_that_is_full_at_the_peaks_fails_the_take_with_a_cure_and_leaves_nothing(studio, script_id, monkeypatch):
    def refuse(path, data, write=Path.write_bytes):
        if path.suffix == ".peaks":
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return write(path, data)

    with monkeypatch.context() as full:
        full.setattr(Path, "write_bytes", refuse)
        job_id = studio.rendering.render(script_id)
    (take,) = (take for take in studio.recordings.of_script(script_id) if take.type is RecordingType.CONVERSION)
    assert take.state is RecordingState.FAILED
    assert "No space left" in take.failure
    assert "Free some space" in take.failure
    assert [path for path in (studio.library.media / "takes").rglob("*") if path.is_file()] == []
    studio.jobs.retry(job_id)
    assert studio.recordings.peaks(take.id)


def test_after_one_edit_only_that_line_is_spoken(studio, script_id, engine):
    studio.rendering.render(script_id)
    spoken = len(engine.history)
    studio.scripts.save_text(script_id, SCRIPT.replace("just the editor", "only the editor"))
    assert summary(studio, script_id).text.startswith("1 line will render, 6 are ready")
    assert studio.planning.line_states(script_id)[1] is LineState.STALE
    studio.rendering.render(script_id)
    assert len(engine.history) == spoken + 1
    assert set(studio.planning.line_states(script_id)) == {LineState.READY}
    assert len(studio.recordings.of_script(script_id)) == 2


def test_states_are_announced_as_lines_come(studio, script_id):
    seen = []
    studio.planning.subscribe(lambda script, states: seen.extend((script, index, state) for index, state in states.items()))
    studio.rendering.render(script_id)
    assert {index for _, index, state in seen if state is LineState.READY} == set(range(7))


def test_a_line_that_fails_fails_the_take_with_the_reason_and_keeps_the_others(studio, script_id, engine):
    engine.enqueue(VoiceError("The voice lost its tongue.", cure="Try again."), text="Everywhere, or just the editor?")
    errors = []
    studio.rendering.render(script_id, failed=errors.append)
    take = studio.recordings.of_script(script_id)[0]
    assert take.state is RecordingState.FAILED
    assert "lost its tongue" in studio.scripts.lines(script_id)[1].failure
    assert studio.planning.line_states(script_id)[1] is LineState.FAILED
    assert summary(studio, script_id).ready == 6


def test_an_unknown_voice_is_refused_before_anything_is_made(studio, script_id):
    studio.scripts.set_cast(script_id, Cast(default=VoiceId("scripted:adda")))
    with pytest.raises(VoiceUnknown, match="scripted:ada"):
        studio.rendering.render(script_id)
    assert studio.recordings.of_script(script_id) == ()


def test_a_mistake_in_the_script_is_told_with_its_place(studio, script_id):
    studio.scripts.save_text(script_id, SCRIPT.replace("{pause:short}", "{puase:short}"))
    with pytest.raises(InputError, match=r"[Ll]ine 5"):
        studio.rendering.render(script_id)
    assert "{puase:short}" in summary(studio, script_id).problem


def test_hearing_a_line_gives_its_sound_while_it_is_spoken_and_keeps_it(studio, script_id, engine):
    sounds = []
    studio.hearing.line(script_id, 1, sounds.append)
    studio.hearing.line(script_id, 1, sounds.append)
    live, file = sounds
    assert not live.is_waiting
    assert 1000 * live.frames / live.rate_hz == pytest.approx(read_clip(file).duration_ms, abs=30)
    assert len(engine.history) == 1
    assert summary(studio, script_id).ready == 1


def test_the_first_piece_of_a_line_is_heard_before_the_second_is_made(studio, script_id, engine):
    heard, seen = [], []

    def pieces():
        yield tone(1.0)
        seen.append([source.frames for source in heard])
        yield tone(1.0)

    engine.enqueue(pieces())
    studio.hearing.line(script_id, 1, heard.append)
    assert seen == [[RATE_HZ]]
    assert heard[0].frames == 2 * RATE_HZ


def test_a_line_that_fails_while_it_is_heard_says_why_and_its_sound_ends(studio, script_id, engine):
    heard, failures = [], []

    def pieces():
        yield tone(1.0)
        raise VoiceError("It lost its voice.")

    engine.enqueue(pieces())
    studio.hearing.line(script_id, 1, heard.append, failures.append)
    assert "lost its voice" in str(failures[0])
    assert not heard[0].is_waiting


def test_a_take_that_a_crash_left_is_finished_at_the_next_start(studio, script_id, engine):
    studio.rendering.render(script_id)
    take = studio.recordings.of_script(script_id)[0]
    with studio.library.transaction("Pretend", undoable=False):
        studio.library.recordings.set_state(take.id, RecordingState.RENDERING)
    spoken = len(engine.history)
    assert studio.rendering.resume_unfinished() == 1
    again = studio.recordings.get(take.id)
    assert again.state is RecordingState.DONE
    assert len(engine.history) == spoken
    assert studio.recordings.audio_path(take.id).exists()


def test_a_line_is_heard_with_the_notes_of_its_script(studio, project_id, engine):
    _, script_id = add_script(studio, "[HOST1]: Dark mode is here.\n")
    studio.scripts.set_notes(script_id, "Dark mode = night mode")
    heard = []
    studio.hearing.line(script_id, 0, heard.append)
    assert heard
    assert "night mode" in engine.spoken[0]


def test_the_plan_says_why_a_line_is_stale(studio, script_id):
    assert summary(studio, script_id).why == ""
    studio.rendering.render(script_id)
    told = []
    studio.planning.subscribe(lambda _script, states: told.append(set(states)))
    studio.scripts.save_text(script_id, SCRIPT.replace("just the editor", "only the editor"))
    assert summary(studio, script_id).why == "Text changed"
    assert studio.planning.line_reasons(script_id) == {1: "text changed"}
    settings = studio.scripts.settings(script_id)
    studio.scripts.set_delivery(script_id, replace(settings.delivery, preset=DeliveryPreset.MEASURED))
    assert "text and delivery changed (1)" in summary(studio, script_id).why
    assert 1 in told[-1]  # stale as before, but for another reason


def test_a_new_line_among_stale_ones_is_told_as_new(studio, script_id):
    studio.rendering.render(script_id)
    changed = SCRIPT.replace("just the editor", "only the editor") + "\n[HOST1]: And one more thing.\n"
    studio.scripts.save_text(script_id, changed)
    assert summary(studio, script_id).why == "Text changed (1), new (1)"


def test_a_render_that_is_tried_again_is_rendering_again(studio, script_id, engine):
    engine.enqueue(VoiceError("The voice lost its tongue.", cure="Try again."), text="Everywhere, or just the editor?")
    job_id = studio.rendering.render(script_id)
    take_id = studio.recordings.of_script(script_id)[0].id
    seen = []
    studio.jobs.subscribe(lambda job: seen.append((studio.recordings.get(take_id).state, studio.rendering.job_of(script_id))))
    studio.jobs.retry(job_id)
    assert seen[0] == (RecordingState.RENDERING, job_id)
    assert studio.recordings.get(take_id).state is RecordingState.DONE
    assert studio.rendering.job_of(script_id) is None


def test_a_render_is_not_tried_again_beside_another_one_of_the_script(studio, script_id, engine):
    engine.enqueue(VoiceError("The voice lost its tongue.", cure="Try again."), text="Everywhere, or just the editor?")
    job_id = studio.rendering.render(script_id)
    studio.planning.begin_render(script_id)
    studio.jobs.retry(job_id)
    assert "being rendered already" in studio.jobs.status(job_id).failure
    assert studio.recordings.of_script(script_id)[0].state is RecordingState.FAILED


def test_the_plan_counts_the_lines_that_are_worth_a_listen(studio, script_id, engine):
    engine.enqueue(tone(0.2), tone(0.2), text="Everywhere, or just the editor?")
    studio.rendering.render(script_id)
    assert summary(studio, script_id).remarks == "1 line underlined: worth a listen"
    assert studio.planning.line_states(script_id)[1] is LineState.SUSPECT


def test_a_heard_line_that_does_not_sound_right_is_marked_before_any_render(studio, script_id, engine):
    engine.enqueue(tone(0.2), tone(0.2))
    studio.hearing.line(script_id, 1, lambda _sound: None)
    assert studio.planning.line_states(script_id)[1] is LineState.SUSPECT
    assert summary(studio, script_id).suspect == 1
    assert studio.scripts.lines(script_id)[1].suspicion
