"""Blocks of prose into beats: paragraphs, lists, quotes, tables, and a word where something cannot be read aloud."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby

from declaim.model.script import Verbosity
from declaim.model.source import Block, BlockKind, LeftOut, SourceLines
from declaim.scripts.beats import Beat, Role
from declaim.scripts.clauses import is_sentence
from declaim.scripts.inline import clean, has_words, is_credit
from declaim.scripts.sentences import bare, end, in_words, join_words, split_sentences, upper_first
from declaim.scripts.verbs import verb_form

_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")
_LANGUAGES = {
    "python": "a Python example", "py": "a Python example", "js": "a JavaScript example", "javascript": "a JavaScript example",
    "ts": "a TypeScript example", "typescript": "a TypeScript example", "rust": "a Rust example", "go": "a Go example",
    "java": "a Java example", "c": "a C example", "cpp": "a C++ example", "ruby": "a Ruby example", "sql": "an SQL example",
    "json": "an example in JSON", "yaml": "an example in YAML", "yml": "an example in YAML", "toml": "an example in TOML",
    "html": "an HTML example", "css": "a CSS example", "diff": "a code change",
    "bash": "a shell command", "sh": "a shell command", "shell": "a shell command", "console": "a shell command",
        "zsh": "a shell command",
    "powershell": "a shell command", "text": "an example", "txt": "an example",
}  # fmt: skip
_NOTES = ("The text shows {what} here.", "At this point, the text shows {what}.", "In the text, you'll find {what} here.")
_ADMONITION = re.compile(r"\s*(?:\[!)?(NOTE|TIP|IMPORTANT|WARNING|CAUTION|DANGER|HINT|ATTENTION)(?:\]|:)\s*", re.IGNORECASE)
_SHORT_QUOTE = 120
_SOURCE_OF_QUOTE = re.compile(r"\s*(?:—|–|--)\s*(\S.{0,80})")
_ANNOUNCED = (BlockKind.LIST_ITEM, BlockKind.CODE)
"""What joins a paragraph that ends in a colon."""
_SHORT_ITEM = 60
_SMALL_TABLE = (7, 4)
_DETAILED_TABLE = (40, 6)
NORMAL_SENTENCES = 6
"""Sentences of a release's introduction that a normal script reads."""


