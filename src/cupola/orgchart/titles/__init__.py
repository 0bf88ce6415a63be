"""What the titles of a roster are about: function group and level, each with the rule that says so."""

from cupola.orgchart.titles.classifying import Label, Settled, classify
from cupola.orgchart.titles.groups import (
    FUNCTION_OF,
    INFORMATION_SYSTEMS,
    TECHNOLOGY_DATA_INNOVATION,
    Group,
    How,
    Level,
)
from cupola.orgchart.titles.rules import Rule, Rules, WrongTitleRule, read_rules, usual_rules

__all__ = [
    "FUNCTION_OF",
    "INFORMATION_SYSTEMS",
    "TECHNOLOGY_DATA_INNOVATION",
    "Group",
    "How",
    "Label",
    "Level",
    "Rule",
    "Rules",
    "Settled",
    "WrongTitleRule",
    "classify",
    "read_rules",
    "usual_rules",
]
