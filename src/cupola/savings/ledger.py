"""The ledger as a whole: what is banked, verified, claimed and lapsed, by fund and fiscal year."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from cupola.savings.claim import Claim
from cupola.savings.defects import Defect, Rules, find_defects
from cupola.savings.flows import Flow, flows
from cupola.savings.vocabulary import BANKABLE, Recurrence, Status

BANKED, VERIFIED, CLAIMED, LAPSED, REFUSED = "banked", "verified", "claimed", "lapsed", "refused"
COLUMNS = (BANKED, VERIFIED, CLAIMED, LAPSED, REFUSED)


@dataclass(frozen=True)
class Cell:
    """One fund in one fiscal year, in cents. Each claim is in exactly one column.

    banked: the lower bound of what is in the budget. verified: the lower bound of what someone else has checked.
    claimed: the net of what is claimed or evidenced only. lapsed and refused: the net that no longer or never counts.
    not_cash: net of time freed and of costs avoided, among `verified` and `claimed` never.
    """

    fund: str
    year: int
    banked: int = 0
    verified: int = 0
    claimed: int = 0
    lapsed: int = 0
    refused: int = 0
    not_cash: int = 0


@dataclass(frozen=True)
class Ledger:
    """Claims, what is wrong with them, and their sums by fund and fiscal year, in that order."""

    claims: tuple[Claim, ...]
    defects: tuple[Defect, ...]
    cells: tuple[Cell, ...]

    def total(self, column: str) -> int:
        """Return the cents of one column over all funds and years."""
        return sum(int(getattr(cell, column)) for cell in self.cells)

    def refused(self) -> frozenset[str]:
        """Return the keys of the claims that cannot count."""
        return frozenset(defect.claim for defect in self.defects if defect.refused)


def ledger(claims: Iterable[Claim], rules: Rules) -> Ledger:
    """Return the ledger of claims. A claim with a defect that refuses it counts in the column `refused` only."""
    every = tuple(claims)
    defects = find_defects(every, rules)
    refused = {defect.claim for defect in defects if defect.refused}
    sums: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for claim in every:
        column = REFUSED if claim.key in refused else _column(claim)
        for flow in flows(claim):
            sums[claim.fund, flow.year][column] += _amount(claim, flow, column)
    cells = tuple(Cell(fund, year, **found) for (fund, year), found in sorted(sums.items()))
    return Ledger(every, defects, cells)


def banked_recurring(claims: Iterable[Claim], rules: Rules, *, fund: str, year: int) -> int:
    """Return the cents a fund's verified recurring savings bring in a fiscal year, at their lower bound.

    What pays for a post must be in a budget line, recur, and be checked by someone else; all else is left out.
    """
    found = ledger(claims, rules)
    out = found.refused()
    return sum(
        flow.bankable
        for claim in found.claims
        if claim.key not in out and _carries(claim, fund)
        for flow in flows(claim)
        if flow.year == year
    )


def _carries(claim: Claim, fund: str) -> bool:
    return (
        claim.fund == fund
        and claim.recurrence is Recurrence.RECURRING
        and claim.kind in BANKABLE
        and claim.stands(Status.VERIFIED)
    )


def _column(claim: Claim) -> str:
    if claim.status is Status.LAPSED:
        return LAPSED
    if claim.kind not in BANKABLE:
        return "not_cash"
    if claim.stands(Status.BUDGETED):
        return BANKED
    return VERIFIED if claim.stands(Status.VERIFIED) else CLAIMED


def _amount(claim: Claim, flow: Flow, column: str) -> int:
    return flow.bankable if column in {BANKED, VERIFIED} else flow.net
