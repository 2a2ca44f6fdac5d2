"""Lexicons as TSV and PLS: what is written is read again; what is dangerous or broken is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaim.errors import InputError
from declaim.model.lexicon import LexiconEntry
from declaim.speech import read_lexicon, write_lexicon
from declaim.speech.lexicon_files import PLS_NAMESPACE, lexicon_text, read_lexicon_text

FIELD = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).filter(str.strip)
PHONEMES_ONLY = f"<lexicon xmlns='{PLS_NAMESPACE}'><lexeme><grapheme>a</grapheme><phoneme>b</phoneme></lexeme></lexicon>"
ENTRY = st.builds(LexiconEntry, FIELD, FIELD, st.booleans(), st.booleans(), language=st.sampled_from(["en", "de"]))


@given(st.lists(ENTRY, max_size=5))
def test_tsv_comes_back_as_it_was(entries):
    assert read_lexicon_text(lexicon_text(entries)) == tuple(entries)


@pytest.mark.parametrize("name", ["words.tsv", "words.pls"])
def test_a_file_comes_back_as_it_was(tmp_path, name):
    entries = (
        LexiconEntry("kubectl", "kube control"),
        LexiconEntry("#tag", "hash\ttag\\", case_sensitive=True),
        LexiconEntry(r"a<(\d+)&", r"\1 > x", is_regex=True, language="de"),
    )
    write_lexicon(tmp_path / name, entries)
    assert read_lexicon(tmp_path / name) == entries


def test_a_foreign_pls_gives_an_entry_for_each_grapheme(tmp_path):
    path = tmp_path / "foreign.pls"
    path.write_text(
        '<?xml version="1.0"?><lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa"'
        ' xml:lang="en-GB"><lexeme><grapheme>W3C</grapheme><grapheme>w3c</grapheme><alias>World Wide Web</alias></lexeme>'
        "<lexeme><grapheme>x</grapheme><phoneme>ks</phoneme></lexeme></lexicon>"
    )
    assert [(one.written, one.spoken, one.language) for one in read_lexicon(path)] == [
        ("W3C", "World Wide Web", "en"),
        ("w3c", "World Wide Web", "en"),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bomb.pls", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;">]><a>&c;</a>'),
        ("outer.pls", '<!DOCTYPE lexicon SYSTEM "http://localhost/x.dtd"><lexicon/>'),
        ("other.pls", "<html><body/></html>"),
        ("broken.pls", "<lexicon><lexeme>"),
        ("phonemes.pls", PHONEMES_ONLY),
        ("one.tsv", "no tab here\n"),
        ("flag.tsv", "a\tb\tloud\n"),
        ("empty.tsv", "\tb\n"),
        ("long.tsv", "a" * 600 + "\tb\n"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_with_a_cure(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(InputError) as refusal:
        read_lexicon(path)
    assert refusal.value.cure


def test_a_missing_file_and_bytes_that_are_no_text_are_refused(tmp_path):
    with pytest.raises(InputError):
        read_lexicon(tmp_path / "none.tsv")
    (tmp_path / "bytes.tsv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError):
        read_lexicon(tmp_path / "bytes.tsv")


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    with (tmp_path / "big.tsv").open("wb") as big:
        big.truncate(6_000_000)
    with pytest.raises(InputError):
        read_lexicon(tmp_path / "big.tsv")
