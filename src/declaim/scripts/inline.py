"""Inline Markdown as words to say: what is silent on the page goes, the words, the code and the names stay.

Links become their text; images, badges, addresses, references, hashes, credits, footnote marks, tags and emoji go; emphasis
loses its marks. The result is plain text with inline code in single backticks; it is not yet escaped as mark-up.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

_CHUNK = 8_000
_SHIELD = 0xE000
_SHIELDS = 6_000

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff\ue000-\uf8ff]")
_CODE = re.compile(r"(?:\{([\w:+-]{1,30})\}|(?<!\w):([a-z]{1,20}):)?(`{1,4})(?!`)(.+?)(?<!`)\3(?!`)(_{0,2})")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!~<>|-])")
_TARGET = re.compile(r"\s*<[^<>]*>$")
_COMMENT = re.compile(r"<!--.{0,4000}?-->", re.DOTALL)
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|br|center|cite|code|dd|del|details|div|dl|dt|em|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|picture|pre|q|s"
    r"|samp|small|source|span|strike|strong|sub|summary|sup|table|tbody|td|th|thead|tr|tt|u|ul|var|video)(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_IMAGE_TAG = re.compile(r"<img\s[^<>]{0,500}>", re.IGNORECASE)
_TWO_STOPS = re.compile(r"(?<![.\s])\.\.(?=\s|$)")
_BADGE = re.compile(r"\[!\[[^\[\]]{0,300}\]\([^()\s]{0,500}[^()]{0,100}\)\](?:\([^()\s]{0,500}\)|\[[^\[\]]{0,100}\])?")
_IMAGE = re.compile(r"!\[[^\[\]]{0,500}\](?:\([^()]{0,800}\)|\[[^\[\]]{0,100}\])")
_LINK = re.compile(
    r"\[((?:[^\[\]]|\[[^\[\]]{0,80}\]){1,500})\]"
    r"\(\s*<?((?:[^()\s<>]|\([^()\s]{0,200}\)){0,1000})>?(?:\s+(?:\"[^\"]{0,300}\"|'[^']{0,300}'))?\s*\)"
)
_REFERENCE_LINK = re.compile(r"\[([^\[\]]{1,300})\]\[[^\[\]]{0,100}\]")
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,60}\]|(?<=[\w.,)])\[\d{1,3}\]")
_ADDRESS = re.compile(r"<?(?:https?://|www\.)[^\s<>\"'`]{2,2000}>?|<mailto:[^<>\s]{1,200}>", re.IGNORECASE)
_HOST = re.compile(r"(?:https?://)?(?:www\.)?([^/\s:?#<>]+)", re.IGNORECASE)
_BEFORE_ADDRESS = re.compile(
    r"[\s(:,–—-]{0,12}\b(?:(?:for (?:more )?(?:details|information|info),? )?(?:see|see also|read more at"
    r"|more at|details at|docs at|(?:found|available|hosted|described|published) at|at|via|in|from|here)"
    r"|full changelog|(?:more|further) (?:details|information|info)(?: (?:at|in|on))?)\s*[:,]?\s*$",
    re.IGNORECASE,
)
_STRONG = re.compile(r"(\*\*\*|\*\*|(?<!\w)__(?=[^_]))(?=\S)(.{1,2000}?)(?<=\S)\1")
_EMPHASIS = re.compile(
    r"(?<![\w*])\*(?=[^\s*])([^*]{1,2000}?)(?<=[^\s*])\*(?![\w*])|(?<![\w_])_(?=[^\s_])([^_]{1,2000}?)(?<=[^\s_])_(?!\w)"
)
_STRUCK = re.compile(r"~~(.{1,1000}?)~~")
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff\ufe0f\u200d\U000e0020-\U000e007f\u20e3]"
    r"|(?<![\w:]):(?=[a-z0-9_+-]*[a-z])[a-z0-9_+-]{2,40}:(?![\w:])"
)
_KEPT_SIGNS = str.maketrans("", "", "\u2318\u2325\u21e7\u2303\u23ce\u232b\u2326")

_REFERENCE = (
    r"(?:(?:[\w.-]{1,60}/[\w.-]{1,60})?#\d{1,7}|\bGH-?\d{1,7}|\b(?:PR|MR|pull|issue)[ -]?#?\d{1,7}|(?<!\w)!\d{1,6}|\bbpo-\d{1,7})"
)
_HASH = r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b"
_HANDLE = r"@[\w-]{1,40}(?:\[bot\])?(?:/[\w-]{1,40})?"
_BRACKETED = re.compile(r"\s*(?:\(([^()]{1,400})\)|\[([^\[\]]{1,400})\])")
_REFERENCE_WORDS = re.compile(
    rf"{_REFERENCE}|{_HASH}|{_HANDLE}|\b(?:closes?|closed|fix|fixes|fixed|resolves?|resolved|refs?|references?|see|also"
    r"|issues?|prs?|pull requests?|commits?|thanks|thank you|to|by|in|via|and|part of|bug|bugs|ticket"
    r"|mr|gh|cc|h/t|contributed|reported)\b"
    r"|[\s,;:.&+/–—-]",
    re.IGNORECASE,
)
_PERSON = r"[^\W\d_a-z][\w.'’-]{0,30}(?: [^\W\d_][\w.'’-]{0,30}){0,3}"
_REFERENCE_AND_PEOPLE = re.compile(
    rf"\s*(?:{_REFERENCE}|{_HASH})(?:\s*(?:,|;|&|and)\s*(?:{_REFERENCE}|{_HASH}|{_HANDLE}|{_PERSON})){{1,12}}\s*"
)
_HAS_REFERENCE = re.compile(rf"{_REFERENCE}|{_HASH}|{_HANDLE}", re.IGNORECASE)
_CREDIT_BRACKET = re.compile(
    r"\s*\((?:(?:special |many |big )?thanks\b|thank you\b|thx\b|kudos\b|credits?\b|h/t\b|contributed by\b"
    r"|reported by\b|patch by\b|by @)[^()]{0,300}\)",
    re.IGNORECASE,
)
_CREDIT_TAIL = re.compile(
    r"[\s,;–—-]{0,12}(?:(?:the |this |an? )?(?:issue|bug|problem|feature|idea|as)?\s*(?:first |originally )?"
    r"(?:mentioned|reported|suggested|contributed|requested|found|raised|submitted|implemented|proposed|discovered|spotted|noted)\s+)?"
    rf"(?:\b(?:by|thanks to|thanks|via|from|cc|and)\b[\s,:]*|in\s+|,\s*){_HANDLE}"
    rf"(?:\s*(?:,|and|&|,\s*and)\s*{_HANDLE}){{0,20}}(?:\s+in\s+(?:{_REFERENCE}|https?://\S+))?\s*[.!]?\s*$",
    re.IGNORECASE,
)
_REPORT_TAIL = re.compile(
    r"[\s,;–—-]{0,12}(?:(?:issue|bug|problem|as)\s+)?(?:mentioned|reported|suggested|requested|raised)\s+(?:in|as)\s+"
    rf"{_REFERENCE}(?:\s+by\s+{_HANDLE})?\s*[.!]?\s*$",
    re.IGNORECASE,
)
_REFERENCE_TAIL = re.compile(
    r"(?:[\s,;:–—-]{0,12}"
    r"(?:\b(?:closes?|fixes|resolves?|refs?|see|see also|in|via|for|issue|issues|pr|prs|bug|and|ref)\b"
    rf"\s*[:,]?\s*)?(?:{_REFERENCE}|{_HASH})){{1,30}}+"
    r"\s*(\.?)\s*$",
    re.IGNORECASE,
)
_REFERENCE_ENDS = frozenset("0123456789abcdefABCDEF")
_LONG_TAIL, _TAIL_MOST = 400, 40
_REFERENCE_HEAD = re.compile(
    rf"^\s*(?:(?:{_REFERENCE}|{_HASH}|(?!CVE-)[A-Z][A-Z0-9]{{1,15}}-\d{{1,6}})[\s,]*)+(?:[:–—-]\s*|(?=\s?[A-Z`]))"
)
_CREDIT_SENTENCE = re.compile(
    r"(?:(?:a |many |big |huge |special |once again,? )*(?:thanks|thank you|thank-you|thx|kudos|credits?|props|shout-?out)\b"
    r"(?! for (?:your|using)))"
    r"|(?:contributed|reported|patch|implemented|suggested|written|discovered|found) by\b",
    re.IGNORECASE,
)
_NAME_SENTENCE = re.compile(r"\([A-Z@][\w.'’-]{0,30}(?:(?: |, | and | & )[A-Z@][\w.'’-]{0,30}){0,8}\)\.?")
_POINTER = re.compile(
    r"(?:see|refs?|references?|closes|fixes|related)(?: (?:the |also )?(?:pull requests?|issues?|prs?|tickets?))+\.?",
    re.IGNORECASE,
)
_LONGEST_WORD = 200
_BLOB = re.compile(rf"[!-~]{{{_LONGEST_WORD},}}")
_DIGIT = re.compile(r"\d")
_HOLLOW = re.compile(r"\(\s*[,;.]*\s*\)|\[\s*\]|``")
_SPACE_BEFORE = re.compile(r"\s+([,.;!?](?=\s|$)|:(?=\s|$)|\))")


@dataclass(frozen=True)
class Cleaned:
    """``text`` to say; ``dropped`` says what of the source is silent, with the reason."""

    text: str
    dropped: tuple[tuple[str, str], ...] = ()


def clean(text: str) -> Cleaned:
    """A paragraph's inline Markdown as words. Linear in its length: very long paragraphs are cleaned piece by piece."""
    if not text:
        return Cleaned("")
    pieces = [text] if len(text) <= _CHUNK else _chunks(text)
    cleaned = [_Cleaner().clean(piece) for piece in pieces]
    if len(cleaned) == 1:
        return cleaned[0]
    words = " ".join(part.text for part in cleaned if part.text)
    return Cleaned(words, tuple(item for part in cleaned for item in part.dropped))


