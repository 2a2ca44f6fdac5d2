"""What a render, a plan and a line to be heard are asked with: the script, its settings and the words of its project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from declaim.model.ids import ScriptId
from declaim.model.lexicon import LexiconEntry
from declaim.model.library import ScriptRow
from declaim.model.script import Script
from declaim.model.settings import RATES_HZ, StudioSettings
from declaim.scripts import parse_script
from declaim.storage import Library

if TYPE_CHECKING:
    from declaim.render import RenderRequest


def request_of(library: Library, script_id: ScriptId, out: Path) -> RenderRequest:
    """
    Raises:
        InputError: for a mistake in the script, with its line and column.
    """
    row = library.scripts.get(script_id)
    return request_of_row(row, lexicon_of(library, row), out)


def lexicon_of(library: Library, row: ScriptRow) -> tuple[LexiconEntry, ...]:
    return (*library.lexicon.of(None), *library.lexicon.of(row.project_id))


def request_of_row(row: ScriptRow, lexicon: tuple[LexiconEntry, ...], out: Path) -> RenderRequest:
    return request_for(parse_script(row.text), StudioSettings.from_json(row.settings), lexicon, out)


def request_for(script: Script, settings: StudioSettings, lexicon: tuple[LexiconEntry, ...], out: Path) -> RenderRequest:
    """A render of a script with its settings."""
    from declaim.render import RenderRequest

    return RenderRequest(
        script=script,
        cast=settings.cast,
        delivery=settings.delivery,
        lexicon=lexicon,
        out=out,
        loudness=settings.loudness,
        rate_hz=settings.rate_hz if settings.rate_hz in RATES_HZ else RATES_HZ[0],
        pronunciation_notes=settings.pronunciation_notes,
        verify=settings.verify,
    )
