"""When a fact began and ended, as well as it is known, and what that says about a given day."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from cupola.errors import InvalidInput
from cupola.periods import PartialDate


class Answer(StrEnum):
    """Whether something held on a day. A date known to the year or the month leaves days that are only possible."""

    YES = "yes"
    POSSIBLE = "possible"
    NO = "no"

    def __and__(self, other: "Answer") -> "Answer":
        """Return whether both held."""
        if self is _YES or other is _NO:  # asked of every fact of a chart: by identity, not by comparing texts
            return other
        return self if other is _YES or self is _NO else _POSSIBLE

    def __or__(self, other: "Answer") -> "Answer":
        """Return whether either held."""
        if self is _NO or other is _YES:
            return other
        return self if other is _NO or self is _YES else _POSSIBLE


_YES, _POSSIBLE, _NO = Answer


def opposite(answer: Answer) -> Answer:
    """Return whether it did not hold."""
    return _NO if answer is _YES else _YES if answer is _NO else _POSSIBLE


class SpanEndsBeforeItBegins(InvalidInput):
    """A fact that ends before it can have begun."""

    def __init__(self, since: "Moment", until: "Moment") -> None:
        self.since, self.until = since, until
        super().__init__(
            f"It ends {until}, before it begins {since}. `until` is the first day on which it no longer holds."
        )


@dataclass(frozen=True)
class Moment:
    """A point in time known to the day, the month, the year, or not at all.

    `earliest` and `latest` are the first and last day on which it can have been; None is open: nothing is known.
    """

    earliest: date | None = None
    latest: date | None = None

    @classmethod
    def parse(cls, text: str) -> "Moment":
        """Read `2015`, `2015-12`, `2015-12-31` or `unknown`. Raises NotADate."""
        return _parsed(text)

    @classmethod
    def of(cls, when: PartialDate | date) -> "Moment":
        """Return the moment a date names."""
        days = (when if isinstance(when, PartialDate) else PartialDate(when)).interval()
        assert days.since is not None
        assert days.until is not None
        return cls(days.since, days.until - timedelta(days=1))

    @property
    def precision(self) -> str:
        """Return `day`, `month`, `year` or `unknown`."""
        if self.earliest is None or self.latest is None:
            return "unknown"
        return {0: "day"}.get((self.latest - self.earliest).days, "month" if self._within_a_month() else "year")

    def passed(self, day: date) -> Answer:
        """Say whether the moment was on or before `day`."""
        if self.earliest is None or self.latest is None:
            return _POSSIBLE
        if day < self.earliest:
            return _NO
        return _YES if day >= self.latest else _POSSIBLE

    def _within_a_month(self) -> bool:
        assert self.earliest is not None
        assert self.latest is not None
        return (self.earliest.year, self.earliest.month) == (self.latest.year, self.latest.month)

    def __str__(self) -> str:
        if self.earliest is None:
            return "unknown"
        return self.earliest.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.precision]]


UNKNOWN = Moment()


@lru_cache(maxsize=4096)  # a roster names few days many times
def _parsed(text: str) -> Moment:
    return UNKNOWN if text == "unknown" else Moment.of(PartialDate.parse(text))


@dataclass(frozen=True)
class Span:
    """The time in which a fact held: from `since` up to but not including `until`.

    None as `since`: it held before anything recorded here; as `until`: it still holds. UNKNOWN: it began, or ended, and
    nobody knows when.
    """

    since: Moment | None = None
    until: Moment | None = None

    def __post_init__(self) -> None:
        if self.since is None or self.until is None:
            return
        begins, ends = self.since.earliest, self.until.latest
        if begins is not None and ends is not None and ends < begins:
            raise SpanEndsBeforeItBegins(self.since, self.until)

    def holds(self, day: date) -> Answer:
        """Say whether it held on `day`."""
        begun = _YES if self.since is None else self.since.passed(day)
        return begun if self.until is None else begun & opposite(self.until.passed(day))

    def meets(self, first: date, last: date) -> Answer:
        """Say whether it held on any day from `first` to `last`."""
        begun = Answer.YES if self.since is None else self.since.passed(last)
        ended = Answer.NO if self.until is None else self.until.passed(first)
        return begun & opposite(ended)


ALWAYS = Span()
