"""Prices are data with a date and a source."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from declaim import paths
from declaim.voices.prices import FREE, price


def test_every_price_has_a_date_and_a_source():
    entries = json.loads((paths.resources_dir() / "prices.json").read_text(encoding="utf-8"))["prices"]
    for entry in entries:
        dt.date.fromisoformat(entry["date"])
        assert "https://" in entry["source"]


def test_a_price_changes_with_the_day():
    before = price("gemini", "gemini-3.8-flash-tts", dt.date(2026, 12, 31))
    after = price("gemini", "gemini-3.8-flash-tts", dt.date(2027, 1, 1))
    assert before.usd_per_million_audio_tokens == 9
    assert after.usd_per_million_audio_tokens == 18
    assert after.of_text("word " * 100) == pytest.approx(2 * before.of_text("word " * 100))


def test_an_estimate_counts_text_and_sound():
    # 150 characters are 10 s of audio, 250 tokens at $9 per million, and 37.5 tokens of text.
    assert price("gemini", "gemini-3.8-flash-tts", dt.date(2026, 11, 22)).of_text("x" * 150) == pytest.approx(0.00226875)


def test_an_unknown_model_costs_what_the_dearest_does():
    assert price("elevenlabs", "eleven_v9").of(characters=1000) == pytest.approx(0.1)
    assert price("piper", "joe") == FREE


def test_a_file_of_the_user_overrules_ours(tmp_path):
    own = {"engine": "gemini", "model": "gemini-3.8-flash-tts", "date": "2026-11-22", "source": "my contract"}
    (tmp_path / "prices.json").write_text(json.dumps({"prices": [{**own, "usd_per_million_characters": 7}]}), encoding="utf-8")
    assert price("gemini", "gemini-3.8-flash-tts", folder=tmp_path).of(characters=1e6) == 7
    assert price("gemini", "gemini-3.8-flash-lite-tts", folder=tmp_path).source != "my contract"


@pytest.mark.parametrize("text", ["{", "[]", '{"prices": [{"engine": "gemini"}]}', '{"prices": [{"nonsense": 1}]}'])
def test_a_damaged_file_is_left_out(tmp_path, expected_warnings, text):
    expected_warnings.append("are left out")
    (tmp_path / "prices.json").write_text(text, encoding="utf-8")
    assert price("gemini", "gemini-3.8-flash-tts", folder=tmp_path).usd_per_million_audio_tokens > 0
