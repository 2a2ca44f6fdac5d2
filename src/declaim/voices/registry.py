"""The registry: which engines there are, which voice belongs to which."""

from __future__ import annotations

import difflib
import importlib
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from declaim.errors import VoiceNotReady, VoiceUnknown
from declaim.model.ids import VoiceId
from declaim.model.voice import Voice
from declaim.model.work import CancelToken
from declaim.voices.access import Access
from declaim.voices.engine import JSON, SpeechRequest, VoiceEngine

if TYPE_CHECKING:
    from declaim.model.clip import Clip

ENTRY_POINTS = "declaim.voices"
BUILT_IN = {
    "piper": "declaim.voices.piper:engine",
    "kokoro": "declaim.voices.kokoro:engine",
    "gemini": "declaim.voices.gemini:engine",
    "elevenlabs": "declaim.voices.elevenlabs:engine",
}
"""Listed here too, so that a frozen build and a checkout that is not installed find them."""

logger = logging.getLogger(__name__)


class Voices:
    """Every voice of every engine. Two engines of one name: the first one counts. From any thread.

    What :meth:`discover` finds is loaded when it is first asked for: the built-in engine that a voice id names by itself, all
    engines and plug-ins when somebody wants them all.
    """

    def __init__(self, engines: Iterable[VoiceEngine]) -> None:
        self._engines: dict[str, VoiceEngine] = {}
        self._named: dict[str, str] = {}
        self._find_more: Callable[[], Mapping[str, str]] | None = None
        self._access: Access | None = None
        self._lock = threading.RLock()
        for engine in engines:
            self._take(_completed(engine))

    @classmethod
    def discover(cls, access: Access | None = None) -> Voices:
        """The built-in engines and those of the entry points. A plug-in that cannot be loaded becomes a voice that says why.

        ``access``: keys, choices and a folder for those that need them; without it, keys come from the environment.
        """
        voices = cls(())
        voices._named = dict(BUILT_IN)
        voices._find_more = _plugins
        if access is not None:
            voices.connect(access)
        return voices

    def connect(self, access: Access) -> None:
        """Hands keys and choices to every engine, also after they have changed."""
        with self._lock:
            self._access = access
            for engine in self._engines.values():
                engine.connect(access)

    def wake(self, voice_ids: Iterable[VoiceId]) -> None:
        """These may speak soon: has their engines begin to load what they need.

        Raises:
            VoiceUnknown: as :meth:`find`.
        """
        for voice_id in voice_ids:
            engine = self.engine_of(voice_id)
            if self.find(voice_id).ready:
                engine.wake(voice_id)

    def close(self) -> None:
        """Lets go of connections. Engines may be used again."""
        with self._lock:
            for engine in self._engines.values():
                engine.close()

    @property
    def engines(self) -> tuple[VoiceEngine, ...]:
        """All of them: loads those that nobody has asked for yet."""
        with self._lock:
            if self._find_more is not None:
                find_more, self._find_more = self._find_more, None
                self._named |= find_more()
            for name in tuple(self._named):
                self._load_named(name)
            built_in = [self._engines[name] for name in BUILT_IN if name in self._engines]
            return (*built_in, *(engine for engine in self._engines.values() if engine not in built_in))

    def all(self) -> tuple[Voice, ...]:
        """Every voice, ready or not, engine by engine."""
        return tuple(voice for engine in self.engines for voice in _voices_of(engine))

    def find(self, voice_id: str) -> Voice:
        """The voice of this id.

        Raises:
            VoiceUnknown: when no engine has it; the cure names close matches.
        """
        engine = self._engine(voice_id.partition(":")[0])
        for voice in _voices_of(engine) if engine is not None else ():
            if voice.id == voice_id:
                return voice
        if isinstance(engine, BrokenEngine):
            return engine.stand_in(VoiceId(voice_id))
        unlisted = engine.unlisted(VoiceId(voice_id)) if engine is not None else None
        if unlisted is not None:
            return unlisted
        raise VoiceUnknown(f"There is no voice '{voice_id[:80]}'.", cure=_suggestion(voice_id, self.all()))

    def engine_of(self, voice_id: str) -> VoiceEngine:
        """The engine that a voice id names, whether or not it has that voice.

        Raises:
            VoiceUnknown: when there is no such engine.
        """
        engine = self._engine(voice_id.partition(":")[0])
        if engine is None:
            raise VoiceUnknown(f"There is no voice '{voice_id[:80]}'.", cure=_suggestion(voice_id, self.all()))
        return engine

    def _engine(self, name: str) -> VoiceEngine | None:
        with self._lock:
            self._load_named(name)
            return self._engines[name] if name in self._engines else next((e for e in self.engines if e.name == name), None)

    def _load_named(self, name: str) -> None:
        value = self._named.pop(name, None)
        if value is not None:
            self._take(_load(name, value))

    def _take(self, engine: VoiceEngine) -> None:
        if engine.name in self._engines:
            logger.warning("A second voice engine named %s is left out.", engine.name)
            return
        self._engines[engine.name] = engine
        if self._access is not None:
            engine.connect(self._access)


