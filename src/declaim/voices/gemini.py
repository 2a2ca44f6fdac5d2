"""Gemini's speech models through google-genai: one unary request for a line, or for a few lines of two speakers.

Unary, because streams were seen to break off after a minute while the same unary request was complete. No temperature is sent:
3.8 refuses it. An answer that is blocked, empty, ``OTHER`` or cut off is a success for HTTP and raises nothing: it is looked at
here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from declaim.errors import VoiceError
from declaim.model.ids import VoiceId
from declaim.model.spoken import SpokenPause
from declaim.model.voice import Gender, Voice
from declaim.voices.asks import Answer, Ask, exchange_of, pieces_of
from declaim.voices.cloud import unlisted
from declaim.voices.conversing import ConversingEngine
from declaim.voices.delivery import gemini_style, mean_pace
from declaim.voices.engine import SpeechRequest
from declaim.voices.faults import Faults, Refusal, Trouble
from declaim.voices.limiter import retry_after_s
from declaim.voices.prices import AUDIO_TOKENS_PER_SECOND, price
from declaim.voices.tags import GEMINI, phrases
from declaim.voices.turns import turns_at_silences
from declaim.voices.wave import clip_of

REVISION = "1"
LIMIT = 1_500
"""Characters in a request: longer text is known to drift and to break off."""
EXCHANGE_LIMIT = 900
"""Of an exchange: shorter, as one that cannot be cut is paid for in vain."""
TURN_PAUSE = "<long pause>"
TIMEOUT_MS = 120_000
LISTED = "gemini-voices.json"
MOST_LISTED = 3_000
_BLOCKED = frozenset({"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR"})
PREBUILT = """
Zephyr Bright; Puck Upbeat; Charon Informative; Kore Firm; Fenrir Excitable; Leda Youthful; Orus Firm; Aoede Breezy;
Callirrhoe Easy-going; Autonoe Bright; Enceladus Breathy; Iapetus Clear; Umbriel Easy-going; Algieba Smooth; Despina Smooth;
Erinome Clear; Algenib Gravelly; Rasalgethi Informative; Laomedeia Upbeat; Achernar Soft; Alnilam Firm; Schedar Even;
Gacrux Mature; Pulcherrima Forward; Achird Friendly; Zubenelgenubi Casual; Vindemiatrix Gentle; Sadachbia Lively;
Sadaltager Knowledgeable; Sulafat Warm
"""
"""Name and adjective of each, from Google's documentation of speech generation."""
_ADJECTIVES = dict(entry.split(maxsplit=1) for entry in " ".join(PREBUILT.split()).split("; "))
_WOMEN = "Zephyr Kore Leda Aoede Callirrhoe Autonoe Despina Erinome Laomedeia Achernar Gacrux Pulcherrima Vindemiatrix Sulafat"
_FEMALE = frozenset(re.findall(r"\w+", _WOMEN))


