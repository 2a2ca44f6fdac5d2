"""Lines: a script's utterances, each with the audio last made for it."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, NamedTuple

from declaim.model.cue import CueError, shown_text
from declaim.model.delivery import DeliveryPreset
from declaim.model.ids import LineId, LineKey, ScriptId
from declaim.model.library import LineDraft, LineRow
from declaim.storage.database import now
from declaim.storage.table import ItemTable

_EDITED = ("place", "chapter", "speaker", "text", "delivery", "source_first", "source_last")
"""What an edit of the script writes; the rest is what a render made of it."""
_TYPED = ("chapter", "speaker", "text", "delivery")
"""What a script's text says of a line."""
_Said = tuple[str, str]
"""Speaker and text of a line."""
_GAP = 1024
"""Between two places at first, so that a line set between others moves none of them."""


class LineMade(NamedTuple):
    """Of a line, what the last render made."""

    key: LineKey | None
    failure: str
    suspicion: str


class Lines(ItemTable):
    """Lines have no trash of their own: a line that is gone from its script is deleted (and undo brings it back)."""

    TABLE = "lines"
    NOUN = "line"

    def of(self, script_id: ScriptId) -> tuple[LineRow, ...]:
        """In the script's order; ``position`` counts from 0."""
        rows = self._database.rows("SELECT * FROM lines WHERE script_id = ? ORDER BY place, id", script_id)
        return tuple(_line(row, position) for position, row in enumerate(rows))

    def made(self, script_id: ScriptId) -> dict[LineId, LineMade]:
        """What was made of each line, in the script's order: the light part of the rows."""
        sql = "SELECT id, key, failure, suspicion FROM lines WHERE script_id = ? ORDER BY place, id"
        return {LineId(number): LineMade(*rest) for number, *rest in self._database.rows(sql, script_id)}

    def speakers(self, script_id: ScriptId) -> tuple[str, ...]:
        """In order of appearance."""
        sql = "SELECT speaker FROM lines WHERE script_id = ? GROUP BY speaker ORDER BY min(place), min(id)"
        return tuple(row[0] for row in self._database.rows(sql, script_id))

    def get(self, line_id: LineId) -> LineRow:
        row = self._fetch(line_id)
        before = "SELECT count(*) FROM lines WHERE script_id = ? AND (place, id) < (?, ?)"
        return _line(row, int(self._database.value(before, row["script_id"], row["place"], line_id)))

    def replace(self, script_id: ScriptId, drafts: Sequence[LineDraft]) -> None:
        """Makes these the script's lines, in this order. A draft with the id of a row of this script continues it (the first to
        name it), any other is new; of a row that goes on, only what differs is written.

        A row whose speaker or text changed keeps its key, which says what it is stale against, and loses failure and suspicion.
        """
        rows = self._database.rows(f"SELECT id, {', '.join(_EDITED)} FROM lines WHERE script_id = ?", script_id)
        self._write(script_id, {row_id: edited for row_id, *edited in rows}, drafts)

    def revise(self, script_id: ScriptId, drafts: Sequence[LineDraft]) -> None:
        """Makes these, as somebody typed them, the script's lines: finds which row each continues (see :func:`align_lines`) and
        keeps the source lines of what goes on. Touches only what lies between the first and the last line that differs.
        """
        columns = ", ".join(_TYPED)
        rows = self._database.rows(f"SELECT {columns}, id, place FROM lines WHERE script_id = ? ORDER BY place, id", script_id)
        before = [tuple(row)[: len(_TYPED)] for row in rows]
        after = [(draft.chapter, draft.speaker, draft.text, draft.delivery) for draft in drafts]
        head = _common(before, after)
        tail = _common(before[head:][::-1], after[head:][::-1])
        ids = [row["id"] for row in rows[head : len(rows) - tail]]
        above = rows[head - 1]["place"] if head else 0
        below = rows[len(rows) - tail]["place"] if tail else None
        if not self._revise_between(script_id, ids, drafts[head : len(drafts) - tail], above, below):
            old = self.of(script_id)
            self.replace(script_id, _with_sources(old, align_lines(old, drafts)))

    def _revise_between(
        self, script_id: ScriptId, ids: Sequence[int], drafts: Sequence[LineDraft], above: int, below: int | None
    ) -> bool:
        """Revises a passage whose places lie between two numbers; False where there is no room for its lines."""
        found = [self._fetch(line_id) for line_id in ids]
        old = [_line(row, position) for position, row in enumerate(found)]
        edited = {row["id"]: [row[column] for column in _EDITED] for row in found}
        return self._write(script_id, edited, _with_sources(old, align_lines(old, drafts)), above, below)

    def _write(
        self,
        script_id: ScriptId,
        old: Mapping[int, list[object]],
        drafts: Sequence[LineDraft],
        above: int = 0,
        below: int | None = None,
    ) -> bool:
        """``old`` are the rows that the drafts take the place of, as columns of ``_EDITED``."""
        ids = _claimed(old, drafts)
        places = _places_between([None if line_id is None else old[line_id][0] for line_id in ids], above, below)
        if places is None:
            return False
        for gone in old.keys() - set(ids):
            self._database.delete(self.TABLE, gone)
        for draft, line_id, place in zip(drafts, ids, places, strict=True):
            edited = _edited(draft, place)
            if line_id is None:
                values = dict(zip(_EDITED, edited, strict=True))
                self._insert({"script_id": script_id, "shown": _shown(draft.text), **values})
            elif old[line_id] != edited:
                self._change(line_id, old[line_id], edited)
        return True

    def set_outcome(
        self,
        line_id: LineId,
        *,
        key: LineKey | None = None,
        duration_ms: int | None = None,
        failure: str = "",
        suspicion: str = "",
    ) -> bool:
        """What a render made of the line: write it in a transaction that cannot be undone.

        False where the line was deleted meanwhile. A failure keeps the key of the audio made before.
        """
        made = {} if key is None else {"key": key, "duration_ms": duration_ms}
        values = {**made, "failure": failure, "suspicion": suspicion, "updated_at": now()}
        return self._database.update(self.TABLE, line_id, values)

    def keys(self) -> frozenset[LineKey]:
        """Every key that a line of the library names, trashed scripts included."""
        rows = self._database.rows("SELECT DISTINCT key FROM lines WHERE key IS NOT NULL")
        return frozenset(LineKey(key) for (key,) in rows)

    def _change(self, line_id: int, old: list[object], new: list[object]) -> None:
        changed = {column: after for column, before, after in zip(_EDITED, old, new, strict=True) if before != after}
        if "text" in changed:
            changed["shown"] = _shown(str(changed["text"]))
        if "text" in changed or "speaker" in changed:
            changed |= {"failure": "", "suspicion": ""}
        self._database.update(self.TABLE, line_id, {**changed, "updated_at": now()})


