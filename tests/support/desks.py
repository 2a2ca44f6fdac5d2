"""A studio with one connection to a service on this computer, for stories about syncing."""

from __future__ import annotations

from declaim.commands.connections import ConnectionWish
from declaim.commands.syncing import Syncing, SyncOptions
from declaim.jobs import Jobs
from declaim.model.ids import DocumentId
from declaim.model.source import SourceType
from declaim.remote import RetryPolicy
from tests.support.executors import InlineExecutor, post_now

QUICK = RetryPolicy(first_s=0.005, longest_s=0.01)
PROJECT = "My App"


class Desk:
    """A studio, a project and one connection, with calls that return their report."""

    def __init__(self, studio, service, server, monkeypatch):
        monkeypatch.setenv("TEST_KEY", server.key)
        self.studio, self.library, self.server = studio, studio.library, server
        self.project_id = studio.projects.find_or_create(PROJECT)
        made = []
        wish = ConnectionWish(service, server.key, server.base_url, key_env="TEST_KEY")
        studio.connections.connect(self.project_id, wish, made.append, self._raise)
        self.connection = self.library.connections.get(made[0])
        self.syncing = Syncing(self.library, Jobs(InlineExecutor(), post_now), studio.connections, policy=QUICK)
        server.log.clear()

    def _raise(self, error):
        raise error

    def sync(self, **options):
        reports = []
        self.syncing.sync([self.connection], SyncOptions(**options), reports.append, self._raise)
        return reports[0]

    def send(self, wishes, **options):
        reports = []
        self.syncing.send(wishes, SyncOptions(**options), reports.append, self._raise)
        return reports[0]

    def wish(self, kind, item_id, **more):
        return self.studio.publishing.wish(kind, item_id, self.connection, **more)

    def publish(self, kind, item_id, *, wait=False, **more):
        return self.send(self.wish(kind, item_id, wait=wait, **more), wait=wait)

    def document(self, title="Notes", text="## 1.0\n\n- Dark mode\n", source_type=SourceType.CHANGELOG) -> DocumentId:
        with self.library.transaction("Import"):
            return self.library.documents.add(self.project_id, None, title, source_type, text)

    @property
    def recordings(self):
        return self.library.recordings.all(self.project_id)

    @property
    def items(self):
        return self.library.remote_items.of(self.connection.id)


def clean(report):
    assert report.failed == []
    return report
