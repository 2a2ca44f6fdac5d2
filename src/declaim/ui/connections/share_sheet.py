"""How something at LogTalk can be heard elsewhere: addresses, what to paste into a page, and embed tokens."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QLineEdit, QListWidget, QListWidgetItem, QPushButton, QWidget
from shiboken6 import isValid

from declaim.commands.asking import Shared, share
from declaim.commands.syncing import Report, SyncOptions
from declaim.errors import DeclaimError
from declaim.model.remote import Connection, RemoteItem, WishId
from declaim.remote import Client
from declaim.ui.connections.report_words import failures_in_words
from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.widgets import words
from declaim.ui.widgets.form import Form
from declaim.ui.widgets.row import row_of, small_button

if TYPE_CHECKING:
    from declaim.commands.studio import Studio

_FIELDS = (
    ("listen_url", "Listen", "Private: it has no address to listen."),
    ("embed_url", "Embed", "Private: make an embed token, or make it public."),
    ("iframe", "For a page", ""),
    ("oembed", "oEmbed", "Only for what is public."),
)
_LINE_HEIGHT = 34
_PUBLIC = "Public: everyone with the link can listen"


class ShareSheet(Sheet):
    """Asks the service when it opens. Every change goes through the outbox and shows what the service then says."""

    def __init__(self, studio: Studio, item: RemoteItem, connection: Connection, parent: QWidget | None = None) -> None:
        super().__init__("Share and embed", "shareSheet", parent)
        self._studio, self._item, self._connection = studio, item, connection
        self.public = QCheckBox(_PUBLIC)
        self.public.setObjectName("sharePublic")
        self.public.setAccessibleName(_PUBLIC)
        self.fields: dict[str, QLineEdit] = {}
        self.copies: dict[str, QPushButton] = {}
        self.tokens = QListWidget()
        self.tokens.setObjectName("embedTokens")
        self.tokens.setAccessibleName("Embed tokens")
        self.tokens.setFixedHeight(84)
        self.make_button = small_button(
            "New embed token", "newTokenButton", lambda: self._change(studio.syncing.wish_embed_token)
        )
        self.copy_token_button = small_button("Copy its address", "copyTokenButton", self._on_copy_token)
        self.revoke_button = small_button("Revoke", "revokeTokenButton", self._on_revoke)
        self.said = words("", "caption", wrap=True)
        self.said.setObjectName("shareStatus")
        self._lay_out()
        self.public.clicked.connect(lambda is_public: self._change(studio.syncing.wish_share, is_public))
        self.tokens.currentItemChanged.connect(lambda *_: self._show_buttons())
        self.add_button("Close", "shareCloseButton", primary=True).clicked.connect(self.accept)
        self._ask()

    # Asking

    def _ask(self) -> None:
        self._set_enabled(False)
        self.said.setText("Asking the service…")
        work = partial(_share, self._item.remote_id)
        title = f"Ask {self._connection.name} how it is shared"
        try:
            self._studio.syncing.run(self._connection, title, work, self._on_answer, self._on_failed)
        except DeclaimError as error:
            self._on_failed(error)

    def _change(self, wish: Callable[..., WishId], *how: object) -> None:
        """Through the outbox, as everything that is sent; then asks how it stands."""
        self._set_enabled(False)
        self.said.setText("Sending…")
        try:
            made = wish(self._connection, self._item.remote_id, *how, item=self._item)
            self._studio.syncing.send((made,), SyncOptions(audio=False), self._on_sent, self._on_failed)
        except DeclaimError as error:
            self._on_failed(error)

    def _on_sent(self, report: Report) -> None:
        if isValid(self):
            self._ask()
            if report.failed:
                self.said.setText(failures_in_words(report))
            elif not report.pushed:
                self.said.setText("It waits in the queue: the service does not answer now.")

    def _on_answer(self, found: Any) -> None:
        if isValid(self):
            self._set_enabled(True)
            if self.said.text() == "Asking the service…":
                self.said.setText("")
            self._show(found)

    def _on_failed(self, error: Exception) -> None:
        if isValid(self):
            self._set_enabled(True)
            self.public.setChecked(bool(self.fields["listen_url"].text()))
            self.said.setText(str(error))

    def _on_copy(self, name: str) -> None:
        QGuiApplication.clipboard().setText(self.fields[name].text())
        self.said.setText("Copied.")

    def _on_copy_token(self) -> None:
        item = self.tokens.currentItem()
        if item is not None:
            QGuiApplication.clipboard().setText(item.data(Qt.ItemDataRole.UserRole).embed_url)
            self.said.setText("Copied.")

    def _on_revoke(self) -> None:
        item = self.tokens.currentItem()
        if item is not None:
            self._change(self._studio.syncing.wish_revoke, item.data(Qt.ItemDataRole.UserRole).token)

    # What is shown

    def _show(self, found: Shared) -> None:
        self.public.setChecked(found.is_public)
        for name, field in self.fields.items():
            text = str(getattr(found, name))
            field.setText(text)
            field.setCursorPosition(0)
            self.copies[name].setEnabled(bool(text))
        self.tokens.clear()
        for token in found.tokens:
            shown = f"{token.token[:16]}…" if len(token.token) > 18 else token.token
            item = QListWidgetItem(f"{shown}   {token.created_at[:10]}".rstrip())
            item.setData(Qt.ItemDataRole.UserRole, token)
            self.tokens.addItem(item)
        if self.tokens.count():
            self.tokens.setCurrentRow(self.tokens.count() - 1)
        self._show_buttons()

    def _show_buttons(self) -> None:
        has_token = self.tokens.currentItem() is not None
        self.copy_token_button.setEnabled(has_token)
        self.revoke_button.setEnabled(has_token)

    def _set_enabled(self, is_enabled: bool) -> None:
        self.public.setEnabled(is_enabled)
        self.make_button.setEnabled(is_enabled)
        self.revoke_button.setEnabled(is_enabled and self.tokens.currentItem() is not None)

    def _lay_out(self) -> None:
        title = self._studio.unsettled.title_of(self._item.item_kind, self._item.item_id)
        self.body.addWidget(words(f"“{title}” at {self._connection.name}", "secondary", wrap=True))
        self.body.addWidget(self.public)
        form = Form(label_width=72)
        for name, label, hint in _FIELDS:
            field = QLineEdit(readOnly=True, placeholderText=hint)
            copy = small_button("Copy", f"copy-{name}", partial(self._on_copy, name))
            copy.setAccessibleName(f"Copy: {label}")
            copy.setEnabled(False)
            self.fields[name], self.copies[name] = field, copy
            line = QWidget()
            row = row_of(field, copy)
            row.setContentsMargins(0, 0, 0, 0)
            line.setLayout(row)
            line.setMinimumHeight(_LINE_HEIGHT)
            form.add(label, line)
            field.setObjectName(f"share-{name}")
            field.setAccessibleName(label)
        self.body.addWidget(form)
        self.body.addWidget(words("Embed tokens", "heading"))
        about = "A token plays it on a page without making it public. It does not expire; revoked, it stops at once."
        self.body.addWidget(words(about, "caption", wrap=True))
        self.body.addWidget(self.tokens)
        self.body.addLayout(row_of(self.make_button, self.copy_token_button, self.revoke_button, None))
        self.body.addWidget(self.said)
        self.body.addStretch()

    def sizeHint(self) -> QSize:
        return QSize(640, 520)


def _share(remote_id: str, client: Client, _cancel: object) -> Shared:
    """In a worker."""
    return share(client, remote_id)
