"""A changelog of one thing over and over is written and spoken in bounded time."""

from __future__ import annotations

import time

import pytest

from declaim.documents import parse_source
from declaim.model.script import ScriptSettings, Verbosity
from declaim.model.work import CancelToken
from declaim.scripts import WriteRequest, writer
from declaim.speech import Speech

SPEECH = Speech()
UNITS = ["(a", "a.", "#1,", "<a ", "[x](", "`a` ", "- ", "1.2.", "https://a/", "@a ", "CVE-", "a/"]
UNITS += ["abcdef1 ", "#1 and ", "issue #1, ", "issue #1 ", "by @a, "]


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_6_000_times_over_takes_bounded_time(unit: str) -> None:
    text = f"# Changelog\n\n## 1.0.0\n\n- Fixed {unit * 6_000}\n"
    began = time.process_time()

    source = parse_source(text, origin="CHANGELOG.md")
    request = WriteRequest(source, ScriptSettings(release="all", verbosity=Verbosity.DETAILED), source.releases)
    script = writer("offline").write(request, CancelToken()).script
    for line in script.lines:
        SPEECH.speak_line(line)

    assert time.process_time() - began < 6
