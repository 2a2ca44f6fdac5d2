"""What a user does, as one call each. Nothing here waits for a time: each step waits until what it brings about is there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QTableView, QWidget
from pytestqt.qtbot import QtBot

from declaim.commands.studio import Studio
from declaim.model.library import Recording, RecordingState
from declaim.ui.main_window import MainWindow

WAIT_MS = 8_000
_CONTROL = Qt.KeyboardModifier.ControlModifier
_MIDDLE = QPoint(700, 300)


class Story:
    """The window of a studio and the hands of its user."""

    def __init__(self, qtbot: QtBot, studio: Studio, window: MainWindow) -> None:
        self.qtbot, self.studio, self.window = qtbot, studio, window

    def until(self, condition: object, wait_ms: int = WAIT_MS) -> None:
        self.qtbot.waitUntil(condition, timeout=wait_ms)

    def drop(self, *paths: Path) -> None:
        """Over the middle of the window, whatever lies there; as Qt tells it when a file manager lets go."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        under = self.window.childAt(_MIDDLE)
        at, action = under.mapFrom(self.window, _MIDDLE), Qt.DropAction.CopyAction
        button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(at, action, mime, button, none)
        QApplication.sendEvent(under, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(under, QDropEvent(QPointF(at), action, mime, button, none))

    def press(self, name: str) -> None:
        """Clicks a button by its name as soon as it is there and may be clicked; not that of a sheet that was closed."""

        def found() -> QAbstractButton | None:
            buttons = self.window.findChildren(QAbstractButton, name)
            return next((button for button in buttons if button.isVisible() and button.isEnabled()), None)

        self.until(lambda: found() is not None)
        self.qtbot.mouseClick(found(), Qt.MouseButton.LeftButton)

    def click_cell(self, table: QTableView, row: int, column: int) -> None:
        at = table.visualRect(table.model().index(row, column)).center()
        self.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)

    def button(self, name: str) -> QAbstractButton | None:
        return self.window.findChild(QAbstractButton, name)

    def part(self, name: str) -> QWidget | None:
        return self.window.findChild(QWidget, name)

    def import_file(self, path: Path) -> None:
        """Drops a document, says yes, and waits until the script that was written of it is open."""
        self.drop(path)
        self.press("importConfirmButton")
        self.until(lambda: self.window.script.script_id is not None)

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = _CONTROL, on: QWidget | None = None) -> None:
        """Where the window has the keys again, after a sheet has closed."""
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)
        self.qtbot.keyClick(on or self.window, key, held)

    def type_at_end(self, line: int, words: str) -> None:
        editor = self.window.script.editor
        editor.setFocus()
        editor.go_to_line(line)
        self.qtbot.keyClick(editor, Qt.Key.Key_End)
        self.qtbot.keyClicks(editor, words)

    @property
    def text(self) -> str:
        """As the library has it."""
        script_id = self.window.script.script_id
        assert script_id is not None
        return self.studio.scripts.row(script_id).text

    @property
    def takes(self) -> tuple[Recording, ...]:
        script_id = self.window.script.script_id
        assert script_id is not None
        return self.studio.recordings.of_script(script_id)

    def start_render(self) -> None:
        self.until(self.window.inspector.footer.button.isEnabled)
        self.key(Qt.Key.Key_R)
        self.until(lambda: any(take.state is RecordingState.RENDERING for take in self.takes) or bool(self.window.notice.text))

    def render(self, wait_ms: int = WAIT_MS) -> Recording:
        """Ctrl+R, and the take that comes of it."""
        count = len(self.takes)
        self.until(self.window.inspector.footer.button.isEnabled)
        self.key(Qt.Key.Key_R)
        self.until(lambda: len(self.takes) == count + 1 and self.takes[0].state is RecordingState.DONE, wait_ms)
        return self.takes[0]
