"""A bug's report: what happened, that nothing is lost, and the details to copy."""

from __future__ import annotations

import platform
import traceback
from types import TracebackType

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from declaim import __version__
from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.widgets import words

_SAID = "This is a mistake in Declaim, not yours. Your library is safe; what you did last may have to be done again."


class ReportDialog(Sheet):
    """Shows a traceback that can be copied into a report."""

    def __init__(self, error: BaseException, parent: QWidget | None = None) -> None:
        super().__init__("Something went wrong", "reportDialog", parent)
        self._report = describe_bug(error)
        shown = QPlainTextEdit(self._report)
        shown.setObjectName("reportText")
        shown.setAccessibleName("Details of the mistake")
        shown.setProperty("role", "field")
        shown.setReadOnly(True)
        self.body.addWidget(words(_SAID, "secondary", wrap=True))
        self.body.addWidget(shown, 1)
        self.add_button("Copy the details", "copyReportButton").clicked.connect(self._on_copy)
        self.add_button("Close", "closeButton", primary=True).clicked.connect(self.accept)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report)

    def sizeHint(self) -> QSize:
        return QSize(600, 400)


def show_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Opens the report over the window; one at a time, so that a mistake in painting does not fill the screen."""
    app = QApplication.instance()
    if not isinstance(app, QApplication) or any(isinstance(open_now, ReportDialog) for open_now in app.topLevelWidgets()):
        return
    ReportDialog(error.with_traceback(trace), app.activeWindow()).open()


def describe_bug(error: BaseException) -> str:
    """Version, system and traceback; nothing of the library."""
    head = f"Declaim {__version__}, Python {platform.python_version()}, {platform.platform()}"
    return f"{head}\n\n{''.join(traceback.format_exception(error))}"
