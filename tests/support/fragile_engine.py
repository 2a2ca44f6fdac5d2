"""A voice engine that does in its process what native code may do to one: for tests that put it apart."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from declaim.errors import CostNotAgreed, VoiceError
from declaim.model.clip import Clip
from declaim.model.ids import VoiceId
from declaim.model.work import CancelToken
from declaim.voices import Layout, SpeechRequest
from tests.support.voices import ScriptedEngine, tone


class FragileEngine(ScriptedEngine):
    """Speaks as a :class:`ScriptedEngine`, except where a line has one of these words.

    ``crashes`` and ``killed`` end the process, ``halfway`` does after the first clip, ``once`` only the first time,
    ``neighbour`` where another line is spoken beside it; ``hangs`` gives nothing, ``noisy`` writes to standard output first;
    ``refused``, ``costly`` and ``broken`` raise; ``endless`` goes on and on.
    """

    def __init__(self) -> None:
        super().__init__("fragile", workers=2)
        self._side_by_side = 0

    def arrange(self, layout: Layout) -> None:
        self.layout = layout

    def prepare(self, voice: VoiceId) -> None:
        if voice.endswith("refused"):
            raise VoiceError("There is no such voice.", cure="Take another.")

    def speak(self, request: SpeechRequest, cancel: CancelToken) -> Iterator[Clip]:
        self._side_by_side += 1
        try:
            yield from self._spoken(request, cancel)
        finally:
            self._side_by_side -= 1

    def _spoken(self, request: SpeechRequest, cancel: CancelToken) -> Iterator[Clip]:
        words = request.line.text
        if "crashes" in words:
            signal.raise_signal(signal.SIGSEGV)
        if "killed" in words:
            signal.raise_signal(signal.SIGKILL)
        if "halfway" in words:
            yield tone(0.5)
            time.sleep(0.2)
            os.abort()
        if "once" in words:
            yield tone(0.5)
            if not (mark := Path(os.environ["DECLAIM_LIBRARY"])).exists():
                mark.mkdir(parents=True)
                time.sleep(0.2)
                os.abort()
        if "neighbour" in words and self._side_by_side > 1:
            signal.raise_signal(signal.SIGSEGV)
        if "hangs" in words:
            time.sleep(60)
        if "noisy" in words:
            os.write(1, b"a library prints\n")
            sys.stdout.write("and so does Python\n")
            sys.stdout.flush()
        if "refused" in words:
            raise VoiceError("It will not say that.", cure="Change the words.")
        if "costly" in words:
            raise CostNotAgreed(2.0, 1.0)
        if "broken" in words:
            raise ZeroDivisionError("a bug in the engine")
        while "endless" in words:
            cancel.check()
            yield tone(0.1)
        yield from super().speak(request, cancel)
        yield tone(0.1 * self.layout.workers)
