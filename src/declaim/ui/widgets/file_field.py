"""A file that is chosen: its name, a button to choose another one, and one to have none."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

from declaim.ui.theme import SPACE_4
from declaim.ui.widgets.icon_button import IconButton

_NOTHING = "Choose…"


class FileField(QWidget):
    """``changed(object)`` carries the path as text, "" for none. A file can also be dropped on it."""

    changed = Signal(object)

    def __init__(self, label: str, name: str, filter_: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label, self._filter = label, filter_
        self._path = ""
        self.button = QPushButton(_NOTHING)
        self.button.setObjectName(f"{name}Button")
        self.button.clicked.connect(self._choose)
        self.clear = IconButton("close", f"No {label.lower()}", size=12)
        self.clear.setObjectName(f"{name}Clear")
        self.clear.clicked.connect(lambda: self._take(""))
        self.setObjectName(name)
        self.setAcceptDrops(True)
        self.setFocusProxy(self.button)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_4)
        row.addWidget(self.button, 1)
        row.addWidget(self.clear)
        self.button.setMinimumWidth(60)
        self.show_path("")
        self.button.installEventFilter(self)

    @property
    def path(self) -> str:
        return self._path

    def show_path(self, path: str) -> None:
        """Shows a file without a signal; one that is gone says so."""
        self._path = path
        is_gone = bool(path) and not Path(path).is_file()
        chosen = f"{Path(path).name} is gone" if is_gone else Path(path).name
        self.button.setToolTip(path)
        self.button.setAccessibleName(f"{self._label}: {chosen}" if path else f"{self._label}: none, choose a file")
        self.clear.setVisible(bool(path))
        self._draw(chosen)

    def _draw(self, chosen: str) -> None:
        self._shown = chosen
        room = max(40, self.button.width() - 28)
        words = self.button.fontMetrics().elidedText(chosen, Qt.TextElideMode.ElideMiddle, room)
        self.button.setText(words or _NOTHING)

    def _choose(self) -> None:
        folder = str(Path(self._path).parent) if self._path else ""
        chosen, _kind = QFileDialog.getOpenFileName(self, self._label, folder, self._filter)
        if chosen:
            self._take(chosen)

    def _take(self, path: str) -> None:
        self.show_path(path)
        self.changed.emit(path)

    # Qt's side

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.button and event.type() == QEvent.Type.Resize:
            self._draw(self._shown)
        return super().eventFilter(watched, event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if len(event.mimeData().urls()) == 1 and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self._take(event.mimeData().urls()[0].toLocalFile())
        event.acceptProposedAction()
