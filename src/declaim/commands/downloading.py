"""Voices of the engines' official sources: what is offered, fetched, put in place, removed. Values in, values out; any thread.

Nothing is asked of a source before the user wants a voice of it, or its list.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from declaim import paths
from declaim.errors import InputError, VoiceUnknown
from declaim.model.ids import VoiceId
from declaim.model.offer import OfferedVoice
from declaim.model.work import NO_PROGRESS, CancelToken, Progress, ProgressReport
from declaim.remote.addresses import check_base_url
from declaim.remote.resuming import disk_error, fetch_file, fetch_list
from declaim.voices import Access
from declaim.voices.kept import KeptVoices
from declaim.voices.offers import LISTED, SOURCES, completed, list_path, offers, source_of

_REPORT_S = 0.1


class VoiceDownloads:
    """``pause_s`` is the first wait after a failed request; tests make it short."""

    def __init__(
        self, access: Access | None = None, folder: Callable[[], Path] = paths.voices_dir, *, pause_s: float = 1.0
    ) -> None:
        self._access = access or Access()
        self._root, self._pause_s = folder, pause_s
        self._kept: dict[str, KeptVoices] = {}

    def offered(self) -> tuple[OfferedVoice, ...]:
        """What can be downloaded, as far as it is known here: asks nobody."""
        return offers(self._access.recall(LISTED))

    def find(self, voice_id: str) -> OfferedVoice:
        """
        Raises:
            VoiceUnknown: where nobody offers it.
        """
        for offer in self.offered():
            if voice_id in (offer.id, offer.key):
                return offer
        cure = "`declaim voices --offered` lists them; `--read-offers` asks Piper's source for all of its voices."
        raise VoiceUnknown(f"No voice '{voice_id[:80]}' is offered for download.", cure=cure)

    def is_here(self, voice_id: VoiceId) -> bool:
        return voice_id in self._kept_of(voice_id).all()

    def sizes(self) -> Mapping[VoiceId, int]:
        """How many bytes each voice takes that was downloaded."""
        kept = [self._kept_of(engine).all() for engine in SOURCES]
        return {voice_id: voice.size_bytes for voices in kept for voice_id, voice in voices.items()}

    def source(self, engine: str) -> str:
        """The base URL: the user's choice, else the official one."""
        return self._access.choices(engine).base_url or source_of(engine)

    def choose_source(self, engine: str, base_url: str) -> None:
        """Another base URL; empty for the official one.

        Raises:
            InputError: for one that cannot be used.
        """
        self._access.choose(engine, base_url=check_base_url(base_url) if base_url else "")

    def read_offers(self, cancel: CancelToken | None = None) -> int:
        """Asks Piper's source for its list and keeps it; gives how many voices are offered now.

        Raises:
            RemoteError: where it does not answer, or gives no list.
        """
        listed = fetch_list(self.source("piper"), list_path("piper"), cancel or CancelToken(), pause_s=self._pause_s)
        found = offers(listed if isinstance(listed, dict) else {})
        self._access.remember(LISTED, listed if isinstance(listed, dict) else {})
        return len(found)

    def fetch(self, voice_id: str, cancel: CancelToken, progress: Progress = NO_PROGRESS) -> OfferedVoice:
        """Downloads a voice and puts it in place, whole or not at all. What came before an error or a cancel is continued next
        time.

        Raises:
            VoiceUnknown VoiceError RemoteError InputError Cancelled
        """
        offer = self._checked(self.find(voice_id), cancel)
        staged = self._root() / ".partial" / offer.key
        told = _Told(offer.size_bytes, progress)
        base_url = self.source(offer.engine)
        try:
            for file in offer.files:
                self._fetch_file(base_url, file.path, staged / file.name, file.size_bytes, file.digests, cancel, told)
            cancel.check()
            for stray in {path.name for path in staged.iterdir()} - {file.name for file in offer.files}:
                (staged / stray).unlink()
            self._kept_of(offer.id).place(offer, staged)
        except OSError as error:
            raise disk_error(error, self._root()) from error
        return offer

    def remove(self, voice_id: VoiceId) -> None:
        """
        Raises:
            InputError: where it was not downloaded.
        """
        try:
            was_here = self._kept_of(voice_id).remove(voice_id)
        except OSError as error:
            raise disk_error(error, self._root()) from error
        if not was_here:
            raise InputError(f"The voice '{voice_id[:80]}' was not downloaded.", cure="Only a downloaded voice can be removed.")

    def _kept_of(self, voice_id: str) -> KeptVoices:
        engine = voice_id.partition(":")[0]
        return self._kept.setdefault(engine, KeptVoices(engine, self._root))

    def _checked(self, offer: OfferedVoice, cancel: CancelToken) -> OfferedVoice:
        """The offer with what every file must be; asks the source's list for what is not known here."""
        if all(file.size_bytes and file.digests for file in offer.files):
            return offer
        listed = fetch_list(self.source(offer.engine), list_path(offer.engine), cancel, pause_s=self._pause_s)
        return completed(offer, listed if isinstance(listed, dict) else {})

    def _fetch_file(
        self, base_url: str, path: str, target: Path, size_bytes: int, digests: tuple[str, ...], cancel: CancelToken, told: _Told
    ) -> None:
        part = target.with_name(f"{target.name}.part")
        if target.exists():  # from an earlier try; checked again like a part
            target.replace(part)
        fetch_file(
            base_url, path, part, size_bytes=size_bytes, digests=digests, cancel=cancel, on_bytes=told.file_has,
            pause_s=self._pause_s,
        )  # fmt: skip
        part.replace(target)
        told.file_done(size_bytes)


class _Told:
    """How far a download is: bytes of all, speed since it (re)started, time left."""

    def __init__(self, total_bytes: int, progress: Progress) -> None:
        self._total, self._progress = total_bytes, progress
        self._before = 0
        self._first: tuple[float, int] | None = None
        self._last = float("-inf")

    def file_has(self, count: int) -> None:
        now, done = time.monotonic(), self._before + count
        if self._first is None:
            self._first = (now, done)
        if done < self._total and now - self._last < _REPORT_S:
            return
        self._last = now
        spent, gained = now - self._first[0], done - self._first[1]
        speed = gained / spent if spent > 0.3 and gained > 0 else 0.0
        text = f"{done / 1e6:.1f} of {self._total / 1e6:.1f} MB" + (f" · {speed / 1e6:.1f} MB/s" if speed else "")
        left = (self._total - done) / speed if speed else None
        self._progress.forward(ProgressReport(done, self._total, text, left))

    def file_done(self, size_bytes: int) -> None:
        self._before += size_bytes
