"""Randomised trials: who was treated was decided by chance, so the difference of means is the effect."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from cupola.deferred import special
from cupola.errors import InvalidInput
from cupola.evaluation.differences import of_changes
from cupola.evaluation.panels import NoComparison, Panel
from cupola.evaluation.regression import Fit, classical, few_clusters, fit, robust
from cupola.evaluation.values import Check, Design, Estimate, Floats, Line, Result, Truths, Whole, estimated, two_sided

Errors = Literal["unequal", "classical"]
DRAWS = 1999
BEFORE = "outcome_before"  # what its own past is called among covariates
UNEVEN = 0.25  # standard deviations; further apart, chance in who was treated is worth a line


class NotASample(InvalidInput):
    """Outcomes, treatment and covariates of a trial have different lengths, or a covariate lacks a value."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"{reason} Give one value per person or thing that was drawn.")


@dataclass(frozen=True, eq=False)
class Sample:
    """What was drawn. outcome: shape (n,), NaN where it was lost; before: the outcome before, or None.

    covariates: shape (n, k), known before the draw, no NaN; clusters: shape (n,), what was drawn as one, or None.
    gone: how many treated and others were drawn and are in no column, as nothing is known of them.
    """

    outcome: Floats
    treated: Truths
    covariates: Floats | None = None
    names: Sequence[str] = ()
    clusters: Whole | None = None
    before: Floats | None = None
    gone: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        size = len(self.outcome)
        columns = [self.treated, self.covariates, self.clusters, self.before]
        if any(column is not None and len(column) != size for column in columns):
            raise NotASample(f"The outcome has {size} values and another column has more or fewer.")
        if self.covariates is not None and not np.isfinite(self.covariates).all():
            raise NotASample("A covariate lacks a value.")
        treated = int(self.treated.sum())
        if treated in (0, size):
            raise NoComparison(treated=treated, controls=size - treated)


def trial(sample: Sample, *, errors: Errors = "unequal", seed: int = 1) -> Result:
    """Return the difference of means, and the same with covariates as a second line.

    errors: `unequal`: each arm its own spread (Welch, HC2); `classical`: one spread, as the older tables print.
    Clusters that were drawn as one get CR2 errors with Satterthwaite degrees of freedom, whatever `errors` says.
    """
    seen = np.isfinite(sample.outcome)
    outcome, treated = sample.outcome[seen], sample.treated[seen]
    clusters = None if sample.clusters is None else sample.clusters[seen]
    covariates = None if sample.covariates is None else sample.covariates[seen]
    others = {}
    if covariates is not None:
        others["adjusted"] = _regressed(outcome, treated, covariates=covariates, clusters=clusters, errors=errors)
    checks = [*_balance(sample), _attrition(sample, seen), _permuted(outcome, treated, clusters=clusters, seed=seed)]
    return Result(
        Design.TRIAL,
        _difference(outcome, treated, clusters=clusters, errors=errors),
        n={
            "observations": len(outcome),
            "treated": int(treated.sum()),
            "controls": int((~treated).sum()),
            "lost": int((~seen).sum()) + sum(sample.gone),
            "clusters": 0 if clusters is None else len(np.unique(clusters)),
        },
        checks=tuple(checks),
        naive=_naive(sample, seen),
        others=others,
        settings={"errors": "clusters" if clusters is not None else errors, "covariates": len(sample.names)},
        seed=seed,
    )


def trial_of_places(panel: Panel, *, ratio: bool = False, gone: tuple[int, int] = (0, 0), seed: int = 1) -> Result:
    """Return the trial of units among which chance chose some, each seen before and after one start.

    The outcome of a unit is its mean after the start; its mean before is the covariate of the second line. ratio: of
    the logarithms of those means, told as ratios. Raises NoComparison, NotAPanel, TooShort.
    """
    panel.check()
    means = [panel.outcome[:, : panel.start].mean(axis=1), panel.outcome[:, panel.start :].mean(axis=1)]
    if ratio:
        means = [np.log(one) for one in means]
    before, after = means
    sample = Sample(after, panel.treated, before[:, None], (BEFORE,), before=before, gone=gone)
    found = trial(sample, seed=seed)
    lines = ("observed", panel.treated), ("expected", ~panel.treated)
    return replace(
        found,
        estimate=found.estimate.as_ratio() if ratio else found.estimate,
        naive=found.naive.as_ratio() if ratio and found.naive else found.naive,
        others={name: one.as_ratio() if ratio else one for name, one in found.others.items()},
        periods=panel.periods,
        starts=panel.start,
        lines=tuple(Line(key, tuple(panel.outcome[arm].mean(axis=0).tolist())) for key, arm in lines),
        settings={**found.settings, "scale": "ratio" if ratio else "difference"},
    )


