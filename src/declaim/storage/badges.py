"""How items here stand to the services, for all of them at once: three queries, so that the tree can ask after each change."""

from __future__ import annotations

from collections.abc import Iterator

from declaim.model.remote import Badge, StepState, WishState
from declaim.storage.database import Database

Key = tuple[str, int]
_OF_STATE = {
    StepState.IN_STEP: Badge.IN_STEP,
    StepState.CHANGED_HERE: Badge.CHANGED_HERE,
    StepState.CHANGED_THERE: Badge.CHANGED_THERE,
    StepState.CONFLICT: Badge.CONFLICT,
    StepState.RUNNING: Badge.WAITING,
    StepState.FAILED: Badge.FAILED,
    StepState.GONE: Badge.GONE,
}
_WISHED = {WishState.FAILED: (0, Badge.FAILED)}
_URGENT = (Badge.CONFLICT, Badge.FAILED, Badge.WAITING, Badge.CHANGED_HERE, Badge.CHANGED_THERE, Badge.GONE, Badge.IN_STEP)
"""Of several connections, the one that needs more."""

_LIVE = "JOIN connections ON connections.id = connection_id AND connections.trashed_at IS NULL"
_WISHES = f"""SELECT item_kind, item_id, outbox.state FROM outbox {_LIVE}
    WHERE outbox.state <> '{WishState.DONE}' AND item_id IS NOT NULL"""
_LABEL = "coalesce(json_extract(remote, '$.shared.title'), json_extract(remote, '$.shared.label'), recordings.label)"
_STARRED = "coalesce(json_extract(remote, '$.shared.starred'), recordings.starred)"
_NAME = "coalesce(json_extract(remote, '$.shared.name'), folders.name)"
_NOTE = "coalesce((SELECT text FROM notes WHERE notes.item_kind = 'recording' AND notes.item_id = recordings.id), '')"
_TWINS = f"""SELECT remote_items.item_kind, remote_items.item_id, remote_items.state, connection_id, remote_id,
        recordings.script_id, scripts.document_id,
        CASE remote_items.item_kind
            WHEN 'recording' THEN recordings.label IS NOT {_LABEL} OR recordings.starred IS NOT {_STARRED}
                OR {_NOTE} IS NOT coalesce(json_extract(remote, '$.shared.note'), {_NOTE})
            WHEN 'folder' THEN folders.name IS NOT {_NAME} ELSE 0 END
    FROM remote_items {_LIVE}
    LEFT JOIN recordings ON remote_items.item_kind = 'recording' AND recordings.id = remote_items.item_id
    LEFT JOIN folders ON remote_items.item_kind = 'folder' AND folders.id = remote_items.item_id
    LEFT JOIN scripts ON scripts.id = recordings.script_id
    WHERE remote_items.item_id IS NOT NULL ORDER BY remote_items.id"""
_PUBLISHED = f"""SELECT item_kind, item_id, connection_id, made.value,
        coalesce(scripts.updated_at, documents.updated_at, '') > outbox.created_at
    FROM outbox {_LIVE}, json_each(answer, '$.ids') AS made
    LEFT JOIN scripts ON item_kind = 'script' AND scripts.id = item_id
    LEFT JOIN documents ON item_kind = 'document' AND documents.id = item_id
    WHERE operation = 'create' AND outbox.state = '{WishState.DONE}' AND item_kind IN ('script', 'document')
        AND answer IS NOT NULL
    ORDER BY outbox.id"""


def badges(database: Database) -> dict[Key, Badge]:
    """What is not in it is only here. What is wrong or waiting comes before what is well.

    A script or a document stands as what was last made of it does, and as changed here where it was edited since.
    """
    ranked: dict[Key, tuple[int, Badge]] = {}
    for key, standing in _found(database):
        ranked[key] = min(ranked.get(key, standing), standing)
    return {key: badge for key, (_rank, badge) in ranked.items()}


def _found(database: Database) -> Iterator[tuple[Key, tuple[int, Badge]]]:
    for kind, item_id, state in database.rows_at_once(_WISHES):
        yield (kind, item_id), _WISHED.get(WishState(state), (1, Badge.WAITING))
    there: dict[tuple[int, str], tuple[int, Badge]] = {}
    newest: dict[Key, tuple[int, Badge]] = {}
    for kind, item_id, state, connection_id, remote_id, script_id, document_id, is_changed in database.rows_at_once(_TWINS):
        badge = Badge.CHANGED_HERE if is_changed and state == StepState.IN_STEP else _OF_STATE[StepState(state)]
        standing = there[connection_id, remote_id] = _ranked(badge)
        yield (kind, item_id), standing
        newest |= {key: standing for key in (("script", script_id), ("document", document_id)) if key[1] is not None}
    for kind, item_id, connection_id, remote_id, is_edited in database.rows_at_once(_PUBLISHED):
        standing = there.get((connection_id, remote_id), _ranked(Badge.GONE))
        newest[kind, item_id] = _ranked(Badge.CHANGED_HERE) if is_edited and standing[1] is Badge.IN_STEP else standing
    yield from newest.items()


def _ranked(badge: Badge) -> tuple[int, Badge]:
    return 2 + _URGENT.index(badge), badge
