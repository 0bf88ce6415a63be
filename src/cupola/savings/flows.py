"""What a claim comes to in each fiscal year: gross, what is its own, what it cost, net, and what may be banked."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from cupola.savings.claim import ONE, ZERO, Claim
from cupola.savings.vocabulary import BANKABLE, Recurrence

CENT = Decimal(1)


@dataclass(frozen=True)
class Flow:
    """One fiscal year of a claim, in cents.

    gross: quantity times price, after decay. own: of that, what the initiative caused and this claim may take. cost:
    what it took. net: own less cost. low: net at the lower bound of the interval; None without an interval.
    bankable: `low` where the kind can be banked at all, else 0.
    """

    year: int
    gross: int
    own: int
    cost: int
    net: int
    low: int | None
    bankable: int


def flows(claim: Claim) -> tuple[Flow, ...]:
    """Return the years of a claim, oldest first: those it is claimed for and those in which it cost something.

    A one-off saving falls in its first year only. Money is rounded to the cent once per year, bankable money down.
    """
    costs = {year: sum(cost.cents for cost in claim.costs or () if cost.year == year) for year in _years(claim)}
    return tuple(_flow(claim, year, cost) for year, cost in costs.items())


def net_cents(claim: Claim) -> int:
    """Return the net saving over all years, undiscounted."""
    return sum(flow.net for flow in flows(claim))


def bankable_cents(claim: Claim, year: int) -> int:
    """Return what may be banked of a claim in one fiscal year; 0 outside its years."""
    return next((flow.bankable for flow in flows(claim) if flow.year == year), 0)


def _years(claim: Claim) -> list[int]:
    spent = {cost.year for cost in claim.costs or ()}
    return sorted({*claim.years, *spent})


def _flow(claim: Claim, year: int, cost: int) -> Flow:
    factor = _factor(claim, year)
    kept = (ONE - claim.deadweight) * (ONE - claim.displacement) * claim.share
    full = claim.quantity.value * claim.price.cents * factor
    own = _cents(full * kept)
    low = None
    if claim.quantity.low is not None:
        lower = claim.quantity.low * claim.price.cents * factor * kept
        low = int(lower.to_integral_value(ROUND_FLOOR)) - cost
    bankable = low if low is not None and claim.kind in BANKABLE else 0
    return Flow(year, _cents(full), own, cost, own - cost, low, bankable)


def _factor(claim: Claim, year: int) -> Decimal:
    """Return what is left of the first year's effect in `year`."""
    past = year - claim.first_year
    if year not in claim.years or (claim.recurrence is Recurrence.ONE_OFF and past):
        return ZERO
    return (ONE - claim.decay) ** past if past else ONE


def _cents(amount: Decimal) -> int:
    return int(amount.quantize(CENT, ROUND_HALF_EVEN))
