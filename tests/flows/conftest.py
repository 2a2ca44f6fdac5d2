"""Whole stories through the real window: a library on disk, real threads, a scripted voice where no model is the point."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from declaim.app import background
from declaim.commands.studio import Studio
from declaim.jobs import Jobs
from declaim.storage import Library
from declaim.ui.appearance import apply_theme
from declaim.ui.main_thread import MainThread
from declaim.ui.main_window import MainWindow
from declaim.ui.theme import LIGHT
from declaim.voices import Voices
from tests.flows.stories import Story
from tests.support.voices import ScriptedEngine


@pytest.fixture
def engine():
    return ScriptedEngine("piper", voices=("joe", "amy"), workers=2)


@pytest.fixture
def voices(engine):
    return Voices([engine])


@pytest.fixture
def story(qtbot, qapp, tmp_path, voices):
    """The window as ``app`` composes it."""
    apply_theme(qapp, LIGHT)
    door = MainThread()
    studio = Studio(Library.open(tmp_path / "library"), voices, Jobs(background(), door.post, quick=background(3)))
    window = MainWindow(studio)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    qtbot.waitExposed(window)
    yield Story(qtbot, studio, window)
    window.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    studio.close()
