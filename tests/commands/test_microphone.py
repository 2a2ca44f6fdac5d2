"""Recorded takes: kept, and restored after the process that recorded them was killed."""

from __future__ import annotations

import datetime as dt
import errno
import os
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from declaim.audio.tape import Tape, unfinished
from declaim.commands.microphone import Restored
from declaim.commands.studio import Studio
from declaim.jobs import Jobs
from declaim.model.library import RecordingState, RecordingType
from declaim.storage import Library
from declaim.voices import Voices
from tests.support.executors import InlineExecutor, post_now
from tests.support.studios import add_script

RECORD = """
import sys, time
from pathlib import Path
import numpy as np
from declaim.audio.microphone import Microphone
from declaim.commands.studio import Studio
from declaim.jobs import Jobs
from declaim.storage import Library
from declaim.voices import Voices
from tests.support.executors import InlineExecutor, post_now
from tests.support.sound_cards import FakeMicrophone
from tests.support.studios import add_script

studio = Studio(Library.open(Path(sys.argv[1])), Voices([]), Jobs(InlineExecutor(), post_now))
script_id = add_script(studio)[1]
blocks = [np.full((960, 1), 0.5, np.float32) for _ in range(150)]
microphone = Microphone(FakeMicrophone(blocks).open_input)
microphone.record(studio.microphone.new_path(script_id))
while microphone.status.duration_ms < 4000:
    time.sleep(0.001)
print(script_id, flush=True)
time.sleep(60)
"""


@pytest.fixture
def script_id(studio):
    return add_script(studio)[1]


def tone(path, count=8_000):
    tape = Tape(path, 8_000)
    tape.add(np.full(count, 0.25, np.float32))
    tape.close()
    return path


def no_link(*_paths, **_more):
    raise OSError(errno.EPERM, "Operation not permitted")  # FAT


def restored(studio):
    return [studio.recordings.get(recording_id) for recording_id in restore(studio).take_ids]


def restore(studio):
    found = []
    studio.microphone.restore(found.append, pytest.fail)
    return found[0]


def test_what_a_killed_declaim_was_recording_is_a_take_at_the_next_start(tmp_path):
    folder = tmp_path / "library"
    process = subprocess.Popen([sys.executable, "-c", RECORD, str(folder)], stdout=subprocess.PIPE, text=True)
    script_id = int(process.stdout.readline())
    process.kill()
    process.communicate()
    studio = Studio(Library.open(folder), Voices([]), Jobs(InlineExecutor(), post_now))
    (take,) = restored(studio)
    assert (take.script_id, take.label, take.source) == (script_id, "Take 1", "microphone")
    assert (take.type, take.state) == (RecordingType.ORIGINAL, RecordingState.DONE)
    assert "Declaim ended while this was recorded" in take.note
    samples, rate_hz = soundfile.read(studio.recordings.audio_path(take.id))
    assert samples[: 150 * 960] == pytest.approx(0.5, abs=1e-6)
    assert take.duration_ms == round(1000 * len(samples) / rate_hz)
    assert take.duration_ms >= 3000, "all but the last second was on the disk"
    assert studio.recordings.peaks(take.id)
    assert list(studio.library.media_folder.recording.iterdir()) == []
    assert restored(studio) == []
    studio.close()


def test_what_was_finished_and_not_kept_is_restored_as_well(studio, script_id):
    tone(studio.microphone.new_path(script_id))
    (take,) = restored(studio)
    assert (take.script_id, take.duration_ms) == (script_id, 1000)


def test_a_recording_whose_script_is_gone_has_a_project_of_its_own(studio, script_id):
    for _ in range(2):
        tone(studio.microphone.new_path(script_id))
    studio.scripts.trash(script_id)
    takes = restored(studio)
    assert [take.script_id for take in takes] == [None, None]
    assert {studio.library.projects.get(take.project_id).name for take in takes} == {"Restored recordings"}


def test_what_is_no_recording_stays_where_it_is_and_holds_nothing_up(studio, script_id):
    folder = studio.library.media_folder.recording
    tone(studio.microphone.new_path(script_id))
    (folder / "song.wav").write_bytes(b"of somebody else")
    damaged = studio.microphone.new_path(script_id)
    damaged.write_bytes(b"no sound")
    empty = unfinished(studio.microphone.new_path(script_id))
    empty.write_bytes(b"RIFF")
    found = restore(studio)
    assert len(found.take_ids) == 1
    aside = f"{damaged}.no-audio"
    assert found.problems == (
        f"What an earlier Declaim left of a recording cannot be read as audio. It was put aside as '{aside}'.",
    )
    assert {path.name for path in folder.iterdir()} == {"song.wav", f"{damaged.name}.no-audio"}
    assert restore(studio) == Restored(), "it is told once"


def test_what_cannot_be_kept_now_holds_no_other_up_and_is_kept_at_the_next_start(studio, script_id):
    paths = [tone(studio.microphone.new_path(script_id)) for _ in range(3)]
    name = sorted(paths)[1].stem.partition("-")[2]
    in_the_way = studio.library.media / "takes" / name[:2] / f"{name}.wav"
    in_the_way.mkdir(parents=True)
    found = restore(studio)
    assert len(found.take_ids) == 2
    (problem,) = found.problems
    assert "is tried again at the next start" in problem
    assert [path for path in paths if path.exists()] == [sorted(paths)[1]]
    in_the_way.rmdir()
    assert len(restored(studio)) == 1
    assert len(studio.recordings.of_script(script_id)) == 3


@pytest.mark.parametrize("has_links", [True, False])
def test_where_the_row_of_a_take_fails_the_file_stays_and_is_kept_at_the_next_start(studio, script_id, monkeypatch, has_links):
    if not has_links:
        monkeypatch.setattr(os, "link", no_link)
    waiting, refused = [], []
    monkeypatch.setattr(studio.jobs, "post", waiting.append)
    path = tone(studio.microphone.new_path(script_id))
    studio.microphone.keep(script_id, path, pytest.fail, refused.append)
    with studio.library.transaction("gone"):
        studio.library.scripts.trash(script_id)
        studio.library.trash.purge(dt.datetime.now(dt.UTC) + dt.timedelta(1))
    for call in waiting:
        call()
    assert len(refused) == 1
    assert path.exists()
    assert list((studio.library.media / "takes").rglob("*.wav")) == []
    monkeypatch.setattr(studio.jobs, "post", post_now)
    (take,) = restored(studio)
    assert studio.recordings.audio_path(take.id).exists()
    assert not path.exists()


def test_a_kill_between_the_row_and_the_end_of_the_move_makes_no_second_take(studio, script_id):
    path, kept = tone(studio.microphone.new_path(script_id)), []
    studio.microphone.keep(script_id, path, kept.append, pytest.fail)
    os.link(studio.recordings.audio_path(kept[0]), path)
    assert restore(studio) == Restored()
    assert len(studio.recordings.of_script(script_id)) == 1
    assert studio.recordings.audio_path(kept[0]).exists()
    assert not path.exists()


def test_to_restore_is_no_step_to_undo(studio, script_id):
    label = studio.undo_label
    tone(studio.microphone.new_path(script_id))
    assert len(restored(studio)) == 1
    assert studio.undo_label == label


def test_what_is_kept_lies_among_the_takes(studio, script_id):
    path = tone(studio.microphone.new_path(script_id))
    kept = []
    studio.microphone.keep(script_id, path, kept.append, pytest.fail)
    take = studio.recordings.get(kept[0])
    assert take.path.startswith("takes/")
    assert not path.exists()
    assert (take.note, take.parameters["gaps"]) == ("", 0)