class GeminiEngine(ConversingEngine):
    """The 30 prebuilt voices; more after ``refresh``."""

    name, label, version = "gemini", "Gemini", REVISION
    key_name = "gemini"
    default_model = "gemini-3.8-flash-tts"
    base_url_variable = "GOOGLE_GEMINI_BASE_URL"

    def voices(self) -> Sequence[Voice]:
        needs = self.needs_key
        prebuilt = [self._prebuilt(name, adjective, needs) for name, adjective in _ADJECTIVES.items()]
        listed = self.access.recall(LISTED).get("voices")
        return [*prebuilt, *(self._listed(item, needs) for item in listed or () if isinstance(item, dict) and item.get("id"))]

    def unlisted(self, voice: VoiceId) -> Voice | None:
        name = voice.partition(":")[2]
        return unlisted(self, voice) if name.startswith(("voice_", "voicekey_")) else None

    def asks(self, request: SpeechRequest) -> Iterator[Ask | SpokenPause]:
        name = request.voice.partition(":")[2]
        for phrase in phrases(request.line, request.delivery, GEMINI):
            if isinstance(phrase, SpokenPause):
                yield phrase
                continue
            style = gemini_style(request.delivery, phrase.words, mean_pace(phrase.paces))
            texts = pieces_of(phrase.text, LIMIT)
            for text in texts:
                yield Ask(name, self.model, text, phrase.words if len(texts) == 1 else text, (("style", style),))

    def send(self, ask: Ask, key: str) -> Answer:
        from google.genai import types

        turns = ask.turns or (ask,)
        parts = [_part(turn, is_exchange=bool(ask.turns), is_last=turn is turns[-1]) for turn in turns]
        config = types.GenerateContentConfig(response_modalities=["AUDIO"], speech_config=_speech_config(ask))
        contents = types.Content(role="user", parts=parts)
        response = self.client(key).models.generate_content(model=ask.model, contents=contents, config=config)
        return self._answer(response, ask, Faults(self.label, self.key_name, key))

    def together(self, turns: Sequence[Ask]) -> Ask | None:
        """Only prebuilt voices speak together. A tag for a pause inside a line would be taken for the end of a turn."""
        has_pause = any("pause>" in turn.text for turn in turns)
        is_short = sum(len(turn.text) for turn in turns) <= EXCHANGE_LIMIT
        return exchange_of(turns) if is_short and not has_pause and all(turn.voice in _ADJECTIVES for turn in turns) else None

    def trouble_of(self, error: Exception, ask: Ask, faults: Faults) -> Trouble | None:
        from google.genai import errors

        if isinstance(error, errors.APIError):
            return faults.refused(refusal_of(error), ask.voice, ask.model)
        return None

    def refresh(self) -> int:
        """Reads the voices and the speech models online and keeps them; gives how many voices there are. Blocks.

        Raises:
            VoiceError: where there is no key, or it cannot be done.
        """
        key = self.key()
        client = self.client(key)
        voices: list[dict[str, str]] = []
        page: dict[str, str] = {}
        try:
            while len(voices) < MOST_LISTED:
                found = client.voices.list(type_=["prebuilt"], page_size=1000, **page)
                voices += [_plain_voice(voice) for voice in found.voices or ()]
                if not found.next_page_token:
                    break
                page = {"page_token": found.next_page_token}
            models = [str(model.name or "").removeprefix("models/") for model in client.models.list()]
        except Exception as error:  # noqa: BLE001 - the SDK's own error may hold the key
            raise self.in_words(error, key) from None
        listed = [voice for voice in voices if voice["id"] not in _ADJECTIVES]
        self.access.remember(LISTED, {"voices": listed, "models": [model for model in models if "tts" in model]})
        return len(_ADJECTIVES) + len(listed)

    def check_key(self, key: str) -> str:
        """One free request (the list of models); gives a sentence about it. Blocks.

        Raises:
            VoiceError: where the key is not accepted, or nothing answers.
        """
        client, close = self.make_client(key, self.base_url)
        try:
            speech = [model.name for model in client.models.list() if "tts" in str(model.name)]
        except Exception as error:  # noqa: BLE001 - the SDK's own error may hold the key
            raise self.in_words(error, key) from None
        finally:
            close()
        return f"The key works: {len(speech)} speech models." if speech else "The key works, but it lists no speech model."

    def make_client(self, key: str, base_url: str) -> tuple[Any, Callable[[], None]]:
        from google import genai
        from google.genai import types

        hooks = {"event_hooks": {"response": [self.received]}}
        options = types.HttpOptions(base_url=base_url or None, api_version="v1beta", timeout=TIMEOUT_MS, client_args=hooks)
        client = genai.Client(api_key=key, vertexai=False, http_options=options)
        return client, client.close

    def _answer(self, response: Any, ask: Ask, faults: Faults) -> Answer:
        """The sound of a successful answer; ``Trouble`` for one that has none."""
        feedback = response.prompt_feedback
        if feedback is not None and feedback.block_reason is not None:
            raise faults.odd(f"the text was blocked ({_word(feedback.block_reason)})", "Change the words of this line.")
        candidate = (response.candidates or [None])[0]
        reason = _word(candidate.finish_reason) if candidate is not None and candidate.finish_reason else ""
        cost_usd = self._cost(response, ask, 0.0)
        if reason in _BLOCKED:
            raise faults.odd(f"the text was blocked ({reason})", "Change the words of this line.", cost_usd)
        parts = (candidate.content.parts if candidate is not None and candidate.content is not None else None) or ()
        blobs = [part.inline_data for part in parts if part.inline_data is not None and part.inline_data.data]
        if not blobs:
            raise faults.odd(f"the answer is empty{f' ({reason})' if reason else ''}", cost_usd=cost_usd)
        if reason == "MAX_TOKENS":
            raise faults.odd("the sound breaks off at the model's limit", "Split the line in two.", cost_usd)
        data = b"".join(blob.data for blob in blobs) if len(blobs) > 1 and blobs[0].data[:4] != b"RIFF" else blobs[0].data
        clip = clip_of(data, blobs[0].mime_type or "")
        turns = turns_at_silences(clip, [turn.words for turn in ask.turns])
        return Answer((clip,), self._cost(response, ask, len(clip.samples) / clip.rate_hz), tuple((turn,) for turn in turns))

    def _cost(self, response: Any, ask: Ask, seconds: float) -> float:
        """What the tokens that the answer counts cost; without a count what the sound's length does."""
        usage = response.usage_metadata
        read = getattr(usage, "prompt_token_count", None)
        made = getattr(usage, "candidates_token_count", None)
        entry = price(self.name, ask.model, folder=self.access.folder)
        if read is None and made is None:
            return entry.of(audio_tokens=seconds * AUDIO_TOKENS_PER_SECOND)
        return entry.of(text_tokens=read or 0, audio_tokens=made or 0)

    def _prebuilt(self, name: str, adjective: str, needs: str) -> Voice:
        gender = Gender.FEMALE if name in _FEMALE else Gender.MALE
        return Voice(
            VoiceId(f"{self.name}:{name}"), name, self.name, "", gender, f"{adjective}; speaks over 100 languages", needs,
            licence="Gemini API terms", is_free=False,
        )  # fmt: skip

    def _listed(self, item: dict[str, Any], needs: str) -> Voice:
        gender = Gender(item["gender"]) if item.get("gender") in set(Gender) else Gender.UNKNOWN
        return Voice(
            VoiceId(f"{self.name}:{item['id']}"), str(item.get("name") or item["id"]), self.name, str(item.get("language") or ""),
            gender, str(item.get("description") or ""), needs, licence="Gemini API terms", is_free=False,
        )  # fmt: skip


