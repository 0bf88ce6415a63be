"""Twenty measures by month and district against one hand-written statement: from nothing, after an append, on Spark."""

import importlib
import importlib.util
import os
import resource
import subprocess
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from bench.table import show
from cupola import indicators
from cupola.contracts import Column, ColumnType, Contract
from cupola.indicators import Checked, Grain, Measure
from cupola.lake import Derived, Facts, Lake, Version
from cupola.periods import FiscalYears

DATASET, VALUES, CHUNK = "requests", "measure_values", 500_000
MONTHS, DISTRICTS = 120, 77
FIRST, NEWEST = date(2016, 1, 1), date(2025, 12, 1)
DBT = Path(__file__).resolve().parent.parent / ".venv-bench" / "bin" / "dbt"
NOW = datetime(2026, 2, 1, tzinfo=UTC)
YEARS = FiscalYears()
CONTRACT = Contract(
    columns=(
        Column("number", ColumnType.INTEGER, required=True),
        Column("opened_at", ColumnType.TIMESTAMP, required=True),
        Column("closed_at", ColumnType.TIMESTAMP),
        Column("due_at", ColumnType.TIMESTAMP, required=True),
        Column("district", ColumnType.TEXT),
        Column("kind", ColumnType.TEXT),
        Column("channel", ColumnType.TEXT),
        Column("cost", ColumnType.MONEY),
        Column("rating", ColumnType.FLOAT),
        Column("crew", ColumnType.INTEGER),
    ),
    key=("number",),
    time_column="opened_at",
)
# value, filter, and the same by hand
MEASURES = (
    ("count()", "", "count(*)"),
    ("count(closed_at)", "", "count(closed_at)"),
    ("share(closed_at <= due_at)", "", "count(*) FILTER (closed_at <= due_at) / count(*)"),
    ("share(channel = 'web')", "", "count(*) FILTER (channel = 'web') / count(*)"),
    ("share(closed_at is null)", "", "count(*) FILTER (closed_at IS NULL) / count(*)"),
    ("median(days(opened_at, closed_at))", "", "median(date_diff('microsecond', opened_at, closed_at) / 86400e6)"),
    (
        "percentile(days(opened_at, closed_at), 0.9)",
        "",
        "quantile_cont(date_diff('microsecond', opened_at, closed_at) / 86400e6, 0.9)",
    ),
    ("avg(days(opened_at, closed_at))", "", "avg(date_diff('microsecond', opened_at, closed_at) / 86400e6)"),
    ("sum(cost)", "", "sum(cost)"),
    ("avg(cost)", "", "avg(cost)"),
    ("median(cost)", "", "median(cost::DOUBLE)"),
    ("max(cost)", "", "max(cost)"),
    ("avg(rating)", "", "avg(rating)"),
    ("count(distinct crew)", "", "count(DISTINCT crew)"),
    ("count()", "kind = 'k1'", "count(*) FILTER (kind = 'k1')"),
    (
        "share(closed_at <= due_at)",
        "kind = 'k1'",
        "count(*) FILTER (kind = 'k1' AND closed_at <= due_at) / count(*) FILTER (kind = 'k1')",
    ),
    (
        "median(days(opened_at, closed_at))",
        "kind = 'k1'",
        "median(date_diff('microsecond', opened_at, closed_at) / 86400e6) FILTER (kind = 'k1')",
    ),
    ("sum(cost) / count()", "", "sum(cost)::DOUBLE / count(*)"),
    ("sum(cost) filter (where kind = 'k2') / sum(cost)", "", "sum(cost) FILTER (kind = 'k2')::DOUBLE / sum(cost)"),
    ("count(distinct kind)", "", "count(DISTINCT kind)"),
)


