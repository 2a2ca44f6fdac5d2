"""Settings › Voices: each engine, what it lacks, and the keys of those in the cloud."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from declaim.model.voice import Voice
from declaim.ui.dialogs.key_form import KeyForm
from declaim.ui.icons import pixmap
from declaim.ui.inspector.voice_picker import engine_label
from declaim.ui.theme import SPACE_8, SPACE_12, current_theme
from declaim.ui.widgets import words

if TYPE_CHECKING:
    from declaim.commands.studio import Studio


class VoicesPage(QScrollArea):
    """Built when it is first looked at: an engine may have to look for its models."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent, widgetResizable=True)
        self._studio = studio
        self._cards: dict[str, _EngineCard] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, SPACE_8, SPACE_8, 0)
        column.setSpacing(SPACE_8)
        keys = {state.engine: state for state in studio.keys.states()}
        for engine, voices in self._voices().items():
            card = self._cards[engine] = _EngineCard(engine, voices)
            column.addWidget(card)
            if engine in keys:
                form = KeyForm(studio.keys, keys[engine])
                form.changed.connect(self._on_changed)
                card.add(form)
        if not self._cards:
            column.addWidget(words("No voice engine is installed. Install declaim[voices].", "problem", wrap=True))
        column.addStretch()
        self.setWidget(content)

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
        self._says.setText(needs or f"{'1 voice' if len(voices) == 1 else f'{len(voices)} voices'}: {names}")

    def add(self, widget: QWidget) -> None:
        self._text.addWidget(widget)
