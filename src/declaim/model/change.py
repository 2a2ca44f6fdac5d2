"""What a write changed. Every view decides for itself what to redraw (Anki's ``OpChanges``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Changes:
    """Row ids by table, as ``{"recordings": {7}, "lines": {1, 2}}``; ``label`` names the step for the undo menu."""

    label: str = ""
    rows: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def touches(self, *tables: str) -> bool:
        return any(self.rows.get(table) for table in tables)

    def ids(self, table: str) -> frozenset[int]:
        return self.rows.get(table, frozenset())
