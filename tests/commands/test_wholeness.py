from __future__ import annotations

import dataclasses
import json
import os
import shutil
from functools import cache
from pathlib import Path

import lameenc
import pytest

from declaim.commands.wholeness import FOUND, Wholeness
from declaim.errors import Cancelled
from declaim.model.ids import ProjectId, RecordingId
from declaim.model.library import Recording, RecordingState, RecordingType
from declaim.model.work import CancelToken
from declaim.storage import MediaFolder

LONG_AGO = 1_700_000_000


@cache
def second_of_mp3() -> bytes:
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(64)
    encoder.set_in_sample_rate(44_100)
    encoder.set_channels(1)
    encoder.silence()
    return bytes(encoder.encode(bytes(2 * 44_100)) + encoder.flush())


@pytest.fixture
def media(tmp_path):
    return tmp_path / "media"


def _recording(path: str, duration_ms: int) -> Recording:
    return Recording(
        RecordingId(1), ProjectId(1), None, None, None, RecordingType.CONVERSION, RecordingState.DONE, "Take 1",
        "2026-01-01T00:00:00.000Z", path=path, duration_ms=duration_ms,
    )  # fmt: skip


@pytest.fixture(params=["rendered", "imported"])
def take(request, media, tmp_path):
    """Named by chance as a render names it, or by its hash as an import does; it lies there for a while."""
    (tmp_path / "new.mp3").write_bytes(second_of_mp3())
    if request.param == "imported":
        recording = _recording(MediaFolder(media).adopt(tmp_path / "new.mp3"), 1000)
    else:
        recording = _recording("takes/0a/0a1b2c.mp3", 1000)
        (media / recording.path).parent.mkdir(parents=True)
        shutil.copyfile(tmp_path / "new.mp3", media / recording.path)
    os.utime(media / recording.path, (LONG_AGO, LONG_AGO))
    return recording


def look(media: Path, take: Recording, *, is_thorough: bool = False) -> tuple[int, bool]:
    """How much was read, and the answer."""
    with Wholeness(media, is_thorough=is_thorough) as wholeness:
        return wholeness.bytes_to_read(take), wholeness.is_whole(take)


def forge(path: Path, change) -> None:
    """Other bytes, and the time set back."""
    path.write_bytes(change(path.read_bytes()))
    os.utime(path, (LONG_AGO, LONG_AGO))


def hide_the_change(media: Path, take: Recording) -> None:
    """As where a disk forgets by itself: no time tells of it."""
    known = json.loads((media / FOUND).read_text())
    known[take.path]["stamp"][2] = (media / take.path).stat().st_ctime_ns
    (media / FOUND).write_text(json.dumps(known))


def other_bytes(data: bytes) -> bytes:
    return data[:-300] + bytes(300)


def test_a_file_that_did_not_change_is_read_once(media, take):
    size = (media / take.path).stat().st_size
    assert look(media, take) == (size, True)
    assert look(media, take) == (0, True)
    assert look(media, take, is_thorough=True) == (size, True)


def test_it_tells_on_which_day_a_file_was_read(media, take):
    look(media, take)
    assert Wholeness(media).read_on(take).startswith("20")
    (media / take.path).unlink()
    assert Wholeness(media).read_on(take) == ""


@pytest.mark.parametrize("is_thorough", [False, True])
def test_a_file_that_was_cut_off_or_deleted_after_it_was_found_whole_is_found(media, take, is_thorough):
    look(media, take)
    forge(media / take.path, lambda data: data[:5000])
    assert not look(media, take, is_thorough=is_thorough)[1]
    assert not look(media, take)[1]  # nor is that forgotten
    (media / take.path).unlink()
    assert look(media, take, is_thorough=is_thorough) == (0, False)


@pytest.mark.skipif(os.name == "nt", reason="there the time of the last change of anything is not told")
def test_a_change_whose_time_was_set_back_is_read_again(media, take):
    look(media, take)
    forge(media / take.path, other_bytes)
    assert look(media, take)[0] > 0


def test_reading_it_all_finds_what_the_disk_forgot_by_itself_and_that_is_not_forgotten(media, take):
    look(media, take)
    forge(media / take.path, other_bytes)
    hide_the_change(media, take)
    assert look(media, take) == (0, True)
    assert not look(media, take, is_thorough=True)[1]
    assert look(media, take) == (0, False)


def test_a_file_that_is_put_back_is_whole_again(media, take, tmp_path):
    look(media, take)
    forge(media / take.path, lambda data: data[:5000])
    assert not look(media, take)[1]
    shutil.copyfile(tmp_path / "new.mp3", media / take.path)
    assert look(media, take)[1]


def test_a_file_that_was_just_written_is_not_trusted_yet(media, take):
    os.utime(media / take.path)
    assert look(media, take)[1]
    assert look(media, take)[0] > 0


def test_a_take_that_should_be_longer_is_looked_at_again(media, take):
    look(media, take)
    assert look(media, dataclasses.replace(take, duration_ms=900))[0] > 0


def test_a_cancelled_look_keeps_what_it_found(media, take):
    asked = CancelToken()

    def look_at_two() -> None:
        with Wholeness(media) as wholeness:
            assert wholeness.is_whole(take)
            asked.cancel()
            wholeness.is_whole(dataclasses.replace(take, duration_ms=900), asked)

    with pytest.raises(Cancelled):
        look_at_two()
    assert look(media, take) == (0, True)


def test_two_looks_at_once_keep_both_findings_and_forget_what_is_gone(media, tmp_path):
    takes = [_recording(f"takes/0{n}.wav", 1000) for n in range(3)]
    for number, take in enumerate(takes):
        (media / take.path).parent.mkdir(parents=True, exist_ok=True)
        (media / take.path).write_bytes(bytes(100 + number))
        os.utime(media / take.path, (LONG_AGO, LONG_AGO))
    with Wholeness(media) as one, Wholeness(media) as other:
        assert one.is_whole(takes[0])
        assert one.is_whole(takes[2])
        assert other.is_whole(takes[1])
        (media / takes[2].path).unlink()
    assert sorted(json.loads((media / FOUND).read_text())) == [takes[0].path, takes[1].path]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"takes/0a/0a1b2c.mp3": 3}', '{"a": {"stamp": null, "sha256": 1, "day": 2}}'])
def test_a_memory_that_is_no_memory_is_made_anew(media, take, text):
    (media / FOUND).write_text(text)
    assert look(media, take)[0] > 0
    assert look(media, take) == (0, True)


def test_where_nothing_can_be_remembered_the_look_is_the_same(media, take):
    (media / FOUND).mkdir()
    assert look(media, take)[1]
    assert look(media, take)[0] > 0
