"""How a row lies in the text document: its block format, which also carries its speaker and delivery.

Block formats are part of Qt's undo stack, so changing a speaker is undone like typing.
"""

from __future__ import annotations

from PySide6.QtGui import QFontMetricsF, QTextBlock, QTextBlockFormat, QTextCursor, QTextFormat

from declaim.model.delivery import DeliveryPreset
from declaim.model.script import NARRATOR
from declaim.ui.script.rows import Row, RowKind
from declaim.ui.theme import SCRIPT_LINE_HEIGHT, SIZE_CAPTION, SIZE_SCRIPT, font
from declaim.ui.widgets import chip_width

PLAY_X = 38
"""Middle of the play glyph, from the row's left edge."""
STATE_X = 57
STATES_LEFT, STATES_RIGHT = STATE_X - 9, STATE_X + 9
CHIP_X = 72
HEADING_X = 96
TEXT_RIGHT = 88
"""Room on the right for a line's length."""
DURATION_RIGHT = 24
ROW_PADDING = 8.5
"""Above and below a row's words, inside its wash."""
PAGE_TOP = 24
PAGE_BOTTOM = 96
DELIVERY_PADDING = 6
DELIVERY_GAP = 8

_FIRST = QTextFormat.Property.UserProperty.value
_KIND, _SPEAKER, _DELIVERY = _FIRST + 1, _FIRST + 2, _FIRST + 3
_LINE_GAP, _CHAPTER_ABOVE = 12.75, 27.0
_MIN_CHIP, _MAX_CHIP = 72, 128


def text_x(speakers: tuple[str, ...]) -> float:
    """Where the words of lines start, so that every chip has its room, up to what is reasonable."""
    widest = max([_MIN_CHIP, *(chip_width(speaker) for speaker in speakers)])
    return CHIP_X + min(_MAX_CHIP, widest) + 12


def delivery_width(delivery: DeliveryPreset) -> float:
    return QFontMetricsF(font(SIZE_CAPTION)).horizontalAdvance(delivery.value) + 2 * DELIVERY_PADDING


class RowFormats:
    """Makes block formats for one loaded script; ``words_x`` is where its lines start."""

    def __init__(self, words_x: float) -> None:
        self.words_x = words_x
        natural = QFontMetricsF(font(SIZE_SCRIPT)).height()
        self._line_height = 100 * SCRIPT_LINE_HEIGHT * SIZE_SCRIPT / natural

    def format(self, row: Row) -> QTextBlockFormat:
        made = QTextBlockFormat()
        made.setProperty(_KIND, row.kind.value)
        made.setProperty(_SPEAKER, row.speaker)
        made.setLineHeight(self._line_height, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        made.setBottomMargin(_LINE_GAP)
        if row.is_chapter:
            made.setTopMargin(_CHAPTER_ABOVE)
            return made
        made.setLeftMargin(self.words_x - HEADING_X)
        if row.delivery is not None:
            made.setProperty(_DELIVERY, row.delivery.value)
            made.setTextIndent(delivery_width(row.delivery) + DELIVERY_GAP)
        return made

    def speaker_alone(self, speaker: str) -> QTextBlockFormat:
        """To be merged into the format of a line."""
        made = QTextBlockFormat()
        made.setProperty(_SPEAKER, speaker)
        return made

    def delivery_alone(self, delivery: DeliveryPreset | None) -> QTextBlockFormat:
        """To be merged into the format of a line."""
        made = QTextBlockFormat()
        made.setProperty(_DELIVERY, delivery.value if delivery is not None else "")
        made.setTextIndent(delivery_width(delivery) + DELIVERY_GAP if delivery is not None else 0)
        return made


def is_chapter(block: QTextBlock) -> bool:
    return block.blockFormat().stringProperty(_KIND) == RowKind.CHAPTER


def speaker_of(block: QTextBlock) -> str:
    return block.blockFormat().stringProperty(_SPEAKER) or NARRATOR


def delivery_of(block: QTextBlock) -> DeliveryPreset | None:
    name = block.blockFormat().stringProperty(_DELIVERY)
    return DeliveryPreset(name) if name else None


def row_of(block: QTextBlock) -> Row:
    """What a block says."""
    made = block.blockFormat()
    name = made.stringProperty(_DELIVERY)
    kind = RowKind.CHAPTER if made.stringProperty(_KIND) == RowKind.CHAPTER else RowKind.LINE
    speaker = made.stringProperty(_SPEAKER) or NARRATOR
    return Row(kind, block.text(), speaker, DeliveryPreset(name) if name else None)


def set_row_format(block: QTextBlock, made: QTextBlockFormat) -> None:
    QTextCursor(block).setBlockFormat(made)
