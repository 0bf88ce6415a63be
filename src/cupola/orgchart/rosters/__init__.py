"""Rosters and budgets of a government: which column means what, posts and money counted, reorganisations told."""

from cupola.orgchart.rosters.accounts import OTHER, Purpose, Spending, purpose_of, spending
from cupola.orgchart.rosters.columns import (
    BudgetColumns,
    ColumnsNotFound,
    RosterColumns,
    budget_columns,
    roster_columns,
)
from cupola.orgchart.rosters.counts import (
    Amount,
    PostCount,
    Where,
    budget_query,
    periods_of,
    read_amounts,
    read_counts,
    roster_query,
)
from cupola.orgchart.rosters.joining import Joined, joined
from cupola.orgchart.rosters.reorganising import Change, Reorganisation, bare_name, reorganisations
from cupola.orgchart.rosters.rolepay import GROUPS_OF_ROLE, leading_posts, leads
from cupola.orgchart.rosters.staffing import (
    FAMILY_OF,
    Family,
    LabelledPosts,
    Sum,
    by_department,
    labelled,
    per_thousand,
    queue,
    total,
    with_a_family,
)

__all__ = [
    "FAMILY_OF",
    "GROUPS_OF_ROLE",
    "OTHER",
    "Amount",
    "BudgetColumns",
    "Change",
    "ColumnsNotFound",
    "Family",
    "Joined",
    "LabelledPosts",
    "PostCount",
    "Purpose",
    "Reorganisation",
    "RosterColumns",
    "Spending",
    "Sum",
    "Where",
    "bare_name",
    "budget_columns",
    "budget_query",
    "by_department",
    "joined",
    "labelled",
    "leading_posts",
    "leads",
    "per_thousand",
    "periods_of",
    "purpose_of",
    "queue",
    "read_amounts",
    "read_counts",
    "reorganisations",
    "roster_columns",
    "roster_query",
    "spending",
    "total",
    "with_a_family",
]
