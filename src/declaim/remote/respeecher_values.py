"""What Respeecher answers, as frozen values. ``raw`` is the whole record; unknown states are kept and count as still running."""

from __future__ import annotations

from dataclasses import dataclass, field

from declaim.remote.pacing import PollingPlan
from declaim.remote.reading import JSON, Fields

POLLING = PollingPlan(first_s=2.0, then_s=(2.0, 2.0, 4.0, 8.0, 15.0), most=20)
"""Within 500 requests in five minutes, for many recordings at once."""


@dataclass(frozen=True)
class ApiKey:
    """Shown once by the service."""

    key: str = field(repr=False)
    raw: JSON = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class User:
    id: str
    email: str = ""
    name: str = ""
    raw: JSON = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, fields: Fields) -> User:
        names = (fields.text("first_name"), fields.text("last_name"))
        full = " ".join(name for name in names if name)
        return cls(fields.needed("id"), fields.text("email"), full or fields.text("username"), fields.values)


@dataclass(frozen=True)
class Session:
    """A login: both texts go with each later request. The password is nowhere in it."""

    session_id: str = field(repr=False)
    csrf_token: str = field(repr=False)
    user: User | None = None


@dataclass(frozen=True)
class Credits:
    credits: float
    initial_credits: float | None = None
    raw: JSON = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Calibration:
    """``f0`` in Hz."""

    id: str
    name: str = ""
    f0: float | None = None
    state: str = ""
    error: str = ""
    enabled: bool = False
    created_at: str = ""
    raw: JSON = field(default=None, repr=False, compare=False)

    @property
    def is_running(self) -> bool:
        return self.state not in {"calibrated", "error"}

    @classmethod
    def of(cls, fields: Fields) -> Calibration:
        return cls(
            id=fields.needed("id"),
            name=fields.text("name"),
            f0=fields.number("f0"),
            state=fields.text("state"),
            error=fields.text("error"),
            enabled=fields.flag("enabled"),
            created_at=fields.text("created_at"),
            raw=fields.values,
        )


@dataclass(frozen=True)
class RemoteProject:
    id: str
    name: str = ""
    slug: str = ""
    owner: str = ""
    url: str = ""
    active: bool = True
    created_at: str = ""
    last_recording_at: str = ""
    raw: JSON = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, fields: Fields) -> RemoteProject:
        return cls(
            id=fields.needed("id"),
            name=fields.text("name"),
            slug=fields.text("slug"),
            owner=fields.text("owner"),
            url=fields.text("url"),
            active=fields.flag("active", True),
            created_at=fields.text("created_at"),
            last_recording_at=fields.text("last_recording_at"),
            raw=fields.values,
        )


@dataclass(frozen=True)
class RemoteFolder:
    id: str
    name: str = ""
    project_id: str = ""
    parent_id: str = ""
    active: bool = True
    created_at: str = ""
    raw: JSON = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, fields: Fields) -> RemoteFolder:
        return cls(
            id=fields.needed("id"),
            name=fields.text("name"),
            project_id=fields.text("project_id"),
            parent_id=fields.text("parent_id"),
            active=fields.flag("active", True),
            created_at=fields.text("created_at"),
            raw=fields.values,
        )


@dataclass(frozen=True)
class Note:
    """``recording_id`` is empty where the note comes inside its recording."""

    id: str
    text: str = ""
    active: bool = True
    recording_id: str = ""
    raw: JSON = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, fields: Fields) -> Note:
        return cls(
            fields.text("id"), fields.text("text"), fields.flag("active", True), fields.text("recording_id"), fields.values
        )


