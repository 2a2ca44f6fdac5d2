"""The choices that a script is made and rendered with, as one value that the library keeps as plain JSON."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from declaim.errors import InputError
from declaim.model.delivery import Delivery
from declaim.model.ids import VoiceId
from declaim.model.pauses import PauseSettings
from declaim.model.script import ScriptSettings
from declaim.model.voice import DEFAULT_VOICE, Cast

T = TypeVar("T")


class LoudnessStandard(StrEnum):
    """What a programme is levelled to."""

    PODCAST = "podcast"
    PODCAST_MONO = "podcast-mono"
    ACX = "acx"
    NONE = "none"

    def in_channels(self, channels: int | None) -> LoudnessStandard:
        """The one that is meant for a file of so many channels (None: its own): a podcast has −16 LUFS in stereo and −19 in
        mono, which is as loud on two speakers."""
        podcasts = {1: LoudnessStandard.PODCAST_MONO, 2: LoudnessStandard.PODCAST}
        return podcasts.get(channels or 0, self) if self in podcasts.values() else self


RATES_HZ = (44_100, 48_000)
"""Of finished files."""
BIT_RATES = (64, 96, 128, 160, 192, 256, 320)
"""Of MP3 files, in kbit/s."""
BED_LEVELS_DB = (-40.0, 0.0)


@dataclass(frozen=True)
class MusicSettings:
    """Music files, each "" for none, as absolute paths. ``bed_level_db`` is how far music lies under speech in loudness;
    ``overlap_ms`` how long intro and outro reach under the words."""

    intro: str = ""
    outro: str = ""
    bed: str = ""
    bed_level_db: float = -18.0
    overlap_ms: int = 2000

    def __post_init__(self) -> None:
        low, high = BED_LEVELS_DB
        if not low <= self.bed_level_db <= high:
            raise InputError(f"Music cannot lie at {self.bed_level_db:g} dB.", cure=f"Choose {low:g} to {high:g} dB.")
        if not 0 <= self.overlap_ms <= 30_000:
            raise InputError("Music cannot reach that far under the words.", cure="Choose 0 to 30 seconds.")

    @property
    def files(self) -> dict[str, str]:
        """Those that are chosen, by what they are for."""
        return {name: path for name in ("intro", "outro", "bed") if (path := getattr(self, name))}


@dataclass(frozen=True)
class TagSettings:
    """What a file says about itself besides its title. Empty: the voices, the project's name, Declaim's own comment, no cover
    (the path of a JPEG or PNG)."""

    artist: str = ""
    album: str = ""
    comment: str = ""
    cover: str = ""


@dataclass(frozen=True)
class StudioSettings:
    """Cast, delivery and the rest for one script; a project keeps one for the scripts that it starts."""

    cast: Cast = field(default_factory=Cast)
    delivery: Delivery = field(default_factory=Delivery)
    script: ScriptSettings = field(default_factory=ScriptSettings)
    loudness: LoudnessStandard = LoudnessStandard.PODCAST
    rate_hz: int = 44_100
    """One of ``RATES_HZ``; another one counts as the first."""
    channels: int = 0
    """1 or 2; anything else is what the loudness standard has."""
    spread_percent: int = 0
    """How far the hosts sit from the middle, of a quarter circle, in a file of two channels."""
    bit_rate: int = 192
    """Of an MP3, in kbit/s."""
    vbr: int = -1
    """0 (best) to 9: a variable bit rate instead of the constant one; -1 for none."""
    pauses: PauseSettings = field(default_factory=PauseSettings)
    music: MusicSettings = field(default_factory=MusicSettings)
    tags: TagSettings = field(default_factory=TagSettings)
    calibration_id: int = 0
    """Whose pace the delivery has; 0 for none."""
    verify: bool = False
    """Whether a speech recogniser listens to every rendered line."""
    pronunciation_notes: str = ""
    writer: str = "offline"

    def __post_init__(self) -> None:
        if len(self.pronunciation_notes) > 500:
            raise InputError(
                "The pronunciation notes are longer than 500 characters.", cure="Put words into the lexicon instead."
            )

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; :meth:`from_json` reads them back."""
        plain = dataclasses.asdict(dataclasses.replace(self, cast=Cast()))
        plain["cast"] = {"default": self.cast.default, "by_speaker": dict(self.cast.by_speaker)}
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> StudioSettings:
        """What :meth:`to_json` made. Unknown keys and values that do not fit are left at their defaults: settings of a newer
        or a hand-edited library never keep a script from opening."""
        settings = _read(cls, {key: value for key, value in plain.items() if key != "cast"})
        return dataclasses.replace(settings, cast=_read_cast(plain.get("cast")))


def _read_cast(plain: object) -> Cast:
    if not isinstance(plain, Mapping):
        return Cast()
    chosen = plain.get("by_speaker")
    by_speaker = {str(key): VoiceId(str(voice)) for key, voice in chosen.items()} if isinstance(chosen, Mapping) else {}
    return Cast(VoiceId(str(plain.get("default") or DEFAULT_VOICE)), by_speaker)


def _read(kind: type[T], plain: Mapping[str, Any]) -> T:
    values = {}
    for name, hint in _types_of(typing.cast("Any", kind)):
        if name in plain:
            value = _fit(hint, plain[name])
            if value is not None:
                values[name] = value
    try:
        return kind(**values)
    except InputError:
        return kind()


@cache
def _types_of(kind: type) -> tuple[tuple[str, Any], ...]:
    """Of its fields. To work them out takes longer than all that is then read with them."""
    hints = typing.get_type_hints(kind)
    return tuple((item.name, hints[item.name]) for item in dataclasses.fields(typing.cast("Any", kind)))


def _fit(hint: Any, value: Any) -> Any:
    """The value as the field's type, or None where it does not fit."""
    if dataclasses.is_dataclass(hint):
        return _read(typing.cast("type[Any]", hint), value) if isinstance(value, Mapping) else None
    if isinstance(hint, types.UnionType):
        return value
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(value) if value in set(hint) else None
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return value if isinstance(hint, type) and type(value) is hint else None
