"""Plain-text changelogs -> Markdown, line for line, so that line numbers stay those of the file.

Each ``…_lines`` function rewrites the lines that carry structure (headings, bullets) and empties those that carry none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from declaim.documents.dates import find_date
from declaim.documents.indented import bullet_entries
from declaim.documents.layout import Layout, is_bullet
from declaim.documents.titles import head_line
from declaim.documents.versions import ReleaseHead, Strength, parse_release_head

_SAMPLE_LINES = 4000


@dataclass(frozen=True)
class Adapted:
    """Markdown made of a dialect. Deep indentation in it is layout, not code."""

    text: str
    dialect: str


# Debian: deb-changelog(5)
_DEBIAN_HEAD = re.compile(
    r"^(?P<package>[a-z0-9][a-z0-9+.-]{1,80}) \((?P<version>[^()\s]{1,80})\)(?P<suite>[\w.~+ -]{0,80});\s*\w+="
)
_DEBIAN_TRAILER = re.compile(r"^ -- (?P<name>.{0,100}?) <[^<>]{0,100}>  ?(?P<date>.{6,60})$")
_DEBIAN_SECTION = re.compile(r"^ {1,3}\[ (?P<name>[^\[\]]{1,80}) \]\s*$")
# GNU Coding Standards, section 6.8
_GNU_HEAD = re.compile(
    r"^(?P<date>\d{4}-\d{2}-\d{2}|(?:Mon|Tue|Wed|Thu|Fri|Sat"
    r"|Sun) \w{3} [ \d]\d [\d:]{8} (?:\w{3,4} )?\d{4})\s+(?P<name>\S.{0,100}?)\s+[<(][^<>()\s]{1,80}(?:@| AT )"
    r"[^<>()]{1,80}[>)]\s*(?:\(\w[\w ]{1,20}\))?$"
)
# Perl's: the date, the address, the name
_GNU_HEAD_DATED = re.compile(r"^(?P<date>\w{3} \d{1,2} \d{4})\s+<[^<>\s]{1,80}@[^<>\s]{1,80}>\s*\([^()]{1,80}\)$")
_AUTHOR = re.compile(r"^\S.{0,80} \(\d{1,6}\):$")
_RPM_HEAD = re.compile(
    r"^\* (?P<date>(?:Mon|Tue|Wed|Thu|Fri|Sat"
    r"|Sun) \w{3} [ \d]\d \d{4}) (?P<name>.{1,100}?)(?: <[^<>]{1,100}>)?\s*(?:- ?(?:\d+:)?(?P<version>\S{1,60}))?\s*$"
)
_GIT_LINE = re.compile(r"^(?P<graph>[*|/\\ _]{0,40}?)(?P<hash>[0-9a-f]{7,40})(?: \((?P<refs>[^()]{1,400})\))? (?P<text>\S.*)$")
_GIT_GRAPH = re.compile(r"^[*|/\\ _]{1,60}$")
_GIT_COMMIT = re.compile(r"^commit (?P<hash>[0-9a-f]{40})(?: \((?P<refs>[^()]{1,400})\))?$")
_GIT_HEADER = re.compile(r"^(?:Author|AuthorDate|Commit|CommitDate|Date|Merge):\s")
_TAG = re.compile(r"tag: ([^,()\s]{1,80})")
_OUTLINE = re.compile(r"^(\*{1,6}) (\S.{0,200})$")


def adapt(text: str) -> Adapted | None:
    """The Markdown of a plain-text changelog's dialect, None where the text is in none."""
    lines = text.split("\n")
    sample = lines[:_SAMPLE_LINES]
    for dialect, looks_like, convert in _DIALECTS:
        if looks_like(sample):
            return Adapted("\n".join(convert(lines)), dialect)
    return None


