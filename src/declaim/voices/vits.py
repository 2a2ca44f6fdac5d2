"""A VITS model (Kim et al., ICML 2021) spoken piece by piece: sound comes before the whole sentence is computed.

Two thirds of the work is the decoder, a HiFi-GAN of convolutions: a sample depends only on the frames within 11 of its own. So
the model is cut in two before the decoder, which then runs on windows of frames with that much context on both sides. The noise
that makes Piper random is drawn in the first half: the windows of one utterance are windows of one sound.

The first half is a thousand small steps; to optimise them takes three times as long as to load it and gains nothing measurable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from declaim.voices.hifigan import Decoder, in_blocks
from declaim.voices.onnx import Session, open_session
from declaim.voices.onnx_cut import cut_before

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DECODER = "dec.conv_pre.weight"
"""What the decoder's first step is known by."""
WINDOWS = (64, 128)
"""Frames: while seven tenths of a second are heard, the next second and a half is computed. What lies in such a window stays in a
processor's cache, and an edge between two costs 4 % of the work."""


class Vits:
    """A loaded model. A model that cannot be cut (one of several speakers), or whose decoder is of another kind, gives each
    utterance in one piece. Thread-safe."""

    def __init__(self, model: bytes, threads: int = 1) -> None:
        self._first: Session
        self._decoder: Decoder | None = None
        halves = cut_before(model, DECODER)
        decoder = in_blocks(b"".join(halves.second)) if halves else None
        if halves is None or decoder is None:
            self._first = open_session((model,), threads)
            return
        with ThreadPoolExecutor(1, "model") as pool:  # the two together, for a sound sooner
            first = pool.submit(open_session, halves.first, threads, is_optimised=False)
            self._decoder = Decoder(decoder, threads)
            self._first = first.result()

    def pieces(self, inputs: Mapping[str, Any]) -> Iterator[NDArray[np.float32]]:
        """The sound of one utterance, in order; each shape (n,)."""
        import numpy as np

        first = self._first.run(None, dict(inputs))[0]
        if self._decoder is None:
            yield np.asarray(first, np.float32).reshape(-1)
            return
        for start, end in windows(first.shape[2]):
            yield self._decoder.sound(first, start, end)


def windows(frames: int) -> Iterator[tuple[int, int]]:
    """Starts and ends; a rest that is shorter than half a window goes with the one before."""
    start, number = 0, 0
    while start < frames:
        size = WINDOWS[min(number, len(WINDOWS) - 1)]
        end = start + size if start + size * 3 // 2 < frames else frames
        yield start, end
        start, number = end, number + 1
