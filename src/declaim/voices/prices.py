"""What speech costs: data with a date and a source in ``resources/prices.json``; a file of that name among the user's settings
overrules it, entry by entry."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from declaim import paths

NAME = "prices.json"
CHARACTERS_PER_TOKEN = 4
AUDIO_TOKENS_PER_SECOND = 25
CHARACTERS_PER_SECOND = 15

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Price:
    """Of one model, in US dollars. A service counts tokens, or characters. ``since`` and ``until`` are days, both included."""

    engine: str
    model: str
    date: str
    source: str
    usd_per_million_text_tokens: float = 0.0
    usd_per_million_audio_tokens: float = 0.0
    usd_per_million_characters: float = 0.0
    since: str = ""
    until: str = ""

    def of_text(self, text: str) -> float:
        """An estimate for words that have not been spoken yet."""
        audio_tokens = AUDIO_TOKENS_PER_SECOND * len(text) / CHARACTERS_PER_SECOND
        return self.of(characters=len(text), text_tokens=len(text) / CHARACTERS_PER_TOKEN, audio_tokens=audio_tokens)

    def of(self, *, characters: float = 0, text_tokens: float = 0, audio_tokens: float = 0) -> float:
        millionths = (
            characters * self.usd_per_million_characters
            + text_tokens * self.usd_per_million_text_tokens
            + audio_tokens * self.usd_per_million_audio_tokens
        )
        return millionths / 1e6


FREE = Price("", "", "", "")


def price(engine: str, model: str, day: dt.date | None = None, folder: Path | None = None) -> Price:
    """The price of a model on a day: the user's own first, then ours; of a model that nobody lists the engine's dearest, so that
    an estimate is never too low for that reason. ``FREE`` for an engine without prices."""
    today = (day or dt.datetime.now(dt.UTC).date()).isoformat()
    own = _read(folder or paths.settings_dir())
    for prices in (own, _built_in()):
        fitting = [entry for entry in prices if entry.engine == engine and _holds(entry, today)]
        exact = [entry for entry in fitting if entry.model == model]
        if exact:
            return exact[0]
    fitting = [entry for entry in (*own, *_built_in()) if entry.engine == engine and _holds(entry, today)]
    return max(fitting, key=lambda entry: entry.of_text("x" * 1000), default=FREE)


def _holds(entry: Price, day: str) -> bool:
    return (not entry.since or entry.since <= day) and (not entry.until or day <= entry.until)


@lru_cache(maxsize=1)
def _built_in() -> tuple[Price, ...]:
    return _read(paths.resources_dir())


def _read(folder: Path) -> tuple[Price, ...]:
    path = folder / NAME
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return ()
    return _entries(path, changed)


@lru_cache(maxsize=8)
def _entries(path: Path, _changed: int) -> tuple[Price, ...]:
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        return tuple(_entry(item) for item in _list(plain))
    except (OSError, ValueError, TypeError) as error:
        logger.warning("The prices in %s are left out: %s.", path, error)
        return ()


def _list(plain: object) -> Sequence[Mapping[str, Any]]:
    prices = plain.get("prices") if isinstance(plain, Mapping) else None
    if not isinstance(prices, list):
        raise ValueError("it has no list of prices")
    return prices


def _entry(item: Mapping[str, Any]) -> Price:
    entry = Price(**item)
    numbers = (entry.usd_per_million_text_tokens, entry.usd_per_million_audio_tokens, entry.usd_per_million_characters)
    if any(isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number < 1e6 for number in numbers):
        raise ValueError(f"the price of {entry.model} is no number")
    return entry
