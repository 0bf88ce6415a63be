"""Rosters and budgets of a government: which column means what, posts and money counted, reorganisations told."""

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
from cupola.orgchart.rosters.reorganising import Change, Reorganisation, reorganisations

__all__ = [
    "Amount",
    "BudgetColumns",
    "Change",
    "ColumnsNotFound",
    "PostCount",
    "Reorganisation",
    "RosterColumns",
    "Where",
    "budget_columns",
    "budget_query",
    "periods_of",
    "read_amounts",
    "read_counts",
    "reorganisations",
    "roster_columns",
    "roster_query",
]
