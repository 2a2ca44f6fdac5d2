"""Bytes -> text: byte-order marks, UTF-8, UTF-16, then a guess; binary data is refused."""

from __future__ import annotations

import codecs
import re

from declaim.errors import InputError

# The longer marks first: UTF-32's little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_KINDS = (
    (b"%PDF-", "a PDF file", "Give it the ending .pdf."),
    (b"PK\x03\x04", "a zip archive (.docx and .epub files are such archives)", "Give it its own ending, .docx or .epub."),
    (b"\x89PNG", "a PNG picture", ""),
    (b"\xff\xd8\xff", "a JPEG picture", ""),
    (b"GIF8", "a GIF picture", ""),
    (b"ID3", "an MP3 recording", "Import it as audio."),
    (b"RIFF", "a WAV recording", "Import it as audio."),
    (b"fLaC", "a FLAC recording", "Import it as audio."),
    (b"OggS", "an Ogg recording", "Import it as audio."),
    (b"\x7fELF", "a program", ""),
    (b"MZ", "a program", ""),
    (b"\xd0\xcf\x11\xe0", "an old Word document", "Save it as .docx and try again."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
    (b"{\\rtf", "a rich-text document", "Save it as .docx and try again."),
    (b"SQLite format 3", "a database", ""),
)
_CURE = "Choose a text, Markdown, reStructuredText, HTML, Word, PDF, EPUB or release JSON file."
_CONTROLS = bytes(set(range(32)) - {7, 8, 9, 10, 11, 12, 13, 27})
_GUESS_BYTES = 200_000
_LINE_ENDS = re.compile(r"\r\n?")
_NOT_LINE_ENDS = str.maketrans(dict.fromkeys("\v\f\x1c\x1d\x1e\x85\u2028\u2029", " ") | dict.fromkeys("\0\ufeff"))


def decode(data: bytes) -> str:
    """The text of a file's bytes, with ``\\n`` line ends and no byte-order mark.

    Raises:
        InputError: for binary data, saying what it is where that can be told.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return normalise(_strict(data[len(mark) :], encoding))
    wide = _wide_encoding(data)
    if wide:
        return normalise(_strict(data, wide))
    _refuse_binary(data)
    try:
        return normalise(data.decode("utf-8"))
    except UnicodeDecodeError:
        return normalise(_guess(data))


def normalise(text: str) -> str:
    """Line ends as ``\\n`` (no other character ends a line, as in editors), no byte-order marks, no null characters."""
    if "\r" in text:
        text = _LINE_ENDS.sub("\n", text)
    return text.translate(_NOT_LINE_ENDS)


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        message = f"The file says that it is {encoding.upper()}, but byte {error.start} is not."
        raise InputError(message, cure="Save it as UTF-8 and try again.") from error


def _wide_encoding(data: bytes) -> str:
    """UTF-16 without a mark shows as a zero in every other byte of Latin text."""
    sample = data[:4000]
    if len(sample) < 4 or (len(sample) % 2 and len(sample) < 4000):
        return ""
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > half * 0.7 and even < half * 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.7 and odd < half * 0.05 else ""


def _refuse_binary(data: bytes) -> None:
    for magic, what, cure in _KINDS:
        if data.startswith(magic) and (len(magic) > 3 or _is_binary(data)):
            raise InputError(f"The file is {what}, not text.", cure=cure or _CURE)
    if b"\0" in data:
        raise InputError("The file holds null bytes: it is binary data, not text.", cure=_CURE)
    if _is_binary(data):
        raise InputError("The file is binary data, not text.", cure=_CURE)


def _is_binary(data: bytes) -> bool:
    sample = data[:_GUESS_BYTES]
    return len(sample) - len(sample.translate(None, _CONTROLS)) > len(sample) * 0.02


def _guess(data: bytes) -> str:
    """Mostly valid UTF-8 keeps its text with the bad bytes replaced; else the best guess of charset-normalizer."""
    if len(data) > 100 and len(data.decode("utf-8", errors="ignore").encode()) > len(data) * 0.999:
        return data.decode("utf-8", errors="replace")
    from charset_normalizer import from_bytes

    guesses = from_bytes(data[:_GUESS_BYTES])
    best = guesses.best()
    # A short text fits several alike; the most common one is then the likeliest.
    alike = [guess for guess in guesses if best and (guess.chaos, guess.coherence) == (best.chaos, best.coherence)]
    is_western = best is None or any("cp1252" in (guess.encoding, *guess.could_be_from_charset) for guess in alike)
    encoding = "cp1252" if is_western or best is None else best.encoding
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode("latin-1")
