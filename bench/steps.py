"""The steps that are measured, each run in a process of its own: `python -m bench.steps STEP FOLDER ROWS`."""

import json
import os
import resource
import shutil
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from bench import generate
from cupola import lake as lakes
from cupola import sources
from cupola.contracts import CsvFile, Dialect, Landing
from cupola.contracts.dialect_sql import duckdb_table
from cupola.lake import reading

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = tuple(column.name for column in generate.COLUMNS)
PARQUET = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"


def landing(path: Path) -> Landing:
    """Fetch and land a file as a run does: fingerprint, detection of its dialect, proof that it is regular."""
    spec = sources.SourceSpec(file=path.name)
    fetched = sources.fetch(
        spec,
        base=path.parent,
        cache=path.parent / "cache",
        state={},
        limits=sources.Limits(),
        progress=lambda step, share: None,
    )
    return sources.land(fetched, scratch=path.parent / "scratch")


def load(folder: Path, name: str, *, mode: str, day: int) -> lakes.LoadReport:
    """Load one file of `folder` into its lake."""
    request = lakes.LoadRequest(
        dataset="requests",
        landings=(landing(folder / name),),
        contract=generate.CONTRACT,
        mode=mode,  # type: ignore[arg-type]
        fingerprint=f"{name} {day}",
        now=NOW + timedelta(days=day),
    )
    return lakes.Lake(folder / "lake").load(request)


def copy(folder: Path, rows: int) -> None:
    """Plain DuckDB: typed columns, one COPY, no check of anything."""
    types = {one.name: generate.DUCKDB_TYPES[one.type] for one in generate.COLUMNS}
    table = duckdb_table(CsvFile(folder / "plain.csv", Dialect()), NAMES)
    for name, kind in types.items():
        table = table.replace(f"'{name}': 'VARCHAR'", f"'{name}': '{kind}'")
    table = table.split(", force_not_null")[0] + ")"
    with reading.working(reading.Engine(temporary=folder / "spill")) as connection:
        connection.execute(f"COPY (SELECT * FROM {table}) TO '{folder / 'plain.parquet'}' {PARQUET}")


def first_load(folder: Path, rows: int) -> None:
    """Load with quarantine and key check, into an empty lake."""
    shutil.rmtree(folder / "lake", ignore_errors=True)
    report = load(folder, "planted.csv", mode="replace", day=0)
    if report.rows_quarantined == 0 or report.rows_read != rows:
        raise SystemExit(f"loaded {report.rows_read} rows, {report.rows_quarantined} set aside: not what was planted")


def publish(folder: Path, rows: int) -> None:
    """Load, profile, serving copy."""
    first_load(folder, rows)
    lake = lakes.Lake(folder / "lake")
    version = lake.version("requests")
    lake.build_profile(version)
    lake.build_serving(version)


def _released(folder: Path) -> tuple[lakes.Lake, lakes.Release]:
    lake = lakes.Lake(folder / "lake")
    public = lakes.PublicFacts("benc-hmrk", metadata={"title": "Requests"})
    return lake, lake.release(lake.version("requests"), at=NOW, public=public)


def row_file(folder: Path, rows: int) -> None:
    """Make the row file of what is public."""
    lake, release = _released(folder)
    if not lake.keep_row_file(release, limits=lakes.RowFileLimits(least_rows=1)):
        raise SystemExit("the row file was there already")


def downloads(folder: Path, rows: int) -> None:
    """Make the files people take away."""
    lake, release = _released(folder)
    lake.prepare_downloads(release, at=NOW)


def append(folder: Path, rows: int) -> None:
    """Append 1 % new rows."""
    load(folder, "more.csv", mode="append", day=1)


def upsert(folder: Path, rows: int) -> None:
    """Change 1 % of the rows and add some."""
    report = load(folder, "changed.csv", mode="upsert", day=2)
    if not report.rows_changed or not report.rows_added:
        raise SystemExit("the upsert changed nothing")


