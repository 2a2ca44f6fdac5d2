"""Where keys of cloud services live: the system's keyring, never the library."""

from __future__ import annotations


def find_keyring() -> str:
    """The keyring's name, empty where the system has none that keeps anything."""
    import keyring
    from keyring.backends import fail, null

    backend = keyring.get_keyring()
    return "" if isinstance(backend, fail.Keyring | null.Keyring) else str(backend.name)
