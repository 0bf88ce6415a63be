"""What each function of a measure gives: the same on DuckDB and on Spark, and what plain Python says it should be."""

import importlib
import importlib.util
import math
import shutil
import statistics
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from sqlglot import exp
from tests.conftest import lacking

from cupola import indicators
from cupola.contracts import Column, ColumnType, Contract
from cupola.indicators import Grain, Measure
from cupola.lake import Derived, Facts, Lake, Version
from cupola.periods import FiscalYears

pytestmark = [
    pytest.mark.slow,
    # py4j leaves its sockets to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore:unclosed:ResourceWarning"),
]
ZONE = "America/Chicago"
CONTRACT = Contract(
    columns=(
        Column("number", ColumnType.INTEGER, required=True),
        Column("opened_on", ColumnType.DATE),
        Column("closed_on", ColumnType.DATE),
        Column("opened_at", ColumnType.TIMESTAMP),
        Column("closed_at", ColumnType.TIMESTAMP),
        Column("seen_at", ColumnType.INSTANT),
        Column("ward", ColumnType.TEXT),
        Column("kind", ColumnType.CODE, allowed=(("a", ""), ("b", ""), ("it's", ""))),
        Column("cost", ColumnType.MONEY),
        Column("score", ColumnType.FLOAT),
        Column("large", ColumnType.INTEGER),
        Column("flag", ColumnType.BOOLEAN),
        Column("year", ColumnType.INTEGER),
    ),
    key=("number",),
    time_column="opened_on",
    zone=ZONE,
)
LARGE = 2**62  # two of them run over 64 bits
FISCAL = FiscalYears(7, 1)


def rows() -> list[dict[str, Any]]:
    """Sixty rows over two years: nulls in every column, days of both clock changes, years' ends, large numbers."""
    made = []
    for at in range(60):
        day = date(2023, 12, 20) + timedelta(days=at * 11)
        opened = datetime(day.year, day.month, day.day, at % 24, at % 60)  # noqa: DTZ001  local wall time
        seen = datetime(2024, 3, 10, 5, 30, tzinfo=UTC) + timedelta(hours=at * 7)
        made.append(
            {
                "number": at,
                "opened_on": None if at == 13 else day,
                "closed_on": None if at % 7 == 0 else day + timedelta(days=at % 9),
                "opened_at": opened,
                "closed_at": None if at % 7 == 0 else opened + timedelta(hours=at * 5, minutes=at),
                "seen_at": seen,
                "ward": None if at % 10 == 9 else str(at % 3 + 1),
                "kind": None if at % 11 == 10 else ("a", "b", "it's")[at % 3],
                "cost": None if at % 8 == 7 else Decimal(at * at * 7 + 1).scaleb(-2),
                "score": None if at % 9 == 8 else at / 7,
                "large": LARGE + at,
                "flag": None if at % 6 == 5 else at % 2 == 0,
                "year": 2023 + at // 25,
            }
        )
    return made


ROWS = rows()


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    found = Lake(tmp_path_factory.mktemp("spec"))
    columns = {name: [row[name] for row in ROWS] for name in ROWS[0]}
    types = {"cost": pa.decimal128(18, 2), "seen_at": pa.timestamp("us", "UTC")}
    table = pa.table({name: pa.array(values, types.get(name)) for name, values in columns.items()})
    derived = Derived(CONTRACT, table, exp.false(), holder="spec", facts=Facts())
    found.put("spec", derived, now=datetime(2026, 1, 1, tzinfo=UTC))
    return found


Engine = Callable[[exp.Query, Version], pa.Table]


@pytest.fixture(scope="module")
def spark(lake: Lake) -> Iterator[Any]:
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        lacking("no Spark: pip install 'cupola[spark]', and Java 17")
    session = importlib.import_module("cupola.lake.spark").Spark("local[1]")
    yield session
    session.close()


@pytest.fixture(scope="module", params=["duckdb", "spark"])
def engine(request: pytest.FixtureRequest, lake: Lake) -> Engine:
    if request.param == "duckdb":
        return lambda tree, held: lake.query(tree, inputs={"data": held})
    session = request.getfixturevalue("spark")
    return lambda tree, held: session.query(lake, tree, inputs={"data": held})  # type: ignore[no-any-return]


def values(engine: Engine, lake: Lake, measure: Measure) -> dict[tuple[str, str], float | None]:
    """Return the values by first day of the period and member, empty for the whole."""
    checked = indicators.check(measure, CONTRACT, fiscal_years=FISCAL)
    held = lake.version("spec")
    (statement,) = indicators.statements([checked])
    table = indicators.value_rows(statement, engine(statement.tree, held), versions={"spec": 1})
    return {
        (str(one.period.since), str(one.group["ward"] or "none") if one.group else ""): one.value
        for one in indicators.read_values(table)
    }


