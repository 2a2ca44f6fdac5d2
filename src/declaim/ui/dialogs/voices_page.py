"""Settings › Voices: each engine, what it lacks, and the keys of those in the cloud."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from declaim.model.voice import Voice
from declaim.model.wording import counted
from declaim.ui.dialogs.engine_form import EngineForm, SourceForm
from declaim.ui.dialogs.key_form import KeyForm
from declaim.ui.icons import pixmap
from declaim.ui.inspector.voice_words import engine_label
from declaim.ui.theme import SPACE_8, SPACE_12, current_theme
from declaim.ui.widgets import words
from declaim.ui.widgets.form import Form
from declaim.ui.widgets.section import FoldedSection

if TYPE_CHECKING:
    from declaim.commands.studio import Studio


_LIMIT_WIDTH = 270


class VoicesPage(QScrollArea):
    """Built when it is first looked at: an engine may have to look for its models."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent, widgetResizable=True)
        self._studio = studio
        self._cards: dict[str, _EngineCard] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, SPACE_8, SPACE_12, 0)
        column.setSpacing(SPACE_8)
        keys = {state.engine: state for state in studio.keys.states()}
        for engine, voices in self._voices().items():
            card = self._cards[engine] = _EngineCard(engine, voices)
            column.addWidget(card)
            if engine in keys:
                form = KeyForm(studio.keys, keys[engine])
                form.changed.connect(self._on_changed)
                card.add(form)
                card.add(words(self._used(engine), "caption", wrap=True))
                card.add(FoldedSection("More", partial(EngineForm, studio.keys, engine)))
            elif studio.catalogue.source(engine):
                card.add(FoldedSection("Where its voices come from", partial(SourceForm, studio.catalogue, engine)))
        if keys:
            column.insertWidget(0, self._limit())
        if not self._cards:
            column.addWidget(words("No voice engine is installed. Install declaim[voices].", "problem", wrap=True))
        column.addStretch()
        self.setWidget(content)

    def _limit(self) -> QWidget:
        """Above which price a render asks first."""
        planning = self._studio.planning
        box = QDoubleSpinBox(minimum=0.0, maximum=10_000.0, decimals=2, singleStep=0.5, value=planning.confirm_above_usd)
        box.setPrefix("$ ")
        box.setKeyboardTracking(False)
        box.valueChanged.connect(planning.set_confirm_above)
        form = Form(label_width=_LIMIT_WIDTH)
        form.add("Ask before a render that costs more than", box, name="costLimit")
        return form

    def _used(self, engine: str) -> str:
        """The day's requests, and what this library's takes cost."""
        today = self._studio.keys.facts(engine).requests_today
        spent = sum(row.cost_usd for row in self._studio.library.spend.all() if row.engine == engine)
        count = f"{counted(today, 'request')} today"
        return f"{count} · ${spent:.2f} spent in this library so far" if spent else count

    def _on_changed(self) -> None:
        for engine, voices in self._voices().items():
            if engine in self._cards:
                self._cards[engine].show_voices(voices)

    def _voices(self) -> dict[str, list[Voice]]:
        by_engine: dict[str, list[Voice]] = defaultdict(list)
        for voice in self._studio.voices.all():
            by_engine[voice.engine].append(voice)
        return by_engine


class _EngineCard(QFrame):
    """An engine, how many voices it has, and what it lacks."""

    def __init__(self, engine: str, voices: list[Voice]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setAccessibleName(engine_label(engine))
        self._mark = words("")
        self._says = words("", "caption", wrap=True)
        self._text = QVBoxLayout()
        self._text.setSpacing(2)
        self._text.addWidget(words(engine_label(engine), "strong"))
        self._text.addWidget(self._says)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_12, SPACE_8, SPACE_12, SPACE_8)
        row.setSpacing(SPACE_12)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._text, 1)
        self.show_voices(voices)

    def show_voices(self, voices: list[Voice]) -> None:
        theme = current_theme()
        needs = next((voice.needs for voice in voices if voice.needs), "")
        self._mark.setPixmap(pixmap("info" if needs else "check", 16, theme.stale if needs else theme.ready, 2.0))
        names = ", ".join(voice.name for voice in voices[:6]) + (f" and {len(voices) - 6} more" if len(voices) > 6 else "")
        self._says.setText(needs or f"{counted(len(voices), 'voice')}: {names}")

    def add(self, widget: QWidget) -> None:
        self._text.addWidget(widget)
