"""Regular-expression entries, made safe: what could take for ever is refused, what is unbounded is bounded."""

from __future__ import annotations

import re

from declaim.errors import InputError
from declaim.model.lexicon import LexiconEntry

MAX_PATTERN = 200
MAX_REPEATS = 3
BOUND = 64
"""``*`` and ``+`` of an entry repeat no more often than this."""
_TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|P<\w+>|[a-z]+\)))?|\)|[*+?][?+]?|\{\d*,?\d*\}[?+]?|.", re.DOTALL
)
_QUANTIFIER = re.compile(r"([*+?]|\{(\d*)(,?)(\d*)\})([?+]?)")


def compile_pattern(entry: LexiconEntry) -> re.Pattern[str]:
    """The entry's expression, bounded and held to whole words.

    Raises:
        InputError: where the expression is not valid, is too long, repeats a repeat, or can match nothing.
    """
    try:
        bounded = _bounded(entry.written)
        pattern = re.compile(rf"(?<!\w)(?:{bounded})(?!\w)", 0 if entry.case_sensitive else re.IGNORECASE)
        re.compile(bounded)
        if pattern.search("") or re.fullmatch(bounded, ""):
            raise _refusal(entry, "it matches nothing at all", "Let it need at least one character.")
        _check_template(pattern, entry.spoken)
    except (re.error, OverflowError, RecursionError, IndexError) as error:
        raise _refusal(entry, str(error), "Correct the expression, or make it a plain entry.") from error
    return pattern


def _bounded(written: str) -> str:
    """The expression with every ``*``, ``+`` and ``{n,}`` limited; refuses what backtracks without end."""
    if len(written) > MAX_PATTERN:
        raise re.error(f"it is longer than {MAX_PATTERN} characters")
    out: list[str] = []
    groups: list[bool] = []
    closed_with_repeat = False
    repeats = 0
    for match in _TOKEN.finditer(written):
        token = match.group()
        if token.startswith("(") and not token.endswith(")"):
            groups.append(False)
        elif token == ")" and groups:
            closed_with_repeat = groups.pop()
            if groups and closed_with_repeat:
                groups[-1] = True
        elif token == "|" and groups:
            groups[-1] = True
        elif (quantifier := _QUANTIFIER.fullmatch(token)) and out:
            if out[-1] == ")" and closed_with_repeat and token[0] != "?":
                raise re.error("it repeats a group that repeats or chooses inside")
            if token[0] != "?":
                repeats += 1
                groups[:] = [True] * len(groups)
            token = _limited(quantifier)
        out.append(token)
    if repeats > MAX_REPEATS:
        raise re.error(f"it repeats more than {MAX_REPEATS} things")
    return "".join(out)


def _limited(quantifier: re.Match[str]) -> str:
    whole, low, comma, high, lazy = quantifier.groups()
    if whole == "?":
        return quantifier.group()
    if whole in ("*", "+"):
        return f"{{{int(whole == '+')},{BOUND}}}{lazy}"
    least = min(int(low or 0), BOUND)
    most = min(int(high), BOUND) if high else BOUND if comma else least
    return f"{{{least},{max(least, most)}}}{lazy}"


def _check_template(pattern: re.Pattern[str], spoken: str) -> None:
    for number in re.findall(r"\\(?:g<)?(\d{1,3})", spoken):
        if int(number) > pattern.groups:
            raise re.error(f"its spoken side asks for group {number}")
    re.compile(r"(x)" * max(pattern.groups, 1))
    for name in re.findall(r"\\g<([A-Za-z_]\w*)>", spoken):
        if name not in pattern.groupindex:
            raise re.error(f"its spoken side asks for group {name}")
    if re.search(r"\\(?![\dg\\nt])|\\g(?!<\w+>)|\\\Z", spoken):
        raise re.error("its spoken side ends in or has a stray backslash")


def _refusal(entry: LexiconEntry, why: str, cure: str) -> InputError:
    return InputError(f"The lexicon entry '{entry.written[:80]}' cannot be used: {why}.", cure=cure)