def debian_lines(lines: list[str]) -> list[str]:
    """Releases as headings with the date of their trailer; ``[ Name ]`` sections and trailers are emptied."""
    made: list[str] = []
    head_at = -1
    for at, line in enumerate(lines):
        head, trailer = _DEBIAN_HEAD.match(line), _DEBIAN_TRAILER.match(line)
        if head:
            head_at = at
            unreleased = " (unreleased)" if head.group("suite").strip().upper() == "UNRELEASED" else ""
            version = head.group("version").split(":", 1)[-1]
            made.append(f"## {head.group('package')} {version}{unreleased}")
        elif trailer:
            date = find_date(trailer.group("date"))
            if date and head_at >= 0:
                made[head_at] += f" - {date[0].isoformat()}"
            made.append("")
        else:
            made.append("" if _DEBIAN_SECTION.match(line) else line)
    return made


def gnu_lines(lines: list[str]) -> list[str]:
    """Days as headings. A second header of the same day is emptied, so that its entries join the day."""
    made: list[str] = []
    layout = Layout()
    day = ""
    for line in lines:
        head = _GNU_HEAD.match(line) or _GNU_HEAD_DATED.match(line)
        if head is None:
            made.append(layout.place(line) if line.strip() else layout.blank())
            continue
        layout.reset()
        date = find_date(head.group("date"))
        heading = f"## {date[0].isoformat()}" if date else f"## {head.group('date')}"
        made.append("" if heading == day else heading)
        day = heading
    return made


def rpm_lines(lines: list[str]) -> list[str]:
    """``%changelog`` headers as headings of version and date."""
    made = []
    for line in lines:
        head = _RPM_HEAD.match(line)
        date = find_date(head.group("date")) if head else None
        if head is None or date is None:
            made.append("" if line.strip() == "%changelog" else line)
        else:
            version = (head.group("version") or "").strip("[]")
            made.append(f"## {version} - {date[0].isoformat()}" if version else f"## {date[0].isoformat()}")
    return made


def git_oneline_lines(lines: list[str]) -> list[str]:
    """``git log --oneline``: a bullet for each commit, without graph and decorations."""
    made = []
    for line in lines:
        commit = _GIT_LINE.match(line)
        if commit is None:
            made.append("" if _GIT_GRAPH.match(line) else line)
            continue
        made.append(f"* {commit.group('hash')} {commit.group('text')}")
    return made


def git_log_lines(lines: list[str]) -> list[str]:
    """The long ``git log``: the subject as a bullet with its hash, the rest of the message as its continuation."""
    made: list[str] = []
    commit = author = ""
    for line in lines:
        header = _GIT_COMMIT.match(line)
        if header:
            commit = header.group("hash")
            made.append("")
        elif line.startswith("Author: "):
            author = line[8:].split("<")[0].strip(" ()")
            made.append("")
        elif _GIT_HEADER.match(line):
            made.append("")
        elif commit and line.startswith("    ") and line.strip():
            made.append(f"* {commit} {line.strip()}" + (f" ({author})" if author else ""))
            commit = author = ""
        elif line.startswith("    ") and re.match(r"\s+[*-]\s", line):
            made.append(line)
        else:
            made.append("  " + line.strip() if line.startswith("    ") and line.strip() else "")
    return made


def git_heads(lines: list[str]) -> dict[int, str]:
    """Headings for the releases of a git log that shows its tags, by the line (from 1) that they stand above."""
    heads: dict[int, str] = {}
    first = 0
    for at, line in enumerate(lines, start=1):
        commit = _GIT_LINE.match(line) or _GIT_COMMIT.match(line)
        if commit is None:
            continue
        first = first or at
        tag = _TAG.search(commit.group("refs") or "")
        if tag:
            date = next(
                (found for other in lines[at : at + 6] if other.startswith("Date:") and (found := find_date(other))), None
            )
            heads[at] = tag.group(1) + (f" - {date[0].isoformat()}" if date else "")
    return {first: "Unreleased", **heads} if heads and first not in heads else heads


