"""What the tests of a render share: an engine that does what it is told, a cache, and short ways to ask for a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from declaim.model.delivery import Delivery
from declaim.model.ids import VoiceId
from declaim.model.script import Chapter, Line, Script
from declaim.model.voice import Cast
from declaim.model.work import CancelToken
from declaim.render import LineCache, LineOutcome, RenderRequest, RenderResult, render
from declaim.voices import Access, Voices
from declaim.voices.gemini import GeminiEngine
from tests.support.gemini_server import GeminiServer
from tests.support.voices import ScriptedEngine

ADA, BOB = VoiceId("scripted:ada"), VoiceId("scripted:bob")
WORDS = "The parser no longer stops at a tab, and it says where it was."


@dataclass
class Bench:
    """A render bench: ``bench.render("One.", "Two.")`` makes a file."""

    folder: Path
    engine: ScriptedEngine
    cancel: CancelToken = field(default_factory=CancelToken)
    outcomes: list[LineOutcome] = field(default_factory=list)

    @property
    def cache(self) -> LineCache:
        return LineCache(self.folder / "lines")

    @property
    def voices(self) -> Voices:
        return Voices([self.engine])

    def request(self, *lines: str | Line, **choices) -> RenderRequest:
        script = choices.pop("script", None) or script_of(*lines)
        chosen = {"cast": Cast(ADA), "delivery": Delivery(), "lexicon": (), "out": self.folder / "out.wav", **choices}
        return RenderRequest(script=script, **chosen)

    def render(self, *lines: str | Line, finish=None, **choices) -> RenderResult:
        request = self.request(*lines, **choices)
        return render(request, self.voices, self.cache, self.cancel, on_line=self.outcomes.append, finish=finish)


def script_of(*lines: str | Line, title: str = "A title") -> Script:
    made = tuple(line if isinstance(line, Line) else Line("NARRATOR", line) for line in lines)
    return Script(title, (Chapter("", made),))


@pytest.fixture
def engine():
    return ScriptedEngine(workers=2)


@pytest.fixture
def bench(tmp_path, engine):
    return Bench(tmp_path, engine)


@pytest.fixture
def reads(monkeypatch):
    """The keys of the lines whose audio was decoded."""
    seen = []
    blocks = LineCache.blocks
    monkeypatch.setattr(LineCache, "blocks", lambda self, key: seen.append(key) or blocks(self, key))
    return seen


@pytest.fixture
def server():
    """A Gemini on this computer; ``voices`` speak through it, and one beside them that costs nothing."""
    return GeminiServer()


@pytest.fixture
def voices(server, tmp_path):
    with server.running() as url:
        access = Access(tmp_path / "config", lambda _name: server.key, lambda _name: True)
        access.choose("gemini", base_url=url)
        engine = GeminiEngine(access)
        engine.limiter.back_off_s = lambda _times: 0.01
        yield Voices([engine, ScriptedEngine()])
        engine.close()
