"""A VITS model cut in two: the windows of the second half make the same sound as the whole."""

from __future__ import annotations

import numpy as np
import pytest

from declaim.voices.onnx import open_session
from declaim.voices.onnx_cut import cut_before
from declaim.voices.piper import JOE
from declaim.voices.vits import DECODER, Vits


@pytest.fixture(scope="module")
def model() -> bytes:
    return JOE.model.verified().read_bytes()


@pytest.mark.voices
def test_without_noise_the_halves_say_what_the_model_says(model):
    ids = [1, 0, *(number for phoneme in (20, 59, 24, 120, 27) for number in (phoneme, 0)), 2]
    inputs = {
        "input": np.array([ids], np.int64),
        "input_lengths": np.array([len(ids)], np.int64),
        "scales": np.array([0.0, 3.0, 0.0], np.float32),
    }
    whole = open_session((model,), 1).run(None, inputs)[0].reshape(-1)
    pieces = list(Vits(model).pieces(inputs))
    assert len(pieces) > 1
    said = np.concatenate(pieces)
    assert len(said) == len(whole)
    assert 20 * np.log10(np.abs(said - whole).max() / np.abs(whole).max() + 1e-12) < -80


@pytest.mark.voices
def test_the_halves_share_no_weight_and_lose_none(model):
    halves = cut_before(model, DECODER)
    first, second = (b"".join(half) for half in (halves.first, halves.second))
    assert len(first) + len(second) == pytest.approx(len(model), rel=0.01)
    assert DECODER.encode() in second
    assert DECODER.encode() not in first


@pytest.mark.parametrize("data", [b"", b"\x00", b"not a model at all", bytes(range(256)) * 20, b"\x3a\xff\xff\xff\x7f"])
def test_what_is_no_model_is_not_cut(data):
    assert cut_before(data, DECODER) is None


@pytest.mark.voices
def test_a_model_without_such_a_step_is_not_cut(model):
    assert cut_before(model, "no.such.weight") is None
