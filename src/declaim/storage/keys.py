"""Where keys of cloud services live: the system's keyring, never the library. Environment variables come second.

That a key is kept (not the key) is noted in a file of the settings, so that a window can open without asking the keyring, which
may want a password first.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from declaim import paths
from declaim.errors import DeclaimError
from declaim.model.key import checked_key, key_from_environment, key_variable

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "Declaim"
_NOTED = "kept-keys.json"

logger = logging.getLogger(__name__)


class KeyringMissing(DeclaimError):
    """This system has no keyring, or it refused."""


def find_keyring() -> str:
    """The keyring's name, empty where the system has none that keeps anything."""
    import keyring
    from keyring.backends import fail, null

    backend = keyring.get_keyring()
    return "" if isinstance(backend, fail.Keyring | null.Keyring) else str(backend.name)


class KeyStore:
    """Keys by name (``gemini``, ``elevenlabs``). Any thread; everything but ``has`` may take a while."""

    def __init__(self, folder: Path | None = None, backend: KeyringBackend | None = None) -> None:
        self._folder = folder or paths.settings_dir()
        self._backend = backend

    def has(self, name: str) -> bool:
        """Whether a key is kept or in the environment. Fast: asks no keyring."""
        return bool(key_from_environment(name)) or name in self._noted()

    def is_kept(self, name: str) -> bool:
        """Whether the keyring was given a key of this name. Fast."""
        return name in self._noted()

    def find(self, name: str) -> str:
        """The key: the keyring's, else the environment's, else empty."""
        if name in self._noted():
            try:
                kept = self._keyring().get_password(SERVICE, name)
            except Exception as error:  # noqa: BLE001 - backends raise whatever their system does
                logger.warning("The keyring did not give the key of %s: %s.", name, type(error).__name__)
            else:
                if kept:
                    return kept.strip()
        return key_from_environment(name)

    def keep(self, name: str, key: str) -> None:
        """Puts a key into the keyring, in place of the one before.

        Raises:
            InputError: for something that cannot be a key.
            KeyringMissing: where there is no keyring, or it refused.
        """
        key = checked_key(key)
        if self._backend is None and not find_keyring():
            raise self._missing(name, "This system has no keyring")
        try:
            self._keyring().set_password(SERVICE, name, key)
        except Exception as error:  # noqa: BLE001 - the backend's own error may hold the key
            raise self._missing(name, f"The keyring refused ({type(error).__name__})") from None
        self._note(self._noted() | {name})

    def forget(self, name: str) -> None:
        """Takes a key out of the keyring. One of the environment stays.

        Raises:
            KeyringMissing: where the keyring refused.
        """
        try:
            if self._keyring().get_password(SERVICE, name) is not None:
                self._keyring().delete_password(SERVICE, name)
        except Exception as error:  # noqa: BLE001 - backends raise whatever their system does
            raise self._missing(name, f"The keyring refused ({type(error).__name__})") from None
        self._note(self._noted() - {name})

    def _keyring(self) -> KeyringBackend:
        if self._backend is None:
            import keyring

            self._backend = keyring.get_keyring()
        return self._backend

    def _noted(self) -> frozenset[str]:
        try:
            names = json.loads((self._folder / _NOTED).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return frozenset()
        return frozenset(str(name) for name in names) if isinstance(names, list) else frozenset()

    def _note(self, names: frozenset[str]) -> None:
        with paths.replacing(self._folder / _NOTED) as beside:
            beside.write_text(json.dumps(sorted(names)), encoding="utf-8")

    def _missing(self, name: str, why: str) -> KeyringMissing:
        return KeyringMissing(
            f"{why}, so the key is not kept.", cure=f"Set the environment variable {key_variable(name)} instead."
        )