class BrokenEngine(VoiceEngine):
    """Stands for a plug-in that cannot be loaded: its one voice says why."""

    version = ""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self.label = name
        self._reason = reason

    def voices(self) -> Sequence[Voice]:
        return [self.stand_in(VoiceId(f"{self.name}:unavailable"))]

    def stand_in(self, voice_id: VoiceId) -> Voice:
        return Voice(voice_id, voice_id.partition(":")[2], self.name, language="", needs=self._reason)

    def speak(self, request: SpeechRequest, cancel: CancelToken) -> Iterator[Clip]:
        raise VoiceNotReady(f"The voice {request.voice} cannot speak. {self._reason}")

    def fingerprint(self, request: SpeechRequest) -> Mapping[str, JSON]:
        raise VoiceNotReady(f"The voice {request.voice} cannot speak. {self._reason}")


def _plugins() -> Mapping[str, str]:
    # Here, as it costs a start of the program more than all built-in engines.
    import importlib.metadata

    installed = importlib.metadata.entry_points(group=ENTRY_POINTS)
    return {point.name: point.value for point in installed if point.value not in BUILT_IN.values()}


def _load(name: str, value: str) -> VoiceEngine:
    """The engine of ``module:attribute``: an engine, a callable that makes one, or a module that has it as ``engine``."""
    module, _, attributes = value.partition(":")
    try:
        found = importlib.import_module(module.strip())
        for attribute in filter(None, attributes.partition("[")[0].strip().split(".")):
            found = getattr(found, attribute)
        return _made(found)
    except Exception as error:
        logger.exception("The voice engine %s (%s) cannot be loaded.", name, value)
        reason = f"{type(error).__name__}: {error}"
        return BrokenEngine(name, f"The plug-in {value} cannot be loaded ({reason}). Update or remove its package.")


def _made(found: Any) -> VoiceEngine:
    if isinstance(found, ModuleType):
        found = found.engine
    engine = found() if callable(found) else found
    lacking = [
        name for name in ("name", "label", "version", "layout", "voices", "speak", "fingerprint") if not hasattr(engine, name)
    ]
    if lacking:
        raise TypeError(f"the engine lacks {', '.join(lacking)}")
    return _completed(cast(VoiceEngine, engine))


def _completed(engine: VoiceEngine) -> VoiceEngine:
    """What an engine does not say that does not inherit from ``VoiceEngine`` is as there."""
    for name, default in vars(VoiceEngine).items():
        if not name.startswith("_") and not hasattr(engine, name):
            setattr(engine, name, default.__get__(engine) if callable(default) else default)
    return engine


def _voices_of(engine: VoiceEngine) -> Sequence[Voice]:
    try:
        return tuple(engine.voices())
    except Exception as error:
        logger.exception("The voice engine %s cannot list its voices.", engine.name)
        return BrokenEngine(engine.name, f"Its voices cannot be listed ({type(error).__name__}: {error}).").voices()


def _suggestion(voice_id: str, voices: Sequence[Voice]) -> str:
    from declaim.voices.offers import offers

    if any(offer.id == voice_id for offer in offers()):
        return f"It can be downloaded in the voice catalogue, or with `declaim voices --download {voice_id}`."
    known = {str(voice.id): str(voice.id) for voice in voices} | {voice.name.lower(): str(voice.id) for voice in voices}
    close = [known[match] for match in difflib.get_close_matches(voice_id.lower(), known, n=3, cutoff=0.6)]
    hint = f"Did you mean {' or '.join(dict.fromkeys(close))}? " if close else ""
    return f"{hint}The command `declaim voices` lists them all."
