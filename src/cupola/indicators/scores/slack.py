"""Why the score sits above one: how much each of its habits adds, on the metrics at hand.

1 Rounding is always up. 2 A metric measured against its own past gets one standard deviation for free: the target is
put at the mean less one (or plus one, where less is better), so a series that does nothing at all scores mean / (mean
- sd), or 1 + sd / mean. 3 There is no ceiling: one metric at 3 hides four at 0.5. Boston's own average over the first
quarter was 1.32, and never under 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cupola.indicators.scores.cityscore import WINDOWS, Metric, settled_target, window_score


@dataclass(frozen=True)
class Slack:
    """The city's score of one window, and what is left of it as each habit is taken away, one after the other.

    `as_published` -> `exact` (no rounding up) -> `fair` (targets at the mean itself) -> `capped` (no metric above 1).
    `flat`: what the metrics with a free deviation would score if they did nothing but scatter about their mean, by
    name.
    """

    window: str
    as_published: float
    exact: float
    fair: float
    capped: float
    flat: dict[str, float]

    @property
    def from_rounding(self) -> float:
        """Return what rounding up adds to the city's score."""
        return self.as_published - self.exact

    @property
    def from_targets(self) -> float:
        """Return what the free deviation adds to the city's score."""
        return self.exact - self.fair

    @property
    def from_no_ceiling(self) -> float:
        """Return what metrics above 1 add, which hides others below."""
        return self.fair - self.capped


def explain_slack(metrics: Sequence[Metric], published: float, *, window: str = "quarter") -> Slack:
    """Take the score of a window apart. `published`: the city's score of that window as the toolkit counts it."""
    days = WINDOWS[window]
    known = [metric for metric in metrics if metric.values and not (window == "day" and _left_out(metric))]
    exact = [window_score(metric, settled_target(metric), days, rounded=False) for metric in known]
    fair = [window_score(metric, _without_slack(metric), days, rounded=False) for metric in known]
    flat = {metric.name: _flat(metric) for metric in known if _has_slack(metric)}
    return Slack(
        window=window,
        as_published=published,
        exact=float(np.mean(exact)),
        fair=float(np.mean(fair)),
        capped=float(np.mean(np.minimum(fair, 1.0))),
        flat=flat,
    )


def _left_out(metric: Metric) -> bool:
    return metric.trend and max(metric.values)[1] == 0


def _has_slack(metric: Metric) -> bool:
    follows_last_year = metric.trend and len(metric.values) > 365
    return metric.historic and not follows_last_year and len(metric.values) > 90


def _without_slack(metric: Metric) -> float:
    if not _has_slack(metric):
        return settled_target(metric)
    return float(np.mean([value for _, value in metric.values]))


def _flat(metric: Metric) -> float:
    mean = _without_slack(metric)
    target = settled_target(metric)
    return mean / target if metric.upwards else target / mean
