"""Measures over time: values from SQL aggregates, targets, control limits and signals, scores."""

from cupola.indicators.checking import Checked, MeasureRefused, check
from cupola.indicators.comparing import Change, changes
from cupola.indicators.definition import Direction, GapOf, Grain, Measure, Milestone, Target, Unknown, Value
from cupola.indicators.expressions import ExpressionRefused, Shape
from cupola.indicators.gaps import check_gap, gap_rows, gap_tree, refuse_gap
from cupola.indicators.grains import end_of, name_of, period_of
from cupola.indicators.missing import has_vanished, missing_days
from cupola.indicators.statements import DATA, PERIOD, Statement, filled, rows_a_day, statements, touched_periods
from cupola.indicators.values import KEY, contract, parted, read_values, value_rows

__all__ = [
    "DATA",
    "KEY",
    "PERIOD",
    "Change",
    "Checked",
    "Direction",
    "ExpressionRefused",
    "GapOf",
    "Grain",
    "Measure",
    "MeasureRefused",
    "Milestone",
    "Shape",
    "Statement",
    "Target",
    "Unknown",
    "Value",
    "changes",
    "check",
    "check_gap",
    "contract",
    "end_of",
    "filled",
    "gap_rows",
    "gap_tree",
    "has_vanished",
    "missing_days",
    "name_of",
    "parted",
    "period_of",
    "read_values",
    "refuse_gap",
    "rows_a_day",
    "statements",
    "touched_periods",
    "value_rows",
]
