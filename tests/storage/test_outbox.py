from __future__ import annotations

import pytest

from declaim.errors import InputError
from declaim.model.remote import StepState, WishState


@pytest.fixture
def project_id(library):
    with library.transaction("New project"):
        return library.projects.add("MyApp")


@pytest.fixture
def connection_id(library, project_id):
    with library.transaction("Connect", undoable=False):
        return library.connections.add(project_id, "logtalk", "logtalk", "https://logtalk.io/api/v1", key_env="LT_KEY")


def test_a_connection_is_found_by_its_name_until_it_is_removed(library, connection_id):
    assert library.connections.find("LogTalk").id == connection_id
    with library.transaction("Disconnect", undoable=False):
        library.connections.trash(connection_id)
    assert library.connections.find("logtalk") is None
    assert library.connections.all() == ()


def test_two_connections_cannot_have_one_name(library, project_id, connection_id):
    with pytest.raises(InputError, match="already"), library.transaction("Connect", undoable=False):
        library.connections.add(project_id, "bottalk", "LOGTALK", "https://bottalk.io")


def test_a_connection_of_a_trashed_project_is_not_shown(library, project_id, connection_id):
    with library.transaction("Delete project"):
        library.projects.trash(project_id)
    assert library.connections.all() == ()


def test_a_wish_keeps_its_key_over_every_try_and_is_unclear_once_sent(library, connection_id):
    with library.transaction("Publish", undoable=False):
        wish_id = library.outbox.add(connection_id, "create", item_kind="script", item_id=1, body={"fields": {"title": "A"}})
    wish = library.outbox.get(wish_id)
    assert not wish.is_unclear
    with library.transaction("Send", undoable=False):
        library.outbox.start(wish_id, {**wish.body, "before": ["x"]})
    (sent,) = library.outbox.open(connection_id)
    assert (sent.state, sent.attempts, sent.idempotency_key) == (WishState.SENDING, 1, wish.idempotency_key)
    assert sent.is_unclear
    assert sent.body["before"] == ["x"]


def test_a_wish_that_surely_did_not_arrive_is_sent_as_a_first_one(library, connection_id):
    with library.transaction("Publish", undoable=False):
        wish_id = library.outbox.add(connection_id, "create")
        for _ in range(3):
            library.outbox.start(wish_id, {})
            library.outbox.set_back(wish_id, "It is busy.", next_at="2030-01-01T00:00:00.000Z")
    assert not library.outbox.get(wish_id).is_unclear


def test_an_unclear_wish_stays_unclear_when_a_later_try_did_not_arrive(library, connection_id):
    with library.transaction("Publish", undoable=False):
        wish_id = library.outbox.add(connection_id, "create")
        library.outbox.start(wish_id, {})
        library.outbox.set_back(wish_id, "It broke off.", is_unclear=True)
        library.outbox.start(wish_id, {})
        library.outbox.set_back(wish_id, "It is busy.")
    assert library.outbox.get(wish_id).is_unclear


def test_what_was_refused_is_sent_with_a_new_key_when_the_user_asks(library, connection_id):
    with library.transaction("Publish", undoable=False):
        wish_id = library.outbox.add(connection_id, "create")
        library.outbox.start(wish_id, {})
        library.outbox.fail(wish_id, "No.", code="QUOTA", request_id="req_1")
    before = library.outbox.get(wish_id)
    assert library.outbox.open(connection_id) == ()
    assert library.outbox.failed(connection_id) == (before,)
    with library.transaction("Retry", undoable=False):
        library.outbox.retry(wish_id)
    (again,) = library.outbox.open(connection_id)
    assert again.idempotency_key != before.idempotency_key
    assert not again.is_unclear


def test_done_wishes_say_what_they_made(library, connection_id):
    with library.transaction("Publish", undoable=False):
        wish_id = library.outbox.add(connection_id, "create")
        library.outbox.finish(wish_id, {"ids": ["c1"]})
    assert library.outbox.answered_ids(connection_id) == {"c1"}
    assert library.outbox.open(connection_id) == ()


def test_a_remote_item_is_written_only_where_it_differs(library, connection_id, announced):
    with library.transaction("Pull", undoable=False):
        item = library.remote_items.add(connection_id, "conversion", "c1", item_kind="recording", item_id=3, agreed_hash="h")
    announced.clear()
    with library.transaction("Pull", undoable=False):
        library.remote_items.update(item, agreed_hash="h", state=StepState.IN_STEP)
    assert announced == []
    with library.transaction("Pull", undoable=False):
        library.remote_items.update(item, state=StepState.CONFLICT, remote={"title": "T"})
    found = library.remote_items.find(connection_id, "conversion", "c1")
    assert (found.state, found.remote) == (StepState.CONFLICT, {"title": "T"})
    assert library.remote_items.of_item("recording", 3) == (found,)
    assert library.remote_items.twins("recording") == {3: found}
    assert library.remote_items.with_remote_id("c1") == (found,)
