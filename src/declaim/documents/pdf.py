"""PDF -> Markdown: text in reading order, headings by the size of their letters, page numbers and running heads dropped."""

from __future__ import annotations

import io
import logging
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from declaim.errors import InputError

if TYPE_CHECKING:
    from pdfminer.layout import LTPage, LTTextLine

_BULLET = re.compile(r"^[•●▪◦‣∙·\uf0b7\uf0a7–*-]\s+(?=\S)")
_BULLET_ALONE = re.compile(r"^[•●▪◦‣∙\uf0b7\uf0a7]$")
# Lines of a table of contents: a title, dots, a page.
_DOT_LEADERS = re.compile(r"(?:\s?[.…]){5,}\s?\d{0,4}$")
_NUMBERED = re.compile(r"^\d{1,3}[.)]\s+(?=\S)")
_PAGE_NUMBER = re.compile(r"^(?:page\s+)?[-–—\s]*(?:\d{1,4}|[ivxlc]{1,7})[-–—\s]*(?:(?:of|/)\s*\d{1,4})?$", re.IGNORECASE)
_HYPHENATED = re.compile(r"(?<=[a-zà-ÿ])-$")
_STREAM = re.compile(rb"stream\r?\n")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|\(cid:\d+\)")
_MAX_STREAM_BYTES = 200_000_000
_EDGE_SHARE = 0.09
_REPEATS = 3
_MAX_PAGES = 5000


@dataclass
class _Line:
    """A line of a page. ``gap`` is the white space above it in its own heights; ``edge`` its place at the page's rim."""

    text: str
    size: float
    is_bold: bool
    gap: float
    page: int
    edge: bool
    starts_block: bool


def pdf_to_markdown(data: bytes) -> str:
    """The Markdown of a PDF's text layer.

    Raises:
        InputError: for a PDF that is damaged, protected by a password, dangerously packed or without a text layer.
    """
    _refuse_bombs(data)
    lines = _lines_of(data)
    if sum(len(line.text) for line in lines) < 3:
        message = "The PDF holds no text, only pictures of pages (a scan)."
        raise InputError(message, cure="Run text recognition on it first, for example with ocrmypdf, and try that file.")
    return _markdown(_without_edges(lines))


def _lines_of(data: bytes) -> list[_Line]:
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LAParams
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
    from pdfminer.psexceptions import PSException

    # pdfminer warns of each small fault of a file in the log; they are none of the user's.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    damaged = (
        PSException,
        struct.error,
        zlib.error,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        AssertionError,
        RecursionError,
    )
    try:
        pages = extract_pages(io.BytesIO(data), maxpages=_MAX_PAGES, laparams=LAParams())
        return [line for number, page in enumerate(pages) for line in _lines_on(page, number)]
    except PDFPasswordIncorrect as error:
        raise InputError("The PDF is protected by a password.", cure="Save a copy without a password and try that.") from error
    except PDFEncryptionError as error:
        raise InputError(
            "The PDF is encrypted in a way that cannot be read.", cure="Print it to a new PDF and try that."
        ) from error
    except damaged as error:
        cure = "Open it in a PDF reader, print it to a new PDF and try that."
        raise InputError(f"The PDF is damaged ({type(error).__name__}).", cure=cure) from error


def _lines_on(page: LTPage, number: int) -> Iterator[_Line]:
    from pdfminer.layout import LTTextContainer, LTTextLine

    boxes = [box for box in page if isinstance(box, LTTextContainer)]
    for box in boxes:
        above: float | None = None
        for line in box:
            if not isinstance(line, LTTextLine):
                continue
            text = " ".join(_CONTROL.sub("", line.get_text()).split())
            if not text:
                continue
            size, is_bold = _letters(line)
            gap = 9.0 if above is None else (above - line.y1) / max(1.0, line.height)
            edge = line.y1 > page.y1 - page.height * _EDGE_SHARE or line.y0 < page.y0 + page.height * _EDGE_SHARE
            yield _Line(text, size, is_bold, gap, number, edge, above is None)
            above = line.y0


