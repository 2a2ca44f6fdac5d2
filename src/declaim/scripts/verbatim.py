"""The author's own words, in order, with nothing added: for those who want no rewriting at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from declaim.errors import InputError
from declaim.model.script import WrittenScript
from declaim.model.source import Block, BlockKind, Entry, GroupKind, LeftOut, Release, SourceLines, SourceType
from declaim.model.work import CancelToken
from declaim.scripts.beats import Beat, Part, Role, narrate
from declaim.scripts.document import chaptered, title_of
from declaim.scripts.inline import clean, has_words
from declaim.scripts.request import WriteRequest
from declaim.scripts.sentences import split_sentences


class VerbatimWriter:
    """Speaks the author's words unchanged, except what is silent on a page: references, addresses, marks, code blocks."""

    name = "verbatim"

    def write(self, request: WriteRequest, cancel: CancelToken) -> WrittenScript:
        reader = _Reader()
        source = request.source
        releases = request.releases or source.releases
        cancel.check()
        if source.source_type is SourceType.CHANGELOG and releases:
            parts = [reader.release(release) for release in releases]
        else:
            parts = [reader.part(chapter.title, chapter.source_lines, chapter.blocks) for chapter in chaptered(source)]
        title = request.settings.title or title_of(source)
        script = narrate(title, parts)
        if not script.lines:
            raise InputError("The source has no words to speak.", cure="Choose a source with text, or another release.")
        return WrittenScript(script, (*source.left_out, *reader.left_out), self.name)


class _Reader:
    def __init__(self) -> None:
        self.left_out: list[LeftOut] = []

    def part(self, title: str, lines: SourceLines, blocks: Sequence[Block]) -> Part:
        heading = self._beats(title, lines) if title else []
        return Part(title, [*heading, *(beat for block in blocks for beat in self._block(block))])

    def release(self, release: Release) -> Part:
        lines = (release.source_lines[0], release.source_lines[0])
        title = clean(release.title).text or release.version or "Unreleased"
        part = Part(title, [*self._beats(release.title or title, lines), *self._blocks(release.summary)])
        for group in release.groups:
            part.beats += self._beats(group.title, (group.source_lines[0], group.source_lines[0]))
            part.beats += self._blocks(group.summary)
            for entry in group.entries:
                part.beats += self._entry(entry, is_told=group.kind is GroupKind.BREAKING)
        return part

    def _blocks(self, blocks: Sequence[Block]) -> list[Beat]:
        return [beat for block in blocks for beat in self._block(block)]

    def _entry(self, entry: Entry, *, is_told: bool) -> Iterator[Beat]:
        """``is_told``: the heading has said already that it breaks something."""
        waiting = [entry]
        while waiting:
            one = waiting.pop()
            yield from self._beats(_head_and_text(one, is_told=is_told), one.source_lines)
            for paragraph in one.more:
                yield from self._beats(paragraph, one.source_lines)
            waiting.extend(reversed(one.children))

    def _block(self, block: Block) -> list[Beat]:
        if block.kind in (BlockKind.CODE, BlockKind.IMAGE):
            reason = "code block" if block.kind is BlockKind.CODE else "image"
            self.left_out.append(LeftOut(block.source_lines, block.text.strip()[:300], reason))
            return []
        if block.kind is BlockKind.TABLE:
            return [
                beat for row in block.rows for beat in self._beats(", ".join(cell for cell in row if cell), block.source_lines)
            ]
        return [] if block.kind is BlockKind.RULE else self._beats(block.text, block.source_lines)

    def _beats(self, text: str, lines: SourceLines) -> list[Beat]:
        cleaned = clean(text)
        self.left_out += [LeftOut(lines, what, reason) for what, reason in cleaned.dropped]
        sentences = [sentence for sentence in split_sentences(cleaned.text) if has_words(sentence)]
        return [Beat(Role.PROSE, sentences[0], lines, tuple(sentences[1:]))] if sentences else []


def _head_and_text(entry: Entry, *, is_told: bool) -> str:
    """An entry with what stood before its colon: the scope, and that it breaks something."""
    scope = entry.scope if entry.scope and not entry.text.startswith(entry.scope) else ""
    if entry.breaking and not is_told and "breaking" not in entry.text.lower():
        return f"Breaking change in {scope}: {entry.text}" if scope else f"Breaking: {entry.text}"
    return f"{scope}: {entry.text}" if scope else entry.text