def there(found: list[dict[str, Any]], name: str) -> list[Any]:
    return [row[name] for row in found if row[name] is not None]


def share(found: list[dict[str, Any]], holds: Callable[[dict[str, Any]], bool]) -> float:
    return sum(holds(row) for row in found) / len(found)


def closed_within(row: dict[str, Any], most: int) -> bool:
    return row["closed_on"] is not None and (row["closed_on"] - row["opened_on"]).days <= most


def elapsed(found: list[dict[str, Any]]) -> list[float]:
    return [(row["closed_at"] - row["opened_at"]) / timedelta(days=1) for row in found if row["closed_at"] is not None]


def pairs(found: list[dict[str, Any]]) -> list[tuple[Decimal, float]]:
    return [(row["cost"], row["score"]) for row in found if row["cost"] is not None]


def part_of_cost(found: list[dict[str, Any]], kind: str) -> float:
    return float(sum(there([row for row in found if row["kind"] == kind], "cost")) / sum(there(found, "cost")))


def quantile(found: list[float], share: float) -> float:
    ordered = sorted(found)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


Oracle = Callable[[list[dict[str, Any]]], float | None]
FUNCTIONS: list[tuple[str, str, Oracle]] = [
    ("count()", "", len),
    ("count(closed_on)", "", lambda r: len(there(r, "closed_on"))),
    ("count(distinct kind)", "", lambda r: len({*there(r, "kind")})),
    ("share(days(opened_on, closed_on) <= 4)", "", lambda r: share(r, lambda x: closed_within(x, 4))),
    ("share(flag)", "", lambda r: share(r, lambda x: x["flag"] is True)),
    ("share(not flag)", "", lambda r: share(r, lambda x: x["flag"] is False)),
    ("share(kind = 'it''s' or kind is null)", "", lambda r: share(r, lambda x: x["kind"] in {"it's", None})),
    ("share(kind not in ('a', 'b'))", "", lambda r: share(r, lambda x: x["kind"] == "it's")),
    ("sum(cost)", "", lambda r: float(sum(there(r, "cost")))),
    ("sum(large)", "", lambda r: float(sum(there(r, "large")))),
    ("avg(cost)", "", lambda r: statistics.fmean(there(r, "cost"))),
    ("avg(large)", "", lambda r: float(sum(there(r, "large"))) / len(r)),
    ("median(cost)", "", lambda r: float(statistics.median(there(r, "cost")))),
    ("median(days(opened_at, closed_at))", "", lambda r: statistics.median(elapsed(r))),
    ("percentile(score, 0.9)", "", lambda r: quantile(there(r, "score"), 0.9)),
    ("min(cost)", "", lambda r: float(min(there(r, "cost")))),
    ("max(score)", "", lambda r: float(max(there(r, "score")))),
    ("sum(cost) / count()", "", lambda r: float(sum(there(r, "cost"))) / len(r)),
    ("sum(cost) filter (where kind = 'a') / sum(cost)", "", lambda r: part_of_cost(r, "a")),
    ("median(cost / score)", "score > 0", lambda r: statistics.median(float(c) / s for c, s in pairs(r))),
    ("sum(number * 3 - 1)", "", lambda r: sum(x["number"] * 3 - 1 for x in r)),
    ("sum(case when flag then cost else 0 end)", "", lambda r: float(sum(there([x for x in r if x["flag"]], "cost")))),
    ("avg(coalesce(score, 0))", "", lambda r: statistics.fmean(x["score"] or 0.0 for x in r)),
    ("count()", "upper(kind) like 'I%' and ward is not null", len),
    ("sum(abs(number - 30))", "month(opened_on) between 2 and 9", lambda r: sum(abs(x["number"] - 30) for x in r)),
    ("count()", "date(opened_at) >= '2024-06-01' and year(opened_on) = 2024", len),
    ("count(distinct date(seen_at))", "", lambda r: len({x["seen_at"].astimezone(ZoneInfo(ZONE)).date() for x in r})),
    ("avg(nullif(number, 4))", "", lambda r: statistics.fmean(x["number"] for x in r if x["number"] != 4)),
]
FILTERS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "": lambda x: True,
    "score > 0": lambda x: (x["score"] or 0) > 0,
    "upper(kind) like 'I%' and ward is not null": lambda x: x["kind"] == "it's" and x["ward"] is not None,
    "month(opened_on) between 2 and 9": lambda x: 2 <= x["opened_on"].month <= 9,
    "date(opened_at) >= '2024-06-01' and year(opened_on) = 2024": lambda x: (
        date(2024, 6, 1) <= x["opened_at"].date() <= date(2024, 12, 31)
    ),
}


