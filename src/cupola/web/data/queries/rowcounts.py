"""Whether a dataset's number of rows changed as it usually does."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import median

FEWEST_CHANGES = 5
FAR = 3.5  # of what is usual; Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers
MAD_TO_DEVIATION = 1.4826  # makes the median distance comparable with a standard deviation
LEAST_SHARE = 0.01  # a change this small is never far, however steady the ones before were


class Usual(StrEnum):
    """What can be said of the latest change."""

    USUAL = "usual"
    UNUSUAL = "unusual"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class RowCount:
    """The verdict. `change`: rows more than in the version before; `expected`: the usual change, `spread` around it."""

    verdict: Usual
    change: int = 0
    expected: int = 0
    spread: int = 0


def judge(counts: Sequence[int]) -> RowCount:
    """Judge the last of the row counts of consecutive versions, oldest first.

    The change from the version before is compared with all earlier changes: it is unusual when it lies further from
    their median than 3.5 times their usual distance from it (the median distance, scaled), and at least by one
    hundredth of the rows. Medians, so that one odd version does not hide the next. Fewer than five earlier changes
    say nothing.

    >>> judge([100, 110, 120, 131, 140, 150, 20]).verdict
    <Usual.UNUSUAL: 'unusual'>
    """
    changes = [after - before for before, after in pairwise(counts)]
    if len(changes) <= FEWEST_CHANGES:
        return RowCount(Usual.UNKNOWN, change=changes[-1] if changes else 0)
    latest, earlier = changes[-1], changes[:-1]
    middle = median(earlier)
    usual = MAD_TO_DEVIATION * median(abs(change - middle) for change in earlier)
    spread = max(FAR * usual, LEAST_SHARE * counts[-2])
    verdict = Usual.UNUSUAL if abs(latest - middle) > spread else Usual.USUAL
    return RowCount(verdict, change=latest, expected=round(middle), spread=round(spread))
