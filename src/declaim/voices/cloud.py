"""The road that cloud engines share: a request becomes asks, each is sent when the limiter lets it, answers become clips.

An answer without sound is asked for again, then its words are halved at a sentence, then it is reported. Whoever waits can stop
at once: requests run in threads of their own (``errands``), and an answer that came too late for a cancelled render is used by
the next one.
"""

from __future__ import annotations

import os
import threading
import time
from abc import abstractmethod
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any

import numpy as np

from declaim.errors import VoiceError
from declaim.model.clip import Clip
from declaim.model.ids import VoiceId
from declaim.model.key import checked_key
from declaim.model.spoken import SpokenPause
from declaim.model.voice import Voice
from declaim.model.work import CancelToken
from declaim.voices.access import Access
from declaim.voices.asks import Answer, Ask, clips_of, halves_of, is_too_short, silence
from declaim.voices.engine import JSON, Layout, SpeechRequest, VoiceEngine
from declaim.voices.errands import Errand, Errands
from declaim.voices.faults import KEPT, Faults, Kind, Trouble
from declaim.voices.limiter import MOST, START, DayCounter, Limiter, Place
from declaim.voices.prices import price
from declaim.voices.spoken_clip import SpokenClip
from declaim.voices.wave import RATE_HZ, NoSound

DEADLINE_S = 180.0
"""For one answer, however slowly it trickles."""
LONGEST_ASKED_WAIT_S = 300.0
TRIES = {Kind.THROTTLED: 8, Kind.TRANSIENT: 4, Kind.ODD: 3, Kind.FINAL: 1}
SPLITS = 2
_TICK_S = 0.05
_BEAT_S = 1.0
_STILL_OFFLINE_S = 3.0
"""After a request that found no network, however often it tried: the others then need not find out for themselves."""


