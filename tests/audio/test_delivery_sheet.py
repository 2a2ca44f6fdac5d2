from __future__ import annotations

import numpy as np
import pytest

from declaim.audio import Mp3Settings, amplitude, delivery_sheet, measure_file, open_writer, writing
from declaim.audio.mp3_frames import mp3_rates
from declaim.errors import AudioError
from declaim.model.settings import LoudnessStandard

RATE_HZ = 44_100


def book(head_s=0.75, tail_s=2.0, floor_db=-70.0, rms_db=-20.0):
    """Noise for speech, between two stretches of room tone."""
    rng = np.random.default_rng(3)
    count = round((head_s + 4 + tail_s) * RATE_HZ)
    samples = rng.standard_normal(count) * amplitude(floor_db)
    spoken = slice(round(head_s * RATE_HZ), round((head_s + 4) * RATE_HZ))
    speech = np.clip(rng.standard_normal(4 * RATE_HZ), -2, 2)
    samples[spoken] = speech * np.sqrt(count / (4 * RATE_HZ)) / np.std(speech) * amplitude(rms_db)
    return samples.astype(np.float32)


def written(path, samples, channels=1, rate_hz=RATE_HZ, mp3=None):
    with writing(open_writer(path, rate_hz, channels, mp3=mp3)) as writer:
        writer.write(samples)
    return path


def rows(path, standard):
    return {row.what: row for row in delivery_sheet(path, standard).rows}


def failed(path, standard):
    return {what for what, row in rows(path, standard).items() if row.passed is False}


def test_a_good_audiobook_passes_acx(tmp_path):
    sheet = delivery_sheet(written(tmp_path / "book.mp3", book(), mp3=Mp3Settings(channels=1)), LoudnessStandard.ACX)

    assert sheet.passed, sheet.to_text()
    assert sheet.verdict == "Passes."
    assert any(row.figure == "192 kbit/s CBR" for row in sheet.rows)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"head_s": 0.2}, "Room tone before"),
        ({"tail_s": 0.4}, "Room tone after"),
        ({"floor_db": -54.0}, "Noise floor"),
        ({"rms_db": -27.0}, "RMS"),
    ],
)
def test_each_fault_of_an_audiobook_is_found_alone(tmp_path, change, wrong):
    path = written(tmp_path / "book.mp3", book(**change), mp3=Mp3Settings(channels=1))

    assert failed(path, LoudnessStandard.ACX) == {wrong}


def test_acx_wants_a_constant_rate_of_192_and_44_khz(tmp_path):
    slow = written(tmp_path / "slow.mp3", book(), mp3=Mp3Settings(channels=1, bit_rate=128))
    variable = written(tmp_path / "variable.mp3", book(), mp3=Mp3Settings(channels=1, vbr=4))
    wav = written(tmp_path / "book.wav", book(), rate_hz=48_000)

    assert failed(slow, LoudnessStandard.ACX) == {"Bit rate"}
    assert failed(variable, LoudnessStandard.ACX) == {"Bit rate"}
    assert {"Bit rate", "Sample rate"} <= failed(wav, LoudnessStandard.ACX)


def test_a_podcast_is_judged_by_loudness_true_peak_and_channels(tmp_path):
    loud = written(tmp_path / "loud.wav", book(head_s=0, tail_s=0, rms_db=-9.0), channels=2)
    measured = measure_file(loud)

    assert {"Loudness"} <= failed(loud, LoudnessStandard.PODCAST)
    assert {"Loudness", "Channels"} <= failed(loud, LoudnessStandard.PODCAST_MONO)
    quieter = book(head_s=0, tail_s=0, rms_db=-9.0) * amplitude(-16 - measured.integrated_lufs)
    assert failed(written(tmp_path / "right.wav", quieter, channels=2), LoudnessStandard.PODCAST) == set()


@pytest.mark.parametrize(("lufs", "peak_db", "channels", "is_told"), [
    (-19.6, -1.2, 1, True),
    (-20.5, -1.5, 1, True),
    (-19.2, -1.2, 1, False),
    (-16.6, -1.2, 2, True),
    (-16.2, -1.2, 2, False),
    (-19.6, -6.0, 1, False),
])  # fmt: skip
def test_a_voice_whose_peaks_leave_no_room_is_told_with_the_cure(tmp_path, lufs, peak_db, channels, is_told):
    noise = book(head_s=0, tail_s=0, rms_db=-24.0)
    quiet = measure_file(written(tmp_path / "quiet.wav", noise, channels=channels)).integrated_lufs
    samples = noise * amplitude(lufs - quiet)
    samples[RATE_HZ] = amplitude(peak_db - 0.1)
    made_for = LoudnessStandard.PODCAST.in_channels(channels)
    sheet = delivery_sheet(written(tmp_path / "talk.wav", samples, channels=channels), made_for)

    assert ("Choose more bits" in sheet.verdict) is is_told, sheet.to_text()
    assert (sheet.to_json()["note"] != "") is is_told


@pytest.mark.parametrize(("standard", "lufs"), [(LoudnessStandard.PODCAST_MONO, -19), (LoudnessStandard.PODCAST, -16)])
def test_a_podcast_in_mono_is_judged_by_the_loudness_that_it_was_made_for(tmp_path, standard, lufs):
    quiet = book(head_s=0, tail_s=0, rms_db=-24.0)
    measured = measure_file(written(tmp_path / "quiet.wav", quiet))
    path = written(tmp_path / "talk.wav", quiet * amplitude(lufs - measured.integrated_lufs))
    sheet = delivery_sheet(path, standard, channels=1)

    assert {row.what for row in sheet.rows if row.passed is False} <= {"True peak"}
    assert next(row for row in sheet.rows if row.what == "Channels").limit == "mono"


def test_the_figure_and_the_limit_stand_beside_each_other(tmp_path):
    text = delivery_sheet(written(tmp_path / "book.wav", book()), LoudnessStandard.ACX).to_text()

    assert "−23 to −18 dB" in text
    assert "not an MP3" in text
    assert text.startswith("book.wav: ACX audiobook. Does not pass: bit rate.")


def test_without_a_standard_nothing_is_judged(tmp_path):
    sheet = delivery_sheet(written(tmp_path / "book.wav", book()), LoudnessStandard.NONE)

    assert {row.passed for row in sheet.rows} == {None}
    assert sheet.to_json()["rows"][0]["what"] == "Loudness"


def test_silence_at_the_edges_is_measured_within_a_hundredth_of_a_second(tmp_path):
    measured = measure_file(written(tmp_path / "book.wav", book(0.75, 2.0)))

    assert measured.head_ms == pytest.approx(750, abs=11)
    assert measured.tail_ms == pytest.approx(2000, abs=11)


def test_the_rates_of_a_file_that_is_no_mp3_are_none(tmp_path):
    (tmp_path / "not.mp3").write_bytes(b"ID3 no, really not")
    (tmp_path / "empty.mp3").write_bytes(b"")

    assert mp3_rates(tmp_path / "not.mp3") is None
    assert mp3_rates(tmp_path / "empty.mp3") is None


def test_a_file_without_sound_is_an_error_with_a_cure(tmp_path):
    (tmp_path / "empty.wav").write_bytes(b"")

    with pytest.raises(AudioError) as caught:
        delivery_sheet(tmp_path / "empty.wav", LoudnessStandard.PODCAST)
    assert caught.value.cure