def is_credit(sentence: str) -> bool:
    """Whether a sentence only thanks somebody, or points at references that are gone."""
    return bool(_CREDIT_SENTENCE.match(sentence) or _NAME_SENTENCE.fullmatch(sentence) or _POINTER.fullmatch(sentence))


def has_words(text: str) -> bool:
    """Whether anything would be heard."""
    return any(char.isalnum() for char in text)


def _chunks(text: str) -> list[str]:
    chunks, at = [], 0
    while at < len(text):
        stop = at + _CHUNK
        if stop < len(text):
            space = text.rfind(" ", at + _CHUNK // 2, stop)
            stop = space if space > 0 else stop
        chunks.append(text[at:stop])
        at = stop
    return chunks


class _Cleaner:
    """One pass over one piece of text; shields keep code and escaped signs from the rules."""

    def __init__(self) -> None:
        self._shields: list[str] = []
        self._dropped: list[tuple[str, str]] = []

    def clean(self, text: str) -> Cleaned:
        text = " ".join(text.split())
        text = text if text.isprintable() else _CONTROL.sub("", text)
        text = self._shielded(text)
        text = self._links(self._untagged(text))
        text = self._silent(text)
        if "*" in text or "_" in text:
            text = _EMPHASIS.sub(_inner, _STRONG.sub(r"\2", _STRONG.sub(r"\2", text))).replace("**", "")
        text = _STRUCK.sub(r"\1", text) if "~~" in text else text
        text = _EMOJI.sub(self._emoji, text) if ":" in text or not text.isascii() else text
        text = self._drop(_BLOB, text, "one unbroken run of characters") if len(text) >= _LONGEST_WORD else text
        text = self._unshield(_HOLLOW.sub("", text))
        text = _SPACE_BEFORE.sub(r"\1", " ".join(text.split()))
        return Cleaned(text.strip(" ,;–—") if has_words(text) else "", tuple(self._dropped))

    def _shielded(self, text: str) -> str:
        text = _CODE.sub(self._code, text) if "`" in text else text
        return _ESCAPED.sub(lambda match: self._shield(match.group(1)), text) if "\\" in text else text

    def _untagged(self, text: str) -> str:
        if "![" in text:
            text = self._drop(_IMAGE, self._drop(_BADGE, text, "image"), "image")
        if "<" in text:
            text = _TAG.sub("", self._drop(_IMAGE_TAG, self._drop(_COMMENT, text, "comment"), "image"))
            text = text.replace("<!--", "")  # one that is never closed
        return html.unescape(text) if "&" in text else text

    def _links(self, text: str) -> str:
        if "[" in text:
            text = _LINK.sub(self._link, text)
            text = _REFERENCE_LINK.sub(r"\1", text)
            text = _FOOTNOTE.sub("", text)
            text = _TWO_STOPS.sub(".", text)
        return text

    def _silent(self, text: str) -> str:
        """Without references, hashes and credits, which stand at the ends and in brackets."""
        text = _REFERENCE_HEAD.sub(self._note("reference"), text, count=1)
        if "(" in text or "[" in text:
            text = self._drop(_CREDIT_BRACKET, text, "credit")
            text = _BRACKETED.sub(self._bracket, text)
        for _ in range(3):
            before = text
            text = _CREDIT_TAIL.sub(self._note("credit"), text) if "@" in text else text
            text = self._addresses(text) if "://" in text or "www." in text or "<mailto" in text else text
            if _DIGIT.search(text):
                text = self._without_reference_tail(_REPORT_TAIL.sub(self._note("credit"), text))
            if text == before:
                break
        return text

    def _bracket(self, match: re.Match[str]) -> str:
        inside = match.group(1) or match.group(2)
        is_silent = _HAS_REFERENCE.search(inside) and not _REFERENCE_WORDS.sub("", inside)
        if not is_silent and not _REFERENCE_AND_PEOPLE.fullmatch(inside):
            return match.group()
        return self._note("reference")(match)

    def _without_reference_tail(self, text: str) -> str:
        if text.rstrip().removesuffix(".").rstrip()[-1:] not in _REFERENCE_ENDS:
            return text
        match = _REFERENCE_TAIL.search(text, _tail_start(text))
        if match is None:
            return text
        self._note("reference")(match)
        return text[: match.start()] + match.group(1)

    def _addresses(self, text: str) -> str:
        """A bare address at the end or in brackets goes, with the "see" before it; inside a sentence its host is said."""
        for match in reversed(list(_ADDRESS.finditer(text))):
            tail = re.search(r"[.,;:!?)]*$", match.group())
            stop = match.end() - (len(tail.group()) if tail else 0)
            before, after = text[: match.start()], text[stop:]
            if re.match(r"\s*(?:\)|[.!;]?\s*$)", after) or not has_words(before):
                lead = _BEFORE_ADDRESS.search(before)
                before = before[: lead.start()] + (" (" if lead and "(" in lead.group() else "") if lead else before.rstrip(" :")
                text = before.rstrip("( ") + after.removeprefix(")") if before.endswith("(") else before + after
            else:
                host = _HOST.match(text[match.start() : stop].strip("<>"))
                text = before + (host.group(1) if host else "") + after
            self._dropped.append((match.group().strip("<>"), "address"))
        return text

    def _link(self, match: re.Match[str]) -> str:
        words = match.group(1)
        return "" if words.strip() in ("", "#") else words

    def _code(self, match: re.Match[str]) -> str:
        myst, role, _, body, after = match.groups()
        body = body.strip() or "`"
        if myst or role or after:
            if role in ("issue", "pr", "pull", "user", "commit", "gh", "bpo"):
                return f"#{body}" if body.isdigit() else f"@{body}" if role == "user" else ""
            return _TARGET.sub("", body).lstrip("~!").strip("`")
        return self._shield(f"`{body.replace('`', '')}`")

    def _emoji(self, match: re.Match[str]) -> str:
        return " " if match.group().translate(_KEPT_SIGNS) else match.group()

    def _shield(self, kept: str) -> str:
        if len(self._shields) >= _SHIELDS:
            return kept
        self._shields.append(kept)
        return chr(_SHIELD + len(self._shields) - 1)

    def _unshield(self, text: str) -> str:
        if not self._shields:
            return text
        last = _SHIELD + len(self._shields)
        return "".join(self._shields[ord(char) - _SHIELD] if _SHIELD <= ord(char) < last else char for char in text)

    def _drop(self, pattern: re.Pattern[str], text: str, reason: str) -> str:
        return pattern.sub(self._note(reason), text)

    def _note(self, reason: str) -> Callable[[re.Match[str]], str]:
        def note(match: re.Match[str]) -> str:
            what = self._unshield(match.group()).strip(" ,;:.–—-()[]")
            if what:
                self._dropped.append((what[:300], reason))
            return ""

        return note


def _tail_start(text: str) -> int:
    """Where a tail of references begins at the earliest: it holds a few of them, whatever stands before."""
    found = [match.end() for match in _HAS_REFERENCE.finditer(text)] if len(text) > _LONG_TAIL else []
    return found[-_TAIL_MOST] if len(found) > _TAIL_MOST else 0


def _inner(match: re.Match[str]) -> str:
    return match.group(1) or match.group(2)
