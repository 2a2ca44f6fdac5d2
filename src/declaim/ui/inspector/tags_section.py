"""What the finished file says about itself, besides its title, chapters and transcript."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from declaim.model.settings import TagSettings
from declaim.ui.widgets.file_field import FileField
from declaim.ui.widgets.form import Form

_TEXTS = (("artist", "Artist", "The voices"), ("album", "Album", "The project"), ("comment", "Comment", "Made with Declaim"))


class TagsSection(Form):
    """``changed(object)`` carries the ``TagSettings`` after a change."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = TagSettings()
        self._texts = {name: QLineEdit(placeholderText=default) for name, _label, default in _TEXTS}
        self._cover = FileField("Cover picture", "coverPicture", "Pictures (*.jpg *.jpeg *.png)")
        for name, label, _default in _TEXTS:
            self.add(label, self._texts[name], name=f"{name}Tag")
            self._texts[name].editingFinished.connect(self._on_change)
        self.add("Cover", self._cover, name="coverPicture")
        self._cover.changed.connect(self._on_change)

    def show_tags(self, tags: TagSettings) -> None:
        self._shown = tags
        for name, field in self._texts.items():
            if field.text() != getattr(tags, name):
                field.setText(getattr(tags, name))
        self._cover.show_path(tags.cover)

    def _on_change(self) -> None:
        texts = {name: field.text().strip() for name, field in self._texts.items()}
        tags = TagSettings(**texts, cover=self._cover.path)
        if tags != self._shown:
            self._shown = tags
            self.changed.emit(tags)
