"""The left column: search, the tree, the filters. Orders to the studio go out from here; what to open is a signal."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from declaim.model.change import Changes
from declaim.model.ids import FolderId, ProjectId
from declaim.model.library import SearchHit, TreeRow
from declaim.ui.library.library_filters import LibraryFilters
from declaim.ui.library.library_model import LibraryModel
from declaim.ui.library.library_orders import LibraryOrders
from declaim.ui.library.library_rows import (
    Filter,
    Key,
    counts,
    destinations,
    has_sound,
    key_of,
    parent_of,
    remote_in_words,
)
from declaim.ui.library.library_tree import LibraryTree
from declaim.ui.orders import Orders
from declaim.ui.theme import SPACE_4, SPACE_8, SPACE_12, SPACE_16
from declaim.ui.widgets import EmptyState, IconButton, SearchField, words

if TYPE_CHECKING:
    from declaim.commands.studio import Studio
    from declaim.ui.library.search_results import SearchResults

_OVER_TITLES = 20  # where the tree's titles begin, so that its headings stand over them
_REMOTE = ("connections", "remote_items", "outbox")
_SOON_MS = 250
"""A sync writes often; the tree follows it at leisure."""
_BREATH_MS = 30
"""Two frames: what else a render's begin or end asks for is painted before."""
_FIXED_PLACES = ("projects", "folders", "documents", "scripts")
PLACES = (*_FIXED_PLACES, "recordings")
"""What rows of the tree are made of. Lines are not: a render writes them all the time."""


