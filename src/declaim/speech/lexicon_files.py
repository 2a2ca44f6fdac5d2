"""Lexicons as files: TSV (written, spoken, flags) and the W3C's Pronunciation Lexicon Specification 1.0.

TSV: one entry a line, ``#`` begins a comment. Flags are separated by commas: ``case`` (case-sensitive), ``regex``, and
``lang=xx``. Tabs, line ends, backslashes and a leading ``#`` inside a field are escaped with a backslash.

PLS: https://www.w3.org/TR/pronunciation-lexicon/ . Only ``<alias>`` can be used, since not every engine takes phonemes.
"""

from __future__ import annotations

import re
import xml.parsers.expat
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from declaim.errors import InputError
from declaim.model.lexicon import LexiconEntry, LexiconScope
from declaim.paths import replacing

MAX_BYTES = 5_000_000
MAX_ENTRIES = 50_000
MAX_FIELD = 500
PLS_NAMESPACE = "http://www.w3.org/2005/01/pronunciation-lexicon"
OWN_NAMESPACE = "urn:declaim:lexicon"
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_UNESCAPES = {escaped: plain for plain, escaped in _ESCAPES.items()} | {"\\#": "#"}
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read_lexicon(path: Path) -> tuple[LexiconEntry, ...]:
    """The entries of a ``.pls``/``.xml`` or a TSV file, with the user's scope.

    Raises:
        InputError: where the file cannot be read, is too large, or a line of it cannot be used.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path.name} is larger than 5 MB.", cure="Split the lexicon.")
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror}.", cure="Check the file's name and rights.") from error
    if path.suffix.lower() in (".pls", ".xml") or data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml"):
        return _read_pls(data, path.name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not UTF-8 text.", cure="Save it as UTF-8.") from error
    return read_lexicon_text(text, name=path.name)


def write_lexicon(path: Path, entries: Iterable[LexiconEntry]) -> None:
    """Write entries as PLS where the name ends in ``.pls`` or ``.xml``, as TSV otherwise."""
    text = _pls(entries) if path.suffix.lower() in (".pls", ".xml") else lexicon_text(entries)
    with replacing(path) as beside:
        beside.write_bytes(text.encode("utf-8"))


def read_lexicon_text(
    text: str, scope: LexiconScope = LexiconScope.USER, language: str = "en", name: str = "The lexicon"
) -> tuple[LexiconEntry, ...]:
    """The entries of a TSV text.

    Raises:
        InputError: for a line with no tab, an empty or over-long side, or an unknown flag; it names the line.
    """
    entries: list[LexiconEntry] = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if line.strip() and not line.startswith("#"):
            entries.append(_entry(line, scope, language, f"Line {number} of {name}"))
        if len(entries) > MAX_ENTRIES:
            raise InputError(f"{name} has more than {MAX_ENTRIES} entries.", cure="Split the lexicon.")
    return tuple(entries)


def lexicon_text(entries: Iterable[LexiconEntry]) -> str:
    """Entries as TSV."""
    lines = []
    for entry in entries:
        written = _escaped(entry.written)
        written = "\\" + written if written.startswith("#") else written
        lines.append("\t".join([written, _escaped(entry.spoken), _flags(entry)]).rstrip("\t"))
    return "# written\tspoken\tflags\n" + "".join(line + "\n" for line in lines)


def _entry(line: str, scope: LexiconScope, language: str, where: str) -> LexiconEntry:
    fields = line.split("\t")
    if len(fields) not in (2, 3):
        raise InputError(f"{where} is not an entry.", cure="Write the word, a tab, and how it is said.")
    written, spoken = (re.sub(r"\\[\\tnr#]", lambda match: _UNESCAPES[match.group()], field) for field in fields[:2])
    if not written.strip() or not spoken.strip():
        raise InputError(f"{where} lacks a side.", cure="Write the word, a tab, and how it is said.")
    if max(len(written), len(spoken)) > MAX_FIELD:
        raise InputError(f"{where} is longer than {MAX_FIELD} characters.", cure="Shorten the entry.")
    entry = LexiconEntry(written, spoken, scope=scope, language=language)
    return _with_flags(entry, fields[2] if len(fields) == 3 else "", where)


def _with_flags(entry: LexiconEntry, flags: str, where: str) -> LexiconEntry:
    for flag in filter(None, (part.strip() for part in flags.split(","))):
        if flag == "case":
            entry = replace(entry, case_sensitive=True)
        elif flag == "regex":
            entry = replace(entry, is_regex=True)
        elif flag.startswith("lang=") and flag[5:]:
            entry = replace(entry, language=flag[5:])
        else:
            raise InputError(f"{where} has the unknown flag '{flag[:40]}'.", cure="Use case, regex or lang=xx.")
    return entry


def _flags(entry: LexiconEntry) -> str:
    language = "" if entry.language == "en" else f"lang={entry.language}"
    return ",".join(filter(None, ["case" * entry.case_sensitive, "regex" * entry.is_regex, language]))


def _escaped(field: str) -> str:
    return re.sub(r"[\\\t\n\r]", lambda match: _ESCAPES[match.group()], field)


def _pls(entries: Iterable[LexiconEntry]) -> str:
    from xml.sax.saxutils import escape, quoteattr  # brings a whole web client along

    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<lexicon version="1.0" xmlns="{PLS_NAMESPACE}" xmlns:declaim="{OWN_NAMESPACE}" alphabet="ipa" xml:lang="en">\n'
    )
    lexemes = []
    for entry in entries:
        written, spoken = (escape(_NOT_XML.sub("", side)) for side in (entry.written, entry.spoken))
        flags = quoteattr(_flags(entry))
        lexemes.append(
            f"  <lexeme declaim:flags={flags}>\n    <grapheme>{written}</grapheme>\n    <alias>{spoken}</alias>\n  </lexeme>\n"
        )
    return head + "".join(lexemes) + "</lexicon>\n"


def _read_pls(data: bytes, name: str) -> tuple[LexiconEntry, ...]:
    reader = _PlsReader(name)
    parser = xml.parsers.expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.refuse_doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    try:
        parser.Parse(data, True)
    except xml.parsers.expat.ExpatError as error:
        raise InputError(f"{name} is not well-formed XML: {error}.", cure="Export the lexicon again.") from error
    return reader.finished()


class _PlsReader:
    """Lexemes as expat meets them: no tree, no entities, a bounded number of entries."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._entries: list[LexiconEntry] = []
        self._depth = 0
        self._language = "en"
        self._flags: str | None = None
        self._graphemes: list[str] = []
        self._alias = ""
        self._field: list[str] | None = None
        self._phonemes_only = 0

    def refuse_doctype(self, *_declaration: object) -> None:
        raise InputError(f"{self._name} has a document type declaration.", cure="Remove the DOCTYPE from the file.")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        element = tag.rpartition(" ")[2]
        if self._depth == 1 and tag != f"{PLS_NAMESPACE} lexicon":
            raise InputError(f"{self._name} is not a pronunciation lexicon.", cure="Choose a PLS 1.0 or a TSV file.")
        if self._depth > 8:
            raise InputError(f"{self._name} is nested too deeply for a lexicon.", cure="Choose a PLS 1.0 file.")
        if element == "lexicon":
            self._language = attributes.get("http://www.w3.org/XML/1998/namespace lang", "en").partition("-")[0].lower() or "en"
        elif element == "lexeme":
            self._flags, self._graphemes, self._alias = attributes.get(f"{OWN_NAMESPACE} flags"), [], ""
        elif element in ("grapheme", "alias"):
            self._field = []

    def characters(self, text: str) -> None:
        if self._field is not None:
            self._field.append(text)

    def end(self, tag: str) -> None:
        self._depth -= 1
        element = tag.rpartition(" ")[2]
        if element == "grapheme" and self._field is not None:
            self._graphemes.append("".join(self._field))
        elif element == "alias" and self._field is not None:
            self._alias = self._alias or "".join(self._field)
        elif element == "lexeme":
            self._take_lexeme()
        self._field = None

    def finished(self) -> tuple[LexiconEntry, ...]:
        if not self._entries and self._phonemes_only:
            cure = "Give the words as <alias>: not every voice takes phonemes."
            raise InputError(f"{self._name} has only phonemes.", cure=cure)
        return tuple(self._entries)

    def _take_lexeme(self) -> None:
        self._phonemes_only += not self._alias.strip()
        where = f"Entry {len(self._entries) + 1} of {self._name}"
        for written in self._graphemes if self._alias.strip() else ():
            if max(len(written), len(self._alias)) > MAX_FIELD or len(self._entries) >= MAX_ENTRIES:
                raise InputError(f"{where} is too much.", cure=f"At most {MAX_ENTRIES} entries of {MAX_FIELD} characters.")
            if written.strip():
                language = self._language if self._flags is None else "en"
                entry = LexiconEntry(written, self._alias, case_sensitive=self._flags is None, language=language)
                self._entries.append(_with_flags(entry, self._flags or "", where))
