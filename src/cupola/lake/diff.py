"""What changed between two editions of a dataset: by key, cell by cell; without a key, as multisets of rows.

Counts are exact. What is shown is limited. Rows are first compared by a 64-bit hash of what both have in common, so
that only the rows that differ are looked at cell by cell.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from cupola.contracts import VINTAGE, Contract
from cupola.lake import sqltext
from cupola.lake.columns import CREATED, ID, UPDATED, VINTAGE_PRECISION
from cupola.lake.reading import Input
from cupola.lake.versions import StoredField

SHOWN = 100
_TABLES = ("rows_a", "rows_b", "differing", "pairs")


@dataclass(frozen=True)
class Edition:
    """One side of a comparison: a version, and of a vintaged dataset one vintage (None: every one)."""

    version: int
    vintage: date | None = None


@dataclass(frozen=True)
class Cell:
    """One changed cell. `key`: the values that identify its row."""

    key: tuple[Any, ...]
    column: str
    before: Any
    after: Any


@dataclass(frozen=True)
class DiffRow:
    """A row that one side has more of. `count`: how many more; 1 where rows have a key."""

    values: dict[str, Any]
    count: int = 1


@dataclass(frozen=True)
class Retype:
    """A column both sides have, stored in different types."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Diff:
    """The difference from `a` to `b`.

    `key`: the columns rows were matched by; empty: rows were compared as multisets and none counts as changed.
    `cells_changed`: changed cells per column. `added`, `removed` and `cells` hold at most the number asked for;
    the counts are complete.
    """

    a: Edition
    b: Edition
    key: tuple[str, ...]
    rows_before: int
    rows_after: int
    rows_added: int
    rows_removed: int
    rows_changed: int
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    columns_retyped: tuple[Retype, ...] = ()
    cells_changed: dict[str, int] = field(default_factory=dict)
    added: tuple[DiffRow, ...] = ()
    removed: tuple[DiffRow, ...] = ()
    cells: tuple[Cell, ...] = ()

    @property
    def same(self) -> bool:
        """Say whether both hold the same rows in the same columns."""
        moved = self.rows_added or self.rows_removed or self.rows_changed
        return not (moved or self.columns_added or self.columns_removed or self.columns_retyped)


@dataclass(frozen=True)
class Side:
    """One side, ready to read."""

    edition: Edition
    input: Input
    contract: Contract


def compare(connection: duckdb.DuckDBPyConnection, a: Side, b: Side, *, limit: int = SHOWN) -> Diff:
    """Compare two sides over a connection that can read both."""
    try:
        return _Comparison(connection, a, b, limit=limit).diff()
    finally:
        for table in _TABLES:
            connection.execute(f"DROP TABLE IF EXISTS {table}")


