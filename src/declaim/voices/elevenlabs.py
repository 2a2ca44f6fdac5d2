"""ElevenLabs' voices through its SDK: one request for a line, with the time of each character.

No voice stands in the code: the account's own are read when asked for (``refresh``) and kept. The models' limits are read with
them. Sound is asked for as PCM at 24 kHz, which every plan has. Retries are ours: the SDK's differ from call to call.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from declaim.model.ids import VoiceId
from declaim.model.spoken import SpokenPause
from declaim.model.voice import Gender, Voice
from declaim.model.wording import counted
from declaim.voices.access import Access
from declaim.voices.alignment import at_sentences, turns_of
from declaim.voices.asks import Answer, Ask, exchange_of, pieces_of
from declaim.voices.cloud import unlisted
from declaim.voices.conversing import ConversingEngine
from declaim.voices.delivery import Family, arc_word, elevenlabs_settings, mean_pace
from declaim.voices.dictionaries import Dictionaries, Rule, as_written, rules_of
from declaim.voices.engine import JSON, SpeechRequest
from declaim.voices.faults import Faults, Refusal, Trouble
from declaim.voices.limiter import retry_after_s
from declaim.voices.prices import price
from declaim.voices.tags import ELEVENLABS, phrases
from declaim.voices.wave import NoSound, clip_of

REVISION = "1"
FORMAT = "pcm_24000"
TIMEOUT_S = 120
LISTED = "elevenlabs-voices.json"
LIMITS = {Family.V4: 10_000, Family.V3: 5_000, Family.V2: 10_000, Family.FLASH: 30_000}
"""Characters in a request, until the models were read."""
EXCHANGE_LIMIT = 2_000
"""Characters of an exchange, from the SDK's description of the dialogue endpoint."""
NEIGHBOUR_CHARACTERS = 300
"""Of the text before and after, where the model carries the melody over."""
_STITCHING = frozenset({Family.V2, Family.FLASH})
_CONVERSING = frozenset({Family.V3, Family.V4})
_DIALOGUE_NAMES = {"stability": "stability", "similarity_boost": "similarity"}
_PAGES = 20
_NOT_CARRIED = re.compile(r"[\[\]<>]")


