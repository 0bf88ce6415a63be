"""How a claim came where it stands: steps in order, on a ground, by the right person, for no more than is proven."""

from collections.abc import Iterator
from dataclasses import replace

from cupola.errors import CupolaError
from cupola.savings.claim import Claim, Step
from cupola.savings.defects.kinds import Defect, DefectKind, Rules
from cupola.savings.flows import bankable_cents
from cupola.savings.states import VerifiedByClaimant, check_step
from cupola.savings.vocabulary import BANKABLE, Status

_GROUNDED = (Status.EVIDENCED, Status.VERIFIED, Status.BUDGETED, Status.REALISED)


def order(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find steps out of order, and claimants who verified themselves."""
    for at, step in enumerate(claim.steps):
        try:
            check_step(replace(claim, steps=claim.steps[:at]), step)
        except VerifiedByClaimant as error:
            message = f"{step.by} claimed or evidenced it and verified it on {step.on}"
            yield Defect(DefectKind.VERIFIED_BY_CLAIMANT, claim.key, f"steps[{at}].by", message)
            del error
        except CupolaError as error:
            said = str(error).partition(". ")[0].removeprefix(f"{claim.key} ")
            yield Defect(DefectKind.STEP_NOT_POSSIBLE, claim.key, f"steps[{at}].status", said)


def grounds(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find steps that nothing supports."""
    for at, step in enumerate(claim.steps):
        if step.status in _GROUNDED and not (step.evidence.strip() and step.by.strip()):
            what = "evidence" if step.by.strip() else "person"
            message = f"'{step.status}' on {step.on} names no {what}"
            yield Defect(DefectKind.STEP_WITHOUT_EVIDENCE, claim.key, f"steps[{at}]", message)


def amounts(claim: Claim, rules: Rules) -> Iterator[Defect]:
    """Find budgets above the lower bound, and years that brought less than budgeted."""
    budgeted = _by_year(claim, Status.BUDGETED)
    for year, step in budgeted.items():
        most = bankable_cents(claim, year)
        if claim.kind in BANKABLE and step.cents is not None and step.cents > most:
            message = f"{_money(step.cents)} were budgeted for FY{year}, {_money(max(most, 0))} can be banked"
            yield Defect(DefectKind.ABOVE_LOWER_BOUND, claim.key, "steps", message)
    for year, step in _by_year(claim, Status.REALISED).items():
        planned = budgeted.get(year)
        if planned is not None and (step.cents or 0) < (planned.cents or 0):
            message = f"FY{year} brought {_money(step.cents or 0)} of {_money(planned.cents or 0)} budgeted"
            yield Defect(DefectKind.REALISED_BELOW_BUDGET, claim.key, "steps", message)


def _by_year(claim: Claim, status: Status) -> dict[int, Step]:
    return {step.year: step for step in claim.steps if step.status is status and step.year is not None}


def _money(cents: int) -> str:
    return f"{cents / 100:,.2f}"


COURSE = (order, grounds, amounts)
