"""Voices that were downloaded: one folder each, with its files and a ``voice.json`` that says what they must be.

A voice is put together beside and moved into place whole; a removed one is moved away before it is deleted.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from declaim import paths
from declaim.errors import InputError, ModelDamaged, VoiceNotReady
from declaim.model.ids import VoiceId
from declaim.model.offer import OfferedVoice
from declaim.model.voice import Gender
from declaim.voices.models import sha256_of

FACTS = "voice.json"
_NAME = re.compile(r"\w[\w+-]{0,99}")
_LICENCE = re.compile(r"^\s*\*?\s*licen[cs]e\s*:\s*(.+)$", re.IGNORECASE | re.MULTILINE)
_CURE = "Download it again in the voice catalogue, or with `declaim voices --download`."

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class KeptFile:
    """A file of a downloaded voice, checked before each use against what it was when it came."""

    path: Path
    sha256: str

    @property
    def packages(self) -> tuple[str, ...]:
        return ()

    def verified(self) -> Path:
        """Where it lies, once its content is known to be the same.

        Raises:
            VoiceNotReady: when it is gone.
            ModelDamaged: when its content differs.
        """
        try:
            actual = sha256_of(self.path)
        except FileNotFoundError:
            raise VoiceNotReady(f"The voice's file {self.path.name} is gone.", cure=_CURE) from None
        except OSError as error:
            raise ModelDamaged(f"The voice's file {self.path} cannot be read: {error.strerror}.", cure=_CURE) from error
        if actual != self.sha256:
            raise ModelDamaged(f"The voice's file {self.path} is damaged: it differs from the one that came.", cure=_CURE)
        return self.path


@dataclass(frozen=True)
class KeptVoice:
    """``files`` by the end of their names, as ``.onnx``, ``.onnx.json`` or ``.bin``."""

    id: VoiceId
    name: str
    language: str
    gender: Gender
    licence: str
    quality: str
    size_bytes: int
    files: Mapping[str, KeptFile] = field(hash=False)

    @property
    def needs(self) -> str:
        """What it lacks: empty where its files are there."""
        gone = next((file.path.name for file in self.files.values() if not file.path.is_file()), "")
        return f"Its file {gone} is gone. {_CURE}" if gone else ""


class KeptVoices:
    """The voices of one engine. From any thread; ``folder`` is asked for at each call."""

    def __init__(self, engine: str, folder: Callable[[], Path] = paths.voices_dir) -> None:
        self._engine, self._root = engine, folder
        self._read: tuple[Path, int, dict[VoiceId, KeptVoice]] | None = None

    @property
    def folder(self) -> Path:
        return self._root() / self._engine

    def all(self) -> Mapping[VoiceId, KeptVoice]:
        """By id. Fast: the folder is read again only when something was put into it or taken out."""
        try:
            changed = self.folder.stat().st_mtime_ns
        except OSError:
            return {}
        read = self._read
        if read is None or read[:2] != (self.folder, changed):
            voices = [voice for path in sorted(self.folder.iterdir()) if (voice := self._voice(path)) is not None]
            read = self._read = (self.folder, changed, {voice.id: voice for voice in voices})
        return read[2]

    def place(self, offer: OfferedVoice, staged: Path) -> None:
        """Moves the files of a voice, all checked, from ``staged`` into place; an older one of that name gives way.

        Raises:
            OSError: where the disk refuses.
        """
        files = {path.name: sha256_of(path) for path in sorted(staged.iterdir()) if path.name != FACTS}
        facts = {
            "id": offer.id, "name": offer.name, "language": offer.language, "gender": offer.gender,
            "licence": offer.licence or _licence_of(staged), "quality": offer.quality, "files": files,
        }  # fmt: skip
        with paths.replacing(staged / FACTS) as beside:
            beside.write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / _checked(offer.id)
        self._take_away(target)
        staged.replace(target)
        self._read = None

    def remove(self, voice_id: VoiceId) -> bool:
        """Deletes a voice; False where it was not there.

        Raises:
            OSError: where the disk refuses.
        """
        target = self.folder / _checked(voice_id)
        if not target.is_dir():
            return False
        self._take_away(target)
        self._read = None
        return True

    def _take_away(self, target: Path) -> None:
        if target.exists():
            aside = target.with_name(f".{target.name}.removed")
            shutil.rmtree(aside, ignore_errors=True)
            target.replace(aside)
            shutil.rmtree(aside)

    def _voice(self, folder: Path) -> KeptVoice | None:
        if folder.name.startswith(".") or not folder.is_dir():
            return None
        try:
            return _read_voice(self._engine, folder, json.loads((folder / FACTS).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            logger.info("The voice in %s is left out: %s", folder, error)
            return None


def _read_voice(engine: str, folder: Path, facts: Mapping[str, Any]) -> KeptVoice:
    files = {_end_of(name): KeptFile(folder / Path(name).name, str(digest)) for name, digest in facts["files"].items()}
    size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    gender = Gender(facts["gender"]) if facts.get("gender") in set(Gender) else Gender.UNKNOWN
    return KeptVoice(
        VoiceId(f"{engine}:{folder.name}"), str(facts["name"]), str(facts["language"]), gender,
        str(facts.get("licence", "")), str(facts.get("quality", "")), size, files,
    )  # fmt: skip


def _end_of(name: str) -> str:
    return next((end for end in (".onnx.json", ".onnx", ".bin") if name.endswith(end)), name)


def _licence_of(folder: Path) -> str:
    """What the model card says of it."""
    card = folder / "MODEL_CARD"
    try:
        found = _LICENCE.search(card.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return ""
    return found.group(1).strip()[:200] if found else ""


def _checked(voice_id: VoiceId) -> str:
    """The name of a voice's folder, which can be no other place.

    Raises:
        InputError: for an id that no voice can have.
    """
    name = voice_id.partition(":")[2]
    if not _NAME.fullmatch(name):
        raise InputError(f"'{voice_id[:80]}' cannot be a downloaded voice.", cure="Take an id of `declaim voices --offered`.")
    return name
