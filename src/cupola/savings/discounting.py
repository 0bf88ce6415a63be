"""Money of different years made comparable.

Source: Her Majesty's Treasury, The Green Book (discounting); the worked example of the Washington State Institute for
Public Policy's slides (Aos): 3,000 in year 1 against 500 a year for 20 years at 3 %.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from cupola.errors import InvalidInput, Unsolvable

DIGITS = 50
GREEN_BOOK_RATE = Decimal("0.035")


class RateOutOfRange(InvalidInput):
    """A discount rate that is no share of a year."""

    def __init__(self, rate: Decimal) -> None:
        self.rate = rate
        super().__init__(f"{rate} is no discount rate. Write a share above -1, as 0.035 for 3.5 % a year.")


class NoRateOfReturn(Unsolvable):
    """The amounts never change sign, or change it more than once, so no one rate makes them worth nothing."""

    def __init__(self) -> None:
        super().__init__("These amounts have no single rate of return: they must change sign exactly once.")


@dataclass(frozen=True)
class Worth:
    """What savings and costs are worth today, in cents. ratio: benefits over costs, None without costs."""

    benefits: int
    costs: int
    net: int
    ratio: Decimal | None
    payback_year: int | None


def present_value(amounts: Sequence[int], rate: Decimal, *, first: int = 1) -> int:
    """Return what cents of consecutive years are worth now, each counted at the end of its year.

    first: the number of the first amount's year; 1 discounts it once, 0 not at all.

    >>> present_value([50_000] * 20, Decimal("0.03"))
    743874
    """
    return _cents(_present(amounts, rate, first=first))


def worth(benefits: Sequence[int], costs: Sequence[int], rate: Decimal, *, first: int = 1) -> Worth:
    """Return benefits and costs of the same consecutive years, discounted. Raises RateOutOfRange."""
    gains, spent = _present(benefits, rate, first=first), _present(costs, rate, first=first)
    ratio = (gains / spent).quantize(Decimal("0.0001")) if spent else None
    return Worth(_cents(gains), _cents(spent), _cents(gains - spent), ratio, _payback(benefits, costs))


def rate_of_return(amounts: Sequence[int]) -> Decimal:
    """Return the yearly rate at which the amounts of consecutive years are worth nothing, to six places.

    Raises NoRateOfReturn. The sign of the present value is bisected, so the answer does not depend on a start.
    """
    signs = [amount > 0 for amount in amounts if amount]
    if sum(a != b for a, b in itertools.pairwise(signs)) != 1:
        raise NoRateOfReturn
    low, high = Decimal("-0.99"), Decimal(1000)
    rising = _present(amounts, high, first=0) > 0
    while high - low > Decimal("1e-12"):
        middle = (low + high) / 2
        if (_present(amounts, middle, first=0) > 0) == rising:
            high = middle
        else:
            low = middle
    return ((low + high) / 2).quantize(Decimal("0.000001"))


def _present(amounts: Sequence[int], rate: Decimal, *, first: int) -> Decimal:
    if rate <= -1:
        raise RateOutOfRange(rate)
    with localcontext() as context:
        context.prec = DIGITS
        factor = 1 / (1 + rate)
        return sum((amount * factor ** (first + at) for at, amount in enumerate(amounts)), Decimal(0))


def _payback(benefits: Sequence[int], costs: Sequence[int]) -> int | None:
    """Return the number of the year by whose end the undiscounted net is no longer below zero for good."""
    total, since = 0, None
    for at, (gain, spent) in enumerate(zip(benefits, costs, strict=True), 1):
        total += gain - spent
        since = None if total < 0 else since or at
    return since


def _cents(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_EVEN))
