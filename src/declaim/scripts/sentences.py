"""Prose into sentences and lines: where a sentence ends, how long a line may be, how words are joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from declaim.scripts.verbs import word_set

MAX_LINE = 300
"""Characters of a line that a voice reads in one breath group and a person edits at a glance."""
MAX_SENTENCES = 3

_ABBREVIATIONS = word_set(
    "e.g i.e vs cf approx resp no nos fig figs eq sec ch vol pp al mr mrs ms dr prof st sr jr inc ltd co corp dept est ed "
    "eds jan feb mar apr jun jul aug sep sept oct nov dec min max incl excl esp viz ca a.k.a w.r.t u.s u.k ver rev"
)
_SMALL_NAMES = word_set(
    "npm npx pip pipx git curl wget nginx pnpm yarn uv numpy pandas scipy webpack eslint mypy pytest ruff systemd ffmpeg "
    "sqlite libc glibc jq vim tmux bash zsh fish brew apt dnf pacman kubectl docker rustc cargo gcc clang cmake ssh rsync "
    "sudo grep"
)
_CODE = re.compile(r"`[^`]*`")
_BOUNDARY = re.compile(r"(?:[.!?…]+|[。！？؟۔।]+)[\"'”’»)\]]*(?=\s|$)|[。！？]+")
_WORD_BEFORE = re.compile(r"([^\s(\[\"“]+)$")
_SOFT_BREAKS = (
    re.compile(r"[;:—–]\s|[；：]"),
    re.compile(r",\s(?=(?:and|but|or|so|which|while|because|where|whereas|then|as|with|including)\b)"),
    re.compile(r"[,،]\s|[，、]"),
    re.compile(r"\s(?=(?:and|but|or|which|because|while|with|for|when)\s)"),
    re.compile(r"\s"),
)
_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def split_sentences(text: str) -> list[str]:
    """The sentences of a paragraph. Versions, abbreviations, initials, inline code and short brackets do not end one."""
    shield = _shielded(text)
    sentences, start = [], 0
    for match in _BOUNDARY.finditer(shield):
        if match.start() < start or not _ends_sentence(shield, match):
            continue
        sentences.append(text[start : match.end()].strip())
        start = match.end()
    sentences.append(text[start:].strip())
    return [sentence for sentence in sentences if sentence]


def _shielded(text: str) -> str:
    """The text with the stops inside code and brackets masked, same length."""
    masked = _CODE.sub(lambda match: "x" * len(match.group()), text)
    return re.sub(r"\([^()]{0,300}\)", lambda match: re.sub(r"[.!?…]", "x", match.group()), masked)


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    rest = text[match.end() :].lstrip()
    if not rest or match.group()[0] in "。！？؟۔।":
        return True
    if rest[0].islower():
        return False
    if match.group() != ".":
        return rest[0] not in ",;:"
    before = _WORD_BEFORE.search(text[max(0, match.start() - 40) : match.start()])
    word = before.group(1).lower().rstrip(".") if before else ""
    is_initial = len(word) == 1 and word.isalpha() and text[match.start() - 1].isupper()
    if word == "no" and not rest[0].isdigit():
        return True
    return word not in _ABBREVIATIONS and not is_initial


def pack(sentences: Iterable[str], *, longest: int = MAX_LINE, most: int = MAX_SENTENCES) -> Iterator[str]:
    """Sentences as lines: up to ``most`` sentences and about ``longest`` characters each; a longer sentence is broken."""
    line: list[str] = []
    for sentence in sentences:
        for part in break_long(sentence, longest):
            if line and (len(line) == most or sum(map(len, line)) + len(line) + len(part) > longest):
                yield " ".join(line)
                line = []
            line.append(part)
    if line:
        yield " ".join(line)


def break_long(sentence: str, longest: int = MAX_LINE) -> list[str]:
    """A sentence in parts of at most ``longest`` characters, broken where a speaker would breathe; never inside code."""
    parts = []
    while len(sentence) > longest:
        at = _breath(sentence, longest)
        parts.append(sentence[:at].strip())
        sentence = sentence[at:].strip()
    return [*parts, sentence] if sentence else parts


def _breath(sentence: str, longest: int) -> int:
    window = _CODE.sub(lambda match: "x" * len(match.group()), sentence[: longest + 200])[:longest]
    for pattern in _SOFT_BREAKS:
        places = [match.end() for match in pattern.finditer(window) if longest // 3 < match.end() < longest]
        if places:
            return min(places, key=lambda place: abs(place - longest * 2 // 3))
    return longest


def end(sentence: str) -> str:
    """The sentence with a mark at its end."""
    sentence = sentence.rstrip(" ,;–—-")
    if not sentence or sentence[-1] in ".!?…。！？؟۔।:" or (sentence[-2:-1] in (".", "!", "?") and sentence[-1] in "\"'”’)"):
        return sentence
    return sentence + "."


def bare(sentence: str) -> str:
    """The sentence without the stop at its end, to stand inside another; an ellipsis stays."""
    sentence = sentence.rstrip()
    return sentence if sentence.endswith(("..", "…")) else sentence.rstrip(".;:, ")


def upper_first(text: str) -> str:
    """Capital first, unless the first word is code or a name with its own spelling (``npm``, ``iOS``, ``x86``)."""
    word = re.match(r"[^\s.,;:!?]+", text)
    if (
        not word
        or word.group() in _SMALL_NAMES
        or not text[0].islower()
        or any(char.isupper() or char.isdigit() for char in word.group()[1:])
    ):
        return text
    return text[0].upper() + text[1:]


def join_words(parts: Sequence[str], *, last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b, and c``."""
    if len(parts) < 3:
        return f" {last} ".join(parts)
    return ", ".join(parts[:-1]) + f", {last} {parts[-1]}"


def in_words(number: int) -> str:
    """A count as words: ``twelve``, ``forty-two``, ``two hundred fourteen``; digits from a million on."""
    if number < len(_NUMBERS):
        return _NUMBERS[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f"-{_NUMBERS[ones]}" if ones else "")
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if size <= number < 1_000_000:
            many, rest = divmod(number, size)
            return f"{in_words(many)} {name}" + (f" {in_words(rest)}" if rest else "")
    return str(number)


def count_of(number: int, singular: str, plural: str) -> str:
    """``one fix``, ``three fixes``."""
    return f"{in_words(number)} {singular if number == 1 else plural}"
