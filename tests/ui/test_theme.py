from __future__ import annotations

import itertools

import pytest

from declaim.ui.appearance import apply_theme
from declaim.ui.stylesheet import stylesheet
from declaim.ui.theme import DARK, LIGHT, ThemeChoice, current_theme, font, motion_ms, theme_for

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


def luminance(colour):
    """WCAG 2.2, relative luminance."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@THEMES
def test_text_can_be_read_on_every_ground(theme):
    texts = (theme.text, theme.secondary, theme.tertiary)
    grounds = (theme.background, theme.panel, theme.raised, theme.hover)
    chosen = ((theme.text, theme.accent_wash), (theme.secondary, theme.accent_wash))
    assert min(contrast(text, ground) for text, ground in (*itertools.product(texts, grounds), *chosen)) >= 4.5


@THEMES
def test_what_stands_on_the_accent_and_on_chips_can_be_read(theme):
    pairs = [(theme.on_accent, theme.accent), (theme.on_accent, theme.accent_hover), (theme.text, theme.mark), *theme.speakers]
    assert min(contrast(text, ground) for text, ground in pairs) >= 4.5


@THEMES
def test_states_stand_out_from_the_columns(theme):
    states = (theme.ready, theme.stale, theme.failed, theme.accent)
    assert min(contrast(state, ground) for state, ground in itertools.product(states, (theme.background, theme.panel))) >= 3


@THEMES
def test_six_speakers_have_six_colours(theme):
    assert len({text.name() for text, _ground in theme.speakers}) == 6


def test_hosts_and_narrator_keep_their_colours_wherever_they_appear():
    first, later = LIGHT.speaker_colours("HOST1", 0), LIGHT.speaker_colours("HOST1", 5)
    assert first == later
    assert len({LIGHT.speaker_colours(name, 0)[0].name() for name in ("HOST1", "HOST2", "NARRATOR", "ALICE")}) == 4


@THEMES
def test_an_applied_theme_is_the_current_one(qapp, theme):
    apply_theme(qapp, theme)
    assert current_theme() is theme
    assert qapp.palette().window().color() == theme.panel


@THEMES
def test_the_stylesheet_holds_no_token_that_was_not_filled_in(theme):
    assert "$" not in stylesheet(theme)


def test_a_choice_of_theme_overrules_the_system(qapp):
    assert theme_for(ThemeChoice.DARK) is DARK
    assert theme_for(ThemeChoice.LIGHT) is LIGHT
    assert theme_for(ThemeChoice.SYSTEM) in (LIGHT, DARK)


def test_fonts_are_measured_in_pixels(qapp):
    assert font(15).pixelSize() == 15


def test_nothing_moves_longer_than_150_ms(qapp):
    assert motion_ms() < 150
