"""Reads of performance: measures, their values as people see them, and where each measure stands."""

from cupola.web.performance.queries.doubts import doubt_words
from cupola.web.performance.queries.explaining import Explained, explained
from cupola.web.performance.queries.measures import (
    MeasureUnknown,
    checked,
    current_measures,
    described,
    find_measure,
    fiscal_years,
    public_measures,
)
from cupola.web.performance.queries.standing import Standing, standing, standings
from cupola.web.performance.queries.values import (
    VALUES,
    Point,
    Series,
    State,
    all_series,
    group_of,
    members,
    series,
    stored_values,
    values_version,
)

__all__ = [
    "VALUES",
    "Explained",
    "MeasureUnknown",
    "Point",
    "Series",
    "Standing",
    "State",
    "all_series",
    "checked",
    "current_measures",
    "described",
    "doubt_words",
    "explained",
    "find_measure",
    "fiscal_years",
    "group_of",
    "members",
    "public_measures",
    "series",
    "standing",
    "standings",
    "stored_values",
    "values_version",
]
