"""One sync with one service, in a worker: push, pull, push what changed here, look at what runs, fetch what is done."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from declaim.commands.adopting import Adopted, adopt_audio
from declaim.commands.syncing.door import Door
from declaim.commands.syncing.ledger import Ledger
from declaim.commands.syncing.values import Failure, Fetching, Found, Report, Sent, Side, SyncOptions, WishJob
from declaim.errors import AudioError, DeclaimError, InputError, RemoteError, RemoteMisanswered, RemoteRefused
from declaim.model.remote import Connection, RemoteItem, WishId
from declaim.model.work import CancelToken, Progress
from declaim.remote import PollingPlan, RetryPolicy

_LOOKS = 6
"""How often an unclear wish is looked for and sent again before it waits for the next sync."""
_PART = 50
_PART_WITH_TEXTS = 6
"""Items of a page that are kept in one turn of the main thread; articles become documents and scripts."""
_HOPELESS = frozenset({"unreachable", "tls"})
_SHUT = frozenset({401, 403})
"""With these a list says that the key is not good: asking for each item would only say so again."""
_STALE = frozenset({400, 404, 410, 422, 500})
"""What a service may answer to a cursor that it gave long ago."""
_SUFFIXES = {"audio/mpeg": ".mp3", "audio/mp3": ".mp3", "audio/flac": ".flac", "audio/ogg": ".ogg", "audio/opus": ".opus"}
_SUFFIXES |= dict.fromkeys(("audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"), ".wav")

T = TypeVar("T")


class Session:
    def __init__(
        self,
        connection: Connection,
        side: Side,
        ledger: Ledger,
        door: Door,
        options: SyncOptions,
        media: Path,
        cancel: CancelToken,
        progress: Progress,
        *,
        policy: RetryPolicy | None = None,
        patience: float = 1.0,
    ) -> None:
        """``patience`` scales the waits between looks at what is being made."""
        self._connection = connection
        self._side = side
        self._ledger = ledger
        self._items = ledger.items
        self._door = door
        self._options = options
        self._media = media
        self._cancel = cancel
        self._progress = progress
        self._policy = policy or RetryPolicy()
        self._patience = patience
        self._report = Report()
        self._is_shut = False

    def run(self) -> Report:
        """Everything but a cancel ends in the report."""
        if self._options.dry_run:
            return self._try_out()
        self._push(with_changes=self._options.only is not None)
        if self._options.only is None and self._pull():
            self._ask(self._ledger.wish_changes)
            new = self._ask(self._ledger.wish_new)
            self._report.add(dataclasses.replace(new, pushed=0))
            self._push()
        if not self._is_shut:
            self._look(self._of_interest())
            if self._options.audio:
                self._fetch_all()
        self._report.waiting = self._ask(self._ledger.open_count) + len(self._ask(self._items.running))
        self._report.notes += self._ask(self._ledger.notes)
        return self._report

    def fetch_one(self, kind: str, remote_id: str, *, preview: bool = False) -> Report:
        """One item as it is there now, with its words as a script and its audio; old work that no list has is found so."""
        try:
            found = self._side.look_at(kind, remote_id)
            self._report.add(self._ask(lambda: self._items.keep_page((found,))))
            self._ask(lambda: self._items.keep_text(found))
            item = self._ask(lambda: self._items.find(kind, found.id))
            if item is not None and preview:
                audio = self._adopted(Fetching(0, kind, found.id, {"preview": True}))
                self._report.add(self._ask(lambda: self._items.keep_preview(item, audio)))
        except (RemoteError, InputError, AudioError) as error:
            self._fail(remote_id, error)
            return self._report
        if self._options.audio and not preview:
            self._fetch_those([each for each in self._ask(self._items.to_fetch) if each.remote_id == found.id])
        self._report.waiting = int(found.state == "running")
        return self._report

    # Push

    def _push(self, *, with_changes: bool = True) -> None:
        tried: set[WishId] = set()
        find = partial(self._ledger.next_wish, tried, self._options.only, with_changes=with_changes)
        while (job := self._ask(find)) is not None:
            self._cancel.check()
            tried.add(job.wish.id)
            self._progress.update(len(tried), len(tried) + 1, f"{self._connection.name}: sending")
            if not self._deliver(job):
                return

    def _deliver(self, job: WishJob) -> bool:
        """Whether to go on with others: not where nothing can be reached, or the key is not good."""
        wish = job.wish
        try:
            sent = self._side.find_sent(job) if wish.is_unclear else None
            job = self._started(job) if sent is None else job
            sent = sent or self._sent(job)
        except (RemoteRefused, InputError) as refused:
            self._report.add(self._ask(partial(self._ledger.note_refused, wish, refused)))
            return getattr(refused, "status", None) != 401
        except RemoteError as later:
            if wish.is_unclear:
                later.maybe_done = True
            self._ask(partial(self._ledger.note_later, wish, later))
            return later.code not in _HOPELESS
        self._report.add(self._ask(lambda: self._ledger.note_sent(wish, sent)))
        return True

    def _started(self, job: WishJob) -> WishJob:
        """The wish as it is kept before it is sent."""
        additions = {} if job.wish.is_unclear else self._side.prepare(job)
        wish = self._ask(lambda: self._ledger.start(job.wish.id, additions))
        return dataclasses.replace(job, wish=wish)

    def _sent(self, job: WishJob) -> Sent:
        """Sends; after an unclear outcome looks first, and sends again where nothing arrived."""
        for attempt in range(1, _LOOKS + 1):
            try:
                return self._side.send(job)
            except RemoteError as failure:
                if not failure.maybe_done or self._side.is_idempotent or attempt == _LOOKS:
                    raise
            self._cancel.wait(self._policy.backoff_s(attempt))
            found = self._look_for(job)
            if found is not None:
                return found
        raise AssertionError

    def _look_for(self, job: WishJob) -> Sent | None:
        try:
            return self._side.find_sent(job)
        except RemoteError as failure:
            failure.maybe_done = True
            raise

    # Pull

    def _pull(self) -> bool:
        """Whether everything was walked."""
        only_known = self._ask(self._ledger.has_unclear)
        if only_known:
            self._report.notes.append(f"{self._connection.name}: nothing new is pulled until it is known what arrived there.")
        resume = self._connection.cursors
        seen: set[str] = set()
        kept: list[Future[Report]] = []
        try:
            for page, cursors in self._side.pages(resume):
                self._cancel.check()
                seen |= {found.id for found in page}
                self._progress.update(len(seen), len(seen) + 1, f"{self._connection.name}: {len(seen)} items")
                self._settle(kept)
                kept = self._keep(page, cursors, only_known)
        except (RemoteError, InputError) as error:
            self._settle(kept)
            is_stale = any(resume.values()) and not seen and getattr(error, "status", None) in _STALE
            if is_stale or getattr(error, "code", "") == "repeated_cursor":
                self._ask(self._items.forget_cursors)
            if is_stale:
                return self._pull_head()
            self._fail(self._connection.name, error)
            self._is_shut = getattr(error, "status", None) in _SHUT or getattr(error, "code", "") in _HOPELESS
            return False
        self._settle(kept)
        if any(resume.values()):
            return self._pull_head()
        self._report.add(self._ask(lambda: self._items.note_missing(seen, self._side.listed)))
        return True

    def _keep(self, page: Sequence[Found], cursors: Mapping[str, Any], only_known: bool) -> list[Future[Report]]:
        """In parts shorter than a frame of the window, while the next page is asked for. The cursors go with the last one."""
        size = _PART_WITH_TEXTS if any(found.kind == "article" for found in page) else _PART
        starts = range(0, max(len(page), 1), size)
        parts = [
            (page[start : start + size], cursors if start + size >= len(page) and not only_known else None) for start in starts
        ]
        return [self._door.begin(partial(self._items.keep_page, part, then, only_known=only_known)) for part, then in parts]

    def _settle(self, kept: Sequence[Future[Report]]) -> None:
        for future in kept:
            self._report.add(self._door.finish(future))

    def _pull_head(self) -> bool:
        """After a walk that went on where an earlier one broke off, or could not: from the start, also for what is new since."""
        self._connection = _without_cursors(self._connection)
        return self._pull()

    def _try_out(self) -> Report:
        pages: list[Collection[Found]] = []
        try:
            for page, _ in self._side.pages({}):
                self._cancel.check()
                pages.append(page)
        except (RemoteError, InputError) as error:
            self._fail(self._connection.name, error)
            return self._report
        self._report.add(self._ask(lambda: self._ledger.try_out(pages, self._side.listed, with_audio=self._options.audio)))
        return self._report

    # What is being made

    def _of_interest(self) -> tuple[RemoteItem, ...]:
        running = self._ask(self._items.running)
        if self._options.only is None:
            return running
        return tuple(item for item in running if item.remote_id in self._report.items)

    def _look(self, items: tuple[RemoteItem, ...]) -> None:
        """Each once; with ``wait`` until it is over, as the service's plan has it."""
        if self._options.only is not None and not self._options.wait:
            return
        if not self._options.wait:
            for item in items:
                self._look_at(item)
            return
        estimates = [float(item.remote.get("estimate_s") or 0) for item in items]
        for wait_s in self._waits(self._side.polling, max(estimates, default=0.0)):
            if not items:
                return
            self._progress.update(0, 1, f"{self._connection.name}: waiting for {len(items)}")
            self._cancel.wait(wait_s * self._patience)
            items = tuple(item for item in items if self._look_at(item))

    def _waits(self, plan: PollingPlan, estimate_s: float) -> Collection[float]:
        return tuple(plan.waits(estimate_s or None))

    def _look_at(self, item: RemoteItem) -> bool:
        """Whether it is still running."""
        try:
            found = self._side.look_at(item.remote_kind, item.remote_id)
        except RemoteRefused as refused:
            if not refused.is_missing:
                self._fail(item.remote_id, refused)
            else:
                self._report.add(self._ask(lambda: self._items.note_gone(item)))
            return False
        except RemoteError as error:
            self._fail(item.remote_id, error)
            return False
        self._report.add(self._ask(lambda: self._items.keep_page((found,))))
        return found.state == "running"

    # Audio

    def _fetch_all(self) -> None:
        wanted = self._ask(self._items.to_fetch)
        if self._options.only is not None:
            wanted = tuple(each for each in wanted if each.remote_id in self._report.items)
        self._fetch_those(wanted)

    def _fetch_those(self, wanted: Sequence[Fetching]) -> None:
        for number, fetching in enumerate(wanted):
            self._cancel.check()
            self._progress.update(number, len(wanted), f"{self._connection.name}: audio {number + 1} of {len(wanted)}")
            try:
                audio = self._adopted(fetching)
            except (RemoteError, InputError, AudioError) as error:
                self._fail(fetching.remote_id, error)
                continue
            self._report.add(self._ask(partial(self._items.keep_audio, fetching, audio)))

    def _adopted(self, fetching: Fetching) -> Adopted:
        with tempfile.TemporaryDirectory(prefix="declaim-") as folder:
            download = self._side.download(fetching, Path(folder) / "audio")
            named = download.path.rename(download.path.with_suffix(_suffix_of(download.path, download.content_type)))
            try:
                return adopt_audio(named, self._media)
            except AudioError as error:
                cure = "Look there whether it plays; the next sync fetches it again."
                raise AudioError("What came cannot be read as audio.", cure=cure) from error

    # Both

    def _fail(self, item: str, error: DeclaimError) -> None:
        code = str(getattr(error, "code", "") or getattr(error, "status", "") or _kind_of(error))
        message = f"{error.message} {error.cure}".strip()
        self._report.failed.append(Failure(item, code, message, getattr(error, "request_id", "")))

    def _ask(self, call: Callable[[], T]) -> T:
        return self._door.ask(call)


def _kind_of(error: DeclaimError) -> str:
    return "not_audio" if isinstance(error, AudioError) else "misanswered" if isinstance(error, RemoteMisanswered) else "failed"


def _suffix_of(path: Path, content_type: str) -> str:
    """By what the service says, else by how the file begins."""
    if content_type in _SUFFIXES:
        return _SUFFIXES[content_type]
    with path.open("rb") as file:
        head = file.read(4)
    return {b"RIFF": ".wav", b"fLaC": ".flac", b"OggS": ".ogg"}.get(head, ".mp3")


def _without_cursors(connection: Connection) -> Connection:
    return dataclasses.replace(connection, cursors={})
