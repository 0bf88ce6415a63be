"""What a person asks of a dataset, as one frozen value: which rows, which columns, grouped and summarised how."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Show(StrEnum):
    """How the answer is shown."""

    TABLE = "table"
    CHART = "chart"
    MAP = "map"


class How(StrEnum):
    """How a column is summarised. COUNT counts rows and needs no column."""

    COUNT = "count"
    SUM = "sum"
    AVERAGE = "average"
    MEDIAN = "median"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"


SUMMARIES = tuple(how for how in How if how is not How.COUNT)


class By(StrEnum):
    """How the values of a column make groups: each value, a part of a date, or equal steps of a number."""

    VALUE = ""
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    WEEKDAY = "weekday"
    HOUR = "hour"
    STEPS = "steps"


PERIODS = (By.YEAR, By.MONTH, By.DAY)  # parts of a date that lie on one line of time


@dataclass(frozen=True)
class Condition:
    """What must hold of one column; everything given must hold, except that `empty` widens `values`.

    `values`: is one of these. `contains`: this text, whatever the case. `since`, `until`: numbers or days as written
    in the address, both included. `period`: `last-year`, `last-12-months`, `this-year`, `2025` or `2025-03`.
    `empty`: true for rows without a value, false for rows with one, None for both.
    """

    column: str
    values: tuple[str, ...] = ()
    contains: str = ""
    since: str = ""
    until: str = ""
    period: str = ""
    empty: bool | None = None

    @property
    def asks(self) -> bool:
        """Whether anything must hold at all."""
        return self != Condition(self.column)


@dataclass(frozen=True)
class Grouping:
    """A column whose values make groups. `step`: with STEPS, the width of one step; empty lets the page choose."""

    column: str
    by: By = By.VALUE
    step: str = ""

    @property
    def written(self) -> str:
        """Return it as the address writes it."""
        tail = f"{self.by}-{self.step}" if self.step else self.by.value
        return f"{self.column}.{tail}" if tail else self.column


@dataclass(frozen=True)
class Measure:
    """What is computed of each group."""

    how: How = How.COUNT
    column: str = ""

    @property
    def written(self) -> str:
        """Return it as the address writes it."""
        return f"{self.how}.{self.column}" if self.column else self.how.value


COUNT = Measure()


@dataclass(frozen=True)
class Sort:
    """What orders the answer: a column, a group or a measure, as the address writes it."""

    on: str
    descending: bool = False

    @property
    def written(self) -> str:
        """Return it as the address writes it."""
        return f"-{self.on}" if self.descending else self.on


@dataclass(frozen=True)
class Exploration:
    """A question to one dataset. With groups or measures the answer is a summary, else it is rows.

    `words`: every one must be found somewhere in a row. `columns`: those shown; none means all. `version`: of the
    dataset, 0 for the newest; or `as_of`, a day or instant of publication. `vintage`: a day, or `all`.
    """

    conditions: tuple[Condition, ...] = ()
    words: str = ""
    columns: tuple[str, ...] = ()
    groups: tuple[Grouping, ...] = ()
    measures: tuple[Measure, ...] = ()
    sort: Sort | None = None
    show: Show = Show.TABLE
    page: int = 1
    version: int = 0
    as_of: str = ""
    vintage: str = ""

    @property
    def summarises(self) -> bool:
        """Whether the answer is a summary."""
        return bool(self.groups or self.measures)

    def condition(self, column: str) -> Condition:
        """Return what must hold of a column; nothing, where nothing was asked."""
        return next((one for one in self.conditions if one.column == column), Condition(column))

    def having(self, condition: Condition) -> "Exploration":
        """Return the same question with the condition of one column put in place, or dropped when it asks nothing."""
        known = {one.column: one for one in self.conditions} | {condition.column: condition}
        return self.but(conditions=tuple(one for one in known.values() if one.asks))

    def but(self, **changes: Any) -> "Exploration":
        """Return the same question with some parts changed, back on page one."""
        return replace(self, **{"page": 1, **changes})
