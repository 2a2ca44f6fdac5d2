"""The export dialog: a take as a file, or a bundle with everything."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QRadioButton, QWidget

from declaim.export.bundle import file_stem
from declaim.model.ids import RecordingId
from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.library.library_rows import Key
from declaim.ui.orders import Orders
from declaim.ui.widgets import words
from declaim.ui.widgets.form import ChoiceBox, Form

if TYPE_CHECKING:
    from declaim.commands.studio import Studio

_FORMATS = (("mp3", "MP3"), ("m4b", "M4B audiobook"), ("opus", "Opus"), ("flac", "FLAC"), ("wav", "WAV"))
_BESIDE = ("srt", "vtt", "chapters", "transcript", "notes")
_IN_A_BUNDLE = {"project": "all its scripts and takes", "folder": "all its scripts and takes"}


class ExportDialog(Sheet):
    """``exported(object)`` carries the path when it is written, also after the dialog has closed."""

    exported = Signal(object)

    def __init__(
        self, studio: Studio, orders: Orders, key: Key, title: str, take_id: RecordingId | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(f"Export “{title}”" if len(title) < 40 else "Export", "exportDialog", parent)
        self._studio, self._orders, self._key, self._take_id = studio, orders, key, take_id
        self._name = file_stem(title)
        self.as_audio = QRadioButton("As audio: the take alone, ready to publish")
        inside = _IN_A_BUNDLE.get(key[0], "audio, script, captions")
        self.as_bundle = QRadioButton(f"As a bundle: {inside}, to keep or to import elsewhere")
        self._group = QButtonGroup(self)
        self.format = ChoiceBox(_FORMATS)
        self.starred = QCheckBox("Starred takes only")
        self.beside = QCheckBox("Captions, chapters, transcript and show notes beside it")
        self.path = QLineEdit()
        self._browse = QPushButton("Choose…")
        self._cancel = self.add_button("Cancel", "exportCancelButton")
        self._export = self.add_button("Export", "exportConfirmButton", primary=True)
        self._lay_out()
        self._connect()
        self.as_audio.setEnabled(take_id is not None)
        (self.as_audio if take_id is not None else self.as_bundle).setChecked(True)
        self.path.setText(str(_folder() / self._name))
        self._see_choice()

    @property
    def target(self) -> Path:
        return Path(self.path.text().strip()).expanduser()

    def _see_choice(self) -> None:
        """The name ends as the choice says."""
        is_audio = self.as_audio.isChecked()
        self.starred.setEnabled(not is_audio)
        self.beside.setEnabled(is_audio)
        suffix = self.format.value if is_audio else "zip"
        name = self.target.name
        for known in (*(value for value, _ in _FORMATS), "zip"):
            name = name.removesuffix(f".{known}")
        self.path.setText(str(self.target.with_name(f"{name}.{suffix}")) if name else "")
        self._export.setEnabled(bool(name))

    def _on_browse(self) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(self, "Export", str(self.target))
        if chosen:
            self.path.setText(chosen)
            self._see_choice()

    def _on_export(self) -> None:
        target = self.target
        if self.as_audio.isChecked() and self._take_id is not None:
            beside = _BESIDE if self.beside.isChecked() else ()
            order = partial(self._studio.exporting.save_take, self._take_id, target, beside=beside)
        else:
            kind, number = self._key
            order = partial(
                self._studio.exporting.bundle,
                kind,
                number,
                target,
                starred_only=self.starred.isChecked(),
                audio_format=self.format.value,
            )
        # The dialog closes at once and the job tells the window; it must not be deleted under the job's feet.
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        if self._orders.give(partial(order, done=self._on_done, failed=self._on_failed)) is not None:
            self.accept()

    def _on_done(self, path: Path) -> None:
        self.exported.emit(path)
        self.deleteLater()

    def _on_failed(self, error: Exception) -> None:
        self.deleteLater()
        self._orders.refuse(error)

    def _lay_out(self) -> None:
        for button, name in ((self.as_audio, "exportAsAudio"), (self.as_bundle, "exportAsBundle")):
            button.setObjectName(name)
            button.setAccessibleName(button.text())
            self._group.addButton(button)
            self.body.addWidget(button)
        form = Form()
        form.add("Format", self.format, name="exportFormat")
        self.starred.setAccessibleName("Starred takes only")
        form.add_wide(self.starred, name="exportStarredOnly")
        self.beside.setAccessibleName(self.beside.text())
        form.add_wide(self.beside, name="exportBeside")
        where = QWidget()
        row = QHBoxLayout(where)
        row.setContentsMargins(0, 0, 0, 0)
        self.path.setObjectName("exportPath")
        self.path.setAccessibleName("File")
        self._browse.setAccessibleName("Choose where to save")
        row.addWidget(self.path, 1)
        row.addWidget(self._browse)
        form.add("File", where)
        self.body.addWidget(form)
        if self._take_id is None and self._key[0] == "script":
            self.body.addWidget(words("It has no take yet. Render it to export audio.", "caption", wrap=True))
        self.body.addStretch()

    def _connect(self) -> None:
        self._group.buttonClicked.connect(self._see_choice)
        self.format.activated.connect(self._see_choice)
        self.path.textChanged.connect(lambda text: self._export.setEnabled(bool(text.strip())))
        self._browse.clicked.connect(self._on_browse)
        self._cancel.clicked.connect(self.reject)
        self._export.clicked.connect(self._on_export)

    def sizeHint(self) -> QSize:
        return QSize(560, 352)


def _folder() -> Path:
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MusicLocation)
    return Path(place) if place and Path(place).is_dir() else Path.home()
