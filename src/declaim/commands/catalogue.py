"""The catalogue of voices: one list over all engines with what can be downloaded, searched and narrowed; favourites, the default
voice of a language, downloads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from declaim.commands.downloading import VoiceDownloads
from declaim.jobs import Jobs
from declaim.model.ids import JobId, VoiceId
from declaim.model.offer import OfferedVoice
from declaim.model.voice import Gender, Voice
from declaim.storage import Library
from declaim.voices import Voices
from declaim.voices.prices import CHARACTERS_PER_SECOND, price

Failed = Callable[[Exception], None]
_AGES = {"young": ("young", "youthful", "teen"), "middle-aged": ("middle",), "old": ("old", "mature", "elderly", "senior")}
_PITCHES = {"low": ("low", "lower", "deep", "gravelly"), "medium": ("medium", "middle pitch"), "high": ("high", "higher")}


class Show(StrEnum):
    """Which voices are shown."""

    ALL = "all"
    READY = "ready"
    FAVOURITES = "favourites"
    LACKING = "lacking"
    """What is there but lacks a key or a package."""
    OFFERED = "offered"
    """What can be downloaded."""


@dataclass(frozen=True)
class CatalogueEntry:
    """A voice, there or offered (``offer``). ``cost_usd`` is about what a minute of it costs; ``default_for`` languages."""

    voice: Voice
    engine_label: str
    is_favourite: bool = False
    default_for: tuple[str, ...] = ()
    cost_usd: float = 0.0
    offer: OfferedVoice | None = None
    downloaded_bytes: int = 0

    @property
    def is_offered(self) -> bool:
        """Not here yet, but to be had."""
        return self.offer is not None

    @property
    def price(self) -> str:
        if not self.cost_usd:
            return "free" if self.voice.is_free else "by your plan"
        return f"about ${self.cost_usd:.2f} a minute" if self.cost_usd >= 0.01 else "less than $0.01 a minute"

    @property
    def state(self) -> str:
        """Ready, what it lacks, or what a download would bring."""
        if self.offer is not None:
            size = self.offer.size_text
            return f"To download, {size}" if size else "To download"
        return self.voice.needs or "Ready"

    @cached_property
    def searched(self) -> str:
        voice = self.voice
        quality = self.offer.quality if self.offer else ""
        parts = (voice.name, voice.id, self.engine_label, voice.language, _gender_word(voice), voice.description, quality)
        return " ".join(parts).casefold()


@dataclass(frozen=True)
class CatalogueFilter:
    """Empty values narrow nothing. ``language`` fits ``en`` and ``en-US``; a voice without a language speaks all."""

    text: str = ""
    language: str = ""
    gender: str = ""
    engine: str = ""
    age: str = ""
    pitch: str = ""
    is_free: bool = False
    show: Show = Show.ALL

    def narrow(self, entries: Iterable[CatalogueEntry]) -> tuple[CatalogueEntry, ...]:
        """In the order of usefulness: favourites, what is ready, what could be, what can be had."""
        return tuple(sorted((entry for entry in entries if self._fits(entry)), key=_rank))

    def _fits(self, entry: CatalogueEntry) -> bool:
        voice = entry.voice
        return (
            self.engine in ("", voice.engine)
            and self.gender in ("", voice.gender)
            and (not self.is_free or voice.is_free)
            and speaks(voice.language, self.language)
            and (not self.age or _has(entry, _AGES.get(self.age, ())))
            and (not self.pitch or _has(entry, _PITCHES.get(self.pitch, ())))
            and all(word in entry.searched for word in self.text.casefold().split())
            and self._is_shown(entry)
        )

    def _is_shown(self, entry: CatalogueEntry) -> bool:
        match self.show:
            case Show.READY:
                return entry.voice.ready and not entry.is_offered
            case Show.FAVOURITES:
                return entry.is_favourite
            case Show.LACKING:
                return not entry.voice.ready and not entry.is_offered
            case Show.OFFERED:
                return entry.is_offered
        return True


def speaks(language: str, wanted: str) -> bool:
    """Whether a voice of ``language`` speaks the ``wanted`` one; a voice that names none speaks all (so say its makers)."""
    told, asked = language.lower(), wanted.lower().rstrip("-")
    return not asked or told == asked or told.startswith(f"{asked}-")


class Catalogue:
    """Main thread; downloads are jobs."""

    def __init__(self, library: Library, voices: Voices, jobs: Jobs, downloads: VoiceDownloads | None = None) -> None:
        self._library, self._voices, self._jobs = library, voices, jobs
        self._downloads = downloads or VoiceDownloads()
        self._running: dict[VoiceId, JobId] = {}

    def entries(self) -> tuple[CatalogueEntry, ...]:
        """Every voice, there or offered: nothing is loaded, nobody is asked."""
        favourites, defaults = self._library.voice_choices.favourites(), self._library.voice_choices.defaults()
        labels = {engine.name: engine.label for engine in self._voices.engines}
        costs = {engine.name: _cost_of_a_minute(engine) for engine in self._voices.engines}
        sizes = self._downloads.sizes()

        def entry(voice: Voice, offer: OfferedVoice | None = None) -> CatalogueEntry:
            return CatalogueEntry(
                voice,
                labels.get(voice.engine, voice.engine),
                is_favourite=voice.id in favourites,
                default_for=tuple(language for language, chosen in defaults.items() if chosen == voice.id),
                cost_usd=costs.get(voice.engine, 0.0),
                offer=offer,
                downloaded_bytes=sizes.get(voice.id, 0),
            )

        there = self._voices.all()
        known = {voice.id for voice in there}
        offers = [offer for offer in self._downloads.offered() if offer.id not in known and offer.engine in labels]
        return (*(entry(voice) for voice in there), *(entry(voice_of(offer), offer) for offer in offers))

    def set_favourite(self, voice_id: VoiceId, is_favourite: bool) -> None:
        with self._library.transaction("Add a favourite voice" if is_favourite else "Remove a favourite voice"):
            self._library.voice_choices.set_favourite(voice_id, is_favourite)

    def defaults(self) -> Mapping[str, VoiceId]:
        """By language, as ``en``: what a new script is cast with."""
        return self._library.voice_choices.defaults()

    def set_default(self, language: str, voice_id: VoiceId | None) -> None:
        with self._library.transaction("Choose a default voice"):
            self._library.voice_choices.set_default(primary_language(language), voice_id)

    def cost_to_hear(self, voice_id: VoiceId, text: str) -> float:
        """About what speaking ``text`` costs."""
        engine = self._voices.engine_of(voice_id)
        return price(engine.name, getattr(engine, "model", "")).of_text(text)

    # Downloads

    def source(self, engine: str) -> str:
        """Where an engine's voices come from; empty for one that offers none."""
        return self._downloads.source(engine)

    def choose_source(self, engine: str, base_url: str) -> None:
        """Another base URL; empty for the official one.

        Raises:
            InputError: for one that cannot be used.
        """
        self._downloads.choose_source(engine, base_url)

    def download(self, voice_id: VoiceId, done: Callable[[VoiceId], None], failed: Failed) -> JobId:
        """Starts fetching a voice; the one that is under way already where there is one. What it takes, and the source, are the
        offer's and the settings'."""
        if voice_id in self._running:
            return self._running[voice_id]
        offer = self._downloads.find(voice_id)

        def end(_result: object) -> None:
            self._running.pop(voice_id, None)
            done(voice_id)

        def fail(error: Exception) -> None:
            self._running.pop(voice_id, None)
            failed(error)

        self._running[voice_id] = JobId(0)
        job_id = self._jobs.start(
            f"Download {offer.name}",
            lambda cancel, progress: self._downloads.fetch(voice_id, cancel, progress),
            done=end,
            failed=fail,
        )
        if voice_id in self._running:
            self._running[voice_id] = job_id
        return job_id

    def downloading(self, voice_id: VoiceId) -> JobId | None:
        return self._running.get(voice_id)

    def cancel_download(self, voice_id: VoiceId) -> None:
        """What has come is kept and continued next time."""
        job_id = self._running.get(voice_id)
        if job_id is not None:
            self._jobs.cancel(job_id)

    def remove(self, voice_id: VoiceId, done: Callable[[VoiceId], None], failed: Failed) -> JobId:
        """Deletes a downloaded voice; what was rendered with it stays."""

        def work(*_: object) -> None:
            self._downloads.remove(voice_id)

        return self._jobs.start(f"Remove {voice_id}", work, done=lambda _none: done(voice_id), failed=failed, quiet=True)

    def read_offers(self, done: Callable[[int], None], failed: Failed) -> JobId:
        """Asks Piper's source for all that it has; gives ``done`` how many voices are offered."""
        work = self._downloads.read_offers
        return self._jobs.start("Read the list of voices", lambda cancel, _progress: work(cancel), done=done, failed=failed)


