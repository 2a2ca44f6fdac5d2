"""The title of a file and the product it is about, from what the file itself says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePath

from declaim.documents.inline import plain
from declaim.documents.nodes import Node
from declaim.documents.versions import NUMBER
from declaim.model.source import BlockKind, Release

_LOG = (
    r"(?:change[ -]?logs?|changes|release[ -]notes?|release[ -]history|version history|revision history|releases|history"
    r"|what'?s new|news"
    # The headings that translated changelogs have (keepachangelog.com lists them): words for a log, not names of products.
    r"|änderungsprotokoll|journal des modifications|registro de cambios|historial de cambios|registro das alterações|wijzigingen"
    r"|журнал изменений|更新日志|更新日誌|変更履歴|변경 로그|יומן שינויים|سجل التغييرات)"
)
_CHANGELOG_TITLE = re.compile(rf"^(?:the\s+)?(?:full\s+)?{_LOG}$", re.IGNORECASE)
_NAME_BEFORE = re.compile(rf"^(?P<name>.{{1,60}}?)(?:['’]s)?\s*[-–—:|]?\s+{_LOG}$", re.IGNORECASE)
_NAME_BEHIND = re.compile(rf"^{_LOG}\s*(?:[-–—:|]|for|of|in|to)\s+(?:the\s+)?(?P<name>.{{1,60}})$", re.IGNORECASE)
_LOG_WORD = re.compile(rf"\b{_LOG}\b", re.IGNORECASE)
_FILE_NAME = re.compile(
    r"^(?:change[-_ ]?log|changes|history|news|release[-_ ]?notes?|releases|what'?s[-_ ]?new)(?:$|[-_. ])"
    r"|[-_. ](?:change[-_ ]?log|release[-_ ]?notes?)$",
    re.IGNORECASE,
)
_REPOSITORY = re.compile(r"https?://[\w.-]{1,80}/[\w.-]{1,60}/(?P<name>[\w.-]{1,100})/compare/")
_VERSION = re.compile(rf"\s*\bv?{NUMBER}\b|\s+v?\d{{1,3}}$", re.IGNORECASE)
_IN = r"(?:what'?s new in|new in|(?:noteworthy )?changes (?:in|with|for)|release notes(?: for)?)"
_OPENING = re.compile(rf"^(?:release|version|revision|announcing|{_IN})\b", re.IGNORECASE)
_CLOSING = re.compile(rf"\b(?:v|version|release|released|{_IN})\s*$", re.IGNORECASE)
_ARTICLES = frozenset(
    {
        "our",
        "all",
        "notable",
        "recent",
        "the",
        "project",
        "full",
        "summary",
        "list",
        "summary of",
        "this project",
        "latest",
        "master",
        "version",
        "release",
        "revision",
        "change",
    }
)


def is_changelog_title(title: str) -> bool:
    """Whether a heading calls a file a changelog ("Changelog", "MyApp Changes", "Release notes for MyApp")."""
    return len(title) < 120 and bool(_CHANGELOG_TITLE.match(title) or _NAME_BEFORE.match(title) or _NAME_BEHIND.match(title))


def is_changelog_name(origin: str) -> bool:
    """Whether a file is named like a changelog (``CHANGELOG.md``, ``NEWS``, ``release-notes-2.0.md``)."""
    name = PurePath(origin.replace("\\", "/")).name
    stem = re.sub(r"(?:\.(?:md|markdown|txt|rst|html?|docx|pdf|epub|json|adoc|in))+$", "", name, flags=re.IGNORECASE)
    return bool(_FILE_NAME.search(stem))


def title_of(nodes: list[Node], heads: set[int], front_matter: dict[str, str], origin: str) -> str:
    """Front matter, else the first heading of the highest level unless it is a release's, else the file's name."""
    if front_matter.get("title"):
        return plain(front_matter["title"])
    heading = first_heading(nodes, heads)
    if heading and not _is_section(nodes):
        return heading
    path = PurePath(origin.replace("\\", "/"))
    if path.stem.lower() in ("readme", "index") and path.parent.name:
        return path.parent.name
    return heading or (path.stem if origin else "")


def _is_section(nodes: list[Node]) -> bool:
    """Whether the first heading stands below text and among its like, so that it is no title."""
    at = next((index for index, node in enumerate(nodes[:50]) if node.kind is BlockKind.HEADING), 0)
    level = nodes[at].level if nodes else 1
    return at > 0 and level > 1 and sum(node.kind is BlockKind.HEADING and node.level == level for node in nodes) > 1


def first_heading(nodes: list[Node], heads: set[int]) -> str:
    """The words of the heading that a file begins with; empty where text or a release comes first."""
    for index, node in enumerate(nodes[:50]):
        if index in heads:
            return ""
        if node.kind is BlockKind.HEADING and node.level <= 2:
            return plain(node.text)
        if index == 0 and node.kind is BlockKind.PARAGRAPH and len(node.text) < 120:
            words = plain(re.sub(r"-\*-.{0,60}-\*-", "", node.text))
            if is_changelog_title(words):
                return words
    return ""


def product_of(title: str, front_matter: dict[str, str], releases: tuple[Release, ...]) -> str:
    """The product's name in the front matter, the title, or before every version; empty where the file does not say."""
    for key in ("product", "product_name", "project", "package", "app"):
        if front_matter.get(key):
            return plain(front_matter[key])
    match = _NAME_BEHIND.match(title) or _NAME_BEFORE.match(title)
    if match:
        name = _VERSION.sub("", match.group("name")).split(" - ")[0]
        name = re.sub(rf"^{_IN}\s+", "", name, flags=re.IGNORECASE).strip(" -–—:|.'\"%")
        if name and name.lower() not in _ARTICLES and not _LOG_WORD.fullmatch(name):
            return name
    return _common_name(releases)


def repository_of(texts: Iterable[str]) -> str:
    """The repository's name in the first address of a compare link."""
    return next((match.group("name") for text in texts if (match := _REPOSITORY.search(text))), "")


def product_heading(nodes: list[Node], heads: set[int]) -> str:
    """The first heading of a changelog where it is a name and not a word for changelogs ("# @scope/parts")."""
    first = nodes[0] if nodes and 0 not in heads else None
    if first is None or first.kind is not BlockKind.HEADING or first.level != 1:
        return ""
    words = plain(first.text)
    is_name = (
        len(words) <= 40 and len(words.split()) <= 3 and not _LOG_WORD.search(words) and any(char.isalpha() for char in words)
    )
    return re.sub(r"^@[\w.-]{1,60}/", "", words) if is_name else ""


def _common_name(releases: tuple[Release, ...]) -> str:
    """The word before the version, where nearly every release's heading has the same."""
    names = Counter(_name_before_version(release) for release in releases if release.version)
    only, count = names.most_common(1)[0] if names else ("", 0)
    return only if 1 < len(only) <= 40 and count * 10 >= names.total() * 9 else ""


def _name_before_version(release: Release) -> str:
    before = release.title[: max(0, release.title.find(release.version))].strip(" ([-–—:")
    before = re.sub(r"^(?:news for|overview of changes in)\s+(?:the\s+)?", "", before, flags=re.IGNORECASE)
    before = _OPENING.sub("", _CLOSING.sub("", before)).strip(" ([-–—:,@/")
    return "" if any(char.isdigit() for char in before) or _LOG_WORD.fullmatch(before) else before
