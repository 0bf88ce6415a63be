"""From grant to budgeted post: runway, cliff, gap, coverage, chances, and the last day to ask for a position."""

from cupola.savings.incubation.calendar import BudgetCalendar, Filing, filing
from cupola.savings.incubation.chances import Chances, Team, Uncertain, brier_score, chances
from cupola.savings.incubation.grantlines import BookLine, BookYear, GrantStory, Said, follow
from cupola.savings.incubation.runway import (
    SCENARIOS,
    Award,
    Month,
    Outlook,
    Post,
    Runway,
    Savings,
    Terms,
    cliff_of,
    convertible,
    coverage,
    outlooks,
    runway,
    yearly_cost,
)

__all__ = [
    "SCENARIOS",
    "Award",
    "BookLine",
    "BookYear",
    "BudgetCalendar",
    "Chances",
    "Filing",
    "GrantStory",
    "Month",
    "Outlook",
    "Post",
    "Runway",
    "Said",
    "Savings",
    "Team",
    "Terms",
    "Uncertain",
    "brier_score",
    "chances",
    "cliff_of",
    "convertible",
    "coverage",
    "filing",
    "follow",
    "outlooks",
    "runway",
    "yearly_cost",
]
