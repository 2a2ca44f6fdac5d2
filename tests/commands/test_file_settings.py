"""The music, the channels and the tags that are chosen for a script, in its takes."""

from __future__ import annotations

import dataclasses
import json

import mutagen.id3
import numpy as np
import pytest
import soundfile

from declaim.errors import InputError
from declaim.model.settings import LoudnessStandard, MusicSettings, TagSettings
from tests.support.studios import add_script


@pytest.fixture
def script_id(studio, project_id):
    return add_script(studio)[1]


@pytest.fixture
def tune(tmp_path):
    tone = 0.2 * np.sin(np.arange(3 * 22_050) / 10)
    soundfile.write(tmp_path / "tune.wav", tone, 22_050)
    return str(tmp_path / "tune.wav")


def choose(studio, script_id, **chosen):
    settings = dataclasses.replace(studio.scripts.settings(script_id), **chosen)
    studio.scripts.set_settings(script_id, settings, "Choose the sound")


def render(studio, script_id):
    made = []
    studio.rendering.render(script_id, done=made.append)
    return studio.recordings.get(made[0])


def test_music_moves_the_times_of_a_take_and_speaks_nothing_anew(studio, script_id, engine, tune, tmp_path):
    plain = render(studio, script_id)
    spoken = len(engine.history)
    choose(studio, script_id, music=MusicSettings(intro=tune, overlap_ms=1000), channels=1)
    take = render(studio, script_id)

    assert len(engine.history) == spoken
    assert take.timings[0].start_ms == pytest.approx(2000, abs=30)
    assert take.duration_ms - plain.duration_ms == pytest.approx(2000, abs=60)
    assert soundfile.info(studio.recordings.audio_path(take.id)).channels == 1
    assert take.parameters["settings"]["music"]["intro"] == tune
    sheets = []
    studio.exporting.measure_take(take.id, sheets.append)
    assert next(row for row in sheets[0].rows if row.what == "Channels").passed is True

    studio.exporting.bundle("recording", take.id, tmp_path / "bundle")
    manifest = json.loads((tmp_path / "bundle" / "manifest.json").read_text())
    assert "tune.wav" in manifest["recordings"][0]["parameters"]["settings"]["music"]["intro"]


def test_a_take_in_mono_passes_as_what_it_was_made_for_now_and_before(studio, script_id):
    choose(studio, script_id, loudness=LoudnessStandard.PODCAST, channels=1)
    take = render(studio, script_id)
    sheets = []
    studio.exporting.measure_take(take.id, sheets.append)
    with studio.library.transaction("As a Declaim of before kept it"):
        known = {**take.parameters, "loudness": "podcast"}
        studio.library.recordings.finish(take.id, path=take.path, duration_ms=take.duration_ms, parameters=known)
    studio.exporting.measure_take(take.id, sheets.append)

    limits = [{row.what: row.limit for row in sheet.rows} for sheet in sheets]
    assert [limit["Loudness"] for limit in limits] == ["−20 to −18 LUFS", "−17 to −15 LUFS"]
    assert [limit["Channels"] for limit in limits] == ["mono", "mono"]


def test_music_that_is_gone_is_told_before_a_take_is_begun(studio, script_id, engine, tmp_path):
    choose(studio, script_id, music=MusicSettings(bed=str(tmp_path / "gone.wav")))
    with pytest.raises(InputError, match="bed music") as caught:
        studio.rendering.render(script_id)

    assert "clear it" in caught.value.cure
    assert engine.history == []
    assert studio.recordings.of_script(script_id) == ()


def test_the_choice_of_music_is_undone(studio, script_id, tune):
    choose(studio, script_id, music=MusicSettings(bed=tune))
    studio.undo()

    assert studio.scripts.settings(script_id).music == MusicSettings()


def test_a_take_says_what_was_chosen_for_it(studio, script_id, tmp_path):
    cover = tmp_path / "cover.png"
    cover.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    choose(studio, script_id, tags=TagSettings("Ada", "Notes", "By hand", str(cover)))
    tags = mutagen.id3.ID3(studio.recordings.audio_path(render(studio, script_id).id))

    assert [str(tags[name]) for name in ("TPE1", "TALB")] == ["Ada", "Notes"]
    assert tags["COMM::eng"].text == ["By hand"]
    assert tags["APIC:"].data == cover.read_bytes()
    assert tags.getall("CHAP")
    assert tags.getall("CTOC")
    assert tags.getall("USLT")


def test_settings_survive_their_json(studio, script_id, tune):
    choose(studio, script_id, music=MusicSettings(bed=tune, bed_level_db=-30), spread_percent=20, vbr=2, tags=TagSettings("Ada"))
    settings = studio.scripts.settings(script_id)

    assert settings.music == MusicSettings(bed=tune, bed_level_db=-30)
    assert (settings.spread_percent, settings.vbr, settings.tags.artist) == (20, 2, "Ada")
