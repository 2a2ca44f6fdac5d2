"""A sound card in memory: what is written can be looked at, and it can be made to wait, to fail, to speak."""

from __future__ import annotations

import threading

import numpy as np

from declaim.errors import AudioError


class FakeOutput:
    """``written`` is what was given since the last drop; ``permits`` (where given) is how many blocks it still takes."""

    def __init__(self, card: FakeCard, rate_hz: int, channels: int) -> None:
        self.rate_hz = card.rate_hz or rate_hz
        self.channels = channels
        self.latency_s = 0.0
        self._card = card
        self.is_closed = False

    def write(self, block):
        self._card.take_permit()
        if self._card.failure is not None:
            raise self._card.failure
        assert block.ndim == 2
        assert block.shape[1] == self.channels
        assert block.dtype == np.float32
        self._card.written.append(np.array(block))

    def drop(self):
        self._card.drops += 1

    def close(self):
        self.is_closed = True
        self._card.closed += 1


class FakeCard:
    """Give ``open_output`` to a player. ``blocks(n)`` lets n more blocks through; by default it takes everything at once."""

    def __init__(self, *, held: bool = False, rate_hz: int = 0) -> None:
        self.rate_hz = rate_hz
        self.opened: list[tuple[int, int]] = []
        self.closed = 0
        self.drops = 0
        self.written: list[np.ndarray] = []
        self.failure: AudioError | None = None
        self.refusal: AudioError | None = None
        self._permits = threading.Semaphore(0) if held else None

    def open_output(self, rate_hz: int, channels: int) -> FakeOutput:
        if self.refusal is not None:
            raise self.refusal
        self.opened.append((rate_hz, channels))
        return FakeOutput(self, rate_hz, channels)

    def blocks(self, count: int) -> None:
        if self._permits is not None:
            self._permits.release(count)

    def take_permit(self) -> None:
        if self._permits is not None:
            self._permits.acquire()

    @property
    def samples(self) -> np.ndarray:
        return np.concatenate([block[:, 0] for block in self.written]) if self.written else np.zeros(0, np.float32)


class FakeMicrophone:
    """Gives ``blocks``, then silence for ever (or raises ``failure``)."""

    def __init__(self, blocks: list[np.ndarray], rate_hz: int = 48_000, failure: AudioError | None = None, gaps: int = 0) -> None:
        self.rate_hz = rate_hz
        self.gaps = gaps
        self.asked: list[tuple[int, int]] = []
        self.all_given = threading.Event()
        self._blocks = list(blocks)
        self._failure = failure
        self._silence = np.zeros((rate_hz // 50, 1), np.float32)

    def open_input(self, rate_hz: int, channels: int, _device: object = None) -> FakeMicrophone:
        self.asked.append((rate_hz, channels))
        return self

    def read(self) -> np.ndarray:
        if self._blocks:
            return self._blocks.pop(0)
        self.all_given.set()
        if self._failure is not None:
            raise self._failure
        threading.Event().wait(0.001)
        return self._silence

    def close(self) -> None:
        return
