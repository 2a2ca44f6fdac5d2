"""Parts that know nothing of the studio: ``Chip`` and ``paint_chip``, ``IconButton``, ``SearchField``, ``SegmentedControl``,
``EmptyState``, ``NoticeBar``, and the labels of ``words``. ``form`` ``row`` ``section`` and ``file_field`` lay out what is
filled in; ``item_view`` is what lists and tables share.
"""

from declaim.ui.widgets.chip import Chip, chip_width, paint_chip
from declaim.ui.widgets.empty_state import EmptyState
from declaim.ui.widgets.icon_button import IconButton
from declaim.ui.widgets.notice_bar import NoticeBar, NoticeKind
from declaim.ui.widgets.search_field import SearchField
from declaim.ui.widgets.segmented_control import SegmentedControl
from declaim.ui.widgets.words import hairline, human_duration, words

__all__ = [
    "Chip",
    "EmptyState",
    "IconButton",
    "NoticeBar",
    "NoticeKind",
    "SearchField",
    "SegmentedControl",
    "chip_width",
    "hairline",
    "human_duration",
    "paint_chip",
    "words",
]
