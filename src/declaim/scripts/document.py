"""The chapters of a document's script: its headings, with the prose between them."""

from __future__ import annotations

from dataclasses import dataclass, field

from declaim.model.script import Tone, Verbosity
from declaim.model.source import Block, BlockKind, LeftOut, Source, SourceLines
from declaim.model.work import CancelToken
from declaim.scripts.beats import Beat, Part, Role
from declaim.scripts.inline import clean, has_words
from declaim.scripts.phrases import VOICES
from declaim.scripts.prose import ProseWriter
from declaim.scripts.request import WriteRequest
from declaim.scripts.sentences import end

_OPENINGS = {
    Tone.CASUAL: "You're listening to “{title}”.",
    Tone.PROFESSIONAL: "{title}.",
    Tone.ENTHUSIASTIC: "Here comes “{title}”!",
    Tone.TECHNICAL: "Document: {title}.",
}
_CLOSINGS = {
    Tone.CASUAL: "And that was “{title}”. Thanks for listening.",
    Tone.PROFESSIONAL: "This concludes “{title}”.",
    Tone.ENTHUSIASTIC: "That was “{title}”. Thanks for coming along!",
    Tone.TECHNICAL: "End of “{title}”.",
}
_BRIEF_SENTENCES = 2


@dataclass
class Chaptered:
    """A heading and the blocks below it."""

    title: str
    source_lines: SourceLines
    blocks: list[Block] = field(default_factory=list)


def title_of(source: Source, title: str = "") -> str:
    """What a document is called: the settings', the file's, or its first heading."""
    first = next((block.text for block in source.blocks if block.kind is BlockKind.HEADING), "")
    return clean(title or source.title or first).text[:500]


def chaptered(source: Source) -> list[Chaptered]:
    """The blocks under the headings of the topmost level that is not the title. The first may have no title."""
    blocks = list(source.blocks)
    first = Chaptered("", blocks[0].source_lines if blocks else (1, 1))
    heads = [block for block in blocks if block.kind is BlockKind.HEADING and has_words(clean(block.text).text)]
    if heads and heads[0].level == min(head.level for head in heads) and sum(head.level == heads[0].level for head in heads) == 1:
        top, heads = heads[0], heads[1:]
        blocks.remove(top)
        if (own := clean(top.text).text) != title_of(source):
            first = Chaptered(own, top.source_lines)
    level = min((head.level for head in heads), default=0)
    chapters = [first]
    for block in blocks:
        title = clean(block.text).text if block.kind is BlockKind.HEADING and block.level <= level else ""
        if has_words(title):
            chapters.append(Chaptered(title, block.source_lines))
        else:
            chapters[-1].blocks.append(block)
    return [chapter for chapter in chapters if chapter.title or chapter.blocks]


class DocumentScript:
    """Makes the parts of one document's script; ``left_out`` fills meanwhile."""

    def __init__(self, request: WriteRequest, cancel: CancelToken) -> None:
        self._request = request
        self._settings = request.settings
        self._cancel = cancel
        self.left_out: list[LeftOut] = []

    def title(self) -> str:
        return title_of(self._request.source, self._settings.title)

    def parts(self) -> list[Part]:
        chapters = chaptered(self._request.source)
        prose = ProseWriter(self._settings.verbosity)
        parts = []
        for chapter in chapters:
            self._cancel.check()
            beats = prose.beats(chapter.blocks)
            if self._settings.verbosity is Verbosity.BRIEF:
                beats = self._essence(beats)
            if chapter.title:
                beats.insert(0, Beat(Role.INTRO, end(chapter.title), chapter.source_lines, topic=chapter.title))
            if beats:
                parts.append(Part(chapter.title, beats))
        self.left_out += prose.left_out
        return self._framed(parts) if parts else []

    def _framed(self, parts: list[Part]) -> list[Part]:
        title, settings = self.title(), self._settings
        first, last = parts[0].beats[0].source_lines, parts[-1].beats[-1].source_lines
        opening, closing = list[Beat](), list[Beat]()
        if title:
            top = (min(1, first[0]), min(1, first[0]))
            opening.append(Beat(Role.OPENING, end(_OPENINGS[settings.tone].format(title=title)), top))
            closing.append(Beat(Role.CLOSING, _CLOSINGS[settings.tone].format(title=title), top))
        if settings.audience.strip():
            audience = VOICES[settings.tone].audience.format(audience=settings.audience.strip())
            opening.append(Beat(Role.OPENING, audience, first))
        if settings.cta.strip():
            closing.append(Beat(Role.CLOSING, end(" ".join(settings.cta.split())), last))
        if parts[0].title:
            parts.insert(0, Part("", []))
        parts[0] = Part(parts[0].title or "Introduction", [*opening, *parts[0].beats])
        return [*parts, Part("Closing", closing)]

    def _essence(self, beats: list[Beat]) -> list[Beat]:
        """The first sentences of a section: authors say there what it is about."""
        kept, said = list[Beat](), 0
        for beat in beats:
            sentences = (beat.lead, *beat.rest)
            taken = sentences[: max(0, _BRIEF_SENTENCES - said)] if beat.role is Role.PROSE else ()
            said += len(taken)
            if taken:
                kept.append(Beat(Role.PROSE, taken[0], beat.source_lines, taken[1:]))
            if len(taken) < len(sentences):
                self.left_out.append(
                    LeftOut(beat.source_lines, " ".join(sentences[len(taken) :])[:300], "kept short (brief script)")
                )
        return kept or beats[:1]
