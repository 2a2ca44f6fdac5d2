"""What differs between services before any operation is named: addresses, pace, how a refusal is told and what cures it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from declaim.remote.addresses import origin_of
from declaim.remote.pacing import Limiter
from declaim.remote.reading import JSON


@dataclass(frozen=True)
class Refusal:
    """The service's own words for what it refuses; all may be empty."""

    message: str = ""
    code: str = ""
    request_id: str = ""


@dataclass(frozen=True)
class Service:
    """``read_refusal`` gets a body that may be any JSON, or None where it is none."""

    name: str
    title: str
    default_base_url: str
    requests_per_minute: int
    """What a connection starts with."""
    read_refusal: Callable[[JSON], Refusal]
    cures: Mapping[int, str] = field(default_factory=dict)

    def cure(self, status: int) -> str:
        return self.cures.get(status) or _CURES.get(status, "")

    def limiter(self, base_url: str, per_minute: int | None = None) -> Limiter:
        """For all jobs of one connection; there is no limit on this computer itself."""
        if origin_of(base_url).is_loopback:
            return Limiter(None)
        return Limiter(per_minute or self.requests_per_minute)


_CURES = {
    400: "Correct what it names and send it again.",
    401: "Check the key of this connection.",
    402: "Add credit or quota there, then retry.",
    403: "The key or the plan does not allow this; check both there.",
    404: "It may have been deleted there; also check the base URL of this connection.",
    405: "Check the base URL of this connection.",
    409: "Look there what it is like now, then decide.",
    413: "Send less at once.",
    422: "Correct what it names and send it again.",
}
