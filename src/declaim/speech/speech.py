"""``Speech``: a line of a script, or any text, as a voice reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from declaim.model.cue import Cue, CueKind, Span, TextSpan, parse_cues, shown_text
from declaim.model.lexicon import LexiconEntry, LexiconScope
from declaim.model.script import Line
from declaim.model.spoken import SpokenLine, SpokenPart, SpokenPause, SpokenSound, SpokenStyle, SpokenText, VocalSound
from declaim.speech.english import ENGLISH
from declaim.speech.lexicon import LexiconIndex, built_in_lexicon
from declaim.speech.markup import for_eyes, for_voice
from declaim.speech.notes import parse_notes
from declaim.speech.scan import Language, Scan, read

SLOW_PACE = 0.8
FAST_PACE = 1.25
REMEMBERED_TEXTS = 8192
_LANGUAGES = {"en": ENGLISH}
_SCOPES = (LexiconScope.BUILT_IN, LexiconScope.USER, LexiconScope.PROJECT)
_LOOKS = {
    CueKind.EMPH: (SpokenStyle.EMPHASIS, 1.0),
    CueKind.WHISPER: (SpokenStyle.WHISPER, 1.0),
    CueKind.SLOW: (SpokenStyle.PLAIN, SLOW_PACE),
    CueKind.FAST: (SpokenStyle.PLAIN, FAST_PACE),
}


class Speech:
    """How text is said, ``spoken.md``: cues out, then the lexicon, then the rules of the language.

    ``lexicon`` holds the user's and the project's entries; the built-in ones stand under them, ``pronunciation_notes`` above.
    A language without rules of its own is read with the English ones, and with the English words under its own.

    Raises:
        InputError: for a regular-expression entry that is not valid or not safe.
    """

    def __init__(self, lexicon: Sequence[LexiconEntry] = (), language: str = "en", pronunciation_notes: str = "") -> None:
        code = language.partition("-")[0].partition("_")[0].lower() or "en"
        self._language: Language = _LANGUAGES.get(code, ENGLISH)
        codes = tuple(dict.fromkeys((self._language.code, code)))  # of two entries in one scope the later one counts
        known = [entry for one in codes for entry in lexicon if entry.language.partition("-")[0].lower() == one]
        ordered = [entry for scope in _SCOPES for entry in known if entry.scope is scope]
        notes = tuple(replace(entry, language=code) for entry in parse_notes(pronunciation_notes))
        self._index = _index((*ordered, *notes), codes)
        # The window reads a whole script again when one line of it changes.
        self._read = lru_cache(maxsize=REMEMBERED_TEXTS)(self._read_afresh)

    def speak_line(self, line: Line) -> SpokenLine:
        """What a voice reads for a line, and what captions show of it.

        Raises:
            CueError: for a near miss of a cue.
        """
        return SpokenLine(line.speaker, for_eyes(shown_text(line.text)), self._parts(line.text))

    def spoken_text(self, text: str) -> str:
        """The words of a text, cues taken out.

        Raises:
            CueError: for a near miss of a cue.
        """
        return SpokenLine("", "", self._parts(text)).text

    def _parts(self, text: str) -> tuple[SpokenPart, ...]:
        spans = parse_cues(text)
        parts = _Parts()
        for index, span in enumerate(spans):
            if isinstance(span, TextSpan):
                parts.text(self._read(span.text, index == 0, not _has_words(spans[index + 1 :])))
            elif span.kind is CueKind.PAUSE:
                parts.add(SpokenPause(span.pause_ms))
            elif span.kind is CueKind.SAY:
                parts.text(span.words)
            elif span.kind is CueKind.SPELL:
                parts.text(self._language.spell(span.words))
            elif span.kind in _LOOKS:
                parts.styled(self._read(span.words, False, False), *_LOOKS[span.kind])
            else:
                parts.add(SpokenSound(VocalSound(span.kind.value)))
        return parts.finished()

    def _read_afresh(self, text: str, begins: bool, ends: bool) -> str:
        return read(Scan(for_voice(text), self._language, self._index, begins, ends))


def _has_words(spans: Sequence[Span]) -> bool:
    return any(span.words if isinstance(span, Cue) else span.text.strip() for span in spans)


class _Parts:
    """Parts in the making: plain text runs together; a sentence's sign stays with the words before it."""

    def __init__(self) -> None:
        self._parts: list[SpokenPart] = []
        self._plain = ""

    def text(self, text: str) -> None:
        last = self._parts[-1] if self._parts and not self._plain else None
        if isinstance(last, SpokenText) and (signs := text[: len(text) - len(text.lstrip(",.;:!?…)”’\"'"))]):
            self._parts[-1] = replace(last, text=last.text + signs)
            text = text[len(signs) :]
        self._plain += text

    def styled(self, text: str, style: SpokenStyle, pace: float) -> None:
        if text.strip():
            self.add(SpokenText(text.strip(), style, pace))

    def add(self, part: SpokenPart) -> None:
        self._close()
        self._parts.append(part)

    def finished(self) -> tuple[SpokenPart, ...]:
        self._close()
        return tuple(self._parts)

    def _close(self) -> None:
        if self._plain.strip():
            self._parts.append(SpokenText(self._plain.strip()))
        self._plain = ""


@lru_cache(maxsize=16)
def _index(entries: tuple[LexiconEntry, ...], languages: tuple[str, ...]) -> LexiconIndex:
    return LexiconIndex((*(entry for language in languages for entry in built_in_lexicon(language)), *entries))
