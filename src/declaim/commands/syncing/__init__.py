"""Bringing the library and the services in step.

``syncing`` starts it all; ``session`` is one sync in a worker, ``ledger`` the library's side of it (the outbox), ``items`` what
is known there (pulls, conflicts, audio), ``twins`` what each remote item is here, ``texts`` what is said there as documents and
scripts here, ``mirroring`` what was made here inside a mirrored folder, ``door`` how the one asks the other. ``logtalk_side``,
``bottalk_side`` and ``respeecher_side`` say how each service sends, finds and lists; ``values`` are what travels.
"""

from declaim.commands.syncing.syncing import Syncing
from declaim.commands.syncing.values import Failure, Report, SyncOptions

__all__ = ["Failure", "Report", "SyncOptions", "Syncing"]
