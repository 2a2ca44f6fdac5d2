"""What a group of entries is about, whatever the file calls it."""

from __future__ import annotations

import re
from functools import lru_cache

from declaim.documents.inline import EMOJI, SHORTCODE, plain
from declaim.model.source import GroupKind

_K = GroupKind
_NAMES: dict[GroupKind, str] = {
    _K.BREAKING: "breaking|breaking change|breaking changes|breaking api changes|backwards incompatible changes"
    "|backward incompatible changes"
    "|backwards-incompatible changes|incompatible changes|major changes|major|api breaks|migration|upgrade notes|upgrading"
    "|important notes",
    _K.SECURITY: "security|security fixes|security fix|vulnerabilities|vulnerability fixes|cve|cves|advisories",
    _K.ADDED: "added|add|adds|additions|new|new feature|new features|feature|features|feat|news|new additions|major features"
    "|minor changes|minor"
    "|new commands|new apis|new functionality|what's new|feature additions",
    _K.CHANGED: "changed|change|changes|improved|improvement|improvements|enhancement|enhancements|enhanced|updates|updated"
    "|update|refinements|polish|tweaks"
    "|behaviour changes|behavior changes|api changes|other changes|minor improvements|ui|ux|user interface|quality of life"
    "|usability",
    _K.DEPRECATED: "deprecated|deprecation|deprecations|deprecated features|deprecation warnings",
    _K.REMOVED: "removed|remove|removals|removal|dropped|deleted|removed features|reverted|reverts|revert",
    _K.FIXED: "fixed|fix|fixes|bug fix|bug fixes|bugfix|bugfixes|bugs|bugs fixed|fixed bugs|bug|bugs squashed|regression"
    "|regressions|regression fixes"
    "|hotfix|hotfixes|patches|patch changes|patch|resolved|resolved issues|fixed issues|stability|corrections|crash fixes",
    _K.PERFORMANCE: "performance|perf|performance improvements|performance improvement|speed|optimisations|optimizations"
    "|speedups|faster",
    _K.DOCUMENTATION: "documentation|docs|doc|documentation changes|documentation updates|documentation improvements|doc changes",
    _K.INTERNAL: "internal|internals|internal changes|chore|chores|miscellaneous chores|maintenance|housekeeping|refactor"
    "|refactoring|refactors|code refactoring"
    "|test|tests|testing|build|builds|build system|ci|ci/cd|continuous integration|continuous integrations|dependencies"
    "|dependency updates|dependency upgrades"
    "|deps|packaging|tooling|development|dev|developer|under the hood|infrastructure|infra|style|styles|code style"
    "|code quality|tasks|task|sub-tasks|subtasks|sub-task"
    "|technical|cleanup|cleanups|clean up|build & ci|ci & build",
    _K.OTHER: "other|others|misc|miscellaneous|notable changes|notable|highlights|commits|what's changed|whats changed"
    "|all changes|general|notes|known issues"
    "|changelog|full list of changes|semver-minor commits|semver-patch commits|uncategorized|uncategorised",
}
_KINDS = {name: kind for kind, names in _NAMES.items() for name in names.split("|")}
_KINDS["semver-major commits"] = _K.BREAKING
_GENERIC_NAMES = (
    "other|others|misc|miscellaneous|uncategorized|uncategorised|commits|what's changed|whats changed|changes|all changes"
    "|changelog|full list of changes|semver-minor commits|semver-patch commits"
)
_GENERIC = frozenset(_GENERIC_NAMES.split("|"))
_CREDITS = re.compile(
    r"^(?:new |our |first[- ]time |all )?(?:contributors?|credits?|thanks|thank you|acknowledge?ments|sponsors|committers"
    r"|authors|special thanks)\b"
    r"|\bcontributors$|^❤",
    re.IGNORECASE,
)
_FILES = re.compile(
    r"^(?:checksums?|sha-?(?:256|512)(?:sums?)?|md5(?:sums?)?|hash(?:es)?|assets?|downloads?|artifacts?|binaries|signatures?)$",
    re.IGNORECASE,
)
_KEYWORDS = (
    (_K.BREAKING, re.compile(r"\bbreak(?:ing|s)\b|incompatib", re.IGNORECASE)),
    (_K.SECURITY, re.compile(r"\bsecurity\b|\bvulnerabilit", re.IGNORECASE)),
    (_K.DEPRECATED, re.compile(r"\bdeprecat", re.IGNORECASE)),
    (_K.FIXED, re.compile(r"\bbug ?-?fix|\bbugs?\b|\bfix(?:es|ed)?\b|\bregressions?\b", re.IGNORECASE)),
    (_K.REMOVED, re.compile(r"\bremov(?:ed|als?)\b|\bdropped\b", re.IGNORECASE)),
    (_K.PERFORMANCE, re.compile(r"\bperformance\b|\boptimi[sz]ations?\b", re.IGNORECASE)),
    (_K.DOCUMENTATION, re.compile(r"\bdocumentation\b|\bdocs\b", re.IGNORECASE)),
    (_K.ADDED, re.compile(r"\bnew\b|\bfeatures?\b|\badded\b|\badditions\b", re.IGNORECASE)),
    (_K.INTERNAL, re.compile(r"\binternals?\b|\bdependenc|\btests?\b|\bchores?\b|\brefactor|\bCI\b|\bbuild\b", re.IGNORECASE)),
    (_K.CHANGED, re.compile(r"\bimprovements?\b|\benhancements?\b|\bchanges\b|\bchanged\b|\bupdates\b", re.IGNORECASE)),
)
_EMOJI_KINDS: dict[str, GroupKind] = {
    **dict.fromkeys("💥", _K.BREAKING),
    **dict.fromkeys("🔒🔐🛡", _K.SECURITY),
    **dict.fromkeys("✨🎉🆕🚀🌟⭐", _K.ADDED),
    **dict.fromkeys("🐛🐞🩹🚑🔨", _K.FIXED),
    **dict.fromkeys("⚡🐎🏎", _K.PERFORMANCE),
    **dict.fromkeys("📝📚📖", _K.DOCUMENTATION),
    **dict.fromkeys("🗑🔥❌", _K.REMOVED),
    **dict.fromkeys("♻🔧👷🧪✅📦⬆🏗🏠🧹🧰💚🎨", _K.INTERNAL),
    **dict.fromkeys("💄🔄💅📈", _K.CHANGED),
}
_SHORTCODE_KINDS: dict[str, GroupKind] = {
    ":boom:": _K.BREAKING,
    ":lock:": _K.SECURITY,
    ":closed_lock_with_key:": _K.SECURITY,
    ":sparkles:": _K.ADDED,
    ":tada:": _K.ADDED,
    ":rocket:": _K.ADDED,
    ":bug:": _K.FIXED,
    ":beetle:": _K.FIXED,
    ":ambulance:": _K.FIXED,
    ":adhesive_bandage:": _K.FIXED,
    ":zap:": _K.PERFORMANCE,
    ":racehorse:": _K.PERFORMANCE,
    ":memo:": _K.DOCUMENTATION,
    ":books:": _K.DOCUMENTATION,
    ":pencil:": _K.DOCUMENTATION,
    ":fire:": _K.REMOVED,
    ":wastebasket:": _K.DEPRECATED,
    ":recycle:": _K.INTERNAL,
    ":wrench:": _K.INTERNAL,
    ":house:": _K.INTERNAL,
    ":construction_worker:": _K.INTERNAL,
    ":white_check_mark:": _K.INTERNAL,
    ":arrow_up:": _K.INTERNAL,
    ":package:": _K.INTERNAL,
    ":nail_care:": _K.CHANGED,
    ":lipstick:": _K.CHANGED,
    ":art:": _K.INTERNAL,
}
_COUNTED = re.compile(r"\s*\((?:#\d{1,7}(?:,\s?#\d{1,7}){0,9}|\d{1,5} changes?)\)$")
COMMIT_TYPES: dict[str, GroupKind] = {
    **dict.fromkeys(("feat", "feature", "add", "added", "new"), _K.ADDED),
    **dict.fromkeys(("fix", "fixed", "bugfix", "hotfix", "bug", "regression"), _K.FIXED),
    **dict.fromkeys(("perf", "performance", "speed"), _K.PERFORMANCE),
    **dict.fromkeys(("docs", "doc", "documentation"), _K.DOCUMENTATION),
    **dict.fromkeys(
        ("refactor", "chore", "build", "ci", "test", "tests", "style", "deps", "dep", "internal", "release", "infra"), _K.INTERNAL
    ),
    **dict.fromkeys(("security", "sec"), _K.SECURITY),
    **dict.fromkeys(("remove", "removed", "revert"), _K.REMOVED),
    **dict.fromkeys(("deprecate", "deprecated"), _K.DEPRECATED),
    **dict.fromkeys(("breaking", "break"), _K.BREAKING),
    **dict.fromkeys(
        ("change", "changed", "improvement", "improve", "enhancement", "enh", "update", "ui", "ux", "i18n", "l10n"), _K.CHANGED
    ),
}
"""The types of Conventional Commits and their everyday cousins (``BUGFIX:``, ``[FIX]``)."""


