"""Release objects of GitHub's API (one, a list, or ``{"releases": []}``) -> Markdown."""

from __future__ import annotations

import json
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from typing import Any

from declaim.documents.dates import find_date
from declaim.documents.versions import parse_release_head
from declaim.errors import InputError
from declaim.model.source import SourceLines

_CURE = "Save it from https://api.github.com/repos/OWNER/REPOSITORY/releases, or import the changelog itself."
_TAG, _NOTES = ("tag_name", "tagName"), ("body", "description")
_TEXTS = re.compile(r'"(tag_name|tagName|body|description)"\s*+:\s*+("(?:[^"\\]++|\\.)*+")')
_HEADING = re.compile(r"^(#{1,5})(?=\s)")
_FENCE = re.compile(r"^\s{0,3}(```|~~~)")
_REPOSITORY = re.compile(r"(?:github\.com|api\.github\.com/repos)/(?P<owner>[\w.-]{1,60})/(?P<name>[\w.-]{1,100})/releases")


def releases_to_markdown(text: str) -> tuple[str, tuple[SourceLines, ...]]:
    """The Markdown of release objects: a heading of level 2 for each, with its notes one level below. And of each line of it
    the line of ``text`` where it stands: notes of many lines stand in one, as JSON breaks no line inside of a text.

    Raises:
        InputError: for text that is not JSON, or JSON without releases.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"The file is not JSON: {_where(error)}.", cure=_CURE) from error
    listed = _listed(found)
    releases = [release for release in listed if not release.get("draft") or _field(release, "body")]
    if not releases:
        raise InputError("The JSON holds no releases: Declaim reads GitHub's release objects.", cure=_CURE)
    name = next((match.group("name") for release in releases if (match := _REPOSITORY.search(_address(release)))), "")
    places = _places(listed, text)
    made = [placed for release in releases for placed in _release_lines(release, *places[id(release)])]
    if name:
        made = [(f"# {name} releases", made[0][1]), ("", made[0][1]), *made]
    return "\n".join(line for line, _ in made) + "\n", tuple((place, place) for _, place in made)


def _places(releases: Iterable[Mapping[str, Any]], text: str) -> dict[int, tuple[int, int]]:
    """By the identity of a release, the lines of its name and of its notes. A parser tells no lines: a text is found by what it
    says, and where several say the same, they stand in the order of their releases."""
    lines: dict[tuple[str, str], deque[int]] = defaultdict(deque)
    at, line = 0, 1
    for match in _TEXTS.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        lines[match.group(1), json.loads(match.group(2))].append(line)

    def line_of(release: Mapping[str, Any], names: tuple[str, ...]) -> int:
        found = (lines.get((name, value)) for name in names if isinstance(value := release.get(name), str) and value.strip())
        return next((waiting.popleft() for waiting in found if waiting), 0)

    known: dict[int, tuple[int, int]] = {}
    for release in releases:
        head, notes = line_of(release, _TAG), line_of(release, _NOTES)
        known[id(release)] = (head or notes or 1, notes or head or 1)
    return known


def _where(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} in line {error.lineno}, column {error.colno}"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


def _listed(found: Any) -> list[Mapping[str, Any]]:
    if isinstance(found, Mapping):
        inner = found.get("releases")
        found = inner if isinstance(inner, list) else [found]
    if not isinstance(found, list):
        return []
    return [release for release in found if isinstance(release, Mapping) and _is_release(release)]


def _is_release(release: Mapping[str, Any]) -> bool:
    return any(isinstance(release.get(key), str) for key in ("tag_name", "tagName")) or (
        isinstance(release.get("body"), str) and isinstance(release.get("name"), str)
    )


def _field(release: Mapping[str, Any], *names: str) -> str:
    return next((value.strip() for name in names if isinstance(value := release.get(name), str) and value.strip()), "")


def _address(release: Mapping[str, Any]) -> str:
    return _field(release, "html_url", "url")


def _release_lines(release: Mapping[str, Any], head: int, notes: int) -> list[tuple[str, int]]:
    """With the lines that its name and its notes stand in."""
    return [(_heading(release), head), ("", head), *((line, notes) for line in (*_demoted(_field(release, *_NOTES)), ""))]


def _heading(release: Mapping[str, Any]) -> str:
    """``## [1.2.0](address) - date (prerelease): name``, as the changelog reader knows it."""
    tag, name = _one_line(_field(release, *_TAG)), _one_line(_field(release, "name"))
    tagged = parse_release_head(tag) if tag else None
    named = parse_release_head(name) if name else None
    version = (tagged.version if tagged else "") or (named.version if named else "") or tag or name
    address = _address(release)
    link = f"[{version}]({address})" if address.startswith("https://") and not re.search(r"[\s()<>]", address) else version
    date = find_date(_field(release, "published_at", "publishedAt", "created_at", "createdAt"))
    state = " (unreleased)" if release.get("draft") else " (prerelease)" if release.get("prerelease") is True else ""
    words = name if name and version not in name and name != tag else (named.subtitle if named else "")
    return f"## {link}" + (f" - {date[0].isoformat()}" if date else "") + state + (f" - {words}" if words else "")


def _one_line(text: str) -> str:
    return " ".join(text.replace("[", "(").replace("]", ")").split())[:200]


def _demoted(body: str) -> list[str]:
    """The notes with their headings below the release's own."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    levels = [len(match.group(1)) for line in lines if (match := _HEADING.match(line))]
    shift = max(0, 3 - min(levels, default=3))
    made, fence = [], ""
    for line in lines:
        mark = _FENCE.match(line)
        if mark and (not fence or mark.group(1) == fence):
            fence = "" if fence else mark.group(1)
        match = _HEADING.match(line) if not fence else None
        made.append("#" * min(6, len(match.group(1)) + shift) + line[match.end() :] if match else line)
    return made
