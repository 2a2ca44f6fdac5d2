"""The chapters of a changelog's script: opening, history, groups in the order that matters, closing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from declaim.model.script import Tone, Verbosity
from declaim.model.source import Block, GroupKind, LeftOut, Release, SourceLines
from declaim.model.work import CancelToken
from declaim.scripts.beats import Beat, Part, Role
from declaim.scripts.clauses import is_sentence
from declaim.scripts.entries import EntryWriter
from declaim.scripts.facts import Fact, Names, counted, follow_ups, head_line, history_of, names_of, spoken_date
from declaim.scripts.inline import clean
from declaim.scripts.phrases import VOICES
from declaim.scripts.prose import ProseWriter
from declaim.scripts.readings import Reading, Vocabulary
from declaim.scripts.request import WriteRequest
from declaim.scripts.sections import Section, is_severe, numbers_of, sections_of
from declaim.scripts.sentences import end, in_words, join_words, upper_first

_WEIGHT = {
    GroupKind.BREAKING: 100, GroupKind.SECURITY: 90, GroupKind.ADDED: 50, GroupKind.DEPRECATED: 44, GroupKind.REMOVED: 42,
    GroupKind.CHANGED: 40, GroupKind.PERFORMANCE: 38, GroupKind.FIXED: 30, GroupKind.OTHER: 25, GroupKind.DOCUMENTATION: 5,
    GroupKind.INTERNAL: 1,
}  # fmt: skip
BRIEF_MOST = 5
NORMAL_MOST = 15
"""Entries of a group that a normal script reads; the rest is left to the page, and said to be."""
_CHORES_MOST = 3


class ChangelogScript:
    """Makes the parts of one script; ``left_out`` fills meanwhile."""

    def __init__(self, request: WriteRequest, releases: Sequence[Release], cancel: CancelToken) -> None:
        self._request = request
        self._releases = releases
        self._cancel = cancel
        self._settings = request.settings
        self._vocabulary = Vocabulary(request.source.markdown)
        self._is_serious = self._settings.severity_aware_tone and any(map(is_severe, releases))
        self.tone = _sober(self._settings.tone) if self._is_serious else self._settings.tone
        self._voice = VOICES[self.tone]
        self._own_titles = 0
        self._follow_ups: dict[int, Fact] = {}
        self._said: dict[object, Reading] = {}
        self.left_out: list[LeftOut] = []

    def parts(self) -> list[Part]:
        if len(self._releases) == 1:
            return self._alone(self._releases[0])
        return self._several()

    def title(self) -> str:
        settings, source = self._settings, self._request.source
        names = names_of(self._releases[0], source, settings, alone=len(self._releases) == 1)
        if settings.title:
            return settings.title
        if len(self._releases) > 1:
            return source.title or names.product or "Changelog"
        if self._releases[0].unreleased and names.product:
            return f"{names.product}: unreleased changes"
        return upper_first(names.full)

    # one release

    def _alone(self, release: Release) -> list[Part]:
        names = names_of(release, self._request.source, self._settings, alone=True)
        writer = self._writer(names)
        sections = self._sections(release, writer)
        self._follow_ups = follow_ups(release, self._request.source, self._settings)
        is_brief = self._settings.verbosity is Verbosity.BRIEF
        parts = [Part("Overview", self._opening(release, names, sections))]
        parts += [self._highlights(sections, writer)] if is_brief else self._told(sections, writer)
        is_unreleased = release.unreleased and not names.version
        closing = self._voice.closing_unreleased if is_unreleased else self._voice.closing.format(name=names.full)
        parts.append(Part("Closing", self._closing(closing, release.source_lines)))
        self.left_out += writer.left_out
        return parts

    def _opening(self, release: Release, names: Names, sections: Sequence[Section]) -> list[Beat]:
        voice, lines = self._voice, head_line(release)
        date = spoken_date(release.date) if release.date and spoken_date(release.date) not in names.full else ""
        if release.unreleased and not names.version:
            opening = voice.opening_unreleased
        else:
            opening = voice.opening if date else voice.opening_undated
        beats = [Beat(Role.OPENING, upper_first(opening.format(name=names.full, date=date)), lines)]
        beats += self._standing(release)
        if self._settings.audience.strip():
            beats.append(Beat(Role.OPENING, voice.audience.format(audience=self._settings.audience.strip()), lines))
        beats += [Beat(Role.HISTORY, fact.text, fact.source_lines) for fact in self._history(release)]
        beats += self._summary(release.summary)
        numbers = numbers_of(sections)
        counts = counted(numbers)
        if self._settings.verbosity is Verbosity.BRIEF:
            beats.append(Beat(Role.OVERVIEW, voice.brief, release.source_lines))
        elif sum(numbers.values()) > 1:
            beats.append(Beat(Role.OVERVIEW, voice.overview.format(counts=join_words(counts)), release.source_lines))
        if self._is_serious:
            beats.append(Beat(Role.OPENING, voice.serious, release.source_lines))
        return beats

    def _standing(self, release: Release) -> list[Beat]:
        """What kind of release it is, where that is out of the ordinary."""
        lines = head_line(release)
        if release.yanked:
            return [Beat(Role.OPENING, "Please note: this release has been yanked.", lines)]
        if release.prerelease and release.version:
            return [Beat(Role.OPENING, "It is a pre-release.", lines)]
        return []

    def _history(self, release: Release) -> Sequence[Fact]:
        return history_of(release, self._request.source, self._settings, self._request.history)

    def _summary(self, blocks: Sequence[Block]) -> list[Beat]:
        prose = ProseWriter(self._settings.verbosity, is_notes=True)
        beats = prose.beats(blocks)
        self.left_out += prose.left_out
        return beats

    # groups

    def _sections(self, release: Release, writer: EntryWriter) -> list[Section]:
        """The release's sections, read; what is said twice is said once."""
        sections = sections_of(release)
        for section in sections:
            read = [writer.read(entry, kind) for entry, kind in section.entries]
            section.readings = self._without_repeats([reading for reading in read if reading is not None])
        return [section for section in sections if section.readings or section.prose]

    def _told(self, sections: Sequence[Section], writer: EntryWriter) -> list[Part]:
        parts = []
        for section in sections:
            self._cancel.check()
            beats = self._section_beats(section, writer)
            if beats:
                parts.append(Part(section.title, [self._intro(section), *beats]))
        return parts

    def _intro(self, section: Section) -> Beat:
        text = self._voice.intros[section.kind]
        if section.is_own:
            frame = self._voice.later[self._own_titles % len(self._voice.later)]
            self._own_titles += 1
            text = end(section.title) if is_sentence(section.title) else frame.format(title=section.title.rstrip("."))
        line = section.source_lines[0]
        return Beat(Role.INTRO, text, (line, line), kind=section.kind, topic=section.title if section.is_own else "")

    def _section_beats(self, section: Section, writer: EntryWriter) -> list[Beat]:
        writer.start_group()
        readings = section.readings
        told = readings if self._settings.verbosity is Verbosity.DETAILED else readings[: _most(section.kind, len(readings))]
        rest = readings[len(told) :]
        beats = self._remembered(_in_place(self._summary(section.prose), writer.write(told)))
        if rest:
            self.left_out += [LeftOut(one.source_lines, one.entry.text[:300], "kept short (normal script)") for one in rest]
            lines = (rest[0].source_lines[0], rest[-1].source_lines[1])
            beats.append(Beat(Role.REST, self._voice.rest.format(count=in_words(len(rest))), lines))
        return beats

    def _remembered(self, beats: Sequence[Beat]) -> list[Beat]:
        """With a word on earlier releases after the entries that come back to them."""
        remembered: list[Beat] = []
        for beat in beats:
            remembered.append(beat)
            fact = self._follow_ups.pop(beat.source_lines[0], None) if beat.role is Role.ENTRY else None
            if fact is not None:
                remembered.append(Beat(Role.NOTE, fact.text, fact.source_lines))
        return remembered

    def _highlights(self, sections: Sequence[Section], writer: EntryWriter) -> Part:
        """The five entries that matter most, section by section."""
        everything = [(section, index) for section in sections for index in range(len(section.readings))]
        ranked = sorted(everything, key=lambda pair: (-_WEIGHT[pair[0].kind], pair[1], pair[0].place))
        chosen = {(id(section), index) for section, index in ranked[:BRIEF_MOST]}
        for section, index in ranked[BRIEF_MOST:]:
            entry = section.readings[index].entry
            self.left_out.append(LeftOut(entry.source_lines, entry.text[:300], "not among the five that matter most"))
        part = Part("Highlights")
        for section in sections:
            writer.start_group()
            beats = writer.write([one for index, one in enumerate(section.readings) if (id(section), index) in chosen])
            part.beats += [_marked(beat, section.kind) for beat in beats]
        return part

    # several releases

    def _several(self) -> list[Part]:
        names = names_of(self._releases[0], self._request.source, self._settings, alone=False)
        product = names.product or "this project"
        first, last = self._releases[0], self._releases[-1]
        opening = Beat(Role.OPENING, self._voice.opening_many.format(name=product), head_line(first))
        parts = [Part("Overview", [opening])]
        if self._settings.audience.strip():
            audience = self._voice.audience.format(audience=self._settings.audience.strip())
            parts[0].beats.append(Beat(Role.OPENING, audience, head_line(first)))
        for release in self._releases:
            self._cancel.check()
            parts.append(self._one_of_several(release))
        lines = (first.source_lines[0], last.source_lines[1])
        return [*parts, Part("Closing", self._closing(self._voice.closing_many, lines))]

    def _one_of_several(self, release: Release) -> Part:
        names = names_of(release, self._request.source, self._settings, alone=False)
        writer = self._writer(names)
        title = release.version or (clean(release.title).text or "Unreleased")
        part = Part(title, [Beat(Role.HEADER, self._header(release, names), head_line(release))])
        part.beats += self._summary(release.summary)
        sections = self._sections(release, writer)
        if self._settings.verbosity is Verbosity.BRIEF:
            part.beats += self._highlights(sections, writer).beats
        else:
            for section in sections:
                part.beats += [_marked(beat, section.kind) for beat in self._section_beats(section, writer)]
        self.left_out += writer.left_out
        return part

    def _header(self, release: Release, names: Names) -> str:
        if release.unreleased and not release.version:
            return "These changes are not released yet."
        name = f"Version {release.version}" if release.version else clean(release.title).text or names.full
        kind = ", a pre-release" if release.prerelease and release.version else ""
        date = f"{' from' if kind else ','} {spoken_date(release.date)}" if release.date else ""
        yanked = " It has been yanked." if release.yanked else ""
        return end(upper_first(name) + kind + date) + yanked

    def _without_repeats(self, readings: Sequence[Reading]) -> list[Reading]:
        """Two hosts never say the same thing twice in a script; one narrator not twice in a release."""
        if self._settings.speakers == 1:
            self._said = {}
        kept = []
        for reading in readings:
            first = self._said.setdefault((reading.clause.text, reading.rest), reading)
            if first is reading:
                kept.append(reading)
            else:
                self.left_out.append(LeftOut(reading.source_lines, reading.entry.text[:300], "says the same as another entry"))
        return kept

    def _writer(self, names: Names) -> EntryWriter:
        return EntryWriter(names, self.tone, self._settings.verbosity, self._vocabulary)

    def _closing(self, text: str, lines: SourceLines) -> list[Beat]:
        beats = [Beat(Role.CLOSING, text, (lines[0], lines[0]))]
        if self._settings.cta.strip():
            beats.append(Beat(Role.CLOSING, end(" ".join(self._settings.cta.split())), (lines[0], lines[0])))
        return beats


