"""What a claim rests on: costs, price, baseline, counterfactual, interval. Evidence is asked from `evidenced` on."""

from collections.abc import Iterator
from decimal import Decimal

from cupola.savings.claim import Claim
from cupola.savings.defects.kinds import Defect, DefectKind, Rules
from cupola.savings.flows import net_cents
from cupola.savings.vocabulary import NO_COUNTERFACTUAL, Method, Status


def costs(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find savings without their cost, and announcements above the net."""
    if claim.costs is None:
        yield Defect(DefectKind.COST_NOT_STATED, claim.key, "costs", "what it took is not stated")
    elif claim.disposes and not any(cost.kind == "disposal" for cost in claim.costs):
        message = f"{claim.disposes} is given up and no cost of that is deducted"
        yield Defect(DefectKind.DISPOSAL_NOT_DEDUCTED, claim.key, "costs", message)
    if claim.costs is not None and claim.announced_cents is not None and claim.announced_cents > net_cents(claim):
        message = f"{_money(claim.announced_cents)} were announced, the net is {_money(net_cents(claim))}"
        yield Defect(DefectKind.GROSS_ANNOUNCED, claim.key, "announced", message)


def price(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find prices from nowhere or of another year."""
    if not claim.price.source.strip():
        yield Defect(DefectKind.PRICE_UNSOURCED, claim.key, "price", "its unit price has no source")
    if claim.price.year is not None and claim.price.year != claim.first_year:
        message = f"its price is of FY{claim.price.year}, its first year FY{claim.first_year}"
        yield Defect(DefectKind.PRICE_YEAR_DIFFERS, claim.key, "price", message)


def baseline(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find claims without a before, or with one that is none."""
    before = claim.baseline
    if not _evidenced(claim) or claim.proof.method is Method.INVOICES:
        return
    if before.since is None or before.until is None or before.value is None:
        yield Defect(DefectKind.NO_BASELINE, claim.key, "baseline", "its baseline is not stated whole")
    elif claim.initiative_since is not None and before.until > claim.initiative_since:
        message = f"its baseline reaches to {before.until}, the initiative began on {claim.initiative_since}"
        yield Defect(DefectKind.BASELINE_TOO_LATE, claim.key, "baseline", message)


def counterfactual(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find quantities that were compared with nothing, or cannot be recomputed."""
    if not _evidenced(claim):
        return
    proof = claim.proof
    if proof.method in NO_COUNTERFACTUAL:
        message = f"it is {claim.status} by the method '{proof.method}'"
        yield Defect(DefectKind.NO_COUNTERFACTUAL, claim.key, "proof.method", message)
    elif proof.method is not Method.INVOICES and not (proof.measure and proof.version and proof.query):
        missing = next(name for name in ("measure", "version", "query") if not getattr(proof, name))
        yield Defect(DefectKind.NO_VERSION, claim.key, f"proof.{missing}", f"its proof names no {missing}")


def interval(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find estimates without an interval, or with one that cannot be."""
    if not _evidenced(claim):
        return
    found = claim.quantity
    if found.low is None or found.high is None:
        yield Defect(DefectKind.NO_INTERVAL, claim.key, "quantity", "its quantity has no interval")
    elif not found.low <= found.value <= found.high:
        message = f"{found.value} is not between {found.low} and {found.high}"
        yield Defect(DefectKind.INTERVAL_WRONG, claim.key, "quantity", message)
    elif found.level != Decimal(rules.level):
        message = f"its interval covers {found.level}, the ledger's cover {rules.level}"
        yield Defect(DefectKind.INTERVAL_WRONG, claim.key, "quantity", message)


def _evidenced(claim: Claim) -> bool:
    return claim.stands(Status.EVIDENCED)


def _money(cents: int) -> str:
    return f"{cents / 100:,.2f}"


PROOFS = (costs, price, baseline, counterfactual, interval)
