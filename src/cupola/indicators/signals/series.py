"""What a chart is made of: one point per period, and what the rules need at least."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cupola.errors import InvalidInput

FEWEST_POINTS = 6  # below, no limits at all
TRIAL_BELOW = 12  # limits from fewer points are trial limits


@dataclass(frozen=True)
class Point:
    """The value of one period, which begins `on` and whose last day is `until`; without it, `on` itself.

    `value`: None where it is unknown or suppressed. `denominator`: of a rate, for p and u charts. `settled`: False
    while the value may still change; such a point is drawn, and neither makes limits nor raises a signal.
    """

    on: date
    value: float | None
    denominator: float | None = None
    settled: bool = True
    until: date | None = None

    @property
    def last_day(self) -> date:
        """Return the day a target is compared on."""
        return self.until or self.on


@dataclass(frozen=True)
class Step:
    """A dated change of how things are done, from which limits begin anew."""

    on: date
    reason: str


class TooFewPoints(InvalidInput):
    """A series is too short for limits."""

    def __init__(self, *, given: int, needed: int) -> None:
        self.given, self.needed = given, needed
        super().__init__(f"The series has {given} points; limits need {needed}. Use a longer period.")


class BaselineTooShort(InvalidInput):
    """Limits were to be fixed on fewer points than hold them."""

    def __init__(self, given: int) -> None:
        self.given = given
        super().__init__(f"A baseline of {given} points is too short. Write {TRIAL_BELOW} or more, or leave it out.")


def usable(points: Sequence[Point]) -> list[int]:
    """Return the positions of settled points with a value, oldest first."""
    return [at for at, point in enumerate(points) if point.settled and point.value is not None]
