"""Pilots that did nothing, in places that change anyway: season, trend and noise whose neighbours are alike.

Every pilot is monthly. `alike` is the autocorrelation of a unit's noise from month to month.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cupola.evaluation import NEVER, Panel, Sample, Series

Floats = NDArray[np.float64]
MONTHS = 12
BURN_IN = 60


@dataclass(frozen=True)
class Size:
    """How large a pilot is: units, how many of them treated, months before and after."""

    units: int
    treated: int
    before: int
    after: int

    @property
    def months(self) -> int:
        return self.before + self.after


def alike_noise(chance: np.random.Generator, shape: tuple[int, int], *, alike: float) -> Floats:
    """Return noise of variance 1, shape (n_units, n_months), each unit's neighbours alike."""
    noise = chance.standard_normal((shape[0], shape[1] + BURN_IN))
    noise[:, 0] /= np.sqrt(1 - alike**2)
    for month in range(1, noise.shape[1]):
        noise[:, month] += alike * noise[:, month - 1]
    return noise[:, BURN_IN:] * np.sqrt(1 - alike**2)


def season(months: int, *, first: int = 0) -> Floats:
    """Return a year that goes up in March and down in October, in deviations of the noise."""
    angle = 2 * np.pi * (np.arange(months) + first) / MONTHS
    return 2.0 * np.sin(angle) + 0.8 * np.cos(2 * angle)


def labels(months: int) -> tuple[str, ...]:
    return tuple(f"{2020 + month // MONTHS}-{month % MONTHS + 1:02d}" for month in range(months))


def panel(chance: np.random.Generator, size: Size, *, alike: float, factors: int = 0) -> Panel:
    """Return units with levels of their own, one season and trend, and months that are good or bad for all.

    factors: shared movements that units follow each to its own degree, as mixtures of units are made for.
    """
    months = size.months
    shared = season(months) + 0.02 * np.arange(months) + alike_noise(chance, (1, months), alike=alike)[0]
    outcome = 20 + 3 * chance.standard_normal((size.units, 1)) + shared
    outcome = outcome + alike_noise(chance, (size.units, months), alike=alike)
    if factors:
        loadings = chance.random((size.units, factors))
        outcome = outcome + loadings @ (2 * alike_noise(chance, (factors, months), alike=0.9))
    starts = np.full(size.units, NEVER)
    starts[: size.treated] = size.before
    return Panel(tuple(f"unit {unit}" for unit in range(size.units)), labels(months), outcome, starts)


def staggered_panel(chance: np.random.Generator, size: Size, *, alike: float) -> Panel:
    """Return a panel whose treated began in three cohorts, four months apart."""
    made = panel(chance, size, alike=alike)
    starts = made.starts.copy()
    starts[: size.treated] = size.before + 4 * (np.arange(size.treated) % 3)
    return Panel(made.units, made.periods, made.outcome, starts)


def series(chance: np.random.Generator, size: Size, *, alike: float) -> Series:
    """Return one continuous series."""
    months = size.months
    outcome = 20 + season(months) + 0.02 * np.arange(months) + alike_noise(chance, (1, months), alike=alike)[0]
    return Series(labels(months), outcome, size.before, np.arange(months) % MONTHS)


def counts(chance: np.random.Generator, size: Size, *, alike: float, mean: float = 60.0) -> Series:
    """Return one series of counts that spread more than chance: their rate has noise whose neighbours are alike."""
    months = size.months
    rate = 0.12 * season(months) + 0.003 * np.arange(months) + 0.15 * alike_noise(chance, (1, months), alike=alike)[0]
    outcome = chance.poisson(mean * np.exp(rate)).astype(np.float64)
    return Series(labels(months), outcome, size.before, np.arange(months) % MONTHS)


def sample(chance: np.random.Generator, size: Size, *, alike: float) -> Sample:
    """Return places drawn by chance, each one's mean before and after: skewed levels, one season."""
    months = size.months
    level = chance.gamma(2.0, 2.0, size=(size.units, 1))
    outcome = level + season(months) + 0.02 * np.arange(months)
    outcome = outcome + alike_noise(chance, (size.units, months), alike=alike)
    treated = chance.permutation(size.units) < size.treated
    return Sample(
        outcome[:, size.before :].mean(axis=1),
        treated,
        before=outcome[:, : size.before].mean(axis=1),
        covariates=outcome[:, : size.before].mean(axis=1)[:, None],
        names=("before",),
    )
