"""Keys of cloud services: their environment variables, and how one is shown. A key itself is never part of a message."""

from __future__ import annotations

import os
import re

from declaim.errors import InputError

_KEY = re.compile(r"[\x21-\x7e]{8,500}")


def key_variable(name: str) -> str:
    """The environment variable that holds the key of this name, as ``GEMINI_API_KEY``."""
    return f"{re.sub('[^A-Z0-9]', '_', name.upper())}_API_KEY"


def key_from_environment(name: str) -> str:
    """The key of this name, empty where its variable is not set."""
    return os.environ.get(key_variable(name), "").strip()


def checked_key(text: str) -> str:
    """A key as it was pasted, without white space around it.

    Raises:
        InputError: for something that no service could have given out. What was pasted is not repeated.
    """
    key = text.strip()
    if not key:
        raise InputError("There is no key to keep.", cure="Paste the key into the field.")
    if not _KEY.fullmatch(key):
        raise InputError(
            "That is not a key: keys are at least 8 letters, digits and signs in one word.",
            cure="Copy it again from the service.",
        )
    return key


def masked(key: str) -> str:
    """A key as it may be shown: its last four signs where it is long enough."""
    return f"••••••••{key[-4:]}" if len(key) >= 16 else "••••••••"


def without_key(text: str, key: str) -> str:
    """A message of a service or a library, the key blotted out wherever it stands."""
    return text.replace(key, "(key)") if key else text
