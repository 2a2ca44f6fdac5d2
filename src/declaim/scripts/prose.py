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
_ADMONITION = re.compile(r"^\s*\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*", re.IGNORECASE)
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
            BlockKind.QUOTE: self._quote,
            BlockKind.CODE: self._code,
            BlockKind.TABLE: self._tables,
            BlockKind.IMAGE: self._images,
        }
        beats: list[Beat] = []
        for kind, run in groupby(blocks, key=lambda block: block.kind):
            if kind in readers:
                beats += readers[kind](list(run))
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
        most = 1 if self._verbosity is Verbosity.BRIEF else NORMAL_SENTENCES
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
        return [Beat(Role.PROSE, end(text), block.source_lines) for block, text in said if has_words(text)]

    def _list(self, items: Sequence[Block]) -> list[Beat]:
        read = [(item, self.sentences(item.text, item.source_lines)) for item in items]
        said = [(item, sentences) for item, sentences in read if sentences]
        if len(said) > 1 and all(_is_short(item, sentences) for item, sentences in said):
            lines = (said[0][0].source_lines[0], said[-1][0].source_lines[1])
            return [
                Beat(Role.PROSE, upper_first(join_words([bare(sentences[0]) for _, sentences in said[at : at + 8]])) + ".", lines)
                for at in range(0, len(said), 8)
            ]
        return [
            Beat(Role.PROSE, _numbered(item, sentences[0]), item.source_lines, tuple(sentences[1:])) for item, sentences in said
        ]

    def _quote(self, blocks: Sequence[Block]) -> list[Beat]:
        lines = (blocks[0].source_lines[0], blocks[-1].source_lines[1])
        admonition = _ADMONITION.match(blocks[0].text)
        texts = [_ADMONITION.sub("", block.text) for block in blocks]
        read = [self.sentences(text, block.source_lines) for text, block in zip(texts, blocks, strict=True)]
        sentences = [sentence for found in read for sentence in found]
        if not sentences:
            return []
        if admonition:
            return [Beat(Role.PROSE, f"{admonition.group(1).capitalize()}: {sentences[0]}", lines, tuple(sentences[1:]))]
        return [
            Beat(Role.PROSE, f"Quote: {sentences[0]}", lines, (*(end(sentence) for sentence in sentences[1:]), "End of quote."))
        ]

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
        return [Beat(Role.REST, note, (blocks[0].source_lines[0], blocks[-1].source_lines[1]))]

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
            return [Beat(Role.REST, text, block.source_lines)]
        intro = f"A table, with {join_words(columns)}."
        return [Beat(Role.PROSE, intro, block.source_lines, tuple(_row(head, row) for row in body if any(row)))]

    def _images(self, blocks: Sequence[Block]) -> list[Beat]:
        for block in blocks:
            self._leave(block, "image")
        return []

    def _leave(self, block: Block, reason: str) -> None:
        self.left_out.append(LeftOut(block.source_lines, block.text.strip()[:300], reason))


def _is_short(item: Block, sentences: Sequence[str]) -> bool:
    text = bare(sentences[0])
    plain = len(sentences) == 1 and len(text) <= _SHORT_ITEM and not re.search(r"[,;:.!?]", text) and not is_sentence(text)
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


def _row(head: Sequence[str], row: Sequence[str]) -> str:
    """``Piper: licence, GPL; size, 60 MB.`` With two columns the second needs no name."""
    first, rest = row[0], [(name, cell) for name, cell in zip(head[1:], row[1:], strict=False) if cell]
    if len(head) <= 2:
        return end(": ".join(part for part in (first, *(cell for _, cell in rest)) if part))
    told = "; ".join(f"{name}, {bare(cell)}" if name else bare(cell) for name, cell in rest)
    return end(f"{first}: {told}" if first and told else first or told)
