"""What a form to a service holds, as data: a field for each name of the contract's body, with the user's word for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from declaim.remote.bodies import Field, FieldTable

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FieldSpec:
    """``path`` is the dotted name in the body. ``kind``: text, long, choice, flag, number, texts (with commas) or json.

    A choice of "" leaves it to the service. ``is_more``: shown only when the user asks for more.
    """

    path: str
    label: str
    kind: str = "text"
    choices: Choices = ()
    hint: str = ""
    is_more: bool = False


def _words(*values: str) -> Choices:
    return tuple((value, value.replace("_", " ").capitalize()) for value in values)


def _more(path: str, label: str, kind: str = "text", choices: Choices = (), hint: str = "") -> FieldSpec:
    return FieldSpec(path, label, kind, choices, hint, is_more=True)


_LEFT = ("", "As the service likes")
_ELEVENLABS = "ElevenLabs only"

_LOGTALK = (
    FieldSpec("title", "Title"),
    FieldSpec("settings.product_name", "Product"),
    FieldSpec("settings.version", "Version"),
    FieldSpec("settings.tone", "Tone", "choice", _words("casual", "professional", "enthusiastic", "technical")),
    FieldSpec("settings.verbosity", "Length", "choice", _words("brief", "normal", "detailed")),
    FieldSpec("settings.speakers", "Speakers", "choice", (("1", "One narrator"), ("2", "Two hosts"))),
    FieldSpec("voice.provider", "Voices of", "choice", (_LEFT, ("gemini", "Gemini"), ("elevenlabs", "ElevenLabs"))),
    FieldSpec("voice.delivery_preset", "Delivery", "choice", (_LEFT, *_words("measured", "dynamic", "theatrical"))),
    FieldSpec("settings.audience", "Audience", hint="developers"),
    FieldSpec("settings.cta", "Call to action", hint="Update today"),
    FieldSpec("voice.pronunciation_notes", "How it is said", "long"),
    _more("additional_context", "Context", "long"),
    _more("product_id", "Product id"),
    _more("settings.use_history", "Use earlier changelogs", "flag"),
    _more("settings.history_limit", "How many of them", "number"),
    _more("settings.severity_aware_tone", "More serious for breaking changes", "flag"),
    _more("voice.voice_id", "Voice id", hint=_ELEVENLABS),
    _more("voice.model", "Model", "choice", (_LEFT, ("v3", "v3"), ("flash_v2", "Flash v2"))),
    _more("voice.host_voice_ids.host1", "Voice id of host 1", hint=_ELEVENLABS),
    _more("voice.host_voice_ids.host2", "Voice id of host 2", hint=_ELEVENLABS),
    _more("voice.expression_settings.emotional_range", "Emotion", "choice", (_LEFT, *_words("subtle", "moderate", "full"))),
    _more("voice.expression_settings.emphasis_style", "Emphasis", "choice", (_LEFT, *_words("pauses", "both"))),
    _more("voice.expression_settings.allow_whispering", "May whisper", "flag"),
    _more("voice.expression_settings.allow_laughter", "May laugh", "flag"),
    _more("voice.expression_settings.emotional_arc", "An emotional arc", "flag"),
)
_VOICES = tuple(
    (name, name.removeprefix("de-DE-").removesuffix("Neural").capitalize())
    for name in ("echo", "fable", "alloy", "onyx", "nova", "shimmer", "de-DE-ConradNeural", "de-DE-KatjaNeural")
)
_BOTTALK = (
    FieldSpec("title", "Title"),
    FieldSpec("voice", "Voice", "choice", (("", "The project's own"), *_VOICES)),
    FieldSpec("lang", "Language", "choice", (("", "The voice's own"), ("en-US", "English (en-US)"), ("de-DE", "German (de-DE)"))),
    FieldSpec("labels", "Labels", "texts", hint="news, release"),
    FieldSpec("url", "Web address", hint="https://example.org/article"),
    FieldSpec("prompt", "Prompt", "long"),
    _more("externalId", "Own id", hint="One is made where you give none"),
    _more("parse", "Take HTML out of the text", "flag"),
    _more("isRaw", "Leave the text as it is", "flag"),
)
_LABEL = FieldSpec("label", "Label", hint="Letters, digits, spaces and hyphens, at most 40")
_TTS = (_LABEL, FieldSpec("text_language", "Language", hint="en"))
_UPLOAD = (_LABEL,)

SPECS: Mapping[str, tuple[FieldSpec, ...]] = {
    "changelog": _LOGTALK,
    "document": _LOGTALK,
    "article": _BOTTALK,
    "tts": _TTS,
    "upload": _UPLOAD,
}
"""By the form that something is published in."""
_OTHERS = {"content": "The text", "text": "The text", "conversions": "Voices", "name": "The name of its folder or project"}


def specs_of(table: FieldTable, path: str = "") -> Iterator[FieldSpec]:
    """A form for any body of the contracts, in the contract's own names; what is required comes first."""
    for name, spec in sorted(table.items(), key=lambda entry: not entry[1].required):
        if spec.kind == "object" and spec.fields:
            yield from specs_of(spec.fields, f"{path}{name}.")
        else:
            yield FieldSpec(f"{path}{name}", f"{path}{name}{' *' if spec.required else ''}", _kind(spec), _choices(spec))


def settings_of(values: Mapping[str, Any], specs: Sequence[FieldSpec]) -> list[str]:
    """``field=value`` as the commands take them."""
    return [f"{spec.path}={values[spec.path]}" for spec in specs if spec.path in values]


def in_user_words(message: str, specs: Sequence[FieldSpec]) -> tuple[str, str]:
    """A refusal with the form's word for the field that it names, and that field's path, where there is one."""
    found = re.search(r"'([\w.]+)'( of (an entry of )?(an? \w+|'\w+' of an order))?", message)
    if found is None:
        return message, ""
    spec = next((each for each in specs if each.path == found[1] or each.path.endswith(f".{found[1]}")), None)
    label = spec.label if spec is not None else _OTHERS.get(found[1], "")
    if not label:
        return message, ""
    return message.replace(found[0], f"“{label}”", 1), spec.path if spec is not None else ""


def fitting_label(text: str) -> str:
    """A label that Respeecher takes, as near as may be; for the user to choose, never put in unseen."""
    return " ".join(re.sub(r"[^a-zA-Z0-9 -]+", " ", text).split())[:40].strip()


def _kind(spec: Field) -> str:
    if spec.choices:
        return "choice"
    kinds = {"flag": "flag", "integer": "number", "number": "number", "texts": "texts", "text": "text"}
    kind = kinds.get(spec.kind, "json")
    return "long" if kind == "text" and (spec.most_bytes or (spec.most or 0) >= 1000) else kind


def _choices(spec: Field) -> Choices:
    return (("", ""), *((value, value) for value in spec.choices)) if spec.choices else ()
