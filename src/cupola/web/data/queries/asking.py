"""A question to one version of a dataset, and a version taken away as a file, as people ask on the command line."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from cupola.errors import InvalidInput, NotAllowed
from cupola.lake import Limits, parse
from cupola.web.data.models import Dataset
from cupola.web.data.queries.lake import lake
from cupola.web.data.queries.records import DatasetUnknown

KINDS = ("parquet", "csv", "csv.gz")
PATIENCE = Limits(seconds=120)


class RowsRestricted(NotAllowed):
    """Rows of a restricted dataset are not handed out."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"{key} is restricted: its rows are not handed out. `cupola data diff` gives counts.")


@dataclass(frozen=True)
class Answer:
    """What came out, and from which version."""

    version: int
    table: pa.Table


def ask(key: str, *, sql: str, number: int | None = None, all_vintages: bool = False) -> Answer:
    """Run one SELECT over the table `data`: the version `number` or the latest, and of it the latest vintage or all.

    Raises DatasetUnknown, RowsRestricted, and what `Lake.query` raises.
    """
    check_open(key)
    version = lake().version(key, number=number)
    inputs = {"data": version}
    table = lake().query(parse(sql), inputs=inputs, limits=PATIENCE, all_vintages=all_vintages)
    return Answer(version.number, table)


def write_download(key: str, *, to: Path, number: int | None = None) -> dict[str, Any]:
    """Write a version to the file `to`, its kind told by the name. Raises as `ask` does, and InvalidInput."""
    check_open(key)
    kind = next((kind for kind in sorted(KINDS, key=len, reverse=True) if to.name.endswith(f".{kind}")), None)
    if kind is None:
        raise InvalidInput(f"{to}: the name must end in one of {', '.join(f'.{kind}' for kind in KINDS)}.")
    version = lake().version(key, number=number)
    lake().download(version, to=to, kind=kind)
    return {"key": key, "version": version.number, "rows": version.rows, "file": str(to)}


def check_open(key: str) -> None:
    """Check that the rows of a dataset may leave. Raises DatasetUnknown, RowsRestricted."""
    dataset = Dataset.objects.filter(key=key).first()
    if dataset is None:
        raise DatasetUnknown(key)
    if not dataset.shows_rows:
        raise RowsRestricted(key)
