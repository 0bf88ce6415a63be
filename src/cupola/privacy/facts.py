"""What is measured of one version before it may be public: counts and masked samples, never a value.

Two versions are compared by these facts alone, so a version is measured once, however often it is judged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import sqlglot
from sqlglot import exp

from cupola.privacy.anonymity import Anonymity
from cupola.privacy.kinds import Kind, Remedy
from cupola.privacy.scanning import Hit

QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
_DAY = 86400.0


@dataclass(frozen=True)
class ColumnFacts:
    """One column the public would see. `id` stays when it is renamed; `filled`: rows that hold a value."""

    name: str
    id: int
    type: str
    filled: int


@dataclass(frozen=True)
class Times:
    """The time column. `days`: its quantiles as days since 1970, at the shares of QUANTILES, empty without values.

    `future`: rows later than the moment of the measurement. `shared`: rows with the key of a row of the version
    before, `moved` of them to another time, by `moved_days` in the median.
    """

    column: str
    days: tuple[float, ...]
    future: int
    shared: int = 0
    moved: int = 0
    moved_days: float = 0.0


@dataclass(frozen=True)
class Remedied:
    """What a remedy would do, measured: `k` over all quasi-identifiers with this one column treated."""

    column: str
    remedy: Remedy
    step: float
    k: int
    small_rows: int


@dataclass(frozen=True)
class Facts:
    """One version as it was measured. `extra`: columns its sources have and its contract does not know."""

    version: int
    rows: int
    columns: tuple[ColumnFacts, ...]
    extra: tuple[str, ...] = ()
    hits: tuple[Hit, ...] = ()
    anonymity: Anonymity | None = None
    remedied: tuple[Remedied, ...] = ()
    times: Times | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the facts as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> "Facts":
        """Return the facts that `to_json` wrote."""
        found, times = facts.get("anonymity"), facts.get("times")
        return cls(
            version=facts["version"],
            rows=facts["rows"],
            columns=tuple(ColumnFacts(**one) for one in facts["columns"]),
            extra=tuple(facts["extra"]),
            hits=tuple(
                Hit(**{**one, "kind": Kind(one["kind"]), "samples": tuple(one["samples"])}) for one in facts["hits"]
            ),
            anonymity=Anonymity(**{**found, "columns": tuple(found["columns"])}) if found else None,
            remedied=tuple(Remedied(**{**one, "remedy": Remedy(one["remedy"])}) for one in facts["remedied"]),
            times=Times(**{**times, "days": tuple(times["days"])}) if times else None,
        )


def filled_query(columns: Sequence[str]) -> exp.Query:
    """Return the query over `data` that counts rows, and the filled ones of each column."""
    counts = "".join(f", count({_name(name)}) AS c{at}" for at, name in enumerate(columns))
    return _parsed(f"SELECT count(*) AS n{counts} FROM data")


def times_query(column: str, *, now: datetime) -> exp.Query:
    """Return the query over `data` for the quantiles of a time column, and its rows later than `now` (and a day)."""
    day = f"epoch(CAST({_name(column)} AS TIMESTAMP)) / {_DAY}"
    latest = now.timestamp() / _DAY + 1  # local times and dates may be a day ahead
    shares = ", ".join(str(share) for share in QUANTILES)
    return _parsed(
        f"SELECT quantile_disc({day}, [{shares}]) AS days,"
        f" count(*) FILTER (WHERE {day} > {latest!r}) AS future FROM data"
    )


def moved_query(key: Sequence[tuple[str, str]], time: tuple[str, str]) -> exp.Query:
    """Return the query over `data` and `before` for rows of the same key whose time differs.

    `key` and `time`: names of the columns in `data` and in `before`.
    """
    same = " AND ".join(f"a.{_name(now)} = b.{_name(then)}" for now, then in key)
    now, then = (f"epoch(CAST({side}.{_name(name)} AS TIMESTAMP))" for side, name in zip("ab", time, strict=True))
    return _parsed(
        f"SELECT count(*) AS shared, count(*) FILTER (WHERE {now} IS DISTINCT FROM {then}) AS moved,"
        f" coalesce(median(({now} - {then}) / {_DAY}) FILTER (WHERE {now} <> {then}), 0) AS moved_days"
        f" FROM data AS a JOIN before AS b ON {same}"
    )


def read_times(column: str, answer: pa.Table, moved: pa.Table | None) -> Times:
    """Return what the answers to both queries say."""
    facts = answer.to_pylist()[0]
    days = tuple(float(day) for day in facts["days"] or () if day is not None)
    compared = moved.to_pylist()[0] if moved is not None else {"shared": 0, "moved": 0, "moved_days": 0.0}
    return Times(column, days, int(facts["future"]), **compared)


def _parsed(sql: str) -> exp.Query:
    tree = sqlglot.parse_one(sql, read="duckdb")
    assert isinstance(tree, exp.Query)
    return tree


def _name(column: str) -> str:
    return exp.column(column, quoted=True).sql(dialect="duckdb")
