"""One row of the ledger: what was saved, by what, counted how, by whom, and how far it has come.

Money is in whole cents, quantities and shares are decimals, years are fiscal years.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cupola.savings.evaluated import Evaluated
from cupola.savings.vocabulary import Kind, Method, Recurrence, Status

ONE, ZERO = Decimal(1), Decimal(0)


@dataclass(frozen=True)
class Quantity:
    """How much changed in a full year, with its interval; None where no interval is known.

    `level` is the coverage of [low, high]. A saving counts upward: 1,200 hours no longer paid is 1,200. `evaluated`:
    how it follows from an evaluation; None where somebody typed it. `known`: False where that is not there.
    """

    name: str
    unit: str
    value: Decimal
    low: Decimal | None = None
    high: Decimal | None = None
    level: Decimal = Decimal("0.8")
    evaluated: Evaluated | None = None
    known: bool = True


@dataclass(frozen=True)
class Price:
    """What one unit costs. `year`: the fiscal year whose prices these are."""

    cents: int
    source: str = ""
    year: int | None = None


@dataclass(frozen=True)
class Cost:
    """What it took to save: spent in a fiscal year. `kind`: `achieve`, `running` or `disposal`."""

    year: int
    cents: int
    what: str = ""
    kind: str = "achieve"


@dataclass(frozen=True)
class Baseline:
    """What it was before: over days [since, until)."""

    since: date | None = None
    until: date | None = None
    value: Decimal | None = None


@dataclass(frozen=True)
class Proof:
    """Where the quantity comes from: a measure, the version and query it was read with, the run that estimated it.

    kept: the run is an evaluation of this ledger's own records, from which the quantity can be computed.
    """

    measure: str = ""
    version: str = ""
    query: str = ""
    method: Method = Method.NONE
    run: str = ""
    kept: bool = False


@dataclass(frozen=True)
class Step:
    """That a claim became something on a day: by whom, on what ground.

    `cents`: what was cut (budgeted) or really saved (realised) that year, where it is one of those.
    """

    status: Status
    on: date
    by: str
    evidence: str = ""
    cents: int | None = None
    year: int | None = None


@dataclass(frozen=True)
class Claim:
    """A claim as its documents state it. None: not stated, which is not the same as nothing.

    kind: None where the term is not defined. costs: None where nobody said what it took; empty where it took nothing.
    posts_ended: keys of posts whose money ended with it; without one, staff time freed is no cash.
    disposes: the asset or contract that is given up, whose end usually costs something.
    fund, line: the purse and the budget line that gets smaller (or larger, for revenue).
    shares: the part of each claimant, this claim's own under its key; empty is all of it.
    decided_on: when the activity was first decided; initiative_since: when the initiative began.
    """

    key: str
    initiative: str
    kind: Kind | None
    definition: str
    recurrence: Recurrence
    first_year: int
    last_year: int
    quantity: Quantity
    price: Price
    costs: tuple[Cost, ...] | None
    fund: str = ""
    line: str = ""
    decay: Decimal = ZERO
    deadweight: Decimal = ZERO
    displacement: Decimal = ZERO
    shares: tuple[tuple[str, Decimal], ...] = ()
    posts_ended: tuple[str, ...] = ()
    disposes: str = ""
    announced_cents: int | None = None
    baseline: Baseline = Baseline()
    proof: Proof = Proof()
    decided_on: date | None = None
    initiative_since: date | None = None
    supersedes: str = ""
    steps: tuple[Step, ...] = ()

    @property
    def status(self) -> Status:
        """How far it has come: the newest step; a claim without any is claimed."""
        return self.steps[-1].status if self.steps else Status.CLAIMED

    @property
    def claimed_by(self) -> str:
        """Who claims it; empty where no step says."""
        return next((step.by for step in self.steps if step.status is Status.CLAIMED), "")

    @property
    def share(self) -> Decimal:
        """The part of the effect this claim takes for itself."""
        return next((share for key, share in self.shares if key == self.key), ONE)

    @property
    def years(self) -> range:
        """The fiscal years it is claimed for."""
        return range(self.first_year, self.last_year + 1)

    def stands(self, status: Status) -> bool:
        """Whether it has come as far as `status`; a lapsed claim stands for nothing."""
        order = tuple(Status)
        return self.status is not Status.LAPSED and order.index(self.status) >= order.index(status)
