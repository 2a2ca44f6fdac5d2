"""The process in which an engine computes apart: reads orders, speaks, answers. ``apart`` starts it and talks to it.

Orders and answers are pickles, one after the other, in two pipes between two processes of the same program. An answer names
the call that it belongs to: several lines are spoken side by side. The pipe of the orders ends with the program that started
it, and so does this process, however that program ended.
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import shutil
import tempfile
import threading
from contextlib import suppress
from enum import Enum
from importlib import import_module
from typing import Any, BinaryIO

from declaim.errors import Cancelled, DeclaimError, VoiceError
from declaim.model.work import CancelToken
from declaim.process import share_heaps

ARGUMENT = "--engine-host"
"""What a frozen program is started with to be this process; the facts follow as JSON."""
AHEAD = 4
"""So many clips of a line may be on their way to somebody who does not take them."""

logger = logging.getLogger(__name__)


class Order(Enum):
    """What is asked for; each comes with the number of its call and a value."""

    ARRANGE = "arrange"
    PREPARE = "prepare"
    SPEAK = "speak"
    MORE = "more"
    """One clip was taken."""
    STOP = "stop"


class Answer(Enum):
    CLIP = "clip"
    END = "end"
    FAILED = "failed"


def main(facts: str) -> None:
    """Serves until there are no more orders. ``facts``: ``make`` as ``module:class``, and ``folder`` for what is needed for a
    moment, which is removed at the end."""
    share_heaps()
    known = json.loads(facts)
    tempfile.tempdir = known["folder"]
    orders, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between the answers
    module, _, name = known["make"].partition(":")
    _Host(getattr(import_module(module), name)(), answers).serve(orders)
    shutil.rmtree(known["folder"], ignore_errors=True)
    os._exit(0)  # a voice may still compute; nobody waits for it


class _Host:
    def __init__(self, engine: Any, answers: BinaryIO) -> None:
        self._engine = engine
        self._answers = answers
        self._writing = threading.Lock()
        self._calls: dict[int, _HostedCall] = {}

    def serve(self, orders: BinaryIO) -> None:
        while True:
            try:
                order, number, value = pickle.load(orders)
            except (EOFError, OSError):
                return
            self._follow(order, number, value)

    def _follow(self, order: Order, number: int, value: Any) -> None:
        if order is Order.ARRANGE:
            self._engine.arrange(value)
        elif order in (Order.PREPARE, Order.SPEAK):
            call = self._calls[number] = _HostedCall()
            work = self._prepare if order is Order.PREPARE else self._speak
            threading.Thread(target=self._answered, args=(work, number, value, call), name="voice", daemon=True).start()
        elif (known := self._calls.get(number)) is not None:
            if order is Order.STOP:
                known.cancel.cancel()
            known.room.release()

    def _answered(self, work: Any, number: int, value: Any, call: _HostedCall) -> None:
        """Runs ``work`` and says how it ended."""
        try:
            work(number, value, call)
            self._answer(number, Answer.END)
        except DeclaimError as error:
            self._answer(number, Answer.FAILED, _told(error))
        except Exception as error:
            logger.exception("An engine broke")
            # Whether the other side could read the error itself is not known.
            self._answer(number, Answer.FAILED, RuntimeError(f"{type(error).__name__}: {error}"))
        finally:
            del self._calls[number]

    def _prepare(self, _number: int, voice: Any, _call: _HostedCall) -> None:
        self._engine.prepare(voice)

    def _speak(self, number: int, request: Any, call: _HostedCall) -> None:
        for clip in self._engine.speak(request, call.cancel):
            call.room.acquire()
            if call.cancel.is_cancelled:
                raise Cancelled
            self._answer(number, Answer.CLIP, clip)

    def _answer(self, number: int, answer: Answer, value: Any = None) -> None:
        data = pickle.dumps((number, answer, value), pickle.HIGHEST_PROTOCOL)
        with self._writing, suppress(BrokenPipeError):  # nobody is there any more: the orders end, too
            self._answers.write(data)
            self._answers.flush()


def _told(error: DeclaimError) -> DeclaimError:
    """The error, or one that can be read at the other side: not every one is made of its words alone."""
    try:
        pickle.loads(pickle.dumps(error))
    except (TypeError, AttributeError, pickle.PickleError):
        return VoiceError(error.message, cure=error.cure)
    return error


class _HostedCall:
    def __init__(self) -> None:
        self.cancel = CancelToken()
        self.room = threading.Semaphore(AHEAD)
