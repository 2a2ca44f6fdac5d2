"""What the list of words orders: words of a project or of everything, one by one or from files."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from declaim.model.ids import ProjectId
from declaim.model.lexicon import LexiconEntry, LexiconScope
from declaim.model.wording import counted
from declaim.ui.inspector.lexicon_section import LexiconSection
from declaim.ui.orders import Orders

if TYPE_CHECKING:
    from declaim.commands.studio import Studio

_FILES = "Lexicons (*.tsv *.pls *.xml *.txt);;All files (*)"


class LexiconOrders(QObject):
    """``done_undoably`` carries a short message of what was done. ``project_id`` is that of the script that is shown."""

    done_undoably = Signal(object)

    def __init__(self, studio: Studio, orders: Orders, section: LexiconSection, parent: QWidget) -> None:
        super().__init__(parent)
        self._lexicons, self._orders, self._window = studio.lexicons, orders, parent
        self.project_id: ProjectId | None = None
        section.put_requested.connect(self._put)
        section.remove_requested.connect(self._remove)
        section.change_requested.connect(self._change)
        section.file_requested.connect(self._use_file)

    def _put(self, entry: LexiconEntry) -> None:
        self._orders.give(partial(self._lexicons.add, entry, self._project_of(entry.scope)))

    def _remove(self, entry: LexiconEntry) -> None:
        self._orders.give(partial(self._lexicons.remove, entry.written, self._project_of(entry.scope)))

    def _change(self, change: tuple[LexiconEntry | None, LexiconEntry]) -> None:
        before, after = change
        if before is None:
            self._put(after)
            return
        places = {"project_before": self._project_of(before.scope), "project_after": self._project_of(after.scope)}
        self._orders.give(partial(self._lexicons.change, before, after, **places))

    def _use_file(self, wish: tuple[str, LexiconScope]) -> None:
        what, scope = wish
        if what == "import":
            self._import(self._project_of(scope))
        else:
            self._export(self._project_of(scope))

    def _import(self, project_id: ProjectId | None) -> None:
        name, _filter = QFileDialog.getOpenFileName(self._window, "Import words", "", _FILES)
        count = self._orders.give(partial(self._lexicons.import_file, Path(name), project_id)) if name else None
        if count is not None:
            self.done_undoably.emit(f"{counted(count, 'word')} imported.")

    def _export(self, project_id: ProjectId | None) -> None:
        name, _filter = QFileDialog.getSaveFileName(self._window, "Export words", "words.tsv", _FILES)
        if name:
            self._orders.give(partial(self._lexicons.export_file, Path(name), project_id))

    def _project_of(self, scope: LexiconScope) -> ProjectId | None:
        return self.project_id if scope is LexiconScope.PROJECT else None
