"""The arithmetic of the savings ledger, and of what savings can carry when a grant ends."""

from cupola.savings.adding import ClaimIsEvidenced, StepsOnlyAdded, check_append_only
from cupola.savings.claim import Baseline, Claim, Cost, Price, Proof, Quantity, Step
from cupola.savings.defects import Defect, DefectKind, Rules, find_defects
from cupola.savings.discounting import GREEN_BOOK_RATE, Worth, present_value, rate_of_return, worth
from cupola.savings.evaluated import Counts, Effect, Evaluated
from cupola.savings.flows import Flow, bankable_cents, flows, net_cents
from cupola.savings.ledger import Cell, Ledger, banked_recurring, ledger
from cupola.savings.reading import cents, evaluated_of, read_claim, read_step
from cupola.savings.states import StepGoesBack, StepNotPossible, VerifiedByClaimant, check_step, next_steps
from cupola.savings.vocabulary import BANKABLE, Kind, Method, Recurrence, Status

__all__ = [
    "BANKABLE",
    "GREEN_BOOK_RATE",
    "Baseline",
    "Cell",
    "Claim",
    "ClaimIsEvidenced",
    "Cost",
    "Counts",
    "Defect",
    "DefectKind",
    "Effect",
    "Evaluated",
    "Flow",
    "Kind",
    "Ledger",
    "Method",
    "Price",
    "Proof",
    "Quantity",
    "Recurrence",
    "Rules",
    "Status",
    "Step",
    "StepGoesBack",
    "StepNotPossible",
    "StepsOnlyAdded",
    "VerifiedByClaimant",
    "Worth",
    "bankable_cents",
    "banked_recurring",
    "cents",
    "check_append_only",
    "check_step",
    "evaluated_of",
    "find_defects",
    "flows",
    "ledger",
    "net_cents",
    "next_steps",
    "present_value",
    "rate_of_return",
    "read_claim",
    "read_step",
    "worth",
]
