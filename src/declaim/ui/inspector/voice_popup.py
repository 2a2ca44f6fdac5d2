"""The list of voices that a voice picker opens: typed words narrow it, Return or a click takes one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from declaim.model.ids import VoiceId
from declaim.model.voice import Gender, Voice
from declaim.ui.inspector.voice_words import describe_voice, engine_label
from declaim.ui.theme import RADIUS, SIZE_BODY, SIZE_CAPTION, SPACE_8, current_theme, font
from declaim.ui.widgets import SearchField
from declaim.ui.widgets.item_view import TOP, Index, paint_ground, scroll_smoothly

VOICE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_GENDERS = {Gender.FEMALE: "female", Gender.MALE: "male", Gender.NEUTRAL: "neutral"}


class VoiceListModel(QAbstractListModel):
    """The voices that hold every word of the search, the ready ones first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[Voice, ...] = ()
        self._shown: tuple[Voice, ...] = ()

    def set_voices(self, voices: Sequence[Voice]) -> None:
        self._all = tuple(sorted(voices, key=lambda voice: not voice.ready))
        self.narrow("")

    def narrow(self, query: str) -> None:
        wanted = query.casefold().split()
        self.beginResetModel()
        self._shown = tuple(voice for voice in self._all if all(word in _searched(voice) for word in wanted))
        self.endResetModel()

    def row_of(self, voice_id: VoiceId) -> int:
        return next((at for at, voice in enumerate(self._shown) if voice.id == voice_id), -1)

    def rowCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._shown):
            return None
        voice = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return voice.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return voice.needs or voice.description or str(voice.id)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(
                part for part in (voice.name, describe_voice(voice), _GENDERS.get(voice.gender), voice.needs) if part
            )
        return voice if role == VOICE_ROLE else None


def _searched(voice: Voice) -> str:
    parts = (voice.name, voice.id, engine_label(voice.engine), voice.language, _GENDERS.get(voice.gender, ""), voice.description)
    return " ".join(parts).casefold()


class _VoiceDelegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        voice: Voice = index.data(VOICE_ROLE)
        theme = current_theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, option, option.rect, radius=RADIUS - 2)
        box: QRect = option.rect.adjusted(10, 0, -10, 0)
        top = box.adjusted(0, 5, 0, -box.height() + 23) if voice.needs else box
        painter.setFont(font(SIZE_BODY))
        painter.setPen(theme.text if voice.ready else theme.tertiary)
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, voice.name)
        painter.setFont(font(SIZE_CAPTION))
        painter.setPen(theme.secondary if option.state & QStyle.StateFlag.State_Selected else theme.tertiary)
        said = " · ".join(part for part in (_GENDERS.get(voice.gender, ""), describe_voice(voice)) if part)
        painter.drawText(top, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, said)
        if voice.needs:
            needs = painter.fontMetrics().elidedText(voice.needs, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box.adjusted(0, 0, 0, -6), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, needs)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, 44 if index.data(VOICE_ROLE).needs else 30)


class VoicePopup(QFrame):
    """``taken(object)`` carries the id of the voice; the popup closes itself."""

    taken = Signal(object)
    more_requested = Signal()
    """The whole catalogue is wanted."""

    def __init__(self, voices: Sequence[Voice], chosen: VoiceId, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("voicePopup")
        self.setAccessibleName("Voices")
        self.setProperty("role", "sheet")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.model = VoiceListModel(self)
        self.model.set_voices(voices)
        self.search = SearchField("Name, language or engine")
        self.search.setObjectName("voiceSearch")
        self.list = QListView()
        self.list.setObjectName("voiceList")
        self.list.setAccessibleName("Voices")
        self.list.setModel(self.model)
        self.list.setItemDelegate(_VoiceDelegate(self))
        self.list.setMouseTracking(True)
        scroll_smoothly(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_8, SPACE_8, SPACE_8, SPACE_8)
        column.setSpacing(SPACE_8)
        column.addWidget(self.search)
        column.addWidget(self.list)
        self.more = QPushButton("All voices…")
        self.more.setObjectName("allVoicesButton")
        self.more.setAccessibleName("All voices, and those to download")
        self.more.setProperty("kind", "quiet")
        self.more.clicked.connect(self._on_more)
        column.addWidget(self.more)
        self.search.textChanged.connect(self._on_narrow)
        self.search.installEventFilter(self)
        self.list.clicked.connect(self._take)
        self._select(max(0, self.model.row_of(chosen)))

    def open_under(self, widget: QWidget) -> None:
        """Shows itself below a widget, as wide at least."""
        rows = [self.list.sizeHintForRow(row) for row in range(self.model.rowCount())]
        self.resize(max(widget.width(), 300), min(380, sum(rows) + 62) + self.more.sizeHint().height() + SPACE_8)
        self.move(widget.mapToGlobal(QPoint(widget.width() - self.width(), widget.height() + 4)))
        self.show()
        self.search.setFocus()

    def _on_more(self) -> None:
        self.more_requested.emit()
        self.close()

    def _on_narrow(self, query: str) -> None:
        self.model.narrow(query)
        self._select(0)

    def _select(self, row: int) -> None:
        self.list.setCurrentIndex(self.model.index(row, 0))

    def _take(self, index: QModelIndex) -> None:
        voice: Voice | None = index.data(VOICE_ROLE)
        if voice is not None:
            self.taken.emit(voice.id)
            self.close()

    def eventFilter(self, watched: QObject, event: Any) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            return self._on_key(Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def _on_key(self, key: Qt.Key) -> bool:
        """Up and down move through the list while the words are typed."""
        row = self.list.currentIndex().row()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._select(max(0, min(row + (1 if key == Qt.Key.Key_Down else -1), self.model.rowCount() - 1)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.currentIndex())
        elif key == Qt.Key.Key_Escape:
            self.close()
        else:
            return False
        return True
