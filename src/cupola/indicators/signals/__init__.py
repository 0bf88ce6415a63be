"""Signals told from noise: control charts, targets on a trajectory, forecasts, gaps between groups."""

from cupola.indicators.signals.charting import Assurance, Charted, ControlChart, Kind, Method, Verdict, control_chart
from cupola.indicators.signals.forecasting import Forecast, forecast
from cupola.indicators.signals.gaps import Gap, gap
from cupola.indicators.signals.limits import Limits, natural_limits, rate_limits
from cupola.indicators.signals.reading import Pattern, Reading, read
from cupola.indicators.signals.rules import RULES, Found, Rule, find
from cupola.indicators.signals.seasons import Season, find_season
from cupola.indicators.signals.series import TRIAL_BELOW, BaselineTooShort, Point, Step, TooFewPoints
from cupola.indicators.signals.trajectories import OFF, Standing, Status, standing

__all__ = [
    "OFF",
    "RULES",
    "TRIAL_BELOW",
    "Assurance",
    "BaselineTooShort",
    "Charted",
    "ControlChart",
    "Forecast",
    "Found",
    "Gap",
    "Kind",
    "Limits",
    "Method",
    "Pattern",
    "Point",
    "Reading",
    "Rule",
    "Season",
    "Standing",
    "Status",
    "Step",
    "TooFewPoints",
    "Verdict",
    "control_chart",
    "find",
    "find_season",
    "forecast",
    "gap",
    "natural_limits",
    "rate_limits",
    "read",
    "standing",
]
