"""What a protected table is counted over and what it averages, and the one query that reads it from the rows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import sqlglot
from sqlglot import exp

from cupola.contracts import Column
from cupola.errors import InvalidInput
from cupola.privacy.anonymity import TABLE
from cupola.privacy.kinds import Remedy
from cupola.privacy.remedies import NUMBERS, TIMES, applied

ALL = "All"
OTHER = "Other"
NOT_STATED = "Not stated"


class NotCountable(InvalidInput):
    """A column cannot be a dimension or an average in that way."""

    def __init__(self, *, column: Column, problem: str, remedy: str) -> None:
        self.column = column.name
        super().__init__(f"aggregates: {column.name} {problem}. {remedy}")


@dataclass(frozen=True)
class Dimension:
    """One dimension. Its values are those of `column`, or bands `band` wide, or years, or named groups of values.

    `groups`: name and patterns, where `*` stands for any text; a value belongs to the first group that fits, else to
    `Other`. Capital letters make no difference.
    """

    name: str
    column: Column
    band: float = 0.0
    yearly: bool = False
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def sql(self) -> str:
        """Return its value as SQL text. Raises NotCountable."""
        plain = exp.column(self.column.name, quoted=True).sql(dialect="duckdb")
        if self.band:
            if self.column.type not in NUMBERS:
                raise NotCountable(
                    column=self.column, problem="holds no numbers to band", remedy="Take 'band' out, or use 'groups'."
                )
            low = applied(Remedy.BAND, self.column, step=self.band)
            return f"format('{{:.10g}} to under {{:.10g}}', {low}, {low} + {self.band!r})"
        if self.yearly:
            if self.column.type not in TIMES:
                raise NotCountable(column=self.column, problem="holds no dates", remedy="Take 'yearly' out.")
            return f"strftime({applied(Remedy.COARSEN, self.column)}, '%Y')"
        if not self.groups:
            return f"CAST({plain} AS VARCHAR)"
        whens = " ".join(
            f"WHEN {' OR '.join(f'trim({plain}) ILIKE {_pattern(one)}' for one in patterns)} THEN {_text(name)}"
            for name, patterns in self.groups
        )
        return f"CASE WHEN {plain} IS NULL THEN NULL {whens} ELSE {_text(OTHER)} END"


@dataclass(frozen=True)
class Average:
    """The mean of a number column, rounded to `step` in groups of a hundred and more, more coarsely below."""

    name: str
    column: Column
    step: float


@dataclass(frozen=True)
class Sum:
    """What one group holds of an averaged column: rows with a value, their sum, and the two largest values."""

    rows: int = 0
    total: float = 0.0
    first: float = 0.0
    second: float = 0.0

    def __add__(self, other: "Sum") -> "Sum":
        first, second, *_ = sorted((self.first, self.second, other.first, other.second), reverse=True)
        return Sum(self.rows + other.rows, self.total + other.total, first, second)


@dataclass(frozen=True)
class Group:
    """The rows that share a value in each dimension, and one Sum per average."""

    rows: int = 0
    sums: tuple[Sum, ...] = field(default=())

    def __add__(self, other: "Group") -> "Group":
        return Group(self.rows + other.rows, tuple(a + b for a, b in zip(self.sums, other.sums, strict=True)))


Groups = Mapping[tuple[str, ...], Group]


def groups_query(dimensions: Sequence[Dimension], averages: Sequence[Average]) -> exp.Query:
    """Return one query over the table `data` that counts and sums every combination. Raises NotCountable."""
    for average in averages:
        if average.column.type not in NUMBERS:
            raise NotCountable(column=average.column, problem="holds no numbers to average", remedy="Take it out.")
    keys = [
        f"coalesce(nullif(trim({one.sql()}), ''), {_text(NOT_STATED)}) AS k{at}" for at, one in enumerate(dimensions)
    ]
    sums = []
    for at, one in enumerate(averages):
        value = f"CAST({exp.column(one.column.name, quoted=True).sql(dialect='duckdb')} AS DOUBLE)"
        sums.append(f"count({value}) AS n{at}, coalesce(sum({value}), 0) AS s{at}, max(abs({value}), 2) AS m{at}")
    places = ", ".join(str(at + 1) for at in range(len(dimensions)))
    tree = sqlglot.parse_one(
        f"SELECT {', '.join([*keys, 'count(*) AS n', *sums])} FROM {TABLE} GROUP BY {places} ORDER BY {places}",
        read="duckdb",
    )
    assert isinstance(tree, exp.Query)
    return tree


def read_groups(answer: pa.Table, dimensions: Sequence[Dimension], averages: Sequence[Average]) -> Groups:
    """Return what the answer to `groups_query` says."""
    return {
        tuple(row[f"k{at}"] for at in range(len(dimensions))): Group(
            row["n"], tuple(_sum(row, at) for at in range(len(averages)))
        )
        for row in answer.to_pylist()
    }


def _sum(row: Mapping[str, Any], at: int) -> Sum:
    largest = [*map(float, row[f"m{at}"] or ()), 0.0, 0.0]
    return Sum(int(row[f"n{at}"]), float(row[f"s{at}"]), *largest[:2])


def _text(value: str) -> str:
    return exp.Literal.string(value).sql(dialect="duckdb")


def _pattern(value: str) -> str:
    kept = re.sub(r"([\\%_])", r"\\\1", value.strip()).replace("*", "%")
    return f"{_text(kept)} ESCAPE {_text(chr(92))}"
