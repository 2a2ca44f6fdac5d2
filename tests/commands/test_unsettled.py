from __future__ import annotations

import pytest

from declaim.errors import InputError
from declaim.model.library import RecordingType
from declaim.model.remote import Badge, StepState
from declaim.model.source import SourceType


@pytest.fixture
def shelf(studio, project_id):
    library = studio.library
    with library.transaction("Fill", undoable=False):
        connection = library.connections.add(project_id, "respeecher", "voices", "https://gateway.respeecher.com")
        document = library.documents.add(project_id, None, "Notes", SourceType.DOCUMENT, "Words.")
        top = library.folders.add(project_id, "Novel")
    return library, connection, document, top


def add(library, connection, operation, kind, number, **body):
    with library.transaction("Wish", undoable=False):
        return library.outbox.add(connection, operation, item_kind=kind, item_id=number, body=body)


def told(studio):
    return [(each.title, each.words, each.actions) for each in studio.unsettled.wishes()]


def test_what_a_wish_waits_for_is_said(studio, shelf):
    library, connection, document, top = shelf
    add(library, connection, "create_project", "folder", top)
    made = add(library, connection, "create", "document", document, in_folder=top)
    add(library, connection, "order", "document", document, after=made)
    assert told(studio) == [
        ("Make the project “Novel” there", "Waits to be sent.", ("send", "cancel")),
        ("Publish “Notes”", "Waits for its folder to be made there.", ("send", "cancel")),
        ("Order voices for “Notes”", "Waits for: Publish “Notes”.", ("send", "cancel")),
    ]


def test_the_time_the_network_and_a_refusal_are_said(studio, shelf):
    library, connection, document, _top = shelf
    late, offline, refused = (add(library, connection, "create", "document", document) for _ in range(3))
    with library.transaction("Tried", undoable=False):
        library.outbox.set_back(late, "Too many requests.", next_at="2999-01-01T10:00:00.000Z")
        library.outbox.set_back(offline, "Nobody answers.", code="unreachable")
        library.outbox.fail(refused, "No quota is left.", code="402", request_id="req_9")
    words = [words for _title, words, _actions in told(studio)]
    assert words[0] == "No quota is left. (402, request req_9)"
    assert words[1].startswith("The service asks to wait until")
    assert words[2] == "Waits for the network: Nobody answers."


def test_cancelling_takes_back_what_waits_for_it_too(studio, shelf):
    library, connection, document, top = shelf
    first = add(library, connection, "create_project", "folder", top)
    made = add(library, connection, "create", "document", document, in_folder=top)
    add(library, connection, "order", "document", document, after=made)
    other = add(library, connection, "delete", "", None, target="x")
    assert studio.unsettled.cancel(first) == 3
    assert [each.wish.id for each in studio.unsettled.wishes()] == [other]


def test_what_may_have_arrived_is_not_cancelled(studio, shelf):
    library, connection, document, _top = shelf
    wish = add(library, connection, "create", "document", document)
    with library.transaction("Send", undoable=False):
        library.outbox.start(wish, {})
        library.outbox.set_back(wish, "The answer was cut.", is_unclear=True)
    assert studio.unsettled.wishes()[0].actions == ("send",)
    with pytest.raises(InputError, match="arrived"):
        studio.unsettled.cancel(wish)


def test_items_say_what_the_user_may_have_to_decide(studio, project_id, shelf):
    library, connection, _document, top = shelf
    with library.transaction("Pull", undoable=False):
        takes = [library.recordings.add(project_id, top, type=RecordingType.ORIGINAL, label=name) for name in "ABC"]
        items = library.remote_items
        items.add(connection, "recording", "a", item_kind="recording", item_id=takes[0], state=StepState.CONFLICT)
        items.add(connection, "recording", "b", item_kind="recording", item_id=takes[1], state=StepState.GONE)
        items.add(connection, "recording", "c", item_kind="recording", item_id=takes[2], remote={"shared": {"label": "C"}})
    studio.recordings.trash(takes[2])
    opened = studio.unsettled.items(connection)
    assert [(each.title, each.badge, each.actions) for each in opened] == [
        ("“A”", Badge.CONFLICT, ("resolve",)),
        ("“B”", Badge.GONE, ("forget",)),
        ("“C”", Badge.CHANGED_HERE, ("delete", "forget")),
    ]
    studio.unsettled.forget(opened[1].item)
    assert len(studio.unsettled.items(connection)) == 2
