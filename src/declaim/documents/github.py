"""Release objects of GitHub's API (one, a list, or ``{"releases": []}``) -> Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from declaim.documents.dates import find_date
from declaim.documents.versions import parse_release_head
from declaim.errors import InputError

_CURE = "Save it from https://api.github.com/repos/OWNER/REPOSITORY/releases, or import the changelog itself."
_HEADING = re.compile(r"^(#{1,5})(?=\s)")
_FENCE = re.compile(r"^\s{0,3}(```|~~~)")
_REPOSITORY = re.compile(r"(?:github\.com|api\.github\.com/repos)/(?P<owner>[\w.-]{1,60})/(?P<name>[\w.-]{1,100})/releases")


def releases_to_markdown(text: str) -> str:
    """The Markdown of release objects: a heading of level 1 for each, with its notes one level below.

    Raises:
        InputError: for text that is not JSON, or JSON without releases.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"The file is not JSON: {_where(error)}.", cure=_CURE) from error
    releases = [release for release in _listed(found) if not release.get("draft") or _field(release, "body")]
    if not releases:
        raise InputError("The JSON holds no releases: Declaim reads GitHub's release objects.", cure=_CURE)
    name = next((match.group("name") for release in releases if (match := _REPOSITORY.search(_address(release)))), "")
    title = [f"# {name} releases", ""] if name else []
    return "\n".join([*title, *(line for release in releases for line in _release_lines(release))]) + "\n"


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


def _release_lines(release: Mapping[str, Any]) -> list[str]:
    return [_heading(release), "", *_demoted(_field(release, "body", "description")), ""]


def _heading(release: Mapping[str, Any]) -> str:
    """``## [1.2.0](address) - date (prerelease): name``, as the changelog reader knows it."""
    tag, name = _one_line(_field(release, "tag_name", "tagName")), _one_line(_field(release, "name"))
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