def _difference(outcome: Floats, treated: Truths, *, clusters: Whole | None, errors: Errors) -> Estimate:
    if clusters is None and errors == "unequal":
        return of_changes(outcome, treated)
    return _regressed(outcome, treated, covariates=None, clusters=clusters, errors=errors)


def _regressed(
    outcome: Floats, treated: Truths, *, covariates: Floats | None, clusters: Whole | None, errors: Errors
) -> Estimate:
    columns = np.column_stack([treated.astype(np.float64), np.ones(len(outcome))])
    if covariates is not None:
        columns = np.column_stack([columns, covariates])
    found = fit(columns, outcome)
    contrast = np.zeros(columns.shape[1])
    contrast[0] = 1.0
    return _with_errors(found, contrast, clusters=clusters, errors=errors)


def _with_errors(found: Fit, contrast: Floats, *, clusters: Whole | None, errors: Errors) -> Estimate:
    if clusters is not None:
        return few_clusters(found, contrast, clusters=np.unique(clusters, return_inverse=True)[1])
    return classical(found, contrast) if errors == "classical" else robust(found, contrast)


def _naive(sample: Sample, seen: Truths) -> Estimate | None:
    """Return how much the treated changed, as if nothing else had."""
    if sample.before is None:
        return None
    changes = (sample.outcome - sample.before)[seen & sample.treated]
    changes = changes[np.isfinite(changes)]
    if len(changes) < 2:
        return None
    return estimated(float(changes.mean()), float(changes.std(ddof=1) / np.sqrt(len(changes))), df=len(changes) - 1)


def _balance(sample: Sample) -> list[Check]:
    """Return, per covariate, how many standard deviations the arms were apart before, and all of them at once."""
    if sample.covariates is None:
        return []
    arms = sample.covariates[sample.treated], sample.covariates[~sample.treated]
    spread = np.sqrt((arms[0].var(axis=0, ddof=1) + arms[1].var(axis=0, ddof=1)) / 2)
    apart = (arms[0].mean(axis=0) - arms[1].mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    checks = [
        Check("balance", bool(abs(value) < UNEVEN), {"covariate": name, "deviations": float(value)})
        for name, value in zip(sample.names, apart, strict=True)
    ]
    outcome = sample.treated.astype(np.float64)
    found = fit(np.column_stack([np.ones(len(outcome)), sample.covariates]), outcome)
    total = ((outcome - outcome.mean()) ** 2).sum()
    left = float(found.residuals @ found.residuals)
    k = sample.covariates.shape[1]
    statistic = (total - left) / k / (left / found.df)
    p_value = float(special.fdtrc(k, found.df, statistic))
    return [*checks, Check("balance_of_all", p_value >= 0.05, {"p_value": p_value, "covariates": k})]


def _attrition(sample: Sample, seen: Truths) -> Check:
    """Return what share of each arm was lost, and whether one arm lost more."""
    arms = zip((sample.treated, ~sample.treated), sample.gone, strict=True)
    known, sizes = zip(*((int(seen[arm].sum()), int(arm.sum()) + gone) for arm, gone in arms), strict=True)
    lost = [1 - there / size for there, size in zip(known, sizes, strict=True)]
    share = 1 - sum(known) / sum(sizes)
    error = np.sqrt(share * (1 - share) * sum(1 / size for size in sizes))
    p_value = two_sided((lost[0] - lost[1]) / error) if error > 0 else 1.0
    facts: dict[str, float | str] = {"treated": lost[0], "controls": lost[1], "p_value": p_value}
    return Check("attrition", p_value >= 0.05 and max(lost) < 0.2, facts)


def _permuted(outcome: Floats, treated: Truths, *, clusters: Whole | None, seed: int) -> Check:
    """Return how often drawing again would give as large a difference."""
    chance = np.random.default_rng(seed)
    codes = np.arange(len(outcome)) if clusters is None else np.unique(clusters, return_inverse=True)[1]
    sizes = np.bincount(codes).astype(np.float64)
    sums = np.bincount(codes, weights=outcome)
    drawn = np.bincount(codes, weights=treated.astype(np.float64)) > 0
    order = np.array([chance.permutation(drawn) for _ in range(DRAWS)])
    inside, size = order @ sums, order @ sizes
    effects = inside / size - (sums.sum() - inside) / (sizes.sum() - size)
    actual = abs(outcome[treated].mean() - outcome[~treated].mean())
    as_far = int((np.abs(effects) >= actual * (1 - 1e-12)).sum())
    facts: dict[str, float | str] = {"tried": DRAWS, "as_far": as_far, "p_value": (as_far + 1) / (DRAWS + 1)}
    return Check("placebo_groups", None, facts)
