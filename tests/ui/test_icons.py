from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtSvg import QSvgRenderer

import declaim.ui
from declaim.paths import resources_dir
from declaim.ui.appearance import apply_theme
from declaim.ui.icons import icon, pixmap
from declaim.ui.theme import DARK, LIGHT

FILES = sorted((resources_dir() / "icons").glob("*.svg"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_icon_is_a_drawing_that_qt_reads(qapp, path):
    assert QSvgRenderer(str(path)).isValid()


def test_every_icon_that_the_window_names_is_there():
    code = "\n".join(path.read_text(encoding="utf-8") for path in Path(declaim.ui.__file__).parent.rglob("*.py"))
    named = set(re.findall(r"(?:IconButton|EmptyState|pixmap|icon)\(\s*\"([a-z-]+)\"", code))
    assert named
    assert named <= {path.stem for path in FILES}


def test_an_icon_takes_the_colour_of_the_theme(qapp):
    seen = []
    for theme in (LIGHT, DARK):
        apply_theme(qapp, theme)
        image = pixmap("stop", 16).toImage()
        seen.append(image.pixelColor(8, 8).name())
    assert seen == [LIGHT.secondary.name(), DARK.secondary.name()]


def test_an_icon_is_sharp_on_a_screen_with_twice_the_pixels(qapp):
    drawn = pixmap("play", 16, ratio=2.0)
    assert (drawn.width(), drawn.devicePixelRatio()) == (32, 2.0)


def test_a_disabled_icon_looks_different(qapp):
    apply_theme(qapp, LIGHT)
    made = icon("play")
    assert made.pixmap(16, made.Mode.Normal).toImage() != made.pixmap(16, made.Mode.Disabled).toImage()


def test_an_icon_that_is_not_there_is_a_bug(qapp):
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")
