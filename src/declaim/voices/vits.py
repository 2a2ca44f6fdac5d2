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

from declaim.voices.hifigan import Decoder, fastest_form
from declaim.voices.onnx import Session, open_session
from declaim.voices.onnx_cut import cut_before

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DECODER = "dec.conv_pre.weight"
"""What the decoder's first step is known by."""


class Vits:
    """A loaded model. A model that cannot be cut (one of several speakers) gives each utterance in one piece. Thread-safe."""

    def __init__(self, model: bytes, threads: int = 1) -> None:
        self._first: Session
        self._decoder: Decoder | None = None
        halves = cut_before(model, DECODER)
        if halves is None:
            self._first = open_session((model,), threads)
            return
        with ThreadPoolExecutor(1, "model") as pool:  # the two together, for a sound sooner
            first = pool.submit(open_session, halves.first, threads, is_optimised=False)
            self._decoder = Decoder(fastest_form(halves.second, halves.tensor), threads)
            self._first = first.result()

    def pieces(self, inputs: Mapping[str, Any]) -> Iterator[NDArray[np.float32]]:
        """The sound of one utterance, in order; each shape (n,)."""
        import numpy as np

        first = self._first.run(None, dict(inputs))[0]
        if self._decoder is None:
            yield np.asarray(first, np.float32).reshape(-1)
            return
        yield from self._decoder.sounds(first)
