"""What can be asked of a dataset: its columns as a person filters, groups and summarises them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from cupola.contracts import ColumnType
from cupola.web.data.queries.exploring.exploration import By


class Kind(StrEnum):
    """What a column is to the person asking; it decides which control filters it."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    TIME = "time"  # a day with an hour
    BOOLEAN = "boolean"
    POINT = "point"
    SHAPE = "shape"


KINDS: dict[str, Kind] = {
    ColumnType.TEXT: Kind.TEXT,
    ColumnType.URL: Kind.TEXT,
    ColumnType.CODE: Kind.CODE,
    ColumnType.INTEGER: Kind.NUMBER,
    ColumnType.DECIMAL: Kind.NUMBER,
    ColumnType.FLOAT: Kind.NUMBER,
    ColumnType.PERCENT: Kind.NUMBER,
    ColumnType.DURATION: Kind.NUMBER,
    ColumnType.MONEY: Kind.MONEY,
    ColumnType.BOOLEAN: Kind.BOOLEAN,
    ColumnType.DATE: Kind.DATE,
    ColumnType.TIMESTAMP: Kind.TIME,
    ColumnType.INSTANT: Kind.TIME,
    ColumnType.POINT: Kind.POINT,
    ColumnType.GEOMETRY: Kind.SHAPE,
}
DATES = {Kind.DATE, Kind.TIME}
NUMBERS = {Kind.NUMBER, Kind.MONEY}
FEW = 60  # values of a number that may each be a group


@dataclass(frozen=True)
class Offered:
    """A value a person may pick, and how many rows have it; None where they were not counted. `hint`: its meaning."""

    value: str
    label: str
    count: int | None = None
    hint: str = ""


def in_order(found: list[Offered]) -> tuple[Offered, ...]:
    """Return values as they are found best: the most frequent first, but wards 1 to 50 by their number."""
    if all(one.value.isascii() and one.value.isdigit() for one in found):
        return tuple(sorted(found, key=lambda one: int(one.value)))
    return tuple(found)


@dataclass(frozen=True)
class Field:
    """One column. `offered`: values to pick from, as `in_order` puts them; `complete`: there are no others.

    `type`: the contract's. `low`, `high`: smallest and largest value, where known; `usual_low`, `usual_high`: of
    numbers, where most lie. `distinct`: how many values. `zone`: of instants, the city's time zone.
    `places`: key of the dataset whose areas this column names; empty for most. `area`: its column that says which.
    """

    name: str
    title: str
    type: str
    kind: Kind
    meaning: str = ""
    unit: str = ""
    offered: tuple[Offered, ...] = ()
    complete: bool = False
    low: Any = None
    high: Any = None
    usual_low: float | None = None
    usual_high: float | None = None
    distinct: int = 0
    zone: str = ""
    places: str = ""
    area: str = ""

    @property
    def ways(self) -> tuple[By, ...]:
        """Return the ways its values make groups, the most useful first."""
        if self.kind is Kind.DATE:
            return (By.MONTH, By.YEAR, By.DAY, By.WEEKDAY)
        if self.kind is Kind.TIME:
            return (By.MONTH, By.YEAR, By.DAY, By.WEEKDAY, By.HOUR)
        if self.kind in NUMBERS:
            return (By.VALUE, By.STEPS) if 0 < self.distinct <= FEW else (By.STEPS,)
        return () if self.kind in {Kind.POINT, Kind.SHAPE} else (By.VALUE,)

    @property
    def years(self) -> tuple[int, ...]:
        """Return the years its dates lie in, the latest first; none where they are not known."""
        low, high = _year(self.low), _year(self.high)
        return tuple(range(high, max(low, high - 60) - 1, -1)) if low and high else ()


def _year(value: Any) -> int:
    return value.year if isinstance(value, (date, datetime)) else 0


@dataclass(frozen=True)
class Subject:
    """The dataset that is asked, at one version. `time`: the name of the column that says when, if one does.

    `row`: what one row is, in words. `vintages`: the editions it holds, latest first; empty for most datasets.
    `draft`: the version is not public.
    """

    key: str
    title: str
    row: str
    version: int
    rows: int
    committed_at: datetime
    fields: tuple[Field, ...]
    time: str = ""
    vintages: tuple[Offered, ...] = ()
    draft: bool = False
    names: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", frozenset(one.name for one in self.fields))

    def field(self, name: str) -> Field:
        """Return the column called `name`. Raises KeyError."""
        for one in self.fields:
            if one.name == name:
                return one
        raise KeyError(name)
