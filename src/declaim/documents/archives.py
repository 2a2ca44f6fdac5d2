"""Zip files that are documents (.docx, .epub): opened only after a look at what they would unpack to."""

from __future__ import annotations

import io
import stat
import zipfile

from declaim.errors import InputError

MAX_ENTRIES = 10_000
MAX_UNPACKED_BYTES = 400_000_000
MAX_TEXT_BYTES = 100_000_000
"""Of one entry that is XML or HTML."""
MAX_RATIO = 200
"""Of all entries together, above 20 MB; prose packs to about a fifth, XML of Word to a twentieth."""
_RATIO_FROM_BYTES = 20_000_000
_TEXT_ENDINGS = (".xml", ".rels", ".opf", ".ncx", ".xhtml", ".html", ".htm", ".svg")
_ENTITY_MARKS = tuple("<!ENTITY".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CURE = "Open it in the program that made it, save it again and try that file."


def open_archive(data: bytes, what: str) -> zipfile.ZipFile:
    """The archive of a document; ``what`` names its kind in messages ("Word document").

    Raises:
        InputError: for a damaged or encrypted archive, one that unpacks to far more than a document holds, one with
            symbolic links or paths that lead out of it, and XML that defines entities.
    """
    if data.startswith(_OLD_OFFICE):
        message = f"The {what} is protected by a password, or of the old binary kind."
        raise InputError(message, cure="Open it, save it as a new file without a password, and try that.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        _check_entries(archive.infolist(), len(data), what)
        _check_entities(archive, what)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise InputError(f"The {what} is damaged: {error}.", cure=_CURE) from error
    return archive


def read_entry(archive: zipfile.ZipFile, name: str, what: str) -> bytes:
    """An entry's bytes, at most ``MAX_TEXT_BYTES``.

    Raises:
        InputError: where it is missing or damaged.
    """
    try:
        with archive.open(name) as entry:
            return entry.read(MAX_TEXT_BYTES)
    except (KeyError, zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise InputError(f"The {what} is damaged: {name[:100]} cannot be read.", cure=_CURE) from error


def _check_entries(entries: list[zipfile.ZipInfo], packed_bytes: int, what: str) -> None:
    unpacked_bytes = sum(entry.file_size for entry in entries)
    if (
        len(entries) > MAX_ENTRIES
        or unpacked_bytes > MAX_UNPACKED_BYTES
        or (unpacked_bytes > _RATIO_FROM_BYTES and unpacked_bytes > MAX_RATIO * max(1, packed_bytes))
        or any(entry.file_size > MAX_TEXT_BYTES for entry in entries if _is_text(entry.filename))
    ):
        size = f"{len(entries)} entries, {unpacked_bytes // 1_000_000} MB from {max(1, packed_bytes // 1000)} kB"
        message = f"The {what} would unpack to far more than a document holds ({size}): it is not opened."
        raise InputError(message, cure="If it is a real document, save its text as Markdown or plain text.")
    for entry in entries:
        if entry.flag_bits & 1:
            raise InputError(f"The {what} is protected by a password.", cure="Save a copy without a password and try that.")
        parts = entry.filename.replace("\\", "/").split("/")
        if stat.S_ISLNK(entry.external_attr >> 16) or ".." in parts or parts[0] == "" or ":" in parts[0]:
            message = f"The {what} holds a link or a path that leads out of it ({entry.filename[:60]}): it is not opened."
            raise InputError(message, cure=_CURE)


def _check_entities(archive: zipfile.ZipFile, what: str) -> None:
    for entry in archive.infolist():
        if _is_text(entry.filename) and not entry.is_dir():
            refuse_entities(archive.read(entry), what)


def refuse_entities(data: bytes, what: str) -> None:
    """Raises:
    InputError: for XML that defines entities, which can grow without bound.
    """
    if any(mark in data for mark in _ENTITY_MARKS):
        raise InputError(f"The {what} defines XML entities, which can grow without bound: it is not opened.", cure=_CURE)


def _is_text(name: str) -> bool:
    return name.lower().endswith(_TEXT_ENDINGS)
