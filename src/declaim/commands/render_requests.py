"""What a render, a plan and a line to be heard are asked with: the script, its settings and the words of its project."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from declaim.errors import InputError
from declaim.model.ids import ScriptId
from declaim.model.lexicon import LexiconEntry
from declaim.model.library import ScriptRow
from declaim.model.script import Script
from declaim.model.settings import BIT_RATES, RATES_HZ, StudioSettings, TagSettings
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


def tags_of(library: Library, row: ScriptRow) -> TagSettings:
    """As chosen for the script; the album is the project where none is."""
    tags = StudioSettings.from_json(row.settings).tags
    return tags if tags.album else dataclasses.replace(tags, album=library.projects.get(row.project_id).name)


def check_files(row: ScriptRow) -> None:
    """Tells of music and a cover that are gone before a take is begun.

    Raises:
        InputError: with what is missing.
    """
    settings = StudioSettings.from_json(row.settings)
    chosen = {f"{name} music": path for name, path in settings.music.files.items()} | {"cover": settings.tags.cover}
    for what, path in chosen.items():
        if path and not Path(path).is_file():
            cure = "Choose it again in the inspector, or clear it."
            raise InputError(f"The {what} is gone: there is no file '{path}'.", cure=cure)


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
        channels=settings.channels if settings.channels in (1, 2) else None,
        spread_percent=min(50, max(0, settings.spread_percent)),
        bit_rate=settings.bit_rate if settings.bit_rate in BIT_RATES else 192,
        vbr=settings.vbr if 0 <= settings.vbr <= 9 else None,
        pauses=settings.pauses,
        music=settings.music,
        pronunciation_notes=settings.pronunciation_notes,
        verify=settings.verify,
        is_calibrated=bool(settings.calibration_id),
    )
