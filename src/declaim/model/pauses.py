"""How long it is quiet between two lines: what suits each delivery, and what the user chose instead."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from declaim.errors import InputError
from declaim.model.delivery import DeliveryPreset

PAUSE_LIMITS_MS = (0, 10_000)


@dataclass(frozen=True)
class PauseSettings:
    """How long it is quiet between two lines, in milliseconds; -1 for what suits the delivery.

    By how the first one ends: ``sentence_ms`` ``question_ms`` ``trailing_ms`` (an ellipsis) ``open_ms`` (a comma, a colon, no
    mark); at least ``speaker_ms`` where the speaker changes and ``chapter_ms`` where a chapter ends.
    """

    sentence_ms: int = -1
    question_ms: int = -1
    open_ms: int = -1
    trailing_ms: int = -1
    speaker_ms: int = -1
    chapter_ms: int = -1

    def __post_init__(self) -> None:
        low, high = PAUSE_LIMITS_MS
        for name, pause_ms in self.chosen.items():
            if not low <= pause_ms <= high:
                what = f"It cannot be quiet for {pause_ms / 1000:g} s ({name.removesuffix('_ms')})."
                raise InputError(what, cure=f"Choose {low} to {high // 1000} seconds.")

    @property
    def chosen(self) -> dict[str, int]:
        """Those that are not left to the delivery."""
        return {name: pause_ms for name, pause_ms in dataclasses.asdict(self).items() if pause_ms != -1}


@dataclass(frozen=True)
class Pauses:
    """Milliseconds after a line, before the delivery's ``pause_scale``: by how its text ends, and at least ``speaker_ms``
    where the speaker changes and ``chapter_ms`` where a chapter ends."""

    sentence_ms: int = 420
    question_ms: int = 480
    open_ms: int = 240
    """After a comma, a colon, a dash, or no mark at all."""
    trailing_ms: int = 620
    """After an ellipsis."""
    speaker_ms: int = 350
    chapter_ms: int = 1100


PAUSES = {
    DeliveryPreset.MEASURED: Pauses(520, 580, 300, 750, 450, 1400),
    DeliveryPreset.DYNAMIC: Pauses(),
    DeliveryPreset.THEATRICAL: Pauses(560, 700, 280, 950, 420, 1600),
}


def pauses_of(preset: DeliveryPreset, chosen: PauseSettings) -> Pauses:
    """Those of a delivery, but for what is chosen."""
    return dataclasses.replace(PAUSES[preset], **chosen.chosen)
