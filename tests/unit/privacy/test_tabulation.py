"""The one table that is shown of rows nobody may see, attacked with everything an attacker could know."""

import random
import time
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest
from tests.attacker import Attacker, Cell, Published, covers

from cupola.contracts import Column, ColumnType
from cupola.privacy import ALL, Average, Before, Dimension, Rules, Tabulated, TooManyCells, least_base, tabulate
from cupola.privacy.dimensions import Group, Sum
from cupola.privacy.tabulation import BaseTooSmall, StepTooSmall, ValueTaken

RULES = Rules(threshold=11, base=5)


def dimensions(count: int) -> list[Dimension]:
    return [Dimension(f"d{at}", Column(name=f"d{at}", type=ColumnType.TEXT)) for at in range(count)]


def crowd(seed: int, sizes: tuple[int, ...], rows: int) -> dict[tuple[str, ...], int]:
    """Return counts that are skewed as a roster's are."""
    chance = random.Random(seed)
    counts: dict[tuple[str, ...], int] = {}
    for _ in range(rows):
        key = tuple(f"v{min(int(chance.expovariate(0.45)), size - 1)}" for size in sizes)
        counts[key] = counts.get(key, 0) + 1
    return counts


def tabulated(counts: Mapping[tuple[str, ...], int], before: Tabulated | None = None) -> Tabulated:
    width = len(next(iter(counts)))
    known = None
    if before is not None:
        rows = [
            {**{f"d{at}": ALL if v is None else v for at, v in enumerate(row.values)}, "n": row.rows}
            for row in before.rows
        ]
        known = Before.of(rows, dimensions=before.dimensions, count="n", averages=())
    groups = {key: Group(n) for key, n in counts.items()}
    return tabulate(groups, dimensions(width), (), rules=RULES, before=known)


def folded(counts: Mapping[tuple[str, ...], int], table: Tabulated) -> dict[Cell, int]:
    """Return the true counts of the table's own inner cells."""
    listed = [{row.values[at] for row in table.rows} for at in range(len(table.dimensions))]
    found: dict[Cell, int] = {}
    for key, n in counts.items():
        cell = tuple(one if one in values else "Other" for one, values in zip(key, listed, strict=True))
        found[cell] = found.get(cell, 0) + n
    return found


def truth(inner: Mapping[Cell, int], cell: Cell) -> int:
    return sum(n for one, n in inner.items() if covers(cell, one))


def published(table: Tabulated) -> Published:
    return Published({row.values: row.rows for row in table.rows}, RULES.base, RULES.threshold)


def off(table: Tabulated, inner: Mapping[Cell, int]) -> int:
    return max(abs(row.rows - truth(inner, row.values)) for row in table.rows if row.rows is not None)


@pytest.mark.parametrize(
    ("seed", "sizes", "whole"),
    [(1, (4, 4), False), (2, (7, 5), False), (3, (3, 4, 3), True), (4, (5, 4, 3), False), (5, (8, 2), True)],
)
def test_no_small_count_is_known_to_less_than_the_threshold(seed: int, sizes: tuple[int, ...], whole: bool) -> None:
    counts = crowd(seed, sizes, 400)
    table = tabulated(counts)
    inner = folded(counts, table)
    attacker = Attacker([(0, cell) for cell in inner], whole=whole)
    attacker.exists((0, cell) for cell in inner)
    attacker.learn([(0, cell) for cell in inner], sum(inner.values()), sum(inner.values()))
    published(table).tell(attacker, version=0, inner=list(inner), off=off(table, inner))
    small = [row for row in table.rows if 0 < truth(inner, row.values) < RULES.threshold]
    assert small, "the example should have something to hide"
    for row in small:
        assert row.rows is None
        least, most = attacker.range([(0, cell) for cell in inner if covers(row.values, cell)])
        assert most - least >= RULES.threshold


def test_what_is_shown_is_a_multiple_of_five_near_the_truth() -> None:
    counts = crowd(6, (9, 6), 3000)
    table = tabulated(counts)
    inner = folded(counts, table)
    shown = [row for row in table.rows if row.rows is not None]
    assert len(shown) > 30
    for row in shown:
        assert row.rows is not None
        assert row.rows % 5 == 0
        assert row.rows >= RULES.threshold
        assert abs(row.rows - truth(inner, row.values)) <= (9 if None in row.values else 4)


def test_empty_and_small_look_the_same() -> None:
    table = tabulated({("a", "x"): 40, ("a", "y"): 30, ("b", "x"): 50, ("c", "x"): 25, ("c", "y"): 3, ("b", "y"): 17})
    assert len(table.rows) == 4 * 3
    table = tabulated({("a", "x"): 40, ("b", "y"): 50})
    hidden = [row for row in table.rows if row.values in {("a", "y"), ("b", "x")}]
    assert [(row.rows, row.suppression) for row in hidden] == [(None, "suppressed")] * 2


