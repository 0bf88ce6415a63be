"""Measure a version: one pass for counts, extremes and quantiles, then cheap looks at single columns.

Memory stays bounded: sketches in the first pass; values are grouped only where the first pass found few of them,
and of the others the most frequent in a sample are counted exactly.
"""

import calendar
import math
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from cupola.contracts import Column, ColumnType, Contract
from cupola.lake import sqltext
from cupola.lake.columns import SYSTEM
from cupola.lake.keys import identity
from cupola.lake.profile import Bin, ColumnProfile, Profile, ValueCount
from cupola.lake.reading import Engine, Input, working

EXACT_UP_TO = 20_000  # distinct values that are grouped, and so counted exactly
TOP = 20
LISTED = 100  # of texts with so few values, all are kept: a page offers them without asking the rows
BINS = 20
SAMPLE = 20_000
SHARES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
_NUMBERS = {
    ColumnType.INTEGER,
    ColumnType.DECIMAL,
    ColumnType.MONEY,
    ColumnType.PERCENT,
    ColumnType.FLOAT,
    ColumnType.DURATION,
}
_TIMES = {ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.INSTANT}
_TEXTS = {ColumnType.TEXT, ColumnType.CODE, ColumnType.URL}
_UNMEASURED = {ColumnType.GEOMETRY}


def measure(source: Input, contract: Contract, *, dataset: str, version: int, engine: Engine) -> Profile:
    """Return the profile of the rows of `source`. Restricted and sensitive columns give only type and nulls."""
    tags = {tag.column for tag in contract.tags}
    known = {column.name: column for column in contract.columns}
    columns = [
        known.get(stored.name, Column(stored.name, ColumnType.TEXT))
        for stored in source.fields
        if stored.name in known or (stored.name in tags and stored.name not in SYSTEM)
    ]
    with working(engine) as connection:
        work = _Measuring(connection, source, contract=contract)
        return Profile(dataset=dataset, version=version, rows=work.rows, columns=work.measure(columns))


