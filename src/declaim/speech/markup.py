"""Inline Markdown, HTML and emoji taken out of a text, before it is spoken or shown.

For the voice, what stood in back-ticks is kept between ``CODE_OPEN`` and ``CODE_CLOSE`` so that the rules know it is code.
Every pattern here looks at a bounded stretch from each place: a broken document costs time in proportion to its length.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

CODE_OPEN, CODE_CLOSE = "\ue000", "\ue001"

REMEMBERED_TEXTS = 64
_TAGS = (
    "a|abbr|acronym|address|article|aside|b|bdi|bdo|big|blockquote|body|br|button|caption|center|cite|code|col|dd|del|details|dfn|"
    "div|dl|dt|em|figcaption|figure|font|footer|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|mark|"
    "meta|nav|nobr|ol|p|picture|pre|q|s|samp|script|section|small|source|span|strike|strong|style|sub|summary|sup|svg|table|"
    "tbody|td|template|tfoot|th|thead|time|title|tr|tt|u|ul|var|video|wbr"
)
_LINKED = re.compile(r"(\S.{0,300}?)\s+<https?://[^<>\s]{1,500}>")
_TEXT_ROLES = frozenset(("ref", "doc", "term", "numref", "any", "download", "emphasis", "strong", "abbr", "title", "user"))
_BREAKING = re.compile(r"</?(?:br|p|div|li|td|th|tr|hr|h[1-6]|dd|dt|blockquote)\b", re.IGNORECASE)
_SPAN = re.compile(
    r"(?=[`{:<!\[\\])(?:"  # most places need one look
    r"(?P<role>\{[a-z][\w:+-]{0,30}\}|:[a-z][\w:+-]{0,30}:)?(?P<code>(?<!`)(?P<ticks>`{1,3})(?!`)(?P<inner>.{1,500}?)(?<!`)(?P=ticks)(?!`))"
    r"|(?P<comment><!--(?:(?!-->)(?!<!--).){0,5000}-->)"
    r"|(?P<raw><(?P<rawtag>script|style)\b[^<>]{0,500}>(?:(?!<(?:script|style)\b).){0,5000}?</(?P=rawtag)\s*>)"
    r"|(?P<image>!\[[^\[\]]{0,500}\](?:\([^()\[\]\s]{0,2000}(?:\([^()\[\]\s]{0,200}\)[^()\[\]\s]{0,500})?"
    r"(?:\s+[\"'][^\"'\[\]]{0,300}[\"'])?\s?\)|\[[^\[\]]{0,200}\]))"
    r"|\[(?P<label>[^\[\]]{1,1000})\](?:\(\s?<?[^()\[\]\s]{0,2000}(?:\([^()\[\]\s]{0,200}\)[^()\[\]\s]{0,500})?>?"
    r"(?:\s+[\"'][^\"'\[\]]{0,300}[\"'])?\s?\)|\[[^\[\]]{0,200}\])"
    r"|(?P<footnote>\[\^[^\[\]\s]{1,50}\]:?)"
    r"|<(?P<address>(?:https?://|mailto:)[^<>\s]{1,2000}|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})>"
    rf"|(?P<tag></?(?:{_TAGS})(?:\s[^<>]{{0,1000}})?/?>)"
    r"|(?P<escape>\\[*_`~<>&|!]))",
    re.IGNORECASE | re.DOTALL,
)
_EMPHASIS = (
    ("***", re.compile(r"(?<![\w*\\])\*\*\*(?=[^\s*])([^*\n]{1,300}?)(?<=[^\s*])\*\*\*(?![\w*])")),
    ("**", re.compile(r"\*\*(?=[^\s*])((?:[^*\n]|\*(?!\*)){1,300}?)(?<=\S)\*\*")),
    ("__", re.compile(r"(?<!\w)__(?=[^\s_])((?:[^_\n]|_(?!_)){1,300}?)(?<=\S)__(?!\w)")),
    ("~~", re.compile(r"~~(?=[^\s~])([^~\n]{1,300}?)(?<=\S)~~")),
    ("*", re.compile(r"(?<![\w*/])\*(?=[^\s*])([^*\n]{1,300}?)(?<=[^\s*/])\*(?![\w*/])")),
    ("_", re.compile(r"(?<![\w/])_(?=[^\s_])([^_\n]{1,300}?)(?<=[^\s_])_(?![\w/])")),
)
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\U0001fb00-\U0001fbff\u2600-\u26ff\u2700-\u279b\u279f-\u27bf\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55"
    "\u231a\u231b\u23e9-\u23f3\u23f8-\u23fa\u25aa\u25ab\u25fb-\u25fe\u203c\u2049\u3030\u303d\u3297\u3299"
    "\U000e0020-\U000e007f\ufe0e\ufe0f\u20e3\u200d\u2122\u00ae\u00a9\u2713\u2714\u2717\u2718]+"
)
_SHORTCODE = re.compile(r"(?<![\w:/]):(?:(?=[a-z0-9_+-]{0,39}[a-z])[a-z0-9_+-]{2,40}|[+-]1):(?![\w:/])")
_KEYCAP = re.compile(r"([0-9#*])\ufe0f?\u20e3")
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200c\u2060-\u2064\ufeff\ue000-\uf8ff\ufff9-\uffff]")
_BLOCK_HEAD = re.compile(r"\s{0,8}(?:(?:>(?=[\s>](?!\s?\d))\s?){1,8}|#{1,6}\s+(?=\S)|[-*+•]\s+(?:\[[ xX]\]\s+)?(?=\S))+")
_TABLE_RULE = re.compile(r"^\s{0,8}\|?(?:\s?:?-{3,100}:?\s?\|){1,60}(?:\s?:?-{3,100}:?\s?)?$|^\s{0,8}(?:[-*_=]\s?){3,200}$")
_GAP = "\ue002"
_HELD = re.compile("[\ue003\ue005](\\d+)\ue004")
_GAPS = re.compile(rf"[ \t]*{_GAP}[ \t{_GAP}]*")
_RULE_STARTS, _BLOCK_STARTS = frozenset("|-:*_= \t"), frozenset(">#-*+• \t")


def for_voice(text: str) -> str:
    """The text without mark-up, code between the two marks, emoji gone."""
    return _clean(text, CODE_OPEN, CODE_CLOSE, keeps_emoji=False)


def for_eyes(text: str) -> str:
    """The text as captions show it: no mark-up; emoji and references stay."""
    return _clean(text, "", "", keeps_emoji=True).strip()


def _clean(text: str, code_open: str, code_close: str, *, keeps_emoji: bool) -> str:
    text, codes, is_ascii = _without_spans(text)
    if "&" in text:
        text = html.unescape(text).replace("\xa0", " ")
        is_ascii = text.isascii()
    if not keeps_emoji:
        text = text if is_ascii else _EMOJI.sub(_GAP, _KEYCAP.sub(r"\1", text))
        text = _SHORTCODE.sub(_GAP, text) if text.count(":") > 1 else text
    if _GAP in text:
        text = _close_gaps(text)
    if "\ue004" in text:
        text = _HELD.sub(lambda match: _released(match, codes, code_open, code_close), text)
    return text


@lru_cache(maxsize=REMEMBERED_TEXTS)
def _without_spans(text: str) -> tuple[str, list[str], bool]:
    """The text without blocks' marks, links, tags and emphasis, the codes that are held out of it, and whether it was ASCII.

    A line is asked for twice, for the voice and for the eyes.
    """
    codes: list[str] = []
    if text[:1] in _RULE_STARTS and _TABLE_RULE.match(text):
        return "", codes, True
    is_ascii = text.isascii()
    if not (is_ascii and text.isprintable()):
        text = _INVISIBLE.sub(lambda match: " " if match.group() < "\x20" else "", text)
    if "`" in text or "<" in text or "[" in text or "\\" in text:
        for _ in range(2 if "](" in text else 1):
            text = _SPAN.sub(lambda match: _span(match, codes), text)
    if text[:1] in _BLOCK_STARTS:
        text = _BLOCK_HEAD.sub("", text, count=1) if _BLOCK_HEAD.match(text) else text
    for sign, pattern in _EMPHASIS:
        if sign in text:
            text = pattern.sub(r"\1", text)
    return text, codes, is_ascii


def _span(match: re.Match[str], codes: list[str]) -> str:
    if match["code"] and match["role"] and match["role"].strip("{}:").rpartition(":")[2] in _TEXT_ROLES:
        return re.sub(r"\s*<[^<>]{0,300}>\s*\Z", "", match["inner"])
    if match["code"] and match["role"] in (":issue:", ":pr:", ":pull:", "{issue}", "{pr}"):
        return f"#{match['inner'].strip()}"
    if match["code"] and (linked := _LINKED.fullmatch(match["inner"])):
        return linked[1]
    if match["code"]:
        codes.append(match["inner"].strip())
        return f"\ue003{len(codes) - 1}\ue004"
    if match["label"] is not None:
        return match["label"]
    if match["address"]:
        return match["address"].removeprefix("mailto:")
    if match["escape"]:
        return f"\ue005{ord(match['escape'][1]):d}\ue004"
    if match["tag"]:
        tag = match["tag"]
        if re.match(r"</?[A-Z][a-z]", tag):
            return tag
        return " " if _BREAKING.match(tag) else ""
    return _GAP


def _close_gaps(text: str) -> str:
    """Where something fell silent, one space is left between words and none before a sentence's sign."""

    def close(match: re.Match[str]) -> str:
        before, after = text[: match.start()][-1:], text[match.end() : match.end() + 1]
        glued = not before or not after or after in ",.;:!?)]" or before in "([" or " " not in match.group()
        return "" if glued and not (before.isalnum() and after.isalnum()) else " "

    return _GAPS.sub(close, text)


def _released(match: re.Match[str], codes: list[str], code_open: str, code_close: str) -> str:
    kind, number = match.group()[0], int(match[1])
    return f"{code_open}{codes[number]}{code_close}" if kind == "\ue003" else chr(number)
