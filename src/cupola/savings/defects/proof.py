"""What a claim rests on: costs, price, baseline, counterfactual, interval. Evidence is asked from `evidenced` on."""

from collections.abc import Iterator
from decimal import Decimal

from cupola.savings.claim import Claim
from cupola.savings.defects.kinds import Defect, DefectKind, Rules
from cupola.savings.flows import net_cents
from cupola.savings.vocabulary import ESTIMATED, NO_COUNTERFACTUAL, Method, Status
from cupola.sentences import Sentence

MISSING = {
    "measure": Sentence("its proof names no measure"),
    "version": Sentence("its proof names no version"),
    "query": Sentence("its proof names no query"),
}


def costs(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find savings without their cost, and announcements above the net."""
    if claim.costs is None:
        yield Defect(DefectKind.COST_NOT_STATED, claim.key, "costs", Sentence("what it took is not stated"))
    elif claim.disposes and not any(cost.kind == "disposal" for cost in claim.costs):
        message = Sentence("%(what)s is given up and no cost of that is deducted", {"what": claim.disposes})
        yield Defect(DefectKind.DISPOSAL_NOT_DEDUCTED, claim.key, "costs", message)
    if claim.costs is not None and claim.announced_cents is not None and claim.announced_cents > net_cents(claim):
        facts = {"announced": _money(claim.announced_cents), "net": _money(net_cents(claim))}
        message = Sentence("%(announced)s were announced, the net is %(net)s", facts)
        yield Defect(DefectKind.GROSS_ANNOUNCED, claim.key, "announced", message)


def price(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find prices from nowhere or of another year."""
    if not claim.price.source.strip():
        yield Defect(DefectKind.PRICE_UNSOURCED, claim.key, "price", Sentence("its unit price has no source"))
    if claim.price.year is not None and claim.price.year != claim.first_year:
        facts = {"price": f"FY{claim.price.year}", "first": f"FY{claim.first_year}"}
        message = Sentence("its price is of %(price)s, its first year %(first)s", facts)
        yield Defect(DefectKind.PRICE_YEAR_DIFFERS, claim.key, "price", message)


def baseline(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find claims without a before, or with one that is none."""
    before = claim.baseline
    if not _evidenced(claim) or claim.proof.method is Method.INVOICES:
        return
    if before.since is None or before.until is None or before.value is None:
        yield Defect(DefectKind.NO_BASELINE, claim.key, "baseline", Sentence("its baseline is not stated whole"))
    elif claim.initiative_since is not None and before.until > claim.initiative_since:
        facts = {"until": str(before.until), "began": str(claim.initiative_since)}
        message = Sentence("its baseline reaches to %(until)s, the initiative began on %(began)s", facts)
        yield Defect(DefectKind.BASELINE_TOO_LATE, claim.key, "baseline", message)


def counterfactual(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find quantities that were compared with nothing, or cannot be recomputed."""
    if not _evidenced(claim):
        return
    proof = claim.proof
    if proof.method in NO_COUNTERFACTUAL:
        facts = {"status": str(claim.status), "method": str(proof.method)}
        message = Sentence("it stands at '%(status)s' by the method '%(method)s'", facts)
        yield Defect(DefectKind.NO_COUNTERFACTUAL, claim.key, "proof.method", message)
    elif proof.method is not Method.INVOICES and not (proof.measure and proof.version and proof.query):
        missing = next(name for name in ("measure", "version", "query") if not getattr(proof, name))
        yield Defect(DefectKind.NO_VERSION, claim.key, f"proof.{missing}", MISSING[missing])


def evaluated(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find quantities of an evaluation that is not there or claims no effect, and those typed beside one that is."""
    said = claim.quantity.evaluated
    if said is not None and not claim.quantity.known:
        message = Sentence("there is no evaluation %(run)s", {"run": said.run})
        yield Defect(DefectKind.NOT_EVALUATED, claim.key, "quantity.evaluation", message)
    elif said is not None and claim.quantity.low is None:
        message = Sentence("the evaluation %(run)s claims no effect", {"run": said.run})
        yield Defect(DefectKind.NOT_EVALUATED, claim.key, "quantity.evaluation", message)
    elif said is None and claim.proof.kept and claim.proof.method in ESTIMATED and _evidenced(claim):
        message = Sentence("its quantity is typed, and %(run)s is evaluated here", {"run": claim.proof.run})
        yield Defect(DefectKind.QUANTITY_TYPED, claim.key, "quantity", message)


def interval(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find estimates without an interval, or with one that cannot be."""
    if not _evidenced(claim) or (claim.quantity.evaluated is not None and claim.quantity.low is None):
        return
    found = claim.quantity
    if found.low is None or found.high is None:
        yield Defect(DefectKind.NO_INTERVAL, claim.key, "quantity", Sentence("its quantity has no interval"))
    elif not found.low <= found.value <= found.high:
        facts = {"value": str(found.value), "low": str(found.low), "high": str(found.high)}
        message = Sentence("%(value)s is not between %(low)s and %(high)s", facts)
        yield Defect(DefectKind.INTERVAL_WRONG, claim.key, "quantity", message)
    elif found.level != Decimal(rules.level):
        facts = {"level": str(found.level), "asked": rules.level}
        message = Sentence("its interval covers %(level)s, the ledger's cover %(asked)s", facts)
        yield Defect(DefectKind.INTERVAL_WRONG, claim.key, "quantity", message)


def _evidenced(claim: Claim) -> bool:
    return claim.stands(Status.EVIDENCED)


def _money(cents: int) -> str:
    return f"{cents / 100:,.2f}"


PROOFS = (costs, price, baseline, counterfactual, evaluated, interval)
