"""Interrupted time series: one series, a start, and what it would have been had season and trend gone on.

Source: Lopez Bernal, Cummins and Gasparrini (2017), International Journal of Epidemiology 46.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from cupola.deferred import special
from cupola.errors import InvalidInput
from cupola.evaluation.autoregressive import autoregressive, mixture
from cupola.evaluation.naive import before_after
from cupola.evaluation.panels import TooShort
from cupola.evaluation.regression import Fit, classical, fit, neighbours
from cupola.evaluation.values import Check, Design, Estimate, Floats, Line, Result, Whole, estimated

Errors = Literal["autoregressive", "neighbours", "plain", "poisson"]
MOST_ROUNDS = 100
NEEDED_BEFORE = 24  # two years of months: less cannot tell season from effect
NEEDED_AFTER = 3


class NotCounts(InvalidInput):
    """Counts are whole numbers from 0 up, and not all 0."""

    def __init__(self, *, value: float, period: str) -> None:
        self.value, self.period = value, period
        super().__init__(
            f"{value:g} in {period} is no count. Give counts from 0 up, or evaluate the outcome as a continuous one."
        )


class NotPositive(InvalidInput):
    """A ratio is asked of values that are not all above 0."""

    def __init__(self, *, value: float, period: str) -> None:
        self.value, self.period = value, period
        super().__init__(f"{value:g} in {period} is not above 0. Ask for a difference, or use longer periods.")


@dataclass(frozen=True, eq=False)
class Series:
    """One series without gaps, oldest first. start: position of the first treated period.

    place: shape (n,), each period's place in the year from 0 up; per_year: how many a year has (12, 52, 4; 1: none).
    exposure: shape (n,), what counts are counted among (population, cases); None for 1.
    """

    periods: tuple[str, ...]
    outcome: Floats
    start: int
    place: Whole
    per_year: int = 12
    exposure: Floats | None = None

    @property
    def rates(self) -> Floats:
        """The outcome per exposure, scaled so that the mean exposure counts 1."""
        return self.outcome if self.exposure is None else self.outcome / self.exposure * self.exposure.mean()

    def until(self, period: int, *, start: int) -> "Series":
        """Return the periods before position `period`, with another start."""
        exposure = None if self.exposure is None else self.exposure[:period]
        return Series(self.periods[:period], self.outcome[:period], start, self.place[:period], self.per_year, exposure)


@dataclass(frozen=True)
class Model:
    """What a series is taken to be. counts: quasi-Poisson with a log link, else least squares.

    harmonics: pairs of waves a year; 0 means no season; None: each place in the year its own mean. slope: the trend may
    change at the start; the effect is then the mean over the periods after it. ratio: of an outcome above 0 that is no
    count, by its logarithm. errors: what the interval allows for: any autocorrelation; a few lags of it (Newey-West);
    only overdispersion; not even that.
    """

    counts: bool = False
    ratio: bool = False
    harmonics: int | None = 2
    trend: bool = True
    slope: bool = False
    errors: Errors = "autoregressive"


def interrupted(series: Series, model: Model, *, placebos: bool = True) -> Result:
    """Return the effect from the start on: a difference, or a ratio for counts.

    Raises TooShort under 12 periods before or 3 after, NotCounts, Collinear.
    """
    found, columns = _fitted(series, model)
    contrast = _contrast(series, model, width=columns.shape[1])
    estimate = _estimate(found, contrast, model=model)
    settings: dict[str, str | float] = {
        "model": "quasi-Poisson" if model.counts else "logarithm" if model.ratio else "least squares",
        "errors": model.errors,
        "season": "each" if model.harmonics is None else f"{model.harmonics} harmonics",
        "trend": "yes" if model.trend else "no",
        "slope": "may change" if model.slope else "goes on",
    }
    size = len(series.periods)
    return Result(
        Design.INTERRUPTED,
        estimate,
        n={"periods": size, "before": series.start, "after": size - series.start},
        checks=_checks(series, model, found=found, contrast=contrast) + (_placebos(series, model) if placebos else ()),
        naive=before_after(series.rates, start=series.start, ratio=model.counts or model.ratio),
        others=_others(series, model),
        periods=series.periods,
        starts=series.start,
        lines=_lines(series, model, found=found, columns=columns),
        settings=settings,
    )


def effect(series: Series, model: Model) -> Estimate:
    """Return only the estimate of `interrupted`."""
    found, columns = _fitted(series, model)
    return _estimate(found, _contrast(series, model, width=columns.shape[1]), model=model)


def _columns(series: Series, model: Model) -> Floats:
    size = len(series.periods)
    time = (np.arange(size) - series.start) / max(series.per_year, 1)
    step = (time >= 0).astype(np.float64)
    parts = [np.ones(size), step]
    if model.slope:
        parts.append(step * time)
    if model.trend:
        parts.append(time)
    if model.harmonics is None:
        parts += [(series.place == place).astype(np.float64) for place in range(1, series.per_year)]
    else:
        angle = 2 * np.pi * series.place / series.per_year
        for wave in range(1, min(model.harmonics, (series.per_year - 1) // 2) + 1):
            parts += [np.sin(wave * angle), np.cos(wave * angle)]
    return np.column_stack(parts)


def _contrast(series: Series, model: Model, *, width: int) -> Floats:
    contrast = np.zeros(width)
    contrast[1] = 1.0
    if model.slope:
        contrast[2] = (len(series.periods) - series.start - 1) / 2 / max(series.per_year, 1)
    return contrast


def _fitted(series: Series, model: Model) -> tuple[Fit, Floats]:
    """Return the fit, for counts of the last round of reweighting, and the columns without weights."""
    after = len(series.periods) - series.start
    for side, given, needed in (("before", series.start, 12), ("after", after, NEEDED_AFTER)):
        if given < needed:
            raise TooShort(given=given, needed=needed, side=side)
    columns = _columns(series, model)
    if not model.counts:
        return fit(columns, _logged(series) if model.ratio else series.outcome), columns
    return _reweighted(series, columns), columns


def _logged(series: Series) -> Floats:
    if series.outcome.min() <= 0:
        place = int(series.outcome.argmin())
        raise NotPositive(value=float(series.outcome[place]), period=series.periods[place])
    logged: Floats = np.log(series.outcome)
    return logged


def _reweighted(series: Series, columns: Floats) -> Fit:
    wrong = np.flatnonzero((series.outcome < 0) | (series.outcome.sum() == 0))
    if len(wrong):
        raise NotCounts(value=float(series.outcome[wrong[0]]), period=series.periods[int(wrong[0])])
    offset = np.zeros(len(columns)) if series.exposure is None else np.log(series.exposure)
    expected = np.maximum(series.outcome, 0.5)
    found, before = None, np.inf
    for _ in range(MOST_ROUNDS):
        predictor = np.log(expected)
        root = np.sqrt(expected)
        working = predictor - offset + (series.outcome - expected) / expected
        found = fit(columns * root[:, None], working * root)
        expected = np.exp(np.clip(columns @ found.coefficients + offset, -30, 30))
        left = series.outcome * np.log(np.maximum(series.outcome, 1e-300) / expected) - (series.outcome - expected)
        deviance = float(2 * left.sum())
        if abs(deviance - before) < 1e-10 * (abs(deviance) + 0.1):
            break
        before = deviance
    assert found is not None
    return found


def _estimate(found: Fit, contrast: Floats, *, model: Model) -> Estimate:
    if model.errors == "autoregressive":
        estimate = autoregressive(found, contrast)
    elif model.errors == "neighbours":
        estimate = neighbours(found, contrast, lags=int(4 * (len(found.outcome) / 100) ** (2 / 9)))
    else:
        estimate = classical(found, contrast)
        if model.counts:  # published intervals of fits of counts are of the normal
            spread = found.residuals @ found.residuals / found.df if model.errors == "poisson" else 1.0
            estimate = estimated(estimate.effect, estimate.standard_error / float(np.sqrt(spread)))
    return estimate.as_ratio() if model.counts or model.ratio else estimate


def _others(series: Series, model: Model) -> dict[str, Estimate]:
    """Return the same with a slope that may change, or may not, as a second line."""
    if not model.trend:
        return {}
    other = replace(model, slope=not model.slope)
    return {"step_only" if model.slope else "slope_may_change": effect(series, other)}


def _checks(series: Series, model: Model, *, found: Fit, contrast: Floats) -> tuple[Check, ...]:
    known = mixture(found, contrast)
    alike, lags = portmanteau(found.residuals, parameters=0)
    checks = [
        Check(
            "long_enough",
            series.start >= NEEDED_BEFORE,
            {"before": series.start, "needed": NEEDED_BEFORE, "after": len(series.periods) - series.start},
        ),
        Check(
            "neighbours_alike",
            None,
            {"autocorrelation": known.autocorrelation, "p_value": alike, "lags": lags, "errors": model.errors},
        ),
    ]
    if model.counts:
        spread = float(found.residuals @ found.residuals / found.df)
        checks.append(Check("spread", None, {"dispersion": spread}))
    return tuple(checks)


def portmanteau(residuals: Floats, *, parameters: int = 0) -> tuple[float, int]:
    """Return the Ljung-Box p-value of autocorrelation up to a number of lags, and that number."""
    size = len(residuals)
    lags = min(12, size // 4)
    centred = residuals - residuals.mean()
    total = centred @ centred
    shares = np.array([centred[lag:] @ centred[:-lag] / total for lag in range(1, lags + 1)])
    statistic = size * (size + 2) * (shares**2 / (size - np.arange(1, lags + 1))).sum()
    return float(special.chdtrc(max(lags - parameters, 1), statistic)), lags


def _placebos(series: Series, model: Model) -> tuple[Check, ...]:
    """Return how often a start that did not happen, before the real one, would have looked like an effect."""
    years = max(series.per_year, 4)
    dates = range(max(12, years), series.start - max(NEEDED_AFTER, years // 4) + 1, max(1, years // 6))
    found = [effect(series.until(series.start, start=start), model) for start in dates]
    if len(found) < 2:
        return ()
    signals = sum(one.excludes_nothing for one in found)
    furthest = max(found, key=lambda one: abs(np.log(one.effect)) if one.scale == "ratio" else abs(one.effect))
    facts: dict[str, float | str] = {"tried": len(found), "signals": signals, "largest": furthest.effect}
    return (Check("placebo_dates", signals <= max(1, round(0.1 * len(found))), facts),)


def _lines(series: Series, model: Model, *, found: Fit, columns: Floats) -> tuple[Line, ...]:
    without = columns.copy()
    without[:, 1] = 0.0
    if model.slope:
        without[:, 2] = 0.0
    drawn = [series.rates, columns @ found.coefficients, without @ found.coefficients]
    if model.counts:
        mean = 1.0 if series.exposure is None else float(series.exposure.mean())
        drawn[1:] = [np.exp(line) * mean for line in drawn[1:]]
    elif model.ratio:
        drawn[1:] = [np.exp(line) for line in drawn[1:]]
    return tuple(
        Line(key, tuple(float(value) for value in line))
        for key, line in zip(("observed", "fitted", "expected"), drawn, strict=True)
    )