def test_rare_values_are_not_even_named() -> None:
    counts = {("a", "x"): 40, ("a", "keeper of the cats"): 2, ("a", "y"): 30, ("a", "z"): 12}
    table = tabulated(counts)
    assert {row.values[1] for row in table.rows} == {None, "x", "y", "z", "Other"}


@pytest.mark.parametrize("seed", [1, 2])
def test_two_tables_in_a_row_do_not_tell_that_someone_came_or_went(seed: int) -> None:
    """Of any count, the change between two versions is known no better than the threshold."""
    first = crowd(seed, (5, 4), 500)
    second = dict(first)
    someone = random.Random(seed).choice(sorted(first))
    second[someone] += 1
    one = tabulated(first)
    other = tabulated(second, before=one)
    inner = [folded(first, one), folded(second, other)]
    attacker = Attacker([(at, cell) for at in (0, 1) for cell in inner[at]])
    for at, table in enumerate((one, other)):
        attacker.exists((at, cell) for cell in inner[at])
        published(table).tell(attacker, version=at, inner=list(inner[at]), off=off(table, inner[at]))
    for cell in inner[1]:
        change = {(1, cell): 1.0, **({(0, cell): -1.0} if cell in inner[0] else {})}
        least, most = attacker.range(change)
        assert most - least >= RULES.threshold


def changed(
    counts: Mapping[tuple[str, ...], int], chance: random.Random
) -> tuple[dict[tuple[str, ...], int], int, int]:
    """Let a few people come and go; return the counts after that, and how many came and went."""
    after = dict(counts)
    came, went = chance.randrange(1, 4), chance.randrange(0, 3)
    for key in chance.choices(sorted(after), k=came):
        after[key] += 1
    for key in chance.choices([key for key in sorted(after) if after[key] > 3], k=went):
        after[key] -= 1
    return after, came, went


def test_hidden_stays_hidden_while_a_count_goes_back_and_forth_over_the_threshold() -> None:
    base = {("a", "x"): 40, ("a", "y"): 30, ("b", "x"): 50, ("c", "x"): 45, ("c", "y"): 35}
    tables = [tabulated({**base, ("b", "y"): 10})]
    for n in (11, 10, 12, 15, 21, 11):
        tables.append(tabulated({**base, ("b", "y"): n}, before=tables[-1]))
    hidden = [{row.values for row in table.rows if row.rows is None} for table in tables]
    assert all(one == hidden[0] for one in hidden)
    assert ("b", "y") in hidden[0]
    freed = tabulated({**base, ("b", "y"): 23}, before=tables[-1])
    assert [row.rows for row in freed.rows if row.values == ("b", "y")] in ([20], [25])


@pytest.mark.parametrize("seed", [2, 6])
def test_who_knows_how_many_came_and_went_still_learns_no_small_count(seed: int) -> None:
    """Five versions a month apart; the attacker knows the exact number of rows, of joiners and of leavers of each."""
    chance = random.Random(seed)
    counts = [crowd(seed, (5, 4), 450)]
    flows = []
    for _ in range(4):
        after, came, went = changed(counts[-1], chance)
        counts.append(after)
        flows.append((came, went))
    tables: list[Tabulated] = []
    for one in counts:
        tables.append(tabulated(one, before=tables[-1] if tables else None))
    inner = [folded(one, table) for one, table in zip(counts, tables, strict=True)]
    cells = sorted(inner[0])
    assert all(sorted(one) == cells for one in inner)
    attacker = Attacker(
        [(at, cell) for at in [*range(5), *(f"{way}{at}" for way in "+-" for at in range(4))] for cell in cells]
    )
    for at, table in enumerate(tables):
        attacker.exists((at, cell) for cell in cells)
        attacker.learn([(at, cell) for cell in cells], sum(inner[at].values()), sum(inner[at].values()))
        published(table).tell(attacker, version=at, inner=cells, off=off(table, inner[at]))
    for at, (came, went) in enumerate(flows):
        attacker.learn([(f"+{at}", cell) for cell in cells], came, came)
        attacker.learn([(f"-{at}", cell) for cell in cells], went, went)
        for cell in cells:
            attacker.learn({(at + 1, cell): 1, (at, cell): -1, (f"+{at}", cell): -1, (f"-{at}", cell): 1}, 0, 0)
    small = [(at, cell) for at in range(5) for cell in cells if inner[at][cell] < RULES.threshold]
    assert small
    for name in small:
        least, most = attacker.range([name])
        assert most - least >= RULES.threshold


