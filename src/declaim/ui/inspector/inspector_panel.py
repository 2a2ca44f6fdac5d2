"""The right column. It shows the choices of one script, gives the orders that change them, and says what a render would do."""

from __future__ import annotations

import dataclasses
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from declaim.errors import DeclaimError, VoiceUnknown
from declaim.model.change import Changes
from declaim.model.delivery import Delivery
from declaim.model.ids import CalibrationId, ProjectId, ScriptId, VoiceId
from declaim.model.script import NARRATOR, ScriptSettings
from declaim.model.source import Source, SourceType
from declaim.model.voice import Cast, Voice
from declaim.ui.inspector.calibration_section import CalibrationSection
from declaim.ui.inspector.cast_table import CastTable
from declaim.ui.inspector.delivery_section import DeliverySection
from declaim.ui.inspector.file_sections import FileSections
from declaim.ui.inspector.lexicon_orders import LexiconOrders
from declaim.ui.inspector.lexicon_section import LexiconSection
from declaim.ui.inspector.render_footer import RenderFooter
from declaim.ui.inspector.render_orders import RenderOrders
from declaim.ui.inspector.script_settings_form import ScriptSettingsForm
from declaim.ui.inspector.sent_section import SentSection
from declaim.ui.orders import Orders
from declaim.ui.theme import SPACE_8, SPACE_12, SPACE_16, SPACE_24
from declaim.ui.widgets import EmptyState
from declaim.ui.widgets.row import scrolled
from declaim.ui.widgets.section import FoldedSection, Section

if TYPE_CHECKING:
    from declaim.commands.studio import Studio
    from declaim.jobs import JobStatus

_SAMPLES = "Audio (*.wav *.flac *.mp3 *.ogg *.opus *.m4a *.aif *.aiff);;All files (*)"


