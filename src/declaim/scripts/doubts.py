"""What a written line says that its source lines do not: numbers, versions, names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from declaim.model.script import Doubt, Line, ScriptSettings
from declaim.model.source import Release, Source

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NAME = re.compile(r"[^\W\d_][\w'’+#-]*(?:[.:/][\w+#-]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:]['\"”’)]*\s+)['\"“‘(]*$")
_COUNTED = """
two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty
"""
_NUMBER_WORDS = {match.group(): str(value) for value, match in enumerate(re.finditer(r"\w+", _COUNTED), start=2)}
_ORDINARY = frozenset(
    {"I", "I'm", "I'd", "I'll", "I've", "OK", "Okay", "English", "Internet", "API"}
    | {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
)


def known_words(settings: ScriptSettings, source: Source, releases: Iterable[Release] = ()) -> tuple[str, ...]:
    """What needs no source line: the names, and what the user asked to be said."""
    return (
        settings.title, settings.product_name, settings.version, settings.cta, settings.audience, settings.additional_context,
        source.product_name, source.title, *(release.version for release in releases),
    )  # fmt: skip


def find_doubts(lines: Sequence[Line], source_lines: Sequence[str], known: Iterable[str]) -> tuple[Doubt, ...]:
    """``known``: words that need no source, such as the product's name and what the user asked to be said."""
    given = " ".join(known)
    doubts = []
    for index, line in enumerate(lines):
        first, last = line.source_lines or (1, 0)
        behind = " ".join([*source_lines[first - 1 : last], given])
        words = tuple(dict.fromkeys(_lacking(line.shown, behind)))
        if words:
            doubts.append(Doubt(index, words))
    return tuple(doubts)


def _lacking(text: str, behind: str) -> Iterator[str]:
    numbers = set(_numbers(behind))
    folded = behind.casefold()
    for match in _NUMBER.finditer(text):
        if match.group().replace(",", "") not in numbers:
            yield match.group()
    for match in _NAME.finditer(text):
        word = match.group()
        digits = _NUMBER_WORDS.get(word.casefold())
        if digits is not None:
            # "Four fixes" may be counted from the lines; a number beyond the small ones is a claim.
            if digits not in numbers and word.casefold() not in folded and int(digits) > 4:
                yield word
        elif _is_name(text, match) and not _stands_in(word, folded):
            yield word


def _numbers(text: str) -> Iterator[str]:
    for match in _NUMBER.finditer(text):
        whole = match.group().replace(",", "")
        yield whole
        # "Version 2" of 2.0.0, and "1.2" of 1.2.0: the start of a version is the version.
        parts = whole.split(".")
        for length in range(1, len(parts)):
            if not any(part.strip("0") for part in parts[length:]):
                yield ".".join(parts[:length])


def _is_name(text: str, match: re.Match[str]) -> bool:
    """A capital where no sentence begins, a capital inside, an identifier."""
    word = match.group()
    if word in _ORDINARY or word.removesuffix("'s").removesuffix("’s") in _ORDINARY:
        return False
    if any(char.isupper() for char in word[1:]) or "_" in word or "." in word or "/" in word:
        return True
    return word[0].isupper() and not _SENTENCE_START.search(text[: match.start()])


def _stands_in(word: str, folded: str) -> bool:
    plain = re.sub(r"['’]s?$", "", word.casefold())
    return plain in folded or plain.rstrip("s") in folded
