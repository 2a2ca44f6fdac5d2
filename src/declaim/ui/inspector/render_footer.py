"""Before rendering it says what will happen; while rendering, how far it is; one primary button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from declaim.model.wording import human_seconds
from declaim.model.work import ProgressReport
from declaim.ui.theme import SPACE_8, SPACE_12, SPACE_16
from declaim.ui.widgets import hairline, words

if TYPE_CHECKING:
    from declaim.commands.planning import RenderSummary


_PLAY_TIP = "Play as it renders: line after line, from the first one on"
_MUSIC_LATER = "You hear the words; the music comes with the finished take."


class RenderFooter(QWidget):
    """``render_requested()`` and ``stop_requested()`` are what the button says."""

    render_requested = Signal()
    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_rendering = False
        self._ready_to_render = False
        self._has_music = False
        self._limit_usd: float | None = None
        self.summary = _Summary()
        self.why = words("", "caption", wrap=True)
        self.why.setObjectName("renderReasons")
        self.why.hide()
        self._progress = QProgressBar(textVisible=False, maximum=1000)
        self._progress.setAccessibleName("Progress of the render")
        self._progress.hide()
        self.button = QPushButton("Render")
        self.button.setObjectName("renderButton")
        self.button.setProperty("kind", "primary")
        self.button.setMinimumHeight(38)
        self.button.clicked.connect(self._on_click)
        self.play_button = QPushButton("Play along")
        self.play_button.setObjectName("playWhileRenderingButton")
        self.play_button.setAccessibleName("Play as it renders")
        self.play_button.setToolTip(_PLAY_TIP)
        self.play_button.setCheckable(True)
        self.play_button.setMinimumHeight(38)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_16, 0, SPACE_16, SPACE_16)
        column.setSpacing(SPACE_8)
        column.addWidget(hairline())
        column.addSpacing(SPACE_12 - SPACE_8)
        column.addWidget(self._facts())
        column.addWidget(self._progress)
        row = QHBoxLayout()
        row.addWidget(self.button, 1)
        row.addWidget(self.play_button)
        column.addLayout(row)
        self._draw_button()

    def _facts(self) -> QWidget:
        """What will happen and why: as high as two lines, so that the button stays where it is."""
        facts = QWidget()
        facts.setMinimumHeight(36)
        column = QVBoxLayout(facts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addStretch()
        column.addWidget(self.summary)
        column.addWidget(self.why)
        column.addStretch()
        return facts

    def show_summary(self, summary: RenderSummary) -> None:
        """What a render would do. Where nothing is stale it makes a new take of what is ready, which costs nothing."""
        self._ready_to_render = not summary.problem and summary.to_render + summary.ready > 0
        self._limit_usd = summary.confirm_above_usd if summary.asks_first else None
        if not self._is_rendering:
            self._say(summary.text, problem=bool(summary.problem), why=summary.remarks)
            self._draw_button()

    def show_waiting(self) -> None:
        if not self._is_rendering:
            self._say("Looking at what is ready…")

    def show_music(self, *, has_music: bool) -> None:
        """Music is laid under a finished take only, and who plays along is told so."""
        self._has_music = has_music
        self.play_button.setToolTip(f"{_PLAY_TIP}. {_MUSIC_LATER}" if has_music else _PLAY_TIP)

    def show_progress(self, report: ProgressReport | None, *, is_paused: bool = False) -> None:
        """While a render runs; None before its first report."""
        self._is_rendering = True
        fraction = report.fraction if report is not None else 0.0
        left = report.seconds_left if report is not None else None
        self._progress.setValue(round(fraction * 1000))
        self._progress.show()
        parts = [f"{'Paused at' if is_paused else 'Rendering,'} {round(100 * fraction)} %"]
        if left is not None and not is_paused:
            parts.append(f"about {human_seconds(left)} left")
        is_heard_bare = self._has_music and self.play_button.isChecked()
        self._say(" · ".join(parts), why=_MUSIC_LATER if is_heard_bare else "")
        self._draw_button()

    def show_done(self) -> None:
        """No render runs any more."""
        if self._is_rendering:
            self._is_rendering = False
            self._progress.hide()
            self._draw_button()

    def _say(self, text: str, *, problem: bool = False, why: str = "") -> None:
        self.summary.setText(text)
        self.summary.setAccessibleName(text)
        self.why.setText(why)
        self.why.setAccessibleName(why)
        self.why.setVisible(bool(why))
        role = "problem" if problem else "secondary"
        if self.summary.property("role") != role:
            self.summary.setProperty("role", role)
            self.summary.style().unpolish(self.summary)
            self.summary.style().polish(self.summary)

    def _draw_button(self) -> None:
        self.button.setText("Stop" if self._is_rendering else "Render   Ctrl+R")
        self.button.setAccessibleName("Stop the render" if self._is_rendering else "Render")
        self.button.setEnabled(self._is_rendering or self._ready_to_render)
        kind = "" if self._is_rendering else "primary"
        if self.button.property("kind") != kind:
            self.button.setProperty("kind", kind)
            self.button.style().unpolish(self.button)
            self.button.style().polish(self.button)

    def _on_click(self) -> None:
        if self._limit_usd is not None and not self._is_rendering:
            limit, self._limit_usd = self._limit_usd, None
            self._say(f"This costs more than ${limit:.2f} ({self.summary.text()}). Press Render again to pay for it.")
            return
        (self.stop_requested if self._is_rendering else self.render_requested).emit()


class _Summary(QLabel):
    """Facts with " · " between them. Where they have no room in one line, the first stands alone and the short ones under it."""

    def __init__(self) -> None:
        super().__init__(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._said = ""
        self.setObjectName("renderSummary")
        self.setProperty("role", "secondary")

    def setText(self, text: str) -> None:
        self._said = text
        self._fit()

    def text(self) -> str:
        """As it was said."""
        return self._said

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        first, _, rest = self._said.partition(" · ")
        has_room = self._has_room(self._said) or not rest or not self._has_room(first)
        shown = self._said if has_room else f"{first}\n{rest}"
        if shown != super().text():
            super().setText(shown)

    def _has_room(self, text: str) -> bool:
        return self.fontMetrics().horizontalAdvance(text) <= self.contentsRect().width()
