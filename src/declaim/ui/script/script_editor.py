"""The script editor: what keys, clicks and menus do to the rows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QInputMethodEvent, QKeyEvent, QKeySequence, QMouseEvent, QTextBlock, QTextCursor
from PySide6.QtWidgets import QWidget

from declaim.ui.script import row_edits
from declaim.ui.script.editor_menus import edit_menu, speaker_menu
from declaim.ui.script.row_editor import RowEditor
from declaim.ui.script.row_format import is_chapter
from declaim.ui.script.row_painter import play_rect

_CONTROL, _ALT, _KEYPAD = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.KeypadModifier


class ScriptEditor(RowEditor):
    """Text is edited as in any editor; Return makes a line, Backspace joins two, Tab and Ctrl+1…9 say who speaks."""

    focus_left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scriptEditor")
        self.setAccessibleName("Script")
        self.setTabChangesFocus(False)

    def open_speaker_menu(self) -> None:
        """Below the caret's chip."""
        block = self.textCursor().block()
        if not is_chapter(block):
            self.ensureCursorVisible()
            below = self.chip_rect(block).bottomLeft().toPoint() + QPoint(4, 0)
            speaker_menu(self).popup(self.viewport().mapToGlobal(below))

    def _press_beside_words(self, at: QPointF) -> bool:
        """A click on the play glyph or the chip; False where it means the text."""
        found = self.row_at(at)
        if found is None or is_chapter(found[0]):
            return False
        block, rect = found
        if play_rect(rect).contains(at) and block.userState() >= 0:
            self._put_caret(block)
            self.hear_requested.emit(block.userState())
            return True
        if self.chip_rect(block).contains(at):
            if block not in row_edits.blocks_of(self.textCursor()):
                self._put_caret(block)
            self.open_speaker_menu()
            return True
        return False

    def _put_caret(self, block: QTextBlock) -> None:
        if self.textCursor().block() != block:
            self.setTextCursor(QTextCursor(block))

    def _edit_by_key(self, event: QKeyEvent) -> bool:
        """The keys that mean something of ours; False for all others."""
        key, held = event.key(), event.modifiers() & ~_KEYPAD
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.hear_current() if held & _CONTROL else self._split()
        elif (place := _speaker_place(event)) is not None:
            self._choose_speaker(place)
        elif held == _ALT and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_rows(-1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_Tab and not held:
            self.open_speaker_menu()
        elif key == Qt.Key.Key_Backtab:
            self.focusPreviousChild()
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            return self._erase(key)
        else:
            return self._edit_by_standard_key(event)
        return True

    def _edit_by_standard_key(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_step()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo_step()
        elif event.matches(QKeySequence.StandardKey.Cut):
            self.cut_selection()
        else:
            return False
        return True

    def _split(self) -> None:
        cursor = self.textCursor()
        row_edits.split(cursor, self._formats)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def _erase(self, key: int) -> bool:
        cursor = self.textCursor()
        if cursor.hasSelection():
            self.remove_selection()
            return True
        join = row_edits.join_above if key == Qt.Key.Key_Backspace else row_edits.join_below
        is_done = join(cursor, self._formats)
        if is_done:
            self.setTextCursor(cursor)
        return is_done

    def _choose_speaker(self, place: int) -> None:
        if place < len(self._speakers):
            self.set_speaker(self.speakers[place])

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._edit_by_key(event):
            event.accept()
            return
        types = bool(event.text()) and event.text().isprintable() and not event.modifiers() & (_CONTROL | _ALT)
        if types and self.textCursor().hasSelection():
            self.remove_selection()
        super().keyPressEvent(event)
        if event.text() == " ":
            self._absorb_prefix()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if event.commitString() and self.textCursor().hasSelection():
            self.remove_selection()
        super().inputMethodEvent(event)
        if event.commitString().endswith(" "):
            self._absorb_prefix()

    def event(self, event: QEvent) -> bool:
        # In the text these keys say who speaks, whatever the window uses them for.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and _speaker_place(event) is not None:
            event.accept()
            return True
        if event.type() == QEvent.Type.FocusOut:
            self.focus_left.emit()
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self._press_beside_words(event.position()):
            super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        edit_menu(self, self.open_speaker_menu).popup(event.globalPos())


def _speaker_place(event: QKeyEvent) -> int | None:
    """0…8 for Ctrl+1…9."""
    held = event.modifiers() & ~_KEYPAD
    return event.key() - Qt.Key.Key_1 if held == _CONTROL and Qt.Key.Key_1 <= event.key() <= Qt.Key.Key_9 else None