def _part(turn: Ask, *, is_exchange: bool, is_last: bool) -> Any:
    """One line of a request. Between the turns of an exchange a pause is asked for, at which the sound is cut."""
    from google.genai import types

    style = str(dict(turn.options).get("style") or "") or None
    speaker = turn.voice if is_exchange else None
    text = turn.text if is_last else f"{turn.text} {TURN_PAUSE}"
    return types.Part(text=text, speech_metadata=types.SpeechMetadata(speaker=speaker, style=style) if speaker or style else None)


def _speech_config(ask: Ask) -> Any:
    from google.genai import types

    if not ask.turns:
        return types.SpeechConfig(voice_config=types.VoiceConfig(voice=ask.voice))
    speakers = [
        types.SpeakerVoiceConfig(
            speaker=voice, voice_config=types.VoiceConfig(prebuilt_voice_config=types.PrebuiltVoiceConfig(voice_name=voice))
        )
        for voice in dict.fromkeys(turn.voice for turn in ask.turns)
    ]
    return types.SpeechConfig(multi_speaker_voice_config=types.MultiSpeakerVoiceConfig(speaker_voice_configs=speakers))


def refusal_of(error: Any) -> Refusal:
    """google-genai's ``APIError`` in our words; ``RetryInfo`` and the kind of quota stand in the details of the body."""
    body: dict[str, Any] = error.details if isinstance(error.details, dict) else {}
    wrapped = body.get("error")
    inner: dict[str, Any] = wrapped if isinstance(wrapped, dict) else body
    details = [item for item in inner.get("details") or () if isinstance(item, dict)]
    delay = next((item.get("retryDelay") for item in details if "RetryInfo" in str(item.get("@type"))), None)
    reasons = " ".join(str(item.get("reason") or "") for item in details)
    headers = getattr(error.response, "headers", None) or {}
    wait_s = _seconds(delay) if delay else retry_after_s(headers.get("retry-after"))
    is_day = "PerDay" in str(details)
    code = f"{error.status or ''} {reasons}".strip()
    return Refusal(int(error.code or 0), code, str(error.message or ""), wait_s, is_day)


def _seconds(duration: object) -> float | None:
    """Google's JSON form of a duration, as ``17.5s``."""
    try:
        return max(0.0, float(str(duration).removesuffix("s")))
    except ValueError:
        return None


def _plain_voice(voice: Any) -> dict[str, str]:
    if not voice.id:
        raise VoiceError("Gemini's list of voices cannot be read.", cure="Try again later.")
    description = ", ".join(str(part) for part in (voice.description, voice.accent, voice.pitch) if part)
    return {
        "id": str(voice.id),
        "name": str(voice.display_name or voice.id),
        "language": str(voice.language_code or ""),
        "gender": str(getattr(voice.gender, "value", voice.gender) or "").lower(),
        "description": description,
    }


def _word(value: Any) -> str:
    return str(getattr(value, "value", value))


def engine() -> GeminiEngine:
    """What the entry point names."""
    return GeminiEngine()
