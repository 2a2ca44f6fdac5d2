"""Two hosts: the first presents, the second asks what the next words answer and remarks on what was said.

The second host's every phrase is used once in a script. When the fitting ones are used up the first host simply goes on,
so a long script has fewer remarks, never a repeated one.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence

from declaim.model.script import HOST1, HOST2, Chapter, Line, Script
from declaim.model.source import GroupKind
from declaim.scripts import replies
from declaim.scripts.beats import Beat, LineMaker, Part, Role

_PACE = (1, 2, 1, 2, 2)
"""After how many entries the second host speaks again, in turn."""
_UNCOUNTED = re.compile(r"(?:ing|mode|support|memory|performance|storage|speed|access|security|help|data|[A-Z]\w*)$")
"""Topics that are named without an article."""
_SHORT = 30
"""A statement or an answer of fewer characters is worth no question."""
_FOLLOW_UPS = tuple((re.compile(pattern), phrases) for pattern, phrases in replies.FOLLOW_UPS)
_REMARKS = tuple((re.compile(pattern, re.IGNORECASE), phrases) for pattern, phrases in replies.REMARKS)
_GRAVE = frozenset({GroupKind.BREAKING, GroupKind.SECURITY, GroupKind.REMOVED, GroupKind.DEPRECATED})


def converse(title: str, parts: Iterable[Part]) -> Script:
    """The beats as a conversation."""
    talk = _Talk(zlib.crc32(title.encode()))
    chapters = [Chapter(part.title, lines) for part in parts if (lines := talk.part(part.beats))]
    return Script(title, tuple(chapters))


def _is_worth_asking(beat: Beat) -> bool:
    """Whether the rest of a beat says enough to be asked for."""
    return len(beat.lead) > _SHORT and sum(map(len, beat.rest)) > _SHORT


class _Talk:
    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._used: set[str] = set()
        self._topics: set[str] = set()
        self._turn = 0
        self._since = 0
        self._maker = LineMaker()

    def part(self, beats: Sequence[Beat]) -> tuple[Line, ...]:
        self._maker = LineMaker()
        for index, beat in enumerate(beats):
            following = beats[index + 1] if index + 1 < len(beats) else None
            self._beat(beat, index, following)
        return tuple(self._maker.lines)

    def _beat(self, beat: Beat, index: int, following: Beat | None) -> None:
        if beat.role is Role.INTRO:
            self._intro(beat)
        elif beat.role is Role.OVERVIEW:
            self._answered(beat, self._fresh(replies.OPENING_QUESTIONS))
        elif beat.role is Role.HISTORY:
            is_first = not self._used & set(replies.HISTORY_QUESTIONS)
            self._answered(beat, self._fresh(replies.HISTORY_QUESTIONS) if is_first else "")
        elif beat.role is Role.REST:
            self._rest(beat)
        elif beat.role is Role.CLOSING and index == 0:
            self._ask(self._fresh(replies.SIGN_OFFS), beat)
            self._present(beat)
        elif beat.role in (Role.ENTRY, Role.PROSE):
            self._entry(beat, following)
        else:
            self._present(beat)

    def _intro(self, beat: Beat) -> None:
        self._since = 0
        phrases = replies.TITLE_QUESTIONS if beat.topic else replies.GROUP_QUESTIONS[beat.kind]
        question = self._fresh(phrases, beat.topic)
        if question and not self._asked_last():
            self._ask(question, beat)
        elif beat.lead not in self._used:
            self._used.add(beat.lead)
            self._present(beat)

    def _rest(self, beat: Beat) -> None:
        if beat.lead not in self._used:
            self._used.add(beat.lead)
            self._answered(beat, self._fresh(replies.REST_QUESTIONS))

    def _entry(self, beat: Beat, following: Beat | None) -> None:
        self._since += 1
        is_due = self._since >= _PACE[self._turn % len(_PACE)] * (1 if beat.role is Role.ENTRY else 2)
        if beat.rest and is_due and _is_worth_asking(beat) and (question := self._follow_up(beat)):
            self._maker.say([beat.lead], beat.source_lines, HOST1)
            self._ask(question, beat)
            self._maker.say(beat.rest, beat.source_lines, HOST1)
            return
        preface = self._preface(beat) if is_due and self._turn % 3 == 1 and not self._asked_last() else ""
        self._answered(beat, preface)
        goes_on = following is not None and following.role in (Role.ENTRY, Role.PROSE)
        if is_due and not preface and goes_on and (beat.role is Role.ENTRY or len(beat.lead) > 2 * _SHORT):
            if not (remark := self._remark(beat)):
                self._turn += 1
            self._ask(remark, beat)

    def _answered(self, beat: Beat, question: str) -> None:
        if question and not self._asked_last():
            self._ask(question, beat)
        self._present(beat)

    def _present(self, beat: Beat) -> None:
        self._maker.say((beat.lead, *beat.rest), beat.source_lines, HOST1)

    def _ask(self, phrase: str, beat: Beat) -> None:
        if phrase:
            self._turn, self._since = self._turn + 1, 0
            self._maker.say([phrase], beat.source_lines, HOST2)

    def _asked_last(self) -> bool:
        return bool(self._maker.lines) and self._maker.lines[-1].speaker == HOST2

    def _follow_up(self, beat: Beat) -> str:
        if beat.kind in _GRAVE and (phrase := self._fresh(replies.GRAVE_FOLLOW_UPS)):
            return phrase
        for pattern, phrases in _FOLLOW_UPS:
            if pattern.search(beat.rest[0]) and (phrase := self._fresh(phrases)):
                return phrase
        return ""

    def _preface(self, beat: Beat) -> str:
        return self._fresh(replies.PREFACES, beat.topic) if self._is_new_topic(beat) else ""

    def _remark(self, beat: Beat) -> str:
        for pattern, phrases in _REMARKS:
            if beat.kind not in _GRAVE and pattern.search(beat.about) and (phrase := self._fresh(phrases)):
                return phrase
        if (
            beat.role is Role.ENTRY
            and self._is_new_topic(beat)
            and (phrase := self._fresh(replies.TOPIC_REMARKS.get(beat.kind, ()), beat.topic))
        ):
            return phrase
        return self._fresh(replies.KIND_REMARKS[beat.kind])

    def _is_new_topic(self, beat: Beat) -> bool:
        if not beat.topic or beat.topic in self._topics or len(beat.topic) > 40:
            return False
        self._topics.add(beat.topic)
        return True

    def _fresh(self, phrases: Sequence[str], topic: str = "") -> str:
        """A phrase that has not been said, filled in; empty where all have been. Scripts of other titles begin elsewhere."""
        start = self._seed % len(phrases) if phrases else 0
        phrase = next((phrase for phrase in (*phrases[start:], *phrases[:start]) if phrase not in self._used), "")
        self._used.add(phrase)
        is_bare = not topic or topic.startswith("`") or phrase in replies.TITLE_QUESTIONS or _UNCOUNTED.search(topic) is not None
        named = topic if is_bare else f"the {topic}"
        return phrase.format(t=named, T=named[:1].upper() + named[1:])
