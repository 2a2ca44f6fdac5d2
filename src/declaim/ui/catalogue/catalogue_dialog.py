"""The catalogue: every voice of every engine and what can be downloaded, to be found, heard, kept as a favourite and taken."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QListView, QPushButton, QWidget
from shiboken6 import isValid

from declaim.commands.catalogue import CatalogueEntry, primary_language
from declaim.errors import Cancelled
from declaim.model.change import Changes
from declaim.model.ids import VoiceId
from declaim.model.work import ProgressReport
from declaim.ui.catalogue.catalogue_delegate import CatalogueDelegate
from declaim.ui.catalogue.catalogue_filters import CatalogueFilters
from declaim.ui.catalogue.catalogue_model import ENTRY_ROLE, PROGRESS_ROLE, CatalogueModel
from declaim.ui.catalogue.voice_details import VoiceDetails
from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.orders import Orders
from declaim.ui.theme import SPACE_12
from declaim.ui.widgets import words
from declaim.ui.widgets.item_view import scroll_smoothly

if TYPE_CHECKING:
    from declaim.commands.studio import Studio
    from declaim.jobs import JobStatus

_STARTED = ProgressReport(0, 1, "Asking the source…")


class CatalogueDialog(Sheet):
    """``taken(object)`` carries the id of the voice that is to speak for ``speaker`` (without one nothing is taken),
    ``sound_ready(object)`` what is to be heard."""

    taken = Signal(object)
    sound_ready = Signal(object)
    settings_requested = Signal()
    """Keys are to be entered; the dialog has closed itself."""

    def __init__(
        self,
        studio: Studio,
        orders: Orders,
        parent: QWidget | None = None,
        *,
        speaker: str = "",
        chosen: VoiceId | None = None,
    ) -> None:
        super().__init__("Voices", "catalogueDialog", parent)
        self._studio, self._orders, self._catalogue = studio, orders, studio.catalogue
        self._agreed: VoiceId | None = None
        self.filters = CatalogueFilters()
        self.model = CatalogueModel(self)
        self.list = QListView()
        self.details = VoiceDetails()
        self._count = words("", "caption")
        self.use_button: QPushButton | None = None
        self._lay_out()
        self._connect()
        self.read_button = self._add_bottom("All Piper voices…", "catalogueReadOffers", self._on_read_offers)
        self.read_button.setToolTip("Asks Piper's source for the list of all its voices")
        if speaker:
            self.use_button = self._add_bottom(f"Use for {speaker}", "catalogueUse", self._on_use)
            self.use_button.setProperty("kind", "primary")
        close = self.add_button("Close", "closeButton", primary=not speaker)
        close.setAutoDefault(False)
        close.setDefault(False)
        close.clicked.connect(self.reject)
        self._refresh()
        self._select(chosen)
        self.filters.search.setFocus()

    # Wishes

    def _on_use(self) -> None:
        entry = self._entry
        if entry is not None and not entry.is_offered:
            self.taken.emit(entry.voice.id)
            self.accept()

    def _on_hear(self) -> None:
        entry = self._entry
        if entry is None or entry.is_offered or not entry.voice.ready:
            return
        from declaim.commands.hearing import GREETING

        if not entry.voice.is_free and self._agreed != entry.voice.id:
            self._agreed = entry.voice.id
            cost = self._catalogue.cost_to_hear(entry.voice.id, GREETING)
            price = f"costs about ${cost:.4f}" if cost else "is counted by your plan"
            self.details.say(f"This sends one sentence to {entry.engine_label} and {price}. Press Hear again to do it.")
            return
        self.details.say("Speaking…")
        hear = partial(self._studio.hearing.voice, entry.voice.id, self._on_heard, self._on_failed)
        self._orders.give(hear)

    def _on_heard(self, sound: object) -> None:
        if isValid(self):
            self.details.say("")
            self.sound_ready.emit(sound)

    def _on_favourite(self) -> None:
        if (entry := self._entry) is not None:
            self._orders.give(partial(self._catalogue.set_favourite, entry.voice.id, not entry.is_favourite))

    def _on_default(self) -> None:
        if (entry := self._entry) is not None:
            language = primary_language(entry.voice.language) or "en"
            voice_id = None if language in entry.default_for else entry.voice.id
            self._orders.give(partial(self._catalogue.set_default, language, voice_id))

    def _on_download(self) -> None:
        if (entry := self._entry) is None or not entry.is_offered:
            return
        voice_id = entry.voice.id
        self.model.show_progress(voice_id, _STARTED)
        ended = partial(self._on_download_failed, voice_id)
        if self._orders.give(partial(self._catalogue.download, voice_id, self._on_downloaded, ended)) is None:
            self.model.show_progress(voice_id, None)
        self._show_entry()

    def _on_downloaded(self, voice_id: VoiceId) -> None:
        if isValid(self):
            self.model.show_progress(voice_id, None)
            self._refresh()
            self.details.say("It is here and ready.")

    def _on_download_failed(self, voice_id: VoiceId, error: Exception) -> None:
        if isValid(self):
            self.model.show_progress(voice_id, None)
            self._refresh()
            if isinstance(error, Cancelled):
                self.details.say("Stopped. What has come is kept and continued next time.")
            else:
                self._on_failed(error)

    def _on_cancel(self) -> None:
        if (entry := self._entry) is not None:
            self._catalogue.cancel_download(entry.voice.id)

    def _on_remove(self) -> None:
        if (entry := self._entry) is not None:
            self._orders.give(partial(self._catalogue.remove, entry.voice.id, self._on_removed, self._on_failed))

    def _on_removed(self, _voice_id: VoiceId) -> None:
        if isValid(self):
            self._refresh()
            self.details.say("Removed. What was rendered with it stays; it can be downloaded again.")

    def _on_key(self) -> None:
        self.reject()
        self.settings_requested.emit()

    def _on_read_offers(self) -> None:
        self.details.say("Asking Piper's source…")
        self._orders.give(partial(self._catalogue.read_offers, self._on_offers_read, self._on_failed))

    def _on_offers_read(self, count: int) -> None:
        if isValid(self):
            self._refresh()
            self.details.say(f"{count} voices are offered for download.")

    def _on_failed(self, error: Exception) -> None:
        if isValid(self):
            self.details.say(str(error), is_problem=True)

    # What is shown

    @property
    def _entry(self) -> CatalogueEntry | None:
        entry: CatalogueEntry | None = self.list.currentIndex().data(ENTRY_ROLE)
        return entry

    def _refresh(self) -> None:
        """Reads the voices again; the same one stays chosen."""
        before = self._entry
        entries = self._catalogue.entries()
        self.filters.offer(entries)
        self.model.set_entries(entries)
        self._select(before.voice.id if before else None)

    def _on_filter(self, narrowed: object) -> None:
        before = self._entry
        self.model.narrow(narrowed)  # type: ignore[arg-type]
        self._select(before.voice.id if before else None)

    def _select(self, voice_id: VoiceId | None) -> None:
        index = self.model.index(max(0, self.model.row_of(voice_id)), 0)
        if self.list.currentIndex() != index:
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)
        shown = self.model.rowCount()
        self._count.setText(f"{shown:,} voices" if shown == self.model.total else f"{shown:,} of {self.model.total:,} voices")
        self._show_entry()

    def _show_entry(self, *_change: object) -> None:
        entry = self._entry
        if entry is not None and self._agreed != entry.voice.id:
            self._agreed = None
        self.details.show_entry(entry, self.list.currentIndex().data(PROGRESS_ROLE))
        if self.use_button is not None:
            self.use_button.setEnabled(entry is not None and not entry.is_offered)

    def _on_changes(self, changes: Changes) -> None:
        if changes.touches("voice_choices"):
            self._refresh()

    def _on_job(self, job: JobStatus) -> None:
        for row in range(self.model.rowCount()):
            entry = self.model.entry(row)
            if entry is not None and entry.is_offered and self._catalogue.downloading(entry.voice.id) == job.id:
                if job.progress is not None and not job.state.is_over:
                    self.model.show_progress(entry.voice.id, job.progress)
                    self._show_entry()
                return

    # Layout

    def _lay_out(self) -> None:
        self.list.setObjectName("catalogueList")
        self.list.setAccessibleName("Voices")
        self.list.setModel(self.model)
        self.list.setItemDelegate(CatalogueDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        scroll_smoothly(self.list)
        self.list.installEventFilter(self)
        self.details.setFixedWidth(280)
        middle = QHBoxLayout()
        middle.setSpacing(SPACE_12)
        middle.addWidget(self.list, 1)
        middle.addWidget(self.details)
        self.body.addWidget(self.filters)
        self.body.addLayout(middle, 1)
        self._buttons.insertWidget(0, self._count)

    def _add_bottom(self, label: str, name: str, do: object) -> QPushButton:
        button = self.add_button(label, name)
        button.setAutoDefault(False)
        button.clicked.connect(do)
        return button

    def _connect(self) -> None:
        self.filters.changed.connect(self._on_filter)
        self.filters.search.left_downwards.connect(self.list.setFocus)
        self.list.selectionModel().currentChanged.connect(self._show_entry)
        self.list.activated.connect(self._on_activated)
        details = self.details
        details.hear_requested.connect(self._on_hear)
        details.favourite_requested.connect(self._on_favourite)
        details.default_requested.connect(self._on_default)
        details.download_requested.connect(self._on_download)
        details.cancel_requested.connect(self._on_cancel)
        details.remove_requested.connect(self._on_remove)
        details.key_requested.connect(self._on_key)
        QShortcut(QKeySequence("Ctrl+D"), self, self._on_favourite)
        stops = (self._studio.subscribe(self._on_changes), self._studio.jobs.subscribe(self._on_job))
        self.destroyed.connect(lambda: [stop() for stop in stops])

    def _on_activated(self, _index: QModelIndex) -> None:
        """Return or a double click: take it, fetch it, or hear it."""
        entry = self._entry
        if entry is not None and entry.is_offered:
            self._on_download()
        elif self.use_button is not None:
            self._on_use()
        else:
            self._on_hear()

    def sizeHint(self) -> QSize:
        return QSize(940, 640)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_key = watched is self.list and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if is_key and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            self._on_hear()
            return True
        return super().eventFilter(watched, event)
