"""BotTalk, spoken to a server that keeps to its OpenAPI."""

from __future__ import annotations

import pytest

from declaim.errors import InputError, RemoteMisanswered, RemoteRefused, RemoteUnavailable
from declaim.remote.bottalk import BOTTALK, STATUS_WORDS, ArticleError, BotTalk
from declaim.remote.credentials import bearer
from declaim.remote.paging import items_in
from tests.support.bottalk_server import BotTalkServer
from tests.support.service_server import AFTER, Reply

BODY = {"title": "Title", "text": "Words."}
FULL = {
    **BODY,
    "url": "https://blog.example/a b?x=1",
    "externalId": "our/id 1",
    "voice": "nova",
    "lang": "en-US",
    "parse": True,
    "isRaw": False,
    "prompt": "Calmly.",
    "labels": ["news", "cars"],
}


@pytest.fixture
def server(elsewhere):
    with BotTalkServer() as server:
        server.elsewhere = elsewhere.origin
        yield server


@pytest.fixture
def bottalk(connect, server):
    return BotTalk(connect(BOTTALK, server, bearer(server.key)))


def test_every_field_of_the_contract_is_sent_and_the_article_found_in_three_ways(bottalk, server):
    item = bottalk.create_article(FULL)
    assert server.log[-1].json == FULL
    found = bottalk.get_article(item)
    assert found == bottalk.get_article_by_external_id("our/id 1") == bottalk.get_article_by_url("https://blog.example/a b?x=1")
    assert (found.external_id, found.prompt, found.voice, found.lang) == ("our/id 1", "Calmly.", "nova", "en-US")
    assert server.log[-1].path == "/api/articles_external_url/https%3A%2F%2Fblog.example%2Fa%20b%3Fx%3D1"


def test_audio_and_preview_are_fetched_without_the_key(bottalk, server, tmp_path):
    item = bottalk.create_article(BODY)
    assert bottalk.get_article(item).is_done
    audio = bottalk.download_article(item, tmp_path / "a.mp3")
    preview = bottalk.download_article(item, tmp_path / "p.mp3", preview=True)
    assert audio.path.read_bytes() != preview.path.read_bytes()
    assert all("authorization" not in entry.headers for entry in server.storage.log)


def test_an_article_without_audio_says_its_state(bottalk, server, tmp_path):
    item = server.add_article(status="no_money")
    with pytest.raises(RemoteRefused, match="balance"):
        bottalk.download_article(item, tmp_path / "a.mp3")


def test_an_article_is_changed_by_either_id_and_deleted(bottalk, server):
    item = bottalk.create_article(FULL)
    assert bottalk.update_article(item, {**BODY, "title": "New", "prompt": None, "labels": ["one"]}) == item
    assert bottalk.update_article_by_external_id("our/id 1", {**BODY, "text": "Newer."}) == item
    assert (server.articles[item]["title"], server.articles[item]["text"]) == ("Title", "Newer.")
    bottalk.delete_article(item)
    with pytest.raises(RemoteRefused) as refused:
        bottalk.delete_article(item)
    assert refused.value.is_missing


def test_an_error_that_comes_with_status_200_is_seen(bottalk, server):
    for ask in (bottalk.get_article, bottalk.get_article_by_external_id, bottalk.get_article_by_url):
        with pytest.raises(RemoteRefused, match="Article not found") as refused:
            ask("nowhere")
        assert refused.value.is_missing
    server.fail("reply", reply=Reply({"result": "fail", "message": "Authentication failed"}))
    with pytest.raises(RemoteRefused) as refused:
        bottalk.get_article("x")
    assert not refused.value.is_missing
    server.fail("reply", reply=Reply({"result": "error", "message": "No."}))
    with pytest.raises(RemoteRefused, match="No"):
        bottalk.create_article(BODY)


def test_a_second_article_with_an_external_id_is_refused_by_name(bottalk):
    bottalk.create_article(FULL)
    with pytest.raises(RemoteRefused) as refused:
        bottalk.create_article(FULL)
    assert (refused.value.status, refused.value.code) == (400, "already_exists")


def test_a_read_only_key_reads_and_its_refusal_says_so(connect, server):
    reader = BotTalk(connect(BOTTALK, server, bearer(server.read_only_key)))
    reader.verify()
    with pytest.raises(RemoteRefused, match="Authentication failed") as refused:
        reader.create_article(BODY)
    assert "read-only" in refused.value.cure


@pytest.mark.parametrize("count", [0, 9, 100, 101, 230])
@pytest.mark.parametrize("count_is_total", [True, False])
def test_lists_are_walked_whatever_their_count_means(bottalk, server, count, count_is_total):
    server.count_is_total = count_is_total
    ids = [server.add_article() for _ in range(count)]
    assert [article.id for article in items_in(bottalk.articles())] == ids[::-1]
    assert len(server.log) <= count // 100 + 1
    assert all(entry.one("limit") == "100" for entry in server.log)


