"""What Respeecher answers, as frozen values. ``raw`` is the whole record; unknown states are kept and count as still running."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from declaim.remote.pacing import PollingPlan
from declaim.remote.reading import JSON
from declaim.remote.record import Named, Record

POLLING = PollingPlan(first_s=2.0, then_s=(2.0, 2.0, 4.0, 8.0, 15.0), most=20)
"""Within 500 requests in five minutes, for many recordings at once."""


@dataclass(frozen=True)
class ApiKey:
    """Shown once by the service."""

    key: str = field(repr=False)
    raw: JSON = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class User(Record):
    id: str
    email: str = ""
    username: str = ""
    first_name: str = ""
    last_name: str = ""
    raw: JSON = field(default=None, repr=False, compare=False)

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part) or self.username


@dataclass(frozen=True)
class Session:
    """A login: both texts go with each later request. The password is nowhere in it."""

    session_id: str = field(repr=False)
    csrf_token: str = field(repr=False)
    user: User | None = None


@dataclass(frozen=True)
class Credits(Record):
    credits: float | None = None
    initial_credits: float | None = None
    raw: JSON = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Calibration(Record):
    """``f0`` in Hz."""

    id: str
    name: str = ""
    user_id: str = ""
    f0: float | None = None
    state: str = ""
    error: str = ""
    enabled: bool = False
    created_at: str = ""
    raw: JSON = field(default=None, repr=False, compare=False)

    @property
    def is_running(self) -> bool:
        return self.state not in {"calibrated", "error"}


@dataclass(frozen=True)
class RemoteProject(Record):
    id: str
    name: str = ""
    slug: str = ""
    owner: str = ""
    url: str = ""
    active: bool = True
    created_at: str = ""
    last_recording_at: str = ""
    raw: JSON = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class RemoteFolder(Record):
    id: str
    name: str = ""
    project_id: str = ""
    parent_id: str = ""
    active: bool = True
    created_at: str = ""
    raw: JSON = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Note(Record):
    """``recording_id`` is empty where the note comes inside its recording."""

    id: str = ""
    text: str = ""
    active: bool = True
    recording_id: str = ""
    raw: JSON = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class RemoteRecording(Record):
    """An original or, with ``original_id``, a conversion of one. ``url`` is a path of the service; ``duration`` in seconds."""

    id: str
    type: str = ""
    state: str = ""
    project_id: str = ""
    parent_folder_id: str = ""
    original_id: str = ""
    label: str = ""
    file_name: str = ""
    url: str = ""
    waveform_url: str = ""
    voice_id: Annotated[str, Named("voice_id", "model_id", "tts_voice_id")] = ""
    voice_name: Annotated[str, Named("voice_name", "model_name", "tts_voice")] = ""
    accent_id: str = ""
    narration_style_id: str = ""
    calibration_id: str = ""
    microphone: str = ""
    size: int | None = None
    duration: float | None = None
    starred: bool = False
    tts: bool = False
    text: str = ""
    error: Annotated[str, Named("error", "moderation.error")] = ""
    active: bool = True
    created_at: str = ""
    converted_at: str = ""
    listen_count: int | None = None
    process_stage: str = ""
    note: Note | None = None
    raw: JSON = field(default=None, repr=False, compare=False)

    @property
    def is_original(self) -> bool:
        return self.type == "original" if self.type else not self.original_id

    @property
    def is_done(self) -> bool:
        return self.state == "done"

    @property
    def is_failed(self) -> bool:
        return self.state == "error"

    @property
    def is_running(self) -> bool:
        return not (self.is_done or self.is_failed)


@dataclass(frozen=True)
class Order(Record):
    """``conversion_id`` is the recording that the order makes."""

    id: str = ""
    conversion_id: str = ""
    original_id: str = ""
    state: str = ""
    error: str = ""
    raw: JSON = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Accent(Record):
    id: str
    name: Annotated[str, Named("info.name", "info.short_name")] = ""
    locale: Annotated[str, Named("info.locale")] = ""
    is_default: bool = False
    native: bool = False
    available: bool = False
    favorite: Annotated[bool, Named("settings.favorite")] = False
    semitones_correction: Annotated[float | None, Named("settings.semitones_correction")] = None


@dataclass(frozen=True)
class _Tag(Record):
    name: str = ""


@dataclass(frozen=True)
class NarrationStyle(Record):
    id: str
    label: Annotated[str, Named("info.name")] = ""
    tags: tuple[_Tag, ...] = ()
    is_default: bool = False
    favorite: Annotated[bool, Named("settings.favorite")] = False

    @property
    def name(self) -> str:
        """Its tags, where it has no name."""
        return self.label or ", ".join(tag.name for tag in self.tags if tag.name)


@dataclass(frozen=True)
class RemoteVoice(Record):
    """``narration_styles`` are for text to speech, ``accents`` for speech to speech."""

    id: str
    name: str = ""
    visibility: str = ""
    species: str = ""
    gender: str = ""
    age_group: str = ""
    pitch_group: str = ""
    nationality: str = ""
    artist: str = ""
    description: str = ""
    pitch: float | None = None
    rating: float | None = None
    favorite: bool = False
    available: bool = False
    accents: tuple[Accent, ...] = ()
    narration_styles: tuple[NarrationStyle, ...] = ()
    raw: JSON = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class TtsVoice(Record):
    """Of the deprecated text to speech. ``f0`` in Hz."""

    id: str
    name: str = ""
    visibility: str = ""
    f0: float | None = None
    is_default: bool = False
    raw: JSON = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Samples:
    """``urls``: whatever in the free-form answer looks like a path or an address."""

    urls: tuple[str, ...] = ()
    raw: JSON = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, value: JSON) -> Samples:
        return cls(tuple(_urls_in(value)), value)


def _urls_in(value: JSON) -> list[str]:
    if isinstance(value, str):
        return [value] if value.startswith(("/", "http://", "https://")) else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [url for entry in inner for url in _urls_in(entry)]
