"""What narrows the catalogue: words, and a row of choices."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from declaim.commands.catalogue import CatalogueEntry, CatalogueFilter, Show, primary_language
from declaim.ui.theme import SPACE_8
from declaim.ui.widgets import SearchField
from declaim.ui.widgets.form import ChoiceBox

_SHOWS = (
    (Show.ALL, "All voices"),
    (Show.READY, "Ready"),
    (Show.FAVOURITES, "Favourites"),
    (Show.OFFERED, "To download"),
    (Show.LACKING, "Lacking"),
)
_GENDERS = (("", "Gender"), ("female", "Female"), ("male", "Male"), ("neutral", "Neutral"))
_AGES = (("", "Age"), ("young", "Young"), ("middle-aged", "Middle-aged"), ("old", "Old"))
_PITCHES = (("", "Pitch"), ("low", "Low"), ("medium", "Medium"), ("high", "High"))


def language_word(code: str) -> str:
    """``English`` for ``en``; the code itself where Qt knows no such language."""
    language = QLocale.codeToLanguage(code)
    return code if language == QLocale.Language.AnyLanguage else QLocale.languageToString(language)


class CatalogueFilters(QWidget):
    """``changed(object)`` carries the ``CatalogueFilter`` after a choice."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = SearchField("Name, language, engine or character")
        self.search.setObjectName("catalogueSearch")
        self.show_box = ChoiceBox(_SHOWS)
        self.language = ChoiceBox((("", "Language"),))
        self.gender = ChoiceBox(_GENDERS)
        self.engine = ChoiceBox((("", "Engine"),))
        self.age = ChoiceBox(_AGES)
        self.pitch = ChoiceBox(_PITCHES)
        self.free = QCheckBox("Free only")
        self.free.setObjectName("catalogueFreeBox")
        self.free.setAccessibleName("Only voices that cost nothing")
        self._lay_out()
        self.search.searched.connect(self._tell)
        self.free.clicked.connect(self._tell)

    @property
    def value(self) -> CatalogueFilter:
        return CatalogueFilter(
            text=self.search.text().strip(),
            language=self.language.value,
            gender=self.gender.value,
            engine=self.engine.value,
            age=self.age.value,
            pitch=self.pitch.value,
            is_free=self.free.isChecked(),
            show=Show(self.show_box.value),
        )

    def offer(self, entries: Sequence[CatalogueEntry]) -> None:
        """The languages and engines that there are."""
        languages = sorted({primary_language(entry.voice.language) for entry in entries if entry.voice.language})
        engines = {entry.voice.engine: entry.engine_label for entry in entries}
        self.language.show_choices([("", "Language"), *((name, language_word(name)) for name in languages)], self.language.value)
        self.engine.show_choices([("", "Engine"), *engines.items()], self.engine.value)

    def clear(self) -> None:
        """Everything is shown again."""
        self.search.clear()
        for box, value in ((self.show_box, Show.ALL), *((box, "") for box in self._narrowing())):
            box.show_value(value)
        self.free.setChecked(False)
        self._tell()

    def _narrowing(self) -> tuple[ChoiceBox, ...]:
        return self.language, self.gender, self.engine, self.age, self.pitch

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        for box, name, label in (
            (self.show_box, "catalogueShow", "Which voices"),
            (self.language, "catalogueLanguage", "Language"),
            (self.gender, "catalogueGender", "Gender"),
            (self.engine, "catalogueEngine", "Engine"),
            (self.age, "catalogueAge", "Age, where it is known"),
            (self.pitch, "cataloguePitch", "Pitch, where it is known"),
        ):
            box.setObjectName(name)
            box.setAccessibleName(label)
            box.setToolTip(label)
            box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
            box.activated.connect(self._tell)
            row.addWidget(box)
        row.addWidget(self.free)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addWidget(self.search)
        column.addLayout(row)

    def _tell(self, *_change: object) -> None:
        self.changed.emit(self.value)
