"""Which lines are being spoken now, in this program: whoever wants a line that another render speaks waits for it, so that it is
spoken, and paid for, once. (A line of an exchange that is heard alone is another line: it sounds otherwise.)

Nobody waits while holding a claim that only he can end: the lines of an exchange whose sound has come are kept before all others
(``dealing``), and of those that got none the claim is given back at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from declaim.model.ids import LineKey
from declaim.model.work import CancelToken

_LOOK_S = 0.05


class UnderWay:
    """For any thread. A render is known by its token."""

    def __init__(self) -> None:
        self._speakers: dict[LineKey, CancelToken] = {}
        self._changed = threading.Condition()

    def claim(self, keys: Iterable[LineKey], render: CancelToken, beat: Callable[[], None]) -> None:
        """Waits until no other render speaks any of these lines, and claims them. One that is paused or was told to stop is not
        waited for. ``beat`` is called as long as it waits.

        Raises:
            Cancelled: when the user asked to stop.
        """
        wanted = tuple(keys)
        while not self._is_claimed(wanted, render):
            beat()
            render.check()

    def release(self, keys: Iterable[LineKey], render: CancelToken) -> None:
        with self._changed:
            for key in keys:
                if self._speakers.get(key) is render:
                    del self._speakers[key]
            self._changed.notify_all()

    def release_all(self, render: CancelToken) -> None:
        with self._changed:
            held = [key for key, speaker in self._speakers.items() if speaker is render]
        self.release(held, render)

    def _is_claimed(self, keys: tuple[LineKey, ...], render: CancelToken) -> bool:
        with self._changed:
            if any(self._is_spoken_for(key, render) for key in keys):
                self._changed.wait(_LOOK_S)
                return False
            self._speakers.update(dict.fromkeys(keys, render))
            return True

    def _is_spoken_for(self, key: LineKey, render: CancelToken) -> bool:
        speaker = self._speakers.get(key)
        return speaker is not None and speaker is not render and not (speaker.is_paused or speaker.is_cancelled)
