"""What does the other side say? Three services: values in, values out; no database, no keyring.

===================  ===============================================================================
``operations``       ``OPERATIONS``, every published one: the function that speaks it, and where a user finds it
``open_client``      from what a connection keeps to a client (``opening``)
``logtalk``          ``LogTalk``: conversions, scripts, embeds, and the deprecated episodes and DocTalk
``bottalk``          ``BotTalk``: articles
``respeecher``       ``Respeecher``: account, voices, calibrations; ``respeecher_library``: the rest
``*_fields``         what each body and query may hold, as data, checked before sending (``bodies``)
``*_values``         what comes back: frozen dataclasses, which ``record`` reads as tables, with suspicion (``reading``)
``transport``        one ``request`` after the other: bounded, timed, paced, tried again where it is safe
``downloads``        files, whole or not at all
``resuming``         large public files without a key: resumed, checked
``paging``           lists, walked to their end and no further
``pacing``           when to try again, how many a minute, when to look again
``addresses``        where a key may go; ``credentials``: what it goes in; ``service``: what differs
===================  ===============================================================================

Errors are ``RemoteRefused`` (sending the same again changes nothing), ``RemoteUnavailable`` (later), ``RemoteMisanswered``
(not what the contract says), and ``InputError`` before anything is sent. ``maybe_done``: look before sending it again.
"""

from __future__ import annotations

from declaim.remote.addresses import check_base_url
from declaim.remote.bodies import check_body, set_fields
from declaim.remote.bottalk import BotTalk
from declaim.remote.credentials import session_secret
from declaim.remote.downloads import Download
from declaim.remote.logtalk import LogTalk
from declaim.remote.logtalk_values import embed_frame, oembed_link
from declaim.remote.opening import SERVICES, Client, find_service, open_client
from declaim.remote.operation import Operation, as_json
from declaim.remote.operations import OPERATIONS, call, find_operation
from declaim.remote.pacing import NO_RETRY, Limiter, PollingPlan, RetryPolicy
from declaim.remote.paging import Page, all_of, items_in
from declaim.remote.reading import JSON
from declaim.remote.respeecher import Respeecher
from declaim.remote.transport import Transport

__all__ = [
    "JSON",
    "NO_RETRY",
    "OPERATIONS",
    "SERVICES",
    "BotTalk",
    "Client",
    "Download",
    "Limiter",
    "LogTalk",
    "Operation",
    "Page",
    "PollingPlan",
    "Respeecher",
    "RetryPolicy",
    "Transport",
    "all_of",
    "as_json",
    "call",
    "check_base_url",
    "check_body",
    "embed_frame",
    "find_operation",
    "find_service",
    "items_in",
    "oembed_link",
    "open_client",
    "session_secret",
    "set_fields",
]
