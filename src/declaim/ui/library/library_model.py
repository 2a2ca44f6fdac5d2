"""The library as an item model. It is told the rows, finds what changed, and says only that: what is selected, open or
being renamed stays so."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QMimeData, QModelIndex, QObject, Qt, QUrl, Signal

from declaim.model.library import TreeRow
from declaim.ui.badge_shape import describe_badge
from declaim.ui.library.library_rows import Arrangement, Filter, Key, arrange, parent_of
from declaim.ui.state_shape import describe_state
from declaim.ui.widgets.item_view import TOP, Index
from declaim.ui.widgets.words import human_duration

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""The ``TreeRow``."""
COUNT_ROLE = ROW_ROLE + 1
"""How many scripts and recordings lie under a project or folder."""
MIME = "application/x-declaim-rows"

_WORDS = {"project": "Project", "folder": "Folder", "document": "Document", "script": "Script", "recording": "Recording"}


class LibraryModel(QAbstractItemModel):
    """``show_rows`` brings it up to date. Wishes of the user (rename, move, files dropped) leave as signals."""

    rename_requested = Signal(object, object)
    """Key, new title."""
    move_requested = Signal(object, object)
    """Keys, key of the project or folder they go to."""
    files_dropped = Signal(object, object)
    """Paths, key of the row they were dropped on (None: beside all)."""
    rows_shown = Signal()
    """All that changed was announced."""

    def __init__(self, audio_path: Callable[[int], Path | None] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._audio_path = audio_path
        self._rows: dict[Key, TreeRow] = {}
        self._children: dict[Key | None, list[Key]] = {None: []}
        self._counts: dict[Key, int] = {}
        self._numbers: dict[Key, int] = {}
        self._keys: dict[int, Key] = {}
        self._next = itertools.count(1)

    def show_rows(self, rows: Iterable[TreeRow], chosen: Filter = Filter.ALL) -> None:
        """Makes the model show these rows; announces only what differs."""
        wanted = arrange(rows, chosen)
        if self._rows:
            self._change_places(wanted)
            self._update(wanted)
        else:
            self._start_with(wanted)
        self.rows_shown.emit()

    def key(self, index: Index) -> Key | None:
        return self._keys.get(index.internalId()) if index.isValid() else None

    def row_of(self, index: Index) -> TreeRow | None:
        key = self.key(index)
        return self._rows.get(key) if key is not None else None

    def index_of(self, key: Key | None) -> QModelIndex:
        """Where a row stands; the invalid index where it does not."""
        if key is None or key not in self._rows:
            return QModelIndex()
        parent = self._parent_key(key)
        return self.createIndex(self._children[parent].index(key), 0, self._numbers[key])

    def keys_in_state(self, state: str) -> tuple[Key, ...]:
        return tuple(key for key, row in self._rows.items() if row.state == state)

    # What changed

    def _start_with(self, wanted: Arrangement) -> None:
        self.beginResetModel()
        self._rows = dict(wanted.rows)
        self._children = {parent: list(keys) for parent, keys in wanted.children.items()}
        self._children.setdefault(None, [])
        self._counts = dict(wanted.counts)
        for key in self._rows:
            self._number(key)
        self.endResetModel()

    def _change_places(self, wanted: Arrangement) -> None:
        """Most changes leave nearly every row where it is: only what lies under a parent whose children changed is gone into."""
        parents = [parent for parent in self._children if tuple(self._children[parent]) != wanted.children.get(parent, ())]
        for parent in parents:
            if parent in self._children:  # it went with one before it
                self._remove_missing(parent, wanted)
        for parent in (None, *wanted.rows):
            if wanted.children.get(parent, ()) != tuple(self._children.get(parent, ())):
                self._place(parent, wanted)

    def _remove_missing(self, parent: Key | None, wanted: Arrangement) -> None:
        stay = set(wanted.children.get(parent, ()))
        present = self._children[parent]
        for at in reversed(range(len(present))):
            if present[at] not in stay:
                self.beginRemoveRows(self.index_of(parent), at, at)
                self._forget(present.pop(at))
                self.endRemoveRows()

    def _forget(self, key: Key) -> None:
        for child in self._children.pop(key, []):
            self._forget(child)
        self._rows.pop(key, None)
        self._keys.pop(self._numbers.pop(key), None)

    def _place(self, parent: Key | None, wanted: Arrangement) -> None:
        """Puts what is new where it belongs and moves what stands elsewhere among its siblings."""
        present = self._children.setdefault(parent, [])
        for at, key in enumerate(wanted.children.get(parent, ())):
            if key not in self._rows:
                self.beginInsertRows(self.index_of(parent), at, at)
                self._rows[key] = wanted.rows[key]
                self._number(key)
                present.insert(at, key)
                self.endInsertRows()
            elif present[at] != key:
                here = present.index(key)
                self.beginMoveRows(self.index_of(parent), here, here, self.index_of(parent), at)
                present.insert(at, present.pop(here))
                self.endMoveRows()

    def _update(self, wanted: Arrangement) -> None:
        changed = [
            key
            for key, row in wanted.rows.items()
            if (self._rows.get(key) is not row and self._rows.get(key) != row)
            or self._counts.get(key, 0) != wanted.counts.get(key, 0)
        ]
        self._rows = dict(wanted.rows)
        self._counts = dict(wanted.counts)
        for key in changed:
            index = self.index_of(key)
            if index.isValid():
                self.dataChanged.emit(index, index)

    def _number(self, key: Key) -> None:
        """A number for Qt to carry in its indexes; a key that comes back gets a new one."""
        number = next(self._next)
        self._numbers[key] = number
        self._keys[number] = key

    def _parent_key(self, key: Key) -> Key | None:
        parent = parent_of(self._rows[key])
        return parent if parent is None or parent in self._rows else None

    # Qt's side

    def index(self, row: int, column: int, parent: Index = TOP) -> QModelIndex:
        children = self._children.get(self.key(parent), ())
        if column != 0 or not 0 <= row < len(children):
            return QModelIndex()
        return self.createIndex(row, column, self._numbers[children[row]])

    def parent(self, index: Index = TOP) -> QModelIndex:  # type: ignore[override]  # QObject.parent is an overload
        key = self.key(index)
        return QModelIndex() if key is None or key not in self._rows else self.index_of(self._parent_key(key))

    def rowCount(self, parent: Index = TOP) -> int:
        return len(self._children.get(self.key(parent), ())) if parent.column() <= 0 else 0

    def columnCount(self, parent: Index = TOP) -> int:
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_of(index)
        if row is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row.title
        if role == ROW_ROLE:
            return row
        if role == COUNT_ROLE:
            return self._counts.get((row.kind, row.id), 0)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._described(row)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.row_of(index)
        title = " ".join(str(value).split())
        if row is None or role != Qt.ItemDataRole.EditRole or not title or title == row.title:
            return False
        self.rename_requested.emit((row.kind, row.id), title)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.row_of(index)
        flag = Qt.ItemFlag
        if row is None:
            return flag.ItemIsDropEnabled
        flags = flag.ItemIsEnabled | flag.ItemIsSelectable
        if row.kind != "document":
            flags |= flag.ItemIsEditable
        if row.kind != "project":
            flags |= flag.ItemIsDragEnabled
        return flags | flag.ItemIsDropEnabled if row.kind in ("project", "folder") else flags

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def supportedDragActions(self) -> Qt.DropAction:
        # Never a move: a file manager would take the audio out of the library. Inside the tree our own format means one.
        return Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        return [MIME, "text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        keys = [key for key in map(self.key, indexes) if key is not None]
        carried = QMimeData()
        carried.setData(MIME, "\n".join(f"{kind} {number}" for kind, number in keys).encode())
        paths = [self._audio_path(number) for kind, number in keys if kind == "recording"] if self._audio_path else []
        carried.setUrls([QUrl.fromLocalFile(str(path)) for path in paths if path is not None])
        return carried

    def canDropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        if data.hasFormat(MIME):
            return self._target(parent) is not None and self._target(parent) not in self._keys_in(data)
        return data.hasUrls()

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        target = self._target(parent)
        if data.hasFormat(MIME):
            if target is not None:
                self.move_requested.emit(self._keys_in(data), target)
            # The library moves the rows and says so; a True here would have the view remove them too.
            return False
        from pathlib import Path

        paths = tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
        if paths:
            self.files_dropped.emit(paths, target)
        return bool(paths)

    def _target(self, index: Index) -> Key | None:
        """The project or folder that a drop on ``index`` means."""
        key = self.key(index)
        while key is not None and key[0] not in ("project", "folder"):
            key = self._parent_key(key)
        return key

    def _keys_in(self, data: QMimeData) -> tuple[Key, ...]:
        pairs = (line.split(" ") for line in bytes(data.data(MIME).data()).decode().splitlines())
        return tuple((kind, int(number)) for kind, number in pairs)

    def _described(self, row: TreeRow) -> str:
        parts = [_WORDS.get(row.kind, ""), row.title, describe_state(row.state) if row.state else ""]
        parts += [human_duration(row.duration_ms), "starred" if row.starred else "", describe_badge(row.badge)]
        return ", ".join(part for part in parts if part)
