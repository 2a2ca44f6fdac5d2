"""What LogTalk answers, as frozen values. ``raw`` is the whole record; unknown states are kept and count as still running."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from urllib.parse import quote

from declaim.remote.pacing import PollingPlan
from declaim.remote.reading import JSON, Fields

POLLING = PollingPlan(first_s=20.0, then_s=(10.0, 15.0, 30.0, 60.0), most=10)
"""Few looks: a plan may allow 100 requests a day."""
SCRIPT_LIFE_S = 7_200
SCRIPT_WARN_S = 6_300
"""A remote script expires after two hours; warn this long after it was made."""


@dataclass(frozen=True)
class JobFailure:
    """Why a job failed: another channel than a refused request."""

    code: str = ""
    message: str = ""

    @classmethod
    def of(cls, fields: Fields | None) -> JobFailure | None:
        return None if fields is None else cls(fields.text("code"), fields.text("message"))


@dataclass(frozen=True)
class _Job:
    id: str
    status: str

    @property
    def is_done(self) -> bool:
        return self.status == "completed"

    @property
    def is_failed(self) -> bool:
        return self.status == "failed"

    @property
    def is_running(self) -> bool:
        """Also where the state is one that nobody knows."""
        return not (self.is_done or self.is_failed)


@dataclass(frozen=True)
class Conversion(_Job):
    """Times are ISO 8601, as they came; what an answer leaves out is empty or None."""

    source_type: str = ""
    title: str = ""
    has_audio: bool = False
    audio_url: str = ""
    generated_script: str = ""
    duration_seconds: float | None = None
    product_id: str = ""
    public_url: bool = False
    listen_url: str = ""
    embed_url: str = ""
    poll_url: str = ""
    estimated_completion_seconds: float | None = None
    failure: JobFailure | None = None
    created_at: str = ""
    completed_at: str = ""
    failed_at: str = ""
    raw: JSON = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, fields: Fields) -> Conversion:
        return cls(
            id=fields.needed("id"),
            status=fields.text("status"),
            source_type=fields.text("source_type"),
            title=fields.text("title"),
            has_audio=fields.flag("has_audio"),
            audio_url=fields.text("audio_url"),
            generated_script=fields.text("generated_script"),
            duration_seconds=fields.number("duration_seconds"),
            product_id=fields.text("product_id"),
            public_url=fields.flag("public_url"),
            listen_url=fields.text("listen_url"),
            embed_url=fields.text("embed_url"),
            poll_url=fields.text("poll_url"),
            estimated_completion_seconds=fields.number("estimated_completion_seconds"),
            failure=JobFailure.of(fields.record("error")),
            created_at=fields.text("created_at"),
            completed_at=fields.text("completed_at"),
            failed_at=fields.text("failed_at"),
            raw=fields.values,
        )


@dataclass(frozen=True)
class Episode(_Job):
    """Old work (deprecated there). ``organization`` only where it was asked for with ``expand``."""

    mode: str = ""
    source: str = ""
    output_format: str = ""
    progress_percent: float | None = None
    current_stage: str = ""
    stages: tuple[str, ...] = ()
    has_audio: bool = False
    has_video: bool = False
    audio_url: str = ""
    video_url: str = ""
    script: str = ""
    duration_seconds: float | None = None
    listen_url: str = ""
    embed_url: str = ""
    poll_url: str = ""
    estimated_completion_seconds: float | None = None
    failure: JobFailure | None = None
    organization: JSON = field(default=None, compare=False)
    created_at: str = ""
    completed_at: str = ""
    failed_at: str = ""
    raw: JSON = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, fields: Fields) -> Episode:
        organization = fields.record("organization")
        return cls(
            id=fields.needed("id"),
            status=fields.text("status"),
            mode=fields.text("mode"),
            source=fields.text("source"),
            output_format=fields.text("output_format"),
            progress_percent=fields.number("progress_percent"),
            current_stage=fields.text("current_stage"),
            stages=fields.texts("stages"),
            has_audio=fields.flag("has_audio"),
            has_video=fields.flag("has_video"),
            audio_url=fields.text("audio_url"),
            video_url=fields.text("video_url"),
            script=fields.text("script"),
            duration_seconds=fields.number("duration_seconds"),
            listen_url=fields.text("listen_url"),
            embed_url=fields.text("embed_url"),
            poll_url=fields.text("poll_url"),
            estimated_completion_seconds=fields.number("estimated_completion_seconds"),
            failure=JobFailure.of(fields.record("error")),
            organization=organization.values if organization else None,
            created_at=fields.text("created_at"),
            completed_at=fields.text("completed_at"),
            failed_at=fields.text("failed_at"),
            raw=fields.values,
        )


@dataclass(frozen=True)
class RemoteScript:
    """``content`` is the script's text, to be edited; it is gone there two hours after it was made."""

    id: str
    content: str
    estimated_duration_seconds: float | None = None
    word_count: int | None = None
    context_used: bool = False
    raw: JSON = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, fields: Fields) -> RemoteScript:
        return cls(
            id=fields.needed("id"),
            content=fields.needed("content"),
            estimated_duration_seconds=fields.number("estimated_duration_seconds"),
            word_count=fields.count("word_count"),
            context_used=fields.flag("context_used"),
            raw=fields.values,
        )


@dataclass(frozen=True)
class EmbedToken:
    """``token`` and ``embed_url`` let anybody listen: they are the user's to give away, not ours to log."""

    conversion_id: str
    token: str = field(repr=False)
    embed_url: str = field(default="", repr=False)
    created_at: str = ""
    raw: JSON = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, fields: Fields) -> EmbedToken:
        return cls(
            conversion_id=fields.text("conversion_id"),
            token=fields.needed("token"),
            embed_url=fields.text("embed_url"),
            created_at=fields.text("created_at"),
            raw=fields.values,
        )


@dataclass(frozen=True)
class SignedAudio:
    """``url`` opens the audio for whoever has it, for about 50 minutes; it is fetched without the key."""

    url: str = field(repr=False)
    content_type: str = ""
    duration_seconds: float | None = None
    expires_at: str = ""
    raw: JSON = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, fields: Fields) -> SignedAudio:
        return cls(
            url=fields.needed("audio_url"),
            content_type=fields.text("content_type"),
            duration_seconds=fields.number("duration_seconds"),
            expires_at=fields.text("expires_at"),
            raw=fields.values,
        )


@dataclass(frozen=True)
class Deleted:
    """``deleted_at`` is empty where an earlier try of the same wish had done it."""

    id: str
    deleted_at: str = ""
    raw: JSON = field(default=None, repr=False, compare=False)


def embed_frame(embed_url: str) -> str:
    """The iframe that the contract shows, to be pasted into a page."""
    source = html.escape(embed_url, quote=True)
    return f'<iframe src="{source}" width="100%" height="180" frameborder="0" allow="autoplay"></iframe>'


def oembed_link(oembed_address: str, listen_url: str) -> str:
    """The ``<link>`` by which pages announce an oEmbed."""
    href = html.escape(f"{oembed_address}?url={quote(listen_url, safe='')}", quote=True)
    return f'<link rel="alternate" type="application/json+oembed" href="{href}">'
