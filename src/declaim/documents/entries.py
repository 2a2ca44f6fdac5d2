"""One bullet's text -> what it says: scope, kind, breaking or not, credits."""

from __future__ import annotations

import re
from dataclasses import dataclass

from declaim.documents.credits import take_credits
from declaim.documents.groups import COMMIT_TYPES, emoji_kind
from declaim.documents.inline import EMOJI, SHORTCODE
from declaim.model.source import GroupKind

_TASK_BOX = re.compile(r"^\[[ xX]\]\s+")
_CONVENTIONAL = re.compile(
    r"^(?:\*\*)?(?P<type>[A-Za-z][A-Za-z0-9]{1,14})(?:\((?P<scope>[^()]{1,60})\))?(?P<bang>!)?:(?:\*\*)?\s+(?=\S)"
)
_TAGGED = re.compile(r"^(?:\*\*)?[\[(](?P<type>[A-Za-z][A-Za-z ]{1,18})[\])](?:\*\*)?:?\s+(?=\S)")
_BOLD_TYPE = re.compile(r"^\*\*(?P<type>[A-Za-z]{2,14})\*\*:\s+(?=\S)")
_BREAKING = re.compile(
    r"^(?:\*\*|__)?[\[(]?(?:💥\s*)?BREAKING(?:[ -]CHANGES?)?[\])]?(?::?(?:\*\*|__):?|:|\s*[-–—](?=\s)|(?<=[\])]))\s*(?=\S)",
    re.IGNORECASE,
)
_BREAKING_INSIDE = re.compile(
    r"\s*(?:\[\*\*breaking\*\*\]|\(\*\*breaking\*\*\)|\*\(breaking\)\*|\[breaking\]|\(breaking\)|\*\*\[breaking\]\*\*)",
    re.IGNORECASE,
)
_SEMVER = re.compile(r"\*{0,2}\(SEMVER-(MAJOR|MINOR|PATCH)\)\*{0,2}\s*")
_BOLD_SCOPE = re.compile(r"^(?:\*\*|__)(?P<scope>[^*_\n]{1,40}?)(?::(?:\*\*|__)|(?:\*\*|__):)\s+(?=\S)")
_ITALIC_SCOPE = re.compile(r"^\*\((?P<scope>[^()*]{1,40})\)\*\s+(?=\S)")
_CODE_SCOPE = re.compile(r"^\*\*`(?P<scope>[^`]{1,40})`(?::\*\*|\*\*:)\s+(?=\S)")
_NO_SCOPE = frozenset(
    (
        "note",
        "notes",
        "warning",
        "tip",
        "important",
        "caution",
        "attention",
        "example",
        "todo",
        "ps",
        "p.s.",
        "new",
        "why",
        "what",
        "how",
    )
)
_ADVISORY = re.compile(r"^\*\*\((?P<id>CVE-\d{4}-\d{3,9})\)\*\*\s+(?=\S)")
_GNU_FILES = re.compile(r"^(?P<files>[^\s:()][^:\n]{0,300}?):\s+(?=\S)")
_FOOTER = re.compile(r"^(?:\*\*)?BREAKING[ -]CHANGES?(?:\*\*)?:(?:\*\*)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class EntryText:
    """``kind`` is what the entry itself says it is ("fix:", "🐛", "[NEW]"); None where it does not."""

    text: str
    scope: str = ""
    kind: GroupKind | None = None
    breaking: bool = False
    references: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    commit: str = ""


def read_entry(raw: str, *, gnu: bool = False) -> EntryText:
    """The parts of an entry's first paragraph, already without its bullet."""
    found = take_credits(_TASK_BOX.sub("", raw))
    advisory = _ADVISORY.match(found.text)
    if advisory:
        found.text = f"{found.text[advisory.end() :]} ({advisory['id']})"
    text, breaking, kind = _take_marks(found.text)
    text, scope, head_kind, bang = _take_head(text)
    if not scope and gnu:
        text, scope = _take_files(text)
    if not breaking:
        text, breaking = _take_breaking(text)
    return EntryText(
        text,
        scope,
        head_kind or kind,
        breaking or bang,
        tuple(found.references),
        tuple(found.authors),
        found.commit,
    )


def take_footer(paragraph: str) -> tuple[str, bool]:
    """A continuation paragraph without a "BREAKING CHANGE:" head, and whether it had one."""
    match = _FOOTER.match(paragraph)
    return (paragraph[match.end() :], True) if match else (paragraph, False)


def _take_marks(text: str) -> tuple[str, bool, GroupKind | None]:
    """Emoji at the start, "BREAKING:" before and SEMVER marks inside."""
    kind: GroupKind | None = None
    if not text.isascii() or text.startswith(":"):
        kind = emoji_kind(text)
        text = _without_leading_emoji(text)
    text, breaking = _take_breaking(text)
    if "SEMVER-" in text:
        marks = set(_SEMVER.findall(text))
        text = _SEMVER.sub("", text)
        breaking = breaking or "MAJOR" in marks
        kind = kind or (GroupKind.ADDED if "MINOR" in marks else None)
    return text, breaking, kind


def _take_breaking(text: str) -> tuple[str, bool]:
    if "breaking" not in text[:200].lower():
        return text, False
    lead = _BREAKING.match(text)
    if lead:
        return text[lead.end() :], True
    inside = _BREAKING_INSIDE.search(text[:400])
    if inside:
        return (text[: inside.start()] + " " + text[inside.end() :].lstrip()).strip(), True
    return text, False


def _without_leading_emoji(text: str) -> str:
    for _ in range(4):
        match = SHORTCODE.match(text) or EMOJI.match(text)
        if match is None or not text[match.end() :].strip():
            break
        text = text[match.end() :].lstrip(" \t:-–—") if match.group() != "" else text
    return text


def _take_head(text: str) -> tuple[str, str, GroupKind | None, bool]:
    """``feat(scope)!:``, ``[FIX]``, ``**scope:**``: the text behind, scope, kind, and whether it is marked as breaking."""
    head = _CONVENTIONAL.match(text)
    if head and head.group("type").lower() in COMMIT_TYPES:
        kind = COMMIT_TYPES[head.group("type").lower()]
        return text[head.end() :], (head.group("scope") or "").strip(), kind, bool(head.group("bang"))
    tag = _TAGGED.match(text) or _BOLD_TYPE.match(text)
    if tag and (kind_found := COMMIT_TYPES.get(tag.group("type").lower().replace(" ", ""))):
        return text[tag.end() :], "", kind_found, False
    for pattern in (_CODE_SCOPE, _BOLD_SCOPE, _ITALIC_SCOPE):
        match = pattern.match(text)
        if match and _is_scope(match.group("scope")):
            scope = match.group("scope").strip()
            return text[match.end() :], f"`{scope}`" if pattern is _CODE_SCOPE else scope.strip("`"), None, False
    return text, "", None, False


def _is_scope(words: str) -> bool:
    bare = words.strip().lower()
    return len(bare.split()) <= 3 and bare not in _NO_SCOPE and not bare.endswith((".", "!", "?"))


def _take_files(text: str) -> tuple[str, str]:
    """The files and functions that a GNU ChangeLog's entry begins with."""
    match = _GNU_FILES.match(text)
    if match is None or not re.search(r"[./(]", match.group("files")):
        return text, ""
    return text[match.end() :], " ".join(match.group("files").split())
