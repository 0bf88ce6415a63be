"""Scores as other cities count them, cell by cell, and what they hide."""

from cupola.indicators.scores.cityscore import (
    WINDOWS,
    CityScore,
    Finding,
    Metric,
    NoTarget,
    Scored,
    score_city,
    to_watch,
)
from cupola.indicators.scores.slack import Slack, explain_slack

__all__ = [
    "WINDOWS",
    "CityScore",
    "Finding",
    "Metric",
    "NoTarget",
    "Scored",
    "Slack",
    "explain_slack",
    "score_city",
    "to_watch",
]
