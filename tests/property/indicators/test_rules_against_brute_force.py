"""The four rules, asked of a whole series at once, against loops that anyone can check by eye."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cupola.indicators.signals import RULES, Limits, find

# Few distinct values, so that ties, points on the centre and points on a limit are common.
VALUES = st.lists(
    st.sampled_from([-4.0, -3.0, -2.5, -2.0, -1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0]), min_size=1, max_size=40
)
LOWER, CENTRE, UPPER = -3.0, 0.0, 3.0


def side(value: float) -> int:
    return (value > CENTRE) - (value < CENTRE)


def runs(values: list[float]) -> dict[str, set[tuple[int, ...]]]:
    """Return for each rule the sets of positions that make it true."""
    found: dict[str, set[tuple[int, ...]]] = {rule: set() for rule in RULES}
    for at, value in enumerate(values):
        if value < LOWER or value > UPPER:
            found["outside"].add((at,))
    for at in range(len(values) - 6):
        seven = values[at : at + 7]
        moves = [after - before for before, after in itertools.pairwise(seven)]
        if all(move > 0 for move in moves) or all(move < 0 for move in moves):
            found["trend"].add(tuple(range(at, at + 7)))
        if all(side(one) == 1 for one in seven) or all(side(one) == -1 for one in seven):
            found["shift"].add(tuple(range(at, at + 7)))
    for at in range(len(values) - 2):
        three = values[at : at + 3]
        near = [place for place in range(at, at + 3) if 2.0 < abs(values[place]) <= 3.0]
        if abs(sum(side(one) for one in three)) == 3 and len(near) >= 2:
            found["two_of_three"].add((*near, at + 2))
    return found


@settings(max_examples=150, deadline=None)
@given(VALUES)
def test_rules_agree_with_loops(values: list[float]) -> None:
    found = find(np.array(values), Limits(np.array(LOWER), np.array(CENTRE), np.array(UPPER)))
    slow = runs(values)
    for rule in RULES:
        near = {place for one in slow[rule] for place in one}
        if rule == "two_of_three":  # the last of the three completes the rule, and is flagged only when it is near
            near = {place for place in near if 2.0 < abs(values[place]) <= 3.0}
        assert set(np.flatnonzero(found[rule].members).tolist()) == near, rule
        assert set(np.flatnonzero(found[rule].completes).tolist()) == {one[-1] for one in slow[rule]}, rule
