"""The score of Boston's CityScore toolkit (commit e5202d8), with its ways, so that a city can go on publishing what
it knows.

A metric's score is the mean of its last 1, 7, 30 or 90 days by its target, or the inverse where less is better,
rounded up to two decimals. The city's is the plain mean of its metrics', rounded up again. Where the original stops
with an error, a named finding says so. What is odd about the score itself is told in `slack.py`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np

from cupola.errors import InvalidInput

WINDOWS = {"day": 1, "week": 7, "month": 30, "quarter": 90}
SHOWN_ALL_UP_TO = 5
SHOWN_OF_MORE = 4
Finding = Literal["last_value_is_zero"]


class NoTarget(InvalidInput):
    """A metric has nothing to be measured against."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} has a target of 0, and a score divides by it. Give another target.")


@dataclass(frozen=True)
class Metric:
    """One series as the toolkit knows it. `values`: day and value, in any order, one per day at least.

    `upwards`: whether more is better. `historic`: the target follows the metric's own past. `trend`: zero is an
    ordinary value.
    """

    name: str
    values: tuple[tuple[date, float], ...]
    target: float
    upwards: bool = True
    historic: bool = False
    trend: bool = False


@dataclass(frozen=True)
class Scored:
    """A metric's or the city's scores.

    A window's score is None where the original shows N/A; `percentile` is None where it stops.
    """

    name: str
    target: float | None
    scores: dict[str, float | None]
    percentile: float | None
    findings: tuple[Finding, ...] = ()
    values: int = 0


@dataclass(frozen=True)
class CityScore:
    """All metrics in the order given, and the city."""

    metrics: tuple[Scored, ...]
    city: Scored


def score_city(metrics: Sequence[Metric]) -> CityScore:
    """Score every metric that has values, and the city. Raises NoTarget."""
    scored = tuple(_scored(metric) for metric in metrics if metric.values)
    city = {window: _mean([one.scores[window] for one in scored]) for window in WINDOWS}
    stops = any(one.percentile is None for one in scored)
    percentile = None if stops else _mean([one.percentile for one in scored])
    findings: tuple[Finding, ...] = ("last_value_is_zero",) if stops else ()
    return CityScore(scored, Scored("", None, city, percentile, findings, len(scored)))


def to_watch(scored: Sequence[Scored]) -> tuple[tuple[Scored, ...], tuple[Scored, ...]]:
    """Return the exceeding metrics and those to follow up, by week, best and worst first.

    Of more than five, the original documents five and shows four.
    """
    known = [one for one in scored if one.scores["week"] is not None]
    above = sorted((one for one in known if (one.scores["week"] or 0) >= 1), key=_by_week, reverse=True)
    below = sorted((one for one in known if (one.scores["week"] or 0) < 1), key=_by_week)
    return _cut(above), _cut(below)


def _by_week(one: Scored) -> float:
    return one.scores["week"] or 0.0


def _cut(found: list[Scored]) -> tuple[Scored, ...]:
    return tuple(found if len(found) <= SHOWN_ALL_UP_TO else found[:SHOWN_OF_MORE])


def _scored(metric: Metric) -> Scored:
    values = sorted(metric.values)
    target = settled_target(metric)
    if target == 0:
        raise NoTarget(metric.name)
    scores: dict[str, float | None] = {window: window_score(metric, target, days) for window, days in WINDOWS.items()}
    last = values[-1][1]
    if metric.trend and last == 0:
        scores["day"] = None
    percentile = _percentile([value for _, value in values], target, upwards=metric.upwards)
    findings: tuple[Finding, ...] = ("last_value_is_zero",) if percentile is None else ()
    return Scored(metric.name, target, scores, percentile, findings, len(values))


def window_score(metric: Metric, target: float, days: int, *, rounded: bool = True) -> float:
    """Return the score of the `days` up to the metric's last one, rounded up as the original does unless told not."""
    values = sorted(metric.values)
    since = values[-1][0] - timedelta(days=days)
    inside = [value for day, value in values if day > since]
    if sum(inside) == 0:
        return 0.0
    ratio = sum(inside) / len(inside) / target
    alone = days == 1 and len(values) == 1  # the original does not turn the very first value of a metric round
    score = ratio if metric.upwards or alone else 1 / ratio
    return _up(score) if rounded else score


def settled_target(metric: Metric) -> float:
    """Return the target once it has been read twice, as every view of a page of the original does."""
    if not metric.historic:
        return metric.target
    values = sorted(metric.values)
    if metric.trend and len(values) > 365:
        last = values[-1][0]
        then = [value for day, value in values if last - timedelta(days=454) <= day <= last - timedelta(days=365)]
        return sum(then) / len(then) if then else metric.target
    if len(values) > 90:
        numbers = np.array([value for _, value in values])
        slack = float(numbers.std())
        return abs(float(numbers.mean()) - slack) if metric.upwards else float(numbers.mean()) + slack
    return metric.target or 1.0


def _percentile(values: list[float], target: float, *, upwards: bool) -> float | None:
    """Return the rank of the last value among all that are not zero, 0-100; None where the original stops.

    It leaves zeros out of the list, has no ratio for a last value of zero where less is better, and compares all the
    same.
    """
    ratios = [value / target if upwards else target / value for value in values if value != 0]
    if not ratios:
        return 100.0
    if values[-1] == 0 and not upwards:
        return None
    last = values[-1] / target if upwards else target / values[-1]
    below, up_to = sum(one < last for one in ratios), sum(one <= last for one in ratios)
    return _up((below + up_to + (up_to > below)) * 50 / len(ratios))


def _mean(scores: Sequence[float | None]) -> float | None:
    known = [score for score in scores if score is not None]
    return _up(sum(known) / len(known)) if known else None


def _up(number: float) -> float:
    return math.ceil(number * 100) / 100
