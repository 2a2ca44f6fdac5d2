"""How words are said: built-in, then the user's, then the project's; the last one wins."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LexiconScope(StrEnum):
    BUILT_IN = "built_in"
    USER = "user"
    PROJECT = "project"


@dataclass(frozen=True)
class LexiconEntry:
    """``written`` is matched as whole words; ``case_sensitive`` as given; ``is_regex`` makes it a regular expression."""

    written: str
    spoken: str
    case_sensitive: bool = False
    is_regex: bool = False
    scope: LexiconScope = LexiconScope.USER
    language: str = "en"
