"""What is wrong with claims, by name: see `kinds` for each kind and what to do about it."""

from collections.abc import Iterable

from cupola.savings.claim import Claim
from cupola.savings.defects.across import ACROSS
from cupola.savings.defects.course import COURSE
from cupola.savings.defects.kinds import REMEDIES, Defect, DefectKind, Rules
from cupola.savings.defects.proof import PROOFS
from cupola.savings.defects.terms import TERMS

CHECKS = (*TERMS, *PROOFS, *COURSE)


def defects_of(claim: Claim, rules: Rules) -> tuple[Defect, ...]:
    """Return what is wrong with one claim by itself, in the order of the checks."""
    return tuple(found for check in CHECKS for found in check(claim, rules))


def find_defects(claims: Iterable[Claim], rules: Rules) -> tuple[Defect, ...]:
    """Return what is wrong with the claims of a ledger, each by itself and beside the others, in the claims' order."""
    every = tuple(claims)
    place = {claim.key: at for at, claim in enumerate(every)}
    own = [found for claim in every for found in defects_of(claim, rules)]
    across = [found for check in ACROSS for found in check(every)]
    return tuple(sorted((*own, *across), key=lambda found: place[found.claim]))


__all__ = ["CHECKS", "REMEDIES", "Defect", "DefectKind", "Rules", "defects_of", "find_defects"]
