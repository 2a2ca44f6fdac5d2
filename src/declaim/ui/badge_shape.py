"""How an item stands to the services, as a small drawing and in words: the one place for every list that shows it."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from declaim.model.remote import Badge
from declaim.ui.icons import pixmap
from declaim.ui.theme import Theme

BADGE_SIZE = 13
_WORDS = {
    Badge.LOCAL_ONLY: "only here",
    Badge.IN_STEP: "in step with the service",
    Badge.CHANGED_HERE: "changed here, not yet there",
    Badge.CHANGED_THERE: "changed there, not yet here",
    Badge.CONFLICT: "changed on both sides: choose what to keep",
    Badge.WAITING: "waiting for the service",
    Badge.FAILED: "the service refused it",
    Badge.GONE: "deleted there, kept here",
}
_DRAWN = {
    Badge.LOCAL_ONLY: ("badge-local-only", "tertiary"),
    Badge.IN_STEP: ("badge-in-step", "ready"),
    Badge.CHANGED_HERE: ("badge-changed-here", "stale"),
    Badge.CHANGED_THERE: ("badge-changed-there", "stale"),
    Badge.CONFLICT: ("badge-conflict", "failed"),
    Badge.WAITING: ("badge-waiting", "secondary"),
    Badge.FAILED: ("attention", "failed"),
    Badge.GONE: ("badge-gone", "tertiary"),
}


def describe_badge(badge: Badge | None) -> str:
    """For tooltips and assistive tools; empty where no service has to do with it."""
    return _WORDS[badge] if badge is not None else ""


def paint_badge(painter: QPainter, box: QRect, badge: Badge, theme: Theme) -> None:
    """In the middle of ``box``."""
    name, colour = _DRAWN[badge]
    drawn = pixmap(name, BADGE_SIZE, getattr(theme, colour), painter.device().devicePixelRatioF())
    painter.drawPixmap(box.center().x() - BADGE_SIZE // 2, box.center().y() - BADGE_SIZE // 2, drawn)
