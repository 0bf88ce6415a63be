"""How a claim came where it stands: steps in order, on a ground, by the right person, for no more than is proven."""

from collections.abc import Iterator
from dataclasses import replace

from cupola.savings.claim import Claim, Step
from cupola.savings.defects.kinds import Defect, DefectKind, Rules
from cupola.savings.flows import bankable_cents
from cupola.savings.states import StepGoesBack, StepNotPossible, VerifiedByClaimant, check_step
from cupola.savings.vocabulary import BANKABLE, Status
from cupola.sentences import Sentence

_GROUNDED = (Status.EVIDENCED, Status.VERIFIED, Status.BUDGETED, Status.REALISED)


def order(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find steps out of order, and claimants who verified themselves."""
    for at, step in enumerate(claim.steps):
        try:
            check_step(replace(claim, steps=claim.steps[:at]), step)
        except VerifiedByClaimant:
            facts = {"by": step.by, "on": str(step.on)}
            message = Sentence("%(by)s claimed or evidenced it and verified it on %(on)s", facts)
            yield Defect(DefectKind.VERIFIED_BY_CLAIMANT, claim.key, f"steps[{at}].by", message)
        except StepGoesBack as error:
            facts = {
                "status": str(step.status),
                "on": str(step.on),
                "last": str(error.last.status),
                "then": str(error.last.on),
            }
            message = Sentence("it became '%(last)s' on %(then)s; '%(status)s' cannot be dated %(on)s", facts)
            yield Defect(DefectKind.STEP_NOT_POSSIBLE, claim.key, f"steps[{at}].status", message)
        except StepNotPossible as error:
            message = Sentence("it has no step yet and cannot become '%(wanted)s'", {"wanted": str(error.wanted)})
            if error.now is not None:
                facts = {"now": str(error.now), "wanted": str(error.wanted)}
                message = Sentence("it stands at '%(now)s' and cannot become '%(wanted)s'", facts)
            yield Defect(DefectKind.STEP_NOT_POSSIBLE, claim.key, f"steps[{at}].status", message)


def grounds(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find steps that nothing supports."""
    for at, step in enumerate(claim.steps):
        if step.status in _GROUNDED and not (step.evidence.strip() and step.by.strip()):
            facts = {"status": str(step.status), "on": str(step.on)}
            message = Sentence("'%(status)s' on %(on)s names no evidence", facts)
            if not step.by.strip():
                message = Sentence("'%(status)s' on %(on)s names no person", facts)
            yield Defect(DefectKind.STEP_WITHOUT_EVIDENCE, claim.key, f"steps[{at}]", message)


def amounts(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find budgets above the lower bound, and years that brought less than budgeted."""
    budgeted = _by_year(claim, Status.BUDGETED)
    for year, step in budgeted.items():
        most = bankable_cents(claim, year)
        if claim.kind in BANKABLE and step.cents is not None and step.cents > most:
            facts = {"budgeted": _money(step.cents), "year": f"FY{year}", "most": _money(max(most, 0))}
            message = Sentence("%(budgeted)s were budgeted for %(year)s, %(most)s can be banked", facts)
            yield Defect(DefectKind.ABOVE_LOWER_BOUND, claim.key, "steps", message)
    for year, step in _by_year(claim, Status.REALISED).items():
        planned = budgeted.get(year)
        if planned is not None and (step.cents or 0) < (planned.cents or 0):
            facts = {"year": f"FY{year}", "came": _money(step.cents or 0), "budgeted": _money(planned.cents or 0)}
            message = Sentence("%(year)s brought %(came)s of %(budgeted)s budgeted", facts)
            yield Defect(DefectKind.REALISED_BELOW_BUDGET, claim.key, "steps", message)


def _by_year(claim: Claim, status: Status) -> dict[int, Step]:
    return {step.year: step for step in claim.steps if step.status is status and step.year is not None}


def _money(cents: int) -> str:
    return f"{cents / 100:,.2f}"


COURSE = (order, grounds, amounts)
