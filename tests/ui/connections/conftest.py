"""The services on this computer, a keyring in memory, and the whole window on a real library."""

from __future__ import annotations

from functools import cached_property, partial

import keyring
import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu

from declaim.commands.connections import ConnectionWish
from declaim.commands.syncing import Syncing, SyncOptions
from declaim.model.source import SourceType
from declaim.remote import RetryPolicy
from declaim.ui.connections.connections_view import open_connections
from declaim.ui.connections.remote_orders import RemoteOrders
from declaim.ui.library.library_panel import LibraryPanel
from declaim.ui.main_window import MainWindow
from declaim.ui.orders import Orders
from tests.support.bottalk_server import BotTalkServer
from tests.support.keyrings import MemoryKeyring
from tests.support.logtalk_server import LogTalkServer
from tests.support.respeecher_server import RespeecherServer
from tests.support.service_server import Elsewhere

QUICK = RetryPolicy(first_s=0.005, longest_s=0.01)


@pytest.fixture(autouse=True)
def keys():
    before, kept = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(kept)
    yield kept
    keyring.set_keyring(before)


@pytest.fixture
def elsewhere():
    with Elsewhere() as server:
        yield server


@pytest.fixture
def serve(elsewhere):
    """Starts a service, once asked for."""
    running = []

    def start(kind):
        server = kind().__enter__()
        server.elsewhere = elsewhere.origin
        running.append(server)
        return server

    yield start
    for server in running:
        server.__exit__(None, None, None)


@pytest.fixture
def logtalk(serve):
    return serve(LogTalkServer)


@pytest.fixture
def bottalk(serve):
    return serve(BotTalkServer)


@pytest.fixture
def respeecher(serve):
    return serve(RespeecherServer)


class Desk:
    """The library's panel with what it can ask of the services, and short words for what a user does; ``window`` is the whole
    window, built where a test asks for it."""

    def __init__(self, qtbot, studio):
        self.studio, self.library, self.qtbot = studio, studio.library, qtbot
        studio.syncing = Syncing(studio.library, studio.jobs, studio.connections, policy=QUICK)
        self.project_id = studio.projects.find_or_create("MyApp")
        orders = Orders()
        self.panel = LibraryPanel(studio, orders)
        qtbot.addWidget(self.panel)
        self.remote = RemoteOrders(studio, orders, self.panel)
        self.panel.remote_requested.connect(lambda wish: wish(self.remote))
        self.told = []
        self.remote.told.connect(self.told.append)
        self.remote.connections_requested.connect(partial(open_connections, studio, self.remote, self.panel))
        self.stop = studio.subscribe(self.panel.on_changes)
        self.panel.refresh()

    @cached_property
    def window(self):
        made = MainWindow(self.studio)
        self.qtbot.addWidget(made)
        made.resize(1280, 800)
        made.show()
        return made

    @property
    def notice(self):
        return f"{self.told[-1].message} {self.told[-1].cure}".strip()

    def look(self):
        """Presses the button of the notice."""
        self.told[-1].run()

    def open_connections(self):
        self.remote.connections_requested.emit(self.project_id, None)

    @property
    def sheet(self):
        """The sheet on top."""
        found = QApplication.activeModalWidget()
        assert found is not None
        return found

    def connect(self, service, server, name=""):
        made = []
        wish = ConnectionWish(service, server.key, server.base_url, name)
        self.studio.connections.connect(self.project_id, wish, made.append, self.fail)
        return self.library.connections.get(made[0])

    def sync(self, connection, **options):
        reports = []
        self.studio.syncing.sync([connection], SyncOptions(**options), reports.append, self.fail)
        return reports[0]

    def document(self, title="Notes", text="## 1.0\n\n- Dark mode\n", source_type=SourceType.CHANGELOG):
        with self.library.transaction("Import"):
            return self.library.documents.add(self.project_id, None, title, source_type, text)

    def recording(self, label):
        return next(each for each in self.library.recordings.all(self.project_id) if each.label == label)

    def item(self, connection, recording_id):
        return next(each for each in self.library.remote_items.of(connection.id) if each.item_id == recording_id)

    def menu(self, key):
        self.panel.refresh()
        menu: QMenu = self.panel.tree._menu_for((key,))
        return {action.text(): action for action in menu.actions() if action.text()}

    def click(self, name, where=None):
        found = (where or self.sheet).findChild(QAbstractButton, name)
        assert found is not None, name
        assert found.isEnabled(), name
        found.click()

    def fail(self, error):
        raise error


@pytest.fixture
def desk(qtbot, studio, script_id):
    made = Desk(qtbot, studio)
    yield made
    for sheet in QApplication.topLevelWidgets():
        if sheet.isModal() and sheet.isVisible():
            sheet.close()
    made.stop()
    if "window" in vars(made):
        made.window.close()
