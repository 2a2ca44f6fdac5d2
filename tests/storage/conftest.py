"""Libraries to write into."""

from __future__ import annotations

import pytest

from declaim.storage import Library


@pytest.fixture
def library(tmp_path):
    with Library.in_memory(tmp_path / "media") as made:
        yield made


@pytest.fixture
def folder(tmp_path):
    """Where a library on disk may lie."""
    return tmp_path / "library"


@pytest.fixture
def announced(library):
    """Every ``Changes`` that the library announced."""
    found = []
    library.subscribe(found.append)
    return found
