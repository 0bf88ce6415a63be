"""Synthetic control and synthetic difference in differences: a mixture of untreated units that moved like the treated.

Sources: Abadie, Diamond and Hainmueller (2010), JASA 105; Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021),
AER 111. The outcomes before the start are what is matched; no other predictors, so there are no weights of predictors
to search for.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from cupola.evaluation.differences import counted
from cupola.evaluation.naive import before_after
from cupola.evaluation.panels import Panel
from cupola.evaluation.placebos import as_ratios, leave_one_out
from cupola.evaluation.simplex import exact, published
from cupola.evaluation.values import Check, Design, Estimate, Floats, Line, Result, Whole, estimated

Method = Literal["differences", "control"]  # synthetic difference in differences, synthetic control
Errors = Literal["placebo", "bootstrap", "jackknife"]
Solver = Literal["published", "exact"]
DRAWS = 200
NEEDED_BEFORE = 4
MANY = 5  # treated units from which the bootstrap and the jackknife have something to draw from


@dataclass(frozen=True)
class Weighing:
    """How units and periods are weighed. The ridges are those of the whole panel, also in placebos."""

    method: Method
    solver: Solver
    unit_ridge: float
    period_ridge: float
    least_gain: float


@dataclass(frozen=True, eq=False)
class Weighed:
    """Effects of several panels and the weights behind them; the first axis is the panel."""

    effects: Floats
    units: Floats
    periods: Floats


def synthetic(
    panel: Panel,
    *,
    method: Method = "differences",
    errors: Errors = "placebo",
    solver: Solver = "published",
    ratio: bool = False,
    seed: int = 1,
) -> Result:
    """Return the effect on the treated, who all began together, against weighted controls.

    errors: `placebo`: from what the method finds on the untreated; `bootstrap`, `jackknife`: from drawing or leaving
    out units, for 5 treated and more. solver: `published` stops where the published algorithm does, `exact` goes to
    the optimum. Raises NoComparison, TooShort (under 4 periods before), NotAPanel.
    """
    panel.check(before=NEEDED_BEFORE, after=1)
    told = panel
    panel = _sorted(panel.logged() if ratio else panel)
    start, treated = panel.start, int(panel.treated.sum())
    weighing = weighing_of(panel, method=method, solver=solver)
    found = weighed(panel.outcome[None], treated=treated, start=start, weighing=weighing)
    effect = float(found.effects[0])
    estimate, drawn = _estimated(panel, found, weighing=weighing, errors=errors, seed=seed)
    checks = _checks(panel, found=found, weighing=weighing, drawn=drawn, effect=effect)
    controls = panel.units[: len(panel.units) - treated]
    return Result(
        Design.SYNTHETIC if method == "control" else Design.SYNTHETIC_DIFFERENCES,
        estimate.as_ratio() if ratio else estimate,
        n=counted(panel),
        checks=as_ratios(checks) if ratio else checks,
        naive=before_after(told.outcome[told.treated].mean(axis=0), start=start, ratio=ratio),
        weights={unit: float(w) for unit, w in zip(controls, found.units[0], strict=True) if w > 1e-6},
        periods=panel.periods,
        starts=start,
        lines=_lines(panel, found=found, method=method, ratio=ratio),
        settings={"method": method, "errors": errors, "solver": solver, "scale": "ratio" if ratio else "difference"},
        seed=seed,
    )


def estimate_of(
    panel: Panel,
    *,
    method: Method = "differences",
    errors: Errors = "placebo",
    solver: Solver = "published",
    seed: int = 1,
) -> Estimate:
    """Return only the estimate of `synthetic`."""
    panel = _sorted(panel)
    treated = int(panel.treated.sum())
    weighing = weighing_of(panel, method=method, solver=solver)
    found = weighed(panel.outcome[None], treated=treated, start=panel.start, weighing=weighing)
    return _estimated(panel, found, weighing=weighing, errors=errors, seed=seed)[0]


def effect_of(panel: Panel, *, method: Method = "differences", solver: Solver = "published") -> float:
    """Return only the effect."""
    panel = _sorted(panel)
    weighing = weighing_of(panel, method=method, solver=solver)
    treated = int(panel.treated.sum())
    return float(weighed(panel.outcome[None], treated=treated, start=panel.start, weighing=weighing).effects[0])


def _sorted(panel: Panel) -> Panel:
    return panel.only(np.argsort(panel.treated, kind="stable"))


def weighing_of(panel: Panel, *, method: Method, solver: Solver) -> Weighing:
    """Return the published ridges of a panel whose treated units come last: from the noise of the controls."""
    start, treated = panel.start, int(panel.treated.sum())
    controls = panel.outcome[: len(panel.units) - treated, :start]
    noise = float(np.diff(controls, axis=1).std(ddof=1))
    after = len(panel.periods) - start
    wide = (treated * after) ** 0.25 if method == "differences" else 1e-6
    return Weighing(method, solver, wide * noise, 1e-6 * noise, 1e-5 * noise)


def weighed(outcome: Floats, *, treated: int, start: int, weighing: Weighing, starts: Floats | None = None) -> Weighed:
    """Return effects and weights of panels, shape (n_panels, n_units, n_periods), whose last `treated` are treated."""
    controls = outcome.shape[1] - treated
    mine = outcome[:, controls:].mean(axis=1)
    theirs = outcome[:, :controls]
    matched = np.concatenate([theirs[:, :, :start], mine[:, None, :start]], axis=1).transpose(0, 2, 1)
    differences = weighing.method == "differences"
    units = _solve(matched, ridge=weighing.unit_ridge, intercept=differences, weighing=weighing, starts=starts)
    after = outcome[:, :, start:].mean(axis=2)
    if differences:
        rows = np.concatenate([theirs[:, :, :start], after[:, :controls, None]], axis=2)
        periods = _solve(rows, ridge=weighing.period_ridge, intercept=True, weighing=weighing)
    else:
        periods = np.zeros((len(outcome), start))
    gap = mine - np.matmul(units[:, None, :], theirs)[:, 0]
    effects = gap[:, start:].mean(axis=1) - (gap[:, :start] * periods).sum(axis=1)
    return Weighed(effects, units, periods)


def _solve(
    problems: Floats, *, ridge: float, intercept: bool, weighing: Weighing, starts: Floats | None = None
) -> Floats:
    if weighing.solver == "exact":
        return exact(problems, ridge=ridge, intercept=intercept)
    return published(problems, ridge=ridge, intercept=intercept, least_gain=weighing.least_gain, starts=starts)


def placebo_effects(panel: Panel, *, weighing: Weighing, seed: int) -> Floats:
    """Return what the method finds when untreated units take the place of the treated.

    One treated unit: each control in turn. More: DRAWS groups of controls drawn by chance.
    """
    treated = int(panel.treated.sum())
    controls = len(panel.units) - treated
    outcome = panel.outcome[:controls]
    order = _in_turn(controls) if treated == 1 else _drawn(controls, seed=seed)
    return weighed(outcome[order], treated=treated, start=panel.start, weighing=weighing).effects


def _in_turn(controls: int) -> Whole:
    order = np.tile(np.arange(controls), (controls, 1))
    return np.array([np.append(np.delete(row, place), place) for place, row in enumerate(order)])


def _drawn(controls: int, *, seed: int) -> Whole:
    drawn: Whole = np.random.default_rng(seed).random((DRAWS, controls)).argsort(axis=1).astype(np.int64)
    return drawn


def _estimated(
    panel: Panel, found: Weighed, *, weighing: Weighing, errors: Errors, seed: int
) -> tuple[Estimate, Floats]:
    """Return the estimate, and the effects of placebos (none drawn where there are not enough controls)."""
    effect, treated = float(found.effects[0]), int(panel.treated.sum())
    controls = len(panel.units) - treated
    drawn = placebo_effects(panel, weighing=weighing, seed=seed) if controls > max(treated, 2) else np.zeros(0)
    if errors == "placebo":
        if len(drawn) < 3:
            return Estimate(effect, -np.inf, np.inf, np.inf, 0.0, 1.0), drawn
        error = float(np.sqrt((drawn**2).mean()))
        return estimated(effect, error, df=controls - 1), drawn
    if treated < MANY:
        return Estimate(effect, -np.inf, np.inf, np.inf, 0.0, 1.0), drawn
    if errors == "jackknife":
        return estimated(effect, _jackknife(panel, found), df=treated - 1), drawn
    return estimated(effect, _bootstrap(panel, weighing=weighing, seed=seed), df=treated - 1), drawn


def _jackknife(panel: Panel, found: Weighed) -> float:
    """Return the published jackknife error: one unit out at a time, the weights of the others kept."""
    treated = int(panel.treated.sum())
    count = len(panel.units)
    before = np.append(
        -found.periods[0], np.full(len(panel.periods) - panel.start, 1 / (len(panel.periods) - panel.start))
    )
    changes = panel.outcome @ before
    units, changes_theirs, mine = found.units[0], changes[: count - treated], changes[count - treated :]
    left = 1 - units
    theirs = np.where(left > 1e-12, (units @ changes_theirs - units * changes_theirs) / np.maximum(left, 1e-12), 0.0)
    without_control = mine.mean() - theirs
    without_treated = (mine.sum() - mine) / (treated - 1) - units @ changes_theirs
    every = np.append(without_control, without_treated)
    return float(np.sqrt((count - 1) / count * ((every - every.mean()) ** 2).sum()))


def _bootstrap(panel: Panel, *, weighing: Weighing, seed: int) -> float:
    """Return the deviation of effects over units drawn with replacement, treated and controls apart."""
    chance = np.random.default_rng(seed)
    treated = int(panel.treated.sum())
    controls = len(panel.units) - treated
    theirs = chance.integers(0, controls, size=(DRAWS, controls))
    mine = controls + chance.integers(0, treated, size=(DRAWS, treated))
    order = np.concatenate([theirs, mine], axis=1)
    drawn = weighed(panel.outcome[order], treated=treated, start=panel.start, weighing=weighing).effects
    return float(drawn.std(ddof=1))


def _checks(panel: Panel, *, found: Weighed, weighing: Weighing, drawn: Floats, effect: float) -> tuple[Check, ...]:
    treated, start = int(panel.treated.sum()), panel.start
    controls = len(panel.units) - treated
    gap = panel.outcome[controls:].mean(axis=0) - found.units[0] @ panel.outcome[:controls]
    moved = gap - gap[:start].mean() if weighing.method == "differences" else gap
    fit_error = float(np.sqrt((moved[:start] ** 2).mean()))
    own = panel.outcome[controls:, :start].mean(axis=0)
    spread = float(own.std())
    checks = [
        Check("fit_before", fit_error <= spread, {"error": fit_error, "spread": spread, "before": start}),
        _solvers(panel, weighing=weighing, effect=effect),
    ]
    if len(drawn):
        as_far = int((np.abs(drawn) >= abs(effect)).sum())
        facts: dict[str, float | str] = {
            "tried": len(drawn),
            "as_far": as_far,
            "p_value": (as_far + 1) / (len(drawn) + 1),
        }
        checks.append(Check("placebo_donors", None, facts))

    def without(kept: Whole) -> float:
        return effect_of(panel.only(kept), method=weighing.method, solver="exact")

    checks += [leave_one_out(panel.units, without, treated=panel.treated), *_placebo_in_time(panel, weighing)]
    return tuple(checks)


def _solvers(panel: Panel, *, weighing: Weighing, effect: float) -> Check:
    """Return how far the optimum and the published stop rule are apart, from even and from random starts."""
    treated, start = int(panel.treated.sum()), panel.start
    other = effect_of(panel, method=weighing.method, solver="exact" if weighing.solver == "published" else "published")
    chance = np.random.default_rng(0)
    tried = 5
    starts = chance.dirichlet(np.ones(len(panel.units) - treated), tried)
    ours = Weighing(weighing.method, "published", weighing.unit_ridge, weighing.period_ridge, weighing.least_gain)
    again = weighed(
        np.repeat(panel.outcome[None], tried, axis=0), treated=treated, start=start, weighing=ours, starts=starts
    )
    facts: dict[str, float | str] = {
        "other_solver": other,
        "starts": tried + 1,
        "spread_of_starts": float(np.ptp(again.effects)),
    }
    return Check("solver", abs(other - effect) <= 0.1 * abs(effect), facts)


def _placebo_in_time(panel: Panel, weighing: Weighing) -> list[Check]:
    """Return what a start two thirds through the time before would have given."""
    early = panel.start * 2 // 3
    if early < NEEDED_BEFORE or panel.start - early < 1:
        return []
    starts = np.where(panel.treated, early, panel.starts)
    before = Panel(panel.units, panel.periods[: panel.start], panel.outcome[:, : panel.start], starts)
    found = effect_of(before, method=weighing.method, solver="exact")
    gaps = placebo_effects(before, weighing=weighing_of(before, method=weighing.method, solver="exact"), seed=1)
    as_far = int((np.abs(gaps) >= abs(found)).sum())
    p_value = (as_far + 1) / (len(gaps) + 1)
    facts: dict[str, float | str] = {"date": panel.periods[early], "effect": found, "p_value": p_value}
    return [Check("placebo_date", p_value >= 0.05, facts)]


def _lines(panel: Panel, *, found: Weighed, method: Method, ratio: bool) -> tuple[Line, ...]:
    treated, start = int(panel.treated.sum()), panel.start
    controls = len(panel.units) - treated
    mine = panel.outcome[controls:].mean(axis=0)
    expected = found.units[0] @ panel.outcome[:controls]
    if method == "differences":
        expected = expected + (mine - expected)[:start] @ found.periods[0]
    drawn = {"observed": mine, "expected": expected, "controls": panel.outcome[:controls].mean(axis=0)}
    return tuple(
        Line(key, tuple(float(value) for value in (np.exp(line) if ratio else line))) for key, line in drawn.items()
    )