class InspectorPanel(QWidget):
    """The inspector of a studio."""

    clip_ready = Signal(object)
    """A spoken sample that is to be played."""
    sound_ready = Signal(object)
    """A render that begins and is to be played while it runs: a ``SoundSource``."""
    take_made = Signal(object)
    """Id of the recording that a render made."""
    done_undoably = Signal(object)
    """A short message of what was done."""
    write_again_requested = Signal()
    """The script is to be written again with its settings, which are kept by then."""
    settings_requested = Signal()
    """The page of the settings where keys are entered is wanted."""

    def __init__(self, studio: Studio, orders: Orders, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio, self._orders = studio, orders
        self._script_id: ScriptId | None = None
        self._source_of: ScriptId | None = None
        self._project_id: ProjectId | None = None
        self.setObjectName("inspector")
        self.setProperty("role", "panel")
        self.cast = CastTable(self._voices, self._find_voice)
        self.delivery = DeliverySection()
        self.calibration = CalibrationSection()
        self.lexicon = LexiconSection()
        self.sound = FileSections()
        self.sent = SentSection(studio)
        self.footer = RenderFooter()
        self._rendering = RenderOrders(studio, orders, self.footer, self)
        self._words = LexiconOrders(studio, orders, self.lexicon, self)
        self._settings = FoldedSection("Script settings", self._build_settings)
        self._lay_out()
        self._connect()

    def show_script(self, script_id: ScriptId | None) -> None:
        """Shows the choices of a script, or what to do where none is open."""
        self._script_id = script_id
        if not self._refresh():
            self._script_id = None
        self._stack.setCurrentIndex(0 if self._script_id is None else 1)
        self._rendering.show_script(self._script_id)

    def on_changes(self, changes: Changes) -> None:
        """A write elsewhere."""
        if self._script_id is None or not changes.touches("scripts", "lines", "lexicon", "projects", "documents"):
            return
        if changes.touches("documents"):
            self._source_of = None
            self._refresh()
        if changes.touches("lexicon") or self._script_id in changes.ids("scripts"):
            self._refresh()
            self._rendering.plan_soon()
        elif changes.touches("lines") and not self._rendering.is_running:
            # Written by a render, or by what made a script anew. While one runs here, its end brings the plan.
            self._rendering.plan_soon()

    def on_job(self, job: JobStatus) -> None:
        """A job went on."""
        self._rendering.on_job(job)

    def start_render(self) -> None:
        """Renders the script that is shown."""
        self._rendering.start()

    # Orders

    def _hear(self, voice_id: VoiceId) -> None:
        delivery = self._delivery()
        self._orders.give(
            partial(
                self._studio.hearing.voice,
                voice_id,
                self._on_heard,
                failed=self._orders.refuse,
                delivery=delivery,
            )
        )

    def _on_heard(self, sound: object) -> None:
        self.clip_ready.emit(sound)

    def _set_cast(self, cast: Cast) -> None:
        if self._script_id is not None:
            self._orders.give(partial(self._studio.scripts.set_cast, self._script_id, cast))

    def _open_catalogue(self, speaker: str) -> None:
        """The whole catalogue, to choose who speaks for a speaker."""
        from declaim.ui.catalogue.catalogue_dialog import CatalogueDialog

        chosen = self.cast.picker(speaker).voice_id
        dialog = CatalogueDialog(self._studio, self._orders, self.window(), speaker=speaker, chosen=chosen)
        dialog.taken.connect(partial(self.cast.choose, speaker))
        dialog.sound_ready.connect(self.clip_ready)
        dialog.settings_requested.connect(self.settings_requested)
        dialog.open()

    def _set_delivery(self, delivery: Delivery) -> None:
        if self._script_id is not None:
            self._orders.give(partial(self._studio.scripts.set_delivery, self._script_id, delivery))

    def _match(self, calibration_id: CalibrationId | None) -> None:
        """Speaks the script at the pace of a calibration."""
        if self._script_id is not None:
            match = partial(self._studio.calibrations.match, self._script_id, calibration_id)
            self._orders.give(partial(match, self._refresh, self._orders.refuse))

    def _measure(self) -> None:
        """Measures a file that the user chooses, under its name, and speaks at its pace."""
        name, _filter = QFileDialog.getOpenFileName(self, "Measure a sample", "", _SAMPLES)
        if name:
            measure = partial(self._studio.calibrations.measure, Path(name), Path(name).stem, self._project_id)
            self._orders.give(partial(measure, lambda made: self._match(made.id), self._orders.refuse))

    def _set_file(self, chosen: dict[str, Any]) -> None:
        if self._script_id is not None:
            settings = dataclasses.replace(self._studio.scripts.settings(self._script_id), **chosen)
            self._orders.give(partial(self._studio.scripts.set_settings, self._script_id, settings, "Choose the sound"))

    def _set_settings(self, settings: ScriptSettings) -> None:
        if self._script_id is not None:
            self._orders.give(partial(self._studio.scripts.set_script_settings, self._script_id, settings))

    def _set_writer(self, writer: str) -> None:
        if self._script_id is not None:
            settings = dataclasses.replace(self._studio.scripts.settings(self._script_id), writer=writer)
            self._orders.give(partial(self._studio.scripts.set_settings, self._script_id, settings, "Choose a writer"))

    def _set_kind(self, kind: SourceType) -> None:
        document = self._studio.scripts.document(self._script_id) if self._script_id is not None else None
        if document is not None:
            self._orders.give(partial(self._studio.documents.set_kind, document.id, kind))

    def _set_notes(self, notes: str) -> None:
        script_id = self._script_id
        if script_id is not None:
            self._orders.give(partial(self._studio.scripts.set_notes, script_id, notes))

    # What is shown

    def _refresh(self) -> bool:
        """Reads the script's choices; False where it is gone."""
        script_id = self._script_id
        if script_id is None:
            return False
        try:
            row = self._studio.scripts.row(script_id)
            settings = self._studio.scripts.settings(script_id)
            speakers = self._studio.scripts.speakers(script_id) or (NARRATOR,)
        except DeclaimError:
            return False
        self._project_id = self._words.project_id = row.project_id
        self.cast.show_cast(speakers, settings.cast)
        self.delivery.show_delivery(settings.delivery)
        calibrations = self._studio.library.calibrations.of(row.project_id)
        self.calibration.show_calibrations(calibrations, settings.calibration_id, settings.delivery.pace)
        self.sent.show_script(script_id)
        self.sound.show_settings(settings, self._studio.rendering.verify_needs())
        self.footer.show_music(has_music=bool(settings.music.files))
        self.lexicon.notes.show_notes(settings.pronunciation_notes)
        self.lexicon.show_entries(self._studio.lexicons.entries(row.project_id))
        if isinstance(self._settings.content, ScriptSettingsForm):
            can_write = row.document_id is not None
            self._settings.content.show_settings(settings.script, writer=settings.writer, can_write=can_write)
            self._ask_source(script_id)
        return True

    def _ask_source(self, script_id: ScriptId) -> None:
        """Asks for the releases once for each script that is shown."""
        is_model = self._studio.scripts.settings(script_id).writer == "gemini"
        if self._source_of != script_id or is_model:
            self._source_of = script_id
            self._studio.scripts.source(script_id, partial(self._on_source, script_id))

    def _on_source(self, script_id: ScriptId, source: Source | None) -> None:
        if script_id == self._script_id and isinstance(self._settings.content, ScriptSettingsForm):
            self._settings.content.show_source(source)
            self._tell_writer(source)

    def _tell_writer(self, source: Source | None) -> None:
        """What the writer with a model lacks and would send, where it is the one that is chosen."""
        form, script_id = self._settings.content, self._script_id
        if script_id is None or not isinstance(form, ScriptSettingsForm) or form.writer.value != "gemini":
            return
        from declaim.commands.writing import what_is_sent

        needs = "" if self._studio.keys.has_key("gemini") else "Gemini needs a key. GEMINI_API_KEY works too."
        settings = self._studio.scripts.settings(script_id).script
        sends = self._orders.give(partial(what_is_sent, source, settings)) if source is not None else ""
        form.writer.show_facts(needs, sends or "")

    def _delivery(self) -> Delivery | None:
        return self._studio.scripts.settings(self._script_id).delivery if self._script_id is not None else None

    def _voices(self) -> list[Voice]:
        """Every voice, favourites first."""
        favourites = self._studio.library.voice_choices.favourites()
        return sorted(self._studio.voices.all(), key=lambda voice: voice.id not in favourites)

    def _find_voice(self, voice_id: VoiceId) -> Voice | None:
        try:
            return self._studio.voices.find(voice_id)
        except VoiceUnknown:
            return None

    def _build_settings(self) -> QWidget:
        form = ScriptSettingsForm()
        form.changed.connect(self._set_settings)
        form.writer_chosen.connect(self._set_writer)
        form.kind_chosen.connect(self._set_kind)
        form.write_requested.connect(self.write_again_requested)
        form.writer.settings_requested.connect(self.settings_requested)
        form.writer.facts_wanted.connect(self._refresh)
        return form

    def _how_it_is_spoken(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_12)
        column.addWidget(self.delivery)
        column.addWidget(self.calibration)
        return content

    def _lay_out(self) -> None:
        content = QWidget()
        content.setProperty("role", "panel")
        inner = QVBoxLayout(content)
        inner.setContentsMargins(SPACE_16, SPACE_16, SPACE_16, SPACE_16)
        inner.setSpacing(SPACE_24)
        inner.addWidget(Section("Cast", self.cast))
        inner.addWidget(Section("Delivery", self._how_it_is_spoken()))
        inner.addWidget(Section("How it is said", self.lexicon))
        folded = QVBoxLayout()
        folded.setSpacing(SPACE_8)
        for section in (self.sound, self.sent, self._settings):
            folded.addWidget(section)
        inner.addLayout(folded)
        inner.addStretch()
        self._stack = QStackedWidget()
        self._stack.addWidget(EmptyState("script", "No script is open", "Choose one in the library to cast its voices."))
        self._stack.addWidget(scrolled(content, right=SPACE_16))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(self.footer)

    def _connect(self) -> None:
        self.cast.cast_changed.connect(self._set_cast)
        self.cast.hear_requested.connect(self._hear)
        self.cast.catalogue_requested.connect(self._open_catalogue)
        self.delivery.delivery_changed.connect(self._set_delivery)
        self.calibration.chosen.connect(self._match)
        self.calibration.measure_requested.connect(self._measure)
        self.sound.changed.connect(self._set_file)
        self.lexicon.notes_changed.connect(self._set_notes)
        self._words.done_undoably.connect(self.done_undoably)
        self._rendering.sound_ready.connect(self.sound_ready)
        self._rendering.take_made.connect(self.take_made)
        self._settings.opened.connect(self._refresh)

    # Qt's side

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._script_id is not None:
            self._rendering.plan_soon()

    def hideEvent(self, event: QHideEvent) -> None:
        # What nobody sees needs no plan, and the library may be closed next.
        self._rendering.plan_later()
        super().hideEvent(event)
