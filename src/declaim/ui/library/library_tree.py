"""The tree view of the library: keys, clicks, menus; every wish leaves as a signal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragMoveEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTreeView, QWidget

from declaim.model.library import LineState
from declaim.ui.library.library_delegate import INDENT, LibraryDelegate
from declaim.ui.library.library_model import ROW_ROLE, LibraryModel
from declaim.ui.library.library_rows import Key
from declaim.ui.theme import motion_ms

_FRAME_MS = 60
_TURN_MS = 900


class LibraryTree(QTreeView):
    """Shows a ``LibraryModel``."""

    row_chosen = Signal(object)
    """The key of the row the user went to."""
    row_opened = Signal(object)
    """The key of a row the user pressed Return on or clicked twice."""
    trash_requested = Signal(object)
    """Keys."""
    wished = Signal(object, object)
    """A wish out of the context menu (``new_script``, ``star`` …) and the keys it is for."""
    remote_wished = Signal(object)
    """A wish about a service: what takes the ``RemoteOrders`` and does it."""

    def __init__(self, model: LibraryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.remote_entries: Callable[[Key], Sequence[tuple[str, str, object]]] = lambda _key: ()
        self._delegate = LibraryDelegate(self)
        self._rendering: tuple[QPersistentModelIndex, ...] = ()
        self._turning = QTimer(self, interval=_FRAME_MS)
        self._turning.timeout.connect(self._on_turn)
        self.setObjectName("libraryTree")
        self.setAccessibleName("Library")
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.CopyAction)
        self.setAutoExpandDelay(500)
        self.selectionModel().currentChanged.connect(self._on_current)
        model.rows_shown.connect(self._see_what_turns)
        self._see_what_turns()

    @property
    def chosen_keys(self) -> tuple[Key, ...]:
        model = self._library_model()
        keys = (model.key(index) for index in self.selectionModel().selectedIndexes())
        return tuple(key for key in keys if key is not None)

    @property
    def current_key(self) -> Key | None:
        return self._library_model().key(self.currentIndex())

    def choose(self, key: Key) -> bool:
        """Goes to a row and opens what it lies under; False where it is not shown."""
        index = self._library_model().index_of(key)
        if not index.isValid():
            return False
        above = index.parent()
        while above.isValid():
            self.expand(above)
            above = above.parent()
        self.setCurrentIndex(index)
        self.scrollTo(index)
        return True

    def rename(self, key: Key) -> None:
        """Opens the editor of a row's title."""
        if self.choose(key) and self.state() != QAbstractItemView.State.EditingState:
            self.setFocus()
            self.edit(self.currentIndex())

    def _library_model(self) -> LibraryModel:
        model: QAbstractItemModel = self.model()
        assert isinstance(model, LibraryModel)
        return model

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        key = self._library_model().key(current)
        if key is not None:
            self.row_chosen.emit(key)

    def _see_what_turns(self) -> None:
        model = self._library_model()
        self._rendering = tuple(QPersistentModelIndex(model.index_of(key)) for key in model.keys_in_state(LineState.RENDERING))
        if not self._rendering:
            self._turning.stop()
        elif motion_ms() and not self._turning.isActive():
            self._turning.start()

    def _on_turn(self) -> None:
        """Paints again what turns, and nothing beside it."""
        self._delegate.phase = (self._delegate.phase + _FRAME_MS / _TURN_MS) % 1.0
        if self.isVisible():
            for index in self._rendering:
                self.viewport().update(self.visualRect(index))

    def _menu_for(self, keys: tuple[Key, ...]) -> QMenu:
        menu = QMenu(self)
        kinds = {kind for kind, _number in keys}
        for name, label, shown in (
            ("new_script", "New script here", kinds <= {"project", "folder"} and len(keys) <= 1),
            ("new_folder", "New folder", len(keys) == 1 and kinds <= {"project", "folder"}),
            ("new_project", "New project", not keys),
            ("import_here", "Import here…", len(keys) == 1 and kinds <= {"project", "folder"}),
            ("", "", bool(keys)),
            ("write", "Write a script from it", kinds == {"document"} and len(keys) == 1),
            ("render", "Render", kinds == {"script"}),
            ("star", "Star or unstar", kinds == {"recording"}),
            ("export", "Export…", len(keys) == 1 and "document" not in kinds),
            ("", "", bool(keys)),
            ("remote", "", len(keys) == 1),
            ("", "", bool(keys)),
            ("rename", "Rename", len(keys) == 1 and "document" not in kinds),
            ("trash", "Delete", bool(keys)),
        ):
            if not shown:
                continue
            if not name:
                menu.addSeparator()
                continue
            if name == "remote":
                self._add_remote(menu, keys[0])
                continue
            action = menu.addAction(label)
            action.setObjectName(f"{name}Action")
            action.triggered.connect(lambda _checked=False, wish=name: self._on_wish(wish, keys))
        return menu

    def _add_remote(self, menu: QMenu, key: Key) -> None:
        for name, label, wish in self.remote_entries(key):
            action = menu.addAction(label)
            action.setObjectName(f"{name}Action")
            action.triggered.connect(lambda _checked=False, wish=wish: self.remote_wished.emit(wish))

    def _on_wish(self, wish: str, keys: tuple[Key, ...]) -> None:
        if wish == "rename":
            self.rename(keys[0])
        elif wish == "trash":
            self.trash_requested.emit(keys)
        else:
            self.wished.emit(wish, keys)

    def _is_on_chevron(self, index: QModelIndex, at: QPoint) -> bool:
        depth, above = 0, index.parent()
        while above.isValid():
            depth, above = depth + 1, above.parent()
        is_script = index.data(ROW_ROLE).kind == "script"
        left = 14 + depth * INDENT - (14 if is_script else 0)
        return self.model().hasChildren(index) and left <= at.x() < left + (14 if is_script else 18)

    # Qt's side

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        index = self.indexAt(at)
        if event.button() == Qt.MouseButton.LeftButton and index.isValid() and self._is_on_chevron(index, at):
            self.setExpanded(index, not self.isExpanded(index))
            event.accept()
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.chosen_keys:
            self.trash_requested.emit(self.chosen_keys)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.state() != QAbstractItemView.State.EditingState:
            self._open_current()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # Not the base: it would toggle what opens here.
        if self.indexAt(event.position().toPoint()).isValid():
            self._open_current()

    def _open_current(self) -> None:
        key = self.current_key
        if key is not None and key[0] in ("project", "folder"):
            self.setExpanded(self.currentIndex(), not self.isExpanded(self.currentIndex()))
        elif key is not None:
            self.row_opened.emit(key)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if not index.isValid():
            self.clearSelection()
        where = self.visualRect(index).center() if by_key else event.pos()
        menu = self._menu_for(self.chosen_keys if index.isValid() else ())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(where))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        super().dragEnterEvent(event)
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)
        if event.mimeData().hasUrls() and not event.isAccepted():
            event.acceptProposedAction()

    def sizeHint(self) -> QSize:
        return QSize(240, 320)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.doItemsLayout()
