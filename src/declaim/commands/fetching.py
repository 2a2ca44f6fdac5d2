"""A page of the web as a source: where ``remote`` and ``documents`` meet. Only ever on request. Any thread."""

from __future__ import annotations

import codecs
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from declaim.errors import InputError
from declaim.model.source import Source, SourceType
from declaim.model.work import CancelToken
from declaim.remote.pages import Page, fetch_page

_FORMATS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
    "text/x-rst": "rst",
    "text/prs.fallenstein.rst": "rst",
    "application/json": "json",
}


def fetch_source(address: str, *, source_type: SourceType | None = None, cancel: CancelToken | None = None) -> Source:
    """Fetches the page at an address and reads it; its title is the page's own.

    Raises:
        InputError: where it cannot be fetched or says nothing, with the cure.
        Cancelled: when asked to stop.
    """
    return source_of_page(fetch_page(address, cancel), source_type)


def source_of_page(page: Page, source_type: SourceType | None = None) -> Source:
    """
    Raises:
        InputError: where there is nothing to be read in it.
    """
    from declaim.documents import parse_source
    from declaim.documents.reading import format_of

    name = PurePosixPath(unquote(urlsplit(page.url).path))
    # The name of a changelog tells what it is; a page without one goes by its address.
    origin = name.name or page.url
    if page.content_type == "application/pdf":
        from declaim.documents.pdf import pdf_to_markdown

        return parse_source(pdf_to_markdown(page.data), origin=origin, source_type=source_type)
    if not page.data.strip():
        raise InputError("The page is empty.", cure="Open the address in a browser, and copy the text.")
    form = _FORMATS.get(page.content_type) or format_of(Path(name.name))
    return parse_source(_decoded(page), origin=origin, source_type=source_type, format=form)


def _decoded(page: Page) -> str:
    from declaim.documents import decode

    if page.charset:
        try:
            return page.data.decode(codecs.lookup(page.charset).name)
        except (LookupError, UnicodeDecodeError):
            pass  # what the server says is not so: it is found out
    return decode(page.data)
