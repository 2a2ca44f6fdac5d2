"""HTML -> Markdown. Nothing is run, nothing is loaded: scripts, styles, frames and forms are dropped with their content."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from itertools import islice

from declaim.documents.html_words import CLOSE, OPEN, address_of, escaped, joined
from declaim.documents.places import Places
from declaim.documents.tags import Tag, tokens
from declaim.model.source import SourceLines

_DROPPED_NAMES = (
    "script style template noscript nav iframe object embed svg math canvas audio video select textarea button form dialog map"
    " head"
)
_BLOCK_NAMES = (
    "address article aside body center details dd div dl dt fieldset figcaption figure footer header hgroup html main p"
    " section summary"
)
_DROPPED = frozenset(_DROPPED_NAMES.split())
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_INLINE = {"b": "**", "strong": "**", "i": "*", "em": "*", "cite": "*", "code": "`", "kbd": "`", "samp": "`", "tt": "`"}
_AT_START = re.compile(r"^(\s*\d{0,9})([#>+*.)|=-])(?=\s|$|[#=-])")
_FOOTNOTE_MARK = re.compile(r"[\[(]?(?:\d{1,4}|[*†‡↑↩]\ufe0e?)[\])]?")
_MAX_DEPTH = 30


def html_to_markdown(html: str, *, with_title: bool = True) -> str:
    """The Markdown of a page or a fragment (the clipboard's rich text).

    The page's title leads where there is no heading, unless ``with_title`` is off.
    """
    return html_with_lines(html, with_title=with_title)[0]


def html_with_lines(html: str, *, with_title: bool = True) -> tuple[str, tuple[SourceLines, ...]]:
    """The same, and of each line of it the lines of ``html`` that it was made of."""
    start, end = _content_of(html)
    places = Places(html)
    writer = _Writer(places)
    if (start, end) != (0, len(html)) and (title := _TITLE.search(html)):
        writer.title = " ".join(unescape(title.group(1)).split())
    for first, last, token in tokens(html[start:end]):
        places.go_to(start + first, start + last)
        if isinstance(token, Tag):
            writer.take_tag(token)
        else:
            writer.take_text(token)
    return writer.markdown(with_title=with_title)


def _content_of(html: str) -> tuple[int, int]:
    """Where what stands in the one ``main`` or ``article`` of a page begins and ends; all of it where there is none, or little
    in it."""
    for name in ("main", "article"):
        opened = list(islice(re.finditer(rf"<{name}(?:\s[^<>]{{0,1000}})?>", html, re.IGNORECASE), 2))
        closed = html.lower().rfind(f"</{name}")
        if len(opened) == 1 and closed - opened[0].end() > _LITTLE_CHARS:
            return opened[0].end(), closed
    return 0, len(html)


_TITLE = re.compile(r"<title(?:\s[^<>]{0,500})?>([^<]{1,500})</title", re.IGNORECASE)
_LITTLE_CHARS = 200


@dataclass
class _List:
    mark: str
    number: int = 0
    indent: str = ""


@dataclass
class _Table:
    rows: list[list[str]] = field(default_factory=list)


class _Writer:
    """A flat writer: inline text gathers in ``_text`` and becomes a block at each block's edge."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._blocks: list[str] = []
        self._lines: list[SourceLines] = []
        """Of each line of the blocks, those that it was made of."""
        self._text: list[str] = []
        self._dropped: list[str] = []
        self._lists: list[_List] = []
        self._quotes = 0
        self._code_depth = 0
        self._heading = 0
        self._pending_mark = ""
        self._pre: list[str] | None = None
        self._language = ""
        self._links: list[tuple[str, int]] = []
        self._tables: list[_Table] = []
        self._title: list[str] | None = None
        self.title = ""
        self._was_item = False
        self._last_quotes = 0

    def markdown(self, *, with_title: bool) -> tuple[str, tuple[SourceLines, ...]]:
        """What was written, and of what lines."""
        self._flush()
        while self._tables:
            self._close_table()
        written = [at for at, line in enumerate(self._blocks) if line]
        if not written:
            return "", ()
        whole = slice(written[0], written[-1] + 1)
        body, lines = "\n".join(self._blocks[whole]), tuple(self._lines[whole])
        if with_title and self.title and not re.search(r"^#{1,6} ", body, re.MULTILINE):
            return f"# {escaped(self.title)}\n\n{body}\n", (lines[0], lines[0], *lines)
        return f"{body}\n", lines

    def take_tag(self, tag: Tag) -> None:
        """Writes what a tag means."""
        if tag.is_closing:
            self._take_end(tag.name)
        elif tag.name == "title" and not self.title and not self._dropped[1:]:
            self._title = []
        elif tag.name == "body":
            self._dropped.clear()
        elif self._dropped:
            if tag.name in _DROPPED or tag.name == self._dropped[-1]:
                self._drop(tag.name)
        elif tag.name in _DROPPED or (tag.name in ("li", "aside", "section") and _is_footnote(tag.attributes)):
            self._drop(tag.name)
        elif self._pre is not None:
            self._start_in_pre(tag.name, tag.attributes)
        else:
            self._start(tag.name, tag.attributes)

    def _drop(self, name: str) -> None:
        if name != "embed" and len(self._dropped) < 1000:
            self._dropped.append(name)

    def _take_end(self, name: str) -> None:
        if name == "title" and self._title is not None:
            self.title, self._title = " ".join("".join(self._title).split()), None
        elif self._dropped:
            if name in self._dropped:
                while self._dropped.pop() != name:
                    pass
        elif self._pre is not None:
            if name == "pre":
                self._close_pre()
        else:
            self._end(name)

    def take_text(self, data: str) -> None:
        """Gathers text for the open block."""
        if self._title is not None:
            self._title.append(data)
        elif self._dropped:
            return
        elif self._pre is not None:
            self._places.note()
            self._pre.append(data)
        else:
            self._places.note()
            self._text.append(data if self._code_depth else escaped(data))

    # -- tags

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _HEADINGS:
            self._flush()
            self._heading = _HEADINGS[tag]
        elif tag in ("ul", "ol", "menu"):
            self._open_list(tag, attributes)
        elif tag == "li":
            self._open_item()
        elif tag == "blockquote":
            self._flush()
            self._quotes = min(self._quotes + 1, _MAX_DEPTH)
        elif tag == "pre":
            self._flush()
            self._pre, self._language = [], _language(attributes)
        elif tag in ("table", "tr", "td", "th", "caption"):
            self._start_table(tag)
        elif tag == "br":
            is_break = not (self._tables or self._heading)
            self._text.append("\n" if is_break else " ")
            if is_break:
                self._places.break_line()
        elif tag == "hr":
            self._flush()
            self._put("---")
        elif tag == "img":
            self._image(attributes)
        elif tag == "a":
            self._links.append((address_of(attributes.get("href", "")), len(self._text)))
        elif tag in _INLINE:
            self._text.append(OPEN + _INLINE[tag])
            self._code_depth += _INLINE[tag] == "`"
        elif tag in _BLOCKS:
            self._flush()

    def _end(self, tag: str) -> None:
        if tag in _HEADINGS or tag in _BLOCKS:
            self._flush()
            self._heading = 0
        elif tag in ("ul", "ol", "menu"):
            self._flush()
            if self._lists:
                self._lists.pop()
            self._pending_mark = ""
        elif tag == "li":
            self._flush()
            self._pending_mark = ""
        elif tag == "blockquote":
            self._flush()
            self._quotes = max(0, self._quotes - 1)
        elif tag in ("table", "tr", "td", "th", "caption"):
            self._end_table(tag)
        elif tag == "a" and self._links:
            self._close_link()
        elif tag in _INLINE:
            self._text.append(CLOSE + _INLINE[tag])
            self._code_depth = max(0, self._code_depth - (_INLINE[tag] == "`"))

    def _open_list(self, tag: str, attributes: dict[str, str]) -> None:
        self._flush()
        above = self._lists[-1] if self._lists else None
        indent = above.indent + (" " * (len(above.mark) + 1)) if above is not None else ""
        if len(self._lists) >= _MAX_DEPTH and above is not None:
            indent = above.indent
        start = attributes.get("start", "1")
        number = int(start) if start.isdecimal() and len(start) < 9 else 1
        self._lists.append(_List("1." if tag == "ol" else "-", number if tag == "ol" else 0, indent))

    def _open_item(self) -> None:
        self._flush()
        if not self._lists:
            self._lists.append(_List("-"))
        current = self._lists[-1]
        if current.number:
            current.mark = f"{current.number}."
            current.number += 1
        self._pending_mark = current.mark

    def _start_in_pre(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "code":
            self._language = self._language or _language(attributes)
        elif tag == "br" and self._pre is not None:
            self._pre.append("\n")

    def _close_pre(self) -> None:
        code = "".join(self._pre or ()).strip("\n")
        self._pre = None
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", code)), default=0))
        if code.strip():
            self._put(f"{fence}{self._language}", *code.split("\n"), fence)

    def _image(self, attributes: dict[str, str]) -> None:
        alt = " ".join(attributes.get("alt", "").split())
        address = address_of(attributes.get("src", ""))
        if alt or address:
            self._places.note()
            self._text.append(f"![{escaped(alt)}]({address if len(address) < 500 else '#'})")

    def _close_link(self) -> None:
        address, start = self._links.pop()
        start = min(start, len(self._text))
        words = joined(self._text[start:])
        del self._text[start:]
        if words and not (address.startswith("#") and _FOOTNOTE_MARK.fullmatch(words)):
            self._text.append(f"[{words}]({address})" if address and "](" not in words else words)

    # -- tables

    def _start_table(self, tag: str) -> None:
        if tag == "table":
            self._flush()
            if len(self._tables) < _MAX_DEPTH:
                self._tables.append(_Table())
        elif self._tables and tag == "tr":
            self._tables[-1].rows.append([])
        if tag in ("td", "th"):
            self._text.clear() if self._tables else self._flush()
            self._links.clear()

    def _end_table(self, tag: str) -> None:
        if tag == "table":
            self._close_table()
        elif tag in ("td", "th") and self._tables:
            table = self._tables[-1]
            if not table.rows:
                table.rows.append([])
            table.rows[-1].append(joined(self._text).replace("|", "\\|"))
            self._text.clear()
        elif tag == "caption":
            words = joined(self._text)
            self._text.clear()
            if words:
                self._put(words)

    def _close_table(self) -> None:
        table = self._tables.pop() if self._tables else _Table()
        rows = [row for row in table.rows if any(row)]
        width = max((len(row) for row in rows), default=0)
        if width <= 1 or self._tables:
            # A table for layout: its cells are text.
            words = [cell for row in rows for cell in row if cell]
            if self._tables:
                self._text.append(" ".join(words))
            else:
                for cell in words:
                    self._put(cell)
            return
        lines = ["| " + " | ".join((row + [""] * width)[:width]) + " |" for row in rows]
        self._put(lines[0], "|" + " --- |" * width, *lines[1:])

    # -- blocks

    def _flush(self) -> None:
        """The gathered text as a block: a heading, an item, a quote or a paragraph."""
        if self._tables:
            self._text.append(" ")
            return
        words = joined(self._text, keep_breaks=not self._heading)
        self._text.clear()
        self._links.clear()
        self._code_depth = 0
        if not words:
            self._places.forget()
            return
        if self._heading:
            self._put("#" * self._heading + " " + " ".join(words.split()))
        else:
            self._put(*(_AT_START.sub(r"\1\\\2", line) for line in words.split("\n")))

    def _put(self, *lines: str) -> None:
        """Lines as one block at the depth of the open lists and quotes."""
        prefix = "> " * self._quotes
        indent = mark = ""
        if self._lists:
            current = self._lists[-1]
            indent = current.indent + " " * (len(current.mark) + 1)
            if self._pending_mark:
                mark = current.indent + self._pending_mark + " "
                self._pending_mark = ""
        is_item = bool(mark)
        made_of = self._places.taken(len(lines))
        if self._blocks and not (is_item and self._blocks[-1].strip() and self._was_item):
            self._blocks.append(("> " * min(self._quotes, self._last_quotes)).rstrip())
            self._lines.append(made_of[0])
        self._lines += made_of
        for line in lines:
            self._blocks.append((prefix + (mark or indent) + line).rstrip())
            mark = ""
        self._was_item = is_item
        self._last_quotes = self._quotes


def _is_footnote(attributes: dict[str, str]) -> bool:
    """Notes at the end of a page: of mammoth, pandoc, EPUB and the like."""
    marks = " ".join(attributes.get(name, "") for name in ("id", "class", "epub:type", "role"))
    return bool(re.search(r"(?:^|[\s-])(?:footnotes?|endnotes?|fn|doc-footnote|rearnotes?)(?:-?\d{1,4})?(?:$|\s)", marks))


def _language(attributes: dict[str, str]) -> str:
    match = re.search(r"(?:language|lang|highlight-source)-([\w+#-]{1,30})", attributes.get("class", ""))
    return match.group(1) if match else ""
