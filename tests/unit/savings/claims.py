"""A sound claim, and a seeded ledger of two hundred with sixty planted defects."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from cupola.savings import (
    Baseline,
    Claim,
    Cost,
    Counts,
    DefectKind,
    Evaluated,
    Kind,
    Method,
    Price,
    Proof,
    Quantity,
    Recurrence,
    Rules,
    Status,
    Step,
    bankable_cents,
)

RULES = Rules(first_year=2024, last_year=2030, longest_years=5)
SINCE = date(2023, 9, 1)


def make_claim(key: str = "licences", **changes: object) -> Claim:
    """Return a claim without a defect: 100 licences no longer paid, 120.00 each, over three years, verified."""
    claim = Claim(
        key=key,
        initiative="shared-licences",
        kind=Kind.CASHABLE,
        definition="Licence fees no longer paid because the contract ended",
        recurrence=Recurrence.RECURRING,
        first_year=2025,
        last_year=2027,
        quantity=Quantity(f"licences of {key}", "licence", Decimal(100), Decimal(80), Decimal(120)),
        price=Price(12_000, "Contract 4411", 2025),
        costs=(Cost(2025, 50_000, "migration"),),
        fund="100",
        line="31-licences",
        baseline=Baseline(date(2022, 7, 1), date(2023, 7, 1), Decimal(400)),
        proof=Proof("licences-paid", "it-assets@4", "sha256:ab12", Method.DIFFERENCE, "run-7"),
        decided_on=date(2023, 10, 1),
        initiative_since=SINCE,
        steps=(
            Step(Status.CLAIMED, date(2025, 8, 1), "Innovation office"),
            Step(Status.EVIDENCED, date(2025, 9, 1), "Innovation office", "Evaluation run-7"),
            Step(Status.VERIFIED, date(2025, 10, 1), "Budget office", "Memo of 1 October"),
        ),
    )
    return replace(claim, **changes)  # type: ignore[arg-type]


def budgeted(claim: Claim, cents: int, *, by: str = "Budget office") -> Claim:
    """Return the claim with its verified saving cut from the budget of its first year."""
    cut = Step(Status.BUDGETED, date(2026, 1, 5), by, "Ordinance 12", cents, claim.first_year)
    return replace(claim, steps=(*claim.steps, cut))


def good_ledger(seed: int, count: int) -> list[Claim]:
    """Return sound claims of every kind and status."""
    chance = random.Random(seed)
    return [_good(f"good-{number:03d}", chance) for number in range(count)]


def _good(key: str, chance: random.Random) -> Claim:
    kind = chance.choice(list(Kind))
    value = Decimal(chance.randint(50, 5000))
    low = (value * Decimal(chance.choice(("0.5", "0.7", "0.9")))).quantize(Decimal(1))
    first = chance.randint(2024, 2026)
    recurring = chance.random() < 0.7
    claim = make_claim(
        key,
        kind=kind,
        recurrence=Recurrence.RECURRING if recurring else Recurrence.ONE_OFF,
        first_year=first,
        last_year=first + (chance.randint(1, 4) if recurring else 0),
        quantity=Quantity(f"units of {key}", chance.choice(("licence", "kWh", "letter")), value, low, value * 2),
        price=Price(chance.randint(500, 50_000), "Price list", first),
        costs=() if chance.random() < 0.3 else (Cost(first, chance.randint(1, 2_000)),),
        decay=Decimal(chance.choice(("0", "0.1", "0.25"))),
    )
    if chance.random() < 0.2:
        claim = replace(
            claim, disposes="the old server room", costs=(*(claim.costs or ()), Cost(first, 900, "", "disposal"))
        )
    return _along(claim, chance)


def _along(claim: Claim, chance: random.Random) -> Claim:
    bank = claim.kind in {Kind.CASHABLE, Kind.REVENUE}
    status = chance.choice(list(Status) if bank else [Status.CLAIMED, Status.EVIDENCED, Status.VERIFIED, Status.LAPSED])
    cents = max(bankable_cents(claim, claim.first_year), 0)
    last = claim.steps[-1].on
    if status is Status.CLAIMED:
        return replace(claim, steps=claim.steps[:1], proof=Proof(), baseline=Baseline())
    if status is Status.EVIDENCED:
        return replace(claim, steps=claim.steps[:2])
    if status is Status.LAPSED:
        return replace(
            claim, steps=(*claim.steps, Step(Status.LAPSED, last + timedelta(90), "Budget office", "Contract back"))
        )
    if status is Status.VERIFIED:
        return claim
    claim = budgeted(claim, cents)
    if status is Status.REALISED:
        done = Step(Status.REALISED, date(2026, 8, 1), "Controller", "Year-end account", cents, claim.first_year)
        claim = replace(claim, steps=(*claim.steps, done))
    return claim


EVALUATED = Evaluated("shared-licences", 1, Counts.FALL, Decimal(400))
Spoiled = Callable[[Claim], Claim]
SPOILED: dict[DefectKind, Spoiled] = {
    DefectKind.TERM_UNDEFINED: lambda c: replace(c, definition=" "),
    DefectKind.AVOIDANCE_COUNTED: lambda c: replace(budgeted(c, 0), kind=Kind.AVOIDANCE),
    DefectKind.DISPOSAL_NOT_DEDUCTED: lambda c: replace(c, disposes="a data centre"),
    DefectKind.DIFFERENT_YEARS: lambda c: replace(c, last_year=c.first_year + 5),
    DefectKind.OUTSIDE_PERIOD: lambda c: replace(c, first_year=2023, last_year=2025, price=replace(c.price, year=2023)),
    DefectKind.ALREADY_PLANNED: lambda c: replace(c, decided_on=date(2023, 1, 1)),
    DefectKind.CAPACITY_AS_CASH: lambda c: replace(c, quantity=replace(c.quantity, unit="hours")),
    DefectKind.NO_BUDGET_LINE: lambda c: replace(c, line=""),
    DefectKind.COST_NOT_STATED: lambda c: replace(c, costs=None),
    DefectKind.GROSS_ANNOUNCED: lambda c: replace(c, announced_cents=3 * 1_200_000),
    DefectKind.ONE_OFF_REPEATED: lambda c: replace(c, recurrence=Recurrence.ONE_OFF),
    DefectKind.NO_BASELINE: lambda c: replace(c, baseline=Baseline()),
    DefectKind.BASELINE_TOO_LATE: lambda c: replace(c, baseline=replace(c.baseline, until=date(2024, 3, 1))),
    DefectKind.NO_COUNTERFACTUAL: lambda c: replace(c, proof=replace(c.proof, method=Method.BEFORE_AFTER)),
    DefectKind.NO_VERSION: lambda c: replace(c, proof=replace(c.proof, version="")),
    DefectKind.NO_INTERVAL: lambda c: replace(c, quantity=replace(c.quantity, low=None)),
    DefectKind.INTERVAL_WRONG: lambda c: replace(c, quantity=replace(c.quantity, level=Decimal("0.95"))),
    DefectKind.NOT_EVALUATED: lambda c: replace(c, quantity=replace(c.quantity, evaluated=EVALUATED, known=False)),
    DefectKind.QUANTITY_TYPED: lambda c: replace(c, proof=replace(c.proof, run="shared-licences/1", kept=True)),
    DefectKind.PRICE_UNSOURCED: lambda c: replace(c, price=replace(c.price, source="")),
    DefectKind.PRICE_YEAR_DIFFERS: lambda c: replace(c, price=replace(c.price, year=2019)),
    DefectKind.SHARE_OUT_OF_RANGE: lambda c: replace(c, deadweight=Decimal("1.5")),
    DefectKind.SHARES_OVER_ONE: lambda c: replace(c, shares=((c.key, Decimal("0.7")), ("other", Decimal("0.4")))),
    DefectKind.DOUBLE_COUNTED: lambda c: replace(
        c, initiative="another", quantity=replace(c.quantity, name="units of a")
    ),
    DefectKind.STEP_NOT_POSSIBLE: lambda c: replace(c, steps=(c.steps[0], c.steps[2])),
    DefectKind.STEP_WITHOUT_EVIDENCE: lambda c: replace(c, steps=(*c.steps[:2], replace(c.steps[2], evidence=""))),
    DefectKind.VERIFIED_BY_CLAIMANT: lambda c: replace(
        c, steps=(*c.steps[:2], replace(c.steps[2], by="innovation  Office"))
    ),
    DefectKind.ABOVE_LOWER_BOUND: lambda c: budgeted(c, 1_150_000),
    DefectKind.REALISED_BELOW_BUDGET: lambda c: replace(
        c,
        steps=(
            *budgeted(c, 900_000).steps,
            Step(Status.REALISED, date(2026, 8, 1), "Controller", "Account", 700_000, 2025),
        ),
    ),
    DefectKind.SUPERSEDED_COUNTED: lambda c: c,
}


def ledger_with_defects(seed: int) -> tuple[list[Claim], dict[str, DefectKind]]:
    """Return 200 claims, shuffled, and which of them has which planted defect: 60, every kind at least twice."""
    chance = random.Random(seed)
    alone = [kind for kind in SPOILED if kind not in _PAIRED]
    kinds = [*SPOILED, *SPOILED, *chance.choices(alone, k=60 - 2 * len(SPOILED))]
    planted: dict[str, DefectKind] = {}
    claims: list[Claim] = []
    good = good_ledger(seed, 140)
    for number, kind in enumerate(kinds):
        key = f"bad-{number:02d}"
        planted[key] = kind
        claims.append(_spoil(key, kind, good))
    claims += good
    chance.shuffle(claims)
    return claims, planted


_PAIRED = (DefectKind.DOUBLE_COUNTED, DefectKind.SUPERSEDED_COUNTED)


def _spoil(key: str, kind: DefectKind, good: list[Claim]) -> Claim:
    """Return a claim with one defect; the two kinds that need a partner take one of the good claims."""
    whole = make_claim(key)
    if kind is DefectKind.DOUBLE_COUNTED:
        other = next(c for c in good if c.status is not Status.LAPSED and c.line == "31-licences")
        good.remove(other)
        good.append(replace(other, line=f"line-{key}"))
        name, first = other.quantity.name, other.first_year
        spoiled = replace(
            whole, line=f"line-{key}", first_year=first, last_year=first, price=replace(whole.price, year=first)
        )
        late = tuple(replace(step, on=step.on + timedelta(60)) for step in whole.steps)
        return replace(spoiled, initiative="another", steps=late, quantity=replace(whole.quantity, name=name))
    if kind is DefectKind.SUPERSEDED_COUNTED:
        at = next(n for n, c in enumerate(good) if c.status is not Status.LAPSED and not c.supersedes)
        good[at] = replace(good[at], supersedes=key)
        return whole
    return SPOILED[kind](whole)
