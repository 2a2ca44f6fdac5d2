"""The user's lexicon as pronunciation dictionaries of the ElevenLabs account, made once for each state of the lexicon.

A line's words come respelt; with a dictionary they are sent as they are written, and the service respells them: the sound is the
same, so the line's key is, too. Where there is no dictionary (too many words, a key that may not make one) the respelt words are
sent.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from declaim.model.lexicon import LexiconEntry
from declaim.voices.access import Access

REMEMBERED = "elevenlabs-dictionaries.json"
MOST_LOCATORS = 3
RULES_EACH = 500
"""In one dictionary. With more than three of them words are respelt."""
_SAYABLE = re.compile(r"[^\[\]<>/]{1,100}")
_OPTIONS: Any = {"timeout_in_seconds": 30, "max_retries": 0}


@dataclass(frozen=True)
class Rule:
    written: str
    spoken: str
    case_sensitive: bool

    @property
    def plain(self) -> dict[str, Any]:
        return {
            "type": "alias",
            "string_to_replace": self.written,
            "alias": self.spoken,
            "case_sensitive": self.case_sensitive,
            "word_boundaries": True,
        }


@lru_cache(maxsize=8)
def rules_of(lexicon: tuple[LexiconEntry, ...]) -> tuple[Rule, ...]:
    """The entries that a dictionary can hold, the last one of a word; none where they do not fit."""
    found: dict[str, Rule] = {}
    for entry in lexicon:
        is_plain = not entry.is_regex and _SAYABLE.fullmatch(entry.written) and _SAYABLE.fullmatch(entry.spoken)
        if is_plain and entry.written.lower() != entry.spoken.lower():
            found[entry.written] = Rule(entry.written, entry.spoken, entry.case_sensitive)
    return tuple(found.values()) if len(found) <= MOST_LOCATORS * RULES_EACH else ()


def as_written(text: str, rules: Iterable[Rule]) -> str:
    """Respelt words as they are written; the text itself where a rule would also change words that are not respelt."""
    used = [rule for rule in rules if _word(rule.spoken, case_sensitive=True).search(text)]
    if any(_word(rule.written, rule.case_sensitive).search(text) for rule in rules) if used else True:
        return text
    for rule in sorted(used, key=lambda rule: -len(rule.spoken)):
        text = _word(rule.spoken, case_sensitive=True).sub(lambda _match, written=rule.written: written, text)  # type: ignore[misc]
    return text


class Dictionaries:
    """Of one account. Any thread; the first one that needs a dictionary makes it while the others wait."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._lock = threading.Lock()
        self._refused: set[str] = set()

    def locators(self, client: Any, rules: Sequence[Rule]) -> list[tuple[str, str]]:
        """The id and the version of each dictionary; none where the service does not make them."""
        chunks = [rules[at : at + RULES_EACH] for at in range(0, len(rules), RULES_EACH)]
        with self._lock:
            found = [self._locator(client, place, chunk) for place, chunk in enumerate(chunks)]
        return [locator for locator in found if locator] if all(found) else []

    def forget(self, rules: Sequence[Rule]) -> None:
        """The service no longer knows them: words are respelt from now on, until the lexicon changes or the program starts."""
        with self._lock:
            self._refused |= {_hash(rules[at : at + RULES_EACH]) for at in range(0, len(rules), RULES_EACH)}
            self._access.remember(REMEMBERED, {})

    def _locator(self, client: Any, place: int, rules: Sequence[Rule]) -> tuple[str, str] | None:
        wanted, name = _hash(rules), str(place)
        if wanted in self._refused:
            return None
        known = self._access.recall(REMEMBERED).get(name)
        kept = known if isinstance(known, dict) and isinstance(known.get("id"), str) else {}
        if kept.get("hash") == wanted:
            return kept["id"], str(kept["version"])
        try:
            made = _made(client, place, rules, kept.get("id"))
        except Exception:  # noqa: BLE001 - whatever it is: the line's own request will tell, and the words can be respelt
            self._refused.add(wanted)
            return None
        locator = {"id": str(made.id), "version": str(made.version_id), "hash": wanted}
        self._access.remember(REMEMBERED, {**self._access.recall(REMEMBERED), name: locator})
        return locator["id"], locator["version"]


def _made(client: Any, place: int, rules: Sequence[Rule], known_id: str | None) -> Any:
    """A new version of the dictionary that is there, else a new dictionary."""
    plain = [rule.plain for rule in rules]
    if known_id:
        return client.pronunciation_dictionaries.rules.set(known_id, rules=plain, request_options=_OPTIONS)
    return client.pronunciation_dictionaries.create_from_rules(
        name=f"Declaim {place + 1}", description="The lexicon of Declaim", rules=plain, request_options=_OPTIONS
    )


def _hash(rules: Sequence[Rule]) -> str:
    return hashlib.sha256(json.dumps([rule.plain for rule in rules]).encode()).hexdigest()


@lru_cache(maxsize=4096)
def _word(words: str, case_sensitive: bool) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", 0 if case_sensitive else re.IGNORECASE)