def outline_lines(lines: list[str]) -> list[str]:
    """The stars of Emacs's outline mode, in which GNU programs write their NEWS, as headings; old releases as plain lines too."""
    made = []
    for at, line in enumerate(lines):
        match = _OUTLINE.match(line)
        if match and len(match.group(1)) > 1 and _is_change(lines, at):
            line = f"- {match.group(2)}"
        elif match:
            line = f"{'#' * min(6, len(match.group(1)))} {match.group(2)}"
        elif line[:1].isalnum() and _is_sure(head_line(lines, at, line)):
            line = f"# {line}"
        made.append(line)
    return bullet_entries(made, [at for at, line in enumerate(made) if line.startswith("#")], by_paragraph=True)


def _is_change(lines: list[str], at: int) -> bool:
    """Whether a title is a change and no group of them (GnuTLS): it goes on in the next line, or is a sentence."""
    behind = lines[at + 1] if at + 1 < len(lines) else ""
    return lines[at].rstrip().endswith(".") or (behind[:1] in (" ", "\t") and bool(behind.strip()) and not is_bullet(behind))


def _is_sure(head: ReleaseHead | None) -> bool:
    return head is not None and head.strength is Strength.STRONG


def shortlog_lines(lines: list[str]) -> list[str]:
    """``git shortlog``: a bullet for each subject; the authors above them are emptied."""
    made = []
    for line in lines:
        is_subject = re.match(r" {2,8}\S", line) is not None
        made.append(f"* {line.strip()}" if is_subject else "" if _AUTHOR.match(line) else line)
    return made


def _is_outline(lines: list[str]) -> bool:
    stars = [match for line in lines if (match := _OUTLINE.match(line))]
    heads = [match for match in stars if len(match.group(1)) == 1]
    return len(stars) > len(heads) > 0 and all(parse_release_head(match.group(2)) for match in heads[:3])


def _mostly(pattern: re.Pattern[str], lines: list[str], share: float) -> bool:
    filled = [line for line in lines if line.strip() and not _GIT_GRAPH.match(line)]
    matching = sum(1 for line in filled if len(line) < 2000 and pattern.match(line))
    return matching >= 2 and matching >= len(filled) * share


def _is_git_oneline(lines: list[str]) -> bool:
    return _mostly(_GIT_LINE, lines, 0.7) and any(re.search(r"\d", line[:12]) for line in lines)


def _is_shortlog(lines: list[str]) -> bool:
    heads = [at for at, line in enumerate(lines[:-1]) if _AUTHOR.match(line)]
    subjects = sum(1 for at in heads if re.match(r" {2,8}\S", lines[at + 1]))
    return subjects >= 2 and subjects == len(heads)


def _is_debian(lines: list[str]) -> bool:
    return any(_DEBIAN_HEAD.match(line) for line in lines) and any(line.startswith((" -- ", "  * ", "  - ")) for line in lines)


def _is_gnu(lines: list[str]) -> bool:
    return any(_GNU_HEAD.match(line) or _GNU_HEAD_DATED.match(line) for line in lines) and any(
        re.match(r"^\s+[*-] ", line) for line in lines
    )


def _is_rpm(lines: list[str]) -> bool:
    return any(_RPM_HEAD.match(line) for line in lines)


def _is_git_log(lines: list[str]) -> bool:
    return any(_GIT_COMMIT.match(line) for line in lines) and any(line.startswith("Author: ") for line in lines)


_DIALECTS: tuple[tuple[str, Callable[[list[str]], bool], Callable[[list[str]], list[str]]], ...] = (
    ("debian", _is_debian, debian_lines),
    ("outline", _is_outline, outline_lines),
    ("gnu", _is_gnu, gnu_lines),
    ("rpm", _is_rpm, rpm_lines),
    ("git-log", _is_git_log, git_log_lines),
    ("git-oneline", _is_git_oneline, git_oneline_lines),
    ("git-shortlog", _is_shortlog, shortlog_lines),
)