@dataclass(frozen=True)
class RemoteRecording:
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
    voice_id: str = ""
    voice_name: str = ""
    accent_id: str = ""
    narration_style_id: str = ""
    calibration_id: str = ""
    microphone: str = ""
    size: int | None = None
    duration: float | None = None
    starred: bool = False
    tts: bool = False
    text: str = ""
    error: str = ""
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

    @classmethod
    def of(cls, fields: Fields) -> RemoteRecording:
        note, moderation = fields.record("note"), fields.record("moderation")
        return cls(
            id=fields.needed("id"),
            type=fields.text("type"),
            state=fields.text("state"),
            project_id=fields.text("project_id"),
            parent_folder_id=fields.text("parent_folder_id"),
            original_id=fields.text("original_id"),
            label=fields.text("label"),
            file_name=fields.text("file_name"),
            url=fields.text("url"),
            waveform_url=fields.text("waveform_url"),
            voice_id=fields.text("voice_id", "model_id", "tts_voice_id"),
            voice_name=fields.text("voice_name", "model_name", "tts_voice"),
            accent_id=fields.text("accent_id"),
            narration_style_id=fields.text("narration_style_id"),
            calibration_id=fields.text("calibration_id"),
            microphone=fields.text("microphone"),
            size=fields.count("size"),
            duration=fields.number("duration"),
            starred=fields.flag("starred"),
            tts=fields.flag("tts"),
            text=fields.text("text"),
            error=fields.text("error") or (moderation.text("error") if moderation else ""),
            active=fields.flag("active", True),
            created_at=fields.text("created_at"),
            converted_at=fields.text("converted_at"),
            listen_count=fields.count("listen_count"),
            process_stage=fields.text("process_stage"),
            note=Note.of(note) if note else None,
            raw=fields.values,
        )


@dataclass(frozen=True)
class Order:
    """``conversion_id`` is the recording that the order makes."""

    id: str = ""
    conversion_id: str = ""
    original_id: str = ""
    state: str = ""
    error: str = ""
    raw: JSON = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, fields: Fields) -> Order:
        return cls(
            id=fields.text("id"),
            conversion_id=fields.text("conversion_id"),
            original_id=fields.text("original_id"),
            state=fields.text("state"),
            error=fields.text("error"),
            raw=fields.values,
        )


@dataclass(frozen=True)
class Accent:
    id: str
    name: str = ""
    locale: str = ""
    is_default: bool = False
    native: bool = False
    available: bool = False
    favorite: bool = False
    semitones_correction: float | None = None

    @classmethod
    def of(cls, fields: Fields) -> Accent:
        info, settings = fields.record("info"), fields.record("settings")
        return cls(
            id=fields.needed("id"),
            name=(info.text("name") or info.text("short_name")) if info else "",
            locale=info.text("locale") if info else "",
            is_default=fields.flag("is_default"),
            native=fields.flag("native"),
            available=fields.flag("available"),
            favorite=settings.flag("favorite") if settings else False,
            semitones_correction=settings.number("semitones_correction") if settings else None,
        )


@dataclass(frozen=True)
class NarrationStyle:
    id: str
    name: str = ""
    is_default: bool = False
    favorite: bool = False

    @classmethod
    def of(cls, fields: Fields) -> NarrationStyle:
        info, settings = fields.record("info"), fields.record("settings")
        tags = ", ".join(name for tag in fields.records("tags") if (name := tag.text("name")))
        return cls(
            id=fields.needed("id"),
            name=(info.text("name") if info else "") or tags,
            is_default=fields.flag("is_default"),
            favorite=settings.flag("favorite") if settings else False,
        )


@dataclass(frozen=True)
class RemoteVoice:
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

    @classmethod
    def of(cls, fields: Fields) -> RemoteVoice:
        return cls(
            id=fields.needed("id"),
            name=fields.text("name"),
            visibility=fields.text("visibility"),
            species=fields.text("species"),
            gender=fields.text("gender"),
            age_group=fields.text("age_group"),
            pitch_group=fields.text("pitch_group"),
            nationality=fields.text("nationality"),
            artist=fields.text("artist"),
            description=fields.text("description"),
            pitch=fields.number("pitch"),
            rating=fields.number("rating"),
            favorite=fields.flag("favorite"),
            available=fields.flag("available"),
            accents=tuple(Accent.of(entry) for entry in fields.records("accents")),
            narration_styles=tuple(NarrationStyle.of(entry) for entry in fields.records("narration_styles")),
            raw=fields.values,
        )


@dataclass(frozen=True)
class TtsVoice:
    """Of the deprecated text to speech. ``f0`` in Hz."""

    id: str
    name: str = ""
    visibility: str = ""
    f0: float | None = None
    is_default: bool = False
    raw: JSON = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, fields: Fields) -> TtsVoice:
        return cls(
            id=fields.needed("id"),
            name=fields.text("name"),
            visibility=fields.text("visibility"),
            f0=fields.number("f0"),
            is_default=fields.flag("is_default"),
            raw=fields.values,
        )


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
