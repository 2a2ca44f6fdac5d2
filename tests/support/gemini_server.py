"""What Gemini's API does, on this machine: speech, voices, models, and scripts as structured output."""

from __future__ import annotations

import base64
import io
import json
import re
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from tests.support.speech_server import LoopbackServer, Reply, Seen

CHARACTERS_PER_SECOND = 15
_TAG = re.compile(r"<[^>]*>")


class GeminiServer(LoopbackServer):
    """Speaks a tone, a fifteenth of a second per character, as a WAV at 24 kHz. ``script`` is what a writer gets."""

    script: Any = None
    key = "test-key-0123456789"

    @contextmanager
    def in_environment(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[GeminiServer]:
        """Running, and told to everything in this process by Gemini's own variables."""
        with self.running() as url:
            monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", url)
            monkeypatch.setenv("GEMINI_API_KEY", self.key)
            yield self

    def answer(self, seen: Seen) -> Reply:
        if seen.headers.get("x-goog-api-key") != self.key:
            return refusal(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", reason="API_KEY_INVALID")
        if seen.path.startswith("/v1beta/models/") and ":" in seen.path:
            return self._streamed() if "stream" in seen.path else self.spoken(seen)
        if seen.path.startswith("/v1beta/models"):
            names = ("gemini-3.8-flash", "gemini-3.8-flash-tts", "gemini-3.8-flash-lite-tts")
            return Reply.of({"models": [{"name": f"models/{name}"} for name in names]})
        if seen.path.startswith("/v1beta/voices"):
            return self._voices("second" in seen.path)
        return refusal(404, "NOT_FOUND", "not found")

    def spoken(self, seen: Seen) -> Reply:
        turns = turns_of(seen)
        return spoken(text_of(seen)) if len(turns) == 1 else spoken_turns(turns)

    def _voices(self, is_second: bool) -> Reply:
        if is_second:
            return Reply.of({"voices": [{"id": "voice_b", "display_name": "Bea", "language_code": "en-GB", "gender": "female"}]})
        first = {"id": "voice_a", "display_name": "Abe", "language_code": "en-US", "gender": "male", "description": "warm"}
        return Reply.of({"voices": [first], "next_page_token": "second"})

    def _streamed(self) -> Reply:
        text = self.script if isinstance(self.script, str) else json.dumps(self.script)
        return streamed(text)


def streamed(text: str, finish: str = "STOP", piece: int = 40) -> Reply:
    """Text as server-sent events, a few characters in each."""
    events = []
    for at in range(0, max(1, len(text)), piece):
        candidate: dict[str, Any] = {"content": {"role": "model", "parts": [{"text": text[at : at + piece]}]}}
        if at + piece >= len(text):
            candidate["finishReason"] = finish
        events.append(f"data: {json.dumps({'candidates': [candidate]})}\r\n\r\n")
    return Reply(200, "".join(events).encode(), {"content-type": "text/event-stream"})


def text_of(seen: Seen) -> str:
    return "".join(part["text"] for content in seen.body["contents"] for part in content["parts"])


def turns_of(seen: Seen) -> list[str]:
    return [part["text"] for content in seen.body["contents"] for part in content["parts"]]


def spoken_turns(turns: list[str], pause_s: float = 0.9) -> Reply:
    """Each turn a tone, a pause where one is asked for."""
    seconds = [seconds_of(turn) for turn in turns]
    pause = bytes(2 * round(24_000 * pause_s))
    parts = [pcm(one) + (pause if "<long pause>" in turn else b"") for one, turn in zip(seconds, turns, strict=True)]
    tokens = (len("".join(turns)) // 4, round(25 * sum(seconds)))
    return sound(b"".join(parts), "audio/L16;rate=24000", tokens)


def spoken(text: str, **more: Any) -> Reply:
    return sound(wav(seconds_of(text)), tokens=(len(text) // 4, round(25 * seconds_of(text))), **more)


def seconds_of(text: str) -> float:
    return max(0.2, len(_TAG.sub("", text).strip()) / CHARACTERS_PER_SECOND)


def sound(
    data: bytes, mime_type: str = "audio/wav", tokens: tuple[int, int] = (5, 50), finish: str = "STOP", **more: Any
) -> Reply:
    blob = {"inlineData": {"mimeType": mime_type, "data": base64.b64encode(data).decode()}}
    candidate = {"content": {"role": "model", "parts": [blob]}, "finishReason": finish}
    usage = {"promptTokenCount": tokens[0], "candidatesTokenCount": tokens[1]}
    return Reply.of({"candidates": [candidate], "usageMetadata": usage}, **more)


def silent(finish: str = "OTHER") -> Reply:
    """A success without sound."""
    return Reply.of({"candidates": [{"content": {}, "finishReason": finish}], "usageMetadata": {"promptTokenCount": 5}})


def blocked(reason: str = "PROHIBITED_CONTENT") -> Reply:
    return Reply.of({"promptFeedback": {"blockReason": reason}})


def refusal(status: int, word: str, message: str, *, reason: str = "", retry: str = "", quota: str = "", **more: Any) -> Reply:
    details: list[dict[str, Any]] = []
    if reason:
        details.append({"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason})
    if retry:
        details.append({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": retry})
    if quota:
        details.append({"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": quota}]})
    return Reply.of({"error": {"code": status, "message": message, "status": word, "details": details}}, status, **more)


@lru_cache(maxsize=64)
def pcm(seconds: float, rate_hz: int = 24_000, channels: int = 1) -> bytes:
    times = np.arange(round(seconds * rate_hz)) / rate_hz
    fade = np.minimum(1.0, np.minimum(times, times[::-1]) / 0.02)
    samples = (9000 * fade * np.sin(2 * np.pi * 220 * times)).astype("<i2")
    return np.repeat(samples, channels).tobytes()


@lru_cache(maxsize=64)
def wav(seconds: float, rate_hz: int = 24_000, channels: int = 1) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(2)
        writer.setframerate(rate_hz)
        writer.writeframes(pcm(seconds, rate_hz, channels))
    return file.getvalue()
