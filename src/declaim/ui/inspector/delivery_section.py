"""How the voices speak: the preset in a row of three, the expression settings folded under it."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from declaim.model.delivery import Delivery, DeliveryPreset, EmotionalRange, EmphasisStyle, ExpressionSettings
from declaim.ui.theme import SPACE_8
from declaim.ui.widgets import SegmentedControl, words
from declaim.ui.widgets.form import ChoiceBox, Form
from declaim.ui.widgets.section import FoldedSection

_PRESETS = (("measured", "Measured"), ("dynamic", "Dynamic"), ("theatrical", "Theatrical"))
_SAID = {
    DeliveryPreset.MEASURED: "Even and unhurried, longer pauses.",
    DeliveryPreset.DYNAMIC: "Lively, as a host would say it.",
    DeliveryPreset.THEATRICAL: "Wide in pace and pitch, long dramatic pauses.",
}
_RANGES = ((EmotionalRange.SUBTLE, "Subtle"), (EmotionalRange.MODERATE, "Moderate"), (EmotionalRange.FULL, "Full"))
_EMPHASES = ((EmphasisStyle.PAUSES, "Pauses"), (EmphasisStyle.BOTH, "Pauses and stress"))
_PACES = (("0.8", "Slow"), ("0.9", "A little slower"), ("1.0", "As it is"), ("1.1", "A little faster"), ("1.25", "Fast"))


class ExpressionForm(Form):
    """``changed(object)`` carries the ``Delivery`` after a choice."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delivery = Delivery()
        self._emphasis = ChoiceBox(_EMPHASES)
        self._range = ChoiceBox(_RANGES)
        self._pace = ChoiceBox(_PACES)
        self._whispering = QCheckBox("Whispering")
        self._laughter = QCheckBox("Laughter")
        self._arc = QCheckBox("Build up to an end")
        self.add("Emphasis", self._emphasis, name="emphasisPicker")
        self.add("Emotion", self._range, name="emotionalRangePicker")
        self.add("Pace", self._pace, name="pacePicker")
        for box, name in ((self._whispering, "whispering"), (self._laughter, "laughter"), (self._arc, "arc")):
            box.setAccessibleName(box.text())
            self.add_wide(box, name=f"{name}Box")
            box.clicked.connect(self._on_change)
        for picker in (self._emphasis, self._range, self._pace):
            picker.activated.connect(self._on_change)

    def show_delivery(self, delivery: Delivery) -> None:
        self._delivery = delivery
        expression = delivery.expression
        self._emphasis.show_value(expression.emphasis_style)
        self._range.show_value(expression.emotional_range)
        known = next((value for value, _ in _PACES if float(value) == delivery.pace), "")
        exact = f"{delivery.pace:g}"
        self._pace.show_choices([*_PACES, *([] if known else [(exact, f"{exact} of its own")])], known or exact)
        self._whispering.setChecked(expression.allow_whispering)
        self._laughter.setChecked(expression.allow_laughter)
        self._arc.setChecked(expression.emotional_arc)

    def _on_change(self) -> None:
        expression = ExpressionSettings(
            emotional_range=EmotionalRange(self._range.value),
            allow_whispering=self._whispering.isChecked(),
            allow_laughter=self._laughter.isChecked(),
            emphasis_style=EmphasisStyle(self._emphasis.value),
            emotional_arc=self._arc.isChecked(),
        )
        self.changed.emit(dataclasses.replace(self._delivery, expression=expression, pace=float(self._pace.value)))


class DeliverySection(QWidget):
    """``delivery_changed(object)`` carries the ``Delivery`` after a choice."""

    delivery_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delivery = Delivery()
        self.picker = SegmentedControl("Delivery", _PRESETS)
        self.picker.setObjectName("deliveryPicker")
        self.picker.chosen.connect(self._on_preset)
        self._said = words("", "caption", wrap=True)
        self._expression = FoldedSection("Expression", self._build_expression)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addWidget(self.picker)
        column.addWidget(self._said)
        column.addWidget(self._expression)

    def show_delivery(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self.picker.set_value(delivery.preset)
        self._said.setText(_SAID[delivery.preset])
        if isinstance(self._expression.content, ExpressionForm):
            self._expression.content.show_delivery(delivery)

    def open_expression(self) -> None:
        self._expression.set_open(True)

    def _build_expression(self) -> QWidget:
        form = ExpressionForm()
        form.show_delivery(self._delivery)
        form.changed.connect(self.delivery_changed)
        return form

    def _on_preset(self, value: str) -> None:
        self.delivery_changed.emit(dataclasses.replace(self._delivery, preset=DeliveryPreset(value)))
