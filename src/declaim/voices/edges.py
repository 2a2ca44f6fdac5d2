"""The edges of an utterance: without the model's own silence, faded, so that the pauses are exactly ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EDGE_LEVEL = 0.006
"""Of the utterance's peak (−44 dB): quieter samples at its edges are the model's own silence."""
EDGE_BEFORE_MS, EDGE_AFTER_MS = 20, 50
"""Kept around the sound, so that soft consonants and the last breath stay."""
FADE_MS = 5
SPEECH_LEVEL = 0.05
"""A peak of that much is speech: the first pieces of an utterance below it are held back until it comes."""


def trimmed(samples: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    """A whole utterance; silence becomes empty."""
    import numpy as np

    return np.concatenate((samples[:0], *trimmed_pieces(iter((samples,)), rate_hz)))


def trimmed_pieces(pieces: Iterator[NDArray[np.float32]], rate_hz: int) -> Iterator[NDArray[np.float32]]:
    """An utterance in pieces, none of them empty: each as soon as it is known not to belong to the silence at the end."""
    edges = _Edges(rate_hz)
    for piece in pieces:
        if len(ready := edges.add(piece)):
            yield ready
    if len(ready := edges.finish()):
        yield ready


class _Edges:
    """``_held`` is what was not given out yet."""

    def __init__(self, rate_hz: int) -> None:
        import numpy as np

        self._before, self._after, self._fade = (rate_hz * ms // 1000 for ms in (EDGE_BEFORE_MS, EDGE_AFTER_MS, FADE_MS))
        self._held = np.zeros(0, np.float32)
        self._peak = 0.0
        self._has_begun = False
        self._last_loud = -1 - self._after
        """Where the last loud sample lies, from the start of ``_held``; below 0 where it was given out."""

    def add(self, piece: NDArray[np.float32]) -> NDArray[np.float32]:
        """What is ready by now."""
        self._take(piece)
        if not self._has_begun and self._peak < SPEECH_LEVEL:
            return self._held[:0]
        self._begin()
        sure = min(self._end() - self._fade, len(self._held) - self._fade)
        return self._give(max(0, sure))

    def finish(self) -> NDArray[np.float32]:
        """The rest, faded out."""
        import numpy as np

        self._begin()
        rest = self._give(min(self._end(), len(self._held)))
        ramp = np.linspace(1.0, 0.0, min(self._fade, len(rest)), dtype=np.float32)
        rest[len(rest) - len(ramp) :] *= ramp
        return rest

    def _take(self, piece: NDArray[np.float32]) -> None:
        import numpy as np

        sound = np.clip(piece, -1.0, 1.0)
        self._peak = max(self._peak, float(np.abs(sound).max(initial=0.0)))
        self._held = np.concatenate((self._held, sound))

    def _begin(self) -> None:
        import numpy as np

        if self._has_begun:
            return
        loud = self._loud()
        first = max(0, int(loud[0]) - self._before) if len(loud) else len(self._held)
        self._held = self._held[first:]
        ramp = np.linspace(0.0, 1.0, min(self._fade, len(self._held) // 2), dtype=np.float32)
        self._held[: len(ramp)] *= ramp
        self._has_begun = True

    def _loud(self) -> NDArray[np.intp]:
        import numpy as np

        return np.flatnonzero(np.abs(self._held) > EDGE_LEVEL * self._peak)

    def _end(self) -> int:
        """Where the utterance ends in what is held, were it all."""
        loud = self._loud()
        if len(loud):
            self._last_loud = int(loud[-1])
        return max(0, self._last_loud + 1 + self._after)

    def _give(self, count: int) -> NDArray[np.float32]:
        ready, self._held = self._held[:count], self._held[count:]
        self._last_loud -= count
        return ready
