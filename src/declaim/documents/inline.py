"""Inline Markdown, by bounded patterns: what is taken out of a text, and its plain words.

Every pattern has bounded repeats, so that a line of 100,000 characters costs no more than its length.
"""

from __future__ import annotations

import re

IMAGE = re.compile(r"!\[([^\[\]]{0,300})\](?:\([^()\n]{0,2000}\)|\[[^\[\]]{0,100}\])")
LINKED_IMAGE = re.compile(
    r"\[!\[([^\[\]]{0,300})\](?:\([^()\n]{0,2000}\)|\[[^\[\]]{0,100}\])\](?:\([^()\n]{0,2000}\)|\[[^\[\]]{0,100}\])"
)
HTML_IMAGE = re.compile(r"<(?:img|source|picture|/picture)\b[^<>]{0,2000}>", re.IGNORECASE)
COMMENT = re.compile(r"<!--(?:(?!-->|<!--).){0,20000}-->", re.DOTALL)
LINK = re.compile(
    r"\[([^\[\]]{1,500})\](?:\((?:<([^<>\n]{0,2000})>|([^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,500})?))(?:\s+[\"'(][^\n\"')]{0,300}[\"')])?\)|\[([^\[\]]{0,100})\])"
)
HTML_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]{0,30}(?:\s[^<>]{0,1000})?/?>")
AUTOLINK = re.compile(r"<((?:https?|ftp|mailto):[^<>\s]{1,2000})>")
EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff]\ufe0f?(?:\u200d[\U0001f000-\U0001faff\u2600-\u27bf]\ufe0f?){0,6}"
    "|\ufe0f|\u20e3|[\U0001f1e6-\U0001f1ff]"
)
SHORTCODE = re.compile(r"(?<![\w:]):[a-z][a-z0-9_+-]{1,40}:(?!\w)")
_ROLE = re.compile(r"\{([A-Za-z][\w:.-]{0,40})\}`([^`\n]{1,500})`")
_ROLE_TARGET = re.compile(r"^(.{1,400}?)\s*<[^<>]{1,300}>$")
_ALERT = re.compile(r"^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*", re.IGNORECASE)
_FOOTNOTE_MARK = re.compile(r"\[\^[\w-]{1,40}\](?!:)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_STRONG = re.compile(r"(\*\*|__)(?=\S)((?:(?!\1).){1,500}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=\S)([^*_\n]{1,500}?)(?<=\S)\1(?![\w*])")
NUMBER_ROLES = frozenset(
    {"issue", "issues", "pr", "pull", "gh", "ghissue", "ghpull", "bug", "ticket", "bpo", "gh-issue", "gh-pr"}
)
_TEXT_ROLES = frozenset(
    {"ref", "doc", "term", "numref", "any", "abbr", "guilabel", "menuselection", "emphasis", "strong", "index", "user"}
)


def resolve_role(role: str, content: str) -> str:
    """A reStructuredText or MyST role as Markdown: references become their text, issues ``#12``, names of code stay code."""
    name = role.rsplit(":", 1)[-1].lower()
    titled = _ROLE_TARGET.match(content)
    if name in NUMBER_ROLES:
        number = content.strip().lstrip("#")
        return f"#{number}" if number[:1].isdigit() else number
    if name == "user":
        return f"@{content.strip().lstrip('@')}"
    if titled is not None:
        return titled.group(1)
    if name in _TEXT_ROLES:
        return content.replace("_", " ") if name == "ref" else content
    return f"`{content.lstrip('~!')}`" if not content.startswith("~") else f"`{content.rsplit('.', 1)[-1].lstrip('~')}`"


def resolve_roles(text: str) -> str:
    """MyST roles (``{ref}`text <label>```) as plain Markdown."""
    if "}`" not in text:
        return text
    return _ROLE.sub(lambda match: resolve_role(match.group(1), match.group(2)), text)


def tidy(text: str) -> tuple[str, list[tuple[str, str]]]:
    """A block's text without images, comments and footnote marks, roles resolved; and what was taken out, with its reason."""
    if not any(mark in text for mark in ("![", "<", "}`", "[^", "[!")):
        return text, []
    taken: list[tuple[str, str]] = []

    def take(pattern: re.Pattern[str], reason: str, subject: str) -> str:
        def note(match: re.Match[str]) -> str:
            taken.append((match.group(), reason))
            return " "

        return pattern.sub(note, subject)

    text = take(COMMENT, "HTML comment", text)
    text = take(LINKED_IMAGE, "badge", text)
    text = take(IMAGE, "image", text)
    text = take(HTML_IMAGE, "image", text)
    text = _FOOTNOTE_MARK.sub("", resolve_roles(text))
    text = _ALERT.sub(lambda match: f"{match.group(1).capitalize()}: ", text)
    return (" ".join(text.split()) if taken else text), taken


def plain(text: str) -> str:
    """The words of inline Markdown: no emphasis, code ticks, link targets, tags or emoji. For short texts such as headings."""
    text = unlinked(text)
    if "<" in text:
        text = HTML_TAG.sub(" ", text)
    text = text.replace("`", "")
    if "**" in text or "__" in text:
        text = _STRONG.sub(r"\2", _STRONG.sub(r"\2", text))
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub(r"\2", text)
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
    return " ".join(without_emoji(text).split())


def unlinked(text: str) -> str:
    """Links and images as their text, bare ``<address>`` as the address."""
    if "[" in text:
        text = LINK.sub(r"\1", IMAGE.sub(r"\1", LINKED_IMAGE.sub(r"\1", text)))
    return AUTOLINK.sub(r"\1", text) if "<" in text else text


def without_emoji(text: str) -> str:
    """A text without emoji and ``:shortcodes:``."""
    if ":" in text:
        text = SHORTCODE.sub("", text)
    return text if text.isascii() else EMOJI.sub("", text)
