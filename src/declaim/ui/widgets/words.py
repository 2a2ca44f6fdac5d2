"""Labels and lines by their role, so that no view spells properties out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy


def words(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A label in plain text. ``role``: ``title`` ``heading`` ``strong`` ``group`` ``secondary`` ``caption`` ``problem``."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    label.setWordWrap(wrap)
    if not wrap:
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return label


def hairline(*, upright: bool = False) -> QFrame:
    line = QFrame()
    line.setProperty("role", "upright" if upright else "line")
    return line


def human_duration(duration_ms: int | None) -> str:
    """``1:42``, ``1:02:03``; empty where there is none."""
    if duration_ms is None:
        return ""
    seconds = round(duration_ms / 1000)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
