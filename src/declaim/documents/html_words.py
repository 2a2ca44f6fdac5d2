"""The words between the tags of a page as Markdown: emphasis, what must be escaped, addresses."""

from __future__ import annotations

import re

# Only what would be taken for code or a tag; other signs are read as they stand.
_SPECIAL = re.compile(r"(`|<(?=[A-Za-z/!?]))")
OPEN, CLOSE = "\ue000", "\ue001"
"""Marks among the gathered parts: where emphasis begins and ends."""


def joined(parts: list[str], *, keep_breaks: bool = False) -> str:
    """Gathered parts as one text: emphasis marks at the edges of their words, white space joined, unpaired marks gone."""
    made: list[str] = []
    opened: list[tuple[str, int]] = []
    for part in parts:
        if part.startswith(OPEN):
            opened.append((part[1:], len(made)))
        elif part.startswith(CLOSE):
            at = next((at for at in range(len(opened) - 1, max(-1, len(opened) - 9), -1) if opened[at][0] == part[1:]), -1)
            if at >= 0:
                start = opened[at][1]
                del opened[at:]
                made[start:] = [_marked("".join(made[start:]), part[1:])]
        else:
            made.append(part)
    text = "".join(made)
    if not keep_breaks:
        return " ".join(text.split())
    return "\n".join(line for part in text.split("\n") if (line := " ".join(part.split())))


def _marked(words: str, mark: str) -> str:
    """Words between marks, with the white space outside of them."""
    inner = words.strip()
    if not inner or (mark == "`" and inner.startswith("`")):
        return words
    if mark == "`":
        inner = " ".join(inner.split())
        mark = "``" if "`" in inner else mark
    lead, trail = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
    return f"{lead}{mark}{inner}{mark}{trail}"


def escaped(text: str) -> str:
    """Words that would be taken for mark-up, and line breaks that mean nothing in HTML."""
    text = text.replace(OPEN, "").replace(CLOSE, "")
    return " ".join(_SPECIAL.sub(r"\\\1", text).split("\n")) if text.strip() else (" " if text else "")


def address_of(address: str) -> str:
    """A link's target, without what could end it; scripts and data have none."""
    cleaned = re.sub(r"\s", "", address)
    if re.match(r"^(?:javascript|data|vbscript|file):", cleaned, re.IGNORECASE):
        return ""
    return cleaned.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E")
