"""Voices that can be downloaded: what ``resources/voices.json`` names, and what a source's own list says of their files.

Piper's list is ``voices.json`` of the repository rhasspy/piper-voices: sizes and MD5 digests of every file. What the resource
pins itself (a SHA-256, or the digest of the model) must fit too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from declaim import paths
from declaim.errors import VoiceError
from declaim.model.ids import VoiceId
from declaim.model.offer import OfferedFile, OfferedVoice
from declaim.model.voice import Gender

NAME = "voices.json"
LISTED = "piper-voices.json"
"""The source's list, as it was read last, among what engines remember."""
SOURCES = ("piper", "kokoro")
"""The engines that have one."""
MOST_BYTES = 2_000_000_000
_KEY = re.compile(r"(?P<language>[a-z]{2,3}_[A-Z]{2})-(?P<name>\w[\w+]*)-(?P<quality>\w+)")
_KOKORO_LANGUAGES = {"a": "en-US", "b": "en-GB"}
_GENDERS = {"f": Gender.FEMALE, "m": Gender.MALE}


def source_of(engine: str) -> str:
    """The base URL of an engine's official voices; empty for one that offers none."""
    part = _resource().get(engine)
    return str(part["source"]) if isinstance(part, Mapping) else ""


def list_path(engine: str) -> str:
    """Where the source keeps its list of sizes and digests, below its base URL; empty where everything is pinned here."""
    part = _resource().get(engine)
    return str(part.get("list", "")) if isinstance(part, Mapping) else ""


def offers(listed: Mapping[str, Any] | None = None) -> tuple[OfferedVoice, ...]:
    """The voices that are known, and those of Piper's list (``listed``), where it has been read."""
    known = (*_piper(), *_kokoro())
    keys = {offer.key for offer in known}
    more = [offer for offer in offers_of_list(listed or {}) if offer.key not in keys]
    return (*known, *more)


def offers_of_list(listed: Mapping[str, Any]) -> Iterator[OfferedVoice]:
    """The voices of one speaker in Piper's list. What does not look like a voice is passed over."""
    for key, plain in listed.items():
        parts = _KEY.fullmatch(str(key))
        files = _listed_files(plain)
        if parts and files and isinstance(plain, Mapping) and plain.get("num_speakers", 1) == 1:
            name = parts["name"].replace("_", " ").capitalize()
            language = parts["language"].replace("_", "-")
            yield OfferedVoice(VoiceId(f"piper:{key}"), key, name, "piper", language, files, quality=parts["quality"])


def completed(offer: OfferedVoice, listed: Mapping[str, Any]) -> OfferedVoice:
    """The offer with the sizes and digests of the source's list.

    Raises:
        VoiceError: where the list does not have it, or contradicts what is pinned.
    """
    files = {file.path: file for file in _listed_files(listed.get(offer.key))}
    if not files:
        raise VoiceError(f"The source's list has no voice {offer.key} (any more).", cure="Choose another one.")
    return replace(offer, files=tuple(_merged(file, files.get(file.path)) for file in offer.files))


def _merged(pinned: OfferedFile, found: OfferedFile | None) -> OfferedFile:
    if found is None or (pinned.size_bytes and pinned.size_bytes != found.size_bytes) or _contradict(pinned, found):
        message = f"The source's list says something else of {pinned.name} than what Declaim knows of it."
        raise VoiceError(message, cure="Nothing was downloaded. Update Declaim, or choose another voice.")
    return replace(pinned, size_bytes=found.size_bytes, digests=tuple(dict.fromkeys((*pinned.digests, *found.digests))))


def _contradict(one: OfferedFile, other: OfferedFile) -> bool:
    kinds = {digest.partition(":")[0]: digest for digest in one.digests}
    return any(kinds.get(digest.partition(":")[0], digest) != digest for digest in other.digests)


def _listed_files(plain: object) -> tuple[OfferedFile, ...]:
    """The model, its configuration and its card, in this order; empty for an entry that lacks one."""
    files = plain.get("files") if isinstance(plain, Mapping) else None
    found: dict[str, OfferedFile] = {}
    for path, facts in files.items() if isinstance(files, Mapping) else ():
        size, digest = (facts.get("size_bytes"), facts.get("md5_digest")) if isinstance(facts, Mapping) else (None, None)
        kind = next((end for end in (".onnx", ".onnx.json", "MODEL_CARD") if str(path).endswith(end)), "")
        is_sound = re.fullmatch("[0-9a-f]{32}", str(digest)) and _is_path(path)
        if kind and is_sound and isinstance(size, int) and 0 < size < MOST_BYTES:
            found[kind] = OfferedFile(str(path), size, (f"md5:{digest}",))
    return tuple(found[kind] for kind in (".onnx", ".onnx.json", "MODEL_CARD") if kind in found) if len(found) == 3 else ()


def _is_path(path: object) -> bool:
    """Whether it stays below the base URL, and its last part is a plain file's name."""
    return bool(re.fullmatch(r"\w[\w.+-]*(/\w[\w.+-]*)*", str(path))) and ".." not in str(path)


@lru_cache(maxsize=1)
def _resource() -> Mapping[str, Any]:
    plain: Mapping[str, Any] = json.loads((paths.resources_dir() / NAME).read_text(encoding="utf-8"))
    return plain


@lru_cache(maxsize=1)
def _piper() -> tuple[OfferedVoice, ...]:
    return tuple(_piper_offer(item) for item in _resource()["piper"]["voices"])


def _piper_offer(item: Mapping[str, Any]) -> OfferedVoice:
    key = item["key"]
    parts = _KEY.fullmatch(key)
    assert parts is not None, key
    folder = f"{parts['language'][:2]}/{parts['language']}/{parts['name']}/{parts['quality']}"
    model = OfferedFile(f"{folder}/{key}.onnx", item["size_bytes"], (item["digest"],))
    return OfferedVoice(
        VoiceId(f"piper:{item['name']}"),
        key,
        parts["name"].replace("_", " ").capitalize(),
        "piper",
        item["language"],
        (model, OfferedFile(f"{folder}/{key}.onnx.json"), OfferedFile(f"{folder}/MODEL_CARD")),
        Gender(item["gender"]),
        parts["quality"],
    )


@lru_cache(maxsize=1)
def _kokoro() -> tuple[OfferedVoice, ...]:
    part = _resource()["kokoro"]
    return tuple(
        OfferedVoice(
            VoiceId(f"kokoro:{key}"),
            key,
            key.partition("_")[2].capitalize(),
            "kokoro",
            _KOKORO_LANGUAGES[key[0]],
            (OfferedFile(f"voices/{key}.bin", part["size_bytes"], (digest,)),),
            _GENDERS[key[1]],
            licence=part["licence"],
        )
        for key, digest in part["voices"].items()
    )