def test_a_value_is_named_only_once_it_counts_twice_the_threshold() -> None:
    base = {("a", "x"): 40, ("a", "y"): 30}
    before = tabulated({**base, ("a", "z"): 4})
    again = tabulated({**base, ("a", "z"): 21}, before=before)
    assert "z" not in {row.values[1] for row in again.rows}
    assert "z" in {row.values[1] for row in tabulated({**base, ("a", "z"): 22}, before=again).rows}


def pay(rows: int, mean: float, largest: float) -> Group:
    return Group(rows, (Sum(rows, rows * mean, largest, largest),))


def averages(
    groups: Mapping[tuple[str, ...], Group], step: float = 1000.0
) -> dict[Cell, tuple[int | None, float | None]]:
    average = Average("pay", Column(name="pay", type=ColumnType.MONEY), step)
    width = len(next(iter(groups)))
    table = tabulate(groups, dimensions(width), [average], rules=RULES)
    return {row.values: (row.rows, row.averages[0]) for row in table.rows}


def test_averages_are_coarser_where_few_are_averaged() -> None:
    shown = averages(
        {("a",): pay(400, 71_234, 90_000), ("b",): pay(60, 71_234, 90_000), ("c",): pay(15, 71_234, 90_000)}
    )
    assert [shown[(name,)][1] for name in "abc"] == [71_000, 72_000, 70_000]


def test_one_who_earns_most_of_it_hides_the_average() -> None:
    groups = {("a",): pay(50, 70_000, 90_000), ("b",): pay(50, 70_000, 90_000), ("c",): pay(20, 70_000, 90_000)}
    groups[("c",)] = Group(20, (Sum(20, 520_000, 490_000, 20_000),))
    shown = averages(groups)
    assert shown[("c",)] == (20, None)
    assert shown[(None,)][1] is not None
    assert [cell for cell, (n, mean) in shown.items() if n is not None and mean is None] != [("c",)], (
        "one alone is told"
    )


def test_averages_of_few_values_are_hidden_though_the_count_is_shown() -> None:
    hourly = Group(50, (Sum(3, 210_000, 90_000, 80_000),))
    shown = averages({("a",): pay(50, 70_000, 90_000), ("b",): hourly, ("c",): pay(80, 70_000, 90_000)})
    assert shown[("b",)] == (50, None)


def test_mistakes_say_what_to_write() -> None:
    with pytest.raises(BaseTooSmall, match="Write 'round: 4' or more"):
        Rules(threshold=11, base=3)
    with pytest.raises(StepTooSmall, match="Write 'round: 500' or more"):
        averages({("a",): pay(50, 70_000, 250_000)}, step=100.0)
    with pytest.raises(ValueTaken, match="stands for the total"):
        tabulated({("All",): 40})
    with pytest.raises(TooManyCells, match="Take one dimension away"):
        tabulated({(f"a{at}", f"b{at}"): 20 for at in range(200)})
    assert [least_base(threshold) for threshold in (3, 5, 11, 20)] == [2, 3, 4, 6]


@pytest.mark.real
@pytest.mark.slow
def test_a_real_roster_gives_nothing_away(real_data: Path) -> None:
    """Chicago, 2020: departments by titles, as skewed as rosters are; one in sixteen small counts is attacked."""
    file = real_data / "payroll" / "chicago_employees_2020-10.csv.gz"
    query = f"SELECT Department, \"Job Titles\", count(*) FROM read_csv('{file}') GROUP BY ALL ORDER BY ALL"
    counts = {(str(a), str(b)): int(n) for a, b, n in duckdb.sql(query).fetchall()}
    began = time.process_time()
    table = tabulated(counts)
    assert time.process_time() - began < 10
    inner = folded(counts, table)
    attacker = Attacker([(0, cell) for cell in inner])
    attacker.exists((0, cell) for cell in inner)
    attacker.learn([(0, cell) for cell in inner], sum(inner.values()), sum(inner.values()))
    shown = Published({cell: n for cell, n in published(table).counts.items() if n}, RULES.base, RULES.threshold)
    shown.tell(attacker, version=0, inner=list(inner), off=off(table, inner))
    hidden = {row.values for row in table.rows if row.rows is None}
    small = [cell for cell in sorted(inner) if inner[cell] < RULES.threshold]
    assert len(small) > 300
    assert hidden.issuperset(small)
    for cell in small[::16]:
        least, most = attacker.range([(0, cell)])
        assert most - least >= RULES.threshold
