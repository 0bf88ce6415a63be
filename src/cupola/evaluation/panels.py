"""Outcomes of several units over the same periods, and who was treated since when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cupola.errors import InvalidInput
from cupola.evaluation.values import Floats, Truths, Whole

NEVER = -1


class NotAPanel(InvalidInput):
    """The units and periods do not make a table this design can read."""

    def __init__(self, reason: str, *, remedy: str) -> None:
        self.reason, self.remedy = reason, remedy
        super().__init__(f"{reason} {remedy}")


class NoComparison(InvalidInput):
    """Nobody is left to compare with, or nobody was treated."""

    def __init__(self, *, treated: int, controls: int) -> None:
        self.treated, self.controls = treated, controls
        super().__init__(
            f"There are {treated} treated and {controls} untreated units; a comparison needs at least one of each. "
            "Name units that were not treated, or use an interrupted time series."
        )


class TooShort(InvalidInput):
    """Too few periods before or after the start."""

    def __init__(self, *, given: int, needed: int, side: str) -> None:
        self.given, self.needed, self.side = given, needed, side
        super().__init__(
            f"There are {given} periods {side} the start; this design needs {needed}. "
            "Use shorter periods or a longer window, or record the initiative as tracked."
        )


@dataclass(frozen=True, eq=False)
class Panel:
    """A balanced table. outcome: shape (n_units, n_periods), oldest period first, no NaN.

    starts: shape (n_units,), the position of a unit's first treated period, NEVER for the untreated.
    """

    units: tuple[str, ...]
    periods: tuple[str, ...]
    outcome: Floats
    starts: Whole

    def __post_init__(self) -> None:
        shape = (len(self.units), len(self.periods))
        if self.outcome.shape != shape or self.starts.shape != shape[:1]:
            raise NotAPanel(
                f"{shape[0]} units and {shape[1]} periods do not fit outcomes of shape {self.outcome.shape}.",
                remedy="Give one row per unit and one column per period.",
            )
        if not np.isfinite(self.outcome).all():
            unit, period = np.argwhere(~np.isfinite(self.outcome))[0]
            raise NotAPanel(
                f"{self.units[unit]} has no value in {self.periods[period]}.",
                remedy="Leave that unit or that period out.",
            )

    @property
    def treated(self) -> Truths:
        """Which units were ever treated, shape (n_units,)."""
        known: Truths = self.starts != NEVER
        return known

    @property
    def start(self) -> int:
        """The position of the first treated period, where all treated units began together."""
        found = np.unique(self.starts[self.treated])
        if len(found) == 0:
            raise NoComparison(treated=0, controls=len(self.units))
        if len(found) > 1:
            named = ", ".join(self.periods[start] for start in found.tolist())
            raise NotAPanel(f"The units began at different times ({named}).", remedy="Use the staggered design.")
        return int(found[0])

    def check(self, *, before: int = 1, after: int = 1) -> None:
        """Raise unless some units are treated, some are not, and there are enough periods on both sides."""
        treated = int(self.treated.sum())
        if treated in (0, len(self.units)):
            raise NoComparison(treated=treated, controls=len(self.units) - treated)
        self.check_length(before=before, after=after)

    def check_length(self, *, before: int, after: int) -> None:
        """Raise TooShort unless that many periods lie on both sides of the start."""
        for side, given, needed in (
            ("before", self.start, before),
            ("after", len(self.periods) - self.start, after),
        ):
            if given < needed:
                raise TooShort(given=given, needed=needed, side=side)

    def logged(self) -> "Panel":
        """Return the panel of logarithms, for effects that multiply. Raises NotAPanel for a value of 0 or below."""
        wrong = np.argwhere(self.outcome <= 0)
        if len(wrong):
            unit, period = wrong[0]
            raise NotAPanel(
                f"{self.units[unit]} has {self.outcome[unit, period]:g} in {self.periods[period]}; a ratio needs more "
                "than 0.",
                remedy="Use longer periods, or ask for a difference.",
            )
        return Panel(self.units, self.periods, np.log(self.outcome), self.starts)

    def only(self, units: Truths | Whole) -> "Panel":
        """Return the panel of some units: a mask or positions."""
        places = np.arange(len(self.units))[units]
        names = tuple(self.units[place] for place in places.tolist())
        return Panel(names, self.periods, self.outcome[places], self.starts[places])

    def until(self, period: int) -> "Panel":
        """Return the panel of the periods before position `period`."""
        return Panel(self.units, self.periods[:period], self.outcome[:, :period], self.starts)


def panel_of(
    values: Mapping[tuple[str, str], float], *, starts: Mapping[str, str], periods: Sequence[str] | None = None
) -> Panel:
    """Return the panel of values by (unit, period label). starts: first treated period of each treated unit.

    periods: their order; sorted labels without it. A start that is no period means the first period after it.
    Raises NotAPanel for a combination without a value.
    """
    units = tuple(sorted({unit for unit, _ in values}))
    order = tuple(periods) if periods is not None else tuple(sorted({period for _, period in values}))
    outcome = np.array([[values.get((unit, period), np.nan) for period in order] for unit in units], dtype=np.float64)
    places = [_place(starts[unit], order) if unit in starts else NEVER for unit in units]
    return Panel(units, order, outcome, np.array(places, dtype=np.int64))


def _place(start: str, periods: tuple[str, ...]) -> int:
    if start in periods:
        return periods.index(start)
    later = [place for place, period in enumerate(periods) if period > start]
    return later[0] if later else NEVER
