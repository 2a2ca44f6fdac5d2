"""The titles of a plain text, as headings: underlined ones, and plain lines that name releases."""

from __future__ import annotations

import re

from declaim.documents.versions import ReleaseHead, Strength, parse_release_head

_UNDERLINE = re.compile(r"^ {0,3}([=\-~^\"'`*+#_:.<>])\1{2,}\s*$")
_BULLET_HEAD = re.compile(r"^[*+•-]\s+")


def head_lines(text: str, *, is_named: bool) -> str | None:
    """A text whose releases are plain or bold lines ("1.2.0 (2026-01-15)"), with those lines as headings; None without any.

    One such line is enough in a file that is named a changelog (``is_named``) or right above a list.
    """
    lines = text.split("\n")
    found = find_head_lines(lines)
    if not found or not (is_named or len(found) > 1 or _heads_list(lines, found[0])):
        return None
    for at in found:
        lines[at] = "## " + _BULLET_HEAD.sub("", lines[at]).strip(" \t=")
    return "\n".join(lines)


def find_head_lines(lines: list[str]) -> list[int]:
    """The lines that name releases by themselves; those with a product before the version count where three have the same."""
    found: list[int] = []
    named: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        head = head_line(lines, at, line)
        if head is None:
            continue
        if head.strength is Strength.STRONG or head.date is not None:
            found.append(at)
        elif at + 1 < len(lines) and not lines[at + 1].strip():
            named.setdefault(head.name, []).append(at)
    return sorted(found + [at for ats in named.values() if len(ats) >= 3 for at in ats])


def _heads_list(lines: list[str], at: int) -> bool:
    following = next((line for line in lines[at + 1 : at + 4] if line.strip()), "")
    return bool(re.match(r"^\s{0,8}[*+•-]\s", following))


def head_line(lines: list[str], at: int, line: str) -> ReleaseHead | None:
    """The release that a line names, standing by itself or as the bullet above a list."""
    if (
        not 3 <= len(line) < 120
        or line[0] in " \t#>|`"
        or not (any(char.isdigit() for char in line) or "release" in line.lower())
    ):
        return None
    bullet = _BULLET_HEAD.match(line)
    if bullet:
        following = next((other for other in lines[at + 1 : at + 4] if other.strip()), "")
        # A list of releases has lists in it: deeper, or with another mark.
        if not re.match(r"^\s+[*+•-]\s", following) and (not _BULLET_HEAD.match(following) or following[0] == line[0]):
            return None
        line = line[bullet.end() :]
    elif not _stands_alone(lines, at):
        return None
    head = parse_release_head(line.rstrip().rstrip(":"))
    return head if head is not None and head.strength >= Strength.TITLED else None


def _stands_alone(lines: list[str], at: int) -> bool:
    """Whether a line is no part of a paragraph that happens to begin with a version."""
    before = lines[at - 1] if at else ""
    behind = lines[at + 1] if at + 1 < len(lines) else ""
    if not before.strip() or before[0] in " \t" or _UNDERLINE.match(before) or lines[at].rstrip().endswith(":"):
        return True
    return bool(_BULLET_HEAD.match(before) or re.match(r"\s*[*+•-]\s", behind))


def underlined_lines(lines: list[str]) -> list[str]:
    """Underlined (and overlined) titles as headings; the level goes by the order in which the underlines appear."""
    made = list(lines)
    levels: list[str] = []
    for at in range(1, len(lines)):
        under = _UNDERLINE.match(lines[at])
        title = lines[at - 1]
        if under is None or not _is_title(title, lines[at], lines[at - 2] if at > 1 else ""):
            continue
        over = at > 1 and lines[at - 2].strip() == lines[at].strip()
        if under.group(1) in "~`" and (over or (lines[at][0] == " " and len(lines[at]) * 2 < len(title))):
            # A fence of code.
            continue
        style = under.group(1) * (2 if over else 1)
        if style not in levels:
            levels.append(style)
        made[at - 1] = "#" * min(6, levels.index(style) + 1) + " " + title.strip()
        made[at] = ""
        if over:
            made[at - 2] = ""
    return made


def _is_title(title: str, underline: str, before: str) -> bool:
    words = title.strip()
    if not words or _UNDERLINE.match(title) or len(words) > 200 or words.startswith(("* ", "- ", "|", "+-", "#")):
        return False
    return (not before.strip() or bool(_UNDERLINE.match(before))) and len(underline.strip()) >= min(3, len(words))
