"""Golden scripts: own samples, each read as a listener would hear it before it was kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from declaim.documents import read_source, select_releases
from declaim.model.script import ScriptSettings, Tone, Verbosity, WrittenScript
from declaim.model.source import Source, SourceType
from declaim.model.work import CancelToken
from declaim.scripts import WriteRequest, format_script, parse_script, writer

SAMPLES = Path(__file__).parent.parent / "samples" / "scripts"


@dataclass(frozen=True)
class Case:
    source: str
    settings: ScriptSettings = field(default_factory=ScriptSettings)
    writer: str = "offline"


CASES = {
    "lantern-casual": Case("lantern.md"),
    "lantern-professional": Case(
        "lantern.md", ScriptSettings(tone=Tone.PROFESSIONAL, audience="people who manage a team's notes")
    ),
    "lantern-enthusiastic": Case("lantern.md", ScriptSettings(tone=Tone.ENTHUSIASTIC, cta="Get it at lantern.example today")),
    "lantern-technical": Case("lantern.md", ScriptSettings(tone=Tone.TECHNICAL)),
    "lantern-brief": Case("lantern.md", ScriptSettings(verbosity=Verbosity.BRIEF)),
    "lantern-two-hosts": Case("lantern.md", ScriptSettings(speakers=2)),
    "lantern-all": Case("lantern.md", ScriptSettings(release="all")),
    "quarry-two-hosts": Case("quarry.md", ScriptSettings(speakers=2, tone=Tone.TECHNICAL)),
    "quarry-detailed": Case("quarry.md", ScriptSettings(verbosity=Verbosity.DETAILED)),
    "harbor-severe": Case("harbor.md", ScriptSettings(product_name="Harbor", tone=Tone.ENTHUSIASTIC, severity_aware_tone=True)),
    "kettle": Case("kettle.md", ScriptSettings(product_name="Kettle")),
    "commits": Case("commits.md", ScriptSettings(product_name="Tidal", tone=Tone.PROFESSIONAL)),
    "orchard-unreleased": Case("orchard.md", ScriptSettings(release="unreleased")),
    "orchard-all": Case("orchard.md", ScriptSettings(release="all", tone=Tone.ENTHUSIASTIC)),
    "guide": Case("guide.md"),
    "guide-two-hosts": Case("guide.md", ScriptSettings(speakers=2)),
    "guide-brief": Case("guide.md", ScriptSettings(verbosity=Verbosity.BRIEF, tone=Tone.PROFESSIONAL)),
    "guide-verbatim": Case("guide.md", writer="verbatim"),
    "lantern-verbatim": Case("lantern.md", writer="verbatim"),
    "hebrew": Case("hebrew.md"),
    "hollow": Case("hollow.md"),
}


def source_of(case: Case) -> Source:
    return read_source(SAMPLES / case.source)


def written(case: Case) -> WrittenScript:
    source = source_of(case)
    releases = ()
    if source.source_type is SourceType.CHANGELOG:
        releases = select_releases(source, release=case.settings.release)
    return writer(case.writer).write(WriteRequest(source, case.settings, releases), CancelToken())


@pytest.mark.parametrize("name", CASES)
def test_a_sample_is_written_as_it_was_heard(name: str) -> None:
    text = format_script(written(CASES[name]).script)
    assert text == (SAMPLES / f"{name}.script.md").read_text(encoding="utf-8")
    assert format_script(parse_script(text)) == text


@pytest.mark.parametrize("name", CASES)
def test_every_number_and_code_of_a_line_stands_in_its_source_lines(name: str) -> None:
    case = CASES[name]
    script = written(case).script
    rows = (SAMPLES / case.source).read_text(encoding="utf-8").splitlines()
    for line in script.lines:
        assert line.source_lines is not None
        first, last = line.source_lines
        passage = "\n".join(rows[first - 1 : last])
        known = {number.lstrip("0") for number in re.findall(r"\d+", f"{passage} {script.title} {case.settings}")}
        assert {number.lstrip("0") for number in re.findall(r"\d+", line.shown)} <= known, line
        assert all(code in passage for code in re.findall(r"`([^`]+)`", line.shown)), line


@pytest.mark.parametrize("name", CASES)
def test_a_line_is_short_enough_to_say_in_one_go(name: str) -> None:
    assert max(len(line.text) for line in written(CASES[name]).script.lines) <= 300