class _Comparison:
    def __init__(self, connection: duckdb.DuckDBPyConnection, a: Side, b: Side, *, limit: int) -> None:
        self._connection, self._a, self._b, self._limit = connection, a, b, limit
        before, after = _columns(a), _columns(b)
        self._added = tuple(name for name in after if name not in before)
        self._removed = tuple(name for name in before if name not in after)
        self._retyped = tuple(
            Retype(name, before[name].type, one.type)
            for name, one in after.items()
            if name in before and before[name].type != one.type
        )
        self._common = [name for name in after if name in before]
        # The same column stored differently is compared as text, so that 5 and '5' are one value.
        self._as_text = {one.column for one in self._retyped}
        self._key = self._matching_key()

    def _matching_key(self) -> tuple[str, ...]:
        key = self._b.contract.key if self._b.contract.key == self._a.contract.key else ()
        both_dated = VINTAGE in self._common and self._a.edition.vintage is None and self._b.edition.vintage is None
        if not key or not set(key) <= set(self._common):
            return ()
        return (*key, VINTAGE) if both_dated else key

    def _value(self, name: str) -> str:
        quoted = sqltext.name(name)
        return f"{quoted}::VARCHAR" if name in self._as_text else quoted

    def _values(self, names: Sequence[str]) -> str:
        return ", ".join(self._value(name) for name in names)

    def _number(self, query: str) -> int:
        row = self._connection.execute(query).fetchone()
        assert row is not None
        return int(row[0] or 0)

    def _records(self, query: str) -> tuple[dict[str, Any], ...]:
        rows: list[dict[str, Any]] = self._connection.execute(query).to_arrow_table().to_pylist()
        return tuple(rows)

    def _compared(self) -> list[str]:
        """Return the columns whose values count: two vintages differ in their date by definition."""
        dates = {VINTAGE, VINTAGE_PRECISION} if self._a.edition.vintage != self._b.edition.vintage else set()
        return [name for name in self._common if name not in dates]

    def diff(self) -> Diff:
        """Compare by key where every key is unique on both sides, else as multisets."""
        key_hash = f"hash({self._values(self._key)})" if self._key else "0::UBIGINT"
        whole = self._whole()
        for name, side in (("rows_a", self._a), ("rows_b", self._b)):
            self._connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {key_hash} AS k, {whole} AS h FROM ({side.input.sql()})"
            )
        return self._by_key() if self._key and self._unique() else self._as_multisets()

    def _whole(self) -> str:
        """Return SQL for a hash over all that is compared of a row."""
        return f"hash({self._values(self._compared())})" if self._compared() else "0::UBIGINT"

    def _unique(self) -> bool:
        repeats = "SELECT count(*) FROM (SELECT k FROM {} GROUP BY k HAVING count(*) > 1)"
        return not any(self._number(repeats.format(name)) for name in ("rows_a", "rows_b"))

    def _totals(self) -> tuple[int, int]:
        return self._number("SELECT count(*) FROM rows_a"), self._number("SELECT count(*) FROM rows_b")

    def _by_key(self) -> Diff:
        before, after = self._totals()
        self._connection.execute(
            "CREATE OR REPLACE TEMP TABLE differing AS SELECT coalesce(a.k, b.k) AS k, a.k IS NULL AS added,"
            " b.k IS NULL AS removed FROM rows_a a FULL JOIN rows_b b ON a.k = b.k WHERE a.h IS DISTINCT FROM b.h"
        )
        cells_changed, rows_changed, cells = self._cells()
        return Diff(
            a=self._a.edition,
            b=self._b.edition,
            key=self._key,
            rows_before=before,
            rows_after=after,
            rows_added=self._number("SELECT count(*) FROM differing WHERE added"),
            rows_removed=self._number("SELECT count(*) FROM differing WHERE removed"),
            rows_changed=rows_changed,
            columns_added=self._added,
            columns_removed=self._removed,
            columns_retyped=self._retyped,
            cells_changed=cells_changed,
            added=self._rows(self._b, "added"),
            removed=self._rows(self._a, "removed"),
            cells=cells,
        )

    def _rows(self, side: Side, fate: str) -> tuple[DiffRow, ...]:
        shown = ", ".join(sqltext.name(name) for name in _columns(side))
        rows = self._records(
            f"SELECT {shown} FROM ({side.input.sql()}) WHERE hash({self._values(self._key)}) IN"
            f" (SELECT k FROM differing WHERE {fate}) ORDER BY {self._values(self._key)} LIMIT {self._limit:d}"
        )
        return tuple(DiffRow(row) for row in rows)

    def _cells(self) -> tuple[dict[str, int], int, tuple[Cell, ...]]:
        """Return changed cells per column, the number of rows they are in, and the first of them."""
        compared = [name for name in self._compared() if name not in self._key]
        picked = [*self._key, *compared]
        listed = ", ".join(f"{self._value(name)} AS c{number}" for number, name in enumerate(picked))
        one = "(SELECT hash({key}) AS k, {listed} FROM ({source}) WHERE hash({key}) IN ({both}))"
        both = "SELECT k FROM differing WHERE NOT added AND NOT removed"
        sides = [
            one.format(key=self._values(self._key), listed=listed, source=side.input.sql(), both=both)
            for side in (self._a, self._b)
        ]
        numbers = range(len(self._key), len(picked))
        keys = ", ".join(f"a.c{number} AS k{number}" for number in range(len(self._key)))
        values = "".join(f", a.c{number} AS a{number}, b.c{number} AS b{number}" for number in numbers)
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE pairs AS SELECT {keys}{values}"
            f" FROM {sides[0]} a JOIN {sides[1]} b ON a.k = b.k"
        )
        differs = {number: f"a{number} IS DISTINCT FROM b{number}" for number in numbers}
        counting = "SELECT count(*) FROM pairs WHERE {}"
        counts = {picked[number]: self._number(counting.format(differs[number])) for number in numbers}
        changed = self._number(counting.format(" OR ".join(differs.values()) or "false"))
        cells = self._shown_cells(picked, differs)
        return {name: count for name, count in counts.items() if count}, changed, cells

    def _shown_cells(self, picked: Sequence[str], differs: dict[int, str]) -> tuple[Cell, ...]:
        if not differs:
            return ()
        width = len(self._key)
        keys = ", ".join(f"k{number}" for number in range(width))
        rows = self._records(
            f"SELECT * FROM pairs WHERE {' OR '.join(differs.values())} ORDER BY {keys} LIMIT {self._limit:d}"
        )
        cells = [
            Cell(tuple(row[f"k{at}"] for at in range(width)), picked[number], row[f"a{number}"], row[f"b{number}"])
            for row in rows
            for number in differs
            if _differ(row[f"a{number}"], row[f"b{number}"])
        ]
        return tuple(cells[: self._limit])

    def _as_multisets(self) -> Diff:
        before, after = self._totals()
        self._connection.execute(
            "CREATE OR REPLACE TEMP TABLE differing AS SELECT h, sum(n)::BIGINT AS surplus FROM"
            " (SELECT h, 1 AS n FROM rows_b UNION ALL SELECT h, -1 FROM rows_a) GROUP BY h HAVING sum(n) <> 0"
        )
        return Diff(
            a=self._a.edition,
            b=self._b.edition,
            key=(),
            rows_before=before,
            rows_after=after,
            rows_added=self._number("SELECT sum(surplus) FROM differing WHERE surplus > 0"),
            rows_removed=self._number("SELECT -sum(surplus) FROM differing WHERE surplus < 0"),
            rows_changed=0,
            columns_added=self._added,
            columns_removed=self._removed,
            columns_retyped=self._retyped,
            added=self._counted(self._b, "surplus > 0"),
            removed=self._counted(self._a, "surplus < 0"),
        )

    def _counted(self, side: Side, which: str) -> tuple[DiffRow, ...]:
        """Return one row for each content there is more of on this side, with how many more."""
        names = [sqltext.name(name) for name in _columns(side)]
        whole = self._whole()
        # first() and not any_value(): that one skips nulls, and would put together a row there never was.
        shown = ", ".join(f"first({name}) AS {name}" for name in names)
        rows = self._records(
            f"SELECT abs(first(surplus)) AS row_surplus, {shown} FROM"
            f" (SELECT *, {whole} AS row_hash FROM ({side.input.sql()})) r"
            f" JOIN (SELECT h, surplus FROM differing WHERE {which}) d ON d.h = r.row_hash"
            f" GROUP BY row_hash ORDER BY {', '.join(str(at + 2) for at in range(len(names)))} LIMIT {self._limit:d}"
        )
        return tuple(DiffRow(count=row.pop("row_surplus"), values=row) for row in rows)


def _columns(side: Side) -> dict[str, StoredField]:
    """Return the columns people know, by name."""
    return {one.name: one for one in side.input.fields if one.name not in {ID, CREATED, UPDATED}}


def _differ(before: Any, after: Any) -> bool:
    """Say whether two values differ as SQL sees it, where one NaN equals another."""
    both_nan = before != before and after != after
    return not both_nan and before != after
