"""A take keeps what it cost; the day keeps what was paid."""

from __future__ import annotations

import pytest

from declaim.commands.planning import RenderSummary
from declaim.voices import Access, Voices
from declaim.voices.gemini import GeminiEngine
from tests.support.gemini_server import GeminiServer
from tests.support.studios import add_script, make_studio


def test_a_take_keeps_what_it_cost(tmp_path):
    server = GeminiServer()
    with server.running() as url:
        access = Access(tmp_path / "config", lambda _name: server.key, lambda _name: True)
        access.choose("gemini", base_url=url)
        studio = make_studio(tmp_path / "media", Voices([GeminiEngine(access)]))
        _, script_id = add_script(studio, "# Anvil\n\n[NARRATOR]: Dark mode is here.\n\n[NARRATOR]: And it is dark.\n")
        settings = studio.scripts.settings(script_id)
        studio.scripts.set_cast(script_id, type(settings.cast)(default="gemini:Kore"))
        takes = []
        for _ in range(2):
            studio.rendering.render(script_id, done=takes.append)
        rows = studio.library._database.rows("SELECT cost_usd FROM recordings WHERE cost_usd IS NOT NULL")
        (spent,) = studio.library.spend.all()
        assert (spent.engine, spent.requests) == ("gemini", 2)
        assert [row[0] for row in rows] == [pytest.approx(spent.cost_usd)]
        studio.close()


@pytest.mark.parametrize(
    ("cost", "words"), [(0.0, "free"), (0.0002, "less than $0.01"), (0.021, "about $0.02"), (1.5, "about $1.50")]
)
def test_a_small_cost_is_not_called_nothing(cost, words):
    assert RenderSummary(3, 1, 2.0, cost).text.endswith(words)


def test_a_render_above_the_users_limit_asks_first(tmp_path):
    studio = make_studio(tmp_path / "media", Voices([]))
    studio.planning.set_confirm_above(0.5)
    assert studio.planning.confirm_above_usd == 0.5
    assert RenderSummary(3, 1, 2.0, 0.6, confirm_above_usd=0.5).asks_first
    assert not RenderSummary(3, 1, 2.0, 0.4, confirm_above_usd=0.5).asks_first
    assert not RenderSummary(3, 1, 2.0).asks_first
    studio.close()
