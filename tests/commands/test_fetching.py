from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from declaim.cli.group import declaim
from declaim.commands.fetching import fetch_source
from declaim.errors import InputError
from declaim.model.source import SourceType
from declaim.remote import pages
from declaim.remote.pages import is_web_address
from tests.support.page_server import PageServer

PAGE = """<html><head><title>Night Owl</title><script src="/spy.js"></script><link rel=stylesheet href="/spy.css"></head>
<body><h1>A day with the owl</h1><p>It sleeps.</p><img src="/spy.png"><iframe src="/spy.html"></iframe></body></html>"""


@pytest.fixture
def server():
    with PageServer() as made:
        made.pages["/post"] = ("text/html; charset=utf-8", PAGE)
        made.pages["/CHANGELOG.md"] = ("text/plain", "# Changelog\n\n## 1.2.0 - 2026-01-15\n\n- Add a clock\n")
        yield made


def test_a_page_becomes_a_document_with_its_title_and_nothing_else_is_loaded(server):
    source = fetch_source(f"{server.origin}/post")
    assert (source.title, source.source_type) == ("A day with the owl", SourceType.DOCUMENT)
    assert "It sleeps." in source.markdown
    assert server.asked == ["/post"]


def test_a_file_is_known_by_its_name(server):
    source = fetch_source(f"{server.origin}/CHANGELOG.md")
    assert [release.version for release in source.releases] == ["1.2.0"]


def test_a_redirect_is_followed_and_a_ring_of_them_is_not(server):
    server.pages["/old"] = (302, "/post")
    server.pages["/ring"] = (301, "/ring")
    assert fetch_source(f"{server.origin}/old").title == "A day with the owl"
    with pytest.raises(InputError, match="from one address to the next"):
        fetch_source(f"{server.origin}/ring")
    assert server.asked.count("/ring") == 6


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "javascript:alert(1)"])
def test_a_redirect_leads_only_to_the_web(server, target):
    server.pages["/out"] = (302, target)
    with pytest.raises(InputError, match="no address of a page"):
        fetch_source(f"{server.origin}/out")


@pytest.mark.parametrize("kind", ["image/png", "application/zip", "application/octet-stream", "video/mp4"])
def test_what_is_no_text_is_refused(server, kind):
    server.pages["/thing"] = (kind, b"\x00\x01")
    with pytest.raises(InputError, match=f"no text but {kind}"):
        fetch_source(f"{server.origin}/thing")


def test_a_page_that_is_too_large_is_refused(server, monkeypatch):
    monkeypatch.setattr(pages, "MOST_PAGE_BYTES", 1000)
    server.pages["/large"] = ("text/plain", b"word " * 1000)
    with pytest.raises(InputError, match="larger than"):
        fetch_source(f"{server.origin}/large")


def test_a_page_that_is_not_there_and_a_server_that_is_not_there_are_told(server):
    with pytest.raises(InputError, match="answers 404"):
        fetch_source(f"{server.origin}/gone")
    with pytest.raises(InputError, match="cannot be reached"):
        fetch_source("http://127.0.0.1:9/x")


def test_what_the_server_says_of_the_encoding_is_checked(server):
    server.pages["/old"] = ("text/html; charset=latin-1", "<h1>Käuzchen</h1><p>Schläft</p>".encode("latin-1"))
    server.pages["/lie"] = ("text/html; charset=utf-8", "<h1>Käuzchen</h1><p>Schläft bei Tag</p>".encode("latin-1"))
    assert fetch_source(f"{server.origin}/old").title == "Käuzchen"
    assert fetch_source(f"{server.origin}/lie").title == "Käuzchen"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("https://x.io/a", True),
        (" http://localhost:80 ", True),
        ("see https://x.io", False),
        ("https://", False),
        ("ftp://x.io", False),
        ("x.io", False),
        ("http://[::1", False),
    ],
)
def test_one_address_and_nothing_else_is_an_address(text, is_one):
    assert is_web_address(text) is is_one


def test_the_terminal_fetches_only_when_it_is_told_to(server):
    address = f"{server.origin}/CHANGELOG.md"
    refused = CliRunner().invoke(declaim, ["script", address, "--json"])
    assert (refused.exit_code, server.asked) == (1, [])
    done = CliRunner().invoke(declaim, ["script", address, "--fetch", "--json"])
    assert json.loads(done.stdout)["title"] == "Version 1.2.0"


def test_an_imported_page_is_a_document_with_a_script(studio, project_id, server):
    made = []
    studio.importing.import_page(f"{server.origin}/post", project_id, done=made.append)
    assert studio.documents.row(made[0].documents[0]).title == "A day with the owl"
    assert studio.scripts.lines(made[0].scripts[0])
