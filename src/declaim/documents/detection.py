"""Changelog or document? A score of what a file shows, and the name of its dialect."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from declaim.documents.entries import read_entry
from declaim.documents.groups import known_kind
from declaim.documents.inline import plain
from declaim.documents.markdown import item_lead
from declaim.documents.naming import first_heading, is_changelog_name, is_changelog_title
from declaim.documents.nodes import Node, Tree
from declaim.documents.versions import ReleaseHead, Strength, version_key
from declaim.model.source import BlockKind, SourceType

THRESHOLD = 4
_PLAIN_DIALECTS = frozenset({"debian", "gnu", "rpm", "git-log", "git-oneline", "git-shortlog"})
_KEEP_A_CHANGELOG = frozenset({"added", "changed", "deprecated", "removed", "fixed", "security"})


@dataclass(frozen=True)
class Evidence:
    """What speaks for a changelog; each finding has its points."""

    points: tuple[tuple[str, int], ...]

    @property
    def score(self) -> int:
        return sum(points for _finding, points in self.points)

    @property
    def source_type(self) -> SourceType:
        return SourceType.CHANGELOG if self.score >= THRESHOLD else SourceType.DOCUMENT


def weigh(tree: Tree, heads: dict[int, ReleaseHead], *, origin: str, title: str, dialect: str) -> Evidence:
    """What in a parsed text speaks for and against a changelog."""
    points: list[tuple[str, int]] = []
    headings = [plain(node.text).lower() for node in tree.nodes if node.kind is BlockKind.HEADING]
    if dialect in _PLAIN_DIALECTS:
        points.append((f"the form of a {dialect} changelog", 6))
    if dialect == "releases-json":
        points.append(("release objects", 10))
    if is_changelog_name(origin):
        points.append(("the file's name", 4))
    if is_changelog_title(title) or is_changelog_title(first_heading(tree.nodes, set())):
        points.append(("the title", 3))
    points.extend(_release_points(tree, heads, len(headings)))
    if any("what's changed" in heading or "what’s changed" in heading for heading in headings):
        points.append(("What's Changed", 4))
    groups = sum(known_kind(heading) is not None for heading in headings)
    if groups:
        points.append(("groups of changes", 3 if groups >= 2 and heads else 2 if groups >= 2 or heads else 1))
    if heads and not is_changelog_name(origin) and min(heads) * 2 > len(tree.nodes):
        points.append(("releases only in the second half, as of a read-me", -4))
    if _is_commit_list(tree.nodes):
        points.append(("commit messages", 4))
    return Evidence(tuple(points))


def _release_points(tree: Tree, heads: dict[int, ReleaseHead], heading_count: int) -> list[tuple[str, int]]:
    strong = [head for head in heads.values() if head.strength is Strength.STRONG]
    points: list[tuple[str, int]] = []
    if strong:
        points.append(("release headings", 2 if len(strong) == 1 else 4))
    elif len(heads) >= 2:
        points.append(("headings with versions or dates", 1))
    if any(head.unreleased for head in strong):
        points.append(("an Unreleased heading", 2))
    if any(head.version and head.date for head in heads.values()):
        points.append(("versions with dates", 2))
    if any(head.strength is Strength.TITLED for head in heads.values()) and not strong and heading_count:
        points.append(("versions in headings", 1))
    if _counts_up(heads):
        points.append(("numbers that count up, as of chapters", -5))
    return points


def _counts_up(heads: dict[int, ReleaseHead]) -> bool:
    """Numbered chapters ("1.1", "1.2") look like versions; changelogs mostly count down or have dates."""
    if any(head.date or head.unreleased for head in heads.values()):
        return False
    keys = [version_key(head.version) for head in heads.values() if head.version]
    rising = sum(one < other for one, other in pairwise(keys))
    return len(keys) >= 2 and rising * 2 > len(keys) - 1


def _is_commit_list(nodes: list[Node]) -> bool:
    items = [lead for node in nodes[:400] if node.kind is BlockKind.LIST_ITEM and (lead := item_lead(node)) is not None]
    found = [read_entry(lead.text[:500]) for lead in items[:100]]
    telling = sum(1 for entry in found if entry.kind is not None or entry.commit)
    return telling >= 3 and telling >= len(found) * 0.6


def name_dialect(tree: Tree, heads: dict[int, ReleaseHead], known: str) -> str:
    """The dialect of a changelog, for showing; ``known`` is what the format or the plain text has already told."""
    if known:
        return known
    headings = [plain(node.text) for node in tree.nodes if node.kind is BlockKind.HEADING]
    lowered = {heading.lower() for heading in headings}
    if any(", version " in heading.lower() and "@" in heading for heading in headings):
        return "node"
    if "what's changed" in lowered:
        return "github"
    if any(head.date and head.url for head in heads.values()) and not any(head.unreleased for head in heads.values()):
        return "conventional"
    if len(lowered & _KEEP_A_CHANGELOG) >= 2 or any(head.unreleased for head in heads.values()):
        return "keep-a-changelog"
    if not heads:
        return "commits" if _is_commit_list(tree.nodes) else "bullets"
    return "headings" if any(known_kind(heading) is not None for heading in headings) else "bullets"
