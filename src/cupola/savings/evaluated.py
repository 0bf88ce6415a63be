"""A quantity that comes from an evaluation: computed from the effect and its interval, never typed."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cupola.savings.vocabulary import Method

ONE, ZERO = Decimal(1), Decimal(0)


class Counts(StrEnum):
    """Which way the outcome must move for something to be saved."""

    FALL = "fall"
    RISE = "rise"


@dataclass(frozen=True)
class Effect:
    """What an evaluation found, as a claim may use it.

    key, number: of the initiative, and which of its evaluations. ratio: effects multiply the outcome. low, high: the
    interval that covers `level`; None where no effect is claimed. measure, version, query: what was read, as
    `dataset@version` and the hash of the definition.
    """

    key: str
    number: int
    method: Method
    measure: str
    version: str
    query: str
    ratio: bool = False
    effect: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    level: Decimal = Decimal("0.8")

    @property
    def run(self) -> str:
        """What claims and pages call it."""
        return f"{self.key}/{self.number}"


@dataclass(frozen=True)
class Evaluated:
    """How a claim's quantity follows from an evaluation.

    times: what one whole unit of the effect is a year, in the claim's unit: of a ratio the yearly quantity before; of a
    difference what a difference of 1 saves a year.
    """

    key: str
    number: int
    counts: Counts
    times: Decimal
    because: str = ""

    @property
    def run(self) -> str:
        """What claims and pages call it."""
        return f"{self.key}/{self.number}"

    def quantities(self, effect: Effect) -> tuple[Decimal, Decimal | None, Decimal | None]:
        """Return what was saved a year with both ends of its interval; nothing where no effect is claimed."""
        if effect.effect is None:
            return ZERO, None, None
        ends = [None if one is None else self._saved(one, ratio=effect.ratio) for one in (effect.low, effect.high)]
        low, high = reversed(ends) if self.counts is Counts.FALL else ends
        return self._saved(effect.effect, ratio=effect.ratio), low, high

    def _saved(self, effect: Decimal, *, ratio: bool) -> Decimal:
        change = effect - ONE if ratio else effect
        return (-change if self.counts is Counts.FALL else change) * self.times
