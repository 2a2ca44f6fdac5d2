"""A field that shows a voice and opens the list of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from declaim.model.ids import VoiceId
from declaim.model.voice import Voice
from declaim.ui.inspector.voice_words import describe_voice
from declaim.ui.theme import FOCUS_WIDTH, RADIUS, SIZE_BODY, SIZE_CAPTION, current_theme, font

if TYPE_CHECKING:
    from declaim.ui.inspector.voice_popup import VoicePopup


class VoicePicker(QAbstractButton):
    """``chosen(object)`` carries the ``VoiceId`` that the user took. ``all_voices`` is asked when the list opens."""

    chosen = Signal(object)
    more_requested = Signal()

    def __init__(self, label: str, all_voices: Callable[[], Sequence[Voice]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        self._all_voices = all_voices
        self._voice_id = VoiceId("")
        self._detail = ""
        self._is_ready = True
        self.setObjectName("voicePicker")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.open)

    @property
    def voice_id(self) -> VoiceId:
        return self._voice_id

    def show_voice(self, voice_id: VoiceId, voice: Voice | None) -> None:
        """``voice`` is None for an id that no engine has."""
        self._voice_id = voice_id
        self._is_ready = voice is not None and voice.ready
        self._detail = describe_voice(voice) if voice is not None else "not there"
        self.setText(voice.name if voice is not None else str(voice_id))
        needs = voice.needs if voice is not None else "No engine has this voice. Choose another."
        self.setToolTip(needs)
        self.setAccessibleName(f"{self._label}: {self.text()}, {self._detail}")
        self.setAccessibleDescription(needs)
        self.update()

    def open(self) -> VoicePopup:
        """Opens the list of voices."""
        from declaim.ui.inspector.voice_popup import VoicePopup

        popup = VoicePopup(self._all_voices(), self._voice_id, self)
        popup.taken.connect(self.chosen)
        popup.more_requested.connect(self.more_requested)
        popup.open_under(self)
        return popup

    def sizeHint(self) -> QSize:
        return QSize(180, 30)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            width = FOCUS_WIDTH if self.hasFocus() else 1
            inset = width / 2
            painter.setBrush(theme.hover if self.underMouse() and self.isEnabled() else theme.raised)
            painter.setPen(QPen(theme.accent if self.hasFocus() else theme.border, width))
            painter.drawRoundedRect(self.rect().toRectF().adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)
            box = QRect(10, 0, self.width() - 20, self.height())
            painter.setFont(font(SIZE_CAPTION))
            painter.setPen(theme.tertiary if self._is_ready else theme.failed)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._detail)
            room = box.width() - painter.fontMetrics().horizontalAdvance(self._detail) - 8
            painter.setFont(font(SIZE_BODY))
            painter.setPen(theme.text)
            name = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