def _sober(tone: Tone) -> Tone:
    """A release that can hurt is not announced cheerfully."""
    return Tone.PROFESSIONAL if tone in (Tone.CASUAL, Tone.ENTHUSIASTIC) else tone


def _most(kind: GroupKind, number: int) -> int:
    if kind in (GroupKind.BREAKING, GroupKind.SECURITY):
        return number
    most = _CHORES_MOST if kind is GroupKind.INTERNAL else NORMAL_MOST
    return number if number <= most + 1 else most


def _in_place(prose: Sequence[Beat], entries: Sequence[Beat]) -> list[Beat]:
    """Prose that stands after a group's first entry is said after the entries."""
    first = min((beat.source_lines[0] for beat in entries), default=0)
    before = [beat for beat in prose if not entries or beat.source_lines[0] <= first]
    return [*before, *entries, *(beat for beat in prose if beat not in before)]


def _marked(beat: Beat, kind: GroupKind) -> Beat:
    """Where no chapter says so, the sentence itself says that a change breaks or concerns security."""
    if beat.role is not Role.ENTRY or kind not in (GroupKind.BREAKING, GroupKind.SECURITY):
        return beat
    word = "breaking" if kind is GroupKind.BREAKING else "security"
    if word in beat.lead.lower():
        return beat
    mark = "This is a breaking change." if kind is GroupKind.BREAKING else "This concerns security."
    return replace(beat, lead=f"{mark} {beat.lead}")