def align_lines(old: Sequence[LineRow], drafts: Sequence[LineDraft]) -> tuple[LineDraft, ...]:
    """The drafts with the ids of the rows they continue: unchanged lines in order first, then edited ones by their place
    between those, then lines that were moved elsewhere."""
    from difflib import SequenceMatcher

    before = [(row.speaker, row.text) for row in old]
    after = [(draft.speaker, draft.text) for draft in drafts]
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    matched = {index: index for index in range(head)}
    matched |= {len(after) - back: len(before) - back for back in range(1, tail + 1)}
    middle = SequenceMatcher(None, before[head : len(before) - tail], after[head : len(after) - tail], autojunk=False)
    for tag, i1, i2, j1, j2 in middle.get_opcodes():
        if tag == "equal" or (tag == "replace" and i2 - i1 == j2 - j1):
            matched |= {head + j1 + offset: head + i1 + offset for offset in range(i2 - i1)}
    matched |= _moved(before, after, matched)
    return tuple(replace(draft, id=old[matched[at]].id) if at in matched else draft for at, draft in enumerate(drafts))


def _with_sources(old: Sequence[LineRow], drafts: Sequence[LineDraft]) -> list[LineDraft]:
    """A line that goes on was made from what it was made from, whatever the drafts do not know of it."""
    known = {row.id: row.source_lines for row in old}
    return [
        draft if draft.source_lines else replace(draft, source_lines=known.get(draft.id)) if draft.id else draft
        for draft in drafts
    ]


