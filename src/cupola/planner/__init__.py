"""Multi-year plans of posts and money as optimisation: state the problem, solve it, explain it."""

from cupola.planner import baselines, limits, rostered
from cupola.planner.chances import chances_of_funding
from cupola.planner.conflicts import WhyNot, why_not
from cupola.planner.explaining import Explanation, Reason, explain
from cupola.planner.leadtimes import LeadTime
from cupola.planner.plan import Broken, Plan
from cupola.planner.problem import (
    Limit,
    Move,
    Need,
    PostClass,
    Problem,
    Row,
    Saving,
    Source,
    Weights,
    WrongProblem,
)
from cupola.planner.quantities import Kind, Quantity, Term
from cupola.planner.reading import Scenario, read_scenario
from cupola.planner.solving import NoEnd, NoPlan, NotInTime, solve
from cupola.planner.tradeoffs import Tradeoff, pareto

__all__ = [
    "Broken",
    "Explanation",
    "Kind",
    "LeadTime",
    "Limit",
    "Move",
    "Need",
    "NoEnd",
    "NoPlan",
    "NotInTime",
    "Plan",
    "PostClass",
    "Problem",
    "Quantity",
    "Reason",
    "Row",
    "Saving",
    "Scenario",
    "Source",
    "Term",
    "Tradeoff",
    "Weights",
    "WhyNot",
    "WrongProblem",
    "baselines",
    "chances_of_funding",
    "explain",
    "limits",
    "pareto",
    "read_scenario",
    "rostered",
    "solve",
    "why_not",
]