def primary_language(language: str) -> str:
    """``en`` of ``en-US``."""
    return language.partition("-")[0].lower()


def voice_of(offer: OfferedVoice) -> Voice:
    """What it will be once it is here."""
    quality = f"Neural, offline{f', {offer.quality}' if offer.quality else ''}"
    needs = "It has to be downloaded first."
    return Voice(offer.id, offer.name, offer.engine, offer.language, offer.gender, quality, needs, offer.licence)


def _cost_of_a_minute(engine: object) -> float:
    return price(getattr(engine, "name", ""), getattr(engine, "model", "")).of_text("x" * 60 * CHARACTERS_PER_SECOND)


def _gender_word(voice: Voice) -> str:
    return "" if voice.gender is Gender.UNKNOWN else str(voice.gender)


def _has(entry: CatalogueEntry, words: tuple[str, ...]) -> bool:
    """Whether the description, where there is one, has one of the words."""
    told = entry.voice.description.casefold().replace(",", " ").replace(";", " ").replace("_", " ").replace("-", " ")
    return any(f" {word} " in f" {told} " or told.startswith(word) for word in words)


def _rank(entry: CatalogueEntry) -> tuple[bool, int, str, str]:
    state = 2 if entry.is_offered else 0 if entry.voice.ready else 1
    return not entry.is_favourite, state, entry.engine_label, entry.voice.name
