"""Ordering voices for an original that is at Respeecher already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QWidget

from declaim.errors import DeclaimError
from declaim.model.remote import Connection, RemoteItem
from declaim.ui.connections.voice_orders import VoiceOrders
from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.widgets import words

if TYPE_CHECKING:
    from declaim.commands.studio import Studio


class OrderSheet(Sheet):
    """``ordered(tuple[WishId, ...])``: the order is kept and may be sent."""

    ordered = Signal(object)

    def __init__(self, studio: Studio, item: RemoteItem, connection: Connection, parent: QWidget | None = None) -> None:
        super().__init__("Order voices", "orderSheet", parent)
        self._studio, self._item, self._connection = studio, item, connection
        self.orders = VoiceOrders(studio, connection)
        self.problem = words("", "problem", wrap=True)
        title = studio.unsettled.title_of(item.item_kind, item.item_id)
        self.body.addWidget(words(f"For “{title}” at {connection.name}", "secondary", wrap=True))
        self.body.addWidget(self.orders)
        self.body.addWidget(self.problem)
        self.body.addStretch()
        self.add_button("Cancel", "orderCancelButton").clicked.connect(self.reject)
        self.order_button = self.add_button("Order", "orderButton", primary=True)
        self.order_button.setEnabled(False)
        self.order_button.clicked.connect(self._on_order)
        self.orders.changed.connect(lambda: self.order_button.setEnabled(self.orders.count > 0))

    def _on_order(self) -> None:
        try:
            made = self._studio.publishing.wish_order(self._item, self._connection, self.orders.settings())
        except DeclaimError as error:
            self.problem.setText(str(error))
            return
        self.ordered.emit(made)
        self.accept()

    def sizeHint(self) -> QSize:
        return QSize(620, 380)
