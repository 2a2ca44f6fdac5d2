"""Recording a take with a microphone: the script to read from, how loud it is, one button. What was said is kept at the end."""

from __future__ import annotations

import html
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QTextEdit, QWidget

from declaim.audio.microphone import Microphone, MicrophoneStatus
from declaim.commands.microphone import problems, readable
from declaim.errors import AudioError, DeclaimError
from declaim.model.ids import RecordingId, ScriptId
from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.player.level_meter import LevelMeter
from declaim.ui.theme import SIZE_CAPTION, SIZE_SCRIPT, SPACE_12, current_theme, font
from declaim.ui.widgets import hairline, human_duration, words
from declaim.ui.widgets.form import ChoiceBox, Form

if TYPE_CHECKING:
    from declaim.commands.scripts import LineView
    from declaim.commands.studio import Studio

_TICK_MS = 33
_DEFAULT = ""
_HINT = "The microphone is on for the level only. Nothing is kept before you press Record."


class _Phase(Enum):
    LISTENING = auto()
    RECORDING = auto()
    ENDING = auto()


class RecordSheet(Sheet):
    """``kept(object)`` carries the id of the recording. While it records, Escape stops, and does not close."""

    kept = Signal(object)

    def __init__(
        self, studio: Studio, script_id: ScriptId, parent: QWidget | None = None, *, microphone: Microphone | None = None
    ) -> None:
        super().__init__("Record a take", "recordSheet", parent)
        self._studio, self._script_id = studio, script_id
        self._microphone = microphone or Microphone()
        self._phase = _Phase.LISTENING
        self._path = Path()
        self.text = _reading_text(studio.scripts.lines(script_id))
        self.device = ChoiceBox([(_DEFAULT, "The system's own")])
        self.meter = LevelMeter()
        self.time = words("0:00", "secondary")
        self.said = words(_HINT, "caption", wrap=True)
        self.close_button = self.add_button("Close", "closeButton")
        self.button = self.add_button("Record", "recordButton", primary=True)
        self._timer = QTimer(self, interval=_TICK_MS)
        self._lay_out()
        self._connect()
        studio.microphone.find_inputs(self._show_inputs)
        self._listen()

    def toggle(self) -> None:
        """Begins to record; or stops, and keeps what was said."""
        if self._phase is _Phase.LISTENING:
            self._path = self._studio.microphone.new_path(self._script_id)
            self._microphone.record(self._path, self._chosen)
            self._say("")
            self._turn(_Phase.RECORDING)
            self._timer.start()
        elif self._phase is _Phase.RECORDING:
            self._microphone.end()
            self._turn(_Phase.ENDING)

    def reject(self) -> None:
        if self._phase is _Phase.RECORDING:
            self.toggle()
        elif self._phase is _Phase.LISTENING:
            self._timer.stop()
            self._microphone.end()
            super().reject()

    # Inside

    @property
    def _chosen(self) -> str | None:
        return self.device.value or None

    def _listen(self) -> None:
        self._turn(_Phase.LISTENING)
        self._microphone.listen(self._chosen)
        self._timer.start()

    def _turn(self, phase: _Phase) -> None:
        self._phase = phase
        self.button.setText("Record" if phase is _Phase.LISTENING else "Stop")
        self.button.setAccessibleName("Record" if phase is _Phase.LISTENING else "Stop recording")
        self.button.setEnabled(phase is not _Phase.ENDING)
        self.close_button.setEnabled(phase is _Phase.LISTENING)
        self.device.setEnabled(phase is _Phase.LISTENING)

    def _on_tick(self) -> None:
        status = self._microphone.status
        self.meter.show_level(status.level)
        if self._phase is not _Phase.LISTENING:
            self.time.setText(human_duration(status.duration_ms))
            if (found := problems(status)) != self.said.text():
                self._say(found, is_problem=bool(found))
        if self._microphone.is_at_work:
            return
        if self._phase is not _Phase.LISTENING:
            self._on_ended(status)
        elif status.failure is not None:
            self._timer.stop()
            self._tell(status.failure)

    def _on_ended(self, status: MicrophoneStatus) -> None:
        self._timer.stop()
        self._turn(_Phase.ENDING)
        if status.failure is not None:
            self._tell(status.failure)
        if status.duration_ms > 0 and self._path.is_file():
            self._studio.microphone.keep(self._script_id, self._path, self._on_kept, self._on_not_kept, status.gaps)
        else:
            self._path.unlink(missing_ok=True)
            self._turn(_Phase.LISTENING)

    def _on_kept(self, recording_id: RecordingId) -> None:
        take = self._studio.recordings.get(recording_id)
        self._say(f"{self.said.text()} Kept as {take.label}, {human_duration(take.duration_ms)}.".strip())
        self.kept.emit(recording_id)
        self._listen()

    def _on_not_kept(self, error: Exception) -> None:
        cure = "It is on the disk, and the next start of Declaim tries again."
        self._tell(AudioError(f"What was recorded could not be kept: {error}", cure=cure))
        self._turn(_Phase.LISTENING)

    def _on_device(self) -> None:
        self._say(_HINT)
        self._listen()

    def _show_inputs(self, names: tuple[str, ...]) -> None:
        self.device.show_choices([(_DEFAULT, "The system's own"), *((name, name) for name in names)], self.device.value)

    def _tell(self, error: DeclaimError) -> None:
        self._say(f"{error.message} {error.cure or ''}".strip(), is_problem=True)

    def _say(self, text: str, *, is_problem: bool = False) -> None:
        self.said.setText(text)
        self.said.setProperty("role", "problem" if is_problem else "caption")
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)

    def _lay_out(self) -> None:
        form = Form()
        form.add("Microphone", self.device, name="microphonePicker")
        level = QHBoxLayout()
        level.setSpacing(SPACE_12)
        self.meter.setObjectName("recordLevel")
        level.addWidget(self.meter, 1, Qt.AlignmentFlag.AlignVCenter)
        self.time.setFont(font(tabular=True))
        self.time.setObjectName("recordTime")
        self.time.setAccessibleName("Time")
        level.addWidget(self.time)
        self.said.setObjectName("recordSaid")
        self.said.setMinimumHeight(32)
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self.text, 1)
        self.body.addWidget(hairline())
        self.body.addWidget(form)
        self.body.addLayout(level)
        self.body.addWidget(self.said)
        self.button.setFocus()

    def _connect(self) -> None:
        self.button.clicked.connect(self.toggle)
        self.close_button.clicked.connect(self.reject)
        self.device.activated.connect(self._on_device)
        self._timer.timeout.connect(self._on_tick)
        # The thread must not go on when nobody stops it any more.
        microphone = self._microphone
        self.destroyed.connect(lambda: microphone.end())

    def sizeHint(self) -> QSize:
        return QSize(620, 560)


def _reading_text(lines: tuple[LineView, ...]) -> QTextEdit:
    """The words as captions show them, large, with a heading for each chapter and each change of speaker."""
    view = QTextEdit(readOnly=True)
    view.setObjectName("readingText")
    view.setAccessibleName("What to read")
    view.setFont(font(SIZE_SCRIPT))
    view.setTabChangesFocus(True)
    theme, chapter, speaker, parts = current_theme(), "", "", []
    speakers = list(dict.fromkeys(line.speaker for line in lines))
    for line in lines:
        if line.chapter != chapter:
            chapter, speaker = line.chapter, ""
            parts.append(f"<p style='font-weight:600; margin-top:16px'>{html.escape(chapter)}</p>")
        if line.speaker != speaker:
            speaker = line.speaker
            colour = theme.speaker_colours(speaker, speakers.index(speaker))[0].name()
            style = f"color:{colour}; font-weight:600; font-size:{SIZE_CAPTION}px; margin-bottom:0"
            parts.append(f"<p style='{style}'>{html.escape(speaker)}</p>")
        parts.append(f"<p style='line-height:140%; margin-top:2px'>{html.escape(readable(line.text))}</p>")
    view.setHtml("".join(parts))
    return view