def touched(folder: Path) -> list[Path]:
    """Return the files the upsert will write again: those of the present version with a changed key."""
    lake = lakes.Lake(folder / "lake")
    files = [file.path for file in lake.table("requests").files(lake.version("requests"))]
    changed = duckdb_table(CsvFile(folder / "changed.csv", Dialect()), NAMES)
    found = duckdb.execute(
        f"SELECT DISTINCT filename FROM read_parquet({[str(path) for path in files]}, filename=true)"
        f" WHERE request_number IN (SELECT request_number::BIGINT FROM {changed})"
    ).fetchall()
    return [Path(row[0]) for row in found]


def rewrite(folder: Path, rows: int) -> None:
    """Plain DuckDB: read the same files and write them again as they are."""
    with reading.working(reading.Engine(temporary=folder / "spill")) as connection:
        for number, path in enumerate(json.loads((folder / "touched.json").read_text())):
            connection.execute(
                f"COPY (FROM read_parquet('{path}')) TO '{folder / f'again-{number}.parquet'}' {PARQUET}"
            )


def open_old(folder: Path, rows: int) -> None:
    """Find version 1 among all and read 100 of its rows."""
    lakes.Lake(folder / "lake").rows("requests", number=1, limit=100)


def thousand(folder: Path, rows: int) -> None:
    """Make versions of ten rows each until there are 1,000; print how long the last ten took."""
    held = lakes.Lake(folder / "lake").versions("requests")[-1].number
    spent: list[float] = []
    for number in range(held, 1000):
        name = "small.csv"
        generate.write_small(folder / name, number=number)
        started = time.perf_counter()
        load(folder, name, mode="append", day=10 + number)
        spent.append(time.perf_counter() - started)
    last = sorted(spent[-10:])
    print(json.dumps({"median": last[len(last) // 2], "worst": last[-1], "early": sorted(spent[:10])[5]}))


def open_timed(folder: Path, rows: int) -> None:
    """Open a lake of 1,000 versions, find the files of the first, and say how long that took."""
    reports = []
    for _ in range(5):
        started = time.perf_counter()
        table = lakes.Lake(folder / "lake").table("requests")
        table.files(table.version(number=1))
        reports.append(time.perf_counter() - started)
    print(json.dumps({"cold": reports[0], "warm": sorted(reports[1:])[1]}))


def raw_csv(folder: Path, rows: int) -> None:
    """Plain DuckDB: write every public column of a home's one serving copy as CSV, quoted as ours is, into a pipe."""
    (copy,) = (folder / "lake" / "serving" / "requests").glob("*.duckdb")
    columns = ", ".join(column.name for column in generate.COLUMNS)
    source, target = os.pipe()

    def drain() -> None:
        while os.read(source, 1 << 20):
            pass

    reader = threading.Thread(target=drain)
    with duckdb.connect(config={"threads": os.cpu_count() or 1}) as connection:
        connection.execute(f"ATTACH '{copy}' AS copy (READ_ONLY)")
        started = time.perf_counter()
        reader.start()
        connection.execute(f"COPY (SELECT {columns} FROM copy.rows) TO '/dev/fd/{target}' (FORMAT csv, FORCE_QUOTE *)")
        os.close(target)
        reader.join()
        print(time.perf_counter() - started)


STEPS: dict[str, Callable[[Path, int], None]] = {
    "copy": copy,
    "first_load": first_load,
    "publish": publish,
    "row_file": row_file,
    "downloads": downloads,
    "append": append,
    "upsert": upsert,
    "rewrite": rewrite,
    "open_old": open_old,
    "thousand": thousand,
    "open_timed": open_timed,
    "raw_csv": raw_csv,
}


def main() -> None:
    """Run one step; print what it says, then its CPU (user and system, all threads) and wall time without imports."""
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    STEPS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"cpu": cpu, "wall": time.perf_counter() - started}))


if __name__ == "__main__":
    main()
