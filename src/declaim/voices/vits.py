"""A VITS model (Kim et al., ICML 2021) spoken piece by piece: sound comes before the whole sentence is computed.

Three quarters of the work is the decoder, a HiFi-GAN of convolutions: a sample depends only on the frames within 11 of its
own (measured: with 8 the difference to the whole is −55 dB, from 11 on −115 dB and less, which is rounding). So the model is
cut in two before the decoder, which then runs on windows of frames with that much context on both sides. The noise that makes
Piper random is drawn in the first half: the windows of one utterance are windows of one sound.

The first half is a thousand small steps; to optimise them takes three times as long as to load it and saves 3 % of its run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from declaim.voices.onnx import Session, open_session
from declaim.voices.onnx_cut import cut_before

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DECODER = "dec.conv_pre.weight"
"""What the decoder's first step is known by."""
CONTEXT = 12
"""Frames on both sides of a window."""
WINDOWS = (64, 256, 512)
"""Frames: while seven tenths of a second are heard, the next three seconds are computed. An edge between two windows costs twice
the context: 6 % of the work for sentences of six seconds."""


class Vits:
    """A loaded model. A model that cannot be cut (one of several speakers) gives each utterance in one piece. Thread-safe."""

    def __init__(self, model: bytes, threads: int = 1) -> None:
        halves = cut_before(model, DECODER)
        self._first: Session = open_session(halves.first if halves else (model,), threads, is_optimised=halves is None)
        self._decoder: Session | None = open_session(halves.second, threads) if halves else None
        self._tensor = halves.tensor if halves else ""

    def pieces(self, inputs: Mapping[str, Any]) -> Iterator[NDArray[np.float32]]:
        """The sound of one utterance, in order; each shape (n,)."""
        first = self._first.run(None, dict(inputs))[0]
        if self._decoder is None:
            yield _flat(first)
            return
        frames = first.shape[2]
        for start, end in windows(frames):
            before, after = max(0, start - CONTEXT), min(frames, end + CONTEXT)
            sound = _flat(self._decoder.run(None, {self._tensor: first[:, :, before:after]})[0])
            hop = len(sound) // (after - before)
            yield sound[(start - before) * hop : (end - before) * hop]


def windows(frames: int) -> Iterator[tuple[int, int]]:
    """Starts and ends; a rest that is shorter than half a window goes with the one before."""
    start, number = 0, 0
    while start < frames:
        size = WINDOWS[min(number, len(WINDOWS) - 1)]
        end = start + size if start + size * 3 // 2 < frames else frames
        yield start, end
        start, number = end, number + 1


def _flat(sound: Any) -> NDArray[np.float32]:
    import numpy as np

    return np.asarray(sound, np.float32).reshape(-1)
