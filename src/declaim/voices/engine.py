"""The seam: what Declaim asks of a voice engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from declaim.model.delivery import Delivery
from declaim.model.ids import VoiceId
from declaim.model.lexicon import LexiconEntry
from declaim.model.spoken import SpokenLine
from declaim.model.voice import Voice
from declaim.model.work import CancelToken
from declaim.voices.access import Access

if TYPE_CHECKING:
    from declaim.model.clip import Clip

JSON = None | bool | int | float | str | Sequence["JSON"] | Mapping[str, "JSON"]


@dataclass(frozen=True)
class Layout:
    """How many callers may speak at once (``workers``) and how many threads each of them keeps busy inside the engine.

    A cloud engine counts its requests side by side as workers, of one thread each.
    """

    workers: int = 1
    threads: int = 1


@dataclass(frozen=True)
class SpeechRequest:
    """One line, who reads it and how.

    ``previous_text`` and ``next_text`` are what the same voice says before and after it in the chapter: for engines that carry
    the melody over; others leave them out of the sound and of the fingerprint. ``lexicon`` is how the user's words are said,
    which the line already follows: for engines that keep dictionaries.
    """

    voice: VoiceId
    line: SpokenLine
    delivery: Delivery
    previous_text: str = ""
    next_text: str = ""
    lexicon: tuple[LexiconEntry, ...] = ()


class VoiceEngine(Protocol):
    """Data first, then one function. Inherit from it to get the defaults, also of what is added later."""

    name: str
    """The part of a voice's id before the colon."""
    label: str
    """What people read."""
    version: str
    """Part of every line's key: raised when the same request sounds different."""
    key_name: str | None = None
    """The name of the key that it needs, if any."""
    is_random: bool = False
    """Whether the same request sounds a little different each time: a suspect line is then worth a second try."""
    speaks_exchanges: bool = False
    """Whether it has ``exchanges``: two speakers in one request."""
    layout: Layout = Layout()
    """The fastest way to use it on this machine."""

    def voices(self) -> Sequence[Voice]:
        """Every voice, ready or not. Fast: imports no SDK, loads no model, sends nothing."""
        ...

    def wake(self, voice: VoiceId) -> None:
        """``voice`` may speak soon: begins to load what it needs, and returns at once. Never fails."""
        return

    def prepare(self, voice: VoiceId) -> None:
        """Loads what ``voice`` needs, so that the next line starts at once. Called in a worker; may do nothing.

        Raises:
            VoiceError: as :meth:`speak`.
        """
        return

    def speak(self, request: SpeechRequest, cancel: CancelToken) -> Iterator[Clip]:
        """The line's sound in order, each part as soon as it is there; all clips of one call have one rate.

        Called from several threads at once. Looks at ``cancel`` before each part. Nothing to say gives no clip; a clip without
        samples is a sign of life while it waits for something. One that costs money yields
        ``spoken_clip.SpokenClip``s.

        Raises:
            VoiceError: with the cure, where the voice cannot speak.
            Cancelled: when the user asked to stop.
        """
        ...

    def fingerprint(self, request: SpeechRequest) -> Mapping[str, JSON]:
        """Everything that makes the sound of this request, and nothing else: equal fingerprints, same kept audio. Fast."""
        ...

    def exchanges(self, requests: Sequence[SpeechRequest]) -> Sequence[range]:
        """Which of these neighbouring lines it would rather speak together, in order; none of less than two. Fast."""
        return ()

    def speak_exchange(self, requests: Sequence[SpeechRequest], cancel: CancelToken) -> Iterator[tuple[int, Clip]]:
        """The sound of lines that ``exchanges`` named, each clip with the place of its line among them.

        A line that gets no sound is spoken alone: where it is not sure which sound is whose, and where the service refuses, it
        gives none. A clip without samples is a sign of life, or says what was paid for nothing.

        Raises:
            Cancelled: when the user asked to stop.
        """
        return iter(())

    def connect(self, access: Access) -> None:
        """Gets what a cloud engine needs from outside: keys, choices, a folder. May be called again when they change."""
        return

    def restart(self) -> None:
        """It gave no sign of life: begins anew, if it can. Lines under way may fail with ``VoiceCrashed``. From any thread."""
        return

    def close(self) -> None:
        """Lets go of connections; the next request may open new ones."""
        return

    def unlisted(self, voice: VoiceId) -> Voice | None:
        """A voice that is not in ``voices()`` but may well be there: an account's, before its voices were read."""
        return None

    def cost_usd(self, request: SpeechRequest) -> float:
        """What speaking the request will cost, about; 0 for an engine that computes here. Fast."""
        return 0.0

    def describe(self, request: SpeechRequest) -> str:
        """What speaking the request would send, for people to read; empty where nothing is sent."""
        return ""
