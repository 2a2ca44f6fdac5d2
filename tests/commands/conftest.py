from __future__ import annotations

import pytest

from declaim.model.ids import VoiceId
from declaim.model.settings import StudioSettings
from declaim.model.voice import Cast
from declaim.voices import Voices
from tests.support.bottalk_server import BotTalkServer
from tests.support.desks import Desk
from tests.support.logtalk_server import LogTalkServer
from tests.support.respeecher_server import RespeecherServer
from tests.support.service_server import Elsewhere
from tests.support.studios import make_studio
from tests.support.voices import ScriptedEngine


@pytest.fixture
def engine():
    return ScriptedEngine()


@pytest.fixture
def studio(tmp_path, engine):
    """A studio whose projects speak with the scripted engine."""
    made = make_studio(tmp_path / "media", Voices([engine]))
    yield made
    made.close()


@pytest.fixture
def project_id(studio):
    project = studio.projects.create("MyApp")
    studio.projects.set_settings(project, StudioSettings(cast=Cast(default=VoiceId("scripted:ada"))))
    return project


@pytest.fixture
def elsewhere():
    with Elsewhere() as server:
        yield server


def _served(kind, elsewhere):
    server = kind()
    server.elsewhere = elsewhere.origin
    return server


@pytest.fixture
def logtalk(elsewhere):
    with _served(LogTalkServer, elsewhere) as server:
        yield server


@pytest.fixture
def bottalk(elsewhere):
    with _served(BotTalkServer, elsewhere) as server:
        yield server


@pytest.fixture
def respeecher(elsewhere):
    with _served(RespeecherServer, elsewhere) as server:
        yield server


@pytest.fixture
def desk(studio, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    import keyring
    from keyring.backends import null

    before = keyring.get_keyring()
    keyring.set_keyring(null.Keyring())
    yield lambda service, server: Desk(studio, service, server, monkeypatch)
    keyring.set_keyring(before)
