"""What scripts and their settings are in the words of the services."""

from __future__ import annotations

import json
from typing import Any

from declaim.model.settings import StudioSettings


def logtalk_choices(chosen: StudioSettings) -> dict[str, Any]:
    """The settings of a script in LogTalk's names; what stands at its default is left to the service."""
    script, plain = chosen.script, {}
    names = ("product_name", "version", "audience", "cta")
    plain = {name: value for name in names if (value := getattr(script, name))}
    plain |= {"tone": script.tone.value, "verbosity": script.verbosity.value, "speakers": script.speakers}
    plain |= {"use_history": script.use_history, "history_limit": script.history_limit}
    if script.severity_aware_tone:
        plain["severity_aware_tone"] = True
    voice: dict[str, Any] = {"delivery_preset": chosen.delivery.preset.value}
    if chosen.pronunciation_notes:
        voice["pronunciation_notes"] = chosen.pronunciation_notes
    body: dict[str, Any] = {"settings": plain, "voice": {**voice, **_voices(chosen)}}
    if script.additional_context:
        body["additional_context"] = script.additional_context
    return body


def _voices(chosen: StudioSettings) -> dict[str, Any]:
    """Only ElevenLabs' voices have ids there."""
    cast, name = chosen.cast, "elevenlabs:"
    voices: dict[str, Any] = {}
    if cast.default.startswith(name):
        voices = {"provider": "elevenlabs", "voice_id": cast.default.removeprefix(name)}
        expression = json.loads(json.dumps(vars(chosen.delivery.expression)))
        voices["expression_settings"] = expression
    hosts = {host.lower(): str(cast.by_speaker.get(host, "")) for host in ("HOST1", "HOST2")}
    ids = {host: voice.removeprefix(name) for host, voice in hosts.items() if voice.startswith(name)}
    return {**voices, "provider": "elevenlabs", "host_voice_ids": ids} if ids else voices


def plain_text(text: str) -> str:
    """What a script shows, without its mark-up: one paragraph a line.

    Raises:
        ScriptError: where its mark-up is wrong.
    """
    from declaim.model.cue import shown_text
    from declaim.scripts import parse_script

    return "\n\n".join(shown_text(line.text) for line in parse_script(text).lines if line.text.strip())


def logtalk_text(text: str) -> str:
    """A script as LogTalk writes them: title, chapters, ``[SPEAKER]: words``, without the cues that only voices here know.

    Raises:
        ScriptError: where its mark-up is wrong.
    """
    from declaim.model.cue import shown_text
    from declaim.scripts import parse_script

    script = parse_script(text)
    parts = [f"# {script.title}"] if script.title else []
    for chapter in script.chapters:
        parts += [f"## {chapter.title}"] if chapter.title else []
        parts += [f"[{line.speaker}]: {shown_text(line.text)}" for line in chapter.lines if line.text.strip()]
    return "\n\n".join(parts)
