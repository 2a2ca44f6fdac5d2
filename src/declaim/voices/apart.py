"""An engine in a process of its own: a crash of native code there ends a line, not the program.

What is asked often and loads nothing (voices, fingerprints, prices) is answered here, by an engine of the same kind that never
speaks; ``prepare`` and ``speak`` are done in the other process, ``engine_host``, which starts with the first of them.

A crash takes all lines with it that were being spoken there. Which one was to blame is not known: each of them, when it is
asked for again, is spoken in a process of its own.
"""

from __future__ import annotations

import json
import logging
import pickle
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import count
from typing import IO, TYPE_CHECKING, Any, Protocol

from declaim.errors import Cancelled, VoiceCrashed, VoiceNotReady
from declaim.model.ids import VoiceId
from declaim.model.voice import Voice
from declaim.model.work import CancelToken
from declaim.voices.access import Access
from declaim.voices.engine import JSON, Layout, SpeechRequest, VoiceEngine
from declaim.voices.engine_host import ARGUMENT, Answer, Order

if TYPE_CHECKING:
    from declaim.model.clip import Clip

_TICK_S = 0.05
_SUSPECTS = 64
_ANY_RATE_HZ = 22_050
_BEGIN = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1])['path']; "
    "from declaim.voices.engine_host import main; main(sys.argv[1])"
)
_START = ("-P", "-c", _BEGIN)
"""Without -P, what lies in the current folder would be imported, whoever put it there."""

logger = logging.getLogger(__name__)


class LocalEngine(VoiceEngine, Protocol):
    """An engine that computes on this machine, in a layout that can be chosen."""

    def arrange(self, layout: Layout) -> None: ...


class ApartEngine(VoiceEngine):
    """The engine that ``make`` makes (a class that can be imported by its name), apart."""

    def __init__(self, make: Callable[[], LocalEngine]) -> None:
        self._engine = engine = make()
        self._made_by = f"{make.__module__}:{make.__qualname__}"
        self.name, self.label, self.version, self.is_random = engine.name, engine.label, engine.version, engine.is_random
        self.layout = engine.layout
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._alone = threading.Lock()
        """Held by the one line that is spoken in a process of its own: two models more would be too much."""
        self._lone: _Process | None = None
        self._suspects: deque[SpeechRequest] = deque(maxlen=_SUSPECTS)

    def voices(self) -> Sequence[Voice]:
        return self._engine.voices()

    def fingerprint(self, request: SpeechRequest) -> Mapping[str, JSON]:
        return self._engine.fingerprint(request)

    def connect(self, access: Access) -> None:
        self._engine.connect(access)
        self._take_layout()

    def arrange(self, layout: Layout) -> None:
        self._engine.arrange(layout)
        self._take_layout()

    def restart(self) -> None:
        for process in self._let_go():
            process.end()

    def close(self) -> None:
        """Ends the processes; lines that are being spoken are given up."""
        for process in self._let_go():
            process.close()

    def wake(self, voice: VoiceId) -> None:
        with suppress(VoiceNotReady):  # whoever speaks meets it again
            self._shared().tell(Order.PREPARE, voice)

    def prepare(self, voice: VoiceId) -> None:
        for _ in self._shared().call(Order.PREPARE, voice, CancelToken()):
            pass

    def speak(self, request: SpeechRequest, cancel: CancelToken) -> Iterator[Clip]:
        """
        Raises:
            VoiceCrashed: where the process ended; to ask for the same once more is worth while.
        """
        cancel.check()
        with self._lock:
            is_suspect = request in self._suspects
        if is_suspect:
            yield from self._speak_alone(request, cancel)
            return
        try:
            yield from self._shared().call(Order.SPEAK, request, cancel)
        except VoiceCrashed:
            with self._lock:
                self._suspects.append(request)
            raise

    def _speak_alone(self, request: SpeechRequest, cancel: CancelToken) -> Iterator[Clip]:
        while not self._alone.acquire(timeout=_TICK_S):
            cancel.check()
            yield _sign_of_life()
        try:
            self._lone = process = self._started()
            try:
                yield from process.call(Order.SPEAK, request, cancel)
            finally:
                process.close()
        finally:
            self._lone = None
            self._alone.release()
        with self._lock, suppress(ValueError):  # another thread was first
            self._suspects.remove(request)

    def _let_go(self) -> list[_Process]:
        with self._lock:
            process, self._process = self._process, None
        return [one for one in (process, self._lone) if one is not None]

    def _take_layout(self) -> None:
        if self._engine.layout != self.layout:
            self.layout = self._engine.layout
            with self._lock:
                self._process = None  # it ends with the last line that it speaks

    def _shared(self) -> _Process:
        with self._lock:
            if self._process is None or self._process.has_ended:
                self._process = self._started()
            return self._process

    def _started(self) -> _Process:
        return _Process(self.label, self._made_by, self.layout)


