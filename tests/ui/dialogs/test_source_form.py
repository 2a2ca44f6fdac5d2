"""Where downloaded voices come from: the official source, or another one."""

from __future__ import annotations

import pytest

from declaim.ui.dialogs.engine_form import SourceForm
from declaim.voices import Access


@pytest.fixture
def form(qtbot, studio):
    made = SourceForm(studio.catalogue, "piper")
    qtbot.addWidget(made)
    made.show()
    return made


def choose(form, text):
    form.base_url.setText(text)
    form.base_url.editingFinished.emit()


def test_the_official_source_is_shown_and_comes_back(form):
    official = form.base_url.text()
    assert official.startswith("https://")
    choose(form, "https://mirror.example/voices/")
    assert form.base_url.text() == Access().choices("piper").base_url == "https://mirror.example/voices"
    choose(form, "")
    assert form.base_url.text() == official


def test_what_is_no_address_is_refused(form, studio):
    choose(form, "somewhere")
    assert "not the address" in form.problem.text()
    assert studio.catalogue.source("piper").startswith("https://huggingface.co/")
