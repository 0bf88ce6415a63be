"""Values of the periods that changed, beside the others as they were: the same as computing everything again."""

import tempfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from cupola import indicators
from cupola.contracts import Column, ColumnType, Contract
from cupola.indicators import Checked, Grain, Measure
from cupola.lake import Derived, Facts, Lake, Version
from cupola.periods import FiscalYears

pytestmark = pytest.mark.slow
CONTRACT = Contract(
    columns=(
        Column("number", ColumnType.INTEGER, required=True),
        Column("opened_on", ColumnType.DATE),
        Column("days", ColumnType.INTEGER),
        Column("ward", ColumnType.TEXT),
        Column("cost", ColumnType.MONEY),
    ),
    key=("number",),
    time_column="opened_on",
)
MEASURES = [
    Measure(f"m{at}", "feed", value, grain, filter=condition, breakdowns=(("ward",),))
    for at, (value, grain, condition) in enumerate(
        [
            ("count()", Grain.MONTH, ""),
            ("median(days)", Grain.MONTH, ""),
            ("share(days <= 3)", Grain.QUARTER, "ward is not null"),
            ("sum(cost) / count()", Grain.FISCAL_YEAR, ""),
            ("count(distinct ward)", Grain.WEEK, "cost > 10"),
        ]
    )
]
CHECKED = [indicators.check(one, CONTRACT, fiscal_years=FiscalYears(7, 1)) for one in MEASURES]
NOW = datetime(2026, 1, 1, tzinfo=UTC)

row = st.fixed_dictionaries(
    {
        "opened_on": st.none() | st.dates(date(2024, 11, 1), date(2025, 9, 1)),
        "days": st.none() | st.integers(0, 9),
        "ward": st.none() | st.sampled_from(["1", "2", "10"]),
        "cost": st.none() | st.decimals(0, 99, places=2),
    }
)
# numbers of rows to take away, and rows to add; a number that is there already is a changed row
change = st.tuples(st.sets(st.integers(0, 25)), st.dictionaries(st.integers(0, 25), row, max_size=8))


def table(rows: dict[int, dict[str, Any]]) -> pa.Table:
    columns = {name: [one[name] for one in rows.values()] for name in ("opened_on", "days", "ward", "cost")}
    types = {"opened_on": pa.date32(), "days": pa.int64(), "ward": pa.string(), "cost": pa.decimal128(18, 2)}
    columns["cost"] = [None if one is None else Decimal(one) for one in columns["cost"]]
    arrays = {name: pa.array(values, types[name]) for name, values in columns.items()}
    return pa.table({"number": pa.array(list(rows), pa.int64()), **arrays})


def put(lake: Lake, rows: dict[int, dict[str, Any]], *, gone: set[int], day: int) -> Version:
    numbers = [exp.Literal.number(one) for one in gone | set(rows)]
    old = exp.column("number").isin(*numbers) if numbers else exp.false()
    derived = Derived(CONTRACT, table(rows), old, holder="test", facts=Facts())
    return lake.put("feed", derived, now=NOW + timedelta(days=day))


def computed(lake: Lake, one: Checked, held: Version, periods: list[date] | None = None) -> pa.Table:
    (statement,) = indicators.statements([one], periods=periods)
    result = lake.query(statement.tree, inputs={indicators.DATA: held})
    return indicators.value_rows(statement, result, versions={"feed": 1})


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.integers(0, 25), row, min_size=5, max_size=20), st.lists(change, min_size=1, max_size=3))
def test_touched_periods_alone_give_what_computing_everything_gives(
    rows: dict[int, dict[str, Any]], changes: list[tuple[set[int], dict[int, dict[str, Any]]]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake(Path(folder))
        held = put(lake, rows, gone=set(), day=0)
        kept = {one.measure.key: computed(lake, one, held) for one in CHECKED}
        for day, (gone, added) in enumerate(changes, start=1):
            before, held = held, put(lake, added, gone=gone, day=day)
            for one in CHECKED:
                touched = lake.query_touched(indicators.touched_periods(one), before=before, after=held)
                periods = sorted(found for found in touched.column(indicators.PERIOD).to_pylist() if found)
                old = kept[one.measure.key]
                stays = pc.invert(pc.is_in(old.column("period"), pa.array(periods, pa.date32())))
                new = computed(lake, one, held, periods) if periods else old.slice(0, 0)
                kept[one.measure.key] = pa.concat_tables([old.filter(stays), new])
                assert indicators.changes(kept[one.measure.key], computed(lake, one, held)) == ()
        lake.close()
