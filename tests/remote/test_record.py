"""The one reader of what services answer."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Annotated, Any

import pytest

from declaim.errors import RemoteMisanswered
from declaim.remote.reading import MOST_CHARACTERS, Fields
from declaim.remote.record import Named, Record


@dataclass(frozen=True)
class Part(Record):
    id: str
    size: int | None = None


@dataclass(frozen=True)
class Thing(Record):
    id: str
    title: str = "none"
    is_raw: Annotated[bool, Named("isRaw")] = False
    name: Annotated[str, Named("info.name", "nick")] = ""
    length: float | None = None
    words: tuple[str, ...] = ()
    part: Part | None = None
    parts: tuple[Part, ...] = ()
    anything: Any = None
    raw: Any = field(default=None, compare=False)


def read(**values):
    return Thing.of(Fields(values, "the thing"))


def test_a_whole_record_is_read_by_its_table():
    values = {"id": "a", "title": "T", "isRaw": True, "info": {"name": "N"}, "length": 2, "words": ["x"]}
    found = read(**values, part={"id": "p"}, parts=[{"id": "q", "size": 3.0}])
    assert found == Thing("a", "T", True, "N", 2.0, ("x",), Part("p"), (Part("q", 3),))
    assert found.raw["id"] == "a"


def test_what_is_missing_or_null_is_its_default():
    assert read(id="a", title=None, info=None) == Thing("a")


def test_the_first_name_that_is_there_wins():
    assert read(id="a", nick="Nick").name == "Nick"
    assert read(id="a", info={"name": ""}, nick="Nick").name == "Nick"


@pytest.mark.parametrize(
    "odd",
    [
        {"title": 5},
        {"isRaw": "yes"},
        {"info": "N"},
        {"info": {"name": []}},
        {"length": True},
        {"length": 1e300},
        {"words": "x"},
        {"words": [1]},
        {"part": 3},
        {"part": {"size": 1}},
        {"parts": [{"id": 1}]},
        {"title": "x" * (MOST_CHARACTERS + 1)},
    ],
)
def test_what_is_of_the_wrong_type_is_its_default_and_noted(odd, caplog):
    caplog.set_level(logging.INFO)
    assert read(id="a", **odd) == Thing("a")
    assert caplog.records or odd == {"info": "N"}


@pytest.mark.parametrize("identity", [None, "", 3, ["a"]])
def test_a_record_without_its_id_is_refused(identity):
    with pytest.raises(RemoteMisanswered, match="'id' of the thing"):
        read(id=identity)


def test_what_may_be_anything_stays_as_it_came():
    assert read(id="a", anything={"x": [1]}).anything == {"x": [1]}
