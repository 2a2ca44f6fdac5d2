"""What ElevenLabs' API does, on this machine: speech with times of characters, the account's voices, models."""

from __future__ import annotations

import base64
from typing import Any

from tests.support.gemini_server import CHARACTERS_PER_SECOND, pcm
from tests.support.speech_server import LoopbackServer, Reply, Seen

VOICE = "JustATestVoice0001xx"
OTHER_VOICE = "JustATestVoice0002xx"


class ElevenLabsServer(LoopbackServer):
    """Speaks a tone, a fifteenth of a second per character."""

    key = "el-test-key-0123456789"
    refuses_dictionaries = False

    def __init__(self) -> None:
        super().__init__()
        self.dictionaries: list[Any] = []
        """The rules of each version that was made."""

    def answer(self, seen: Seen) -> Reply:
        if seen.headers.get("xi-api-key") != self.key:
            return refusal(401, "invalid_api_key", "Invalid API key")
        if seen.path.startswith("/v1/text-to-speech/"):
            if VOICE not in seen.path and OTHER_VOICE not in seen.path:
                return refusal(404, "voice_not_found", "A voice for this id was not found.")
            return spoken(seen.body["text"])
        if seen.path.startswith("/v1/text-to-dialogue/with-timestamps"):
            return dialogue([(turn["text"], turn["voice_id"]) for turn in seen.body["inputs"]])
        if seen.path.startswith("/v1/pronunciation-dictionaries/"):
            return self._dictionary(seen)
        if seen.path.startswith("/v2/voices"):
            return self._voices("next_page_token=second" in seen.path)
        if seen.path.startswith("/v1/models"):
            return Reply.of([model("eleven_v3", 5000), model("eleven_multilingual_v2", 300)])
        return refusal(404, "not_found", "not found")

    def is_question(self, seen: Seen) -> bool:
        return super().is_question(seen) or "pronunciation-dictionaries" in seen.path

    def _dictionary(self, seen: Seen) -> Reply:
        if self.refuses_dictionaries:
            return refusal(401, "missing_permissions", "The key lacks the permission pronunciation_dictionaries_write")
        self.dictionaries.append(seen.body["rules"])
        version = f"version-{len(self.dictionaries)}"
        name = seen.path.split("/")[3] if seen.path.endswith("/set-rules") else "dictionary-1"
        return Reply.of({"id": name, "name": "Declaim 1", "version_id": version, "version_rules_num": len(seen.body["rules"])})

    def _voices(self, is_second: bool) -> Reply:
        if is_second:
            return Reply.of({"voices": [voice(OTHER_VOICE, "Otto", "male")], "has_more": False, "total_count": 2})
        return Reply.of(
            {"voices": [voice(VOICE, "Vera", "female")], "has_more": True, "next_page_token": "second", "total_count": 2}
        )


def voice(voice_id: str, name: str, gender: str) -> dict[str, Any]:
    labels = {"gender": gender, "accent": "british", "age": "middle aged", "language": "en"}
    return {"voice_id": voice_id, "name": name, "category": "premade", "labels": labels, "description": "A test voice"}


def model(model_id: str, limit: int) -> dict[str, Any]:
    return {"model_id": model_id, "name": model_id, "can_do_text_to_speech": True, "maximum_text_length_per_request": limit}


def spoken(text: str, **more: Any) -> Reply:
    seconds = max(0.2, len(text) / CHARACTERS_PER_SECOND)
    times = [at * seconds / len(text) for at in range(len(text) + 1)]
    alignment = {
        "characters": list(text),
        "character_start_times_seconds": times[:-1],
        "character_end_times_seconds": times[1:],
    }
    plain = {"audio_base64": base64.b64encode(pcm(seconds)).decode(), "alignment": alignment, "normalized_alignment": alignment}
    headers = {"content-type": "application/json", "request-id": "req-1", "character-cost": str(len(text))}
    return Reply.of(plain, headers=headers, **more)


def dialogue(turns: list[tuple[str, str]], gap_s: float = 0.3) -> Reply:
    """Each turn a tone, with a gap after it; its segment says where."""
    sound, segments, characters, starts, at_s = b"", [], "", [], 0.0
    for index, (text, voice_id) in enumerate(turns):
        seconds = max(0.2, len(text) / CHARACTERS_PER_SECOND)
        segments.append(
            {
                "voice_id": voice_id, "dialogue_input_index": index,
                "start_time_seconds": at_s, "end_time_seconds": at_s + seconds,
                "character_start_index": len(characters), "character_end_index": len(characters) + len(text),
            }
        )  # fmt: skip
        starts += [at_s + at * seconds / len(text) for at in range(len(text))]
        characters += text
        sound += pcm(seconds) + bytes(2 * round(24_000 * gap_s))
        at_s += seconds + gap_s
    alignment = {
        "characters": list(characters),
        "character_start_times_seconds": starts,
        "character_end_times_seconds": [*starts[1:], at_s],
    }
    plain = {"audio_base64": base64.b64encode(sound).decode(), "alignment": alignment, "normalized_alignment": alignment}
    headers = {"content-type": "application/json", "character-cost": str(len(characters))}
    return Reply.of({**plain, "voice_segments": segments}, headers=headers)


def refusal(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Reply:
    return Reply.of(
        {"detail": {"status": code, "message": message}}, status, headers={"content-type": "application/json", **(headers or {})}
    )
