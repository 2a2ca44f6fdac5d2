"""The tab Source: the document, and under it what of it is not spoken; or that there is none."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from declaim.model.source import LeftOut, Source, SourceLines
from declaim.ui.script.left_out_list import LeftOutList
from declaim.ui.script.source_view import SourceView
from declaim.ui.theme import SPACE_24, SPACE_40
from declaim.ui.widgets import EmptyState


class SourceTab(QStackedWidget):
    """Both signals carry the first and the last source line of a passage."""

    passage_selected = Signal(object)
    passage_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source: Source | None = None
        self.view = SourceView()
        self.left_out = LeftOutList()
        place = QWidget()
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        row = QHBoxLayout()
        row.setContentsMargins(SPACE_40, 0, SPACE_24, 0)
        row.addWidget(self.left_out)
        column.addLayout(row)
        self.addWidget(EmptyState("document", "Written by hand", "This script was not made from a document."))
        self.addWidget(place)
        self.view.passage_selected.connect(self.passage_selected)
        self.view.passage_opened.connect(self.passage_opened)
        self.left_out.place_chosen.connect(self.view.mark)

    def show_source(self, source: Source | None, left: Sequence[LeftOut], spoken: Sequence[SourceLines | None]) -> None:
        """``left`` is left out of the script, ``spoken`` is where each of its lines came from."""
        if source is not self._source:
            self._source = source
            self.view.show_source(source.markdown if source else "")
        self.setCurrentIndex(0 if source is None else 1)
        self.left_out.show_left_out(left)
        self.view.set_spoken(spoken)
