"""Trials of the method itself: effects where none can be, and answers when one unit is left out."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import combinations
from math import comb

import numpy as np

from cupola.evaluation.values import Check, Floats, Truths, Whole

DRAWS = 2000
MOST_LEFT_OUT = 100
EFFECTS = {  # what of a check is an effect, and so a ratio where the effect is one
    "leave_one_out": ("least", "most"),
    "placebo_date": ("effect",),
    "placebo_dates": ("largest",),
    "trends_before": ("slope", "low", "high"),
    "solver": ("other_solver",),
}


def drawn_groups(changes: Floats, *, treated: Truths, seed: int) -> tuple[Check, bool]:
    """Return how often other groups of as many units show an effect as large, and whether chance drew the groups.

    changes: shape (n_units,). Every group there is, when there are at most DRAWS; the treated are one of them.
    """
    size, count = int(treated.sum()), len(changes)
    every = comb(count, size) <= DRAWS
    groups = _every(count, size) if every else _drawn(count, size, seed=seed)
    inside = changes[groups].sum(axis=1)
    effects = inside / size - (changes.sum() - inside) / (count - size)
    actual = changes[treated].mean() - changes[~treated].mean()
    as_far = int((np.abs(effects) >= abs(actual) * (1 - 1e-12)).sum())
    p_value = as_far / len(effects) if every else (as_far + 1) / (len(effects) + 1)
    facts: dict[str, float | str] = {"tried": len(effects), "as_far": as_far, "p_value": p_value}
    return Check("placebo_groups", None, facts), not every


def _every(count: int, size: int) -> Whole:
    return np.array(list(combinations(range(count), size)), dtype=np.int64)


def _drawn(count: int, size: int, *, seed: int) -> Whole:
    order = np.random.default_rng(seed).random((DRAWS, count)).argsort(axis=1)
    drawn: Whole = order[:, :size].astype(np.int64)
    return drawn


def leave_one_out(units: tuple[str, ...], effect_of: Callable[[Whole], float], *, treated: Truths) -> Check:
    """Return the range of effects when one unit is left out, and the two units that move it most."""
    places = np.arange(len(units))
    alone = {True: int(treated.sum()) == 1, False: int((~treated).sum()) == 1}
    may_go = [place for place in places.tolist() if not alone[bool(treated[place])]][:MOST_LEFT_OUT]
    found = {units[place]: effect_of(np.delete(places, place)) for place in may_go}
    if not found:
        return Check("leave_one_out", None, {"tried": 0})
    least, most = min(found, key=lambda unit: found[unit]), max(found, key=lambda unit: found[unit])
    facts: dict[str, float | str] = {
        "tried": len(found),
        "least": found[least],
        "least_without": least,
        "most": found[most],
        "most_without": most,
    }
    return Check("leave_one_out", (found[least] > 0) == (found[most] > 0), facts)


def as_ratios(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Return checks of logarithms with the ratios they mean."""
    return tuple(_as_ratio(check) for check in checks)


def _as_ratio(check: Check) -> Check:
    names = [name for name in EFFECTS.get(check.key, ()) if name in check.facts]
    return replace(check, facts={**check.facts, **{name: float(np.exp(float(check.facts[name]))) for name in names}})
