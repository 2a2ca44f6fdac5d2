"""Pronunciation notes as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaim.speech import parse_notes


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ("kubectl = kube control; say SQL as sequel", [("kubectl", "kube control"), ("SQL", "sequel")]),
        ("Nginx is pronounced engine x", [("Nginx", "engine x")]),
        ("X -> Y", [("X", "Y")]),
        ("Qt → cute\nGIF: jif", [("Qt", "cute"), ("GIF", "jif")]),
        ('Please pronounce "Acme" as "ak me".', [("Acme", "ak me")]),
        ("a = b, c = d", [("a", "b"), ("c", "d")]),
        ("- Foo Bar => foo bear", [("Foo Bar", "foo bear")]),
        ("Xiaomi (pronounced show me)", [("Xiaomi", "show me")]),
        ("Nguyen sounds like win", [("Nguyen", "win")]),
        ("CLI should be said as C L I", [("CLI", "C L I")]),
        ("read regex as rej ex, say SQL as sequel", [("regex", "rej ex"), ("SQL", "sequel")]),
        ("C++ = see plus plus", [("C++", "see plus plus")]),
        ("Speak slowly and clearly", []),
        ("", []),
        (";;;\n\n", []),
    ],
)
def test_notes_become_entries(notes, expected):
    assert [(entry.written, entry.spoken) for entry in parse_notes(notes)] == expected


@given(st.text(max_size=400))
def test_any_notes_are_read(notes):
    assert all(entry.written and entry.spoken for entry in parse_notes(notes))
