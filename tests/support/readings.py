"""How readings are compared: no case, no punctuation, figures written out as words."""

from __future__ import annotations

import re
from pathlib import Path

from num2words import num2words

SAMPLES = Path(__file__).parents[1] / "samples"
SIGN = re.compile("[@#&+%=/*~_<>\U0001f000-\U0001faff\u2600-\u27bf]")


def reading(text: str) -> str:
    """The words of a text as a listener has them."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text.lower())
    text = re.sub(r"\d+(?:\.\d+)?", lambda number: f" {num2words(number.group())} ", text)
    return " ".join(re.sub(r"[^\w\s]", " ", text.replace("'", "")).replace("_", " ").split())


def table(name: str) -> list[tuple[str, list[str]]]:
    """Rows of a sample table: the input and its accepted readings."""
    lines = (SAMPLES / name).read_text("utf-8").splitlines()
    rows = (line.partition("\t") for line in lines if line.strip() and not line.startswith("# "))
    return [(written, [reading(one) for one in accepted.split(" | ")]) for written, _, accepted in rows]
