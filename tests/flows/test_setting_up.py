"""Two of the README's commands at once: the second waits, and neither takes away what the other has installed."""

from __future__ import annotations

import importlib.util
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("set_up", ROOT / "packaging" / "environment.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    venv = tmp_path / ".venv"
    for name, value in {"VENV": venv, "STAMP": venv / "stamp.json", "LOCK": tmp_path / ".venv.lock"}.items():
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(module, "_missing_packages", lambda *, programs: [])
    module.done = []

    def make():
        module.done.append("cleared")
        module._python().parent.mkdir(parents=True, exist_ok=True)
        module._python().touch()

    monkeypatch.setattr(module, "_make_venv", make)
    monkeypatch.setattr(module, "_install_project", lambda extras: module.done.append(",".join(extras)))
    return module


def test_the_second_command_waits_for_the_first(environment, capsys):
    with environment._alone():
        second = threading.Thread(target=environment.prepare, args=(("voices",),))
        second.start()
        second.join(0.2)
        assert environment.done == []
    second.join(5)
    assert environment.done == ["cleared", "voices"]
    assert "waiting" in capsys.readouterr().err


def test_what_only_lacks_an_extra_is_not_cleared(environment):
    environment.prepare(("voices",))
    environment.prepare(("voices", "test"))
    environment.prepare(("voices",))
    assert environment.done == ["cleared", "voices", "test,voices"]


@pytest.mark.parametrize("stamp", ["", "{", '{"wanted": {"python": "2.7", "root": "/elsewhere"}}'])
def test_another_python_or_a_broken_set_up_is_made_anew(environment, stamp):
    environment.prepare(("voices",))
    environment.STAMP.write_text(stamp)
    environment.done.clear()
    environment.prepare(("voices",))
    assert environment.done == ["cleared", "voices"]
