"""Everything the window can do, once: the menus, the shortcuts and the sheet that lists them are made from this table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget


@dataclass(frozen=True)
class ActionSpec:
    """``keys`` as Qt writes them (``Ctrl`` is Cmd on macOS); ``menu`` is the menu's title."""

    name: str
    label: str
    menu: str
    keys: str = ""
    ends_group: bool = False


ACTIONS = (
    ActionSpec("new_script", "New script", "File", "Ctrl+N"),
    ActionSpec("new_project", "New project", "File", "Ctrl+Shift+N"),
    ActionSpec("import", "Import…", "File", "Ctrl+O"),
    ActionSpec("paste_new", "Paste as a new script", "File", "Ctrl+Shift+V", ends_group=True),
    ActionSpec("export", "Export…", "File", "Ctrl+E"),
    ActionSpec("save", "Save", "File", "Ctrl+S", ends_group=True),
    ActionSpec("stats", "Statistics…", "File"),
    ActionSpec("connections", "Connect a service…", "File", "Ctrl+Shift+K"),
    ActionSpec("sync", "Sync now", "File", "Ctrl+Shift+Y", ends_group=True),
    ActionSpec("settings", "Settings…", "File", "Ctrl+,"),
    ActionSpec("quit", "Quit", "File", "Ctrl+Q"),
    ActionSpec("undo", "Undo", "Edit", "Ctrl+Z"),
    ActionSpec("redo", "Redo", "Edit", "Ctrl+Shift+Z", ends_group=True),
    ActionSpec("find", "Find in the script", "Edit", "Ctrl+F"),
    ActionSpec("search", "Search the library", "Edit", "Ctrl+Shift+F"),
    ActionSpec("hear_line", "Hear the line", "Script", "Ctrl+Return"),
    ActionSpec("render", "Render what is stale", "Script", "Ctrl+R", ends_group=True),
    ActionSpec("versions", "Versions…", "Script", "Ctrl+Shift+H"),
    ActionSpec("write_again", "Write again", "Script", "Ctrl+Shift+R", ends_group=True),
    ActionSpec("voices", "Voices…", "Script", "Ctrl+Alt+V"),
    ActionSpec("record", "Record a take…", "Script", "Ctrl+Shift+M", ends_group=True),
    ActionSpec("play", "Play or pause", "Script", "Space"),
    ActionSpec("library", "Library", "View", "Ctrl+1"),
    ActionSpec("script", "Script", "View", "Ctrl+2"),
    ActionSpec("inspector", "Inspector", "View", "Ctrl+3"),
    ActionSpec("takes", "Takes", "View", "Ctrl+4"),
    ActionSpec("queue", "Queue", "View", "Ctrl+J"),
    ActionSpec("shortcuts", "Shortcuts", "Help", "F1"),
    ActionSpec("about", "About Declaim", "Help"),
)


def make_actions(window: QWidget, does: Mapping[str, Callable[[], object]]) -> dict[str, QAction]:
    """An action for each row of the table, added to ``window`` so that its keys work wherever the focus is."""
    made = {}
    for spec in ACTIONS:
        action = QAction(spec.label, window)
        action.setObjectName(f"{spec.name}Action")
        if spec.keys:
            action.setShortcut(QKeySequence(spec.keys))
        do = does[spec.name]
        action.triggered.connect(lambda _checked=False, do=do: do())
        window.addAction(action)
        made[spec.name] = action
    return made


def show_services(actions: Mapping[str, QAction], *, has_any: bool) -> None:
    """Without a connection nothing of the services shows but the way to the first."""
    actions["connections"].setText("Connections…" if has_any else "Connect a service…")
    actions["sync"].setVisible(has_any)


def fill_menus(actions: Mapping[str, QAction], menu_of: Callable[[str], QMenu]) -> None:
    """Puts each action into the menu it belongs to; ``menu_of`` makes a menu from its title, once."""
    menus: dict[str, QMenu] = {}
    for spec in ACTIONS:
        if spec.menu not in menus:
            menus[spec.menu] = menu_of(spec.menu)
        menus[spec.menu].addAction(actions[spec.name])
        if spec.ends_group:
            menus[spec.menu].addSeparator()
