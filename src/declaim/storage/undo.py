"""Undo and redo across the library, and what a transaction changed.

The technique is sqlite.org/undoredo.html's, with values in place of SQL text: TEMP triggers on every table append a row to
``undo_log`` for each inserted, updated or deleted row. An update keeps only the columns that it changed (``mask`` says
which), so that undoing a rename does not undo what a render wrote to the same row since. A step is a range of the log; undoing it
writes the old values back, last first, which makes the triggers log the way forward again. The same log says which rows a
transaction changed, in any table, whether it can be undone or not.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from declaim.errors import LibraryError
from declaim.storage.database import Database, now
from declaim.storage.schema import OTHER_TABLES, UNDOABLE_TABLES

Rows = dict[str, frozenset[int]]
"""Ids of changed rows, by table."""


@dataclass(frozen=True)
class Step:
    """``first`` to ``last`` are its rows in the log. ``at`` is when it last grew, on the history's clock."""

    label: str
    merge_key: str
    first: int
    last: int
    at: float


class History:
    """The steps of this session, newest last; they end with it.

    ``limit`` steps are kept. Consecutive steps of one label and one ``merge_key`` within ``merge_within_s`` become one.
    """

    def __init__(self, database: Database, *, clock: Callable[[], float], limit: int = 200, merge_within_s: float = 2.0) -> None:
        self._database = database
        self._clock = clock
        self._limit = limit
        self._merge_within_s = merge_within_s
        self._columns: dict[str, tuple[str, ...]] = {}
        self._undo: list[Step] = []
        self._redo: list[Step] = []
        self._mark = 0

    @property
    def undo_label(self) -> str | None:
        return self._undo[-1].label if self._undo else None

    @property
    def redo_label(self) -> str | None:
        return self._redo[-1].label if self._redo else None

    def prepare(self) -> None:
        """Makes the log and its triggers, once, before the first write: opening a library does not wait for them."""
        if self._columns:
            return
        connection = self._database.connection
        columns = {table: _columns(connection, table) for table in UNDOABLE_TABLES}
        width = max(map(len, columns.values()))
        values = ", ".join(f"v{number}" for number in range(width))
        connection.execute(f"CREATE TEMP TABLE undo_log (seq INTEGER PRIMARY KEY, op, tab, row, mask, {values})")
        for table in OTHER_TABLES:
            _watch(connection, table, ())
        for table, names in columns.items():
            _watch(connection, table, names)
        self._columns = columns

    def start(self) -> None:
        """At the begin of a transaction."""
        self._mark = self._last_seq()

    def changed(self) -> Rows:
        """What the transaction changed so far."""
        found: dict[str, set[int]] = defaultdict(set)
        for table, row in self._database.rows("SELECT DISTINCT tab, row FROM undo_log WHERE seq > ?", self._mark):
            found[table].add(row)
        return {table: frozenset(ids) for table, ids in found.items()}

    def keep(self, label: str, merge_key: str) -> None:
        """After the commit of an undoable transaction: a new step, and nothing to redo any more."""
        self._forget_others(self._mark)
        last = self._last_seq()
        if last == self._mark:
            return
        self._drop(self._redo)
        self._redo = []
        step = Step(label, merge_key, self._mark + 1, last, self._clock())
        if self._joins(step):
            self._compact(self._undo[-1], self._mark)
            self._undo[-1] = replace(self._undo[-1], last=self._last_seq(), at=step.at)
        else:
            self._undo.append(step)
        self._drop(self._undo[: -self._limit])
        self._undo = self._undo[-self._limit :]

    def forget(self) -> None:
        """After the commit of a transaction that cannot be undone. Where it deleted items, older steps may lean on them."""
        deleted = self._database.rows("SELECT DISTINCT tab FROM undo_log WHERE seq > ? AND op = 'delete'", self._mark)
        if any(table in UNDOABLE_TABLES for (table,) in deleted):
            self.clear()
        else:
            self._log_delete("seq > ?", self._mark)

    def clear(self) -> None:
        """Nothing before now can be undone or redone."""
        self._log_delete("1")
        self._undo, self._redo = [], []

    def undo(self) -> tuple[str, Rows] | None:
        """The step's label and the rows changed, or None where there is nothing to undo."""
        return self._travel(self._undo, self._redo)

    def redo(self) -> tuple[str, Rows] | None:
        return self._travel(self._redo, self._undo)

    def _travel(self, away: list[Step], towards: list[Step]) -> tuple[str, Rows] | None:
        if not away:
            return None
        step = away[-1]
        self.start()
        try:
            with self._database.atomic():
                self._database.write("PRAGMA defer_foreign_keys = ON")
                self._apply(step)
                changed = self.changed()
        except sqlite3.IntegrityError as error:
            self.clear()
            cure = "Nothing was changed; the steps before it can no longer be undone either."
            raise LibraryError(f"'{step.label}' can no longer be undone or redone.", cure=cure) from error
        away.pop()
        self._drop([step])
        self._forget_others(self._mark)
        if (last := self._last_seq()) > self._mark:
            towards.append(Step(step.label, "", self._mark + 1, last, self._clock()))
        return step.label, changed

    def _apply(self, step: Step) -> None:
        """Where taking back a new item would take along what was made of it since (a take of a script), it is trashed instead."""
        entries = self._database.rows("SELECT * FROM undo_log WHERE seq BETWEEN ? AND ? ORDER BY seq DESC", step.first, step.last)
        own = {(entry["tab"], entry["row"]) for entry in entries}
        try:
            with self._database.atomic():
                self._revert(entries)
                touched = {(table, row) for table, ids in self.changed().items() for row in ids if table in UNDOABLE_TABLES}
                if not touched <= own:
                    raise _TouchesOthers
        except _TouchesOthers:
            self._revert(entries, trash_new=True)

    def _revert(self, entries: Iterable[sqlite3.Row], *, trash_new: bool = False) -> None:
        for entry in entries:
            match entry["op"]:
                case "insert" if trash_new:
                    self._trash(entry["tab"], entry["row"])
                case "insert":
                    self._database.delete(entry["tab"], entry["row"])
                case "delete":
                    self._database.insert(entry["tab"], {"id": entry["row"], **self._values(entry, -1)})
                case _:
                    self._database.update(entry["tab"], entry["row"], self._values(entry, entry["mask"]))

    def _values(self, entry: sqlite3.Row, mask: int) -> dict[str, object]:
        return {column: entry[f"v{number}"] for number, column in enumerate(self._columns[entry["tab"]]) if mask >> number & 1}

    def _trash(self, table: str, row_id: int) -> None:
        if "trashed_at" in self._columns[table]:
            self._database.update(table, row_id, {"trashed_at": now()})

    def _joins(self, step: Step) -> bool:
        if not step.merge_key or not self._undo:
            return False
        last = self._undo[-1]
        is_same = (last.label, last.merge_key) == (step.label, step.merge_key)
        return is_same and step.at - last.at <= self._merge_within_s

    def _compact(self, step: Step, mark: int) -> None:
        """Of what came after ``mark``, leaves out what the step knows already: typing writes one column many times, and the value
        before the first of them is enough."""
        self._log_delete(
            """seq > ? AND op = 'update' AND EXISTS (
                SELECT 1 FROM undo_log AS older
                WHERE older.seq BETWEEN ? AND ? AND older.tab = undo_log.tab AND older.row = undo_log.row
                AND (older.op = 'insert' OR older.op = 'update' AND older.mask & undo_log.mask = undo_log.mask))""",
            mark,
            step.first,
            mark,
        )

    def _forget_others(self, mark: int) -> None:
        marks = ", ".join("?" * len(OTHER_TABLES))
        self._log_delete(f"seq > ? AND tab IN ({marks})", mark, *OTHER_TABLES)

    def _drop(self, steps: Iterable[Step]) -> None:
        for step in steps:
            self._log_delete("seq BETWEEN ? AND ?", step.first, step.last)

    def _log_delete(self, where: str, *values: object) -> None:
        if self._columns:
            self._database.connection.execute(f"DELETE FROM undo_log WHERE {where}", values)

    def _last_seq(self) -> int:
        return int(self._database.value("SELECT coalesce(max(seq), 0) FROM undo_log"))


