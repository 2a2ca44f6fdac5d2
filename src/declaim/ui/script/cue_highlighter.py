"""The type of headings and cues. Only display formats: nothing here is part of the text or its undo."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from declaim.model.cue import CueKind
from declaim.ui.script.cue_marks import CueMark, cue_marks
from declaim.ui.script.row_format import is_chapter
from declaim.ui.theme import SIZE_CAPTION, SIZE_CHAPTER, SIZE_SCRIPT, Theme, current_theme, font

OpenCue = tuple[int, int]
"""Block number and offset of the cue the caret stands in: it shows its raw text."""


_MARK_SPACING = 108
"""Percent: leaves a label in the place of hidden mark-up some air."""


class RowHighlighter(QSyntaxHighlighter):
    """Headings stand out; what else does is for those who inherit.

    It is made before its document is shown: formats then cost no layout. Afterwards Qt calls it for what changes.
    """

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.open_cue: OpenCue | None = None
        self._formats = _Formats(current_theme())
        self.rehighlight()

    def use_theme(self, theme: Theme) -> None:
        self._formats = _Formats(theme)
        self.rehighlight()

    def show_open(self, cue: OpenCue | None) -> None:
        """The caret has gone into ``cue``, or out of one."""
        if cue == self.open_cue:
            return
        before, self.open_cue = self.open_cue, cue
        for changed in {place[0] for place in (before, cue) if place is not None}:
            self.rehighlightBlock(self.document().findBlockByNumber(changed))

    def highlightBlock(self, text: str) -> None:
        if is_chapter(self.currentBlock()):
            self.setFormat(0, self.currentBlock().length(), self._formats.heading)


class CueHighlighter(RowHighlighter):
    """Qt calls it for blocks that changed; a row without a brace costs one search for it."""

    def highlightBlock(self, text: str) -> None:
        super().highlightBlock(text)
        if "{" not in text:
            return
        block = self.currentBlock()
        if not is_chapter(block):
            for mark in cue_marks(text):
                self._format_cue(mark, is_open=self.open_cue == (block.blockNumber(), mark.start))

    def _format_cue(self, mark: CueMark, *, is_open: bool) -> None:
        formats = self._formats
        if mark.problem:
            self.setFormat(mark.start, mark.end - mark.start, formats.problem)
            return
        quiet = formats.open_mark if is_open else formats.hidden_mark
        if not mark.has_words:
            self.setFormat(mark.start, mark.end - mark.start, quiet)
            return
        self.setFormat(mark.start, mark.words_start - mark.start, quiet)
        self.setFormat(mark.words_end, mark.end - mark.words_end, quiet)
        if mark.kind is CueKind.SAY:
            spoken = mark.start + len("{say:")
            self.setFormat(spoken, mark.words_start - spoken, formats.open_mark)
        self.setFormat(mark.words_start, mark.words_end - mark.words_start, formats.words(mark.kind))


class _Formats:
    def __init__(self, theme: Theme) -> None:
        self.heading = _char_format(font(SIZE_CHAPTER, QFont.Weight.DemiBold), theme.text)
        small = font(SIZE_CAPTION)
        small.setLetterSpacing(QFont.SpacingType.PercentageSpacing, _MARK_SPACING)
        self.hidden_mark = _char_format(small, Qt.GlobalColor.transparent)
        self.open_mark = _char_format(small, theme.secondary)
        self.changed = QTextCharFormat()
        self.changed.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        self.changed.setUnderlineColor(theme.accent)
        self.problem = QTextCharFormat()
        self.problem.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        self.problem.setUnderlineColor(theme.failed)
        self.problem.setForeground(theme.failed)
        self._plain = QTextCharFormat()
        self._emphasis = _char_format(font(SIZE_SCRIPT, QFont.Weight.DemiBold), theme.text)
        whispered = font(SIZE_SCRIPT)
        whispered.setItalic(True)
        self._whispered = _char_format(whispered, theme.text)

    def words(self, kind: CueKind | None) -> QTextCharFormat:
        if kind is CueKind.EMPH:
            return self._emphasis
        return self._whispered if kind is CueKind.WHISPER else self._plain


def _char_format(type_face: QFont, colour: QColor | Qt.GlobalColor) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setFont(type_face)
    made.setForeground(colour)
    return made
