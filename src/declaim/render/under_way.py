"""Which lines are being spoken now, in this program: whoever wants a line that another render speaks waits for it, so that it is
spoken, and paid for, once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from declaim.model.ids import LineKey
from declaim.model.work import CancelToken

_LOOK_S = 0.05


class UnderWay:
    """For any thread."""

    def __init__(self) -> None:
        self._speakers: dict[LineKey, CancelToken] = {}
        self._changed = threading.Condition()

    @contextmanager
    def claimed(self, key: LineKey, cancel: CancelToken, beat: Callable[[], None]) -> Iterator[None]:
        """Waits until nobody else speaks this line, and claims it. Who is paused, or has hung, is not waited for. ``beat`` is
        called as long as it waits.

        Raises:
            Cancelled: when the user asked to stop, by ``cancel``.
        """
        while not self._is_claimed_for(key, cancel):
            beat()
            cancel.check()
        try:
            yield
        finally:
            self.release(key, cancel)

    def release(self, key: LineKey, cancel: CancelToken) -> None:
        with self._changed:
            if self._speakers.get(key) is cancel:
                del self._speakers[key]
                self._changed.notify_all()

    def _is_claimed_for(self, key: LineKey, cancel: CancelToken) -> bool:
        with self._changed:
            speaker = self._speakers.get(key)
            if speaker is None or speaker.is_paused:
                self._speakers[key] = cancel
                return True
            self._changed.wait(_LOOK_S)
            return False
