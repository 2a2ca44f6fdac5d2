from __future__ import annotations

import pytest

from declaim.model.library import RecordingType
from declaim.model.remote import Badge, StepState
from declaim.model.source import SourceType


@pytest.fixture
def shelf(library):
    """A project with a connection, a document and a take that is the twin of an item there."""
    with library.transaction("Fill", undoable=False):
        project = library.projects.add("MyApp")
        connection = library.connections.add(project, "logtalk", "logtalk", "https://logtalk.io/api/v1")
        document = library.documents.add(project, None, "Changelog", SourceType.CHANGELOG, "# 1.0")
        take = library.recordings.add(project, None, type=RecordingType.CONVERSION, label="Take", source="remote")
        item = library.remote_items.add(
            connection, "conversion", "c1", item_kind="recording", item_id=take, remote={"shared": {"title": "Take"}}
        )
    return {"project": project, "connection": connection, "document": document, "take": take, "item": item}


def badge(library, kind, number):
    return library.badges().get((kind, number), Badge.LOCAL_ONLY)


@pytest.mark.parametrize("state", list(StepState))
def test_every_state_of_an_item_has_a_badge(library, shelf, state):
    with library.transaction("Pull", undoable=False):
        library.remote_items.update(shelf["item"], state=state)
    assert badge(library, "recording", shelf["take"]).value == state.value.replace("running", "waiting")


@pytest.mark.parametrize("change", [("rename", "Other"), ("note", "A note"), ("star", True)])
def test_a_change_here_shows_before_the_next_sync(library, shelf, change):
    shared = {"label": "Take", "starred": False, "note": ""}
    with library.transaction("Pull", undoable=False):
        library.remote_items.update(shelf["item"], remote={"shared": shared})
    assert badge(library, "recording", shelf["take"]) is Badge.IN_STEP
    with library.transaction("Change"):
        getattr(library.recordings, change[0])(shelf["take"], change[1])
    assert badge(library, "recording", shelf["take"]) is Badge.CHANGED_HERE


def test_a_document_stands_as_what_was_made_of_it(library, shelf):
    document = shelf["document"]
    assert badge(library, "document", document) is Badge.LOCAL_ONLY
    with library.transaction("Publish", undoable=False):
        wish = library.outbox.add(shelf["connection"], "create", item_kind="document", item_id=document)
    assert badge(library, "document", document) is Badge.WAITING
    with library.transaction("Refused", undoable=False):
        library.outbox.fail(wish, "No quota")
    assert badge(library, "document", document) is Badge.FAILED
    with library.transaction("Sent", undoable=False):
        library.outbox.finish(wish, {"ids": ["c1"]})
    assert badge(library, "document", document) is Badge.IN_STEP


def test_rows_of_the_tree_carry_a_badge_only_where_there_is_a_connection(library, shelf):
    with library.transaction("Another"):
        other = library.projects.add("Other")
        library.documents.add(other, None, "Alone", SourceType.DOCUMENT, "Words.")
    badges = {row.title: row.badge for row in library.tree()}
    assert badges == {"MyApp": None, "Other": None, "Changelog": Badge.LOCAL_ONLY, "Alone": None, "Take": Badge.IN_STEP}
    with library.transaction("Disconnect", undoable=False):
        library.connections.trash(shelf["connection"])
    assert {row.badge for row in library.tree()} == {None}
