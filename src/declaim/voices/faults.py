"""What goes wrong with a service, as one of four kinds, in the user's words, the key never among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from declaim.errors import VoiceError, VoiceKeyMissing, VoiceOffline, VoiceUnknown
from declaim.model.key import key_variable, without_key

KEPT = "Finished lines are kept."
_EXCERPT = 200
_TRANSPORT = ("httpx", "httpcore", "httpcore2", "h11", "ssl", "socket", "requests", "urllib3", "anyio")
_NO_NAME = re.compile(r"name resolution|not known|nodename|getaddrinfo|no address|unreachable", re.IGNORECASE)
_MODEL_GONE = re.compile(r"model_not_found|invalid_model|model_deprecated|unsupported_model")
_CLOCK = re.compile(r"not yet valid|certificate has expired", re.IGNORECASE)


class Kind(Enum):
    """What to do about it: wait as the service says, try again, try again and then with less text, or give up."""

    THROTTLED = auto()
    TRANSIENT = auto()
    ODD = auto()
    FINAL = auto()


class Trouble(Exception):
    """A request that brought no sound. ``cost_usd``: what it cost all the same."""

    def __init__(
        self, kind: Kind, error: VoiceError, *, retry_after_s: float | None = None, cost_usd: float = 0.0, is_text: bool = True
    ) -> None:
        super().__init__(error.message)
        self.kind, self.error, self.retry_after_s, self.cost_usd = kind, error, retry_after_s, cost_usd
        self.is_text = is_text


@dataclass(frozen=True)
class Refusal:
    """A service's own words about a refused request. ``code`` is its name for the reason."""

    status: int
    code: str = ""
    message: str = ""
    retry_after_s: float | None = None
    is_day_quota: bool = False


