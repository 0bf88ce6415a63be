"""A question to one version of a dataset, and a version taken away as a file, as people ask on the command line."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from cupola.errors import InvalidInput, NotAllowed
from cupola.lake import DOWNLOAD_KINDS, Limits, NotReleased, Recalled, copy_whole, parse
from cupola.lake import Version as LakeVersion
from cupola.web.data.models import Dataset
from cupola.web.data.queries.lake import lake
from cupola.web.data.queries.records import DatasetUnknown, sensitive_columns

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


def write_download(key: str, *, to: Path, number: int | None = None, all_columns: bool = False) -> dict[str, Any]:
    """Write a version to the file `to`, its kind told by the name; where its files were made, that is a copy.

    `all_columns`: with those that no page shows. Raises as `ask` does, and InvalidInput.
    """
    dataset = check_open(key)
    kind = next((kind for kind in sorted(DOWNLOAD_KINDS, key=len, reverse=True) if to.name.endswith(f".{kind}")), None)
    if kind is None:
        raise InvalidInput(f"{to}: the name must end in one of {', '.join(f'.{kind}' for kind in DOWNLOAD_KINDS)}.")
    version = lake().version(key, number=number)
    made = None if all_columns else _made(version, kind)
    if made is None:
        lake().download(version, to=to, kind=kind, hidden=() if all_columns else sensitive_columns(dataset))
    else:
        copy_whole(made, to)
    return {"key": key, "version": version.number, "rows": version.rows, "file": str(to), "made_before": bool(made)}


def _made(version: LakeVersion, kind: str) -> Path | None:
    """Return the file of that kind that was made when the version became public."""
    try:
        release = lake().registry.get(version.dataset, version=version.number)
    except (NotReleased, Recalled):
        return None
    paths = [lake().root / one.path for one in lake().downloads(release) if one.name == f"{version.dataset}.{kind}"]
    return next((path for path in paths if path.exists()), None)


def check_open(key: str) -> Dataset:
    """Return a dataset whose rows may leave. Raises DatasetUnknown, RowsRestricted."""
    dataset = Dataset.objects.filter(key=key).first()
    if dataset is None:
        raise DatasetUnknown(key)
    if not dataset.shows_rows:
        raise RowsRestricted(key)
    return dataset