def group_title(heading: str) -> str:
    """The file's own word without emoji, links' targets, numbering, a closing colon and a trailing reference."""
    title = plain(heading)
    title = _COUNTED.sub("", title)
    return title.strip().rstrip(":：").strip(" -–—*_[]")


def known_kind(heading: str) -> GroupKind | None:
    """The kind of a name that changelogs use for groups; None for any other heading."""
    key = _key(heading)
    return _KINDS.get(key) or _KINDS.get(re.sub(r"^(?:the|other|minor|major|general|misc\.?|new|all)\s+", "", key))


def kind_of(heading: str) -> GroupKind:
    """The best kind for a heading: by its name, by a word in it, by its emoji."""
    known = known_kind(heading)
    if known is not None:
        return known
    title = group_title(heading)
    if len(title.split()) <= 8:
        for kind, pattern in _KEYWORDS:
            if pattern.search(title):
                return kind
    return emoji_kind(heading) or GroupKind.OTHER


def emoji_kind(text: str) -> GroupKind | None:
    """The kind that an emoji or ``:shortcode:`` at the start stands for."""
    stripped = text.lstrip(" *_")
    shortcode = SHORTCODE.match(stripped)
    if shortcode is not None:
        return _SHORTCODE_KINDS.get(shortcode.group())
    match = EMOJI.match(stripped)
    return _EMOJI_KINDS.get(match.group()[0]) if match else None


def is_generic(heading: str) -> bool:
    """Whether a name says nothing of its entries ("What's Changed", "Commits")."""
    return not heading or _key(heading) in _GENERIC


def left_out_reason(heading: str) -> str:
    """Why a group is not spoken, empty for one that is."""
    title = group_title(heading)
    if _CREDITS.search(title) or (heading.lstrip().startswith("❤") and not known_kind(heading)):
        return "credit"
    return "checksum or download" if _FILES.match(title) else ""


@lru_cache(maxsize=4096)
def _key(heading: str) -> str:
    words = " ".join(group_title(heading).lower().replace("’", "'").replace(" and ", " & ").split()).rstrip("!.")
    # RDoc histories count: "2 bug fixes".
    return re.sub(r"^\d{1,3} ", "", words)
