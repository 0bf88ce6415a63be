"""How well labels agree with labels somebody else gave: precision, recall, F1 with an interval, confusion."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from random import Random

from cupola.orgchart.titles.groups import Group

_DRAWS = 2_000


@dataclass(frozen=True)
class Score:
    """found: in both; missed: only theirs; extra: only ours. Weighted by staff where weights were given."""

    found: float
    missed: float
    extra: float
    low: float = nan
    high: float = nan

    @property
    def precision(self) -> float:
        """Return the share of what we say that they say too; NaN where we say nothing."""
        return self.found / (self.found + self.extra) if self.found + self.extra else nan

    @property
    def recall(self) -> float:
        """Return the share of what they say that we say too; NaN where they say nothing."""
        return self.found / (self.found + self.missed) if self.found + self.missed else nan

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both; NaN where nobody says anything."""
        whole = 2 * self.found + self.missed + self.extra
        return 2 * self.found / whole if whole else nan


def score(
    theirs: Sequence[bool], ours: Sequence[bool], *, weights: Sequence[float], rng: Random | None = None
) -> Score:
    """Score one yes-or-no label. With rng: a 95 % interval of F1, by drawing the cases again 2,000 times."""
    bare = _score(list(zip(theirs, ours, weights, strict=True)))
    if rng is None:
        return bare
    told = [case for case in zip(theirs, ours, weights, strict=True) if case[0] or case[1]]
    # Cases both call no do not enter F1: drawing among the others alone keeps the number of them fixed and is enough.
    drawn = sorted(_score(rng.choices(told, k=len(told))).f1 for _ in range(_DRAWS)) if told else [nan]
    low, high = drawn[int(0.025 * (len(drawn) - 1))], drawn[int(0.975 * (len(drawn) - 1))]
    return Score(bare.found, bare.missed, bare.extra, low, high)


def _score(cases: Sequence[tuple[bool, bool, float]]) -> Score:
    return Score(
        found=sum(weight for theirs, ours, weight in cases if theirs and ours),
        missed=sum(weight for theirs, ours, weight in cases if theirs and not ours),
        extra=sum(weight for theirs, ours, weight in cases if ours and not theirs),
    )


def confusion(theirs: Sequence[frozenset[Group]], ours: Sequence[frozenset[Group]], /) -> Counter[tuple[Group, Group]]:
    """Count pairs of a group they give and one we give: the same where both give it, else each left over with each."""
    counted: Counter[tuple[Group, Group]] = Counter()
    for their, our in zip(theirs, ours, strict=True):
        counted.update((group, group) for group in their & our)
        left, over = their - our or {Group.OTHER}, our - their or {Group.OTHER}
        if their != our:
            counted.update((one, another) for one in left for another in over)
    return counted
