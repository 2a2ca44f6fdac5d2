"""One connection: how it stands, what is to be done, what waits or failed, and what the account has left."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from declaim.commands.asking import usage
from declaim.commands.looking import KINDS
from declaim.model.change import Changes
from declaim.model.ids import JobId
from declaim.model.remote import Connection
from declaim.remote import find_service
from declaim.ui.connections.account import account_in_lines
from declaim.ui.connections.open_list import OpenList
from declaim.ui.connections.report_words import failures_in_words, moment, new_in_words, report_in_words
from declaim.ui.theme import SPACE_4, SPACE_8, SPACE_12, SPACE_16
from declaim.ui.widgets import words
from declaim.ui.widgets.form import ChoiceBox
from declaim.ui.widgets.row import row_of, scrolled, small_button

if TYPE_CHECKING:
    from declaim.commands.studio import Studio
    from declaim.commands.syncing import Report
    from declaim.jobs import JobStatus
    from declaim.ui.connections.remote_orders import RemoteOrders

_SHOWN = ("connections", "outbox", "remote_items", "recordings", "folders")
_SOON_MS = 120
"""A sync writes often; the page follows it at leisure."""


class ConnectionPage(QWidget):
    """``left()`` when it was disconnected."""

    left = Signal()

    def __init__(self, studio: Studio, remote: RemoteOrders, connection: Connection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio, self._remote, self._connection = studio, remote, connection
        self._job: JobId | None = None
        self.setObjectName("connectionPage")
        self.facts = words("", "caption", wrap=True)
        self.facts.setObjectName("connectionFacts")
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sync_button = small_button("Sync now", "syncButton", self._on_sync, primary=True)
        self.try_button = small_button("What would happen", "dryRunButton", partial(self._on_sync, dry_run=True))
        self.cancel_button = small_button("Cancel", "syncCancelButton", self._on_cancel)
        self.audio = QCheckBox("Fetch audio too")
        self.audio.setObjectName("syncAudio")
        self.audio.setAccessibleName("Fetch audio too")
        self.audio.setChecked(True)
        self.said = words("", "secondary", wrap=True)
        self.said.setObjectName("syncStatus")
        self.problems = words("", "problem", wrap=True)
        self.problems.setObjectName("syncProblems")
        self.open_list = OpenList("What waits or failed", "connectionOpen")
        self._nothing = words("Nothing waits, nothing failed.", "caption")
        self.account_button = small_button("Ask the service", "accountButton", self._on_account)
        self.account = words("Plan, credits and what was used are asked only when you say so.", "caption", wrap=True)
        self.account.setObjectName("accountText")
        self.account.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.kind = ChoiceBox([(kind, kind.capitalize()) for kind in KINDS[connection.service]])
        self.kind.setObjectName("fetchKind")
        self.kind.setAccessibleName("What to fetch")
        self.remote_id = QLineEdit(placeholderText="Its id there")
        self.remote_id.setObjectName("fetchId")
        self.remote_id.setAccessibleName("Its id there")
        self.fetch_button = small_button("Fetch", "fetchButton", self._on_fetch)
        self.more_button = small_button("Everything it can do…", "operationsButton", lambda: remote.open_operations(connection))
        self.disconnect_button = small_button("Disconnect…", "disconnectButton", self._on_disconnect)
        self._lay_out()
        self.open_list.wished.connect(self._remote.act)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.refresh)
        stops = (studio.jobs.subscribe(self._on_job), studio.subscribe(self._on_changes))
        self.destroyed.connect(lambda: [stop() for stop in stops])
        self.refresh()

    @property
    def connection(self) -> Connection:
        return self._connection

    def refresh(self) -> None:
        """Reads again what is known here."""
        if not isValid(self):
            return
        known = {each.id: each for each in self._studio.connections.all()}
        if self._connection.id not in known:
            return
        self._connection = known[self._connection.id]
        self.facts.setText(_facts(self._connection))
        unsettled = self._studio.unsettled
        rows = (*unsettled.wishes(self._connection.id), *unsettled.items(self._connection.id))
        self.open_list.show_rows(rows)
        self.open_list.setVisible(bool(rows))
        self._nothing.setVisible(not rows)

    # What the user did

    def _on_sync(self, *, dry_run: bool = False) -> None:
        self.said.setText("Asking what would happen…" if dry_run else "Syncing…")
        self._show_problems("")
        self._show_running(True)
        audio = self.audio.isChecked()
        self._job = self._remote.start_sync(
            (self._connection,), audio=audio, dry_run=dry_run, done=self._on_done, failed=self._on_failed
        )
        if self._job is None:
            self._show_running(False)

    def _on_cancel(self) -> None:
        if self._job is not None:
            self._studio.jobs.cancel(self._job)

    def _on_done(self, report: Report, dry_run: bool) -> None:
        if isValid(self):
            self._show_running(False)
            self.said.setText("\n".join(filter(None, (report_in_words(report, dry_run=dry_run), new_in_words(report)))))
            self._show_problems(failures_in_words(report))
            self.refresh()

    def _on_failed(self, error: Exception) -> None:
        if isValid(self):
            self._show_running(False)
            self.said.setText("")
            self._show_problems(str(error) or "Stopped.")

    def _on_changes(self, changes: Changes) -> None:
        if isValid(self) and changes.touches(*_SHOWN) and not self._soon.isActive():
            self._soon.start()

    def _on_job(self, job: JobStatus) -> None:
        if isValid(self) and job.id == self._job and job.progress is not None and not job.state.is_over:
            self.said.setText(job.progress.text or "Syncing…")

    def _on_account(self) -> None:
        self.account.setText("Asking…")
        self.account_button.setEnabled(False)
        self._remote.ask(
            self._connection,
            f"Ask {self._connection.name} for the account",
            lambda client, _: usage(client),
            self._on_answer,
            self._on_no_answer,
        )

    def _on_answer(self, answer: Any) -> None:
        if isValid(self):
            self.account_button.setEnabled(True)
            self.account.setText("\n".join(account_in_lines(answer)))

    def _on_no_answer(self, error: Exception) -> None:
        if isValid(self):
            self.account_button.setEnabled(True)
            self.account.setText(str(error))

    def _on_fetch(self) -> None:
        remote_id = self.remote_id.text().strip()
        if remote_id:
            self._remote.fetch(self._connection, self.kind.value, remote_id)

    def _on_disconnect(self) -> None:
        self._remote.disconnect_service(self._connection, self.left.emit)

    # What is shown

    def _show_running(self, is_running: bool) -> None:
        self.sync_button.setEnabled(not is_running)
        self.try_button.setEnabled(not is_running)
        self.cancel_button.setVisible(is_running)

    def _show_problems(self, text: str) -> None:
        self.problems.setText(text)
        self.problems.setVisible(bool(text))

    def _lay_out(self) -> None:
        buttons = row_of(self.sync_button, self.try_button, self.cancel_button, self.audio, None)
        self.cancel_button.hide()
        self.problems.hide()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(SPACE_16, 0, SPACE_8, 0)
        column.setSpacing(SPACE_12)
        head = QVBoxLayout()
        head.setSpacing(SPACE_4)
        head.addWidget(words(self._connection.name, "title"))
        head.addWidget(self.facts)
        column.addLayout(head)
        column.addLayout(buttons)
        column.addWidget(self.said)
        column.addWidget(self.problems)
        column.addWidget(words("What waits or failed", "heading"))
        column.addWidget(self._nothing)
        column.addWidget(self.open_list)
        column.addWidget(words("Account", "heading"))
        column.addWidget(self.account)
        column.addLayout(row_of(self.account_button, None))
        column.addWidget(words("Fetch by id", "heading"))
        column.addLayout(row_of(self.kind, self.remote_id, self.fetch_button))
        column.addStretch()
        foot = row_of(self.more_button, None, self.disconnect_button)
        foot.setContentsMargins(SPACE_16, SPACE_8, 0, 0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inside), 1)
        whole.addLayout(foot)


def _facts(connection: Connection) -> str:
    service = find_service(connection.service)
    key = "logged in" if connection.sign_in == "session" else "key in the keyring"
    key = f"key in ${connection.key_env}" if connection.key_env else key
    pace = f"at most {connection.requests_per_minute or service.requests_per_minute} requests a minute"
    synced = f"last sync {moment(connection.synced_at)}" if connection.synced_at else "never synced"
    facts = [service.title, connection.base_url, key, pace, synced]
    if connection.settings.get("allow_insecure"):
        facts.append("plain http allowed: the key can be read on the way")
    return " · ".join(facts)
