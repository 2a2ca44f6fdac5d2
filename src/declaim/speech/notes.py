"""Pronunciation notes in LogTalk's free text form: ``kubectl = kube control; say SQL as sequel``."""

from __future__ import annotations

import re

from declaim.model.lexicon import LexiconEntry, LexiconScope

MAX_NOTES = 5_000
_QUOTES = "\"'“”‘’`"
_END = re.compile(r"[;\n\r]+|,\s*(?=(?:say|read|pronounce)\s)|,\s*(?=[^,;=\n]{1,60}?(?:=|->|→))|\.\s+(?=\S)")
_SIDES = r"(?P<written>\S(?:[^\n]{0,98}?\S)??)"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?:please\s+)?(?:say|read|pronounce|speak)\s+{_SIDES}\s+(?:as|like)\s+(?P<spoken>.+)",
        rf"{_SIDES}\s+(?:is|are)\s+(?:pronounced|said|spoken|read)(?:\s+(?:as|like))?\s+(?P<spoken>.+)",
        rf"{_SIDES}\s+(?:should|must)\s+be\s+(?:pronounced|said|spoken|read)(?:\s+(?:as|like))?\s+(?P<spoken>.+)",
        rf"{_SIDES}\s+(?:is\s+)?(?:sounds|rhymes?)\s+(?:like|as|with)\s+(?P<spoken>.+)",
        rf"{_SIDES}\s*\(\s*pronounced\s+(?P<spoken>[^()]+)\)",
        rf"{_SIDES}\s*(?:=>|->|→|⇒|==|=)\s*(?P<spoken>.+)",
        rf"{_SIDES}\s*:\s+(?P<spoken>.+)",
        rf"{_SIDES}\s+as\s+(?P<spoken>.+)",
    )
)


def parse_notes(text: str) -> tuple[LexiconEntry, ...]:
    """The entries that the notes name, in order. What has no known form is passed over: notes are free text."""
    entries: dict[str, LexiconEntry] = {}
    for part in _END.split(text[:MAX_NOTES]):
        for form in _FORMS:
            match = form.fullmatch(part.strip().lstrip("-*• ").rstrip(" .,"))
            if match is None:
                continue
            written, spoken = (match.group(side).strip().strip(_QUOTES).strip() for side in ("written", "spoken"))
            if written and spoken:
                entries[written] = LexiconEntry(written, spoken, scope=LexiconScope.PROJECT)
            break
    return tuple(entries.values())
