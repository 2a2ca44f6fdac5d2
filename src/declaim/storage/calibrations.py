"""Calibrations: profiles under a name, of the user or of a project."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Sequence

from declaim.model.calibration import Calibration, Profile
from declaim.model.ids import CalibrationId, ProjectId
from declaim.storage.database import from_json, to_json
from declaim.storage.table import ItemTable, named

_FIGURES = [figure.name for figure in dataclasses.fields(Profile)]


class Calibrations(ItemTable):
    TABLE = "calibrations"
    NOUN = "calibration"

    def put(self, name: str, profile: Profile, advice: Sequence[str], project_id: ProjectId | None = None) -> CalibrationId:
        """Adds one; what had this name in the same place is measured anew and keeps its id."""
        name = named(name, self.NOUN)
        measured = {"profile": to_json(dataclasses.asdict(profile)), "advice": to_json(list(advice))}
        for known in self.of(project_id):
            if known.name == name and known.project_id == project_id:
                self._update(known.id, **measured)
                return known.id
        return CalibrationId(self._insert({"project_id": project_id, "name": name, **measured}))

    def get(self, calibration_id: CalibrationId) -> Calibration:
        return _calibration(self._fetch(calibration_id))

    def of(self, project_id: ProjectId | None) -> tuple[Calibration, ...]:
        """The user's own and the project's, by name."""
        rows = self._database.rows(
            """SELECT * FROM calibrations WHERE trashed_at IS NULL AND (project_id IS NULL OR project_id IS ?)
            ORDER BY name COLLATE NOCASE, id""",
            project_id,
        )
        return tuple(_calibration(row) for row in rows)


def _calibration(row: sqlite3.Row) -> Calibration:
    plain, advice = from_json(row["profile"]), from_json(row["advice"])
    figures = {name: float(plain.get(name) or 0.0) for name in _FIGURES}
    project_id = None if row["project_id"] is None else ProjectId(row["project_id"])
    said = tuple(str(each) for each in advice) if isinstance(advice, list) else ()
    return Calibration(CalibrationId(row["id"]), row["name"], Profile(**figures), said, project_id)
