"""The import table, cycles and names, read from the code itself (the map is in `declaim/__init__.py`)."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src" / "declaim"
ROOT = SRC.parents[1]
MODULES = sorted(path for path in SRC.rglob("*.py") if "_resources" not in path.parts)

EVERYWHERE = {"errors", "paths", "process", "model"}
PARTS = {"documents", "scripts", "speech", "voices", "audio", "storage", "remote", "export", "jobs"}
MAY_IMPORT = {
    "errors": set(),
    "paths": {"errors"},
    "process": set(),
    "model": {"errors"},
    **dict.fromkeys(PARTS, EVERYWHERE),
    "render": EVERYWHERE | {"speech", "voices", "audio", "jobs"},
    "commands": EVERYWHERE | PARTS | {"render"},
    "ui": EVERYWHERE | PARTS | {"render", "commands"},
}
# Third-party packages that live in some places only.
KEPT_TO = {
    "PySide6": {"ui", "app"},
    "sqlite_utils": {"storage"},
    "sqlite3": {"storage"},
    "keyring": {"storage"},
    "numpy": {"model", "voices", "audio", "render"},
    "scipy": {"audio"},
    "soundfile": {"audio"},
    "sounddevice": {"audio"},
    "soxr": {"audio"},
    "lameenc": {"audio"},
    "parselmouth": {"audio"},
    "pydub": {"audio"},
    "mutagen": {"export"},
    "markdown_it": {"documents"},
    "mammoth": {"documents"},
    "pdfminer": {"documents"},
    "piper": {"voices"},
    "onnxruntime": {"voices"},
    "faster_whisper": {"voices"},
    "elevenlabs": {"voices"},
    "google": {"voices", "scripts"},
    "httpx2": {"remote"},
    "click": {"cli"},
    "rich": {"cli"},
}
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "manager", "common", "base", "misc"}


def part_of(path: Path) -> str:
    return path.relative_to(SRC).parts[0].removesuffix(".py")


def name_of(path: Path) -> str:
    relative = path.relative_to(SRC.parent).with_suffix("")
    return ".".join(relative.parts[:-1] if relative.name == "__init__" else relative.parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports_of(path: Path) -> set[str]:
    """Every absolute module name that a file imports, at its top, later or for its types; names imported from a package count as
    its modules too."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            found.add(node.module or "")
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_only_go_down(path):
    part = part_of(path)
    if part in {"__init__", "__main__", "app", "cli"}:
        return
    own = {name.split(".")[1] for name in imports_of(path) if name.startswith("declaim.")}
    forbidden = own - MAY_IMPORT[part] - {part, "__version__"}
    assert not forbidden, f"{name_of(path)} may not import {sorted(forbidden)}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_third_party_packages_stay_in_their_places(path):
    part = part_of(path)
    strays = {name.split(".")[0] for name in imports_of(path) if part not in KEPT_TO.get(name.split(".")[0], {part})}
    assert not strays, f"{name_of(path)} imports {sorted(strays)}"


def test_there_is_no_import_cycle():
    names = {name_of(path): path for path in MODULES}
    graph = {name: {other for other in imports_of(path) if other in names} - {name} for name, path in names.items()}
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, f"cycle: {' -> '.join([*trail[trail.index(name) :], name])}"
        if name not in done:
            for other in graph[name]:
                # A package's __init__ gathers its modules; a module that names its own package is no cycle of files.
                if not name.startswith(f"{other}."):
                    walk(other, (*trail, name))
            done.add(name)

    for name in graph:
        walk(name, ())


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_names_say_what_is_inside(path):
    assert path.stem not in NAMES_THAT_SAY_NOTHING


def test_the_top_level_is_exactly_what_was_agreed():
    kept = {"pyproject.toml", "src", "resources", "tests", "packaging", "README.md", "LICENSE"}
    made = {"build", "dist", "declaim-sample.mp3", "__pycache__"}
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} - made
    assert found == kept


def test_the_public_names_of_every_package_are_there():
    import importlib

    for path in MODULES:
        if path.name == "__init__.py":
            module = importlib.import_module(name_of(path))
            assert module.__doc__, f"{name_of(path)} lacks its map"
            for name in getattr(module, "__all__", ()):
                assert hasattr(module, name), f"{name_of(path)}.{name}"
