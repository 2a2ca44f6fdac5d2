"""What the window shows beside an item: how it stands to the services. Main thread only."""

from __future__ import annotations

from declaim.commands.syncing.twins import Twins
from declaim.commands.syncing.values import hash_of
from declaim.model.remote import Badge, RemoteItem, StepState, WishState
from declaim.storage import Library

_OF_STATE = {
    StepState.IN_STEP: Badge.IN_STEP,
    StepState.CHANGED_HERE: Badge.CHANGED_HERE,
    StepState.CHANGED_THERE: Badge.CHANGED_THERE,
    StepState.CONFLICT: Badge.CONFLICT,
    StepState.RUNNING: Badge.WAITING,
    StepState.FAILED: Badge.FAILED,
    StepState.GONE: Badge.GONE,
}


def badge_of(library: Library, kind: str, item_id: int) -> Badge:
    """What is wrong or waiting comes before what is well; of several connections, the one that needs more."""
    live = {connection.id for connection in library.connections.all()}
    wishes = [wish for wish in library.outbox.of_item(kind, item_id) if wish.connection_id in live]
    if any(wish.state is WishState.FAILED for wish in wishes):
        return Badge.FAILED
    if any(wish.state is not WishState.DONE for wish in wishes):
        return Badge.WAITING
    twins = Twins(library)
    found = [_badge(twins, item) for item in library.remote_items.of_item(kind, item_id) if item.connection_id in live]
    order = (Badge.CONFLICT, Badge.FAILED, Badge.WAITING, Badge.CHANGED_HERE, Badge.CHANGED_THERE, Badge.GONE, Badge.IN_STEP)
    return next((badge for badge in order if badge in found), Badge.LOCAL_ONLY)


def _badge(twins: Twins, item: RemoteItem) -> Badge:
    """A change since the last sync shows at once."""
    here = twins.shared(item)
    if item.state is StepState.IN_STEP and here is not None and hash_of(here) != item.agreed_hash:
        return Badge.CHANGED_HERE
    return _OF_STATE[item.state]
