"""The middle of the window: the title, the tabs Source, Script and Spoken, and what keeps them in step."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from declaim.errors import DeclaimError
from declaim.model.change import Changes
from declaim.model.ids import ScriptId
from declaim.model.library import LineState
from declaim.model.source import Source, SourceLines
from declaim.model.spoken import SpokenLine
from declaim.ui.orders import Orders
from declaim.ui.script.doubt_marks import DoubtMarks
from declaim.ui.script.page_header import PageHeader
from declaim.ui.script.page_meta import PageMeta
from declaim.ui.script.row_painter import RowFacts
from declaim.ui.script.row_view import COLUMN_WIDTH
from declaim.ui.script.script_editor import ScriptEditor
from declaim.ui.script.script_keeper import ScriptKeeper
from declaim.ui.theme import SPACE_8, SPACE_16, SPACE_20, SPACE_24, SPACE_40
from declaim.ui.widgets import hairline

if TYPE_CHECKING:
    from declaim.commands.scripts import LineView
    from declaim.commands.studio import Studio
    from declaim.ui.script.find_bar import FindBar, Text
    from declaim.ui.script.source_tab import SourceTab
    from declaim.ui.script.spoken_view import SpokenView

SOURCE, SCRIPT, SPOKEN = 0, 1, 2
_REFRESH_MS, _AFTER_TYPING_MS, _WHILE_RENDERING_MS = 150, 1_200, 1_000
"""When the library is read again: after what others did, and after what was typed here."""
_LONG = 500
"""Rows. What is known of the lines of a longer script comes in a turn of its own, after its words."""


class ScriptPage(QWidget):
    """Shows one script. The tabs beside it and the find bar are built when they are first asked for."""

    line_selected = Signal(object)
    """Index of the caret's line."""
    hear_requested = Signal(object)
    """Index of the line to be heard; it is saved by then."""
    refused = Signal(object)
    """A ``DeclaimError``."""
    script_opened = Signal(object)

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._lines: tuple[LineView, ...] = ()
        self._source: Source | None = None
        self._find_row: QWidget | None = None
        self.setObjectName("scriptPage")
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.orders = Orders(self)
        self.header = PageHeader()
        self.editor = ScriptEditor()
        self.keeper = ScriptKeeper(studio, self.editor, self)
        self._meta = PageMeta(studio, self.header.show_meta)
        self._doubts = DoubtMarks(studio, self.editor, self.header)
        self.tabs = QTabBar()
        self._versions = QPushButton("Versions")
        self._stack = QStackedWidget()
        self._refresh_timer = QTimer(self, singleShot=True)
        self._lay_out()
        self._connect()

    @property
    def script_id(self) -> ScriptId | None:
        return self.keeper.script_id

    def open_script(self, script_id: ScriptId) -> None:
        """Shows a script, at its first line; the one before is saved."""
        if script_id == self.keeper.script_id:
            return
        if self.orders.give(lambda: self._studio.scripts.row(script_id)) is None:
            return
        self.keeper.open(script_id)
        self._source = None
        self._doubts.open(script_id)
        self._meta.open(script_id)
        self._close_find()
        self.tabs.setCurrentIndex(SCRIPT)
        if self.editor.document().blockCount() > _LONG:
            self._lines = ()
            self._refresh_timer.start(0)
        else:
            self._refresh()
        self._ask_source(script_id)
        self.script_opened.emit(script_id)

    def close_script(self) -> None:
        """Saves and shows nothing any more."""
        self._close_find()
        self.keeper.close()

    def save(self) -> None:
        """Saves what is typed now; it would be within a second anyway."""
        self.keeper.flush()

    def go_to_line(self, index: int) -> None:
        """Shows a line of the script and puts the caret there."""
        self.tabs.setCurrentIndex(SCRIPT)
        self.editor.go_to_line(index)
        self.editor.setFocus()

    def show_playing(self, index: int | None) -> None:
        """Marks the line that is being heard."""
        self.editor.mark_lines(frozenset() if index is None else frozenset({index}))

    @property
    def current_line(self) -> int | None:
        return self.editor.current_line

    def hear_current(self) -> None:
        self.editor.hear_current()

    def open_find(self) -> None:
        """Opens the find bar on the tab that is shown."""
        if self.script_id is not None:
            bar = self.find_bar
            if self._find_row is not None:
                self._find_row.show()
            bar.open_on(self._shown_text())

    # Built when they are asked for

    @cached_property
    def source_tab(self) -> SourceTab:
        from declaim.ui.script.source_tab import SourceTab

        tab = SourceTab()
        tab.passage_selected.connect(self._on_passage)
        tab.passage_opened.connect(self._on_passage_opened)
        self._stack.addWidget(tab)
        return tab

    @cached_property
    def spoken_view(self) -> SpokenView:
        from declaim.ui.script.spoken_view import SpokenView

        view = SpokenView()
        self._stack.addWidget(view)
        return view

    @cached_property
    def find_bar(self) -> FindBar:
        from declaim.ui.script.find_bar import FindBar

        bar = FindBar()
        bar.setFixedWidth(380)
        self._find_row = place = QWidget()
        row = QHBoxLayout(place)
        row.setContentsMargins(SPACE_40, SPACE_8, SPACE_24, 0)
        row.addStretch(1)
        row.addWidget(bar)
        bar.closed.connect(place.hide)
        self._column.insertWidget(self._column.indexOf(self._stack), place)
        return bar

    def _lay_out(self) -> None:
        for name in ("Source", "Script", "Spoken"):
            self.tabs.addTab(name)
        self.tabs.setObjectName("scriptTabs")
        self.tabs.setAccessibleName("Source, script or spoken form")
        self.tabs.setCurrentIndex(SCRIPT)
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self._versions.setObjectName("versionsButton")
        self._versions.setAccessibleName("Versions of the script")
        self._versions.setToolTip("What it was before, and taking it back · Ctrl+Shift+H")
        self._versions.setProperty("kind", "quiet")
        self._stack.addWidget(self.editor)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(self._top())
        self._column.addWidget(hairline())
        self._column.addWidget(self._stack, 1)

    def _top(self) -> QVBoxLayout:
        tabs = QHBoxLayout()
        tabs.setContentsMargins(0, 0, 0, 0)
        tabs.addWidget(self.tabs)
        tabs.addStretch(1)
        tabs.addWidget(self._versions, 0, Qt.AlignmentFlag.AlignBottom)
        self._top_layout = QVBoxLayout()
        self._top_layout.setSpacing(0)
        self._top_layout.addWidget(self.header)
        self._top_layout.addSpacing(SPACE_16)
        self._top_layout.addLayout(tabs)
        return self._top_layout

    def _connect(self) -> None:
        self.orders.refused.connect(self.refused)
        self.header.title_edited.connect(self.editor.set_title)
        self.header.problem_chosen.connect(self._on_problem_chosen)
        self.header.line_chosen.connect(self.go_to_line)
        self.header.title.left_downwards.connect(self.editor.setFocus)
        self.tabs.currentChanged.connect(self._on_tab)
        self._versions.clicked.connect(self.open_versions)
        self.keeper.saved.connect(self._show_problem)
        self.keeper.saved.connect(lambda: self._refresh_timer.start(_AFTER_TYPING_MS))
        self.keeper.reloaded.connect(self._refresh)
        self.keeper.reloaded.connect(self._show_source)
        self.keeper.save_failed.connect(self.refused)
        self._refresh_timer.timeout.connect(self._refresh)
        self.editor.line_selected.connect(self._on_line_selected)
        self.editor.hear_requested.connect(self._on_hear)
        stops = (self._studio.subscribe(self._on_changes), self._studio.planning.subscribe(self._on_line_states))
        self.destroyed.connect(lambda: [stop() for stop in stops])

    def _shown_text(self) -> Text:
        tab = self.tabs.currentIndex()
        return self.source_tab.view if tab == SOURCE else self.spoken_view if tab == SPOKEN else self.editor

    def _close_find(self) -> None:
        if self._find_row is not None:
            self.find_bar.close_bar()

    def _refresh(self) -> None:
        """What the library knows of the lines, and the meta line."""
        self._refresh_timer.stop()
        script_id = self.keeper.script_id
        if script_id is None:
            return
        self._lines = self._studio.scripts.lines(script_id)
        states = self._studio.planning.line_states(script_id)
        reasons = self._studio.planning.line_reasons(script_id)
        known = zip(self._lines, states, strict=False)
        self.editor.set_facts([_facts(line, state, reasons.get(line.index, "")) for line, state in known])
        self.header.show_title(self.editor.title or self._studio.scripts.row(script_id).title)
        self._meta.take_lines(self._lines)
        self._show_problem()
        self._doubts.ask(self._source, len(self._lines))
        if self.tabs.currentIndex() == SPOKEN:
            self._ask_spoken()

    def _show_problem(self) -> None:
        found = list(self.editor.problems())
        if not found:
            self.header.show_problem("")
            return
        what = "1 mistake in the script" if len(found) == 1 else f"{len(found)} mistakes in the script"
        self.header.show_problem(f"{what}: {found[0][1].problem}")

    def _ask_spoken(self) -> None:
        script_id = self.keeper.script_id
        if script_id is not None:
            self._studio.scripts.spoken(script_id, lambda lines: self._on_spoken(script_id, lines))

    def _ask_source(self, script_id: ScriptId) -> None:
        self._studio.scripts.source(script_id, lambda source: self._on_source(script_id, source))

    def _select_source(self) -> None:
        """Shows what the caret's line was made from."""
        line = self.editor.current_line
        known = self._lines[line].source_lines if line is not None and line < len(self._lines) else None
        self.source_tab.view.mark(known)

    # Facts

    def _on_source(self, script_id: ScriptId, source: Source | None) -> None:
        if script_id != self.keeper.script_id:
            return
        self._source = source
        self._meta.take_source(source)
        self._show_source()
        self._doubts.ask(self._source, len(self._lines))

    def _show_source(self) -> None:
        """Where it can be seen."""
        script_id = self.keeper.script_id
        if script_id is not None and self.tabs.currentIndex() == SOURCE:
            left = self._studio.scripts.left_out(script_id) if self._source is not None else ()
            self.source_tab.show_source(self._source, left, [line.source_lines for line in self._lines])

    def _on_spoken(self, script_id: ScriptId, lines: tuple[SpokenLine, ...]) -> None:
        if script_id != self.keeper.script_id:
            return
        chapters: dict[int, str] = {}
        before = ""
        for view in self._lines:
            if view.chapter != before:
                chapters[view.index] = before = view.chapter
        self.spoken_view.show_lines(lines, chapters)
        if self.editor.current_line is not None:
            self.spoken_view.go_to_line(self.editor.current_line)

    def _on_tab(self, tab: int) -> None:
        self._close_find()
        if tab == SOURCE:
            self._stack.setCurrentWidget(self.source_tab)
            self._show_source()
            self._select_source()
        elif tab == SPOKEN:
            self._stack.setCurrentWidget(self.spoken_view)
            self.keeper.flush()
            self._ask_spoken()
        else:
            self._stack.setCurrentWidget(self.editor)

    def _on_line_selected(self, line: object) -> None:
        self.editor.mark_lines(frozenset())
        if self.tabs.currentIndex() == SOURCE:
            self._select_source()
        self.line_selected.emit(line)

    def _on_passage(self, passage: SourceLines) -> None:
        self.source_tab.view.mark(None)
        self.editor.mark_lines(self._made_from(passage))

    def _on_passage_opened(self, passage: SourceLines) -> None:
        made = self._made_from(passage)
        if made:
            self.go_to_line(min(made))
            self.editor.mark_lines(made)

    def _made_from(self, passage: SourceLines) -> frozenset[int]:
        """The script lines that came from a passage: those that touch it."""
        first, last = passage
        ranges = enumerate(line.source_lines for line in self._lines)
        return frozenset(index for index, lines in ranges if lines and lines[0] <= last and first <= lines[1])

    def _on_hear(self, line: object) -> None:
        self.keeper.flush()
        self.hear_requested.emit(line)

    def _on_problem_chosen(self) -> None:
        self.tabs.setCurrentIndex(SCRIPT)
        self.editor.go_to_problem()

    def _on_changes(self, changes: Changes) -> None:
        script_id = self.keeper.script_id
        if script_id is None:
            return
        if script_id in changes.ids("scripts") or self.keeper.is_travelling:
            try:
                self.keeper.follow(changes)
            except DeclaimError:
                self.close_script()
                return
        if changes.touches("documents"):
            self._ask_source(script_id)
        if not self.isVisible():
            return
        if script_id in changes.ids("scripts"):
            self._refresh_timer.start(_AFTER_TYPING_MS if self.keeper.is_saving else _REFRESH_MS)
        elif changes.touches("lines") and not self._refresh_timer.isActive():
            # A render writes lines all the time; their states come by themselves.
            self._refresh_timer.start(_WHILE_RENDERING_MS if self._studio.rendering.is_rendering(script_id) else _REFRESH_MS)

    def _on_line_states(self, script_id: ScriptId, states: Mapping[int, LineState]) -> None:
        if script_id == self.keeper.script_id:
            reasons = self._studio.planning.line_reasons(script_id)
            facts = {index: self.editor.fact(index).turned(state, reasons.get(index, "")) for index, state in states.items()}
            self.editor.update_facts(facts)

    def open_versions(self) -> None:
        """The versions of the script that is shown, in a sheet."""
        self.keeper.flush()
        if self.keeper.script_id is not None:
            from declaim.ui.script.versions_sheet import VersionsSheet

            VersionsSheet(self._studio, self.orders, self.keeper.script_id, self.window()).open()

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        side = max(0, (self.width() - COLUMN_WIDTH) // 2)
        self._top_layout.setContentsMargins(side + SPACE_40, SPACE_20, side + SPACE_20, 0)
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh_timer.start(0)

    def hideEvent(self, event: QHideEvent) -> None:
        self.keeper.flush()
        self._refresh_timer.stop()
        super().hideEvent(event)


def _facts(line: LineView, state: LineState, reason: str) -> RowFacts:
    """``reason`` says why a line is stale."""
    told = reason if state is LineState.STALE else line.failure or line.suspicion
    return RowFacts(state, line.duration_ms, told)
