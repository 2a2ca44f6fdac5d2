"""A take keeps what it cost; the day keeps what was paid."""

from __future__ import annotations

import pytest

from declaim.commands.outcomes import Outcomes
from declaim.commands.planning import RenderSummary
from declaim.commands.spending import confirm_above_usd_in
from declaim.jobs import Jobs
from declaim.model.library import LineState
from declaim.render import LineOutcome
from declaim.storage import Library
from declaim.voices import Access, Voices
from declaim.voices.gemini import GeminiEngine
from tests.support.executors import InlineExecutor
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
        paid, free = (studio.library.recordings.get(take).cost_usd for take in takes)
        (spent,) = studio.library.spend.all()
        assert (spent.engine, spent.requests) == ("gemini", 2)
        assert paid == pytest.approx(spent.cost_usd)
        assert free is None
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


@pytest.fixture
def paying(tmp_path):
    """A studio with a script for a voice that costs something, a limit of nothing, and the server."""
    server = GeminiServer()
    with server.running() as url:
        access = Access(tmp_path / "config", lambda _name: server.key, lambda _name: True)
        access.choose("gemini", base_url=url)
        studio = make_studio(tmp_path / "media", Voices([GeminiEngine(access)]))
        _, script_id = add_script(studio, "# Anvil\n\n[NARRATOR]: Dark mode is here.\n")
        studio.scripts.set_cast(script_id, type(studio.scripts.settings(script_id).cast)(default="gemini:Kore"))
        studio.planning.set_confirm_above(0.0)
        yield studio, script_id, server
        studio.close()


def test_a_render_above_the_limit_sends_nothing_until_it_is_asked_for_again(paying):
    studio, script_id, server = paying
    takes, refused = [], []
    studio.rendering.render(script_id, done=takes.append, failed=refused.append)
    assert not takes
    assert not server.asked
    assert "more than your limit of $0.00. Render again to agree to it" in str(refused[0])
    studio.rendering.render(script_id, done=takes.append, failed=refused.append)
    assert len(takes) == len(refused) == len(server.asked) == 1


def test_a_retry_in_the_queue_agrees_too(paying):
    studio, script_id, server = paying
    job_id = studio.rendering.render(script_id)
    studio.jobs.retry(job_id)
    assert len(server.asked) == 1
    assert studio.jobs.status(job_id).state == "done"


def test_who_was_asked_before_is_not_asked_again(paying):
    studio, script_id, server = paying
    takes = []
    studio.rendering.render(script_id, done=takes.append, agreed=True)
    assert len(takes) == len(server.asked) == 1


def test_the_limit_of_a_library_is_read_while_it_is_open(tmp_path):
    assert confirm_above_usd_in(tmp_path) == 1.0
    with Library.open(tmp_path) as library:
        with library.transaction("Limit", undoable=False):
            library.settings.put("confirm_above_usd", 0.25)
        assert confirm_above_usd_in(tmp_path) == 0.25


def test_without_a_network_the_render_waits_and_goes_on_when_the_user_says_so(tmp_path):
    server = GeminiServer()
    access = Access(tmp_path / "config", lambda _name: server.key, lambda _name: True)
    access.choose("gemini", base_url="http://127.0.0.1:9")
    engine = GeminiEngine(access)
    engine.limiter.back_off_s = lambda _times: 0.01
    studio = make_studio(tmp_path / "media", Voices([engine]))
    _, script_id = add_script(studio, "# Anvil\n\n[NARRATOR]: Dark mode is here.\n\n[NARRATOR]: And it is dark.\n")
    studio.scripts.set_cast(script_id, type(studio.scripts.settings(script_id).cast)(default="gemini:Kore"))
    takes = []
    job_id = studio.rendering.render(script_id, done=takes.append)
    status = studio.jobs.status(job_id)
    assert status.state == "waiting"
    assert "cannot be reached. Check the network" in status.failure
    with server.running() as url:
        access.choose("gemini", base_url=url)
        engine.connect(access)
        studio.jobs.retry(job_id)
        assert studio.jobs.status(job_id).state == "done"
    assert len(takes) == 1
    studio.close()


def test_a_line_that_is_heard_is_booked_too_and_asks_above_the_limit(paying):
    studio, script_id, server = paying
    heard, refused = [], []
    studio.hearing.line(script_id, 0, heard.append, refused.append)
    assert not server.asked
    assert "more than your limit of $0.00. Play it again to agree to it" in str(refused[0])
    studio.hearing.line(script_id, 0, heard.append, refused.append)
    (spent,) = studio.library.spend.all()
    assert (spent.engine, spent.requests, len(heard)) == ("gemini", 1, 1)
    studio.hearing.line(script_id, 0, heard.append, refused.append)
    assert len(server.asked) == 1, "it is there"


def test_what_was_paid_for_a_line_is_not_hidden_by_what_follows_at_once():
    waiting, delivered = [], []
    outcomes = Outcomes(Jobs(InlineExecutor(), waiting.append), delivered.extend)
    outcomes.add(LineOutcome(0, None, LineState.READY, engine="gemini", characters=20, cost_usd=0.5))
    outcomes.add(LineOutcome(0, None, LineState.SUSPECT, suspicion="a word is missing"))
    outcomes.hand_over()
    (last,) = delivered
    assert (last.state, last.engine, last.characters, last.cost_usd) == (LineState.SUSPECT, "gemini", 20, 0.5)
