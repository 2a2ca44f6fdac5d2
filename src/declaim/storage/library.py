"""The library: one folder with ``library.db``, ``media/`` and ``backups/``, and the only way to write it."""

from __future__ import annotations

import datetime as dt
import logging
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from declaim.errors import LibraryError, LibraryReadOnly
from declaim.model.change import Changes
from declaim.model.library import SearchHit, TreeRow
from declaim.model.remote import Badge
from declaim.storage import backups, badges, opening, search
from declaim.storage.calibrations import Calibrations
from declaim.storage.connections import Connections
from declaim.storage.database import Database
from declaim.storage.documents import Documents
from declaim.storage.flushing import Flusher
from declaim.storage.folders import Folders
from declaim.storage.journal import Journal
from declaim.storage.lexicon import Lexicon
from declaim.storage.lines import Lines
from declaim.storage.lock import LibraryLock
from declaim.storage.media import MediaFolder
from declaim.storage.notes import Notes
from declaim.storage.outbox import Outbox
from declaim.storage.projects import Projects
from declaim.storage.recordings import Recordings
from declaim.storage.remote_items import RemoteItems
from declaim.storage.scripts import Scripts
from declaim.storage.settings import Settings
from declaim.storage.spend import Spend
from declaim.storage.trash import Trash
from declaim.storage.tree import Tree
from declaim.storage.undo import History, Rows
from declaim.storage.versions import Versions
from declaim.storage.voice_choices import VoiceChoices

_log = logging.getLogger(__name__)
Subscriber = Callable[[Changes], None]


