"""Weights that are not negative and sum to 1: the exact ones, and those of the published Frank-Wolfe algorithm.

A problem is a table of rows to be matched: the last column is the target, the others the candidates. Many problems are
solved at once: shape (n_problems, n_rows, n_candidates + 1).
"""

import numpy as np

from cupola.deferred import optimize
from cupola.evaluation.values import Floats, Truths

_BEFORE_SPARSE, _MOST_ROUNDS = 100, 10_000


def exact(problems: Floats, *, ridge: float, intercept: bool) -> Floats:
    """Return the weights with the least squared distance plus n_rows * ridge**2 times their sum of squares.

    With weights that sum to 1 the nearest point to the target is one non-negative least squares problem: rows are
    candidates less target, and one row says that the sum is 1 (the sum it finds is divided out and does not bend the
    weights). Nothing is started from anywhere, so there is one answer.
    """
    moved = problems - problems.mean(axis=1, keepdims=True) if intercept else problems
    rows = moved.shape[1]
    found = []
    for apart in moved[:, :, :-1] - moved[:, :, -1:]:
        size = apart.shape[1]
        scale = np.sqrt((apart**2).sum() / size) or 1.0
        system = np.vstack([apart / scale, np.sqrt(rows) * ridge / scale * np.eye(size), np.ones((1, size))])
        wanted = np.zeros(len(system))
        wanted[-1] = 1.0
        weights = optimize.nnls(system, wanted)[0]
        found.append(weights / weights.sum())
    return np.array(found, dtype=np.float64)


def published(
    problems: Floats, *, ridge: float, intercept: bool, least_gain: float, starts: Floats | None = None
) -> Floats:
    """Return the weights where the published algorithm stops: 100 rounds, small weights to 0, then up to 10,000 more.

    least_gain: it stops when a round gains less than its square. starts: shape (n_problems, n_candidates), else even.
    Source: Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021), AER 111, and the R package synthdid.
    """
    moved = problems - problems.mean(axis=1, keepdims=True) if intercept else problems
    count, rows, width = moved.shape
    candidates = np.ascontiguousarray(moved[:, :, :-1].transpose(0, 2, 1))
    weights = np.full((count, width - 1), 1 / (width - 1)) if starts is None else starts
    apart = candidates - moved[:, None, :, -1]  # as weights sum to 1, their mixture is what is left to match
    solver = _FrankWolfe(apart, penalty=rows * ridge**2, least=least_gain**2)
    weights = solver.run(weights, rounds=_BEFORE_SPARSE)
    weights = np.where(weights <= weights.max(axis=1, keepdims=True) / 4, 0.0, weights)
    return solver.run(weights / weights.sum(axis=1, keepdims=True), rounds=_MOST_ROUNDS)


class _FrankWolfe:
    """Conditional gradients on many problems at once; one that has stopped is taken out of the batch."""

    def __init__(self, apart: Floats, *, penalty: float, least: float) -> None:
        self._apart, self._penalty, self._least = apart, penalty, least

    def run(self, weights: Floats, *, rounds: int) -> Floats:
        """Return the weights after at most `rounds`."""
        done = np.array(weights)
        open_ = np.arange(len(weights))
        apart, weights = self._apart, np.array(weights)
        left = np.matmul(weights[:, None, :], apart)[:, 0]
        value = np.full(len(weights), np.nan)
        for number in range(rounds):
            weights, left = self._step(apart, weights, left)
            before, value = value, self._value(weights, left)
            stopped = before - value <= self._least if number else np.zeros(len(weights), dtype=bool)
            if stopped.any():
                done[open_[stopped]] = weights[stopped]
                going: Truths = ~stopped
                open_, weights, left, value = open_[going], weights[going], left[going], value[going]
                apart = apart[going]
                if len(open_) == 0:
                    return done
        done[open_] = weights
        return done

    def _step(self, apart: Floats, weights: Floats, left: Floats) -> tuple[Floats, Floats]:
        """Move each problem towards its steepest candidate, as far as helps; return weights and what is left."""
        slope = np.matmul(apart, left[:, :, None])[:, :, 0] + self._penalty * weights
        best = slope.argmin(axis=1)
        each = np.arange(len(weights))
        way = -weights
        way[each, best] += 1.0
        moved = apart[each, best] - left
        length = (moved**2).sum(axis=1) + self._penalty * (way**2).sum(axis=1)
        gain = -(slope * way).sum(axis=1)
        step = np.clip(gain / np.where(length > 0, length, 1.0), 0.0, 1.0)[:, None]
        return weights + step * way, left + step * moved

    def _value(self, weights: Floats, left: Floats) -> Floats:
        rows = left.shape[1]
        value: Floats = self._penalty / rows * (weights**2).sum(axis=1) + (left**2).sum(axis=1) / rows
        return value
