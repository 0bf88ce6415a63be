"""Staggered starts: each cohort against those not treated, never the later ones against the earlier.

Source: Callaway and Sant'Anna (2021), Journal of Econometrics 225. Without covariates every number is a weighted sum of
cohort means by period, so an effect is kept as its weights: shape (n_cohorts, n_periods + 1), the untreated cohort
first. The last column is no weight: it is how far a cohort among the controls is off their common mean, which the
published errors count as chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cupola.evaluation.differences import FEW, two_way
from cupola.evaluation.naive import changes_of_units
from cupola.evaluation.panels import NEVER, NoComparison, Panel, TooShort
from cupola.evaluation.placebos import as_ratios
from cupola.evaluation.values import Check, Design, Estimate, Floats, Line, Moment, Result, Whole, estimated

Controls = Literal["never", "not_yet"]
Errors = Literal["few", "published"]
Aggregate = Literal["group", "simple", "event"]
DRAWS = 499


@dataclass(frozen=True, eq=False)
class _Cohorts:
    """Units by start. starts: of each cohort, NEVER first; member: shape (n_units,), each unit's cohort."""

    starts: tuple[int, ...]
    member: Whole
    outcome: Floats

    @property
    def sizes(self) -> Whole:
        return np.bincount(self.member, minlength=len(self.starts))

    @property
    def means(self) -> Floats:
        return _means(self.outcome, self.member, len(self.starts))


@dataclass(frozen=True, eq=False)
class _Cell:
    """The effect on one cohort in one period. weights: see the module."""

    cohort: int
    period: int
    after: int
    weights: Floats


def staggered(
    panel: Panel,
    *,
    controls: Controls = "never",
    aggregate: Aggregate = "group",
    errors: Errors = "few",
    ratio: bool = False,
    seed: int = 1,
) -> Result:
    """Return the effect on units that began at different times.

    controls: those never treated, or also those not treated yet. aggregate: mean over cohorts by their size of each
    one's mean effect (`group`), over all treated cohorts and periods (`simple`), over the time since the start
    (`event`). errors: `few`: given who began when, true with few units; `published`: influence functions and the
    normal, which also count chance in the sizes of the cohorts. Units treated from the first period on are left out.
    """
    told = panel.only(panel.starts != 0)
    panel = told.logged() if ratio else told
    cohorts = _cohorts(panel, controls)
    cells = _cells(cohorts, controls, length=len(panel.periods))
    if not any(cell.after >= 0 for cell in cells):
        raise NoComparison(treated=int(panel.treated.sum()), controls=0)
    spread = _Spread(cohorts)

    def told_estimate(weights: Floats, combination: "_Combination | None" = None) -> Estimate:
        estimate = spread.estimate(weights) if errors == "few" else _published(cohorts, weights, combination)
        return estimate.as_ratio() if ratio else estimate

    combined = {name: _combined(cells, cohorts, name) for name in ("group", "simple", "event")}
    chosen = combined[aggregate]
    others = {name: told_estimate(one.weights, one) for name, one in combined.items() if name != aggregate}
    others |= {f"group {panel.periods[start]}": told_estimate(weights) for start, weights in _by_cohort(cells, cohorts)}
    others["two_way"] = _two_way(panel, ratio=ratio)
    changes = changes_of_units(told.outcome, starts=told.starts, ratio=ratio)
    checks = [_before(cells, cohorts, spread), _placebo(cohorts, chosen.weights, seed=seed), _enough(cohorts)]
    checks.append(_leave_one_out(panel, controls=controls, aggregate=aggregate))
    return Result(
        Design.STAGGERED,
        told_estimate(chosen.weights, chosen),
        n=_counted(panel, cohorts),
        checks=as_ratios(checks) if ratio else tuple(checks),
        naive=changes,
        others=others,
        periods=panel.periods,
        starts=int(panel.starts[panel.treated].min()),
        lines=_lines(panel, cells, cohorts, ratio=ratio),
        moments=tuple(Moment(after, told_estimate(weights)) for after, weights in _by_after(cells, cohorts)),
        settings={
            "controls": controls,
            "aggregate": aggregate,
            "errors": errors,
            "scale": "ratio" if ratio else "difference",
        },
        seed=seed,
    )


