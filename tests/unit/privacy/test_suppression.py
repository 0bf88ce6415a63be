"""Nobody works a small count out: attacked with every equation the totals give, by means of its own."""

import random

import numpy as np
import pytest
from scipy.optimize import linprog

from cupola.privacy import TOTAL, Protected, TooManyCells, protect


def crowd(seed: int, sizes: tuple[int, ...], rows: int) -> dict[tuple[str, ...], int]:
    chance = random.Random(seed)
    counts: dict[tuple[str, ...], int] = {}
    for _ in range(rows):
        key = tuple(str(min(int(chance.expovariate(0.5)), size - 1)) for size in sizes)
        counts[key] = counts.get(key, 0) + 1
    return counts


def possible(table: Protected, target: tuple[str | None, ...]) -> tuple[float, float]:
    """Return what an attacker can say of a cell. Unknown: the inner cells; known: every shown cell is a sum of them."""
    inner = [cell for cell in table.shown if TOTAL not in cell]
    at = {cell: number for number, cell in enumerate(inner)}

    def members(cell: tuple[str | None, ...]) -> list[int]:
        return [at[one] for one in inner if all(want in (TOTAL, have) for want, have in zip(cell, one, strict=True))]

    rows, known = [], []
    for cell, n in table.shown.items():
        if n is not None:
            row = np.zeros(len(inner))
            row[members(cell)] = 1
            rows.append(row)
            known.append(n)
    goal = np.zeros(len(inner))
    goal[members(target)] = 1
    ends = []
    for sign in (1, -1):
        found = linprog(sign * goal, A_eq=np.array(rows), b_eq=known, bounds=(0, None))
        ends.append(sign * found.fun if found.status == 0 else np.inf)
    return ends[0], ends[1]


@pytest.mark.parametrize(("seed", "sizes"), [(1, (4, 4)), (2, (6, 5)), (3, (3, 4, 3)), (4, (5, 4, 3)), (5, (8, 2))])
def test_no_small_count_can_be_worked_out(seed: int, sizes: tuple[int, ...]) -> None:
    counts = crowd(seed, sizes, 250)
    table = protect(counts, dimensions=[f"d{at}" for at in range(len(sizes))], threshold=6)
    small = {cell for cell, n in counts.items() if n < 6}
    assert small, "the example should have something to hide"
    for cell in small:
        assert table.shown[cell] is None
        least, most = possible(table, cell)
        assert most - least >= 6


def test_what_is_shown_is_true() -> None:
    counts = crowd(7, (5, 4), 300)
    table = protect(counts, dimensions=["a", "b"], threshold=6)
    for (a, b), n in table.shown.items():
        if n is not None:
            assert n == sum(m for (x, y), m in counts.items() if a in (TOTAL, x) and b in (TOTAL, y))


def test_a_table_without_small_counts_is_shown_whole() -> None:
    table = protect({("a", "x"): 20, ("a", "y"): 30, ("b", "x"): 40, ("b", "y"): 50}, dimensions=["l", "r"])
    assert None not in table.shown.values()
    assert (table.primary, table.complementary) == (0, 0)
    assert table.shown[(TOTAL, TOTAL)] == 140


def test_one_small_cell_takes_three_others_with_it() -> None:
    counts = {("a", "x"): 3, ("a", "y"): 30, ("b", "x"): 40, ("b", "y"): 50}
    table = protect(counts, dimensions=["l", "r"])
    assert {cell for cell, n in table.shown.items() if n is None} == set(counts)


def test_too_many_cells_are_refused_with_what_to_do() -> None:
    with pytest.raises(TooManyCells, match="Take one dimension away"):
        protect({(str(at), str(at)): 1 for at in range(10_000)}, dimensions=["a", "b"])
