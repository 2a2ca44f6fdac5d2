"""What can be chosen for an engine beside its key: the model, where it is reached, how much is asked at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QSpinBox, QWidget

from declaim.commands.keys import Keys
from declaim.errors import InputError
from declaim.ui.widgets import words
from declaim.ui.widgets.form import Form

if TYPE_CHECKING:
    from declaim.commands.catalogue import Catalogue

_LABEL_WIDTH = 110


class EngineForm(Form):
    """Of an engine in the cloud. Everything is kept as soon as it is chosen."""

    def __init__(self, keys: Keys, engine: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, label_width=_LABEL_WIDTH)
        self._keys, self._engine = keys, engine
        chosen, facts = keys.choices(engine), keys.facts(engine)
        self.model = QComboBox(editable=True)
        typed = self.model.lineEdit()
        assert typed is not None, "an editable box has a field"
        self.model.addItems([model for model in dict.fromkeys((chosen.model, *facts.models)) if model])
        self.model.setCurrentText(chosen.model)
        typed.setPlaceholderText(facts.default_model)
        self.base_url = QLineEdit(chosen.base_url)
        there = f"{facts.base_url_variable}: {facts.base_url_there}" if facts.base_url_there else "The service's own"
        self.base_url.setPlaceholderText(there)
        self.at_once = QSpinBox(minimum=0, maximum=64, value=chosen.requests_at_once)
        self.at_once.setSpecialValueText("as many as the service takes")
        self.at_once.setKeyboardTracking(False)
        self.exchanges = QCheckBox("Two speakers in one request, where it fits")
        self.exchanges.setChecked(chosen.exchanges)
        self.exchanges.setAccessibleName(self.exchanges.text())
        self.problem = words("", "problem", wrap=True)
        self.add("Model", self.model, name=f"{engine}Model")
        self.add("Base URL", self.base_url, name=f"{engine}BaseUrl")
        self.add("Side by side", self.at_once, name=f"{engine}AtOnce")
        self.add_wide(self.exchanges, name=f"{engine}Exchanges")
        self.add_wide(self.problem, name=f"{engine}ChoiceProblem")
        self.problem.hide()
        typed.editingFinished.connect(lambda: self._choose(model=self.model.currentText().strip()))
        self.model.activated.connect(lambda _at: self._choose(model=self.model.currentText().strip()))
        self.base_url.editingFinished.connect(lambda: self._choose(base_url=self.base_url.text().strip()))
        self.at_once.valueChanged.connect(lambda value: self._choose(requests_at_once=value))
        self.exchanges.clicked.connect(lambda is_on: self._choose(exchanges=is_on))

    def _choose(self, **chosen: str | int) -> None:
        before = self._keys.choices(self._engine)
        if any(getattr(before, name) != value for name, value in chosen.items()):
            _told(self.problem, lambda: self._keys.choose(self._engine, **chosen))


class SourceForm(Form):
    """Where the voices of an engine on this computer are downloaded from."""

    def __init__(self, catalogue: Catalogue, engine: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, label_width=_LABEL_WIDTH)
        self._catalogue, self._engine = catalogue, engine
        self.base_url = QLineEdit(catalogue.source(engine))
        self.base_url.setCursorPosition(0)
        self.base_url.setPlaceholderText("The official source")
        self.problem = words("", "problem", wrap=True)
        self.add("Voices from", self.base_url, name=f"{engine}Source")
        self.add_wide(self.problem, name=f"{engine}SourceProblem")
        self.problem.hide()
        self.base_url.editingFinished.connect(self._on_source)

    def _on_source(self) -> None:
        chosen = self.base_url.text().strip()
        if chosen == self._catalogue.source(self._engine):
            return
        if _told(self.problem, lambda: self._catalogue.choose_source(self._engine, chosen)):
            self.base_url.setText(self._catalogue.source(self._engine))
            self.base_url.setCursorPosition(0)


def _told(problem: QLabel, do: Callable[[], object]) -> bool:
    """Does it, or says in the label why not."""
    text = ""
    try:
        do()
    except InputError as error:
        text = str(error)
    problem.setText(text)
    problem.setVisible(bool(text))
    return not text
