"""A bundle: one zip with audio, scripts, documents, captions and a ``manifest.json`` that describes and hashes them all.

The manifest is a JSON object with ``format`` ("declaim-bundle"), ``version`` (1), the described items, and ``files``: for each
file in the zip its ``sha256`` and ``size_bytes``. Nothing in it is trusted on the way in: names, sizes and hashes are checked.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from declaim.errors import InputError
from declaim.paths import replacing, replacing_together

FORMAT = "declaim-bundle"
VERSION = 1
MANIFEST = "manifest.json"
MAX_FILES = 100_000
MAX_MANIFEST_BYTES = 64 * 1024 * 1024
MAX_FILE_BYTES = 8 * 1024**3
_CHUNK = 1 << 20
_STORED = {".mp3", ".flac", ".opus", ".m4b", ".jpg", ".png"}
"""Already compressed: deflating them again costs time and saves nothing."""

Content = Path | bytes


def file_stem(title: str, fallback: str = "untitled") -> str:
    """A title as a file name that every system takes: no separators, no control characters, at most 80 characters."""
    plain = unicodedata.normalize("NFC", title)
    plain = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]+', " ", plain)
    plain = " ".join(plain.split())[:80].strip(" .")
    if re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", plain):
        plain = f"_{plain}"
    return plain or fallback


def write_bundle(path: Path, description: Mapping[str, Any], files: Mapping[str, Content]) -> None:
    """Writes a bundle beside and moves it onto ``path``.

    Args:
        path: where the zip goes.
        description: what the manifest says besides format, version and hashes; plain JSON values.
        files: content by its name in the zip, with ``/`` between folders.

    Raises:
        OSError: where the disk refuses.
    """
    with replacing(path) as beside, zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        hashed = {name: _add(archive, name, content) for name, content in files.items()}
        archive.writestr(MANIFEST, _manifest_text(description, hashed))


def write_bundle_folder(folder: Path, description: Mapping[str, Any], files: Mapping[str, Content]) -> None:
    """The same as :func:`write_bundle`, as files in a folder: all of them or none.

    Raises:
        OSError: where the disk refuses.
    """
    with replacing_together() as together:
        last = together.add(folder / MANIFEST)
        hashed = {}
        for name, content in files.items():
            with together.add(folder / name).open("wb") as out:
                hashed[name] = _copy(content, out)
        last.write_text(_manifest_text(description, hashed), encoding="utf-8")


@dataclass(frozen=True)
class Bundle:
    """An opened bundle. ``manifest`` is what it says; ``names`` the files that it may hand out."""

    manifest: Mapping[str, Any]
    names: frozenset[str]
    _archive: zipfile.ZipFile

    def read_text(self, name: str) -> str:
        """A text file of the bundle, checked against its hash.

        Raises:
            InputError: for a name that is not there or content that was changed.
        """
        try:
            return b"".join(self._chunks(name)).decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"'{name}' in the bundle is not text.", cure="Ask for the bundle again.") from error

    def extract(self, name: str, target: Path) -> None:
        """Writes a file of the bundle to ``target``, checked against its hash before it gets that name.

        Raises:
            InputError: for a name that is not there or content that was changed.
        """
        with replacing(target) as beside, beside.open("wb") as out:
            for chunk in self._chunks(name):
                out.write(chunk)

    def sha256(self, name: str) -> str:
        """The hash that the manifest gives for a file, in hex."""
        return str(self.manifest["files"][name]["sha256"])

    def _chunks(self, name: str) -> Iterator[bytes]:
        if name not in self.names:
            raise InputError(f"The bundle has no file '{name[:100]}'.", cure="Ask for the bundle again.")
        expected = self.manifest["files"][name]
        digest = hashlib.sha256()
        left = int(expected["size_bytes"])
        damaged = InputError(f"'{name}' in the bundle is damaged.", cure="Ask for the bundle again.")
        try:
            with self._archive.open(name) as content:
                while chunk := content.read(_CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise damaged
                    digest.update(chunk)
                    yield chunk
        except (zipfile.BadZipFile, EOFError) as error:
            raise damaged from error
        if left or digest.hexdigest() != expected["sha256"]:
            raise damaged


@contextmanager
def open_bundle(path: Path) -> Iterator[Bundle]:
    """Opens a bundle and checks its manifest.

    Raises:
        InputError: for anything that is not a bundle that this version reads.
        OSError: where the file cannot be read.
    """
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise InputError(f"'{path.name}' is not a zip file.", cure="Choose a bundle that Declaim exported.") from error
    with archive:
        manifest = _manifest(archive, path)
        yield Bundle(manifest, _checked_names(archive, manifest, path), archive)


def is_bundle(path: Path) -> bool:
    """Whether a file is a zip with a manifest in it."""
    try:
        with zipfile.ZipFile(path) as archive:
            return MANIFEST in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def _add(archive: zipfile.ZipFile, name: str, content: Content) -> dict[str, Any]:
    method = zipfile.ZIP_STORED if PurePosixPath(name).suffix in _STORED else zipfile.ZIP_DEFLATED
    # A fixed date makes the same content the same bundle, byte for byte.
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = method
    with archive.open(info, "w", force_zip64=True) as out:
        return _copy(content, out)


def _copy(content: Content, out: IO[bytes]) -> dict[str, Any]:
    """What the manifest says of it."""
    digest, size = hashlib.sha256(), 0
    for chunk in _read(content):
        digest.update(chunk)
        size += len(chunk)
        out.write(chunk)
    return {"sha256": digest.hexdigest(), "size_bytes": size}


def _manifest_text(description: Mapping[str, Any], hashed: Mapping[str, Any]) -> str:
    manifest = {"format": FORMAT, "version": VERSION, **description, "files": hashed}
    return json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)


def _read(content: Content) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as source:
        yield from iter(lambda: source.read(_CHUNK), b"")


def _manifest(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    not_ours = InputError(f"'{path.name}' is not a Declaim bundle.", cure="Choose a zip that Declaim exported.")
    try:
        info = archive.getinfo(MANIFEST)
    except KeyError as error:
        raise not_ours from error
    if info.file_size > MAX_MANIFEST_BYTES:
        raise InputError(f"The manifest of '{path.name}' is too large to be true.", cure="Ask for the bundle again.")
    try:
        with archive.open(info) as content:
            manifest = json.loads(_bounded(content, MAX_MANIFEST_BYTES))
    except (ValueError, zipfile.BadZipFile, EOFError, RecursionError) as error:
        raise InputError(f"The manifest of '{path.name}' is damaged.", cure="Ask for the bundle again.") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise not_ours
    if not isinstance(manifest.get("version"), int) or manifest["version"] > VERSION:
        raise InputError(f"'{path.name}' was made by a newer Declaim.", cure="Update Declaim and import it again.")
    return manifest


def _bounded(content: IO[bytes], limit: int) -> bytes:
    data = content.read(limit + 1)
    if len(data) > limit:
        raise ValueError("longer than announced")
    return data


def _checked_names(archive: zipfile.ZipFile, manifest: Mapping[str, Any], path: Path) -> frozenset[str]:
    files = manifest.get("files")
    infos = {info.filename: info for info in archive.infolist()}
    wrong = InputError(f"The list of files in '{path.name}' is not right.", cure="Ask for the bundle again.")
    if not isinstance(files, dict) or len(infos) > MAX_FILES:
        raise wrong
    for name, expected in files.items():
        info = infos.get(name)
        if info is None or not isinstance(expected, dict) or not _is_safe(name, info):
            raise wrong
        size = expected.get("size_bytes")
        if not isinstance(size, int) or size != info.file_size or size > MAX_FILE_BYTES:
            raise wrong
    return frozenset(files)


def _is_safe(name: str, info: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(name).parts
    is_link = (info.external_attr >> 16) & 0o170000 == 0o120000
    return bool(parts) and not name.startswith("/") and ".." not in parts and "\\" not in name and ":" not in name and not is_link