def estimate_of(panel: Panel, *, controls: Controls = "never", aggregate: Aggregate = "group") -> Estimate:
    """Return only the estimate of `staggered`, with errors for few units."""
    cohorts = _cohorts(panel, controls)
    cells = _cells(cohorts, controls, length=len(panel.periods))
    return _Spread(cohorts).estimate(_combined(cells, cohorts, aggregate).weights)


def _cohorts(panel: Panel, controls: Controls) -> _Cohorts:
    starts = tuple(int(start) for start in np.unique(np.append(panel.starts, NEVER)))
    member = np.searchsorted(np.array(starts), panel.starts)
    cohorts = _Cohorts(starts, member, panel.outcome)
    treated = int(panel.treated.sum())
    if treated == 0 or (controls == "never" and treated == len(panel.units)):
        raise NoComparison(treated=treated, controls=len(panel.units) - treated)
    if len(panel.periods) < 2:
        raise TooShort(given=len(panel.periods) - 1, needed=1, side="before")
    return cohorts


def _cells(cohorts: _Cohorts, controls: Controls, *, length: int) -> list[_Cell]:
    """Return the cells that have someone to be compared with; before the start against the period before."""
    cells, means = [], cohorts.means
    for cohort, start in enumerate(cohorts.starts):
        for period in range(1, length) if start != NEVER else ():
            base = start - 1 if period >= start else period - 1
            shares = _shares(cohorts, controls, cohort=cohort, period=max(period, base))
            if shares is not None:
                weights = np.zeros((len(cohorts.starts), length + 1))
                moved = means[:, period] - means[:, base]
                weights[:, -1] = -shares * (moved - shares @ moved)
                weights[:, period] -= shares
                weights[:, base] += shares
                weights[cohort, period] += 1.0
                weights[cohort, base] -= 1.0
                cells.append(_Cell(cohort, period, period - start, weights))
    return cells


def _shares(cohorts: _Cohorts, controls: Controls, *, cohort: int, period: int) -> Floats | None:
    """Return each cohort's share among the controls of a period, None where there are none."""
    sizes = cohorts.sizes.astype(np.float64)
    starts = np.array(cohorts.starts)
    allowed = (starts == NEVER) | ((controls == "not_yet") & (starts > period))
    allowed[cohort] = False
    kept = np.where(allowed, sizes, 0.0)
    return kept / kept.sum() if kept.sum() > 0 else None


@dataclass(frozen=True, eq=False)
class _Combination:
    """Cells with the weight of each. by_size: whether the weights follow from the cohorts' sizes: which sums, how."""

    weights: Floats
    parts: tuple[tuple[float, tuple[tuple[int, Floats], ...]], ...]  # share, (cohort, weights of its effect)


def _combined(cells: Sequence[_Cell], cohorts: _Cohorts, name: str) -> _Combination:
    treated = [cell for cell in cells if cell.after >= 0]
    if name == "simple":
        parts = [(1.0, tuple((cell.cohort, cell.weights) for cell in treated))]
    elif name == "group":
        members = [(cohort, [cell.weights for cell in treated if cell.cohort == cohort]) for cohort in _order(treated)]
        parts = [(1.0, tuple((cohort, np.mean(weights, axis=0)) for cohort, weights in members))]
    else:
        afters = sorted({cell.after for cell in treated})
        parts = [
            (1 / len(afters), tuple((cell.cohort, cell.weights) for cell in treated if cell.after == after))
            for after in afters
        ]
    weights = np.sum([share * _by_size(inside, cohorts) for share, inside in parts], axis=0)
    return _Combination(weights, tuple(parts))


def _order(cells: Sequence[_Cell]) -> list[int]:
    return sorted({cell.cohort for cell in cells})


def _by_size(parts: Sequence[tuple[int, Floats]], cohorts: _Cohorts) -> Floats:
    sizes = np.array([cohorts.sizes[cohort] for cohort, _ in parts], dtype=np.float64)
    mean: Floats = np.tensordot(sizes / sizes.sum(), np.array([weights for _, weights in parts]), axes=1)
    return mean


