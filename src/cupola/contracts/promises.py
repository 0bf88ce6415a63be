"""Quality promises: what a city says every version of a dataset will be like, one measurable sentence each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

That = Literal["complete", "unique", "allowed", "range", "rows", "interval"]
TODAY = "today"  # as a limit of dates: the day of the load


@dataclass(frozen=True)
class Promise:
    """One promise.

    `complete`: at least the share `at_least` (0-1) of rows has a value in the column. `unique`: no two rows share the
    values of `columns`. `allowed`: every value is one of `values`. `range`: every value lies from `at_least` to
    `at_most`, both included, as text of the column's type or `today`. `rows`: the number of rows lies there.
    `interval`: a new look at the source at most `at_most` days after the one before.
    `stops`: a version that breaks it is not released.
    """

    that: That
    columns: tuple[str, ...] = ()
    at_least: str = ""
    at_most: str = ""
    values: tuple[str, ...] = ()
    stops: bool = False

    @property
    def identity(self) -> str:
        """What the promise is about, the same when its limits change: `complete: status`."""
        return f"{self.that}: {', '.join(self.columns)}" if self.columns else self.that


@dataclass(frozen=True)
class Kept:
    """Whether a version keeps a promise.

    `broken`: the rows that break it; of `rows` the number of rows, of `interval` the days. `share`: of rows with a
    value, for `complete`.
    """

    promise: Promise
    kept: bool
    broken: int = 0
    share: float | None = None


def promises(fields: Mapping[str, Any]) -> tuple[Promise, ...]:
    """Return what canonical fields of a dataset promise under `promises`."""
    return tuple(
        Promise(
            that=one["that"],
            columns=tuple(one.get("columns", ())),
            at_least=one.get("at_least", ""),
            at_most=one.get("at_most", ""),
            values=tuple(one.get("values", ())),
            stops=one.get("stops", False),
        )
        for one in fields.get("promises") or ()
    )