def test_ids_are_read_under_both_names(bottalk, server):
    server.add_article(externalId="e1")
    assert next(bottalk.articles()).items[0].external_id == "e1"


@pytest.mark.parametrize("status", [*STATUS_WORDS, "dreaming"])
def test_every_status_has_words_and_is_running_done_or_failed(bottalk, server, status):
    item = server.add_article(status=status)
    server.looks_until_ready = 99
    article = bottalk.get_article(item) if status != "deleted" else None
    if article is not None:
        assert [article.is_running, article.is_done, article.is_failed].count(True) == 1
        assert article.status_words
        assert article.is_failed == (status in {"errored", "no_money", "limit_reached", "rejected"})
        assert article.is_done == (status == "ready")


def test_a_fallback_is_running_until_its_audio_is_there(bottalk, server):
    item = server.add_article(status="fallback")
    assert bottalk.get_article(item).is_running
    server.articles[item]["audio"] = "https://bottalk.io/audio/1.mp3"
    assert bottalk.get_article(item).is_done


def test_errors_of_an_article_are_read(bottalk, server):
    item = server.add_article(status="errored", error="Boom", errors=[{"error": "Bang", "date": "2026-01-01T00:00:00Z"}])
    article = bottalk.get_article(item)
    assert (article.error, article.errors) == ("Boom", (ArticleError("Bang", "2026-01-01T00:00:00Z"),))


@pytest.mark.parametrize("kind", [kind for kind in AFTER if kind != "slow"])
def test_what_makes_audio_is_not_repeated_after_an_unclear_outcome(bottalk, server, kind):
    item = server.add_article()
    for change in (lambda: bottalk.create_article(BODY), lambda: bottalk.update_article_by_external_id("e", BODY)):
        server.articles[item]["externalId"] = "e"
        server.log.clear()
        server.fail(kind)
        with pytest.raises((RemoteUnavailable, RemoteMisanswered)) as failure:
            change()
        assert failure.value.maybe_done
        assert len(server.log) == 1


def test_a_deletion_whose_answer_was_lost_is_done(bottalk, server):
    item = server.add_article()
    server.fail("cut-after")
    bottalk.delete_article(item)
    assert server.articles[item]["status"] == "deleted"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"text": "Words."}, "needs 'title'"),
        ({"title": "Title", "text": ""}, "needs 'text'"),
        ({**BODY, "voice": "nova"}, "go together"),
        ({**BODY, "lang": "en-US"}, "go together"),
        ({**BODY, "voice": "de-DE-KatjaNeural", "lang": "en-US"}, "does not speak"),
        ({**BODY, "labels": "news"}, "a list"),
        ({**BODY, "labels": [1]}, "text"),
        ({**BODY, "external_id": "x"}, "Did you mean 'externalId'"),
    ],
)
def test_what_the_contract_does_not_allow_is_refused_before_it_is_sent(bottalk, server, body, words):
    with pytest.raises(InputError) as refused:
        bottalk.create_article(body)
    assert words in str(refused.value)
    assert not server.log


def test_a_voice_that_is_not_published_is_left_to_the_service(bottalk, server):
    with pytest.raises(RemoteRefused):
        bottalk.create_article({**BODY, "voice": "Kore", "lang": "fr-FR"})


@pytest.mark.parametrize("limit", [9, 101])
def test_pages_have_the_size_of_the_contract(bottalk, server, limit):
    with pytest.raises(InputError, match="limit"):
        bottalk.list_articles(limit=limit)
    assert not server.log


@pytest.mark.parametrize("found", [{"id": "other"}, {"id": 3}, None, "a"])
def test_another_or_an_odd_article_is_not_taken(bottalk, server, found):
    server.fail("reply", times=9, reply=Reply({"result": "ok", "article": found}))
    with pytest.raises(RemoteMisanswered):
        bottalk.get_article("a")


def test_another_external_id_or_address_is_not_taken(bottalk, server):
    other = {"id": "a", "externalId": "other", "url": "https://blog.example/other"}
    server.fail("reply", times=99, reply=Reply({"result": "ok", "article": other}))
    with pytest.raises(RemoteMisanswered):
        bottalk.get_article_by_external_id("e1")
    with pytest.raises(RemoteMisanswered):
        bottalk.get_article_by_url("https://blog.example/one")
    assert bottalk.get_article_by_url("http://blog.example/other/#top").id == "a"


@pytest.mark.parametrize("answer", [{"articles": []}, {"result": "ok"}, {"result": 1}, {"result": "perhaps", "articles": []}])
def test_an_answer_that_does_not_say_ok_is_none(bottalk, server, answer):
    server.fail("reply", times=9, reply=Reply(answer))
    with pytest.raises(RemoteMisanswered):
        bottalk.list_articles()


def test_the_documentation_is_told_and_not_fetched(bottalk, server):
    assert bottalk.documentation() == f"{server.origin}/docs/api/"
    assert len(server.log) == 1
    assert "authorization" not in server.log[0].headers
