"""Difference in differences: how much more the treated changed than the others, which had the same season and trend."""

from typing import Literal

import numpy as np

from cupola.evaluation.naive import before_after
from cupola.evaluation.panels import Panel
from cupola.evaluation.placebos import as_ratios, drawn_groups, leave_one_out
from cupola.evaluation.regression import absorber, classical, clustered, fit, robust
from cupola.evaluation.values import Check, Design, Estimate, Floats, Line, Moment, Result, Truths, Whole, estimated
from cupola.evaluation.wildbootstrap import wild

Errors = Literal["few", "cluster", "wild"]
FEW = 5  # treated or untreated units; below, the spread of each side by itself is not known


def differences(panel: Panel, *, errors: Errors = "few", ratio: bool = False, seed: int = 1) -> Result:
    """Return the effect on the treated, who all began together, by unit and period effects.

    errors: `few`: true with few units too (each unit one number, its change; see `of_changes`); `cluster`: CR1 and
    t(units - 1), as most tables print; `wild`: wild cluster bootstrap. ratio: by logarithms. Raises NoComparison,
    TooShort, NotAPanel.
    """
    panel.check(before=1, after=1)
    told = panel
    panel = panel.logged() if ratio else panel
    start, treated = panel.start, panel.treated
    changes = panel.outcome[:, start:].mean(axis=1) - panel.outcome[:, :start].mean(axis=1)
    estimate = _estimate(panel, changes, errors=errors, seed=seed)
    moments = event_study(panel)
    placebos, compared = drawn_groups(changes, treated=treated, seed=seed)
    loo = leave_one_out(panel.units, lambda kept: of_changes(changes[kept], treated[kept]).effect, treated=treated)
    checks = [*_trend(panel, moments), placebos, loo, *_placebo_in_time(panel), _few(treated)]
    controls = told.outcome[~treated].mean(axis=0)
    return Result(
        Design.DIFFERENCES,
        _told(estimate, ratio=ratio),
        n=counted(panel),
        checks=as_ratios(checks) if ratio else tuple(checks),
        naive=before_after(told.outcome[treated].mean(axis=0), start=start, ratio=ratio),
        others={"cluster": _told(_estimate(panel, changes, errors="cluster", seed=seed), ratio=ratio)},
        periods=panel.periods,
        starts=start,
        lines=_lines(panel, ratio=ratio, controls=controls),
        moments=tuple(Moment(one.after, _told(one.estimate, ratio=ratio)) for one in moments),
        settings={"errors": errors, "scale": "ratio" if ratio else "difference"},
        seed=seed if compared else None,
    )


def of_changes(changes: Floats, treated: Truths) -> Estimate:
    """Return the difference of mean changes, one change per unit, however alike a unit's periods are.

    With FEW or more units on both sides this is Welch's t, whose error is the CR2 error of the whole regression; with
    fewer on one side the spread is taken as one for both sides: Student's t, exact for one treated unit too.
    """
    one, two = changes[treated], changes[~treated]
    effect = float(one.mean() - two.mean())
    sizes = np.array([len(one), len(two)])
    squares = np.array([((side - side.mean()) ** 2).sum() for side in (one, two)])
    if sizes.min() < FEW:
        df = float(sizes.sum() - 2)
        if df < 1:
            return Estimate(effect, -np.inf, np.inf, np.inf, 0.0, 1.0)
        return estimated(effect, float(np.sqrt(squares.sum() / df * (1 / sizes).sum())), df=df)
    parts = squares / (sizes - 1) / sizes
    df = float(parts.sum() ** 2 / (parts**2 / (sizes - 1)).sum()) if parts.sum() > 0 else float(sizes.sum() - 2)
    return estimated(effect, float(np.sqrt(parts.sum())), df=df)


def event_study(panel: Panel) -> tuple[Moment, ...]:
    """Return the difference in each period against the last one before the start, which is left out."""
    start = panel.start
    return tuple(
        Moment(place - start, of_changes(panel.outcome[:, place] - panel.outcome[:, start - 1], panel.treated))
        for place in range(len(panel.periods))
        if place != start - 1
    )


def two_way(
    outcome: Floats, *, units: Whole, periods: Whole, treated: Floats, covariates: Floats | None = None
) -> Estimate:
    """Return the coefficient of `treated` with unit and period effects, one row per observation, CR1 by unit.

    It need not be balanced. Where units began at different times it compares the later with the earlier ones and can
    have the wrong sign; it is shown as a contrast only.
    """
    columns = treated[:, None] if covariates is None else np.column_stack([treated, covariates])
    absorb = absorber(units, periods)
    left = absorb(np.column_stack([columns, outcome]))
    found = fit(left[:, :-1], left[:, -1])
    contrast = np.zeros(columns.shape[1])
    contrast[0] = 1.0
    parameters = columns.shape[1] + len(np.unique(periods))
    return clustered(found, contrast, clusters=units, parameters=parameters)


