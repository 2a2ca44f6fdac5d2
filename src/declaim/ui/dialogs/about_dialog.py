"""What Declaim is, its version and its licence."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from declaim import __version__
from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.widgets import words

_SAID = "A local audio studio for writers: from a changelog or a document to narrated audio, on your own machine."
_LICENCE = "Free software under the GNU General Public License, version 3 or later."


class AboutDialog(Sheet):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(f"Declaim {__version__}", "aboutDialog", parent)
        self.body.addWidget(words(_SAID, "secondary", wrap=True))
        self.body.addWidget(words(_LICENCE, "caption", wrap=True))
        self.body.addStretch()
        self.add_button("Close", "closeButton", primary=True).clicked.connect(self.accept)
        self.setMinimumWidth(420)
