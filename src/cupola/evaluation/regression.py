"""Least squares with errors that allow for unequal spread and for clusters, also few of them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cupola.errors import InvalidInput
from cupola.evaluation.values import Estimate, Floats, Whole, estimated


class Collinear(InvalidInput):
    """A coefficient that is asked for cannot be told from the others."""

    def __init__(self, *, columns: int, rank: int) -> None:
        self.columns, self.rank = columns, rank
        super().__init__(
            f"The {columns} columns of the regression have rank {rank}: some say the same. "
            "Leave out a covariate that follows from others, or one that does not vary."
        )


@dataclass(frozen=True, eq=False)
class Fit:
    """A least squares fit. columns: shape (n, k); bread: inverse of columns' columns; absorbed: effects taken out."""

    columns: Floats
    outcome: Floats
    coefficients: Floats
    residuals: Floats
    bread: Floats
    absorbed: int = 0

    @property
    def df(self) -> int:
        """Observations less parameters, those taken out before included."""
        return int(len(self.outcome) - self.columns.shape[1] - self.absorbed)


def fit(columns: Floats, outcome: Floats, *, absorbed: int = 0) -> Fit:
    """Return the least squares fit of `outcome`, shape (n,), on `columns`, shape (n, k). Raises Collinear."""
    scale = np.sqrt((columns**2).sum(axis=0))
    rank = int(np.linalg.matrix_rank(columns / np.where(scale > 0, scale, 1.0)))
    if rank < columns.shape[1]:
        raise Collinear(columns=columns.shape[1], rank=rank)
    orthogonal, upper = np.linalg.qr(columns)
    coefficients = np.linalg.solve(upper, orthogonal.T @ outcome)
    half = np.linalg.solve(upper, np.eye(len(upper)))
    return Fit(columns, outcome, coefficients, outcome - columns @ coefficients, half @ half.T, absorbed)


def classical(found: Fit, contrast: Floats) -> Estimate:
    """Return the estimate of contrast'coefficients with one spread for all observations."""
    spread = found.residuals @ found.residuals / found.df
    return _estimate(found, contrast, variance=float(spread * (contrast @ found.bread @ contrast)), df=found.df)


def robust(found: Fit, contrast: Floats) -> Estimate:
    """Return the estimate with HC1 errors: each observation its own spread, times n / (n - k)."""
    influence = found.columns @ (found.bread @ contrast) * found.residuals
    factor = len(found.outcome) / found.df
    return _estimate(found, contrast, variance=float(factor * (influence @ influence)), df=found.df)


def clustered(found: Fit, contrast: Floats, *, clusters: Whole, parameters: int | None = None) -> Estimate:
    """Return the estimate with CR1 errors, t(clusters - 1). clusters: shape (n,), 0 to g - 1.

    parameters: how many count in (n - 1) / (n - k); effects nested in the clusters do not (as in fixest).
    """
    scores = np.bincount(clusters, weights=found.columns @ (found.bread @ contrast) * found.residuals)
    count, size = len(scores), len(found.outcome)
    k = found.columns.shape[1] + found.absorbed if parameters is None else parameters
    factor = count / (count - 1) * (size - 1) / (size - k)
    return _estimate(found, contrast, variance=float(factor * (scores @ scores)), df=count - 1)


def few_clusters(found: Fit, contrast: Floats, *, clusters: Whole) -> Estimate:
    """Return the estimate with CR2 errors and Satterthwaite degrees of freedom: true also with few clusters.

    Effects nested in the clusters may have been taken out before; all others must stand in the columns.
    Source: Bell and McCaffrey (2002), Survey Methodology 28; Imbens and Kolesar (2016), REStat 98; Pustejovsky and
    Tipton (2018), JBES 36.
    """
    order = np.argsort(clusters, kind="stable")
    edges = np.flatnonzero(np.diff(clusters[order])) + 1
    adjusted = _Adjusted(found)
    influence, own, meats = [], [], []
    for places in np.split(order, edges):
        columns = found.columns[places]
        weighted = adjusted.of(columns) @ (columns @ (found.bread @ contrast))
        influence.append(weighted @ found.residuals[places])
        own.append(weighted @ weighted)
        meats.append(columns.T @ weighted)
    across = np.array(meats)
    spread = np.diag(own) - across @ found.bread @ across.T
    df = float(np.trace(spread) ** 2 / (spread**2).sum())
    return _estimate(found, contrast, variance=float(np.sum(np.square(influence))), df=df)


class _Adjusted:
    """The symmetric root of (I - H) of a cluster, kept for clusters with the same columns."""

    def __init__(self, found: Fit) -> None:
        self._bread = found.bread
        self._kept: dict[bytes, Floats] = {}

    def of(self, columns: Floats) -> Floats:
        name = columns.tobytes()
        if name not in self._kept:
            values, vectors = np.linalg.eigh(np.eye(len(columns)) - columns @ self._bread @ columns.T)
            roots = np.where(values > 1e-9, 1 / np.sqrt(np.maximum(values, 1e-9)), 0.0)
            self._kept[name] = (vectors * roots) @ vectors.T
        return self._kept[name]


def neighbours(found: Fit, contrast: Floats, *, lags: int) -> Estimate:
    """Return the estimate with Newey-West errors (Bartlett weights, n / (n - k)): neighbours in time are alike."""
    scores = found.columns @ (found.bread @ contrast) * found.residuals
    total = float(scores @ scores)
    for lag in range(1, lags + 1):
        total += 2 * (1 - lag / (lags + 1)) * float(scores[lag:] @ scores[:-lag])
    return _estimate(found, contrast, variance=max(total, 0.0) * len(scores) / found.df, df=found.df)


def _estimate(found: Fit, contrast: Floats, *, variance: float, df: float) -> Estimate:
    return estimated(float(contrast @ found.coefficients), float(np.sqrt(variance)), df=df)


Absorb = Callable[[Floats], Floats]


def absorber(*groups: Whole, tolerance: float = 1e-11, most: int = 10_000) -> Absorb:
    """Return what takes the means of every group out of columns, shape (n, k), in turns until nothing changes."""
    counts = [np.bincount(group) for group in groups]

    def absorb(columns: Floats) -> Floats:
        left = np.array(columns, dtype=np.float64)
        scale = np.abs(left).max(initial=1.0)
        for _ in range(most):
            moved = 0.0
            for group, count in zip(groups, counts, strict=True):
                means = _sums(group, left, len(count)) / count[:, None]
                moved = max(moved, float(np.abs(means).max(initial=0.0)))
                left -= means[group]
            if len(groups) == 1 or moved < tolerance * scale:
                break
        return left

    return absorb


def _sums(group: Whole, columns: Floats, count: int) -> Floats:
    sums = [np.bincount(group, weights=column, minlength=count) for column in columns.T]
    return np.array(sums, dtype=np.float64).T