def expected(oracle: Oracle, group: list[dict[str, Any]]) -> float:
    """What a function should give; 0 where Python has nothing to take it of."""
    try:
        return oracle(group) or 0.0
    except (statistics.StatisticsError, ValueError, IndexError):
        return 0.0


def grouped(grain: Grain, *, keep: Callable[[dict[str, Any]], bool]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in ROWS:
        if row["opened_on"] is None or not keep(row):
            continue
        since = indicators.period_of(row["opened_on"], grain, fiscal_years=FISCAL).since
        for member in ("", row["ward"] or "none"):
            found.setdefault((str(since), member), []).append(row)
    return found


def test_every_function_gives_what_plain_python_gives(engine: Engine, lake: Lake) -> None:
    for value, condition, oracle in FUNCTIONS:
        measure = Measure("one", "spec", value, Grain.YEAR, filter=condition, breakdowns=(("ward",),))
        found = values(engine, lake, measure)
        wanted = {key: expected(oracle, group) for key, group in grouped(Grain.YEAR, keep=FILTERS[condition]).items()}
        for key, should in wanted.items():
            given = found.get(key) or 0.0  # where no value counts there is no row
            assert given == pytest.approx(should, rel=1e-9), (value, condition, key)
        assert {key for key, given in found.items() if given is not None} <= set(wanted), (value, condition)


@pytest.mark.parametrize("grain", [Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR, Grain.FISCAL_YEAR])
def test_rows_fall_into_the_periods_python_puts_them_in(engine: Engine, lake: Lake, grain: Grain) -> None:
    found = values(engine, lake, Measure("one", "spec", "count()", grain))
    wanted = {key: len(group) for key, group in grouped(grain, keep=lambda row: True).items() if not key[1]}
    assert found == wanted


def test_years_in_numbers_are_calendar_or_fiscal_years(engine: Engine, lake: Lake) -> None:
    calendar = values(engine, lake, Measure("one", "spec", "count()", Grain.YEAR, time_column="year"))
    fiscal = values(engine, lake, Measure("one", "spec", "count()", Grain.FISCAL_YEAR, time_column="year"))
    assert calendar == {("2023-01-01", ""): 25, ("2024-01-01", ""): 25, ("2025-01-01", ""): 10}
    assert fiscal == {("2022-07-01", ""): 25, ("2023-07-01", ""): 25, ("2024-07-01", ""): 10}


def test_an_instant_falls_on_the_day_of_the_city(engine: Engine, lake: Lake) -> None:
    found = values(engine, lake, Measure("one", "spec", "count()", Grain.DAY, time_column="seen_at"))
    wanted: dict[tuple[str, str], int] = {}
    for row in ROWS:
        key = (str(row["seen_at"].astimezone(ZoneInfo(ZONE)).date()), "")
        wanted[key] = wanted.get(key, 0) + 1
    assert found == wanted


def test_what_was_not_tested_on_spark_is_refused_by_name() -> None:
    render = importlib.import_module("cupola.lake.sparksql")
    with pytest.raises(render.NotForSpark, match="APPROX_QUANTILE"):
        render.spark_sql(exp.select(exp.ApproxQuantile(this=exp.column("a"), quantile=exp.Literal.number("0.5"))))


def test_spark_reads_the_newest_vintage_and_every_vintage(spark: Any, lake: Lake, tmp_path: Path) -> None:
    contract = Contract(columns=(Column("name", ColumnType.TEXT),), vintaged=True, key=("name",))
    table = pa.table(
        {
            "name": ["a", "b", "a"],
            "vintage": [date(2024, 1, 1), date(2024, 1, 1), date(2025, 1, 1)],
            "vintage_precision": ["year"] * 3,
        }
    )
    lake.put(
        "rosters",
        Derived(contract, table, exp.false(), holder="spec", facts=Facts()),
        now=datetime(2026, 1, 2, tzinfo=UTC),
    )
    tree = exp.select(exp.alias_(exp.Count(this=exp.Star()), "n")).from_("data")
    held = {"data": lake.version("rosters")}
    assert spark.query(lake, tree, inputs=held).to_pylist() == [{"n": 1}]
    assert spark.query(lake, tree, inputs=held, all_vintages=True).to_pylist() == [{"n": 3}]