class ProseWriter:
    """Reads blocks in order. ``is_notes``: the blocks introduce a release, so credits and length are cut."""

    def __init__(self, verbosity: Verbosity, *, is_notes: bool = False) -> None:
        self._verbosity = verbosity
        self._is_notes = is_notes
        self._notes = 0
        self.left_out: list[LeftOut] = []

    def beats(self, blocks: Sequence[Block]) -> list[Beat]:
        """Beats of blocks in order."""
        readers: dict[BlockKind, Callable[[Sequence[Block]], list[Beat]]] = {
            BlockKind.PARAGRAPH: self._paragraphs,
            BlockKind.HTML: self._paragraphs,
            BlockKind.HEADING: self._headings,
            BlockKind.LIST_ITEM: self._list,
            BlockKind.QUOTE: self._quotes,
            BlockKind.CODE: self._code,
            BlockKind.TABLE: self._tables,
            BlockKind.IMAGE: self._images,
        }
        beats: list[Beat] = []
        for kind, run in groupby(blocks, key=lambda block: block.kind):
            if kind in readers:
                found = readers[kind](list(run))
                beats += found
                if kind in _ANNOUNCED and len(found) == 1 and len(beats) > 1 and _last(beats[-2]).endswith(":"):
                    beats[-2:] = [_announced(*beats[-2:])]
        return self._shortened(beats) if self._is_notes else beats

    def sentences(self, text: str, lines: SourceLines) -> list[str]:
        """The sentences of a paragraph's inline Markdown; what is silent goes to ``left_out``."""
        cleaned = clean(text)
        self.left_out += [LeftOut(lines, what, reason) for what, reason in cleaned.dropped]
        sentences = [sentence for sentence in split_sentences(cleaned.text) if has_words(sentence)]
        if not self._is_notes:
            return sentences
        self.left_out += [LeftOut(lines, sentence[:300], "credit") for sentence in sentences if is_credit(sentence)]
        return [sentence for sentence in sentences if not is_credit(sentence)]

    def _shortened(self, beats: list[Beat]) -> list[Beat]:
        if self._verbosity is Verbosity.DETAILED:
            return beats
        most = 2 if self._verbosity is Verbosity.BRIEF else NORMAL_SENTENCES
        kept, said = list[Beat](), 0
        for beat in beats:
            sentences = (beat.lead, *beat.rest)[: max(0, most - said)]
            said += len(sentences)
            if sentences:
                kept.append(Beat(beat.role, sentences[0], beat.source_lines, sentences[1:], beat.kind, beat.topic))
            if len(sentences) < 1 + len(beat.rest):
                rest = " ".join((beat.lead, *beat.rest)[len(sentences) :])
                self.left_out.append(LeftOut(beat.source_lines, rest[:300], f"kept short ({self._verbosity} script)"))
        return kept

    def _paragraphs(self, blocks: Sequence[Block]) -> list[Beat]:
        beats = []
        for block in blocks:
            sentences = self.sentences(block.text, block.source_lines)
            if sentences:
                beats.append(Beat(Role.PROSE, sentences[0], block.source_lines, tuple(sentences[1:])))
            elif block.kind is BlockKind.HTML and block.text.strip():
                self._leave(block, "HTML without words")
        return beats

    def _headings(self, blocks: Sequence[Block]) -> list[Beat]:
        said = [(block, clean(block.text).text) for block in blocks]
        return [Beat(Role.NOTE, end(text), block.source_lines) for block, text in said if has_words(text)]

    def _list(self, items: Sequence[Block]) -> list[Beat]:
        read = [(item, self.sentences(item.text, item.source_lines)) for item in items]
        said = [(item, sentences) for item, sentences in read if sentences]
        if len(said) > 1 and all(_is_short(item, sentences) for item, sentences in said):
            lines = (said[0][0].source_lines[0], said[-1][0].source_lines[1])
            return [
                Beat(Role.PROSE, join_words([bare(sentences[0]) for _, sentences in said[at : at + 8]]) + ".", lines)
                for at in range(0, len(said), 8)
            ]
        return [
            Beat(Role.PROSE, _numbered(item, sentences[0]), item.source_lines, tuple(sentences[1:])) for item, sentences in said
        ]

    def _quotes(self, blocks: Sequence[Block]) -> list[Beat]:
        """Quotes are marked as such; a note or warning set as a quote is none."""
        runs: list[list[Block]] = []
        for block in blocks:
            is_note = _ADMONITION.match(block.text) is not None
            if is_note or not runs or _ADMONITION.match(runs[-1][0].text):
                runs.append([])
            runs[-1].append(block)
        return [beat for run in runs for beat in self._quote(run)]

    def _quote(self, blocks: Sequence[Block]) -> list[Beat]:
        lines = (blocks[0].source_lines[0], blocks[-1].source_lines[1])
        sentences = [sentence for block in blocks for sentence in self.sentences(_noted(block.text), block.source_lines)]
        if not sentences:
            return []
        if _ADMONITION.match(blocks[0].text):
            return [Beat(Role.PROSE, sentences[0], lines, tuple(sentences[1:]))]
        ending = "End of quote." if len(sentences) > 1 or len(sentences[0]) > _SHORT_QUOTE else ""
        if len(blocks) > 1 and _SOURCE_OF_QUOTE.fullmatch(blocks[-1].text):
            sentences[-1] = f"— {sentences[-1]}"
        if len(sentences) > 1 and (by := _SOURCE_OF_QUOTE.fullmatch(sentences[-1])):
            sentences, ending = sentences[:-1], f"End of quote, {end(by.group(1))}"
        said = (*map(end, sentences[1:]), *([ending] if ending else []))
        return [Beat(Role.NOTE, f"Quote: {end(sentences[0])}", lines, said)]

    def _code(self, blocks: Sequence[Block]) -> list[Beat]:
        for block in blocks:
            self._leave(block, "code block")
        if self._verbosity is Verbosity.BRIEF:
            return []
        language = blocks[0].language.split()[0].lower() if blocks[0].language.split() else ""
        what = _LANGUAGES.get(language, "a code example")
        if len(blocks) > 1:
            what = "examples"
        note = _NOTES[self._notes % len(_NOTES)].format(what=what)
        self._notes += 1
        lines = (blocks[0].source_lines[0], blocks[-1].source_lines[1])
        return [Beat(Role.NOTE, note, lines, about=f"{what}, shown in the text.")]

    def _tables(self, blocks: Sequence[Block]) -> list[Beat]:
        return [beat for block in blocks for beat in self._table(block)]

    def _table(self, block: Block) -> list[Beat]:
        rows = [[clean(cell).text for cell in row] for row in block.rows]
        if len(rows) < 2 or not any(rows[0]):
            self._leave(block, "table without a head")
            return []
        head, body = rows[0], rows[1:]
        columns = [cell for cell in head if cell]
        most_rows, most_columns = _DETAILED_TABLE if self._verbosity is Verbosity.DETAILED else _SMALL_TABLE
        if self._verbosity is Verbosity.BRIEF or len(rows) > most_rows or len(head) > most_columns:
            self._leave(block, "table too large to listen to")
            many = "one row" if len(body) == 1 else f"{in_words(len(body))} rows"
            text = f"The text has a table here, with {many}. It lists {join_words(columns)}."
            return [Beat(Role.NOTE, text, block.source_lines)]
        beats = [Beat(Role.NOTE, f"Here is a table with the columns {join_words(columns)}.", block.source_lines)]
        first, last = block.source_lines
        is_plain = last - first == len(rows)
        for index, row in enumerate(body):
            lines = (first + 2 + index, first + 2 + index) if is_plain else block.source_lines
            if sentences := _row(head, row):
                beats.append(Beat(Role.PROSE, sentences[0], lines, tuple(sentences[1:])))
        return beats

    def _images(self, blocks: Sequence[Block]) -> list[Beat]:
        for block in blocks:
            self._leave(block, "image")
        return []

    def _leave(self, block: Block, reason: str) -> None:
        self.left_out.append(LeftOut(block.source_lines, block.text.strip()[:300], reason))


