"""References, commit hashes and authors at the ends of an entry: collected, and taken off the text.

Only what stands at an end as a credit is taken off: "(#12)", "by @octocat in #12", "([a1b2c3d](…)), closes [#12](…)",
"Thanks, Jane.". What belongs to the sentence ("Revert #12 because …", "see #12") stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TARGET = r"\([^()\s]{1,400}\)"
_NUMBER = (
    r"(?:[\w.-]{1,40}/[\w.-]{1,60})?#\d{1,8}|(?:gh-issue|GH|gh|PR|MR|bpo)-\d{1,8}|(?<![\w!])!\d{1,7}|pull/\d{1,7}|issue\d{4,7}"
)
_KEY = r"[A-Z][A-Z0-9]{1,15}-\d{1,7}"
_ISSUE_URL = (
    r"https?://[^\s()<>\[\]]{1,200}/(?:pull|pulls|issues|issue|merge_requests|pull-requests|browse"
    r"|ticket)/(?:[A-Z][A-Z0-9]{1,15}-)?\d{1,8}(?:#[\w-]{1,60})?"
)
_COMMIT_URL = r"https?://[^\s()<>\[\]]{1,200}/commits?/[0-9a-f]{7,40}"
_WORDED = rf"\[(?:merge request|pull request|MR|PR|issue|commit|diff)\]{_TARGET}"
_REF = rf"(?:{_WORDED}|\[`?(?:{_NUMBER}|{_KEY}|\d{{1,7}})`?\](?:{_TARGET}|\[[^\[\]]{{0,60}}\])?|<?{_ISSUE_URL}>?|{_NUMBER})"
_HEX = r"(?=[0-9a-f]{0,39}\d)(?=[0-9]{0,39}[a-f])[0-9a-f]{7,40}|[0-9a-f]{40}"
_COMMIT_LINK = r"\[`?[0-9a-f]{6,40}`?\]\(https?://[^\s()<>]{1,200}/commits?/[0-9a-f]{6,40}\)"
_HASH = rf"(?:{_COMMIT_LINK}|\[`?(?:{_HEX}|\d{{7,10}})`?\]{_TARGET}|<?{_COMMIT_URL}>?|`(?:{_HEX})`|(?:{_HEX})\b)"
_PROFILE = r"\(https?://(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|twitter\.com|x\.com)/@?[\w-]{1,60}/?\)"
_HANDLE = (
    rf"(?:\[[^\[\]]{{1,60}}\]{_PROFILE}|\[@[\w-]{{1,40}}\](?:{_TARGET}|\[[^\[\]]{{0,60}}\])?"
    rf"|(?<!\w)@[\w][\w-]{{0,40}}(?:\[bot\])?|`@[\w-]{{1,40}}`)"
)
_HANDLES = rf"{_HANDLE}(?:(?:,|,? and|,? &|;)? {_HANDLE}){{0,20}}"
_LINKING = (
    r"(?:fix(?:es|ed)?|close[sd]?|resolve[sd]?|see(?: also)?|refs?|re|references|addresse?[sd]?|PRs?|MRs?|pull requests?"
    r"|issues?|bugs?|tickets?|commits?|via|cf\.?|part of|related(?: to)?|backport(?: of)?|thanks(?: to| go to)?|by|from|for"
    r"|in|and|&|with|contributed by|reported by|requested by)"
)
_ITEM = rf"(?:{_REF}|{_HASH}|{_HANDLE})"
_NAMES = r"(?:[^\W\d_][\w.'’-]{0,30}(?: [^\W\d_][\w.'’-]{0,30}){0,3})"

_BRACKETED = re.compile(
    rf"(?<!\])[(\[](?:{_LINKING}:?\s+)?{_ITEM}(?:(?:\s*[,;/+&]\s*|\s+)(?:{_LINKING}:?\s+){{0,2}}{_ITEM}){{0,30}}\s*[)\]]$",
    re.IGNORECASE,
)
# "(dbus#343; Peter Benie, Simon McVittie)", and Phabricator's "[rC9fa4c8946a,T5835]"
_REFERENCE_AND_NAMES = re.compile(
    rf"[(\[](?:(?:[\w.-]{{1,40}})?[#!]\d{{1,8}}\s*[;,]\s*{_NAMES}(?:,\s*{_NAMES}){{0,8}}|(?:r[A-Z]{{1,4}}[0-9a-f]{{7,40}}|T\d{{3,6}})(?:,\s?(?:T\d{{3,6}}|r[A-Z]{{1,4}}[0-9a-f]{{7,40}})){{0,6}})[)\]]"
)
_CLOSING = re.compile(
    rf"(?<=[)\]])\s*[,;]\s*(?:{_LINKING}:?\s+){_ITEM}(?:(?:\s*,\s*|\s+)(?:(?:{_LINKING}|and):?\s+)?{_ITEM}){{0,30}}$",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?:(?<=\s)|(?<=[,;)]))[-–—,;|•·]?\s*{_REF}(?:(?:\s*,\s*|\s+)(?:{_REF}|{_HANDLE})){{0,30}}$")
_BARE_HASH = re.compile(
    rf"\s+[-–—]?\s*(?:{_COMMIT_LINK}|\[`?(?:{_HEX})`?\]{_TARGET}|`(?:{_HEX})`|<?{_COMMIT_URL}>?|(?:{_HEX})\b)$"
)
_BY = re.compile(
    rf"(?:(?P<clause>\s*[,;(–—-]\s*(?:as\s+|originally\s+|kindly\s+|first\s+|an?\s+)?(?:issue\s+|bug\s+|feature\s+|idea\s+"
    rf"|PR\s+|patch\s+)?"
    r"(?:mentioned|reported|suggested|requested|raised|contributed|implemented|found|spotted|noticed|proposed|developed|made"
    r"|added|fixed|courtesy of)\s+)"
    rf"|\s+[-–—(]{{0,3}}\s*|^)(?:contributed\s+)?by:?\s+{_HANDLES}(?:\s*,?\s*(?:in|via|at|with)\s+{_REF}(?:\s*(?:,|and"
    rf"|&)\s*{_REF}){{0,10}})?\)?$",
    re.IGNORECASE,
)
_THANKS = re.compile(
    rf"(?:\s*[(–—,;-]|\s)\s*(?:(?:many|special|big|huge)\s+)?(?:thanks|thank you|thx|h/t"
    rf"|kudos)(?:\s+(?:again\s+)?to)?[,:]?\s+(?:{_HANDLES}"
    rf"|(?-i:(?<=, ){_NAMES}|(?<=to ){_NAMES}))(?:\s+(?:for|in)\s+(?:{_REF}|the (?:PR|report|fix|patch)))?\s*[!.]?\)?$",
    re.IGNORECASE,
)
_MENTIONED = re.compile(rf"\s*,?\s*(?:issue\s+|as\s+)?(?:mentioned|reported|described|discussed)\s+in\s+{_REF}$", re.IGNORECASE)
_DASHED = re.compile(rf"\s+(?:[-–—|•·~]\s*)(?:\[{_HANDLES}\]|\({_HANDLES}\)|{_HANDLES})$")
_IN_URL = re.compile(rf"\s+(?:in|via|at)\s+<?(?:{_ISSUE_URL}|{_COMMIT_URL})>?$")
_NODE_AUTHOR = re.compile(r"\s+\(([^()]{2,80})\)$")
_PARTICIPLE = re.compile(
    r"\b(?:\w{2,20}ed|made|found|written|done|seen|given|sent|shown|known|built|led|brought|run)$", re.IGNORECASE
)
_BINDS = re.compile(
    r"\b(?:in|of|to|by|from|with|for|see|and|or|than|since|like|as|via|at|on|after|before|the|is|not|fix(?:es|ed)?"
    r"|close[sd]?|resolve[sd]?|issues?|bugs?|PRs?|pull requests?"
    r"|tickets?|number|revert(?:s|ed)?|addresse?[sd]?)\s*:?\s*$",
    re.IGNORECASE,
)

_LEAD_COMMIT = re.compile(
    rf"^(?:\\?\[\[`?(?P<a>[0-9a-f]{{7,40}})`?\]{_TARGET}\\?\]|\[`?(?P<b>[0-9a-f]{{7,40}})`?\]{_TARGET}|`(?P<c>{_HEX})`"
    rf"|\((?P<d>{_HEX})\)|(?P<e>{_HEX})(?=[\s:]))\s*(?:[-–—:]\s+)?"
)
_LEAD_REFERENCE = re.compile(
    rf"^(?:\[(?P<a>{_KEY}|{_NUMBER})\]{_TARGET}|\[\[(?P<b>{_KEY}|{_NUMBER})\]{_TARGET}\]|[\[(](?P<c>{_KEY}|{_NUMBER})[\])]"
    rf"|(?P<d>(?:{_NUMBER})(?=\s*[-:–—]\s|\s[A-Z`]|\s[a-z][\w./+-]{{0,30}}:\s)|{_KEY}(?=\s*[-:–—]\s)))"
    r"\s*(?:[-–—:,]+\s+)?"
)
_LEAD_WORDED = re.compile(
    r"^(?:(?:pull request|issue|ticket|bug|pr)s?\s+#?\d{1,7}(?:,\s+(?:and\s+)?|\s+and\s+|(?=:|\s[-–—]))){1,8}\s*[:–—-]\s+",
    re.IGNORECASE,
)
_LEAD_THANKS = re.compile(rf"^(?:thanks\s+(?:to\s+)?)(?P<who>{_HANDLES})!?\s*[-–—:]\s+", re.IGNORECASE)
_INNER_REFERENCE = re.compile(rf"(?<![\w/&#])(?:[\w.-]{{1,40}}/[\w.-]{{1,60}})?#\d{{1,7}}\b|\bGH-\d{{1,7}}\b|{_ISSUE_URL}")
_URL_NUMBER = re.compile(r"/((?:[A-Z][A-Z0-9]{1,15}-)?\d{1,8})(?:#[\w-]{1,60})?$")
_ISSUE_ADDRESS = re.compile(_ISSUE_URL)
_PREFIX = re.compile(r"^(?:gh-issue|GH|gh|PR|MR)-|^pull/|^issue(?=\d)")
_THANKING = re.compile(r"\b(?:many|special|big|huge|thanks|thank you|thx|kudos|to|again|by)\b", re.IGNORECASE)
_LINK_TARGET = re.compile(rf"\]{_TARGET}")
_LINKED_COMMIT = re.compile(r"\[`?([0-9a-f]{6,40})`?\]\(https?://[^\s()<>]{1,200}/commits?/")
_PROFILE_LINK = re.compile(_PROFILE)
_ONE_NAME = re.compile(_NAMES)
_ONE_HANDLE = re.compile(rf"\[([^\[\]]{{1,60}})\]{_PROFILE}|(?<!\w)`?\[?@([\w][\w-]{{0,40}}(?:\[bot\])?)")
_HASH_ALONE = re.compile(rf"(?<![\w/])(?:{_HEX}|(?<=\[)\d{{7,10}})(?!\w)")
_REF_ALONE = re.compile(rf"\[`?({_NUMBER}|{_KEY}|\d{{1,7}})`?\]|({_ISSUE_URL})|({_NUMBER})")
# What a credit in front can begin with (keys such as ABC-12 show by their hyphen).
_LEADS = frozenset("[\\(`#!0123456789abcdefpitT")
_REFERENCES_ALONE = re.compile(rf"(?:[(\[]?(?:{_REF}|{_HASH})[)\]]?[\s,;.&]{{0,5}}){{1,40}}")
_DASHED_MARKS = ("GH-", "gh-", "PR-", "MR-", "bpo-")
_SLASHED_MARKS = ("/pull", "/merge_request", "/browse/", "/ticket")
_TAIL_CHARS = 600
_ROUNDS = 10


@dataclass
class Credits:
    """What was found around a text; ``text`` is what is left."""

    text: str
    references: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    commit: str = ""


def take_credits(text: str) -> Credits:
    """A text without its credits, and the credits."""
    found = Credits(text)
    _take_leading(found)
    trailing = _take_trailing(found)
    if _may_refer(found.text):
        for match in _INNER_REFERENCE.finditer(found.text[:20_000]):
            _add(found.references, _reference(match.group()))
    for credit in reversed(trailing):
        _collect(found, credit)
    return found


def is_reference_only(text: str) -> bool:
    """Whether a text is nothing but references and hashes, with nothing to say."""
    return len(text) < 2000 and _REFERENCES_ALONE.fullmatch(text) is not None


def _take_leading(found: Credits) -> None:
    worded = _LEAD_WORDED.match(found.text) if found.text[:1] in "PpIiTtBb" else None
    if worded and found.text[worded.end() :].strip():
        for number in re.findall(r"\d{1,7}", worded.group()):
            _add(found.references, f"#{number}")
        found.text = found.text[worded.end() :]
    rest = found.text
    for _ in range(_ROUNDS):
        if rest[:1] not in _LEADS and "-" not in rest[:16]:
            break
        commit, reference, thanks = _LEAD_COMMIT.match(rest), _LEAD_REFERENCE.match(rest), _LEAD_THANKS.match(rest)
        match = commit or reference or thanks
        if match is None or not rest[match.end() :].strip():
            break
        if commit:
            found.commit = found.commit or next(group for group in commit.groups() if group)
        elif reference:
            _add(found.references, _reference(next(group for group in reference.groups() if group)))
        elif thanks:
            _note_authors(found, thanks.group("who"))
        rest = rest[match.end() :]
    found.text = rest


def _take_trailing(found: Credits) -> list[str]:
    """Takes the credits off the end; the last one comes first."""
    text = found.text.rstrip()
    taken: list[str] = []
    is_commit = bool(found.commit)
    for _ in range(_ROUNDS):
        body = text.rstrip(".!;,: ") if text.endswith((".", "!", ";", ",", ":")) else text
        start = _trailing_start(body, is_commit=is_commit)
        if start is None or not body[:start].strip(" -–—:,;"):
            break
        taken.append(body[start:])
        is_commit = is_commit or _HASH_ALONE.search(body[start:]) is not None
        ending = text[len(body) :].strip()
        text = body[:start].rstrip(" ,;–—-:" if not body[:start].rstrip().endswith("--") else " ")
        if ending[:1] in (".", "!") and not text.endswith((".", "!", "?", "…")):
            text += ending[:1]
    found.text = text
    return taken


def _trailing_start(body: str, *, is_commit: bool) -> int | None:
    """Where the last credit of a text begins. Cheap looks come before each pattern: most entries end in plain words."""
    offset = max(0, len(body) - _TAIL_CHARS)
    tail = body[offset:]
    last_word = tail[max(tail.rfind(" ", 0, -1), 0) :].strip()
    if not _may_end_in_credit(tail, last_word):
        return None
    start = _bracket_start(tail)
    if start is None:
        start = _pattern_start(tail, last_word)
    if start is None and is_commit and tail.endswith(")"):
        author = _NODE_AUTHOR.search(tail)
        start = author.start() if author else None
    return None if start is None else offset + start


def _may_end_in_credit(tail: str, last_word: str) -> bool:
    if tail[-1:] in ")]>`":
        return True
    return "#" in last_word or "@" in last_word or "://" in last_word or not last_word.isalpha() or "hank" in tail[-90:]


def _may_refer(text: str) -> bool:
    if "#" in text or "!" in text or "issue" in text:
        return True
    return ("-" in text and any(mark in text for mark in _DASHED_MARKS)) or (
        "/" in text and any(mark in text for mark in _SLASHED_MARKS)
    )


def _bracket_start(tail: str) -> int | None:
    """Where the bracket that a text ends with is opened, if all in it is credit."""
    if tail[-1:] not in ")]":
        return None
    depth = 0
    for back, char in enumerate(reversed(tail), 1):
        if char not in "()[]":
            continue
        depth += 1 if char in ")]" else -1
        if depth == 0:
            at = len(tail) - back
            return at if _BRACKETED.fullmatch(tail, at) or _REFERENCE_AND_NAMES.fullmatch(tail, at) else None
    return None


def _pattern_start(tail: str, last_word: str) -> int | None:
    lowered = tail.lower()
    has_link = "](" in last_word or "://" in last_word
    has_reference = last_word.startswith("[") or last_word.endswith("]") or _may_refer(last_word) or _may_refer(tail[-40:])
    has_person = "@" in tail or "](" in tail
    tries = (
        (_CLOSING, (has_reference or "@" in last_word) and (")," in tail or "]," in tail or ");" in tail)),
        (_BY, has_person and ("by " in lowered or "by:" in lowered)),
        (_THANKS, "hank" in lowered or "thx" in lowered or "kudos" in lowered or "h/t" in lowered),
        (
            _MENTIONED,
            has_reference and any(f"{word} in " in lowered for word in ("mentioned", "reported", "described", "discussed")),
        ),
        (_DASHED, has_person),
        (_IN_URL, has_link),
        (_BARE, has_reference),
        (_BARE_HASH, has_link or (len(last_word) >= 7 and any(char.isdigit() for char in last_word))),
    )
    for pattern, is_likely in tries:
        match = pattern.search(tail) if is_likely else None
        if match is None:
            continue
        if pattern is _BY and match.group("clause") is None and _belongs(tail[: match.start()], match.group()):
            continue
        if pattern in (_BARE, _BARE_HASH, _DASHED) and _BINDS.search(tail[: match.start()][-60:]):
            continue
        return match.start()
    return None


def _belongs(before: str, credit: str) -> bool:
    """Whether "by …" belongs to the verb before it ("reported by @x"); "by @x in #1" never does."""
    return " in " not in credit.lower() and _PARTICIPLE.search(before[-30:]) is not None


def _collect(found: Credits, credit: str) -> None:
    is_reference = False
    for match in _REF_ALONE.finditer(_LINK_TARGET.sub("]", credit) if "](" in credit else credit):
        is_reference = True
        _add(found.references, _reference(next(group for group in match.groups() if group)))
    commit = _commit_in(credit)
    found.commit = found.commit or commit
    before = len(found.authors)
    _note_authors(found, credit)
    if is_reference or commit or len(found.authors) > before:
        return
    author = _NODE_AUTHOR.fullmatch(" " + credit.strip())
    if _THANKING.search(credit):
        for name in _ONE_NAME.findall(_THANKING.sub(" ", credit)):
            _add(found.authors, name)
    elif author:
        _add(found.authors, author.group(1))


def _commit_in(credit: str) -> str:
    linked = _LINKED_COMMIT.search(credit)
    if linked is not None:
        return linked.group(1)
    alone = _HASH_ALONE.search(_ISSUE_ADDRESS.sub("", credit) if "://" in credit else credit)
    return alone.group() if alone else ""


def _note_authors(found: Credits, credit: str) -> None:
    if "@" not in credit and _PROFILE_LINK.search(credit) is None:
        return
    for match in _ONE_HANDLE.finditer(credit):
        _add(found.authors, (match.group(1) or match.group(2)).lstrip("@"))


def _reference(found: str) -> str:
    """``#12`` for every way to write it; other keys stay."""
    if "://" in found:
        number = _URL_NUMBER.search(found.rstrip(">"))
        found = number.group(1) if number else found
    found = _PREFIX.sub("#", found)
    return f"#{found}" if found.isdecimal() else found


def _add(values: list[str], value: str) -> None:
    if value and value not in values:
        values.append(value)
