"""Write service requests as CSV: seeded, with a few bad rows planted.

Row n is made from the seed and n alone, so any slice can be written again with other values.
"""

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cupola.contracts import Column, ColumnType, Contract, Duplicates

SEED = 20261122
BATCH = 50_000
START = datetime(2018, 1, 1)  # noqa: DTZ001 -- local wall time, as cities publish it
COLUMNS = (
    Column("request_number", ColumnType.INTEGER, required=True),
    Column("opened_at", ColumnType.TIMESTAMP, required=True),
    Column("closed_at", ColumnType.TIMESTAMP),
    Column("department", ColumnType.TEXT),
    Column("request_type", ColumnType.TEXT),
    Column("detail", ColumnType.TEXT),
    Column("status", ColumnType.TEXT),
    Column("channel", ColumnType.TEXT),
    Column("street_address", ColumnType.TEXT),
    Column("zip_code", ColumnType.TEXT),
    Column("ward", ColumnType.INTEGER),
    Column("latitude", ColumnType.FLOAT),
    Column("longitude", ColumnType.FLOAT),
    Column("days_promised", ColumnType.INTEGER),
    Column("outcome", ColumnType.TEXT),
)
CONTRACT = Contract(
    columns=COLUMNS,
    key=("request_number",),
    duplicates=Duplicates.QUARANTINE,
    time_column="opened_at",
    zone="America/Chicago",
)
DUCKDB_TYPES = {
    ColumnType.INTEGER: "BIGINT",
    ColumnType.TIMESTAMP: "TIMESTAMP",
    ColumnType.TEXT: "VARCHAR",
    ColumnType.FLOAT: "DOUBLE",
}
DEPARTMENTS = ("Streets", "Water", "Parks", "Buildings", "Health", "Forestry", "Lights", "Transit", "Animals")
SUBJECTS = ("Pothole", "Broken lamp", "Fallen tree", "Missed pick-up", "Graffiti", "Rats", "Leak", "Noise", "Sign")
DETAILS = ("on the roadway", "in the alley", "by a school", 'marked "urgent"', "at a corner", "reported twice")
STREETS = ("Oak St", "Peña Blvd", "Lake Shore Dr", "5th Ave", "Mill Rd", "Harbor Way", "Élan Ct", "State St")
CHANNELS = ("phone", "web", "app", "in person")
WORDS = "crew inspected site repaired replaced scheduled again found closed, left notice with owner for".split()  # noqa: SIM905


def write_both(plain: Path, planted: Path, *, rows: int) -> None:
    """Write `rows` clean requests, and the same with 40 that do not fit."""
    step = max(rows // 40, 1)
    with plain.open("w", newline="", encoding="utf-8") as clean, planted.open("w", newline="", encoding="utf-8") as bad:
        writers = [csv.writer(file, lineterminator="\n") for file in (clean, bad)]
        for writer in writers:
            writer.writerow([column.name for column in COLUMNS])
        for number, record in enumerate(_records(0, rows, version=0)):
            writers[0].writerow(record)
            if number % step == step // 2:
                record[10 if number % 2 else 1] = "n/k"
            writers[1].writerow(record)


def write_small(path: Path, *, number: int) -> None:
    """Write ten requests that no other file holds."""
    first = 1_000_000_000 + number * 10
    _write(path, rows=_records(first, first + 10, version=0))


def write_more(path: Path, *, rows: int, share: float) -> None:
    """Write new requests that follow the first `rows`."""
    _write(path, rows=_records(rows, rows + int(rows * share), version=0))


def write_changed(path: Path, *, rows: int, share: float) -> None:
    """Write changed requests among the latest fifth of the first `rows`, and as many new ones as a quarter of them."""
    count = int(rows * share)
    picked = np.unique(np.random.default_rng(SEED).integers(rows * 4 // 5, rows, count))

    def changed() -> Iterator[list[object]]:
        for start in range(rows * 4 // 5 // BATCH * BATCH, rows, BATCH):
            draws = _draws(start, version=1)
            for number in picked[(picked >= start) & (picked < start + BATCH)].tolist():
                yield _record(number, draws[number - start].tolist(), version=1)
        yield from _records(2 * rows, 2 * rows + count // 4, version=0)

    _write(path, rows=changed())


def _write(path: Path, *, rows: Iterator[list[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.name for column in COLUMNS])
        writer.writerows(rows)


def _records(first: int, last: int, *, version: int) -> Iterator[list[object]]:
    for start in range(first - first % BATCH, last, BATCH):
        draws = _draws(start, version=version)
        for number in range(max(first, start), min(last, start + BATCH)):
            yield _record(number, draws[number - start].tolist(), version=version)


def _draws(start: int, *, version: int) -> NDArray[np.float64]:
    return np.random.default_rng([SEED, start, version]).random((BATCH, 12))


def _record(number: int, draw: list[float], *, version: int) -> list[object]:
    opened = START + timedelta(seconds=number * 50 + int(draw[0] * 50))
    closed = opened + timedelta(seconds=int(draw[1] ** 2 * 5_000_000)) if draw[2] < 0.93 or version else None
    subject = SUBJECTS[int(draw[3] ** 2 * len(SUBJECTS))]
    words = [WORDS[int(draw[at] * 1e4) % len(WORDS)] for at in (4, 5, 6, 7, 8, 9, 4, 6)]
    return [
        number + 1,
        opened,
        closed or "",
        DEPARTMENTS[int(draw[4] * len(DEPARTMENTS))],
        subject,
        f"{subject} {DETAILS[int(draw[5] * len(DETAILS))]}",
        "closed" if closed else "open",
        CHANNELS[int(draw[6] * len(CHANNELS))],
        f"{int(draw[7] * 9900) + 1} {STREETS[int(draw[8] * len(STREETS))]}",
        f"0{int(draw[9] * 400) + 7000}",
        int(draw[10] * 50) + 1 if draw[10] > 0.02 else "",
        round(41.6 + draw[11] * 0.4, 6),
        round(-87.9 + draw[1] * 0.4, 6),
        (1, 3, 7, 14, 30)[int(draw[2] * 5)],
        " ".join(words) + "." if closed else "",
    ]