def _letters(line: LTTextLine) -> tuple[float, bool]:
    """The usual size of a line's letters, and whether most are bold."""
    from pdfminer.layout import LTChar

    sizes: Counter[float] = Counter()
    bold = 0
    for char in line:
        if isinstance(char, LTChar) and char.get_text().strip():
            sizes[round(char.size * 2) / 2] += 1
            bold += "bold" in char.fontname.lower() or "black" in char.fontname.lower()
    total = sum(sizes.values())
    return (sizes.most_common(1)[0][0], bold > total * 0.8) if total else (0.0, False)


def _without_edges(lines: list[_Line]) -> list[_Line]:
    """Lines without page numbers, and without the heads and feet that several pages share."""
    pages = len({line.page for line in lines})
    repeats = Counter(key for key in {(line.page, _shape(line.text)) for line in lines if line.edge})
    shapes = Counter(shape for _page, shape in repeats)
    return [
        line
        for line in lines
        if not _DOT_LEADERS.search(line.text)
        and not (line.edge and ((pages > 1 and _PAGE_NUMBER.match(line.text)) or shapes[_shape(line.text)] >= _REPEATS))
    ]


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", text.lower())


def _markdown(lines: list[_Line]) -> str:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    larger = sorted({line.size for line in lines if line.size > body * 1.1 and len(line.text) < 200}, reverse=True)
    levels = {size: min(6, position + 1) for position, size in enumerate(larger[:5])}
    return "\n\n".join(_paragraphs(lines, levels, body)) + "\n"


def _paragraphs(lines: Iterable[_Line], levels: dict[float, int], body: float) -> Iterator[str]:
    """The lines gathered into headings, items and paragraphs."""
    words, prefix, last = "", "", None
    is_bullet_waiting = False
    for line in lines:
        if _BULLET_ALONE.match(line.text):
            # Some programs set the bullet as a text of its own.
            is_bullet_waiting = True
            continue
        level = _level(line, levels, body)
        mark = f"{'#' * level} " if level else "- " if is_bullet_waiting or _BULLET.match(line.text) else ""
        is_bullet_waiting = False
        text = line.text if level else _BULLET.sub("", line.text)
        if words and last is not None and _goes_on(last, line, prefix, mark, words):
            words = _HYPHENATED.sub("", words) + text if _HYPHENATED.search(words) and text[:1].islower() else f"{words} {text}"
        else:
            if words:
                yield prefix + words
            words, prefix = text, mark
        last = line
    if words:
        yield prefix + words


def _level(line: _Line, levels: dict[float, int], body: float) -> int:
    if line.size in levels and len(line.text) < 200:
        return levels[line.size]
    is_alone = line.is_bold and line.starts_block and len(line.text) < 100 and not line.text.endswith((".", ",", ";"))
    return min(6, len(levels) + 1) if is_alone and line.size >= body and not _BULLET.match(line.text) else 0


def _goes_on(last: _Line, line: _Line, prefix: str, mark: str, words: str) -> bool:
    """Whether a line continues the block before it."""
    if prefix.startswith("#") or mark.startswith("#"):
        return prefix == mark and not line.starts_block and line.gap < 0.8
    if mark or _NUMBERED.match(line.text):
        return False
    if not line.starts_block:
        return line.gap < 0.9
    # A paragraph that runs on over a column or a page.
    return not words.endswith((".", "!", "?", ":", "”", '"')) and line.text[:1].islower() and last.size == line.size


def _refuse_bombs(data: bytes) -> None:
    """Refuses a PDF whose packed streams unpack to far more than a document holds.

    Raises:
        InputError: see above.
    """
    left = _MAX_STREAM_BYTES * 2
    for match in _STREAM.finditer(data):
        if data[match.end() : match.end() + 1] not in (b"\x78", b"\x48", b"\x58", b"\x68"):
            continue
        unpacker = zlib.decompressobj()
        end = data.find(b"endstream", match.end())
        try:
            left -= len(unpacker.decompress(data[match.end() : end if end > 0 else len(data)], min(left, _MAX_STREAM_BYTES)))
        except zlib.error:
            continue
        if left <= 0 or unpacker.unconsumed_tail:
            message = "The PDF would unpack to far more than a document holds: it is not opened."
            raise InputError(message, cure="If it is a real document, save its text as Markdown or plain text.")
