"""Release headings: the version, date and state that a heading, a bold line or an underlined title names."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import IntEnum

from declaim.documents.dates import compact_date, find_date, find_month
from declaim.documents.inline import HTML_TAG, LINK, plain

_PRE = r"(?:alpha|beta|preview|prerelease|pre|rc|dev|snapshot|canary|nightly|next|milestone|insiders?|experimental|a|b|c|m)"
_POST = r"(?:post|patch|hotfix|final|release|ga|lts|sp|p|r)"
NUMBER = (
    r"\d{1,8}(?:\.\d{1,8}){1,5}"
    rf"(?:[-._]?(?:{_PRE}|{_POST})(?![a-z])(?:[-.]?\d{{1,8}}(?:\.\d{{1,8}}){{0,3}})?){{0,3}}"
    r"(?:[-+~][0-9A-Za-z][0-9A-Za-z.+~-]{0,60})?"
    r"(?:[a-z](?![a-z0-9]))?"
)
_VERSION = re.compile(rf"(?<![\w.])(?:v(?:er(?:sion)?)?\.?\s?)?(?P<number>{NUMBER})(?![\w%]|\.\d)", re.IGNORECASE)
_SINGLE = re.compile(
    r"(?<![\w.])(?:v\.?\s?|(?:version|release|changes with)\s+v?)(?P<number>\d{1,8}(?:-?(?:alpha|beta|rc|pre)[-.]?\d{0,4})?)"
    r"(?![\w%]|\.\d)",
    re.IGNORECASE,
)
_TAGGED = re.compile(rf"(?P<name>@?[A-Za-z][\w./-]{{0,80}}?)[@/=-]v?(?P<number>{NUMBER})(?![\w%])", re.IGNORECASE)
_WORDED_PRERELEASE = re.compile(r"\s+(alpha|beta|rc|release candidate|preview)\s?(\d{1,4})?(?![\w.])", re.IGNORECASE)
_PRERELEASE = re.compile(rf"\d[-._]?{_PRE}(?![a-z])|^\d+(?:\.\d+)*-(?=[A-Za-z])(?!{_POST}(?![a-z]))", re.IGNORECASE)
_UNRELEASED = re.compile(
    r"\b(?:un-?released|not\s+(?:yet\s+)?released(?:\s+yet)?|to\s+be\s+released|in\s+(?:development|progress)"
    r"|under\s+development|tbd|tba|wip|upcoming"
    r"|next\s+(?:release|version)|development\s+version)\b"
    r"|\bxx?[ ./-]xxx?[ ./-]xx(?:xx)?\b"
    r"|\b(?:\d{4}|20xx)-(?:xx|\?\?)-(?:xx|\?\?)",
    re.IGNORECASE,
)
_UNRELEASED_ALONE = frozenset(
    {"next", "head", "main", "master", "develop", "dev", "trunk", "pending", "current", "future", "latest changes"}
)
# "Changes between 1.1 and 1.2", "1.2; changes since 1.1": what came before is no part of the name.
_BEFORE = re.compile(
    rf"[;,(]?\s*(?:\b(?:summary of )?(?:major |user-visible )?(?:changes|differences|updates)\s+)?\b(?:since|from|between)\s+"
    rf"(?:the\s+)?(?:version\s+|release\s+|[A-Za-z][\w+-]{{0,20}}\s+)?v?{NUMBER}\)?(?:\s*(?:and|to|through|until|->|→)\s+(?=\S*\d))?",
    re.IGNORECASE,
)
_GUIDE = re.compile(
    r"(?:how to |migrat|upgrad|updat|port(?:ing)? |mov(?:e|ing) |install|build|support|requir|depend)", re.IGNORECASE
)
_YANKED = re.compile(r"\byanked\b", re.IGNORECASE)
_PRERELEASE_WORD = re.compile(r"\bpre-?release\b", re.IGNORECASE)
_BRACKETS = re.compile(r"\[([^\[\]]{1,200})\]")
_HANDLE = re.compile(r"(?<!\w)@[A-Za-z0-9][\w-]{0,40}(?!/)")
_FILLER = re.compile(
    r"\b(?:release notes(?: (?:for|of))?|news for|versions?|releases?|released|on|of|the|date|tag|lts|current|maintenance|stable"
    r"|latest|final|pre-?release|security|hotfix|patch|major|minor"
    r"|what'?s new in|what’s new in|new in|changes (?:in|with|for)|changelog (?:for|of)"
    r"|changes|changed|changelog|overview|revision"
    r"|noteworthy|announcing|yanked|january|february|march|april|may|june|july|august|september|october|november|december|utc|gmt)\b",
    re.IGNORECASE,
)
_EDGES = " \t-–—:;,.?!/()[]{}|•·~*_#=>\"'“”"
_SEPARATED = re.compile(r"^\s*(?:[-–—:|•·,(\"“/]|\s-\s)")
_MAX_HEADING = 300


class Strength(IntEnum):
    """How surely a heading names a release."""

    WEAK = 1
    """A version among other words ("3.11 support")."""
    DATED = 2
    """A date and nothing else."""
    TITLED = 3
    """A version with a name before it or a title set off behind it."""
    STRONG = 4
    """A version and nothing else but a date, a state, a link."""


@dataclass(frozen=True)
class ReleaseHead:
    """What a heading says. ``name`` stands before the version (a product), ``subtitle`` behind it."""

    strength: Strength
    version: str = ""
    date: dt.date | None = None
    unreleased: bool = False
    yanked: bool = False
    prerelease: bool = False
    url: str = ""
    name: str = ""
    subtitle: str = ""
    title: str = ""


def parse_release_head(heading: str, links: dict[str, str] | None = None) -> ReleaseHead | None:
    """The release a heading names, or None. ``links`` resolve ``[1.2.0]`` to the addresses of its definition."""
    if not heading or len(heading) > _MAX_HEADING:
        return None
    title = _BRACKETS.sub(r"\1", plain(heading))
    if not any(char.isdigit() for char in title):
        return _unversioned(title, heading)
    yanked, unreleased = bool(_YANKED.search(title)), bool(_UNRELEASED.search(title))
    rest = _BEFORE.sub(" ", _HANDLE.sub(" ", _UNRELEASED.sub(" ", title)))
    date, rest = _take_date(rest)
    found = _find_version(rest)
    if found is None:
        return _dated(title, date, rest, unreleased)
    version, before, after = found
    month = find_month(after) if date is None else None
    if month is not None:
        after = after[: month[0]] + after[month[1] :]
    strength = _strength(version, before, after, date is not None or unreleased, rest)
    if before.strip() and (_GUIDE.match(before.strip()) or heading.rstrip().endswith(".")):
        strength = Strength.WEAK
    return ReleaseHead(
        strength,
        version,
        date,
        unreleased,
        yanked,
        is_prerelease(version) or bool(_PRERELEASE_WORD.search(title)),
        _address(heading, version, links or {}),
        _words(before),
        _words(after, keep_filler=True),
        title,
    )


def says_unreleased(text: str) -> bool:
    """Whether a short text says nothing but that something is not released."""
    matched = _UNRELEASED.search(text) if len(text) < 60 else None
    return matched is not None and not _words(_UNRELEASED.sub(" ", text))


def is_prerelease(version: str) -> bool:
    """Whether a version is an alpha, a beta, a release candidate or the like."""
    return bool(_PRERELEASE.search(version))


def same_version(one: str, other: str) -> bool:
    """Whether two versions are the same but for a leading ``v``, case and build metadata."""
    return _bare(one) == _bare(other) != ""


def version_key(version: str) -> tuple[tuple[int, ...], int, tuple[tuple[int, str], ...]]:
    """A key that sorts versions: numbers, then prereleases before their release."""
    bare = _bare(version)
    match = re.match(r"\d{1,8}(?:\.\d{1,8}){0,8}", bare)
    numbers = tuple(int(part) for part in match.group().split(".")) if match else ()
    while numbers and numbers[-1] == 0:
        numbers = numbers[:-1]
    tail = bare[match.end() :] if match else bare
    parts = tuple((int(part), "") if part.isdecimal() else (-1, part) for part in re.findall(r"\d{1,8}|[a-z]+", tail))
    return numbers, 0 if is_prerelease(bare) else 1, parts


def _bare(version: str) -> str:
    lowered = version.strip().lower().split("+", 1)[0]
    return re.sub(r"^(?:version\s+|release\s+)?v?\.?\s*(?=\d)", "", lowered)


def _unversioned(title: str, heading: str) -> ReleaseHead | None:
    bare = title.strip(_EDGES).lower()
    matched = _UNRELEASED.match(bare)
    if bare in _UNRELEASED_ALONE or (matched and len(_words(_UNRELEASED.sub(" ", bare)).split()) == 0):
        # "Next" alone may be a chapter's title: only the bracketed or explicit words are sure.
        sure = matched is not None or heading.strip().startswith("[")
        return ReleaseHead(Strength.STRONG if sure else Strength.WEAK, unreleased=True, title=title)
    return None


def _take_date(text: str) -> tuple[dt.date | None, str]:
    found = find_date(text)
    if found is None:
        return None, text
    date, start, end = found
    if _VERSION.fullmatch(text[start:end].strip()) and _find_version(text[:start] + text[end:]) is None:
        return None, text
    return date, f"{text[:start]} \x00 {text[end:]}"


def _find_version(text: str) -> tuple[str, str, str] | None:
    match = _VERSION.search(text) or _TAGGED.search(text) or _SINGLE.search(text)
    if match is None:
        return None
    before = text[: match.start()] + (match.groupdict().get("name") or "")
    after = text[match.end() :]
    worded = _WORDED_PRERELEASE.match(after)
    if worded is None:
        return match.group("number"), before, after
    # "3.12.0 release candidate 3" is written 3.12.0-rc.3 elsewhere.
    word = "rc" if worded.group(1).lower() == "release candidate" else worded.group(1).lower()
    number = f".{worded.group(2)}" if worded.group(2) else ""
    return f"{match.group('number')}-{word}{number}", before, after[worded.end() :]


def _dated(title: str, date: dt.date | None, rest: str, unreleased: bool) -> ReleaseHead | None:
    if unreleased and not _words(rest):
        return ReleaseHead(Strength.STRONG, unreleased=True, date=date, title=title)
    month = find_month(rest) if date is None else None
    if month is not None:
        rest = rest[: month[0]] + rest[month[1] :]
    if date is None and month is None:
        compact = compact_date(_words(rest))
        # Releases that are named by their day ("20260115").
        return ReleaseHead(Strength.STRONG, _words(rest), compact, title=title) if compact else None
    if _words(rest):
        return None
    return ReleaseHead(Strength.DATED, date=date, title=title)


def _strength(version: str, before: str, after: str, has_date: bool, rest: str) -> Strength:
    name, subtitle = _words(before), _words(after)
    if not name and not subtitle:
        return Strength.STRONG
    if len(name.split()) > 5:
        return Strength.WEAK
    if not subtitle:
        return Strength.TITLED
    marked = bool(re.search(rf"\bv\.?\s?{re.escape(version)}|\b(?:version|release)\s+{re.escape(version)}", rest, re.IGNORECASE))
    if not name and (_SEPARATED.match(after) or has_date or marked):
        return Strength.TITLED
    return Strength.TITLED if has_date and len(subtitle) < 80 else Strength.WEAK


def _words(text: str, *, keep_filler: bool = False) -> str:
    text = text.replace("\x00", " ")
    if not keep_filler:
        text = _FILLER.sub(" ", text)
    text = re.sub(r"\(\s*\)|\[\s*\]", " ", text)
    return " ".join(text.split()).strip(_EDGES)


def _address(heading: str, version: str, links: dict[str, str]) -> str:
    for match in LINK.finditer(HTML_TAG.sub("", heading)):
        address = match.group(2) or match.group(3)
        if address and version in match.group(1):
            return address
    for label in (version, f"v{version}"):
        address = links.get(label.upper()) or links.get(label)
        if address:
            return address
    return ""
