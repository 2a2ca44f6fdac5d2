"""A file or a text -> a ``Source``. The parser and the converters are imported at their first use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from declaim.documents.decoding import decode
from declaim.errors import InputError
from declaim.model.source import Source, SourceType

FORMATS = ("markdown", "text", "rst", "html", "json")
FORMAT_OF_SUFFIX = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdx": "markdown",
    ".txt": "text",
    ".text": "text",
    ".rst": "rst",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".json": "json",
}
MAX_SIZE_BYTES = 200_000_000


def read_source(path: Path, *, source_type: SourceType | None = None) -> Source:
    """What a file says; its name decides the format, a name without a known ending is text.

    Raises:
        InputError: for a file that is gone, locked, empty, binary, protected or dangerous, with the cure.
    """
    data = read_bytes(path)
    suffix = path.suffix.lower()
    if suffix in _CONVERTED:
        return parse_source(_CONVERTED[suffix](data), origin=str(path), source_type=source_type)
    return parse_source(decode(data), origin=str(path), source_type=source_type, format=format_of(path))


def parse_source(text: str, *, origin: str = "", source_type: SourceType | None = None, format: str = "markdown") -> Source:  # noqa: A002
    """What a text says.

    ``format`` is one of ``FORMATS``; ``origin`` (a file's name or path) helps to tell a changelog and names what has no
    title; ``source_type`` overrules what is detected. Lines are those of ``text``, but of ``html`` and ``json`` they are
    of the Markdown made of it, and ``Source.in_file`` gives those of ``text``. Parsing ``Source.markdown`` again as Markdown
    gives the same releases and blocks.

    Raises:
        InputError: for an empty text or JSON that holds no releases.
    """
    from declaim.documents.parsing import source_of

    return source_of(text, origin, source_type, format)


def format_of(path: Path) -> str:
    """The format of a text file by its name; names without a known ending ("NEWS", "changelog.Debian") are plain text."""
    return FORMAT_OF_SUFFIX.get(path.suffix.lower(), "text")


def _docx(data: bytes) -> str:
    from declaim.documents.office import docx_to_markdown

    return docx_to_markdown(data)


def _pdf(data: bytes) -> str:
    from declaim.documents.pdf import pdf_to_markdown

    return pdf_to_markdown(data)


def _epub(data: bytes) -> str:
    from declaim.documents.epub import epub_to_markdown

    return epub_to_markdown(data)


_CONVERTED: dict[str, Callable[[bytes], str]] = {".docx": _docx, ".pdf": _pdf, ".epub": _epub}
SUFFIXES = (*FORMAT_OF_SUFFIX, *_CONVERTED)
"""The endings of files that can be read."""


def read_bytes(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        InputError: where it cannot be read, is a folder, is empty or too large.
    """
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder.", cure="Choose a file in it.")
        size_bytes = path.stat().st_size
        if size_bytes > MAX_SIZE_BYTES:
            cure = "Split it into smaller files."
            raise InputError(
                f"{path.name} is {size_bytes // 1_000_000} MB; sources are read up to {MAX_SIZE_BYTES // 1_000_000} MB.",
                cure=cure,
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{path} is not there.", cure="Was it moved, renamed or deleted? Choose it again.") from error
    except PermissionError as error:
        raise InputError(f"{path} may not be read.", cure="Change its permissions, or copy it to a folder of yours.") from error
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror or error}.", cure="Check the disk or the network folder."
        ) from error
    if not data.strip():
        raise InputError(f"{path.name} is empty.", cure="Choose a file with text in it.")
    return data