class Library:
    """Main thread only. Made by :meth:`open` or :meth:`in_memory`; ``close`` it, or use it in a ``with``.

    Each table is an attribute; its methods that write do so inside a :meth:`transaction`, else they raise RuntimeError.

    Raises everywhere:
        LibraryError: where disk, rights or file are to blame; the transaction is then rolled back as a whole.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        folder: Path,
        media: Path,
        *,
        lock: LibraryLock | None = None,
        is_writable: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder = folder
        self.is_writable = is_writable
        self.media_folder = MediaFolder(media)
        self._lock = lock
        self._flusher = Flusher(folder / f"{opening.DATABASE_NAME}-wal") if lock else None
        self._database = Database(connection, str(folder), is_writable=is_writable)
        self._history = History(self._database, clock=clock)
        self._subscribers: list[Subscriber] = []
        self._announcements: deque[Changes] = deque()
        self._is_announcing = False
        self._is_closed = False
        self._has_written = False
        self.notes = Notes(self._database)
        self.projects = Projects(self._database)
        self.folders = Folders(self._database)
        self.documents = Documents(self._database)
        self.scripts = Scripts(self._database)
        self.lines = Lines(self._database)
        self.recordings = Recordings(self._database, self.notes)
        self.versions = Versions(self._database)
        self.lexicon = Lexicon(self._database)
        self.settings = Settings(self._database)
        self.calibrations = Calibrations(self._database)
        self.spend = Spend(self._database)
        self.voice_choices = VoiceChoices(self._database)
        self.journal = Journal(self._database)
        self.connections = Connections(self._database)
        self.remote_items = RemoteItems(self._database)
        self.outbox = Outbox(self._database)
        self.trash = Trash(self._database)
        self._tree = Tree(self._database, is_alone=is_writable)

    @classmethod
    def open(cls, folder: Path, *, writable: bool = True, clock: Callable[[], float] = time.monotonic) -> Library:
        """Opens or makes the library in a folder. ``writable=False`` reads one that another Declaim may hold.

        Raises:
            LibraryInUse, LibraryTooNew, LibraryDamaged, LibraryReadOnly, LibraryError
        """
        if not writable:
            return cls(opening.open_for_reading(folder), folder, folder / "media", is_writable=False, clock=clock)
        lock = opening.make_folder_and_lock(folder)
        try:
            return cls(opening.open_for_writing(folder), folder, folder / "media", lock=lock, clock=clock)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def in_memory(cls, media: Path, *, clock: Callable[[], float] = time.monotonic) -> Library:
        """An empty library that ends with the process; its audio goes to ``media``."""
        return cls(opening.open_in_memory(), media.parent, media, clock=clock)

    @property
    def media(self) -> Path:
        """The folder of the audio. Paths in rows are relative to it."""
        return self.media_folder.root

    def close(self) -> None:
        """Makes the day's backup where something was written since the last one."""
        if self._is_closed:
            return
        self._is_closed = True
        if self._flusher is not None:
            self._flusher.stop()
        if self._has_written:
            self._back_up_daily()
        self._database.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @contextmanager
    def transaction(self, label: str, *, undoable: bool = True, merge_key: str = "") -> Iterator[None]:
        """The only way to write: all or nothing, one undo step, one announcement after the commit.

        A nested one joins: it belongs to the outer step, and where its error is caught inside the outer one, only its own
        writes are taken back. ``undoable=False`` is for what was not the user's doing. Steps of one label and one ``merge_key``
        that follow each other within two seconds (typing) are one step.

        Raises:
            LibraryReadOnly: where the library is open for reading.
        """
        if self._database.is_writing:
            with self._database.atomic():
                yield
            return
        if not self.is_writable:
            cure = "Close the other Declaim first."
            raise LibraryReadOnly(f"The library in {self.folder} is open for reading only.", cure=cure)
        self._history.prepare()
        self._history.start()
        with self._database.atomic():
            yield
            changed = self._history.changed()
        self._note_commit(changed)
        if undoable:
            self._history.keep(label, merge_key)
        else:
            self._history.forget()
        self._announce(label, changed)

    def undo(self) -> str | None:
        """The label of the step that was undone, or None."""
        return self._travel(self._history.undo)

    def redo(self) -> str | None:
        """The label of the step that was done again, or None."""
        return self._travel(self._history.redo)

    @property
    def undo_label(self) -> str | None:
        """What :meth:`undo` would take back."""
        return self._history.undo_label

    @property
    def redo_label(self) -> str | None:
        return self._history.redo_label

    def subscribe(self, callback: Subscriber) -> Callable[[], None]:
        """Calls back once after each commit that changed something. Returns what ends the subscription."""
        self._subscribers.append(callback)

        def unsubscribe() -> None:
            if callback in self._subscribers:
                self._subscribers.remove(callback)

        return unsubscribe

    def tree(self) -> tuple[TreeRow, ...]:
        """All that is not in the trash, parents before children, by name; light enough to ask for after each change."""
        return self._tree.rows()

    def badges(self) -> dict[tuple[str, int], Badge]:
        """How items stand to the services, by kind and id; what is not in it is only here."""
        return badges.badges(self._database)

    def search(self, query: str, *, limit: int = 100) -> tuple[SearchHit, ...]:
        """Titles, names, lines, notes and transcripts that hold every word of the query (its last may be unfinished)."""
        return search.search(self._database, query, limit)

    def purge(self, older_than_days: int = 30) -> int:
        """Empties the trash of what has lain there so long; how many items that were. Steps of undo before it are gone."""
        before = dt.datetime.now(dt.UTC) - dt.timedelta(days=older_than_days)
        with self.transaction("Empty trash", undoable=False):
            return self.trash.purge(before)

    def check(self) -> tuple[str, ...]:
        """Every fault of the file, in full: takes about a second for 100 MB. Empty where it is sound."""
        return opening.check(self._database.connection, str(self.folder))

    def back_up(self) -> Path:
        """A copy in ``backups/``, of which the five newest are kept.

        Raises:
            LibraryError, LibraryReadOnly: when it cannot be written.
        """
        with opening.explained(self.folder):
            return backups.back_up(self._database.connection, self.folder)

    def _back_up_daily(self) -> None:
        if self._lock is None or backups.is_from_today(self.folder):
            return
        try:
            self.back_up()
        except LibraryError as error:
            # Nothing is lost without it, and closing must not fail.
            _log.warning("No backup was made: %s", error)

    def _note_commit(self, changed: Rows) -> None:
        if changed:
            self._has_written = True
            self._tree.note_commit(changed)
            if self._flusher is not None:
                self._flusher.note_commit()

    def _travel(self, step: Callable[[], tuple[str, Rows] | None]) -> str | None:
        if self._database.is_writing:
            raise RuntimeError("undo inside a transaction")
        done = step()
        if done is None:
            return None
        self._note_commit(done[1])
        self._announce(*done)
        return done[0]

    def _announce(self, label: str, changed: Rows) -> None:
        """In order, also where a subscriber writes in turn. All are told before an error of one of them (a bug) goes up."""
        if not changed:
            return
        self._announcements.append(Changes(label, changed))
        if self._is_announcing:
            return
        self._is_announcing = True
        try:
            self._tell_all()
        finally:
            self._is_announcing = False

    def _tell_all(self) -> None:
        bugs: list[Exception] = []
        while self._announcements:
            changes = self._announcements.popleft()
            for subscriber in tuple(self._subscribers):
                try:
                    subscriber(changes)
                except Exception as bug:  # noqa: BLE001  told to the others first, then raised
                    bugs.append(bug)
        if bugs:
            raise bugs[0]
