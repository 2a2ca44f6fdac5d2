"""What cloud engines were paid for: one row for a day and an engine."""

from __future__ import annotations

from dataclasses import dataclass

from declaim.storage.database import Database, now


@dataclass(frozen=True)
class SpendRow:
    """``requests`` are lines; ``day`` is an ISO date."""

    day: str
    engine: str
    requests: int
    characters: int
    audio_ms: int
    cost_usd: float


class Spend:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, day: str, engine: str, *, requests: int = 1, characters: int = 0, audio_ms: int = 0, cost_usd: float) -> None:
        """Adds to the day's row. Not part of undo: what was paid stays paid."""
        self._database.write(
            """INSERT INTO spend (day, engine, model, requests, characters, audio_ms, cost_usd, updated_at)
            VALUES (?, ?, '', ?, ?, ?, ?, ?)
            ON CONFLICT (day, engine, model) DO UPDATE SET requests = requests + excluded.requests,
                characters = characters + excluded.characters, audio_ms = audio_ms + excluded.audio_ms,
                cost_usd = cost_usd + excluded.cost_usd, updated_at = excluded.updated_at""",
            day,
            engine,
            requests,
            characters,
            audio_ms,
            cost_usd,
            now(),
        )

    def all(self) -> tuple[SpendRow, ...]:
        """Every day and engine, the newest day first."""
        rows = self._database.rows(
            """SELECT day, engine, sum(requests), sum(characters), sum(audio_ms), sum(cost_usd) FROM spend
            GROUP BY day, engine ORDER BY day DESC, engine"""
        )
        return tuple(SpendRow(*row) for row in rows)
