from __future__ import annotations

import pytest

from declaim.model.ids import VoiceId
from declaim.model.settings import StudioSettings
from declaim.model.voice import Cast
from declaim.voices import Voices
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