def _by_cohort(cells: Sequence[_Cell], cohorts: _Cohorts) -> list[tuple[int, Floats]]:
    treated = [cell for cell in cells if cell.after >= 0]
    return [
        (cohorts.starts[cohort], np.mean([cell.weights for cell in treated if cell.cohort == cohort], axis=0))
        for cohort in _order(treated)
    ]


def _by_after(cells: Sequence[_Cell], cohorts: _Cohorts) -> list[tuple[int, Floats]]:
    afters = sorted({cell.after for cell in cells})
    return [
        (after, _by_size([(cell.cohort, cell.weights) for cell in cells if cell.after == after], cohorts))
        for after in afters
    ]


def _means(outcome: Floats, member: Whole, count: int) -> Floats:
    one_hot = np.zeros((count, len(member)))
    one_hot[member, np.arange(len(member))] = 1.0
    means: Floats = (one_hot @ outcome) / np.maximum(one_hot.sum(axis=1, keepdims=True), 1.0)
    return means


def _effect(weights: Floats, means: Floats) -> float:
    return float((weights[:, :-1] * means).sum())


class _Spread:
    """How far cohort means are from the truth: by each cohort's own spread, or one for all where some are small."""

    def __init__(self, cohorts: _Cohorts) -> None:
        self._means, self._sizes = cohorts.means, cohorts.sizes
        self._left = cohorts.outcome - cohorts.means[cohorts.member]
        self._member = cohorts.member
        self._used = np.flatnonzero(self._sizes)
        self.pooled = bool(self._sizes[self._used].min() < FEW)
        self._df = len(self._left) - len(self._used)
        self._shared = self._left.T @ self._left / max(self._df, 1)

    def estimate(self, weights: Floats) -> Estimate:
        weights = weights[:, :-1]
        effect = float((weights * self._means).sum())
        if self._df < 1:
            return Estimate(effect, -np.inf, np.inf, np.inf, 0.0, 1.0)
        variance, df = self._one(weights) if self.pooled else self._each(weights)
        return estimated(effect, float(np.sqrt(variance)), df=df)

    def _one(self, weights: Floats) -> tuple[float, float]:
        used = self._used
        product = self._shared @ (weights[used].T / self._sizes[used] @ weights[used])
        total = float(np.trace(product))
        return total, self._df * total**2 / float((product * product.T).sum())

    def _each(self, weights: Floats) -> tuple[float, float]:
        own = (self._left * weights[self._member]).sum(axis=1)
        sums = np.bincount(self._member, weights=own**2, minlength=len(self._sizes))
        kept = self._used[sums[self._used] > 0]
        if len(kept) == 0:
            return 0.0, float(self._df)
        parts = sums[kept] / (self._sizes[kept] - 1) / self._sizes[kept]
        return float(parts.sum()), float(parts.sum() ** 2 / (parts**2 / (self._sizes[kept] - 1)).sum())


def _published(cohorts: _Cohorts, weights: Floats, combination: _Combination | None) -> Estimate:
    """Return the estimate with influence functions, chance in the cohorts' sizes included, against the normal."""
    size = len(cohorts.member)
    means, sizes = cohorts.means, cohorts.sizes
    left = cohorts.outcome - means[cohorts.member]
    own = (left * weights[cohorts.member, :-1]).sum(axis=1) + weights[cohorts.member, -1]
    influence = own * size / sizes[cohorts.member]
    for share, inside in combination.parts if combination is not None else ():
        order = np.array([cohort for cohort, _ in inside])
        effects = np.array([_effect(one, means) for _, one in inside])
        chances = sizes[order] / size
        moved = (cohorts.member[:, None] == order[None, :]) - chances
        total = chances.sum()
        influence += share * (moved @ effects / total - moved.sum(axis=1) * (chances @ effects) / total**2)
    error = float(np.sqrt((influence**2).mean() / size))
    return estimated(_effect(weights, means), error)


def _two_way(panel: Panel, *, ratio: bool) -> Estimate:
    """Return what one regression with unit and period effects says: shown as a contrast, it can be wrong in sign."""
    size, length = panel.outcome.shape
    since = np.where(panel.starts == NEVER, length, panel.starts)
    treated = (np.arange(length)[None, :] >= since[:, None]).astype(np.float64).ravel()
    units, periods = np.repeat(np.arange(size), length), np.tile(np.arange(length), size)
    found = two_way(panel.outcome.ravel(), units=units, periods=periods, treated=treated)
    return found.as_ratio() if ratio else found


