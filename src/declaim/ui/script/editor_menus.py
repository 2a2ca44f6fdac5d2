"""The menus of the script editor: who speaks, which cue, and what every text editor has."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QInputDialog, QMenu

from declaim.model.delivery import DeliveryPreset
from declaim.model.script import HOST1, HOST2, NARRATOR
from declaim.ui.script.row_editor import RowEditor
from declaim.ui.script.row_format import delivery_of, speaker_of

_CUES = (
    ("Short pause", "{pause:short}", ""),
    ("Long pause", "{pause:long}", ""),
    ("Emphasis", "{emph:", "}"),
    ("Slowly", "{slow:", "}"),
    ("Fast", "{fast:", "}"),
    ("Whisper", "{whisper:", "}"),
    ("Spell out", "{spell:", "}"),
    ("Say it differently", "{say:", "|shown}"),
    ("Breath", "{breath}", ""),
    ("Sigh", "{sigh}", ""),
    ("Laugh", "{laugh}", ""),
    ("Chuckle", "{chuckle}", ""),
    ("Gasp", "{gasp}", ""),
)


def speaker_menu(editor: RowEditor) -> QMenu:
    """Who speaks the selected lines, and how."""
    menu = _menu(editor, "Speaker")
    block = editor.textCursor().block()
    speakers = tuple(dict.fromkeys((*editor.speakers, NARRATOR, HOST1, HOST2)))
    for place, speaker in enumerate(speakers):
        action = menu.addAction(speaker)
        action.setCheckable(True)
        action.setChecked(speaker == speaker_of(block))
        if place < len(editor.speakers[:9]):
            action.setShortcut(QKeySequence(f"Ctrl+{place + 1}"))
        action.triggered.connect(lambda _checked=False, name=speaker: editor.set_speaker(name))
        if speaker == speaker_of(block):
            menu.setActiveAction(action)
    menu.addAction("New speaker…").triggered.connect(lambda: _ask_speaker(editor))
    menu.addSeparator()
    _add_deliveries(menu, editor)
    return menu


def edit_menu(editor: RowEditor, open_speaker_menu: Callable[[], object]) -> QMenu:
    """The context menu. Its cut and delete keep rows whole, which Qt's own would not."""
    menu = _menu(editor, "Edit")
    has_selection = editor.textCursor().hasSelection()
    _add(menu, "Hear this line", "Ctrl+Return", editor.hear_current, enabled=editor.current_line is not None)
    menu.addSeparator()
    _add(menu, "Undo", QKeySequence.StandardKey.Undo, editor.undo_step)
    _add(menu, "Redo", QKeySequence.StandardKey.Redo, editor.redo_step)
    menu.addSeparator()
    _add(menu, "Cut", QKeySequence.StandardKey.Cut, editor.cut_selection, enabled=has_selection)
    _add(menu, "Copy", QKeySequence.StandardKey.Copy, editor.copy, enabled=has_selection)
    _add(menu, "Paste", QKeySequence.StandardKey.Paste, editor.paste, enabled=editor.canPaste())
    _add(menu, "Select all", QKeySequence.StandardKey.SelectAll, editor.selectAll)
    menu.addSeparator()
    menu.addMenu(_cue_menu(menu, editor))
    _add(menu, "Speaker and delivery…", "Tab", open_speaker_menu)
    _add(menu, "Move up", "Alt+Up", lambda: editor.move_rows(-1))
    _add(menu, "Move down", "Alt+Down", lambda: editor.move_rows(1))
    return menu


def _menu(editor: RowEditor, name: str) -> QMenu:
    menu = QMenu(editor)
    menu.setAccessibleName(name)
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def _cue_menu(parent: QMenu, editor: RowEditor) -> QMenu:
    menu = QMenu("Insert a cue", parent)
    for label, before, after in _CUES:
        action = menu.addAction(label)
        action.triggered.connect(lambda _checked=False, cue=(before, after): editor.insert_cue(*cue))
    return menu


def _add_deliveries(menu: QMenu, editor: RowEditor) -> None:
    chosen = delivery_of(editor.textCursor().block())
    for delivery in (None, *DeliveryPreset):
        action = menu.addAction(delivery.value.capitalize() if delivery else "As the script is delivered")
        action.setCheckable(True)
        action.setChecked(delivery is chosen)
        action.triggered.connect(lambda _checked=False, preset=delivery: editor.set_delivery(preset))


def _add(
    menu: QMenu, label: str, keys: str | QKeySequence.StandardKey, run: Callable[[], object], *, enabled: bool = True
) -> QAction:
    action = menu.addAction(label)
    action.setShortcut(keys)
    action.setEnabled(enabled)
    action.triggered.connect(lambda: run())
    return action


def _ask_speaker(editor: RowEditor) -> None:
    name, is_given = QInputDialog.getText(editor, "New speaker", "Name, in capitals, digits, - and _")
    speaker = re.sub(r"[^A-Z0-9_-]+", "_", name.strip().upper())[:40].strip("_")
    if is_given and speaker:
        editor.set_speaker(speaker)