@dataclass(frozen=True)
class Faults:
    """Makes troubles of what happened with one service."""

    label: str
    key_name: str
    key: str = ""

    @property
    def missing_key(self) -> str:
        article = "an" if self.label[:1] in "AEIOU" else "a"
        return f"Add {article} {self.label} key in Settings › Voices, or set {key_variable(self.key_name)}."

    def refused(self, refusal: Refusal, voice: str, model: str) -> Trouble:
        """What a status other than 200 means."""
        said = self.excerpt(refusal.message)
        code, text = refusal.code.lower(), f"{refusal.code} {refusal.message}".lower()
        if refusal.is_day_quota or "quota_exceeded" in code or refusal.status == 402 or "credits" in code:
            return self._final(
                f"The quota of your {self.label} account is used up{said}",
                f"Wait until it is renewed, or raise it in your account. {KEPT}",
            )
        if refusal.status == 429 or "resource_exhausted" in code:
            error = VoiceError(f"{self.label} has had too many requests{said}", cure=f"Wait a little and render again. {KEPT}")
            return Trouble(Kind.THROTTLED, error, retry_after_s=refusal.retry_after_s, is_text=False)
        if refusal.status in (401, 403) or "api key" in text or "api_key" in text:
            return self._key_trouble(text)
        if refusal.status == 413 or "too long" in text or "max_character" in text or "token limit" in text:
            error = VoiceError(f"The line is too long for {self.label}{said}", cure="Split it into two lines.")
            return Trouble(Kind.ODD, error)
        if refusal.status == 404 or "voice_not_found" in code or _MODEL_GONE.search(text):
            return self._gone(text, voice, model)
        if refusal.status in (408, 409, 425) or refusal.status >= 500:
            error = VoiceError(
                f"{self.label} has a problem of its own ({refusal.status}){said}", cure=f"Render again later. {KEPT}"
            )
            return Trouble(Kind.TRANSIENT, error, retry_after_s=refusal.retry_after_s, is_text=False)
        if "voice" in text and ("not found" in text or "invalid" in text or "unknown" in text or "not exist" in text):
            return self._gone("voice", voice, model)
        return self._final(
            f"{self.label} did not accept this line ({refusal.status}){said}", f"Change the line, or choose another voice. {KEPT}"
        )

    def odd(self, what: str, cure: str = "", cost_usd: float = 0.0) -> Trouble:
        """An answer that says "done" and has no sound."""
        cure = cure or f"Render again, or change the words of this line. {KEPT}"
        return Trouble(Kind.ODD, VoiceError(f"{self.label} gave no sound for this line: {what}.", cure=cure), cost_usd=cost_usd)

    def late(self, seconds: float) -> Trouble:
        error = VoiceError(f"{self.label} did not answer within {seconds:.0f} seconds.", cure=f"Render again later. {KEPT}")
        return Trouble(Kind.TRANSIENT, error, is_text=False)

    def of_transport(self, error: Exception) -> Trouble | None:
        """What an error of the network or of an unreadable answer means; None for anything else, which is a bug."""
        chain = tuple(_chain(error))
        words = " ".join(f"{type(one).__name__}: {one}" for one in chain)
        is_transport = any(type(one).__module__.partition(".")[0].rstrip("2") in _TRANSPORT for one in chain)
        if not is_transport and isinstance(error, ValueError):
            return self.odd("the answer cannot be read")
        if not is_transport and not isinstance(error, OSError):
            return None
        if _CLOCK.search(words):
            return self._final(
                f"The connection to {self.label} is not trusted: its certificate is not valid at this machine's time.",
                "Set the date and time of this machine right.",
            )
        if "CERTIFICATE_VERIFY_FAILED" in words:
            return self._final(
                f"The connection to {self.label} is not trusted.", "Check the base URL, or a proxy between this machine and it."
            )
        if _NO_NAME.search(words):
            error_: VoiceError = VoiceOffline(
                f"{self.label} cannot be reached: no network.", cure=f"Connect, then render again. {KEPT}"
            )
        elif "Connect" in type(error).__name__:
            error_ = VoiceOffline(f"{self.label} cannot be reached.", cure=f"Check the network and the base URL. {KEPT}")
        elif "Timeout" in type(error).__name__:
            error_ = VoiceError(f"{self.label} did not answer in time.", cure=f"Render again later. {KEPT}")
        else:
            error_ = VoiceError(f"{self.label} broke off in the middle of its answer.", cure=f"Render again later. {KEPT}")
        return Trouble(Kind.TRANSIENT, error_, is_text=False)

    def no_key(self) -> VoiceKeyMissing:
        return VoiceKeyMissing(f"{self.label} needs a key.", cure=self.missing_key)

    def excerpt(self, message: str) -> str:
        """A service's own words after a colon, short and without the key; a full stop where it says nothing."""
        words = " ".join(without_key(str(message), self.key).split())[:_EXCERPT].rstrip(". ")
        return f": “{words}”." if words else "."

    def _key_trouble(self, text: str) -> Trouble:
        cure = f"Replace it in Settings › Voices, or in {key_variable(self.key_name)}. {KEPT}"
        if "expired" in text:
            return self._final(f"Your {self.label} key has expired.", cure)
        if "permission" in text and "api key not valid" not in text:
            return self._final(f"Your {self.label} key has no permission to do this.", cure)
        return self._final(f"{self.label} does not accept the key.", cure)

    def _gone(self, text: str, voice: str, model: str) -> Trouble:
        if "voice" in text and "model" not in text:
            error: VoiceError = VoiceUnknown(f"{self.label} has no voice {voice}.", cure="Choose another voice in the cast.")
        else:
            error = VoiceError(
                f"{self.label} has no model {model} (any more).", cure=f"Choose another model in Settings › Voices. {KEPT}"
            )
        return Trouble(Kind.FINAL, error, is_text=False)

    def _final(self, message: str, cure: str) -> Trouble:
        return Trouble(Kind.FINAL, VoiceError(message, cure=cure), is_text=False)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(8):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__
