"""Which language a script is spoken in, and each of its speakers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from declaim.errors import VoiceUnknown
from declaim.model.ids import VoiceId
from declaim.model.script import Script
from declaim.model.voice import Cast
from declaim.render.planned import RenderRequest
from declaim.voices import Voices


def language_of(script: Script, cast: Cast, voices: Voices) -> str:
    """That of the voice that speaks most lines, as in ``de``. Voices of services that speak every language tell nothing; without
    any other it is English."""
    lines = Counter(cast.voice_for(line.speaker) for line in script.lines)
    told = (_named_by(voice_id, voices) for voice_id, _count in lines.most_common())
    return next(filter(None, told), "en")


def languages_of(script: Script, cast: Cast, voices: Voices, language: str = "") -> dict[str, str]:
    """By speaker that of the voice, whatever the others say; where it tells nothing ``language``, else that of the script."""
    whole = language or language_of(script, cast, voices)
    return {speaker: _named_by(cast.voice_for(speaker), voices) or whole for speaker in script.speakers}


def in_its_language(request: RenderRequest, voices: Voices) -> RenderRequest:
    """The request with the language of its voices, where none was chosen."""
    return replace(request, language=request.language or language_of(request.script, request.cast, voices))


def _named_by(voice_id: VoiceId, voices: Voices) -> str:
    try:
        language = voices.find(voice_id).language
    except VoiceUnknown:  # who plans tells of it
        return ""
    return language.replace("_", "-").partition("-")[0].lower()
