"""Keys of cloud voices: kept, tested with one free call, removed. A key is never shown again, only its last signs."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from declaim.errors import InputError
from declaim.jobs import Jobs
from declaim.model.ids import JobId
from declaim.model.key import checked_key, key_from_environment, key_variable, masked
from declaim.storage.keys import KeyStore
from declaim.voices import Access, EngineChoices, VoiceEngine, Voices

Failed = Callable[[Exception], None]


@dataclass(frozen=True)
class KeyState:
    """What is known of an engine's key without asking the keyring. ``is_kept``: in the keyring; else ``variable`` may hold it."""

    engine: str
    label: str
    key_name: str
    variable: str
    is_kept: bool
    is_in_environment: bool

    @property
    def text(self) -> str:
        if self.is_kept:
            return "A key is kept in the system's keyring."
        return f"The key of {self.variable} is used." if self.is_in_environment else f"No key yet. {self.variable} works too."


@dataclass(frozen=True)
class EngineFacts:
    """What an engine takes where nothing is chosen, the models that its account lists (empty before they were read), and how many
    requests it got today."""

    default_model: str
    models: tuple[str, ...]
    base_url_variable: str
    base_url_there: str
    requests_today: int


def access_of(store: KeyStore, folder: Path | None = None) -> Access:
    """What engines get: keys of the keyring and the environment."""
    return Access(folder, store.find, store.has)


def discover_voices(store: KeyStore | None = None) -> Voices:
    """Every engine, those in the cloud with their keys. Asks no keyring and sends nothing."""
    return Voices.discover(access_of(store or KeyStore()))


def read_voices(voices: Voices, engine: str = "") -> int:
    """Reads the voices of every cloud account that has a key (or of one engine's) and keeps them; gives how many. Blocks.

    Raises:
        VoiceError: where there is no key for the named engine, or a service does not answer.
    """
    chosen: list[Any] = [one for one in voices.engines if hasattr(one, "refresh") and engine in ("", one.name)]
    return sum(one.refresh() for one in chosen if engine or not one.needs_key)


class Keys:
    """Main thread; the keyring and the services are asked in jobs."""

    def __init__(self, voices: Voices, jobs: Jobs, store: KeyStore | None = None) -> None:
        self._voices, self._jobs, self._store = voices, jobs, store or KeyStore()

    def states(self) -> tuple[KeyState, ...]:
        """Of every engine that needs a key."""
        return tuple(self._state(engine) for engine in self._voices.engines if engine.key_name)

    def has_key(self, engine: str) -> bool:
        """Whether a key is known of, in the keyring or the environment; asks neither."""
        return access_of(self._store).has_key(engine)

    def keep(self, engine: str, key: str, done: Callable[[str], None], failed: Failed) -> JobId:
        """Puts a key into the keyring; gives ``done`` its masked form.

        Raises:
            InputError: for something that cannot be a key.
        """
        key, found = checked_key(key), self._engine(engine)

        def work(_cancel: object, _progress: object) -> str:
            self._store.keep(found.key_name or engine, key)
            return masked(key)

        return self._start(f"Keep the {found.label} key", work, done, failed)

    def test(self, engine: str, key: str, done: Callable[[str], None], failed: Failed) -> JobId:
        """One free call with ``key``, or with the key that is there where it is empty; gives ``done`` a sentence.

        Raises:
            InputError: for something that cannot be a key.
        """
        found: Any = self._engine(engine)
        typed = checked_key(key) if key else ""

        def work(_cancel: object, _progress: object) -> str:
            return str(found.check_key(typed or found.key()))

        return self._start(f"Test the {found.label} key", work, done, failed)

    def remove(self, engine: str, done: Callable[[str], None], failed: Failed) -> JobId:
        """Takes the key out of the keyring; gives ``done`` a sentence."""
        found = self._engine(engine)
        name = found.key_name or engine

        def work(_cancel: object, _progress: object) -> str:
            self._store.forget(name)
            left = key_from_environment(name)
            return f"Removed. The key of {key_variable(name)} is used now." if left else "Removed."

        return self._start(f"Remove the {found.label} key", work, done, failed)

    def read_voices(self, engine: str, done: Callable[[int], None], failed: Failed) -> JobId:
        """Reads the voices that the account has online; gives ``done`` how many there are."""
        found: Any = self._engine(engine)
        return self._start(f"Read the voices of {found.label}", lambda _cancel, _progress: int(found.refresh()), done, failed)

    def choices(self, engine: str) -> EngineChoices:
        return access_of(self._store).choices(engine)

    def requests_today(self, engine: str) -> int:
        """How many requests the engine has sent since midnight, as the cap for the day counts them."""
        found: Any = self._engine(engine)
        return int(getattr(found, "requests_today", 0))

    def choose(self, engine: str, **chosen: str | int) -> EngineChoices:
        """Changes the model, the caps or the base URL of an engine, from its next request on.

        Raises:
            InputError: for a base URL that a key must not be sent to.
        """
        from declaim.remote.addresses import check_base_url

        if chosen.get("base_url"):
            chosen["base_url"] = check_base_url(str(chosen["base_url"]))
        access = access_of(self._store)
        after = access.choose(engine, **chosen)
        self._engine(engine).connect(access)
        return after

    def facts(self, engine: str) -> EngineFacts:
        """What is shown beside the choices; asks nobody."""
        from declaim.voices.limiter import DayCounter

        found: Any = self._engine(engine)
        listed = access_of(self._store).recall(f"{engine}-voices.json").get("models") or ()
        variable = getattr(found, "base_url_variable", "")
        return EngineFacts(
            default_model=getattr(found, "default_model", ""),
            models=tuple(str(model) for model in listed),
            base_url_variable=variable,
            base_url_there=os.environ.get(variable, "") if variable else "",
            requests_today=DayCounter(access_of(self._store), engine).count,
        )

    def _state(self, engine: VoiceEngine) -> KeyState:
        name = engine.key_name or engine.name
        return KeyState(
            engine.name, engine.label, name, key_variable(name), self._store.is_kept(name), bool(key_from_environment(name))
        )

    def _engine(self, name: str) -> VoiceEngine:
        for engine in self._voices.engines:
            if engine.name == name and engine.key_name:
                return engine
        raise InputError(f"There is no engine '{name}' that takes a key.", cure="Choose gemini or elevenlabs.")

    def _start(self, title: str, work: Callable[[Any, Any], Any], done: Callable[[Any], None], failed: Failed) -> JobId:
        return self._jobs.start(title, work, done=done, failed=failed, quiet=True)
