"""What holds for every test: a library and settings of its own, no screen, and no warning that nobody announced."""

from __future__ import annotations

import itertools
import logging
import os
import sys

import pytest
from hypothesis import HealthCheck, settings

from tests.support.sound_server import sound_server  # noqa: F401 - a fixture for all

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Two noisy cores: a slow example is no failure, and the same examples run everywhere.
settings.register_profile(
    "declaim", deadline=None, max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)
settings.load_profile("declaim")


_status = 0


def pytest_sessionfinish(exitstatus):
    global _status
    _status = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure():
    """Ends the process here. Qt, PortAudio and the speech libraries are taken down by the interpreter in no order that they
    know of, and crash now and then after the last test has passed; the verdict of the tests must not hang on that."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(_status)


@pytest.fixture(scope="session")
def _homes(tmp_path_factory):
    """Paths of folders that are not there yet. Pytest's own numbered ones look through all before them: minutes in all."""
    root = tmp_path_factory.mktemp("homes")
    return (root / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _own_folders(_homes, monkeypatch):
    """Nothing of the person who runs the tests is read or written."""
    home = next(_homes)
    monkeypatch.setenv("DECLAIM_LIBRARY", str(home / "library"))
    monkeypatch.setenv("DECLAIM_CONFIG", str(home / "config"))
    for name in ("GEMINI_API_KEY", "ELEVENLABS_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def expected_warnings(caplog):
    """A warning that Declaim logs fails the test, unless the test says what it expects: `expected_warnings.append("words")`."""
    expected: list[str] = []
    caplog.set_level(logging.INFO)
    yield expected
    records = [record for when in ("setup", "call", "teardown") for record in caplog.get_records(when)]
    strays = [
        record.getMessage()
        for record in records
        if record.levelno >= logging.WARNING
        and record.name.startswith("declaim")
        and not any(words in record.getMessage() for words in expected)
    ]
    assert not strays, f"logged without being announced: {strays}"