def _claimed(old: Mapping[int, object], drafts: Sequence[LineDraft]) -> list[int | None]:
    """The row that each draft continues: the first draft that names it has it."""
    claimed: set[int] = set()
    ids: list[int | None] = []
    for draft in drafts:
        is_free = draft.id is not None and draft.id in old and draft.id not in claimed
        ids.append(draft.id if is_free else None)
        claimed.update(() if ids[-1] is None else (ids[-1],))
    return ids


def _common(before: Sequence[object], after: Sequence[object]) -> int:
    """How many are the same from the start."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(before), len(after)))


def _moved(before: Sequence[_Said], after: Sequence[_Said], matched: Mapping[int, int]) -> dict[int, int]:
    """Lines said elsewhere before, of those not matched yet."""
    free: dict[_Said, list[int]] = defaultdict(list)
    for at in sorted(set(range(len(before))) - set(matched.values()), reverse=True):
        free[before[at]].append(at)
    return {at: free[said].pop() for at, said in enumerate(after) if at not in matched and free[said]}


def _places_between(old: Sequence[Any], above: int, below: int | None) -> list[int] | None:
    """As :func:`_places`, between two places that stay; None where there is no room."""
    first, last = ([above] if above else []), ([below] if below is not None else [])
    places = _places([*first, *old, *last])
    if places[: len(first)] != first or places[len(places) - len(last) :] != last:
        return None
    return places[len(first) : len(places) - len(last)]


def _places(old: Sequence[int | None]) -> list[int]:
    """An increasing number for each line: its old one where that fits between its neighbours."""
    kept: list[int | None] = []
    highest = 0
    for place in old:
        fits = place is not None and place > highest
        kept.append(place if fits else None)
        highest = place if fits and place is not None else highest
    places: list[int] = []
    for is_kept, run in groupby(kept, key=lambda place: place is not None):
        if is_kept:
            places += [place for place in run if place is not None]
            continue
        count = len(list(run))
        last = places[-1] if places else 0
        end = len(places) + count
        ceiling = (kept[end] if end < len(kept) else None) or last + _GAP * (count + 1)
        if ceiling - last <= count:
            return [_GAP * (number + 1) for number in range(len(old))]
        places += [last + (ceiling - last) * number // (count + 1) for number in range(1, count + 1)]
    return places


def _edited(draft: LineDraft, place: int) -> list[object]:
    """A draft as the columns of ``_EDITED``."""
    first, last = draft.source_lines or (None, None)
    delivery = None if draft.delivery is None else draft.delivery.value
    return [place, draft.chapter, draft.speaker, draft.text, delivery, first, last]


def _shown(text: str) -> str:
    """For the search. A line that is being typed may hold half a cue."""
    try:
        return shown_text(text) if "{" in text else text
    except CueError:
        return text


def _line(row: sqlite3.Row, position: int) -> LineRow:
    first, key, delivery = row["source_first"], row["key"], row["delivery"]
    return LineRow(
        LineId(row["id"]),
        ScriptId(row["script_id"]),
        position,
        row["chapter"],
        row["speaker"],
        row["text"],
        None if first is None else (first, row["source_last"]),
        None if key is None else LineKey(key),
        row["duration_ms"],
        row["failure"],
        row["suspicion"],
        None if delivery is None else DeliveryPreset(delivery),
    )
