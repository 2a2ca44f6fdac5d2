"""Which words of a line were not heard: what was read, against what a speech recogniser wrote down.

A recogniser writes names as it likes ("cube control"), numbers as digits and the same sounds in other letters. So both sides are
brought to spoken words, and a word counts as heard where something that sounds about the same stands in its place. Only what is
clearly gone is told: a false alarm costs the user a listening.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from declaim.model.spoken import SpokenLine
from declaim.speech.speech import Speech

_WORD = re.compile(r"[^\W_]+")
_SMALL = frozenset(
    _WORD.findall(
        "a an the and or of in on at to for from by with as is are was were be it its this that these now so but if not no you "
        "your we our i he she they has have had will can do does one two four"
    )
)
"""Words that a recogniser drops or swaps without anything being wrong."""
_NUMBERS = frozenset(
    _WORD.findall(
        "oh zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion first second "
        "third"
    )
)
"""One recogniser writes 404, another four hundred and four: any number stands for any other in its place."""
_SOUNDS = (
    ("tch", "ch"), ("ph", "f"), ("gh", ""), ("kn", "n"), ("wr", "r"), ("ck", "k"), ("sch", "sk"), ("qu", "kw"), ("x", "ks"),
    ("ce", "se"), ("ci", "si"), ("cy", "si"), ("c", "k"), ("q", "k"), ("z", "s"), ("dge", "j"), ("ge", "je"), ("gi", "ji"),
    ("y", "i"), ("w", "u"),
)  # fmt: skip
_VOWELS = re.compile(r"[aeiou]+")
_DOUBLE = re.compile(r"(.)\1+")
_LIKE_ENOUGH = 0.62
"""Of 1: "parcer" for "parser" is 0.83 and more, another word of the same length about 0.4."""
_MOST_NAMED = 4
NOT_HEARD = "not heard: "


def unheard(line: SpokenLine, heard: str, speech: Speech) -> tuple[str, ...]:
    """The words of ``line`` that ``heard`` lacks, as they are shown, in order; none twice."""
    read, there = _words(line.text), _words(speech.spoken_text(heard))
    literally = "".join(_words(heard))
    missing: list[str] = []
    for first, last, around in _gaps(read, there):
        for at in range(first, last):
            shown = _shown_for(line, read, at)
            if _matters(read[at]) and not _is_in(read[at], around) and "".join(_words(shown)) not in literally:
                missing.append(shown)
    return tuple(dict.fromkeys(missing))


def reason_of(missing: Sequence[str]) -> str:
    """As a suspect line says it: ``not heard: kubectl``; empty where nothing is missing."""
    if not missing:
        return ""
    more = len(missing) - _MOST_NAMED
    return f"{NOT_HEARD}{', '.join(missing[:_MOST_NAMED])}" + (f" and {more} more" if more > 0 else "")


def _words(text: str) -> list[str]:
    """In small letters, without accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("’", "").replace("'", ""))
    return _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))


def _gaps(read: list[str], there: list[str]) -> Iterator[tuple[int, int, list[str]]]:
    """Where words were read that do not stand there: first, last, and what stands in their place, with a neighbour each side."""
    for kind, first, last, begin, end in SequenceMatcher(None, read, there, autojunk=False).get_opcodes():
        if kind in ("replace", "delete"):
            yield first, last, there[max(0, begin - 1) : end + 1]


def _matters(word: str) -> bool:
    return len(word) > 2 and word not in _SMALL


def _is_in(word: str, around: list[str]) -> bool:
    """Whether something that sounds like the word is there: one word, a part of one, or two and three that were torn apart."""
    if _is_number(word):
        return any(map(_is_number, around))
    sound = _sound(word)
    for count in (1, 2, 3):
        for at in range(len(around) - count + 1):
            if _likeness(sound, _sound("".join(around[at : at + count]))) >= _LIKE_ENOUGH:
                return True
    joined = _sound("".join(around))
    return any(_likeness(sound, joined[at : at + len(sound)]) >= _LIKE_ENOUGH + 0.15 for at in range(len(joined)))


def _is_number(word: str) -> bool:
    return word in _NUMBERS or any(char.isdigit() for char in word)


def _likeness(one: str, other: str) -> float:
    letters = SequenceMatcher(None, one, other, autojunk=False).ratio()
    bones, others = _VOWELS.sub("", one), _VOWELS.sub("", other)
    if len(bones) < 2 or len(others) < 2:
        return letters
    return max(letters, SequenceMatcher(None, bones, others, autojunk=False).ratio() - 0.1)


def _sound(word: str) -> str:
    for written, said in _SOUNDS:
        word = word.replace(written, said)
    return _DOUBLE.sub(r"\1", word)


def _shown_for(line: SpokenLine, read: list[str], at: int) -> str:
    """The word that captions show where ``read[at]`` is said: ``kubectl`` for "kube" and for "control"."""
    shown = [match.group() for match in re.finditer(r"\S*\w\S*", line.shown)]
    plain = ["".join(_words(word)) for word in shown]
    for _kind, first, last, begin, end in SequenceMatcher(None, read, plain, autojunk=False).get_opcodes():
        if first <= at < last:
            place = begin + at - first if last - first == end - begin else begin
            own = shown[place:end][:1] if last - first == end - begin else shown[begin:end]
            return " ".join(own).strip('.,;:!?…"“”()') or read[at]
    return read[at]
