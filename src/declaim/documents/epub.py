"""EPUB books -> Markdown: the chapters of the spine in reading order."""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree import ElementTree

from declaim.documents.archives import open_archive, read_entry
from declaim.documents.decoding import decode
from declaim.documents.hypertext import html_to_markdown
from declaim.errors import InputError

_WHAT = "EPUB book"
_CURE = "Open it in a reader that can save it again, or convert it with Calibre."


@dataclass(frozen=True)
class _Package:
    title: str
    chapters: tuple[str, ...]


def epub_to_markdown(data: bytes) -> str:
    """The Markdown of a book; its title stands in front matter.

    Raises:
        InputError: for a book that is damaged, dangerous, protected or empty.
    """
    with open_archive(data, _WHAT) as archive:
        package = _package(archive)
        locked = _locked_names(archive)
        if locked & set(package.chapters):
            raise InputError("The book is protected (DRM): its text is encrypted.", cure="Use a copy without protection.")
        parts = [_chapter(archive, name) for name in package.chapters]
    body = "\n\n".join(part.strip() for part in parts if part.strip())
    if not body:
        raise InputError("The book holds no text.", cure="A book of pictures cannot be read aloud.")
    title = package.title.replace('"', "'")
    return f'---\ntitle: "{title}"\n---\n\n{body}\n' if title else f"{body}\n"


def _chapter(archive: zipfile.ZipFile, name: str) -> str:
    return html_to_markdown(decode(read_entry(archive, name, _WHAT)), with_title=False)


def _package(archive: zipfile.ZipFile) -> _Package:
    container = _xml(archive, "META-INF/container.xml")
    path = next((_attribute(node, "full-path") for node in container.iter() if _tag(node) == "rootfile"), "")
    names = set(archive.namelist())
    if path not in names:
        raise InputError("The book is damaged: its table of files is missing.", cure=_CURE)
    root = _xml(archive, path)
    items = {_attribute(node, "id"): node for node in root.iter() if _tag(node) == "item"}
    title = next((" ".join("".join(node.itertext()).split()) for node in root.iter() if _tag(node) == "title"), "")
    chapters = []
    for reference in (node for node in root.iter() if _tag(node) == "itemref"):
        item = items.get(_attribute(reference, "idref"))
        if item is None or _attribute(reference, "linear") == "no" or "nav" in _attribute(item, "properties").split():
            continue
        name = _resolved(path, _attribute(item, "href"), names)
        if name and "html" in _attribute(item, "media-type"):
            chapters.append(name)
    return _Package(title, tuple(dict.fromkeys(chapters)))


def _locked_names(archive: zipfile.ZipFile) -> set[str]:
    """The encrypted entries. Fonts are often obfuscated this way; only chapters matter."""
    if "META-INF/encryption.xml" not in archive.namelist():
        return set()
    root = _xml(archive, "META-INF/encryption.xml")
    return {unquote(_attribute(node, "URI")) for node in root.iter() if _tag(node) == "CipherReference"}


def _xml(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    try:
        # Entities are refused when the archive is opened.
        return ElementTree.fromstring(read_entry(archive, name, _WHAT))
    except (ElementTree.ParseError, ValueError, RecursionError) as error:
        raise InputError(f"The book is damaged: {name} is no XML.", cure=_CURE) from error


def _tag(node: ElementTree.Element) -> str:
    return node.tag.rsplit("}", 1)[-1] if isinstance(node.tag, str) else ""


def _attribute(node: ElementTree.Element, name: str) -> str:
    return node.attrib.get(name, "")


def _resolved(package_path: str, address: str, names: set[str]) -> str:
    folder = posixpath.dirname(package_path)
    for candidate in (unquote(address.split("#", 1)[0]), address):
        name = posixpath.normpath(posixpath.join(folder, candidate))
        if name in names:
            return name
    return ""
