"""Plain text's indentation -> Markdown's, line for line: bullets nest by what they stand under, not by four spaces."""

from __future__ import annotations

import re

# The marks of plain-text lists; curl's "o" and PHP's "." count where they are indented.
_INDENTED_BULLET = re.compile(r"(?P<marker>[o.])(?P<gap>[ \t]{1,8})(?=\S)")
_BULLET = re.compile(r"(?P<marker>[*+\-•‣◦▪●·–]|\d{1,4}[.)]|\(\d{1,3}\)|#\.)(?P<gap>[ \t]{1,8})(?=\S)")
_MAX_DEPTH = 45


class Layout:
    """Where each line goes. Feed lines in order; ``blank`` for empty ones."""

    def __init__(self) -> None:
        self._open: list[tuple[int, int, int]] = []
        """Of each open item: where its text stands in the source, where in the Markdown, and where its bullet stands."""
        self._after_blank = True

    def blank(self) -> str:
        self._after_blank = True
        return ""

    def reset(self) -> None:
        """After a heading, no item is open."""
        self._open.clear()
        self._after_blank = True

    def place(self, line: str, *, quotes: bool = False) -> str:
        """A line at its place. ``quotes`` makes a further indented block a quote, as in reStructuredText."""
        indent, text = split_indent(line)
        bullet = _BULLET.match(text) or (_INDENTED_BULLET.match(text) if indent else None)
        if bullet is not None:
            return self._place_bullet(indent, text, bullet)
        if self._after_blank:
            self._leave(indent)
        while self._open and indent < self._open[-1][2]:
            self._open.pop()
        base, out = self._open[-1][:2] if self._open else (0, 0)
        is_quote = quotes and indent > base and (self._after_blank or self._in_quote)
        self._in_quote = is_quote
        self._after_blank = False
        return " " * out + ("> " if is_quote else "") + text

    _in_quote = False

    def indent_at(self, line: str) -> int:
        """The Markdown indent of a block that starts with ``line``, such as a fence."""
        indent, _text = split_indent(line)
        self._leave(indent)
        self._after_blank = False
        return self._open[-1][1] if self._open else 0

    def _place_bullet(self, indent: int, text: str, bullet: re.Match[str]) -> str:
        self._leave(indent)
        out = self._open[-1][1] if self._open else 0
        marker = bullet.group("marker")
        number = re.search(r"\d+", marker)
        mark = f"{int(number.group())}." if number else "1." if marker == "#." else marker if marker in "*+-" else "-"
        if len(self._open) < _MAX_DEPTH:
            self._open.append((indent + len(marker) + len(bullet.group("gap")), out + len(mark) + 1, indent))
        self._after_blank = self._in_quote = False
        return " " * out + f"{mark} {text[bullet.end() :]}"

    def _leave(self, indent: int) -> None:
        while self._open and indent < self._open[-1][0]:
            self._open.pop()


def split_indent(line: str) -> tuple[int, str]:
    """The columns of white space before a line's text (tabs of eight), and the text."""
    text = line.lstrip(" \t")
    white = line[: len(line) - len(text)]
    return (len(white.expandtabs(8)) if "\t" in white else len(white)), text.rstrip()


def is_bullet(line: str) -> bool:
    """Whether a line of a plain text begins a list's item."""
    return _BULLET.match(line.lstrip(" \t")) is not None
