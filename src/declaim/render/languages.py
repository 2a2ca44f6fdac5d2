"""Which language a script is spoken in."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from declaim.errors import VoiceUnknown
from declaim.model.script import Script
from declaim.model.voice import Cast
from declaim.render.planned import RenderRequest
from declaim.voices import Voices


def language_of(script: Script, cast: Cast, voices: Voices) -> str:
    """That of the voice that speaks most lines, as in ``de``. Voices of services that speak every language tell nothing; without
    any other it is English."""
    lines = Counter(cast.voice_for(line.speaker) for line in script.lines)
    for voice_id, _count in lines.most_common():
        try:
            language = voices.find(voice_id).language
        except VoiceUnknown:  # who plans tells of it
            continue
        if language:
            return language.replace("_", "-").partition("-")[0].lower()
    return "en"


def in_its_language(request: RenderRequest, voices: Voices) -> RenderRequest:
    """The request with the language of its voices, where none was chosen."""
    return replace(request, language=request.language or language_of(request.script, request.cast, voices))