class ElevenLabsEngine(ConversingEngine):
    """The account's voices, as they were read last."""

    name, label, version = "elevenlabs", "ElevenLabs", REVISION
    key_name = "elevenlabs"
    default_model = "eleven_v3"
    base_url_variable = "ELEVENLABS_BASE_URL"

    def voices(self) -> Sequence[Voice]:
        needs = self.needs_key
        listed = [item for item in self.access.recall(LISTED).get("voices") or () if isinstance(item, dict) and item.get("id")]
        if listed:
            return [self._listed(item, needs) for item in listed]
        reading = needs or "Read the voices of your account in Settings › Voices, or with `declaim voices --read`."
        return [Voice(VoiceId("elevenlabs:account"), "Your voices", self.name, "", needs=reading, is_free=False)]

    def unlisted(self, voice: VoiceId) -> Voice | None:
        name = voice.partition(":")[2]
        return unlisted(self, voice) if re.fullmatch(r"[A-Za-z0-9]{16,40}", name) else None

    def asks(self, request: SpeechRequest) -> Iterator[Ask | SpokenPause]:
        name, model = request.voice.partition(":")[2], self.model
        family = family_of(model)
        for phrase in phrases(request.line, request.delivery, ELEVENLABS[family]):
            if isinstance(phrase, SpokenPause):
                yield phrase
                continue
            settings: dict[str, JSON] = dict(elevenlabs_settings(request.delivery, family, mean_pace(phrase.paces)))
            feeling = arc_word(request.delivery, phrase.words) if family in (Family.V3, Family.V4) else ""
            text = f"[{feeling}] {phrase.text}" if feeling else phrase.text
            texts = pieces_of(text, self.limit)
            around = _around(texts, request) if family in _STITCHING else [{}] * len(texts)
            # One seed for a voice: its lines then sound alike, and a line asked for again is the same.
            options: dict[str, JSON] = {"settings": settings, "seed": zlib.crc32(name.encode())}
            for text, neighbours in zip(texts, around, strict=True):
                words = phrase.words if len(texts) == 1 else text
                yield Ask(name, model, text, words, tuple({**options, **neighbours}.items()), lexicon=request.lexicon)

    @property
    def limit(self) -> int:
        """Characters that the model takes in one request."""
        models = self.access.recall(LISTED).get("models")
        read = models.get(self.model) if isinstance(models, dict) else None
        return read if isinstance(read, int) and read >= 200 else LIMITS[family_of(self.model)]

    def together(self, turns: Sequence[Ask]) -> Ask | None:
        """The models of the dialogue endpoint, one set of settings for all, and no more text than it takes."""
        settings = [dict(turn.options)["settings"] for turn in turns]
        is_short = sum(len(turn.text) for turn in turns) <= EXCHANGE_LIMIT
        if family_of(turns[0].model) not in _CONVERSING or not is_short or any(one != settings[0] for one in settings):
            return None
        return exchange_of(turns, settings=settings[0], seed=dict(turns[0].options)["seed"])

    def send(self, ask: Ask, key: str) -> Answer:
        """Through the dictionaries of the lexicon where the account has them."""
        rules = rules_of(ask.lexicon)
        written = _as_written(ask, rules)
        locators = self._dictionaries.locators(self.client(key), rules) if written != ask else []
        send = self._send_exchange if ask.turns else self._send_line
        try:
            return send(written, key, locators) if locators else send(ask, key, [])
        except Exception as error:
            if not locators or "pronunciation" not in str(getattr(error, "body", "")).lower():
                raise
            self._dictionaries.forget(rules)
        return send(ask, key, [])

    def connect(self, access: Access) -> None:
        super().connect(access)
        self._dictionaries = Dictionaries(access)

    def _send_exchange(self, ask: Ask, key: str, locators: Sequence[tuple[str, str]]) -> Answer:
        from elevenlabs.types import DialogueInput, ToDialogueSettingsResponseModel

        options = dict(ask.options)
        settings: Any = options["settings"]
        seed: Any = options["seed"]
        given = {_DIALOGUE_NAMES[name]: value for name, value in settings.items()}
        response = self.client(key).text_to_dialogue.with_raw_response.convert_with_timestamps(
            inputs=[DialogueInput(text=turn.text, voice_id=turn.voice) for turn in ask.turns],
            model_id=ask.model,
            output_format=FORMAT,
            settings=ToDialogueSettingsResponseModel(**given),
            seed=seed,
            **_located(locators),
            request_options={"timeout_in_seconds": TIMEOUT_S, "max_retries": 0},
        )
        clip = clip_of(_decoded(getattr(response.data, "audio_base_64", None)))
        turns = turns_of(clip, ask, response.data)
        return Answer((clip,), self._cost(ask, response.headers), turns)

    def _send_line(self, ask: Ask, key: str, locators: Sequence[tuple[str, str]]) -> Answer:
        from elevenlabs import VoiceSettings

        options = dict(ask.options)
        given: dict[str, Any] = {name: options[name] for name in ("seed", "previous_text", "next_text") if name in options}
        settings: Any = options["settings"]
        response = self.client(key).text_to_speech.with_raw_response.convert_with_timestamps(
            ask.voice,
            text=ask.text,
            model_id=ask.model,
            output_format=FORMAT,
            voice_settings=VoiceSettings(**settings),
            request_options={"timeout_in_seconds": TIMEOUT_S, "max_retries": 0},
            **given,
            **_located(locators),
        )
        encoded = getattr(response.data, "audio_base_64", None)
        clip = clip_of(_decoded(encoded), str(response.headers.get("content-type") if not encoded else ""))
        clips = at_sentences(clip, ask.text, getattr(response.data, "alignment", None))
        return Answer(clips, self._cost(ask, response.headers))

    def trouble_of(self, error: Exception, ask: Ask, faults: Faults) -> Trouble | None:
        from elevenlabs.core.api_error import ApiError

        if not isinstance(error, ApiError):
            return None
        if error.status_code is not None and error.status_code < 300:
            return faults.odd("the answer cannot be read")
        return faults.refused(refusal_of(error), ask.voice, ask.model)

    def refresh(self) -> int:
        """Reads the account's voices and the models with their limits, and keeps them; gives how many voices there are. Blocks.

        Raises:
            VoiceError: where there is no key, or it cannot be done.
        """
        key = self.key()
        client = self.client(key)
        options: Any = {"timeout_in_seconds": 30, "max_retries": 0}
        voices: list[dict[str, str]] = []
        token: str | None = None
        try:
            for _ in range(_PAGES):
                page = client.voices.search(page_size=100, next_page_token=token, request_options=options)
                voices += [_plain_voice(voice) for voice in page.voices]
                token = page.next_page_token if page.has_more else None
                if not token:
                    break
            models = {model.model_id: _limit(model) for model in client.models.list(request_options=options)}
        except Exception as error:  # noqa: BLE001 - the SDK's own error may hold the key
            raise self.in_words(error, key) from None
        self.access.remember(LISTED, {"voices": voices, "models": models})
        return len(voices)

    def check_key(self, key: str) -> str:
        """One free request (the account's voices); gives a sentence about it. Blocks.

        Raises:
            VoiceError: where the key is not accepted, or nothing answers.
        """
        options: Any = {"timeout_in_seconds": 30, "max_retries": 0}
        client, close = self.make_client(key, self.base_url)
        try:
            page = client.voices.search(page_size=1, include_total_count=True, request_options=options)
        except Exception as error:  # noqa: BLE001 - the SDK's own error may hold the key
            raise self.in_words(error, key) from None
        finally:
            close()
        count = page.total_count or len(page.voices)
        return f"The key works: {counted(count, 'voice')} in your account."

    def make_client(self, key: str, base_url: str) -> tuple[Any, Callable[[], None]]:
        import httpx
        from elevenlabs.client import ElevenLabs

        connections = httpx.Client(timeout=TIMEOUT_S, follow_redirects=True, event_hooks={"response": [self.received]})
        return ElevenLabs(api_key=key, base_url=base_url or None, httpx_client=connections), connections.close

    def _cost(self, ask: Ask, headers: Mapping[str, str]) -> float:
        """By the characters that the service says it counted, else by those that were sent."""
        counted = next((headers[name] for name in ("character-cost", "x-character-count") if name in headers), "")
        characters = float(counted) if re.fullmatch(r"\d{1,7}(\.\d+)?", counted) else len(ask.text)
        return price(self.name, ask.model, folder=self.access.folder).of(characters=characters)

    def _listed(self, item: Mapping[str, Any], needs: str) -> Voice:
        gender = Gender(item["gender"]) if item.get("gender") in set(Gender) else Gender.UNKNOWN
        return Voice(
            VoiceId(f"{self.name}:{item['id']}"), str(item.get("name") or item["id"]), self.name, str(item.get("language") or ""),
            gender, str(item.get("description") or ""), needs, licence="ElevenLabs terms", is_free=False,
        )  # fmt: skip


