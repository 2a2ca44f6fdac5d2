"""The edges of an utterance, in one piece and in many."""

from __future__ import annotations

import numpy as np
import pytest

from declaim.voices.edges import EDGE_AFTER_MS, EDGE_BEFORE_MS, trimmed, trimmed_pieces

RATE_HZ = 10_000
MS = RATE_HZ // 1000


def utterance(lead_ms: int = 200, sound_ms: int = 500, rest_ms: int = 300) -> np.ndarray:
    tone = 0.5 * np.sin(np.arange(sound_ms * MS) * 0.7).astype(np.float32)
    hiss = np.full(max(lead_ms, rest_ms) * MS, 0.001, np.float32)
    return np.concatenate((hiss[: lead_ms * MS], tone, hiss[: rest_ms * MS]))


def in_pieces(sound: np.ndarray, size: int) -> list[np.ndarray]:
    return list(trimmed_pieces((sound[at : at + size] for at in range(0, len(sound), size)), RATE_HZ))


def test_the_models_silence_is_cut_and_the_edges_are_faded():
    kept = trimmed(utterance(), RATE_HZ)
    assert len(kept) == pytest.approx((EDGE_BEFORE_MS + 500 + EDGE_AFTER_MS) * MS, abs=2 * MS)
    assert kept[0] == kept[-1] == 0.0


@pytest.mark.parametrize("size", [7, 100, 1_000, 4_999, 9_000])
def test_in_pieces_it_is_the_same_sound(size):
    sound = utterance()
    assert np.array_equal(np.concatenate(in_pieces(sound, size)), trimmed(sound, RATE_HZ))


def test_a_pause_inside_stays():
    sound = np.concatenate((utterance(rest_ms=150), utterance(lead_ms=150)))
    assert np.array_equal(np.concatenate(in_pieces(sound, 300)), trimmed(sound, RATE_HZ))
    assert len(trimmed(sound, RATE_HZ)) > 1_250 * MS


def test_sound_comes_before_the_utterance_is_over():
    sound = utterance()
    pieces = (sound[at : at + 1_000] for at in range(0, len(sound), 1_000))
    heard = trimmed_pieces(pieces, RATE_HZ)
    assert len(next(heard)) > 50 * MS
    assert len(next(pieces)) == 1_000  # more is still to be computed


@pytest.mark.parametrize("sound", [np.zeros(0, np.float32), np.zeros(900, np.float32)])
def test_silence_gives_nothing(sound):
    assert in_pieces(sound, 100) == []
    assert len(trimmed(sound, RATE_HZ)) == 0


def test_a_very_soft_utterance_is_kept():
    assert len(trimmed(utterance() * 0.02, RATE_HZ)) > 500 * MS
    assert len(np.concatenate(in_pieces(utterance() * 0.02, 100))) > 500 * MS
