"""The kinds of defect a claim can have, each with what is wrong and what to do.

Source of the first six: GAO-14-12 on savings the agencies of the United States reported; of the others, the Green Book,
and what GFOA and NASPO say on counting savings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cupola.sentences import Sentence


class DefectKind(StrEnum):
    """What can be wrong with a claim."""

    TERM_UNDEFINED = "term_undefined"
    AVOIDANCE_COUNTED = "avoidance_counted"
    DISPOSAL_NOT_DEDUCTED = "disposal_not_deducted"
    DIFFERENT_YEARS = "different_years"
    OUTSIDE_PERIOD = "outside_period"
    ALREADY_PLANNED = "already_planned"
    CAPACITY_AS_CASH = "capacity_as_cash"
    NO_BUDGET_LINE = "no_budget_line"
    COST_NOT_STATED = "cost_not_stated"
    GROSS_ANNOUNCED = "gross_announced"
    ONE_OFF_REPEATED = "one_off_repeated"
    NO_BASELINE = "no_baseline"
    BASELINE_TOO_LATE = "baseline_too_late"
    NO_COUNTERFACTUAL = "no_counterfactual"
    NO_VERSION = "no_version"
    NO_INTERVAL = "no_interval"
    INTERVAL_WRONG = "interval_wrong"
    NOT_EVALUATED = "not_evaluated"
    QUANTITY_TYPED = "quantity_typed"
    PRICE_UNSOURCED = "price_unsourced"
    PRICE_YEAR_DIFFERS = "price_year_differs"
    SHARE_OUT_OF_RANGE = "share_out_of_range"
    SHARES_OVER_ONE = "shares_over_one"
    DOUBLE_COUNTED = "double_counted"
    STEP_NOT_POSSIBLE = "step_not_possible"
    STEP_WITHOUT_EVIDENCE = "step_without_evidence"
    VERIFIED_BY_CLAIMANT = "verified_by_claimant"
    ABOVE_LOWER_BOUND = "above_lower_bound"
    REALISED_BELOW_BUDGET = "realised_below_budget"
    SUPERSEDED_COUNTED = "superseded_counted"


REMEDIES: Mapping[DefectKind, Sentence] = {
    DefectKind.TERM_UNDEFINED: Sentence(
        "say whether it is cashable, non_cashable, avoidance or revenue, and what counts"
    ),
    DefectKind.AVOIDANCE_COUNTED: Sentence("take it out of the budget: a cost that did not come frees no money"),
    DefectKind.DISPOSAL_NOT_DEDUCTED: Sentence(
        "deduct what ending it costs, as a cost of kind 'disposal'; 0 where it is free"
    ),
    DefectKind.DIFFERENT_YEARS: Sentence("count as many years as every other claim of this ledger"),
    DefectKind.OUTSIDE_PERIOD: Sentence("claim only years of the ledger's period"),
    DefectKind.ALREADY_PLANNED: Sentence("take it out, or set 'deadweight' to the share that would have come anyway"),
    DefectKind.CAPACITY_AS_CASH: Sentence(
        "call it non_cashable, or name under 'posts_ended' the posts whose money ended"
    ),
    DefectKind.NO_BUDGET_LINE: Sentence("name the fund and the budget line that gets smaller, or call it avoidance"),
    DefectKind.COST_NOT_STATED: Sentence("say what it took under 'costs'; an empty list says that it took nothing"),
    DefectKind.GROSS_ANNOUNCED: Sentence("announce the net figure, after what it took and what others claim"),
    DefectKind.ONE_OFF_REPEATED: Sentence("claim one year, or show that it recurs"),
    DefectKind.NO_BASELINE: Sentence("say what it was before, over which days"),
    DefectKind.BASELINE_TOO_LATE: Sentence("take days before the initiative began"),
    DefectKind.NO_COUNTERFACTUAL: Sentence("compare with what would have happened; before and after alone cannot tell"),
    DefectKind.NO_VERSION: Sentence("name the measure with the version and the query it was read with"),
    DefectKind.NO_INTERVAL: Sentence("give the interval: only its lower bound can be banked"),
    DefectKind.INTERVAL_WRONG: Sentence("give the ledger's interval, with the value inside it"),
    DefectKind.NOT_EVALUATED: Sentence(
        "evaluate it (cupola evaluate KEY), or name an evaluation that claims an effect"
    ),
    DefectKind.QUANTITY_TYPED: Sentence(
        "take it from the evaluation: write 'evaluation' under 'quantity' in place of figures"
    ),
    DefectKind.PRICE_UNSOURCED: Sentence("say where the price is from"),
    DefectKind.PRICE_YEAR_DIFFERS: Sentence("use prices of the first year claimed"),
    DefectKind.SHARE_OUT_OF_RANGE: Sentence("write a share from 0 to 1"),
    DefectKind.SHARES_OVER_ONE: Sentence("agree on shares that sum to at most 1"),
    DefectKind.DOUBLE_COUNTED: Sentence("let one claim have it, or divide it: both name each other's share"),
    DefectKind.STEP_NOT_POSSIBLE: Sentence(
        "record the steps in order: claimed, evidenced, verified, budgeted, realised"
    ),
    DefectKind.STEP_WITHOUT_EVIDENCE: Sentence("say on what ground: the memo, the ordinance, the account"),
    DefectKind.VERIFIED_BY_CLAIMANT: Sentence("have it verified by someone who neither claimed nor evidenced it"),
    DefectKind.ABOVE_LOWER_BOUND: Sentence("budget at most the lower bound of the interval, after costs"),
    DefectKind.REALISED_BELOW_BUDGET: Sentence("let it lapse for the difference, or show where the rest came from"),
    DefectKind.SUPERSEDED_COUNTED: Sentence("let the superseded claim lapse"),
}
FLAGGED = frozenset({DefectKind.REALISED_BELOW_BUDGET, DefectKind.PRICE_YEAR_DIFFERS})


@dataclass(frozen=True)
class Defect:
    """One thing wrong with a claim. message: what, with its values; `refused`: the claim cannot count with it."""

    kind: DefectKind
    claim: str
    field: str
    message: Sentence

    @property
    def remedy(self) -> Sentence:
        """What to do."""
        return REMEDIES[self.kind]

    @property
    def refused(self) -> bool:
        """Whether it keeps the claim from counting; else it is shown beside it."""
        return self.kind not in FLAGGED

    def __str__(self) -> str:
        return f"{self.claim}: {self.message}; {self.remedy}"


@dataclass(frozen=True)
class Rules:
    """What a ledger asks of every claim alike.

    first_year, last_year: the fiscal years it covers. longest_years: most years a recurring saving is counted for.
    level: coverage of every interval, as text of a share.
    """

    first_year: int
    last_year: int
    longest_years: int = 5
    level: str = "0.8"
