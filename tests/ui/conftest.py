"""The window's parts on a real studio with a scripted voice engine."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from declaim.ui.appearance import apply_theme
from declaim.ui.orders import Orders
from declaim.ui.theme import LIGHT
from declaim.voices import Voices
from tests.support.studios import add_script, make_studio
from tests.support.voices import ScriptedEngine

SHORT = """# MyApp 2.0.0

## What's new

[HOST1]: Dark mode is here.

[HOST2]: And collaboration.
"""


@pytest.fixture
def engine():
    return ScriptedEngine("piper", voices=("joe", "amy"))


@pytest.fixture
def studio(tmp_path, qapp, engine):
    apply_theme(qapp, LIGHT)
    silent = ScriptedEngine("gemini", voices=("Kore",), needs="Add a Gemini key in Settings › Voices.")
    made = make_studio(tmp_path / "media", Voices([engine, silent]))
    yield made
    # Widgets that were told to go must be gone before the library is: they may still ask it something.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    made.close()


@pytest.fixture
def orders(qapp):
    return Orders()


@pytest.fixture
def refusals(orders):
    """The errors that orders were refused with."""
    heard = []
    orders.refused.connect(heard.append)
    return heard


@pytest.fixture
def script_id(studio):
    """A script of two short lines, in the project MyApp."""
    return add_script(studio, SHORT)[1]
