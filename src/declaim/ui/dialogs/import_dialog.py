"""The import sheet: what each file will become and where it goes, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLabel, QListView, QWidget
from shiboken6 import isValid

from declaim.commands.importing import ImportItem, ImportKind, can_be
from declaim.model.ids import FolderId, ProjectId
from declaim.ui.dialogs.import_model import BECOMES, ImportDelegate, ImportModel
from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.library.library_rows import Key
from declaim.ui.orders import Orders
from declaim.ui.widgets import words
from declaim.ui.widgets.form import ChoiceBox

if TYPE_CHECKING:
    from declaim.commands.studio import Studio


class ImportDialog(Sheet):
    """``imported(object)`` carries the ``Imported`` when the job is done, also after the sheet has closed."""

    imported = Signal(object)

    def __init__(
        self,
        studio: Studio,
        orders: Orders,
        paths: Sequence[Path],
        destinations: Sequence[tuple[Key, str]],
        place: Key | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Import", "importDialog", parent)
        self._studio, self._orders = studio, orders
        self._keys = [key for key, _title in destinations]
        self._project_of = _projects(destinations)
        self._model = ImportModel(self)
        self._said = words("Looking at the files…", "secondary", wrap=True)
        self.list = QListView()
        self.list.setObjectName("importList")
        self.list.setAccessibleName("What each file becomes")
        self.list.setModel(self._model)
        self.list.setItemDelegate(ImportDelegate(self))
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.destination = ChoiceBox([(str(at), title) for at, (_key, title) in enumerate(destinations)])
        self.destination.setObjectName("importDestination")
        self.destination.setAccessibleName("Into")
        if place in self._keys:
            self.destination.show_value(str(self._keys.index(place)))
        self.kind = ChoiceBox(())
        self.kind.setObjectName("importKind")
        self.kind.setAccessibleName("What the chosen file is read as")
        self._cancel = self.add_button("Cancel", "importCancelButton")
        self._import = self.add_button("Import", "importConfirmButton", primary=True)
        self._import.setEnabled(False)
        self._lay_out()
        self._cancel.clicked.connect(self.reject)
        self._import.clicked.connect(self._on_import)
        self._model.dataChanged.connect(self._count)
        self._model.dataChanged.connect(self._show_kind)
        self.list.selectionModel().currentChanged.connect(self._show_kind)
        self.kind.activated.connect(self._on_kind)
        orders.give(partial(studio.importing.preview_in_background, tuple(paths), self._on_preview))

    def _on_preview(self, items: tuple[ImportItem, ...]) -> None:
        self._model.show_items(items)
        self._count()
        self.list.setCurrentIndex(self._model.index(0))
        self._import.setFocus()

    def _show_kind(self) -> None:
        """What the chosen file is taken for, where that may be overruled."""
        item = self._model.item(self.list.currentIndex().row())
        kinds = can_be(item) if item is not None else ()
        shown = [(str(kind), kind.value.capitalize()) for kind in kinds]
        if item is not None and item.kind not in kinds:
            shown.insert(0, (str(item.kind), BECOMES[item.kind]))
        self.kind.show_choices(shown, str(item.kind) if item is not None else "")
        self.kind.setEnabled(bool(kinds))

    def _on_kind(self) -> None:
        row = self.list.currentIndex().row()
        item, kind = self._model.item(row), ImportKind(self.kind.value)
        if item is not None and kind is not item.kind and kind in can_be(item):
            show = partial(self._on_looked, row)
            self._orders.give(partial(self._studio.importing.preview_as_in_background, item.path, kind, show))

    def _on_looked(self, row: int, item: ImportItem) -> None:
        if isValid(self):
            self._model.show_item(row, item)

    def _count(self) -> None:
        chosen, total = len(self._model.chosen), self._model.rowCount()
        self._import.setEnabled(chosen > 0)
        label = f"Import {chosen} of {total}" if chosen != total and chosen else "Import"
        self._import.setText(label)
        bad = sum(1 for row in range(total) if self._model.index(row).data(Qt.ItemDataRole.CheckStateRole) is None)
        if not total:
            self._said.setText("There is nothing here that can be imported.")
        elif bad:
            self._said.setText(f"{bad} of {total} cannot be read; each says why." if total > 1 else "It cannot be read.")
        else:
            self._said.setText("Nothing is written before you say so.")

    def _on_import(self) -> None:
        key = self._keys[self.destination.currentIndex()]
        project_id = ProjectId(self._project_of[key][1])
        folder_id = FolderId(key[1]) if key[0] == "folder" else None
        order = partial(self._studio.importing.import_items, self._model.chosen, project_id, folder_id)
        # The sheet closes at once and the job tells the window; it must not be deleted under the job's feet.
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self._import.setEnabled(False)
        self._orders.give(partial(order, done=self._on_done, failed=self._on_failed))
        self.accept()

    def _on_done(self, imported: object) -> None:
        self.imported.emit(imported)
        self.deleteLater()

    def _on_failed(self, error: Exception) -> None:
        self.deleteLater()
        self._orders.refuse(error)

    def _lay_out(self) -> None:
        self.body.addWidget(self._said)
        self.body.addWidget(self.list, 1)
        read_as = QHBoxLayout()
        read_as.addWidget(_label("Read as"))
        read_as.addWidget(self.kind, 1)
        self.body.addLayout(read_as)
        into = QHBoxLayout()
        into.addWidget(_label("Into"))
        into.addWidget(self.destination, 1)
        self.body.addLayout(into)

    def sizeHint(self) -> QSize:
        return QSize(640, 520)


def _label(text: str) -> QLabel:
    label = words(text, "secondary")
    label.setFixedWidth(64)
    return label


def _projects(destinations: Sequence[tuple[Key, str]]) -> dict[Key, Key]:
    """The project of each destination: the one that came before it in the tree's order."""
    found: dict[Key, Key] = {}
    project: Key = ("project", 0)
    for key, _title in destinations:
        project = key if key[0] == "project" else project
        found[key] = project
    return found