class _Process:
    """A running ``engine_host``. It ends when nobody holds it any more."""

    def __init__(self, label: str, made_by: str, layout: Layout) -> None:
        self._label = label
        self._folder = ""
        try:
            self._folder = tempfile.mkdtemp(prefix="declaim-")
            self._child = _start(made_by, self._folder)
        except OSError as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            reason = f"The process for {label} cannot be started: {error.strerror or error}."
            raise VoiceNotReady(reason, cure="Close other programs, free some space, and try again.") from error
        self._calls: dict[int, queue.SimpleQueue[tuple[Answer, Any]]] = {}
        self._lock = threading.RLock()  # a call that nobody holds any more may end in the middle of another's order
        self._numbers = count(1)
        self._is_closed = threading.Event()
        self._end = weakref.finalize(self, _end, self._child, self._folder)
        reading = (self._child, self._calls, self._lock, self._is_closed, label)
        threading.Thread(target=_read_answers, args=reading, name="answers", daemon=True).start()
        self.tell(Order.ARRANGE, layout)

    @property
    def has_ended(self) -> bool:
        return self._child.poll() is not None

    def call(self, order: Order, value: Any, cancel: CancelToken) -> Iterator[Clip]:
        """The clips that answer an order.

        Raises:
            VoiceCrashed: where the process ended.
            Cancelled: when the user asked to stop, or the process was closed.
        """
        answers: queue.SimpleQueue[tuple[Answer, Any]] = queue.SimpleQueue()
        number = next(self._numbers)
        with self._lock:
            self._calls[number] = answers
        try:
            self._send(order, number, value)
            yield from self._clips(number, answers, cancel)
        finally:
            with self._lock:
                self._calls.pop(number, None)
            self._send(Order.STOP, number)

    def tell(self, order: Order, value: Any) -> None:
        """An order whose answer nobody waits for."""
        self._send(order, next(self._numbers), value)

    def end(self) -> None:
        """Its calls fail."""
        self._end()

    def close(self) -> None:
        """Its calls are cancelled."""
        self._is_closed.set()
        self._end()

    def _clips(self, number: int, answers: queue.SimpleQueue[tuple[Answer, Any]], cancel: CancelToken) -> Iterator[Clip]:
        while True:
            cancel.check()
            try:
                answer, value = answers.get(timeout=_TICK_S)
            except queue.Empty:
                if self.has_ended and answers.empty():  # it ended before the call was known
                    raise _crash(self._label, self._child.returncode, self._is_closed) from None
                continue
            if answer is Answer.END:
                return
            if answer is Answer.FAILED:
                raise value
            self._send(Order.MORE, number)
            yield value

    def _send(self, order: Order, number: int, value: Any = None) -> None:
        data = pickle.dumps((order, number, value), pickle.HIGHEST_PROTOCOL)
        # A process that has ended reads no orders; its calls learn it by what they wait for.
        with self._lock, suppress(OSError, ValueError):
            _pipe(self._child.stdin).write(data)
            _pipe(self._child.stdin).flush()


def _start(made_by: str, folder: str) -> subprocess.Popen[bytes]:
    facts = json.dumps({"path": [part for part in sys.path if isinstance(part, str)], "make": made_by, "folder": folder})
    command = [sys.executable, ARGUMENT, facts] if getattr(sys, "frozen", False) else [sys.executable, *_START, facts]
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    # In a session of its own no Ctrl-C reaches it: that is for the program, which ends it.
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, creationflags=flags, start_new_session=True)


def _read_answers(
    child: subprocess.Popen[bytes],
    calls: dict[int, queue.SimpleQueue[tuple[Answer, Any]]],
    lock: threading.RLock,
    is_closed: threading.Event,
    label: str,
) -> None:
    """In a thread of its own, which does not hold the ``_Process``: hands each answer to the call that waits for it."""
    try:
        while True:
            number, answer, value = pickle.load(_pipe(child.stdout))
            with lock:
                waiting = calls.get(number)
            if waiting is not None:
                waiting.put((answer, value))
    except (EOFError, OSError, ValueError, pickle.UnpicklingError):  # the end, also in the middle of an answer
        pass
    except Exception:
        logger.exception("An answer of %s cannot be read", label)
        child.kill()
    status = child.wait()
    with lock:
        for waiting in calls.values():
            waiting.put((Answer.FAILED, _crash(label, status, is_closed)))


def _crash(label: str, status: int | None, is_closed: threading.Event) -> VoiceCrashed | Cancelled:
    if is_closed.is_set():
        return Cancelled()
    logger.info("the process of %s ended with %s", label, status)
    cure = "Try again; where it happens again, change the words of this line or choose another voice for it."
    return VoiceCrashed(f"{label} crashed on this line ({_reason(status)}).", cure=cure)


def _reason(status: int | None) -> str:
    """What the system says of its end: a signal on Unix, a number elsewhere."""
    if status is not None and status < 0:
        with suppress(ValueError):
            return signal.Signals(-status).name + (": the system ended it, perhaps for want of memory" if status == -9 else "")
    return f"status {status if status is None or 0 <= status < 256 else hex(status)}"


def _end(child: subprocess.Popen[bytes], folder: str) -> None:
    """At once: it has nothing to lose, and in the middle of loading a model it would not hear."""
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        with suppress(OSError, ValueError):
            _pipe(pipe).close()
    shutil.rmtree(folder, ignore_errors=True)


def _sign_of_life() -> Clip:
    import numpy as np

    from declaim.model.clip import Clip

    return Clip(np.zeros(0, np.float32), _ANY_RATE_HZ)


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream
