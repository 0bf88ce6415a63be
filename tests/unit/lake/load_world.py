"""Sources and loads in a few words: rows of texts in, reports and rows out."""

import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from cupola.contracts import Column, ColumnType, Contract, CsvFile, Dialect, Landing, Reject, Vintage
from cupola.lake.catalog import LakeCatalog
from cupola.lake.lake import Lake
from cupola.lake.loading import load
from cupola.lake.loadreport import LoadReport, LoadRequest
from cupola.lake.reading import Engine, scan_sql, working
from cupola.lake.tables import Table

START = datetime(2026, 3, 1, tzinfo=UTC)
Texts = Sequence[Sequence[str | None]]


def column(name: str, kind: str, **facts: Any) -> Column:
    return Column(name, ColumnType(kind), **facts)


def landing(columns: Sequence[str], rows: Texts, *, source: str = "file.csv", **facts: Any) -> Landing:
    """Return a landing that is read row by row; `rejects`: its damaged rows, whose numbers are skipped."""
    rejects: list[Reject] = facts.pop("rejects", [])
    skipped = {reject.row for reject in rejects}
    numbers = [number for number in range(1, len(rows) + len(skipped) + 1) if number not in skipped]

    def batches() -> Any:
        step = 2 if len(rows) < 100 else 10_000
        for start in range(0, len(rows), step):
            part = rows[start : start + step]
            arrays = [pa.array([row[position] for row in part], pa.string()) for position in range(len(columns))]
            arrays.append(pa.array(numbers[start : start + step], pa.int64()))
            yield pa.RecordBatch.from_arrays(arrays, names=[*columns, "_row"])

    return Landing(source=source, columns=tuple(columns), batches=batches, rejects=rejects, **facts)


def csv_landing(path: Path, columns: Sequence[str], rows: Texts, **facts: Any) -> Landing:
    """Return a landing that the engine may read itself."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    careful = landing(columns, rows, source=path.name, **facts)
    file_facts: dict[str, Any] = {"rows": len(rows)} if "rows" in CsvFile.__dataclass_fields__ else {}
    read = CsvFile(path, Dialect(), **file_facts)
    return Landing(path.name, careful.columns, careful.batches, csv=read, vintage=careful.vintage)


class Harbour:
    """One dataset to load into. The clock moves a day with every load, and so does the content's fingerprint."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.table = Table(LakeCatalog(root), "permits")
        self.days = 0

    def load(self, contract: Contract, *landings: Landing, mode: str = "replace", **facts: Any) -> LoadReport:
        self.days += 1
        request = LoadRequest(
            dataset="permits",
            landings=landings,
            contract=contract,
            mode=mode,  # type: ignore[arg-type]
            fingerprint=facts.pop("fingerprint", f"content {self.days}"),
            now=START + timedelta(days=self.days),
            **facts,
        )
        return load(self.table, request, engine=Engine(threads=1))

    def rows(self, *columns: str) -> list[tuple[Any, ...]]:
        """Return these columns of the newest version, in the order of its files."""
        version = self.table.version()
        files = [file.path for file in self.table.files(version)]
        with working(Engine(threads=1)) as connection:
            scan = scan_sql(files, self.table.fields(version))
            table = connection.execute(f"SELECT {', '.join(columns)} FROM {scan}").to_arrow_table()
        return [tuple(row.values()) for row in table.to_pylist()]

    def quarantine(self) -> list[tuple[Any, ...]]:
        """Return what the newest version set aside."""
        table = Lake(self.root).quarantine("permits", number=self.table.version().number)
        return [tuple(line.values()) for line in table.to_pylist()]

    def stopped(self) -> list[tuple[Any, ...]]:
        """Return what the last stopped load set aside."""
        return [tuple(line.values()) for line in Lake(self.root).stopped("permits").to_pylist()]


def year(number: int) -> Vintage:
    return Vintage(date(number, 1, 1), "year")