class CloudEngine(VoiceEngine):
    """What is left to an engine: ``asks``, ``send`` (blocks; any error of the SDK), ``trouble_of``, voices."""

    key_name: str
    default_model: str
    base_url_variable: str
    deadline_s = DEADLINE_S

    def __init__(self, access: Access | None = None) -> None:
        self._errands: Errands[Answer] = Errands()
        self._client: tuple[str, str, Any, Callable[[], None]] | None = None
        self._lock = threading.Lock()
        self._here = threading.local()
        self._offline: tuple[float, Trouble] | None = None
        self.limiter = Limiter(self.label)
        self.connect(access or Access())

    def connect(self, access: Access) -> None:
        self.close()
        self._offline = None
        self.access = access
        chosen = access.choices(self.name)
        most = chosen.requests_at_once or MOST
        # The limiter lets some of them ask, while the others check and keep what they got.
        self.layout = Layout(workers=most + START)
        counter = DayCounter(access, self.name)
        self.limiter = Limiter(
            self.label,
            per_minute=chosen.requests_per_minute,
            per_day=chosen.requests_per_day,
            most=most,
            counter=counter,
        )

    # What the engine's module says

    @abstractmethod
    def asks(self, request: SpeechRequest) -> Iterator[Ask | SpokenPause]:
        """The request in pieces, none longer than the model takes."""
        ...

    @abstractmethod
    def send(self, ask: Ask, key: str) -> Answer:
        """Sends one request and waits for its answer. Raises ``Trouble``, ``NoSound`` and whatever the SDK raises."""
        ...

    @abstractmethod
    def trouble_of(self, error: Exception, ask: Ask, faults: Faults) -> Trouble | None:
        """What an error of the SDK means, or None for one that is not of its kind."""
        ...

    @abstractmethod
    def make_client(self, key: str, base_url: str) -> tuple[Any, Callable[[], None]]:
        """The SDK's client, and what closes its connections; ``base_url`` is empty for the service's own."""
        ...

    # What all share

    def client(self, key: str) -> Any:
        """The client for this key, made at the first request; the SDKs' clients may be used by several threads."""
        base_url = self.base_url
        with self._lock:
            if self._client is None or self._client[:2] != (key, base_url):
                self._client = (key, base_url, *self.make_client(key, base_url))
            return self._client[2]

    def close(self) -> None:
        """Lets the connections go; the next request opens new ones."""
        self.limiter.save()
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client[3]()

    def in_words(self, error: Exception, key: str) -> Exception:
        """An error outside of a line, for the user; the error itself where it is a bug."""
        faults = Faults(self.label, self.key_name, key)
        trouble = self.trouble_of(error, Ask("", self.model, "", ""), faults) or faults.of_transport(error)
        return trouble.error if trouble else error

    @property
    def requests_today(self) -> int:
        return self.limiter.requests_today

    @property
    def model(self) -> str:
        return self.access.choices(self.name).model or self.default_model

    @property
    def base_url(self) -> str:
        """Where it is reached: the user's choice, else the environment's, else empty for the service's own."""
        return self.access.choices(self.name).base_url or os.environ.get(self.base_url_variable, "")

    @property
    def needs_key(self) -> str:
        """What a voice lacks: empty where a key is known of."""
        return "" if self.access.has_key(self.key_name) else Faults(self.label, self.key_name).missing_key

    def key(self) -> str:
        """The key, for one request.

        Raises:
            VoiceKeyMissing: where there is none.
            InputError: for something that cannot be a key; it is not repeated.
        """
        found = self.access.find_key(self.key_name)
        if not found:
            raise Faults(self.label, self.key_name).no_key()
        return checked_key(found)

    def fingerprint(self, request: SpeechRequest) -> Mapping[str, JSON]:
        pieces: list[JSON] = [
            ["pause", piece.pause_ms] if isinstance(piece, SpokenPause) else piece.plain for piece in self.asks(request)
        ]
        return {"engine": self.name, "version": self.version, "asks": pieces}

    def cost_usd(self, request: SpeechRequest) -> float:
        asks = [piece for piece in self.asks(request) if isinstance(piece, Ask)]
        return sum(price(self.name, ask.model, folder=self.access.folder).of_text(ask.text) for ask in asks)

    def describe(self, request: SpeechRequest) -> str:
        pieces = [piece for piece in self.asks(request) if isinstance(piece, Ask)]
        if not pieces:
            return "Nothing is sent: the line has no words."
        settings = ", ".join(f"{name} {_shown(value)}" for name, value in pieces[0].options if value not in ("", None))
        head = f"{self.label} · {pieces[0].model} · voice {pieces[0].voice}" + (f" · {settings}" if settings else "")
        return "\n".join([head, *(piece.text for piece in pieces)])

    def speak(self, request: SpeechRequest, cancel: CancelToken) -> Iterator[Clip]:
        cancel.check()
        faults = Faults(self.label, self.key_name, self.key())
        pieces = list(self.asks(request))
        is_part = sum(isinstance(piece, Ask) for piece in pieces) > 1
        used: list[str] = []
        for piece in pieces:
            if isinstance(piece, SpokenPause):
                yield silence(piece.pause_ms)
            else:
                yield from self._said(piece, faults, cancel, used, is_part=is_part, splits=SPLITS)
        for key in used:
            self._errands.forget(key)

    def _said(
        self, ask: Ask, faults: Faults, cancel: CancelToken, used: list[str], *, is_part: bool, splits: int
    ) -> Iterator[Clip]:
        """The clips of one ask; halves its words where there is no sound of them."""
        try:
            answer = yield from self._tried(ask, faults, cancel, TRIES)
        except Trouble as trouble:
            halves = halves_of(ask) if trouble.kind is Kind.ODD and splits else ()
            if not halves:
                raise trouble.error from None
            for half in halves:
                yield from self._said(half, faults, cancel, used, is_part=True, splits=splits - 1)
            return
        used.append(ask.key)
        yield from clips_of(answer, is_part=is_part)

    def _tried(self, ask: Ask, faults: Faults, cancel: CancelToken, tries: Mapping[Kind, int]) -> Generator[Clip, None, Answer]:
        """Asks as often as the kind of trouble deserves. Raises the last ``Trouble``."""
        failed: dict[Kind, int] = {}
        while True:
            offline = self._offline
            if offline is not None and time.monotonic() - offline[0] < _STILL_OFFLINE_S:
                raise offline[1]
            try:
                return (yield from self._asked(ask, faults, cancel))
            except Trouble as trouble:
                if trouble.cost_usd:
                    yield SpokenClip(np.zeros(0, np.float32), RATE_HZ, trouble.cost_usd)
                failed[trouble.kind] = failed.get(trouble.kind, 0) + 1
                if failed[trouble.kind] >= tries[trouble.kind]:
                    if trouble.error.is_offline:
                        self._offline = time.monotonic(), trouble
                    raise
                yield from self._rest(trouble, failed[trouble.kind], cancel)

    def _rest(self, trouble: Trouble, times: int, cancel: CancelToken) -> Iterator[Clip]:
        """Waits before the next try. After "too many" the limiter does that, for all requests at once."""
        if trouble.kind is Kind.TRANSIENT:
            wait_s = trouble.retry_after_s if trouble.retry_after_s is not None else self.limiter.back_off_s(times) / 2
            yield from _waited(min(wait_s, LONGEST_ASKED_WAIT_S), cancel)

    def _asked(self, ask: Ask, faults: Faults, cancel: CancelToken) -> Generator[Clip, None, Answer]:
        """One try. Yields clips without sound meanwhile, as signs of life."""
        late = self._errands.find(ask.key)
        if late is not None:
            return (yield from self._awaited(late, ask, faults, cancel))
        yield from self._turn(cancel)
        started, place = self.limiter.now(), Place(self.limiter)
        try:
            cancel.check()
            errand = self._errands.send(ask.key, lambda: self._send_from(place, ask, faults.key))
            answer = yield from self._awaited(errand, ask, faults, cancel)
        except Trouble as trouble:
            self._errands.forget(ask.key)
            if trouble.kind is Kind.THROTTLED:
                self._slow_down(trouble, started)
            raise
        finally:
            place.leave()
        self.limiter.answered()
        return answer

    def _turn(self, cancel: CancelToken) -> Iterator[Clip]:
        """Waits until the limiter lets a request start."""
        beat = time.monotonic()
        while (wait_s := self.limiter.try_enter()) > 0:
            cancel.check()
            self.limiter.wait(min(wait_s, 2 * _TICK_S))
            if time.monotonic() - beat > _BEAT_S:
                beat = time.monotonic()
                yield silence(0)

    def _send_from(self, place: Place, ask: Ask, key: str) -> Answer:
        self._here.place = place
        return self.send(ask, key)

    def received(self, response: Any) -> None:
        """For the SDK's HTTP client to call with each response: reads it, and where it is a success lets the next request start
        while this thread still makes sound of it."""
        response.read()
        place = getattr(self._here, "place", None)
        if response.is_success and place is not None:
            place.leave()

    def _slow_down(self, trouble: Trouble, started: float) -> None:
        asked_s = trouble.retry_after_s
        if asked_s is not None and asked_s > LONGEST_ASKED_WAIT_S:
            message = f"{self.label} asks to wait {round(asked_s / 60)} minutes before the next request."
            raise Trouble(Kind.FINAL, VoiceError(message, cure=f"Render again then. {KEPT}"))
        self.limiter.refused(started, asked_s)

    def _awaited(self, errand: Errand[Answer], ask: Ask, faults: Faults, cancel: CancelToken) -> Generator[Clip, None, Answer]:
        started = beat = time.monotonic()
        while not errand.wait(_TICK_S):
            cancel.check()
            now = time.monotonic()
            if now - started > self.deadline_s:
                raise faults.late(self.deadline_s)
            if now - beat > _BEAT_S:
                beat = now
                yield silence(0)
        try:
            answer = errand.result()
        except Trouble:
            raise
        except NoSound as error:
            raise faults.odd(str(error)) from None
        except VoiceError as error:
            raise Trouble(Kind.FINAL, error) from None
        except Exception as error:
            # Without the SDK's own error: it may hold the request with its headers.
            trouble = self.trouble_of(error, ask, faults) or faults.of_transport(error)
            if trouble is None:
                raise
            raise trouble from None
        if is_too_short(answer, ask):
            raise faults.odd("the sound breaks off early", cost_usd=answer.cost_usd)
        return answer


def unlisted(engine: CloudEngine, voice_id: VoiceId, language: str = "") -> Voice:
    """A voice that the account may have, and the last list did not."""
    name = voice_id.partition(":")[2]
    return Voice(voice_id, name, engine.name, language, needs=engine.needs_key, is_free=False, description="Not listed yet")


def _waited(seconds: float, cancel: CancelToken) -> Iterator[Clip]:
    """Waits, with a sign of life each second."""
    ends = time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0:
        cancel.check()
        cancel.wait(min(left, _BEAT_S))
        yield silence(0)


def _shown(value: JSON) -> str:
    return f"“{value}”" if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