def _is_short(item: Block, sentences: Sequence[str]) -> bool:
    text = bare(sentences[0])
    plain = len(sentences) == 1 and len(text) <= _SHORT_ITEM and not re.search(r"[,;:!?]|\.\s", text) and not is_sentence(text)
    return plain and item.number is None and item.level <= 1


def _numbered(item: Block, sentence: str) -> str:
    """An ordered item says its place; a step's verb goes on in small letters."""
    if item.number is None:
        return upper_first(end(sentence))
    place = _ORDINALS[item.number - 1] if 0 < item.number <= len(_ORDINALS) else f"Number {in_words(item.number)}"
    word = re.match(r"([A-Z][a-z]+) ", sentence)
    form = verb_form(word.group(1)) if word else None
    if form is not None and form.form == "base":
        return f"{place}, {sentence[0].lower()}{sentence[1:]}"
    return f"{place}: {sentence}"


def _row(head: Sequence[str], row: Sequence[str]) -> list[str]:
    """``Piper.`` ``Licence: GPL.`` ``Size: 60 MB.`` With two columns the second needs no name."""
    first, rest = row[0], [(name, cell) for name, cell in zip(head[1:], row[1:], strict=False) if cell]
    if len(head) <= 2:
        told = ": ".join(part for part in (first, *(cell for _, cell in rest)) if part)
        return [end(told)] if told else []
    return [end(part) for part in (first, *(f"{name}: {cell}" if name else cell for name, cell in rest)) if part]


def _noted(text: str) -> str:
    """``[!WARNING] Never …`` → ``Warning: Never …``"""
    match = _ADMONITION.match(text)
    return f"{match.group(1).capitalize()}: {text[match.end() :]}" if match else text


def _last(beat: Beat) -> str:
    return beat.rest[-1] if beat.rest else beat.lead


def _announced(before: Beat, items: Beat) -> Beat:
    """``You need:`` and its short list as one sentence."""
    *said, announcement = (before.lead, *before.rest)
    told = items.about or items.lead
    sentences = (*said, f"{announcement} {told}")
    lines = (before.source_lines[0], items.source_lines[1])
    return Beat(before.role, sentences[0], lines, sentences[1:], before.kind, before.topic)