def family_of(model: str) -> Family:
    """The family of a model by its id; an unknown one is taken for the newest."""
    if "flash" in model or "turbo" in model:
        return Family.FLASH
    if "_v2" in model or "_v1" in model:
        return Family.V2
    return Family.V3 if "_v3" in model else Family.V4


def refusal_of(error: Any) -> Refusal:
    """The SDK's ``ApiError`` in our words: ``{"detail": {"status", "message"}}``, a list of those for 422, or text."""
    body = error.body
    detail = body.get("detail", body) if isinstance(body, dict) else body
    if isinstance(detail, list):
        detail = detail[0] if detail else {}
    if isinstance(detail, dict):
        code, message = (
            str(detail.get("status") or detail.get("code") or ""),
            str(detail.get("message") or detail.get("msg") or ""),
        )
    else:
        code, message = "", str(detail or "")
    headers = {str(name).lower(): value for name, value in (error.headers or {}).items()}
    return Refusal(int(error.status_code or 0), code, message, retry_after_s(headers.get("retry-after")))


def _as_written(ask: Ask, rules: Sequence[Rule]) -> Ask:
    turns = tuple(replace(turn, text=as_written(turn.text, rules)) for turn in ask.turns)
    text = "\n".join(turn.text for turn in turns) if turns else as_written(ask.text, rules)
    return replace(ask, text=text, turns=turns)


def _located(locators: Sequence[tuple[str, str]]) -> dict[str, Any]:
    from elevenlabs.types import PronunciationDictionaryVersionLocator as Locator

    given = [Locator(pronunciation_dictionary_id=name, version_id=version) for name, version in locators]
    return {"pronunciation_dictionary_locators": given} if given else {}


def _around(texts: Sequence[str], request: SpeechRequest) -> list[dict[str, JSON]]:
    """For each text what is spoken before and after it."""
    spoken = [request.previous_text, *texts, request.next_text]
    around: list[dict[str, JSON]] = []
    for at in range(1, len(spoken) - 1):
        before = _NOT_CARRIED.sub(" ", spoken[at - 1])[-NEIGHBOUR_CHARACTERS:]
        after = _NOT_CARRIED.sub(" ", spoken[at + 1])[:NEIGHBOUR_CHARACTERS]
        neighbours: dict[str, JSON] = {"previous_text": before, "next_text": after}
        around.append({name: value for name, value in neighbours.items() if value})
    return around


def _decoded(encoded: object) -> bytes:
    if not isinstance(encoded, str) or not encoded:
        raise NoSound("the answer has no audio in it")
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise NoSound("the audio in the answer is garbled") from None


def _limit(model: Any) -> int:
    limits = (model.maximum_text_length_per_request, model.max_characters_request_subscribed_user)
    return next((limit for limit in limits if isinstance(limit, int) and limit > 0), 0)


def _plain_voice(voice: Any) -> dict[str, str]:
    labels = voice.labels or {}
    description = ", ".join(str(part) for part in (labels.get("accent"), labels.get("age"), voice.description) if part)
    return {
        "id": str(voice.voice_id),
        "name": str(voice.name or voice.voice_id),
        "language": str(labels.get("language") or ""),
        "gender": str(labels.get("gender") or "").lower(),
        "description": description[:200],
    }


def engine() -> ElevenLabsEngine:
    """What the entry point names."""
    return ElevenLabsEngine()