def measure(folder: Path, rows: int, *, repeats: int) -> None:
    """Print each figure beside its limit."""
    lake = _lake(folder / "measures", rows)
    checked = [_checked(number, value, condition) for number, (value, condition, _sql) in enumerate(MEASURES)]
    held = lake.version(DATASET, number=rows // CHUNK)
    by_hand, computed, stored = _in_turn(
        [
            lambda: _by_hand(lake, held),
            lambda: _computed(lake, checked, held),
            lambda: _stored(lake, checked, held, old=False),
        ],
        repeats,
    )
    cells = _check_same(_by_hand(lake, held), _computed(lake, checked, held))
    show(f"20 measures, {cells:,} rows: one statement by hand", _said(by_hand), "the peer", met=True)
    ratio = computed[0] / by_hand[0]
    show("the same measures as values", f"{_said(computed)} = {ratio:.2f} x", "<= 1.3 x", met=ratio <= 1.3)
    ratio = stored[0] / by_hand[0]
    show("and committed as a table of values", f"{_said(stored)} = {ratio:.2f} x", "no limit", met=True)
    _beside_dbt(lake, held, folder / "dbt", ours=stored)
    _after_an_append(lake, checked, rows, full=stored)
    _on_spark(lake, checked, held)


def _lake(root: Path, rows: int) -> Lake:
    lake = Lake(root, memory="2GB")
    for number in range(len(lake.versions(DATASET)), rows // CHUNK):
        _append(lake, number * CHUNK, CHUNK, rows=rows)
    return lake


def _append(lake: Lake, first: int, count: int, *, rows: int, newest: bool = False) -> Version:
    """Add requests, made from their numbers alone; `newest`: all in the newest month."""
    span = "INTERVAL (i % 27 * 86400 + hash(i) % 86400) SECOND"
    since = (
        f"TIMESTAMP '{NEWEST}' + {span}"
        if newest
        else f"TIMESTAMP '{FIRST}' + INTERVAL (i * 315500000 // {rows}) SECOND"
    )
    made = duckdb.connect().execute(
        f"""SELECT i AS number, {since} AS opened_at,
        CASE WHEN hash(i, 1) % 100 < 93 THEN {since} + INTERVAL ((hash(i, 2) % 2000) * (hash(i, 3) % 1500)) SECOND END
          AS closed_at,
        {since} + INTERVAL (1 + hash(i, 4) % 14) DAY AS due_at,
        (1 + hash(i, 5) % {DISTRICTS})::VARCHAR AS district, 'k' || (hash(i, 6) % 12) AS kind,
        CASE hash(i, 7) % 4 WHEN 0 THEN 'web' WHEN 1 THEN 'phone' WHEN 2 THEN 'app' ELSE 'desk' END AS channel,
        (hash(i, 8) % 500000 / 100)::DECIMAL(18, 2) AS cost, hash(i, 9) % 1000 / 100 AS rating,
        (hash(i, 10) % 40)::BIGINT AS crew FROM range({first}, {first + count}) t(i)"""
    )
    derived = Derived(CONTRACT, made.to_arrow_table(), exp.false(), holder="bench", facts=Facts())
    return lake.put(DATASET, derived, now=NOW)


def _checked(number: int, value: str, condition: str) -> Checked:
    one = Measure(f"m{number:02d}", DATASET, value, Grain.MONTH, filter=condition, breakdowns=(("district",),))
    return indicators.check(one, CONTRACT, fiscal_years=YEARS)


def _said(spent: tuple[float, float]) -> str:
    return f"{spent[0]:.2f} s CPU, {spent[1]:.2f} s"


def _spent(work: Callable[[], object]) -> tuple[float, float]:
    """Return CPU seconds of all threads, and seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def _in_turn(works: Sequence[Callable[[], object]], repeats: int) -> list[tuple[float, float]]:
    """Return the least CPU seconds, and the seconds of that run, of each work; they run in turn."""
    spent = [[_spent(work) for work in works] for _ in range(repeats)]
    return [min(runs) for runs in zip(*spent, strict=True)]


def _hand_written(lake: Lake, held: Version) -> str:
    """Return what someone who knows the table would write."""
    listed = ", ".join(f"{sql} AS m{number:02d}" for number, (_value, _filter, sql) in enumerate(MEASURES))
    files = ", ".join(f"'{one.path}'" for one in lake.table(DATASET).files(held))
    return f"""SELECT date_trunc('month', opened_at)::DATE AS period, district, grouping(district) AS whole, {listed}
        FROM read_parquet([{files}]) GROUP BY GROUPING SETS ((period), (period, district))"""


def _by_hand(lake: Lake, held: Version) -> pa.Table:
    with duckdb.connect(config={"memory_limit": "2GB", "threads": 2}) as connection:
        return connection.execute(_hand_written(lake, held)).to_arrow_table()


def _beside_dbt(lake: Lake, held: Version, folder: Path, *, ours: tuple[float, float]) -> None:
    """Let dbt-duckdb make a table of the statement by hand, and say how long its whole run took."""
    if not DBT.exists():
        print("dbt is not installed (make bench does); its row is left out", flush=True)
        return
    (folder / "models").mkdir(parents=True, exist_ok=True)
    (folder / "dbt_project.yml").write_text(
        "name: bench\nversion: 1.0.0\nprofile: bench\nmodels: {+materialized: table}\n"
    )
    (folder / "profiles.yml").write_text(
        f"bench: {{target: here, outputs: {{here: {{type: duckdb, path: '{folder / 'dbt.duckdb'}', threads: 1,"
        " settings: {memory_limit: 2GB, threads: 2}}}}\n"
    )
    (folder / "models" / "measure_values.sql").write_text(_hand_written(lake, held) + "\n")
    quiet = {"DO_NOT_TRACK": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    command = [str(DBT), "run", "--no-version-check", "--project-dir", str(folder), "--profiles-dir", str(folder)]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=folder, env={**os.environ, **quiet}, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"dbt failed: {done.stdout[-1500:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    show(
        "dbt-duckdb: the same table, a whole run",
        f"{_said((cpu, wall))} = {cpu / ours[0]:.2f} x ours",
        "no limit",
        met=True,
    )


def _computed(
    lake: Lake, checked: Sequence[Checked], held: Version, *, periods: Sequence[date] | None = None
) -> pa.Table:
    tables = []
    for statement in indicators.statements(checked, periods=periods):
        result = lake.query(statement.tree, inputs={indicators.DATA: held})
        tables.append(indicators.value_rows(statement, result, versions={DATASET: held.number}))
    return pa.concat_tables(tables)


def _stored(lake: Lake, checked: Sequence[Checked], held: Version, *, old: bool) -> pa.Table:
    """Compute and commit; `old`: only the periods that differ from the version before."""
    periods: list[date] | None = None
    condition: exp.Expr = exp.true()
    if old:
        before = lake.version(DATASET, number=held.number - 1)
        touched = lake.query_touched(indicators.touched_periods(checked[0]), before=before, after=held)
        periods = sorted(touched.column(indicators.PERIOD).to_pylist())
        days = [exp.cast(exp.Literal.string(str(day)), "DATE") for day in periods]
        condition = exp.column("period", quoted=True).isin(*days)
    rows = _computed(lake, checked, held, periods=periods)
    if old:
        tree = exp.select("*").from_("data").where(condition)
        known = lake.query(tree, inputs={"data": lake.version(VALUES)}).select(rows.column_names)
        indicators.changes(known, rows)
    earlier, newest = indicators.parted(rows)
    derived = Derived(indicators.contract(), earlier, condition, holder="bench", facts=Facts(), soon=newest)
    lake.put(VALUES, derived, now=NOW)
    return rows


def _after_an_append(lake: Lake, checked: Sequence[Checked], rows: int, *, full: tuple[float, float]) -> None:
    count = rows // 100
    held = _append(lake, lake.version(DATASET).rows * 10, count, rows=rows, newest=True)
    spent = _spent(lambda: _stored(lake, checked, held, old=True))
    limit = max(0.15 * full[0], 0.5)
    whole = _computed(lake, checked, held)
    kept = lake.query(exp.select("*").from_("data"), inputs={"data": lake.version(VALUES)}).select(whole.column_names)
    differing = indicators.changes(kept, whole)
    what = f"after 1 % more in the newest month ({count:,} rows)"
    show(what, _said(spent), f"<= {limit:.2f} s CPU", met=spent[0] <= limit)
    said = f"{len(differing)} of {len(whole):,} differ"
    show("and the same as computing everything again", said, "none", met=not differing)


def _check_same(by_hand: pa.Table, values: pa.Table) -> int:
    """Compare every value with the one written by hand; return how many rows there are."""
    for number in range(len(MEASURES)):
        key = f"m{number:02d}"
        mine = values.filter(pc.equal(values.column("measure"), key))
        found = {(row["period"], row["member"] if row["by"] else None): row["value"] for row in mine.to_pylist()}
        wanted = by_hand.select(["period", "district", "whole", key]).to_pylist()
        for row in wanted:
            value = float(row[key] or 0)  # where no row counts, there is none in the table of values
            other = found.get((row["period"], None if row["whole"] else row["district"])) or 0.0
            if abs(other - value) > 1e-9 * max(abs(other), 1e-9):
                raise SystemExit(f"{key} {row['period']} {row['district']}: {other}, by hand {value}")
    return len(by_hand)


def _on_spark(lake: Lake, checked: Sequence[Checked], held: Version) -> None:
    if importlib.util.find_spec("pyspark") is None:
        print("Spark is not installed; its row is left out", flush=True)
        return
    spark = importlib.import_module("cupola.lake.spark").Spark()
    (statement,) = indicators.statements(checked)
    started = time.perf_counter()
    result = spark.query(lake, statement.tree, inputs={indicators.DATA: held})
    spent = time.perf_counter() - started
    theirs = indicators.value_rows(statement, result, versions={DATASET: held.number})
    differing = indicators.changes(_computed(lake, checked, held), theirs)
    spark.close()
    show(
        f"on Spark, local ({spent:.0f} s after its start)", f"{len(differing)} values differ", "none", met=not differing
    )
