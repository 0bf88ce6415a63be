"""Why there is no plan: limits that cannot hold together, and the fewest to relax so that there is one."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from cupola.planner.compiling import Compiled, compile_problem
from cupola.planner.problem import Limit, Problem
from cupola.planner.program import Options, minimise
from cupola.planner.saying import THEN, joined
from cupola.sentences import Sentence


@dataclass(frozen=True)
class WhyNot:
    """conflict: limits that cannot hold together; without any one of them the others can. relax: a smallest set of
    limits without which there is a plan: no smaller set does it."""

    conflict: tuple[Limit, ...]
    relax: tuple[Limit, ...]

    def sentences(self) -> tuple[Sentence, Sentence]:
        """Return the answer in words."""
        together, few = (joined([one.says for one in limits], THEN) for limits in (self.conflict, self.relax))
        return (
            Sentence("These cannot hold together: %(limits)s.", {"limits": together}),
            Sentence("There is a plan once this gives way: %(limits)s.", {"limits": few}),
        )


def why_not(problem: Problem, *, seconds: float = 60.0) -> WhyNot | None:
    """Return why no plan holds every hard limit; None where one does.

    Whole posts count as whole here too. The smallest set to relax is exact: every set found contradictory must lose a
    limit, and the smallest set that meets all of them is tried until there is a plan.
    """
    program = compile_problem(problem)
    seeker = _Seeker(program, seconds)
    if seeker.possible(frozenset()):
        return None
    conflicts: list[frozenset[int]] = []
    relax: frozenset[int] = frozenset()
    while not seeker.possible(relax):
        conflicts.append(seeker.shrink(relax))
        relax = _smallest_meeting(conflicts)
    return WhyNot(_limits(program, conflicts[0]), _limits(program, relax))


class _Seeker:
    def __init__(self, program: Compiled, seconds: float) -> None:
        self._program = program
        self._options = Options(seconds=seconds)
        self._nothing = np.zeros(len(program.cost))
        owners = {int(owner) for owner in np.unique(program.owner) if owner >= 0}
        self._hard = frozenset(number for number in owners if program.limits[number].price is None)

    def possible(self, off: frozenset[int]) -> bool:
        """Say whether there is a plan without these limits."""
        return not minimise(self._program, self._options, cost=self._nothing, off=off).infeasible

    def shrink(self, off: frozenset[int]) -> frozenset[int]:
        """Return limits that cannot hold together, none of them to spare, among those not yet relaxed."""
        needed = sorted(self._hard - off)
        size = max(1, len(needed) // 2)
        while size:
            position = 0
            while position < len(needed):
                without = needed[:position] + needed[position + size :]
                if self.possible(self._hard - frozenset(without) | off):
                    position += size
                else:
                    needed = without
            size = size // 2 if size > 1 else 0
        return frozenset(needed)


def _smallest_meeting(sets: list[frozenset[int]]) -> frozenset[int]:
    """Return a smallest set that has something of each set; the first in order among equals."""
    among = sorted(frozenset().union(*sets))
    for size in range(1, len(sets) + 1):
        for chosen in combinations(among, size):
            if all(one & frozenset(chosen) for one in sets):
                return frozenset(chosen)
    return frozenset(among)


def _limits(program: Compiled, numbers: Iterable[int]) -> tuple[Limit, ...]:
    return tuple(program.limits[number] for number in sorted(numbers))
