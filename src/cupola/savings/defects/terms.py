"""What a claim says it is: the term, the line, the years, and whether it would have come anyway."""

from collections.abc import Iterator

from cupola.savings.claim import ONE, ZERO, Claim
from cupola.savings.defects.kinds import Defect, DefectKind, Rules
from cupola.savings.vocabulary import BANKABLE, Kind, Recurrence, Status

TIME = frozenset({"hour", "hours", "minute", "minutes", "day", "days", "fte", "staff hours", "staff days"})


def term(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find a saving nobody defined."""
    if claim.kind is None or not claim.definition.strip():
        said = "its kind is not stated" if claim.kind is None else "what counts as saved is not stated"
        yield Defect(DefectKind.TERM_UNDEFINED, claim.key, "kind" if claim.kind is None else "definition", said)


def budget_line(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find what frees no money, counted as money."""
    if claim.kind in BANKABLE and not (claim.fund and claim.line):
        what = "fund" if not claim.fund else "budget line"
        yield Defect(DefectKind.NO_BUDGET_LINE, claim.key, "line", f"it is {claim.kind} and names no {what}")
    if claim.kind in {Kind.AVOIDANCE, Kind.NON_CASHABLE} and claim.stands(Status.BUDGETED):
        message = f"it is {str(claim.kind).replace('_', '-')} and stands at '{claim.status}'"
        yield Defect(DefectKind.AVOIDANCE_COUNTED, claim.key, "kind", message)
    if claim.kind is Kind.CASHABLE and claim.quantity.unit.casefold().strip() in TIME and not claim.posts_ended:
        message = f"{claim.quantity.unit} freed are called cashable, and no post ended"
        yield Defect(DefectKind.CAPACITY_AS_CASH, claim.key, "kind", message)


def years(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find years that are not the ledger's."""
    count = claim.last_year - claim.first_year + 1
    if claim.recurrence is Recurrence.ONE_OFF and count > 1:
        yield Defect(
            DefectKind.ONE_OFF_REPEATED, claim.key, "last_year", f"a one-off saving is claimed for {count} years"
        )
    elif count > rules.longest_years or count < 1:
        message = f"it is counted for {count} years, the ledger counts {rules.longest_years} at most"
        yield Defect(DefectKind.DIFFERENT_YEARS, claim.key, "last_year", message)
    if claim.first_year < rules.first_year or claim.last_year > rules.last_year:
        message = f"{_span(claim.first_year, claim.last_year)} is not within {_span(rules.first_year, rules.last_year)}"
        yield Defect(DefectKind.OUTSIDE_PERIOD, claim.key, "first_year", message)


def planned(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find what was decided before the initiative began and still counts in full."""
    if claim.decided_on is None or claim.initiative_since is None or claim.deadweight >= ONE:
        return
    if claim.decided_on < claim.initiative_since:
        message = f"it was decided on {claim.decided_on}, before the initiative began on {claim.initiative_since}"
        yield Defect(DefectKind.ALREADY_PLANNED, claim.key, "decided_on", message)


def shares(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find shares that are none, and shares of one effect that are more than all of it."""
    parts = {"decay": claim.decay, "deadweight": claim.deadweight, "displacement": claim.displacement}
    for name, share in (*parts.items(), *((f"shares.{key}", share) for key, share in claim.shares)):
        if not ZERO <= share <= ONE:
            yield Defect(DefectKind.SHARE_OUT_OF_RANGE, claim.key, name, f"{name} is {share}")
    total = sum((share for _key, share in claim.shares), ZERO)
    if total > ONE:
        yield Defect(DefectKind.SHARES_OVER_ONE, claim.key, "shares", f"its shares sum to {total}")


def _span(first: int, last: int) -> str:
    return f"FY{first}" if first == last else f"FY{first}-{last}"


TERMS = (term, budget_line, years, planned, shares)
