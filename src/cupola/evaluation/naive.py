"""What comparing before with after would have claimed. It is shown beside the answer, never as one."""

import numpy as np

from cupola.evaluation.values import Estimate, Floats, Whole, estimated


def before_after(values: Floats, *, start: int, ratio: bool = False) -> Estimate:
    """Return the mean from position `start` on less, or times, the mean before it.

    values: shape (n_periods,), oldest first. The interval is the textbook one of two independent samples (Welch),
    which neither season, trend nor the likeness of neighbours obeys.
    """
    before, after = values[:start], values[start:]
    spreads = [_spread(part) for part in (before, after)]
    if ratio and before.mean() > 0 and after.mean() > 0:
        parts = [spread / part.mean() ** 2 for spread, part in zip(spreads, (before, after), strict=True)]
        error, df = _welch(parts, (len(before), len(after)))
        return estimated(float(np.log(after.mean() / before.mean())), error, df=df).as_ratio()
    error, df = _welch(spreads, (len(before), len(after)))
    return estimated(float(after.mean() - before.mean()), error, df=df)


def _spread(part: Floats) -> float:
    return float(part.var(ddof=1) / len(part)) if len(part) > 1 else 0.0


def _welch(spreads: list[float], sizes: tuple[int, int]) -> tuple[float, float | None]:
    total = sum(spreads)
    if total <= 0:
        return 0.0, None
    parts = [spread**2 / (size - 1) for spread, size in zip(spreads, sizes, strict=True) if size > 1]
    return float(np.sqrt(total)), float(total**2 / sum(parts))


def changes_of_units(outcome: Floats, *, starts: Whole, ratio: bool = False) -> Estimate | None:
    """Return the mean change of units that began at different times, each against its own time before.

    outcome: shape (n_units, n_periods); starts: shape (n_units,), negative for the untreated, who are not looked at.
    """
    pairs = [
        (row[:start].mean(), row[start:].mean())
        for row, start in zip(outcome, starts.tolist(), strict=True)
        if 0 < start < outcome.shape[1]
    ]
    if not pairs:
        return None
    before, after = np.array(pairs).T
    changes = np.log(after / before) if ratio else after - before
    if len(changes) < 2:
        return before_after(outcome[starts > 0][0], start=int(starts[starts > 0][0]), ratio=ratio)
    error = float(np.sqrt(changes.var(ddof=1) / len(changes)))
    found = estimated(float(changes.mean()), error, df=len(changes) - 1)
    return found.as_ratio() if ratio else found