def _before(cells: Sequence[_Cell], cohorts: _Cohorts, spread: _Spread) -> Check:
    """Return whether the periods before the starts show an effect: their mean, and how many by themselves."""
    early = [(after, weights) for after, weights in _by_after(cells, cohorts) if after < 0]
    if not early:
        return Check("trends_before", None, {"before": 0})
    slope = spread.estimate(np.asarray(np.mean([weights for _, weights in early], axis=0)))
    signals = sum(spread.estimate(weights).excludes_nothing for _, weights in early)
    facts: dict[str, float | str] = {
        "slope": slope.effect,
        "low": slope.low,
        "high": slope.high,
        "p_value": slope.p_value,
        "tried": len(early),
        "signals": signals,
    }
    return Check("trends_before", slope.p_value >= 0.05, facts)


def _placebo(cohorts: _Cohorts, weights: Floats, *, seed: int) -> Check:
    """Return how often starts dealt out to other units by chance show an effect as large."""
    chance = np.random.default_rng(seed)
    actual = abs(_effect(weights, cohorts.means))
    as_far = 0
    for _ in range(DRAWS):
        means = _means(cohorts.outcome, chance.permutation(cohorts.member), len(cohorts.starts))
        as_far += abs(_effect(weights, means)) >= actual
    facts: dict[str, float | str] = {"tried": DRAWS, "as_far": as_far, "p_value": (as_far + 1) / (DRAWS + 1)}
    return Check("placebo_groups", None, facts)


def _leave_one_out(panel: Panel, *, controls: Controls, aggregate: Aggregate) -> Check:
    """Return the range of effects when one cohort is left out."""
    found: dict[str, float] = {}
    starts = np.unique(panel.starts[panel.treated]).tolist()
    for start in starts if len(starts) > 1 else ():
        rest = panel.only(panel.starts != start)
        cohorts = _cohorts(rest, controls) if controls == "not_yet" or not rest.treated.all() else None
        cells = _cells(cohorts, controls, length=len(rest.periods)) if cohorts else []
        if cohorts and any(cell.after >= 0 for cell in cells):
            weights = _combined(cells, cohorts, aggregate).weights
            found[panel.periods[start]] = _effect(weights, cohorts.means)
    if not found:
        return Check("leave_one_out", None, {"tried": 0})
    least, most = min(found, key=lambda name: found[name]), max(found, key=lambda name: found[name])
    facts: dict[str, float | str] = {
        "tried": len(found),
        "least": found[least],
        "least_without": least,
        "most": found[most],
        "most_without": most,
    }
    return Check("leave_one_out", (found[least] > 0) == (found[most] > 0), facts)


def _enough(cohorts: _Cohorts) -> Check:
    least = int(cohorts.sizes[cohorts.sizes > 0].min())
    return Check("enough_units", least >= FEW, {"least": least, "needed": FEW})


def _counted(panel: Panel, cohorts: _Cohorts) -> dict[str, int]:
    treated = int(panel.treated.sum())
    return {
        "treated": treated,
        "controls": len(panel.units) - treated,
        "cohorts": sum(start != NEVER for start in cohorts.starts),
        "periods": len(panel.periods),
    }


def _lines(panel: Panel, cells: Sequence[_Cell], cohorts: _Cohorts, *, ratio: bool) -> tuple[Line, ...]:
    """Return the mean of the treated as it was, and without what each cohort's effect added."""
    observed = panel.outcome[panel.treated].mean(axis=0)
    expected = observed.copy()
    treated = int(panel.treated.sum())
    for cell in cells:
        if cell.after >= 0:
            effect = _effect(cell.weights, cohorts.means)
            expected[cell.period] -= effect * cohorts.sizes[cell.cohort] / treated
    drawn = {"observed": observed, "expected": expected}
    return tuple(
        Line(key, tuple(float(value) for value in (np.exp(line) if ratio else line))) for key, line in drawn.items()
    )
