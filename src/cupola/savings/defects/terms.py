"""What a claim says it is: the term, the line, the years, and whether it would have come anyway."""

from collections.abc import Iterator

from cupola.savings.claim import ONE, ZERO, Claim
from cupola.savings.defects.kinds import Defect, DefectKind, Rules
from cupola.savings.vocabulary import BANKABLE, Kind, Recurrence, Status
from cupola.sentences import Sentence

TIME = frozenset({"hour", "hours", "minute", "minutes", "day", "days", "fte", "staff hours", "staff days"})


def term(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find a saving nobody defined."""
    if claim.kind is None or not claim.definition.strip():
        said = Sentence("what counts as saved is not stated")
        if claim.kind is None:
            said = Sentence("its kind is not stated")
        yield Defect(DefectKind.TERM_UNDEFINED, claim.key, "kind" if claim.kind is None else "definition", said)


def budget_line(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find what frees no money, counted as money."""
    if claim.kind in BANKABLE and not (claim.fund and claim.line):
        message = Sentence("it is of kind '%(kind)s' and names no budget line", {"kind": str(claim.kind)})
        if not claim.fund:
            message = Sentence("it is of kind '%(kind)s' and names no fund", {"kind": str(claim.kind)})
        yield Defect(DefectKind.NO_BUDGET_LINE, claim.key, "line", message)
    if claim.kind in {Kind.AVOIDANCE, Kind.NON_CASHABLE} and claim.stands(Status.BUDGETED):
        facts = {"kind": str(claim.kind), "status": str(claim.status)}
        message = Sentence("it is of kind '%(kind)s' and stands at '%(status)s'", facts)
        yield Defect(DefectKind.AVOIDANCE_COUNTED, claim.key, "kind", message)
    if claim.kind is Kind.CASHABLE and claim.quantity.unit.casefold().strip() in TIME and not claim.posts_ended:
        unit = {"unit": claim.quantity.unit}
        message = Sentence("time freed (%(unit)s) is called cashable, and no post ended", unit)
        yield Defect(DefectKind.CAPACITY_AS_CASH, claim.key, "kind", message)


def years(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find years that are not the ledger's."""
    count = claim.last_year - claim.first_year + 1
    if claim.recurrence is Recurrence.ONE_OFF and count > 1:
        message = Sentence("a one-off saving is claimed for %(count)s years", {"count": count})
        yield Defect(DefectKind.ONE_OFF_REPEATED, claim.key, "last_year", message)
    elif count > rules.longest_years or count < 1:
        facts: dict[str, int | str] = {"count": count, "most": rules.longest_years}
        message = Sentence("it is counted for %(count)s years, the ledger counts %(most)s at most", facts)
        yield Defect(DefectKind.DIFFERENT_YEARS, claim.key, "last_year", message)
    if claim.first_year < rules.first_year or claim.last_year > rules.last_year:
        facts = {"years": _span(claim.first_year, claim.last_year), "period": _span(rules.first_year, rules.last_year)}
        message = Sentence("%(years)s is not within %(period)s", facts)
        yield Defect(DefectKind.OUTSIDE_PERIOD, claim.key, "first_year", message)


def planned(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find what was decided before the initiative began and still counts in full."""
    if claim.decided_on is None or claim.initiative_since is None or claim.deadweight >= ONE:
        return
    if claim.decided_on < claim.initiative_since:
        facts = {"decided": str(claim.decided_on), "began": str(claim.initiative_since)}
        message = Sentence("it was decided on %(decided)s, before the initiative began on %(began)s", facts)
        yield Defect(DefectKind.ALREADY_PLANNED, claim.key, "decided_on", message)


def shares(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find shares that are none, and shares of one effect that are more than all of it."""
    parts = {"decay": claim.decay, "deadweight": claim.deadweight, "displacement": claim.displacement}
    for name, share in (*parts.items(), *((f"shares.{key}", share) for key, share in claim.shares)):
        if not ZERO <= share <= ONE:
            message = Sentence("%(name)s is %(share)s", {"name": name, "share": str(share)})
            yield Defect(DefectKind.SHARE_OUT_OF_RANGE, claim.key, name, message)
    total = sum((share for _key, share in claim.shares), ZERO)
    if total > ONE:
        message = Sentence("its shares sum to %(total)s", {"total": str(total)})
        yield Defect(DefectKind.SHARES_OVER_ONE, claim.key, "shares", message)


def _span(first: int, last: int) -> str:
    return f"FY{first}" if first == last else f"FY{first}-{last}"


TERMS = (term, budget_line, years, planned, shares)
