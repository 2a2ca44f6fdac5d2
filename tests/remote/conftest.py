"""Servers on this computer for the three services, and a policy that does not make the tests wait."""

from __future__ import annotations

import pytest

from declaim.remote.credentials import api_key, bearer
from declaim.remote.logtalk import LOGTALK, LogTalk
from declaim.remote.pacing import RetryPolicy
from declaim.remote.respeecher import RESPEECHER, Respeecher
from declaim.remote.transport import Transport
from tests.support.logtalk_server import LogTalkServer
from tests.support.respeecher_server import RespeecherServer
from tests.support.service_server import Elsewhere

QUICK = RetryPolicy(first_s=0.005, longest_s=0.01)


@pytest.fixture
def policy():
    return QUICK


@pytest.fixture
def elsewhere():
    with Elsewhere() as server:
        yield server


@pytest.fixture
def logtalk_server(elsewhere):
    with LogTalkServer() as server:
        server.elsewhere = elsewhere.origin
        yield server


@pytest.fixture
def connect():
    """A transport that is closed in the end: service, server or address, key or credential, policy."""
    opened = []

    def connect(service, address, credential=None, **more):
        base_url = address if isinstance(address, str) else address.base_url
        opened.append(Transport(service, base_url, credential, **{"policy": QUICK, **more}))
        return opened[-1]

    yield connect
    for transport in opened:
        transport.close()


@pytest.fixture
def transport(connect, logtalk_server):
    return connect(LOGTALK, logtalk_server, bearer(logtalk_server.key))


@pytest.fixture
def logtalk(transport):
    return LogTalk(transport)


@pytest.fixture
def respeecher_server(elsewhere):
    with RespeecherServer() as server:
        server.elsewhere = elsewhere.origin
        yield server


@pytest.fixture
def respeecher(connect, respeecher_server):
    return Respeecher(connect(RESPEECHER, respeecher_server, api_key(respeecher_server.key)))
