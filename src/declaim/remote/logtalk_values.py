"""What LogTalk answers, as frozen values. ``raw`` is the whole record; unknown states are kept and count as still running."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import quote

from declaim.remote.pacing import PollingPlan
from declaim.remote.reading import JSON
from declaim.remote.record import Named, Record

POLLING = PollingPlan(first_s=20.0, then_s=(10.0, 15.0, 30.0, 60.0), most=10)
"""Few looks: a plan may allow 100 requests a day."""
SCRIPT_LIFE_S = 7_200
SCRIPT_WARN_S = 6_300
"""A remote script expires after two hours; warn this long after it was made."""


@dataclass(frozen=True)
class JobFailure(Record):
    """Why a job failed: another channel than a refused request."""

    code: str = ""
    message: str = ""


@dataclass(frozen=True)
class Job(Record):
    """What is made there. Times are ISO 8601, as they came; what an answer leaves out is empty or None."""

    id: str
    status: str = ""
    audio_url: str = ""
    has_audio: bool = False
    duration_seconds: float | None = None
    listen_url: str = ""
    embed_url: str = ""
    poll_url: str = ""
    estimated_completion_seconds: float | None = None
    failure: Annotated[JobFailure | None, Named("error")] = None
    created_at: str = ""
    completed_at: str = ""
    failed_at: str = ""
    raw: JSON = field(default=None, repr=False, compare=False)

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
class Conversion(Job):
    """Also of DocTalk. An answer about a failed one has neither title nor type."""

    source_type: str = ""
    title: str = ""
    generated_script: Annotated[str, Named("generated_script", "script")] = ""
    product_id: str = ""
    public_url: bool = False


@dataclass(frozen=True)
class Episode(Job):
    """Old work (deprecated there). ``organization`` only where it was asked for with ``expand``."""

    mode: str = ""
    source: str = ""
    output_format: str = ""
    progress_percent: float | None = None
    current_stage: str = ""
    stages: tuple[str, ...] = ()
    has_video: bool = False
    video_url: str = ""
    script: str = ""
    organization: JSON = field(default=None, compare=False)


@dataclass(frozen=True)
class RemoteScript(Record):
    """``content`` is the script's text, to be edited; it is gone there two hours after it was made."""

    id: str
    content: str
    estimated_duration_seconds: float | None = None
    word_count: int | None = None
    context_used: bool = False
    raw: JSON = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class EmbedToken(Record):
    """``token`` and ``embed_url`` let anybody listen: they are the user's to give away, not ours to log."""

    token: str = field(repr=False)
    conversion_id: str = ""
    embed_url: str = field(default="", repr=False)
    created_at: str = ""
    raw: JSON = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class SignedAudio(Record):
    """``url`` opens the audio for whoever has it, for about 50 minutes; it is fetched without the key."""

    url: Annotated[str, Named("audio_url")] = field(repr=False)
    content_type: str = ""
    duration_seconds: float | None = None
    expires_at: str = ""
    raw: JSON = field(default=None, repr=False, compare=False)


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
