"""Checks of an organisation: each passes, fails or is unknown, with what it looked at and what would change it.

A pass and a fail rest on what held for certain on the day. What is only possible, contradicted by a source as good, or
not recorded is unknown, unless the structure says that it records that part whole.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from cupola.orgchart.checks.case import Case
from cupola.orgchart.checks.councils import COUNCIL_CHECKS
from cupola.orgchart.checks.essay import ESSAY_CHECKS
from cupola.orgchart.checks.money import MONEY_CHECKS
from cupola.orgchart.checks.orderly import ORDER_CHECKS
from cupola.orgchart.checks.verdicts import Answered, Check, Verdict
from cupola.orgchart.jurisdiction import Jurisdiction, Outcome

CHECKS = (*ESSAY_CHECKS, *MONEY_CHECKS, *ORDER_CHECKS, *COUNCIL_CHECKS)

__all__ = ["CHECKS", "Answered", "Check", "Evidence", "Verdict", "check", "evidence"]


@dataclass(frozen=True)
class Evidence:
    """What the library's governments say about a claim of the essay: outcomes for and against, by government."""

    speaks_for: tuple[tuple[Jurisdiction, Outcome], ...]
    speaks_against: tuple[tuple[Jurisdiction, Outcome], ...]


def check(one: Jurisdiction, *, on: date, elections: tuple[date, ...] = ()) -> Mapping[str, Verdict]:
    """Ask every check of a government on a day; return the verdicts by the check's key.

    elections: days of its elections, where its own limits name none.
    """
    limits = one.parameters if one.parameters.elections else replace(one.parameters, elections=elections)
    case = Case(one, on, limits)
    return {each.key: each.ask(case) for each in CHECKS}


def evidence(claim: str, library: Iterable[Jurisdiction]) -> Evidence:
    """Return what speaks for and against a claim of the essay, by its key."""
    pairs = [(place, outcome) for place in library for outcome in place.outcomes]
    return Evidence(
        tuple(pair for pair in pairs if claim in pair[1].speaks_for),
        tuple(pair for pair in pairs if claim in pair[1].speaks_against),
    )
