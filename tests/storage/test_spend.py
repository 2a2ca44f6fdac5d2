"""What was paid is counted by day and engine."""

from __future__ import annotations

from declaim.storage import Library
from declaim.storage.spend import SpendRow


def test_a_day_adds_up_and_undo_does_not_give_money_back(tmp_path):
    library = Library.in_memory(tmp_path)
    for cost in (0.25, 0.5):
        with library.transaction("Spend", undoable=False):
            library.spend.add("2026-11-22", "gemini", characters=100, audio_ms=6000, cost_usd=cost)
    with library.transaction("Spend", undoable=False):
        library.spend.add("2026-11-23", "gemini", cost_usd=1.0)
    library.undo()
    assert library.spend.all() == (
        SpendRow("2026-11-23", "gemini", 1, 0, 0, 1.0),
        SpendRow("2026-11-22", "gemini", 2, 200, 12_000, 0.75),
    )
    library.close()