def cross_sections(
    outcome: Floats,
    *,
    treated: Truths,
    after: Truths,
    covariates: Floats | None = None,
    errors: Literal["classical", "robust"] = "robust",
) -> Result:
    """Return the effect from two samples of different things, before and after: one row per thing seen once.

    outcome: shape (n,); covariates: shape (n, k). Raises NoComparison's kin, Collinear.
    """
    parts = [np.ones(len(outcome)), treated & after, treated, after]
    columns = np.column_stack([part.astype(np.float64) for part in parts])
    if covariates is not None:
        columns = np.column_stack([columns, covariates])
    found = fit(columns, outcome)
    contrast = np.zeros(columns.shape[1])
    contrast[1] = 1.0
    estimate = classical(found, contrast) if errors == "classical" else robust(found, contrast)
    mine = outcome[treated]
    order = np.argsort(after[treated], kind="stable")
    counts = {"observations": len(outcome), "treated": int(treated.sum()), "controls": int((~treated).sum())}
    return Result(
        Design.DIFFERENCES,
        estimate,
        n=counts,
        naive=before_after(mine[order], start=int((~after[treated]).sum())),
        settings={"errors": errors, "covariates": 0 if covariates is None else covariates.shape[1]},
    )


def counted(panel: Panel) -> dict[str, int]:
    """Return how many units and periods there are, by name."""
    treated = int(panel.treated.sum())
    return {
        "treated": treated,
        "controls": len(panel.units) - treated,
        "periods": len(panel.periods),
        "before": panel.start,
        "after": len(panel.periods) - panel.start,
    }


def _estimate(panel: Panel, changes: Floats, *, errors: Errors, seed: int) -> Estimate:
    if errors == "few":
        return of_changes(changes, panel.treated)
    size, length = panel.outcome.shape
    units = np.repeat(np.arange(size), length)
    periods = np.tile(np.arange(length), size)
    treated = (panel.treated[:, None] & (np.arange(length) >= panel.start)[None, :]).astype(np.float64).ravel()
    if errors == "cluster":
        return two_way(panel.outcome.ravel(), units=units, periods=periods, treated=treated)
    left = absorber(units, periods)(np.column_stack([treated, panel.outcome.ravel()]))
    return wild(left[:, 0].reshape(size, length), left[:, 1].reshape(size, length), seed=seed)


def _trend(panel: Panel, moments: tuple[Moment, ...]) -> list[Check]:
    """Return whether treated and controls moved alike before: their slopes, and the single periods."""
    start = panel.start
    if start < 3:
        return [Check("trends_before", None, {"before": start})]
    time = np.arange(start) - (start - 1) / 2
    slopes = panel.outcome[:, :start] @ time / (time @ time)
    found = of_changes(slopes, panel.treated)
    early = [one for one in moments if one.after < -1]
    signals = sum(one.estimate.excludes_nothing for one in early)
    facts: dict[str, float | str] = {
        "slope": found.effect,
        "low": found.low,
        "high": found.high,
        "p_value": found.p_value,
        "tried": len(early),
        "signals": signals,
    }
    return [Check("trends_before", found.p_value >= 0.05, facts)]


def _placebo_in_time(panel: Panel) -> list[Check]:
    """Return what a start half way through the time before would have given: nothing, if the design is sound."""
    half = panel.start // 2
    if half < 2:
        return []
    early = panel.until(panel.start)
    changes = early.outcome[:, half:].mean(axis=1) - early.outcome[:, :half].mean(axis=1)
    found = of_changes(changes, panel.treated)
    facts: dict[str, float | str] = {"date": panel.periods[half], "effect": found.effect, "p_value": found.p_value}
    return [Check("placebo_date", not found.excludes_nothing, facts)]


def _few(treated: Truths) -> Check:
    least = int(min(treated.sum(), (~treated).sum()))
    return Check("enough_units", least >= FEW, {"least": least, "needed": FEW})


def _lines(panel: Panel, *, ratio: bool, controls: Floats) -> tuple[Line, ...]:
    start, treated = panel.start, panel.treated
    mine, theirs = panel.outcome[treated].mean(axis=0), panel.outcome[~treated].mean(axis=0)
    expected = theirs + (mine[:start] - theirs[:start]).mean()
    drawn = {"observed": mine, "expected": expected, "controls": np.log(controls) if ratio else controls}
    return tuple(
        Line(key, tuple(float(value) for value in (np.exp(line) if ratio else line))) for key, line in drawn.items()
    )


def _told(estimate: Estimate, *, ratio: bool) -> Estimate:
    return estimate.as_ratio() if ratio else estimate
