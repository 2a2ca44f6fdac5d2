"""Would the place that it goes to take this file? Its measures against a standard, pass or fail each.

Podcast: the loudness that Apple asks for (−16 LUFS ± 1, −19 in mono, true peak at most −1 dB). ACX: its audio submission
requirements. Everything is measured on the file as it is, after encoding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from declaim.audio.loudness import FileMeasure, measure_file
from declaim.audio.mp3_frames import Mp3Rates, mp3_rates
from declaim.model.settings import LoudnessStandard

_NO_LIMIT = "no limit"
_PODCAST_LUFS = {LoudnessStandard.PODCAST: -16.0, LoudnessStandard.PODCAST_MONO: -19.0}
_PEAK_DBTP = -1.0
_SHY_LU = 0.4
"""So far below its target a programme is said to be."""
_CLOSE_DB = 2.0
"""Peaks so close to their limit are why."""
_NAMES = {
    LoudnessStandard.PODCAST: "Podcast",
    LoudnessStandard.PODCAST_MONO: "Podcast, mono",
    LoudnessStandard.ACX: "ACX audiobook",
    LoudnessStandard.NONE: "No standard",
}


@dataclass(frozen=True)
class SheetRow:
    """One measure: its ``figure`` and ``limit`` in words; ``passed`` is None where the standard sets no limit."""

    what: str
    figure: str
    limit: str = _NO_LIMIT
    passed: bool | None = None


@dataclass(frozen=True)
class DeliverySheet:
    file: str
    standard: LoudnessStandard
    rows: tuple[SheetRow, ...]
    note: str = ""
    """Why it is softer than it should be, and what to do."""

    @property
    def title(self) -> str:
        """The standard, for people."""
        return _NAMES[self.standard]

    @property
    def passed(self) -> bool:
        return all(row.passed is not False for row in self.rows)

    @property
    def verdict(self) -> str:
        if self.standard is LoudnessStandard.NONE:
            return "Measured; no standard was chosen."
        failed = [row.what.lower() for row in self.rows if row.passed is False]
        verdict = f"Does not pass: {', '.join(failed)}." if failed else "Passes."
        return f"{verdict} {self.note}".rstrip()

    def to_json(self) -> dict[str, Any]:
        rows = [asdict(row) for row in self.rows]
        return {"file": self.file, "standard": self.standard.value, "passed": self.passed, "note": self.note, "rows": rows}

    def to_text(self) -> str:
        """A table in plain text, a line for each measure."""
        words = {True: "pass", False: "FAIL", None: "-"}
        lines = [f"{words[row.passed]:5} {row.what:20} {row.figure:>16}   {row.limit}" for row in self.rows]
        return "\n".join([f"{self.file}: {self.title}. {self.verdict}", *lines]) + "\n"


def delivery_sheet(path: Path, standard: LoudnessStandard, name: str = "", channels: int | None = None) -> DeliverySheet:
    """Measures a finished file (memory stays flat) and judges it by ``standard``, as it was made for; ``name`` is what the sheet
    calls it, else its own; ``channels`` those that were asked for, where not the standard's.

    Raises:
        AudioError: as ``measure_file``.
    """
    measure, rates = measure_file(path), mp3_rates(path)
    rows = [_as_chosen(row, measure, channels) if channels else row for row in _JUDGES[standard](measure, rates)]
    return DeliverySheet(name or path.name, standard, tuple(rows), _note(measure, standard))


def _as_chosen(row: SheetRow, measure: FileMeasure, channels: int) -> SheetRow:
    """A number of channels that somebody chose is no mistake."""
    if row.what != "Channels" or row.passed is None:
        return row
    return SheetRow(row.what, row.figure, "mono" if channels == 1 else "stereo", measure.channels == channels)


def _note(measure: FileMeasure, standard: LoudnessStandard) -> str:
    target = _PODCAST_LUFS.get(standard)
    is_full = measure.true_peak_dbtp > _PEAK_DBTP - _CLOSE_DB
    if target is None or not is_full or not _SHY_LU <= target - measure.integrated_lufs < math.inf:
        return ""
    missing = target - measure.integrated_lufs
    why = f"It is {missing:.1f} LU below {_number(target)} LUFS: more would crush this voice."
    return f"{why} Choose more bits, or a calmer delivery."


def _podcast(standard: LoudnessStandard, channels: int) -> Callable[[FileMeasure, Mp3Rates | None], Iterator[SheetRow]]:
    target_lufs = _PODCAST_LUFS[standard]

    def judge(measure: FileMeasure, rates: Mp3Rates | None) -> Iterator[SheetRow]:
        yield _between("Loudness", measure.integrated_lufs, target_lufs - 1, target_lufs + 1, "LUFS")
        yield _at_most("True peak", measure.true_peak_dbtp, _PEAK_DBTP, "dBTP")
        wanted = "mono" if channels == 1 else "stereo"
        yield SheetRow("Channels", _channels(measure), wanted, measure.channels == channels)
        yield SheetRow("RMS", _level(measure.rms_db, "dB"))
        yield SheetRow("Noise floor", _level(measure.noise_floor_db, "dB"))
        yield _one_of("Sample rate", measure.rate_hz, (44_100, 48_000))
        yield SheetRow("Bit rate", _bit_rate(rates))
        yield SheetRow("Length", _length(measure.duration_ms))

    return judge


def _acx(measure: FileMeasure, rates: Mp3Rates | None) -> Iterator[SheetRow]:
    yield _between("RMS", measure.rms_db, -23.0, -18.0, "dB")
    yield _at_most("Peak", measure.sample_peak_db, -3.0, "dB")
    yield _at_most("Noise floor", measure.noise_floor_db, -60.0, "dB")
    yield _between("Room tone before", measure.head_ms / 1000, 0.5, 1.0, "s")
    yield _between("Room tone after", measure.tail_ms / 1000, 1.0, 5.0, "s")
    yield SheetRow("Length", _length(measure.duration_ms), "at most 120 min", measure.duration_ms <= 120 * 60_000)
    yield _one_of("Sample rate", measure.rate_hz, (44_100,))
    limit = "MP3, constant, at least 192 kbit/s"
    yield SheetRow("Bit rate", _bit_rate(rates), limit, rates is not None and rates.is_constant and rates.lowest >= 192)
    yield SheetRow("Channels", _channels(measure))
    yield SheetRow("Loudness", _level(measure.integrated_lufs, "LUFS"))
    yield SheetRow("True peak", _level(measure.true_peak_dbtp, "dBTP"))


def _free(measure: FileMeasure, rates: Mp3Rates | None) -> Iterator[SheetRow]:
    for row in _JUDGES[LoudnessStandard.PODCAST](measure, rates):
        yield SheetRow(row.what, row.figure)


_JUDGES: dict[LoudnessStandard, Callable[[FileMeasure, Mp3Rates | None], Iterator[SheetRow]]] = {
    LoudnessStandard.PODCAST: _podcast(LoudnessStandard.PODCAST, 2),
    LoudnessStandard.PODCAST_MONO: _podcast(LoudnessStandard.PODCAST_MONO, 1),
    LoudnessStandard.ACX: _acx,
    LoudnessStandard.NONE: _free,
}


def _between(what: str, value: float, low: float, high: float, unit: str) -> SheetRow:
    return SheetRow(what, _level(value, unit), f"{_number(low)} to {_number(high)} {unit}", low <= round(value, 2) <= high)


def _at_most(what: str, value: float, high: float, unit: str) -> SheetRow:
    return SheetRow(what, _level(value, unit), f"at most {_number(high)} {unit}", round(value, 2) <= high)


def _one_of(what: str, rate_hz: int, allowed: tuple[int, ...]) -> SheetRow:
    limit = " or ".join(f"{rate / 1000:g}" for rate in allowed)
    return SheetRow(what, f"{rate_hz / 1000:g} kHz", f"{limit} kHz", rate_hz in allowed)


def _level(value: float, unit: str) -> str:
    return f"{_number(round(value, 2))} {unit}" if math.isfinite(value) else "silence"


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def _channels(measure: FileMeasure) -> str:
    return {1: "mono", 2: "stereo"}.get(measure.channels, f"{measure.channels} channels")


def _bit_rate(rates: Mp3Rates | None) -> str:
    if rates is None:
        return "not an MP3"
    return f"{rates.lowest} kbit/s CBR" if rates.is_constant else f"{rates.lowest}–{rates.highest} kbit/s VBR"


def _length(duration_ms: int) -> str:
    minutes, seconds = divmod(round(duration_ms / 1000), 60)
    return f"{minutes}:{seconds:02d} min"
