from __future__ import annotations

import pytest

from declaim.audio import read_clip
from declaim.errors import InputError, VoiceError, VoiceUnknown
from declaim.model.ids import VoiceId
from declaim.model.library import LineState, RecordingState, RecordingType
from declaim.model.voice import Cast
from tests.support.studios import SCRIPT, add_script


@pytest.fixture
def script_id(studio, project_id):
    return add_script(studio)[1]


def summary(studio, script_id):
    found = []
    studio.rendering.plan(script_id, found.append)
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


def test_after_one_edit_only_that_line_is_spoken(studio, script_id, engine):
    studio.rendering.render(script_id)
    spoken = len(engine.history)
    studio.scripts.save_text(script_id, SCRIPT.replace("just the editor", "only the editor"))
    assert summary(studio, script_id).text.startswith("1 line will render, 6 are ready")
    assert studio.rendering.line_states(script_id)[1] is LineState.STALE
    studio.rendering.render(script_id)
    assert len(engine.history) == spoken + 1
    assert set(studio.rendering.line_states(script_id)) == {LineState.READY}
    assert len(studio.recordings.of_script(script_id)) == 2


def test_states_are_announced_as_lines_come(studio, script_id):
    seen = []
    studio.rendering.subscribe(lambda script, states: seen.extend((script, index, state) for index, state in states.items()))
    studio.rendering.render(script_id)
    assert {index for _, index, state in seen if state is LineState.READY} == set(range(7))


def test_a_line_that_fails_fails_the_take_with_the_reason_and_keeps_the_others(studio, script_id, engine):
    engine.enqueue(VoiceError("The voice lost its tongue.", cure="Try again."), text="Everywhere, or just the editor?")
    errors = []
    studio.rendering.render(script_id, failed=errors.append)
    take = studio.recordings.of_script(script_id)[0]
    assert take.state is RecordingState.FAILED
    assert "lost its tongue" in studio.scripts.lines(script_id)[1].failure
    assert studio.rendering.line_states(script_id)[1] is LineState.FAILED
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


def test_hearing_a_line_gives_its_sound_and_keeps_it(studio, script_id, engine):
    files = []
    studio.rendering.hear_line(script_id, 1, files.append)
    studio.rendering.hear_line(script_id, 1, files.append)
    assert read_clip(files[0]).duration_ms > 500
    assert len(engine.history) == 1
    assert summary(studio, script_id).ready == 1


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
    studio.rendering.hear_line(script_id, 0, heard.append)
    assert heard
    assert "night mode" in engine.spoken[0]
