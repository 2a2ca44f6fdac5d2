"""The middle of the window: the title, the tabs Source, Script and Spoken, and what keeps them in step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from declaim.errors import DeclaimError
from declaim.model.change import Changes
from declaim.model.ids import ScriptId
from declaim.model.library import LineState
from declaim.model.script import Chapter, Line, Script
from declaim.model.source import Source, SourceLines, SourceType
from declaim.model.spoken import SpokenLine
from declaim.ui.orders import Orders
from declaim.ui.script.find_bar import FindBar, Text
from declaim.ui.script.left_out_list import LeftOutList
from declaim.ui.script.page_header import PageHeader
from declaim.ui.script.page_meta import meta_line
from declaim.ui.script.row_painter import RowFacts
from declaim.ui.script.row_view import COLUMN_WIDTH
from declaim.ui.script.script_editor import ScriptEditor
from declaim.ui.script.script_keeper import ScriptKeeper
from declaim.ui.script.source_view import SourceView, lines_made_from
from declaim.ui.script.spoken_view import SpokenView
from declaim.ui.theme import SPACE_8, SPACE_12, SPACE_16, SPACE_20, SPACE_24, SPACE_40
from declaim.ui.widgets import EmptyState, hairline

if TYPE_CHECKING:
    from declaim.commands.scripts import LineView
    from declaim.commands.studio import Studio

SOURCE, SCRIPT, SPOKEN = 0, 1, 2
_REFRESH_MS, _AFTER_TYPING_MS, _WHILE_RENDERING_MS = 150, 1_200, 1_000
"""When the library is read again: after what others did, and after what was typed here."""


class ScriptPage(QWidget):
    """Shows one script, or says how to get one."""

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
        self._measured: tuple[int, float] = (0, 0.0)
        self._said: tuple[Line, ...] = ()
        self.setObjectName("scriptPage")
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.orders = Orders(self)
        self.header = PageHeader()
        self.editor = ScriptEditor()
        self.source_view = SourceView()
        self.left_out = LeftOutList()
        self.spoken_view = SpokenView()
        self.keeper = ScriptKeeper(studio, self.editor, self)
        self.find_bar = FindBar()
        self.tabs = QTabBar()
        self._versions = QPushButton("Versions")
        self._stack = QStackedWidget()
        self._places = QStackedWidget()
        self._refresh_timer = QTimer(self, singleShot=True)
        self._empty = EmptyState("script", "Open a script", "Choose one in the library, or drop a changelog or a document here.")
        self._no_source = EmptyState("document", "Written by hand", "This script was not made from a document.")
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
        self._source, self._measured, self._said = None, (0, 0.0), ()
        self.find_bar.close_bar()
        self._places.setCurrentIndex(1)
        self.tabs.setCurrentIndex(SCRIPT)
        self._refresh()
        self._ask_source(script_id)
        self.script_opened.emit(script_id)

    def close_script(self) -> None:
        """Saves and shows the empty page."""
        self.keeper.close()
        self._places.setCurrentIndex(0)

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
            self._find_row.show()
            self.find_bar.open_on(self._shown_text())

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
        self._source_place = QStackedWidget()
        self._source_place.addWidget(self._no_source)
        self._source_place.addWidget(self._source_column())
        for part in (self._source_place, self.editor, self.spoken_view):
            self._stack.addWidget(part)
        self._stack.setCurrentIndex(SCRIPT)
        script = QWidget()
        column = QVBoxLayout(script)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._top())
        column.addWidget(hairline())
        column.addWidget(self._find_place())
        column.addWidget(self._stack, 1)
        self._places.addWidget(self._empty)
        self._places.addWidget(script)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._places)

    def _source_column(self) -> QWidget:
        place = QWidget()
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.source_view, 1)
        row = QHBoxLayout()
        row.setContentsMargins(SPACE_40, 0, SPACE_24, 0)
        row.addWidget(self.left_out)
        column.addLayout(row)
        return place

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

    def _find_place(self) -> QWidget:
        place = QWidget()
        row = QHBoxLayout(place)
        row.setContentsMargins(SPACE_40, SPACE_8, SPACE_24, 0)
        row.addStretch(1)
        row.addWidget(self.find_bar)
        self.find_bar.setFixedWidth(380)
        self._find_row = place
        place.hide()
        return place

    def _connect(self) -> None:
        self.orders.refused.connect(self.refused)
        self.header.title_edited.connect(self.editor.set_title)
        self.header.problem_chosen.connect(self._on_problem_chosen)
        self.header.title.left_downwards.connect(self.editor.setFocus)
        self.tabs.currentChanged.connect(self._on_tab)
        self._versions.clicked.connect(self.open_versions)
        self.keeper.saved.connect(self._show_problem)
        self.keeper.saved.connect(lambda: self._refresh_timer.start(_AFTER_TYPING_MS))
        self.keeper.reloaded.connect(self._refresh)
        self.keeper.reloaded.connect(self._show_left_out)
        self.keeper.save_failed.connect(self.refused)
        self._refresh_timer.timeout.connect(self._refresh)
        self.editor.line_selected.connect(self._on_line_selected)
        self.editor.hear_requested.connect(self._on_hear)
        self.source_view.passage_selected.connect(self._on_passage)
        self.source_view.passage_opened.connect(self._on_passage_opened)
        self.left_out.place_chosen.connect(self.source_view.mark)
        self.find_bar.closed.connect(self._find_row.hide)
        stops = (self._studio.subscribe(self._on_changes), self._studio.rendering.subscribe(self._on_line_states))
        self.destroyed.connect(lambda: [stop() for stop in stops])

    def _shown_text(self) -> Text:
        return (self.source_view, self.editor, self.spoken_view)[self.tabs.currentIndex()]

    def _refresh(self) -> None:
        """What the library knows of the lines, and the meta line."""
        script_id = self.keeper.script_id
        if script_id is None:
            return
        self._lines = self._studio.scripts.lines(script_id)
        states = self._studio.rendering.line_states(script_id)
        self.editor.set_facts([_facts(line, state) for line, state in zip(self._lines, states, strict=False)])
        self.header.show_title(self.editor.title or self._studio.scripts.row(script_id).title)
        self._measure(script_id)
        self._show_problem()
        if self.tabs.currentIndex() == SPOKEN:
            self._ask_spoken()

    def _measure(self, script_id: ScriptId) -> None:
        """Counts words and seconds in a job: a long script takes its time."""
        said = tuple(Line(line.speaker, line.text, line.delivery) for line in self._lines)
        if said == self._said:
            self.header.show_meta(self._meta(script_id))
            return
        self._said = said
        script = Script("", (Chapter("", said),))
        measure = self._studio.scripts.measure

        def show(measured: tuple[int, float]) -> None:
            if script_id == self.keeper.script_id:
                self._measured = measured
                self.header.show_meta(self._meta(script_id))

        self._studio.jobs.start("Count the words", lambda *_: measure(script), done=show, failed=lambda _error: None, quiet=True)

    def _meta(self, script_id: ScriptId) -> str:
        lines = self._lines
        document = self._studio.scripts.document(script_id)
        is_exact = bool(lines) and all(line.duration_ms is not None for line in lines)
        seconds = sum(line.duration_ms or 0 for line in lines) / 1000
        words, estimate = self._measured
        return meta_line(
            origin=document.origin or document.title if document else "",
            version=self._version(script_id),
            speakers=tuple(dict.fromkeys(line.speaker for line in lines)),
            words=words,
            seconds=seconds if is_exact else estimate,
            is_exact=is_exact,
        )

    def _version(self, script_id: ScriptId) -> str:
        chosen = self._studio.scripts.settings(script_id).script
        if chosen.version:
            return chosen.version
        source = self._source
        if source is None or source.source_type is not SourceType.CHANGELOG or chosen.release != "latest" or chosen.since:
            return "" if chosen.release == "latest" else chosen.release
        return next((release.version for release in source.releases if not release.unreleased), "")

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
        self.source_view.mark(known)

    # Facts

    def _on_source(self, script_id: ScriptId, source: Source | None) -> None:
        if script_id != self.keeper.script_id:
            return
        self._source = source
        self._source_place.setCurrentIndex(0 if source is None else 1)
        self.source_view.show_source(source.markdown if source else "")
        self.source_view.set_spoken(line.source_lines for line in self._lines)
        self._show_left_out()
        self.header.show_meta(self._meta(script_id))

    def _show_left_out(self) -> None:
        script_id = self.keeper.script_id
        left = self._studio.scripts.left_out(script_id) if script_id is not None and self._source is not None else ()
        self.left_out.show_left_out(left)

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
        self.find_bar.close_bar()
        self._stack.setCurrentIndex(tab)
        if tab == SOURCE:
            self.source_view.set_spoken(line.source_lines for line in self._lines)
            self._select_source()
        elif tab == SPOKEN:
            self.keeper.flush()
            self._ask_spoken()

    def _on_line_selected(self, line: object) -> None:
        self.editor.mark_lines(frozenset())
        if self.tabs.currentIndex() == SOURCE:
            self._select_source()
        self.line_selected.emit(line)

    def _on_passage(self, passage: SourceLines) -> None:
        self.source_view.mark(None)
        self.editor.mark_lines(lines_made_from(passage, [line.source_lines for line in self._lines]))

    def _on_passage_opened(self, passage: SourceLines) -> None:
        made = lines_made_from(passage, [line.source_lines for line in self._lines])
        if made:
            self.go_to_line(min(made))
            self.editor.mark_lines(made)

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
            known = {index: self.editor.fact(index) for index in states}
            facts = {index: RowFacts(states[index], fact.duration_ms, fact.reason) for index, fact in known.items()}
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
        self._top_layout.setContentsMargins(side + SPACE_40, SPACE_20, side + SPACE_40 - SPACE_12, 0)
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh_timer.start(0)

    def hideEvent(self, event: QHideEvent) -> None:
        self.keeper.flush()
        self._refresh_timer.stop()
        super().hideEvent(event)


def _facts(line: LineView, state: LineState) -> RowFacts:
    return RowFacts(state, line.duration_ms, line.failure or line.suspicion)
