"""A contract: what a dataset's rows must look like before they are shown to anyone."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Self

from cupola.contracts.types import Column

DEFAULT_NULL_TOKENS = ("",)


class Duplicates(StrEnum):
    """What to do with rows that share a key."""

    STOP = "stop"
    QUARANTINE = "quarantine"
    KEYLESS = "keyless"


@dataclass(frozen=True)
class Tag:
    """A column computed from a point: which place of another dataset holds it.

    `column`: the column to fill (text); `point`: one point column, or longitude and latitude columns;
    `places`: key of the dataset with the shapes; `take`: its column to copy. A point on a shared edge gets
    the lowest value of `take` (in natural order), so the answer never depends on row order.
    """

    column: str
    point: tuple[str, ...]
    places: str
    take: str


@dataclass(frozen=True)
class Contract:
    """Columns, keys and limits of a dataset. Two contracts with the same fingerprint read a file the same way.

    `key`: names of the columns that identify a row; empty means rows have no identity of their own.
    `select`: one SELECT over the table `landed` (every source column as text, named as published, plus
    `_source` and `_row`) whose result is then read against the columns.
    `zone`: IANA time zone of `timestamp` columns. `max_bad_share`: 0-1 of the rows read.
    `vintaged`: rows carry `vintage`, and a load replaces the rows of its own vintages only.
    """

    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    duplicates: Duplicates = Duplicates.STOP
    time_column: str = ""
    null_tokens: tuple[str, ...] = DEFAULT_NULL_TOKENS
    select: str = ""
    tags: tuple[Tag, ...] = ()
    zone: str = "UTC"
    max_bad_rows: int | None = None
    max_bad_share: float = 0.01
    vintaged: bool = False
    restricted: bool = field(default=False)

    def column(self, name: str) -> Column:
        """Return the column called `name`. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def sensitive(self) -> frozenset[str]:
        """Return the columns that no page shows."""
        return frozenset(column.name for column in self.columns if column.sensitive)

    def hiding(self, names: Collection[str]) -> Self:
        """Return the same contract with exactly the columns `names` sensitive."""
        columns = tuple(replace(column, sensitive=column.name in names) for column in self.columns)
        return replace(self, columns=columns)

    def fingerprint(self) -> str:
        """Return a hash over everything that changes what is stored; wording (title, meaning) is left out."""
        facts = asdict(self)
        for column in facts["columns"]:
            for wording in ("title", "meaning", "unit", "sensitive"):
                del column[wording]
        del facts["restricted"]
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]
