"""Orders that may be refused: one way to give them, so that no view forgets to say why."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from declaim.errors import Cancelled, DeclaimError

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Orders(QObject):
    """``refused(object)`` carries the ``DeclaimError`` that an order ended in. A bug passes through to the report."""

    refused = Signal(object)

    def give(self, order: Callable[[], T]) -> T | None:
        """What the order returned, or None where it was refused."""
        try:
            return order()
        except DeclaimError as error:
            self.refuse(error)
            return None

    def refuse(self, error: Exception) -> None:
        """For what a job failed with: a stop that the user asked for says nothing, a bug goes to the report."""
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, DeclaimError):
            raise error
        _log.info("refused: %s", error)
        self.refused.emit(error)
