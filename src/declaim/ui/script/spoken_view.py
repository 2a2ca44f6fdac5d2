"""What the voice will read, row by row; words that differ from the script's are underlined."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QWidget

from declaim.model.spoken import SpokenLine, SpokenPause, SpokenSound, SpokenText
from declaim.ui.script.cue_highlighter import RowHighlighter
from declaim.ui.script.row_view import RowView
from declaim.ui.script.rows import Row, RowKind
from declaim.ui.script.text_offset import qt_length, to_qt

_WORD = re.compile(r"[\w’'-]+")


class SpokenView(RowView):
    """Read only. Rows are numbered as in the script."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._shown: dict[int, frozenset[str]] = {}
        super().__init__(parent)
        self.setObjectName("spokenView")
        self.setAccessibleName("What the voice will read")
        self.setReadOnly(True)
        self.setTabChangesFocus(True)

    def show_lines(self, lines: Sequence[SpokenLine], chapters: Mapping[int, str]) -> None:
        """``chapters`` are titles by the index of their first line."""
        rows: list[Row] = []
        self._shown.clear()
        for index, line in enumerate(lines):
            if chapters.get(index):
                rows.append(Row(RowKind.CHAPTER, chapters[index], line.speaker))
            self._shown[len(rows)] = frozenset(word.casefold() for word in _WORD.findall(line.shown))
            rows.append(Row(RowKind.LINE, spoken_words(line), line.speaker))
        self.show_rows(rows)
        self._painter.shows_states = False

    def _make_highlighter(self, document: QTextDocument) -> RowHighlighter:
        return _SpokenHighlighter(document, self._shown)


class _SpokenHighlighter(RowHighlighter):
    """Underlines the words of a row that its script line does not have."""

    def __init__(self, document: QTextDocument, shown: Mapping[int, frozenset[str]]) -> None:
        self._shown = shown
        super().__init__(document)

    def highlightBlock(self, text: str) -> None:
        super().highlightBlock(text)
        shown = self._shown.get(self.currentBlock().blockNumber())
        if shown is None:
            return
        for word in _WORD.finditer(text):
            if word.group().casefold() not in shown:
                self.setFormat(to_qt(text, word.start()), qt_length(word.group()), self._formats.changed)


def spoken_words(line: SpokenLine) -> str:
    """The parts of a line in one string: pauses as ``⋯``, sounds in brackets."""
    words = []
    for part in line.parts:
        match part:
            case SpokenText(text=text):
                words.append(text.strip())
            case SpokenPause():
                words.append("⋯")
            case SpokenSound(sound=sound):
                words.append(f"({sound.value})")
    return " ".join(word for word in words if word)
