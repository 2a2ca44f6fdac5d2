from __future__ import annotations

import json

import mutagen.id3
import mutagen.mp3
import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

from declaim.cli.group import declaim
from declaim.model.delivery import DeliveryPreset
from declaim.model.pauses import PAUSES

SCRIPT = "# Two\n\n## First\n\n[HOST1]: {pause:300ms}\n\n## Second\n\n[HOST2]: {pause:300ms}\n"
PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Renders a script that is only quiet, so that no voice is needed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.script.md").write_text(SCRIPT)
    tone = 0.2 * np.sin(np.arange(3 * 22_050) / 10)
    soundfile.write(tmp_path / "music.wav", tone, 22_050)
    (tmp_path / "cover.png").write_bytes(PIXEL)

    def call(*arguments):
        result = CliRunner().invoke(declaim, ["render", "a.script.md", *map(str, arguments)])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


def test_channels_rate_and_bit_rate_are_chosen_apart_from_the_loudness(run, tmp_path):
    run("-o", "a.mp3", "--channels", "1", "--rate", "48000", "--bit-rate", "96", "--loudness", "podcast")

    info = soundfile.info(tmp_path / "a.mp3")
    assert (info.channels, info.samplerate) == (1, 48_000)
    assert mutagen.mp3.MP3(tmp_path / "a.mp3").info.bitrate == 96_000


def test_intro_bed_and_outro_are_in_the_file_and_move_the_chapters(run, tmp_path):
    plain = json.loads(run("-o", "plain.mp3", "--chapters", "--json").stdout)
    before = json.loads((tmp_path / "plain.chapters.json").read_text())["chapters"]
    made = json.loads(
        run("-o", "a.mp3", "--intro", "music.wav", "--outro", "music.wav", "--bed", "music.wav", "--bed-level", "-12",
            "--overlap", "1", "--chapters", "--json").stdout
    )  # fmt: skip
    assert made["seconds"] == pytest.approx(plain["seconds"] + 4, abs=0.6)
    assert made["integrated_lufs"] == pytest.approx(-16, abs=0.2)
    chapters = json.loads((tmp_path / "a.chapters.json").read_text())["chapters"]
    assert [chapter["title"] for chapter in chapters] == ["First", "Second"]
    assert chapters[1]["startTime"] - before[1]["startTime"] == pytest.approx(2, abs=0.03)
    assert [frame.start_time for frame in mutagen.id3.ID3(tmp_path / "a.mp3").getall("CHAP")] == [
        0, round(1000 * chapters[1]["startTime"])
    ]  # fmt: skip


def test_the_pauses_between_lines_are_chosen(run):
    usual = json.loads(run("-o", "plain.wav", "--json").stdout)
    long = json.loads(run("-o", "long.wav", "--pause", "chapter=5", "--json").stdout)
    assert long["seconds"] - usual["seconds"] == pytest.approx(5 - PAUSES[DeliveryPreset.DYNAMIC].chapter_ms / 1000, abs=0.05)
    assert long["rendered_lines"] == 0  # none is spoken anew


def test_music_that_is_not_there_fails_with_its_cure(run, tmp_path):
    failed = run("-o", "a.mp3", "--bed", "gone.wav")

    assert failed.exit_code == 1
    assert "bed music" in failed.stderr
    assert "gone.wav" in failed.stderr
    assert not (tmp_path / "a.mp3").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--bed-level", "3"), "bed-level"),
        (("--channels", "5"), "channels"),
        (("--rate", "8000"), "rate"),
        (("--vbr", "12"), "vbr"),
        (("--pause", "chapter"), "pause"),
        (("--pause", "verse=1"), "chapter"),
        (("--pause", "chapter=11"), "10 seconds"),
        (("--pause", "chapter=nan"), "pause"),
        (("--overlap", "nan"), "--overlap"),
        (("--bed-level", "nan"), "--bed-level"),
    ],
)
def test_a_wrong_choice_is_a_wrong_argument(run, arguments, said):
    failed = run("-o", "a.mp3", *arguments)

    assert failed.exit_code == 2
    assert said in failed.stderr


def test_the_tags_and_what_lies_beside_are_chosen(run, tmp_path):
    run("-o", "a.mp3", "--artist", "Ada", "--album", "Notes", "--comment", "By hand", "--cover", "cover.png",
        "--transcript", "txt", "--transcript", "json", "--show-notes", "--captions", "srt")  # fmt: skip

    tags = mutagen.id3.ID3(tmp_path / "a.mp3")
    assert [str(tags[name]) for name in ("TIT2", "TPE1", "TALB")] == ["Two", "Ada", "Notes"]
    assert tags["COMM::eng"].text == ["By hand"]
    assert tags["APIC:"].data == PIXEL
    assert {path.name for path in tmp_path.glob("a.*")} == {
        "a.script.md", "a.mp3", "a.srt", "a.transcript.txt", "a.transcript.json", "a.notes.md",
    }  # fmt: skip
    assert "0:00 First" in (tmp_path / "a.notes.md").read_text()


def test_a_cover_that_is_no_picture_is_refused(run, tmp_path):
    failed = run("-o", "a.mp3", "--cover", "music.wav")

    assert failed.exit_code == 1
    assert "JPEG or PNG" in failed.stderr
    assert not (tmp_path / "a.mp3").exists()


def test_the_loudness_of_silence_is_null_because_json_knows_no_infinity(run):
    def refuse(constant):
        raise AssertionError(constant)

    made = json.loads(run("-o", "a.mp3", "--json").stdout, parse_constant=refuse)
    assert (made["integrated_lufs"], made["true_peak_dbtp"]) == (None, None)


def test_a_programme_that_is_only_quiet_says_so(run):
    for choice in ((), ("--json",)):
        made = run("-o", "a.wav", *choice)
        assert made.exit_code == 0
        assert "a.wav is silent: no line has a word" in made.stderr
    assert "silent" not in run("-o", "a.wav", "--intro", "music.wav").stderr


def test_one_line_is_not_called_lines(run, tmp_path):
    (tmp_path / "a.script.md").write_text("[HOST1]: {pause:300ms}\n")
    assert "1 line (1 was ready)" in run("-o", "a.wav").stderr