class LibraryPanel(QWidget):
    """The library of a studio."""

    rows_read = Signal()
    """``row`` knows what changed."""
    row_chosen = Signal(object)
    """Key of the script, recording or document that the user went to."""
    play_requested = Signal(object)
    """Id of a recording."""
    trashed = Signal(object)
    """What went to the trash, in words."""
    import_requested = Signal(object, object)
    """Paths (none: ask), key of where to (None: ask)."""
    export_requested = Signal(object)
    """Key."""
    new_script_requested = Signal(object)
    """Key of the project or folder, or None."""
    render_requested = Signal(object)
    """Id of a script."""
    write_requested = Signal(object)
    """Id of a document."""
    remote_requested = Signal(object)
    """What takes the ``RemoteOrders`` and does it."""

    def __init__(self, studio: Studio, orders: Orders, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio, self._orders = studio, orders
        self._rows: tuple[TreeRow, ...] = ()
        self._by_key: dict[Key, TreeRow] = {}
        self._opened_first = False
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._read)
        self._read_rows: tuple[TreeRow, ...] | None = None
        """What was read and is not shown yet."""
        self.setObjectName("libraryPanel")
        self._tree_orders = LibraryOrders(studio, orders, self._known, self)
        self.model = LibraryModel(self._tree_orders.find_audio, self)
        self.search_box = SearchField("Search everything", "Ctrl+Shift+F")
        self.search_box.setObjectName("searchBox")
        self.tree = LibraryTree(self.model)
        self.filters = LibraryFilters()
        self._heading = words("Projects", "group")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.tree)
        self.setProperty("role", "panel")
        self._lay_out()
        self._connect()

    # What stands in the place of the tree: built when it is first shown

    @cached_property
    def results(self) -> SearchResults:
        from declaim.ui.library.search_results import SearchResults

        results = SearchResults()
        results.hit_chosen.connect(self._on_hit)
        self._stack.addWidget(results)
        return results

    @cached_property
    def _nothing_found(self) -> EmptyState:
        return self._add_empty("search", "Nothing found", "Try fewer or other words.")

    @cached_property
    def _nothing_kept(self) -> EmptyState:
        return self._add_empty("star-outline", "Nothing here")

    @cached_property
    def _empty(self) -> EmptyState:
        return self._add_empty("project", "No project yet", "What you import or write stands here.")

    def _add_empty(self, icon: str, title: str, text: str = "") -> EmptyState:
        page = EmptyState(icon, title, text)
        self._stack.addWidget(page)
        return page

    def refresh(self) -> None:
        """Reads the library again."""
        self._soon.stop()
        self._read_rows = self._orders.give(self._studio.tree)
        self._show()

    def _read(self) -> None:
        """The same in two turns, so that neither holds up what is typed or heard."""
        self._read_rows = self._orders.give(self._studio.tree)
        QTimer.singleShot(0, self, self._show)

    def _show(self) -> None:
        rows, self._read_rows = self._read_rows, None
        if rows is None:
            return
        self._rows = rows
        self._by_key = {key_of(row): row for row in self._rows}
        self.model.show_rows(self._rows, self.filters.value)
        self.filters.set_counts(counts(self._rows))
        services = [each.name for each in self._studio.library.connections.all()]
        self.filters.show_services(services, remote_in_words(self._rows))
        if not self._opened_first and self._rows:
            self._opened_first = True
            self._open_projects()
        self._show_page()
        self.rows_read.emit()

    def close_panel(self) -> None:
        self._soon.stop()
        self._read_rows = None

    def on_changes(self, changes: Changes) -> None:
        """Takes come and go while a render begins and ends, with much else to do: they are read a moment later."""
        if changes.touches(*_REMOTE):
            if not self._soon.isActive():
                self._soon.start(_SOON_MS)
        elif not changes.rows or changes.touches(*_FIXED_PLACES):
            self.refresh()
        elif changes.touches("recordings"):
            self._soon.start(_BREATH_MS)

    def row(self, key: Key) -> TreeRow | None:
        """The row of a key, shown or not."""
        return self._known().get(key)

    def _known(self) -> dict[Key, TreeRow]:
        self._catch_up()
        return self._by_key

    def place(self) -> Key | None:
        """The project or folder that new things go to: where the current row lies, else the first project."""
        row = self.row(self.tree.current_key) if self.tree.current_key else None
        while row is not None and row.kind not in ("project", "folder"):
            row = self._above(row)
        if row is not None:
            return row.kind, row.id
        return next(((row.kind, row.id) for row in self._rows if row.kind == "project"), None)

    def destinations(self) -> Iterator[tuple[Key, str]]:
        """Every project and folder as "MyApp › Releases", in the order of the tree."""
        return destinations(self._rows)

    def path_of(self, key: Key) -> tuple[str, ...]:
        """Titles from the project down to what the row lies in, for the breadcrumb."""
        titles: list[str] = []
        row = self.row(key)
        while row is not None:
            row = self._above(row)
            if row is not None:
                titles.append(row.title)
        return tuple(reversed(titles))

    def choose(self, key: Key) -> None:
        """Goes to a row; lets a filter or a search go that hides it."""
        self._catch_up()
        if self.search_box.text():
            self.search_box.clear()
        if not self.tree.choose(key):
            self.filters.clear()
            self.tree.choose(key)

    def project_and_folder(self, place: Key) -> tuple[ProjectId, FolderId | None]:
        """A project or folder as the ids that the studio's orders take."""
        return self._tree_orders.project_and_folder(place)

    def create_project(self) -> None:
        """Makes one and asks for its name."""
        project_id = self._tree_orders.create_project()
        if project_id is not None:
            self.tree.rename(("project", project_id))

    def create_folder(self, place: Key) -> None:
        folder_id = self._tree_orders.create_folder(place)
        if folder_id is not None:
            self.tree.expand(self.model.index_of(place))
            self.tree.rename(("folder", folder_id))

    def focus_search(self) -> None:
        self.search_box.setFocus()
        self.search_box.selectAll()

    # What the user did

    def _on_searched(self, query: str) -> None:
        if query:
            self.results.show_hits(self._found(query))
        self._heading.setText("Found" if query else "Projects")
        self._show_page()

    def _found(self, query: str) -> list[SearchHit]:
        """What the search finds of what is shown; a take is named with its script."""
        hits = self._orders.give(lambda: self._studio.search(query)) or ()
        found = []
        for hit in hits:
            row = self.row((hit.kind, hit.id))
            above = self._above(row) if row is not None and hit.kind == "recording" else None
            if above is not None and above.kind == "script":
                hit = dataclasses.replace(hit, title=f"{hit.title} · {above.title}")
            if hit.kind == "line" or (row is not None and has_sound(row)):
                found.append(hit)
        return found

    def _catch_up(self) -> None:
        if self._soon.isActive() or self._read_rows is not None:  # who asks for a row now cannot wait for the next turn
            self.refresh()

    def _on_filter(self, chosen: Filter) -> None:
        self._catch_up()
        self.model.show_rows(self._rows, chosen)
        if chosen is not Filter.ALL:
            self.tree.expandAll()
        self._show_page()

    def _on_hit(self, hit: SearchHit) -> None:
        key: Key = ("script", hit.script_id) if hit.kind == "line" and hit.script_id is not None else (hit.kind, hit.id)
        if self.tree.current_key == key:
            self.row_chosen.emit(key)
        elif not self.tree.choose(key):
            self.filters.clear()
            self.tree.choose(key)

    def _on_opened(self, key: Key) -> None:
        if key[0] == "recording":
            self.play_requested.emit(key[1])
        else:
            self.row_chosen.emit(key)

    def _on_wish(self, wish: str, keys: tuple[Key, ...]) -> None:
        first = keys[0] if keys else None
        if wish == "new_project":
            self.create_project()
        elif wish == "new_script":
            self.new_script_requested.emit(first)
        elif wish == "import_here":
            self.import_requested.emit((), first)
        elif first is not None:
            self._on_wish_for(wish, first, keys)

    def _on_wish_for(self, wish: str, first: Key, keys: tuple[Key, ...]) -> None:
        if wish == "new_folder":
            self.create_folder(first)
        elif wish == "export":
            self.export_requested.emit(first)
        elif wish == "write":
            self.write_requested.emit(first[1])
        elif wish == "render":
            for _kind, number in keys:
                self.render_requested.emit(number)
        elif wish == "star":
            self._tree_orders.star(keys)

    def _remote_entries(self, key: Key) -> Sequence[tuple[str, str, object]]:
        """What a service has to do with a row; asked when the menu opens."""
        row = self.row(key)
        if row is None:
            return ()
        from declaim.ui.connections.remote_menu import remote_entries

        return remote_entries(self._studio.library, self._studio.unsettled, row, self.project_and_folder(key)[0])

    # What is shown

    def _show_page(self) -> None:
        if self.search_box.text().strip():
            found = self.results.model().rowCount() > 0
            self._stack.setCurrentWidget(self.results if found else self._nothing_found)
        elif self.model.rowCount():
            self._stack.setCurrentWidget(self.tree)
        else:
            self._stack.setCurrentWidget(self._empty if self.filters.value is Filter.ALL else self._nothing_kept)

    def _open_projects(self) -> None:
        """At the start, open what a screen can hold: all projects where they are few, else the first."""
        projects = self.model.rowCount()
        for at in range(projects):
            index = self.model.index(at, 0)
            if projects == 1 or at == 0 or self.model.rowCount(index) <= 12 // projects:
                self.tree.expand(index)

    def _above(self, row: TreeRow) -> TreeRow | None:
        parent = parent_of(row)
        return self.row(parent) if parent is not None else None

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(_OVER_TITLES, 0, SPACE_12, 0)
        head.addWidget(self._heading, 1)
        add = IconButton("plus", "New project", size=14)
        add.setObjectName("newProjectButton")
        add.clicked.connect(self.create_project)
        head.addWidget(add)
        show = words("Show", "group")
        show.setContentsMargins(_OVER_TITLES, SPACE_8, 0, SPACE_4)
        box = QVBoxLayout()
        box.setContentsMargins(SPACE_12, SPACE_12, SPACE_12, SPACE_12)
        box.addWidget(self.search_box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SPACE_16)
        column.setSpacing(0)
        column.addLayout(box)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        column.addWidget(show)
        column.addWidget(self.filters)

    def _connect(self) -> None:
        self.search_box.searched.connect(self._on_searched)
        self.search_box.left_downwards.connect(self._focus_below)
        self.filters.chosen.connect(self._on_filter)
        self.tree.row_chosen.connect(self.row_chosen)
        self.tree.row_opened.connect(self._on_opened)
        self.tree.trash_requested.connect(self._tree_orders.trash)
        self._tree_orders.trashed.connect(self.trashed)
        self.tree.wished.connect(self._on_wish)
        self.tree.remote_wished.connect(self.remote_requested)
        self.tree.remote_entries = self._remote_entries
        self.model.rename_requested.connect(self._tree_orders.rename)
        self.model.move_requested.connect(self._tree_orders.move)
        self.model.files_dropped.connect(self.import_requested)

    def _focus_below(self) -> None:
        if self._stack.currentWidget() is self.results:
            self.results.setFocus()
            self.results.setCurrentIndex(self.results.model().index(0, 0))
        else:
            self.tree.setFocus()
