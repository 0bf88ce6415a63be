"""What a column's values are like: counts, extremes, quantiles, top values, histogram. Kept as JSON per version."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from cupola.contracts import ColumnType
from cupola.errors import NotFound


@dataclass(frozen=True)
class ValueCount:
    """One value and how many rows have it."""

    value: Any
    count: int


@dataclass(frozen=True)
class Bin:
    """One step of a histogram: values from `low` to `high`, `high` excluded except in the last step.

    Of dates it is a month or a year, and `high` its last day. The outer steps of numbers reach to the extremes.
    """

    low: Any
    high: Any
    count: int


@dataclass(frozen=True)
class ColumnProfile:
    """One column. `distinct` is exact or, where `distinct_exact` is false, an estimate, rarely off by a fifth.

    `quantiles`: share (0-1) to value, estimated in one pass. `shortest`, `longest`: characters of texts.
    `hidden`: the column is restricted or sensitive, and nothing but its type and nulls was measured.
    """

    name: str
    type: str
    nulls: int
    distinct: int = 0
    distinct_exact: bool = True
    minimum: Any = None
    maximum: Any = None
    mean: float | None = None
    quantiles: tuple[tuple[float, Any], ...] = ()
    shortest: int | None = None
    longest: int | None = None
    top: tuple[ValueCount, ...] = ()
    histogram: tuple[Bin, ...] = ()
    hidden: bool = False


@dataclass(frozen=True)
class Profile:
    """All columns of one version; of a vintaged dataset, of its latest vintage."""

    dataset: str
    version: int
    rows: int
    columns: tuple[ColumnProfile, ...]

    def column(self, name: str) -> ColumnProfile:
        """Return the profile of one column. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def to_json(self) -> dict[str, Any]:
        """Return the profile as JSON-able values."""
        columns = [_column_json(column) for column in self.columns]
        return {"dataset": self.dataset, "version": self.version, "rows": self.rows, "columns": columns}

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> "Profile":
        """Return the profile that `to_json` wrote."""
        return cls(**{**facts, "columns": tuple(_column(column) for column in facts["columns"])})


class NoProfile(NotFound):
    """The version was not profiled, or its profile was deleted."""

    def __init__(self, *, dataset: str, version: int) -> None:
        super().__init__(f"{dataset}: version {version} has no profile. Run `cupola data refresh {dataset}`.")


def profile_path(root: Path, dataset: str, version: int) -> Path:
    """Return where the profile of a version is kept below the lake's `root`."""
    return root / "profiles" / dataset / f"{version}.json"


def store_profile(root: Path, profile: Profile) -> None:
    """Keep `profile`; whoever reads meanwhile sees the old one or the new one, whole."""
    path = profile_path(root, profile.dataset, profile.version)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    partial.write_text(json.dumps(profile.to_json(), ensure_ascii=False), encoding="utf-8")
    partial.replace(path)


def read_profile(root: Path, dataset: str, version: int) -> Profile:
    """Return the kept profile of a version. Raises NoProfile."""
    try:
        facts = json.loads(profile_path(root, dataset, version).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NoProfile(dataset=dataset, version=version) from error
    return Profile.from_json(facts)


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _column_json(column: ColumnProfile) -> dict[str, Any]:
    facts = {name: _plain(getattr(column, name)) for name in column.__dataclass_fields__}
    facts["quantiles"] = [[share, _plain(value)] for share, value in column.quantiles]
    facts["top"] = [[_plain(one.value), one.count] for one in column.top]
    facts["histogram"] = [[_plain(one.low), _plain(one.high), one.count] for one in column.histogram]
    return facts


_BACK: dict[str, Callable[[Any], Any]] = {
    ColumnType.DATE: date.fromisoformat,
    ColumnType.TIMESTAMP: datetime.fromisoformat,
    ColumnType.INSTANT: datetime.fromisoformat,
    ColumnType.DECIMAL: Decimal,
    ColumnType.MONEY: Decimal,
    ColumnType.PERCENT: Decimal,
}


def _column(facts: Mapping[str, Any]) -> ColumnProfile:
    known = _BACK.get(facts["type"], lambda value: value)

    def back(value: Any) -> Any:
        return None if value is None else known(value)

    edge = date.fromisoformat if facts["type"] in _TIMES else back
    return ColumnProfile(
        **{
            **facts,
            "minimum": back(facts["minimum"]),
            "maximum": back(facts["maximum"]),
            "quantiles": tuple((share, back(value)) for share, value in facts["quantiles"]),
            "top": tuple(ValueCount(back(value), count) for value, count in facts["top"]),
            "histogram": tuple(Bin(edge(low), edge(high), count) for low, high, count in facts["histogram"]),
        }
    )


_TIMES = {ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.INSTANT}