class _Measuring:
    def __init__(self, connection: duckdb.DuckDBPyConnection, source: Input, *, contract: Contract) -> None:
        self._connection = connection
        self._restricted = contract.restricted
        self._key = identity(contract)
        connection.execute(f"CREATE TEMP VIEW measured AS {source.sql()}")
        self.rows = int(self._all("SELECT count(*) FROM measured")[0][0])

    def _all(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall()

    def measure(self, columns: list[Column]) -> tuple[ColumnProfile, ...]:
        """Return the profile of each column, in order."""
        if not columns:
            return ()
        plans = {column.name: self._first_pass(column) for column in columns}
        listed = [expression for plan in plans.values() for expression in plan.values()]
        values = iter(self._all(f"SELECT {', '.join(listed)} FROM measured")[0])
        facts = {name: {fact: next(values) for fact in plan} for name, plan in plans.items()}
        sampled = self._sampled([one for one in columns if self._many(facts[one.name])])
        return tuple(self._column(column, facts[column.name], sampled.get(column.name, [])) for column in columns)

    def _hidden(self, column: Column) -> bool:
        return self._restricted or column.sensitive

    def _first_pass(self, column: Column) -> dict[str, str]:
        name = sqltext.name(column.name)
        plan = {"filled": f"count({name})"}
        if self._hidden(column) or column.type in _UNMEASURED:
            return plan
        plan["distinct"] = f"approx_count_distinct({name})"
        if column.type in _TEXTS:
            plan |= {"shortest": f"min(length({name}))", "longest": f"max(length({name}))"}
        elif column.type is not ColumnType.POINT:
            shown = f"timezone('UTC', {name})" if column.type is ColumnType.INSTANT else name
            plan |= {"minimum": f"min({shown})", "maximum": f"max({shown})"}
        if column.type in _NUMBERS:
            plan["mean"] = f"avg({name})"
        if column.type in _NUMBERS | _TIMES:
            shown = f"timezone('UTC', {name})" if column.type is ColumnType.INSTANT else name
            plan["quantiles"] = f"approx_quantile({shown}, [{', '.join(map(str, SHARES))}])"
        return plan

    def _many(self, facts: dict[str, Any]) -> bool:
        return bool(facts.get("distinct", 0) > EXACT_UP_TO)

    def _sampled(self, columns: list[Column]) -> dict[str, list[Any]]:
        """Return per column the values met more than once in a sample: candidates for the most frequent."""
        found: dict[str, list[Any]] = {}
        wanted = [column for column in columns if column.type not in _TIMES]
        if not wanted:
            return found
        names = ", ".join(sqltext.name(column.name) for column in wanted)
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE sampled AS SELECT {names} FROM measured USING SAMPLE"
            f" reservoir({SAMPLE} ROWS) REPEATABLE (1)"
        )
        for column in wanted:
            name = sqltext.name(column.name)
            found[column.name] = [
                value
                for (value,) in self._all(
                    f"SELECT {name} FROM sampled WHERE {name} IS NOT NULL GROUP BY 1 HAVING count(*) > 1"
                    f" ORDER BY count(*) DESC, 1 LIMIT {TOP}"
                )
            ]
        return found

    def _column(self, column: Column, facts: dict[str, Any], candidates: list[Any]) -> ColumnProfile:
        nulls = self.rows - int(facts["filled"])
        if self._hidden(column) or column.type in _UNMEASURED:
            return ColumnProfile(column.name, column.type, nulls, hidden=self._hidden(column))
        distinct, exact, top = self._values(column, facts, candidates)
        utc = UTC if column.type is ColumnType.INSTANT else None
        quantiles = zip(SHARES, facts.get("quantiles") or (), strict=False)
        return ColumnProfile(
            name=column.name,
            type=column.type,
            nulls=nulls,
            distinct=distinct,
            distinct_exact=exact,
            minimum=_zoned(facts.get("minimum"), utc),
            maximum=_zoned(facts.get("maximum"), utc),
            mean=None if facts.get("mean") is None else float(facts["mean"]),
            quantiles=tuple((share, _zoned(value, utc)) for share, value in quantiles),
            shortest=facts.get("shortest"),
            longest=facts.get("longest"),
            top=top,
            histogram=self._histogram(column, facts),
        )

    def _values(
        self, column: Column, facts: dict[str, Any], candidates: list[Any]
    ) -> tuple[int, bool, tuple[ValueCount, ...]]:
        name = sqltext.name(column.name)
        shown = f"timezone('UTC', {name})" if column.type is ColumnType.INSTANT else name
        if not self._many(facts):
            most = LISTED if column.type in _TEXTS else TOP
            rows = self._all(
                f"SELECT {shown}, count(*), count(*) OVER () FROM measured WHERE {name} IS NOT NULL GROUP BY 1"
                f" ORDER BY 2 DESC, 1 LIMIT {most}"
            )
            rows = rows if rows and rows[0][2] <= most else rows[:TOP]
            utc = UTC if column.type is ColumnType.INSTANT else None
            return (rows[0][2] if rows else 0), True, tuple(ValueCount(_zoned(v, utc), count) for v, count, _ in rows)
        if self._key == (column.name,):
            return int(facts["filled"]), True, ()  # the load checked that no two are the same
        estimate = min(int(facts["distinct"]), int(facts["filled"]))
        if not candidates:
            return estimate, False, ()
        marks = ", ".join("?" for _ in candidates)
        counted = self._connection.execute(
            f"SELECT {name}, count(*) FROM measured WHERE {name} IN ({marks}) GROUP BY 1 ORDER BY 2 DESC, 1", candidates
        ).fetchall()
        return estimate, False, tuple(ValueCount(value, count) for value, count in counted)

    def _histogram(self, column: Column, facts: dict[str, Any]) -> tuple[Bin, ...]:
        if facts.get("minimum") is None:
            return ()
        if column.type in _TIMES:
            return self._by_period(column, facts)
        return self._by_width(column, facts) if column.type in _NUMBERS else ()

    def _by_period(self, column: Column, facts: dict[str, Any]) -> tuple[Bin, ...]:
        first, last = _day(facts["minimum"]), _day(facts["maximum"])
        unit = "month" if (last.year - first.year) * 12 + last.month - first.month < 60 else "year"
        rows = self._all(
            f"SELECT CAST(date_trunc('{unit}', {sqltext.name(column.name)}) AS DATE), count(*) FROM measured"
            f" WHERE {sqltext.name(column.name)} IS NOT NULL GROUP BY 1 ORDER BY 1"
        )
        return tuple(Bin(start, _end(start, unit), count) for start, count in rows)

    def _by_width(self, column: Column, facts: dict[str, Any]) -> tuple[Bin, ...]:
        least, most = float(facts["minimum"]), float(facts["maximum"])
        shares = dict(zip(SHARES, facts["quantiles"], strict=True))
        low, high = float(shares[0.01]), float(shares[0.99])
        if low >= high:
            low, high = least, most
        if low >= high:
            return (Bin(least, most, int(facts["filled"])),)
        width = (high - low) / BINS
        if column.type is ColumnType.INTEGER:
            low, width = float(math.floor(low)), float(math.ceil(width))
        step = f"least({BINS - 1}, greatest(0, floor(({sqltext.name(column.name)}::DOUBLE - {low!r}) / {width!r})))"
        rows = self._all(
            f"SELECT CAST({step} AS INTEGER) AS step, count(*) FROM measured"
            f" WHERE {sqltext.name(column.name)} IS NOT NULL GROUP BY 1 ORDER BY 1"
        )
        counts = dict(rows)
        edges = [low + width * number for number in range(max(counts) + 2)]
        edges[0], edges[-1] = min(least, edges[0]), max(most, edges[-2])
        return tuple(Bin(edges[number], edges[number + 1], counts.get(number, 0)) for number in range(len(edges) - 1))


def _zoned(value: Any, zone: Any) -> Any:
    return value.replace(tzinfo=zone) if zone is not None and isinstance(value, datetime) else value


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _end(start: date, unit: str) -> date:
    if unit == "year":
        return date(start.year, 12, 31)
    return date(start.year, start.month, calendar.monthrange(start.year, start.month)[1])