class _TouchesOthers(Exception):
    """Reverting a step would change rows that the step did not."""


def _columns(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    names = tuple(row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] != "id")
    if len(names) > 62:
        raise RuntimeError(f"{table} has more columns than a mask has bits")
    return names


def _watch(connection: sqlite3.Connection, table: str, columns: tuple[str, ...]) -> None:
    """TEMP triggers that log every change of a table; the old values too, where columns are named."""
    slots = "".join(f", v{number}" for number in range(len(columns)))
    changed = [f"OLD.{column} IS NOT NEW.{column}" for column in columns]
    mask = " | ".join(f"(({test}) << {number})" for number, test in enumerate(changed)) or "0"
    old = "".join(f", OLD.{column}" for column in columns)
    old_changed = "".join(f", CASE WHEN {test} THEN OLD.{column} END" for column, test in zip(columns, changed, strict=True))
    differs = f"WHEN {' OR '.join(changed)}" if changed else ""
    for op, row, condition, values in (
        ("insert", "NEW", "", None),
        ("update", "OLD", differs, f"{mask}{old_changed}"),
        ("delete", "OLD", "", f"0{old}"),
    ):
        into, given = ("", "") if values is None else (f", mask{slots}", f", {values}")
        connection.execute(f"""
            CREATE TEMP TRIGGER {table}_undo_{op} AFTER {op} ON main.{table} {condition}
            BEGIN INSERT INTO undo_log (op, tab, row{into}) VALUES ('{op}', '{table}', {row}.id{given}); END
            """)
