"""Which costs of posts may be shown: all where a law makes pay rates public, else none that tells one person's pay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np

from cupola.orgchart.rosters import LabelledPosts, leading_posts, leads, total, with_a_family
from cupola.orgchart.titles import Group
from cupola.privacy import THRESHOLD, TOTAL, protect
from cupola.web.accounts.queries import the_city
from cupola.web.planning.queries.reading import ReadRoster, is_anothers

Cell = tuple[str | None, ...]  # department and family of work; None for all of them


@dataclass(frozen=True)
class Costs:
    """What may be shown of the cost of posts, in cents, by department and family and with totals.

    `shown` lacks the cells whose pay is not known for every post; its value is None where a cell is hidden because it
    would tell somebody's pay, by itself or by subtraction. `basis`: the law that makes pay rates public, empty where
    none is cited or what is recorded is what people earned.
    """

    shown: Mapping[Cell, int | None] = field(default_factory=dict)
    basis: str = ""
    threshold: int = THRESHOLD

    @property
    def everything(self) -> bool:
        """Whether nothing has to be hidden."""
        return bool(self.basis)

    @property
    def hidden(self) -> int:
        """How many cells are hidden."""
        return sum(cents is None for cents in self.shown.values())


def legal_basis(read: ReadRoster) -> str:
    """Return the law by which the pay rates of a roster may be shown post by post, empty where none applies.

    What single people earned is never shown, whatever the law; another city's law is not ours to cite.
    """
    city = the_city()
    if read.earned or is_anothers(read.record) or city is None:
        return ""
    return str((city.definition.get("pay_data") or {}).get("basis", ""))


def shown_costs(read: ReadRoster, posts: Iterable[LabelledPosts]) -> Costs:
    """Return the costs of some posts by department and family of work, without what gives a person's pay away.

    Every cost belongs to one table of departments by families, hidden by the counts of the same table: where a count
    below the threshold could be told from what is shown, so could a sum of pay. Nothing finer is shown anywhere else.
    """
    held: dict[tuple[str, ...], list[LabelledPosts]] = {}
    for one in posts:
        held.setdefault((one.count.department, one.family or ""), []).append(one)
    basis = legal_basis(read)
    sums = {cell: total(each) for cell, each in held.items()}
    counts: dict[tuple[str, ...], int] = {cell: one.posts for cell, one in sums.items() if one.posts}
    if basis:
        visible: Mapping[Cell, int | None] = dict.fromkeys(_cells(counts), 1)
    else:
        unknown = [cell for cell in counts if not sums[cell].costed]
        visible = protect(counts, dimensions=("department", "family"), hidden=unknown).shown
    shown: dict[Cell, int | None] = {}
    for cell, count in visible.items():
        parts = [one for key, one in sums.items() if one.posts and _within(key, cell)]
        if all(part.costed for part in parts):
            whole = sum(part.cost_cents or 0 for part in parts)
            shown[cell] = None if count is None else loaded(whole, read.benefits)
    return Costs(shown, basis)


def loaded(cents: int, benefits: Decimal) -> int:
    """Return pay with benefits, in whole cents."""
    return int((cents * (1 + benefits)).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def leading_pay(read: ReadRoster, period: str) -> int | None:
    """Return the average pay with benefits of chiefs and directors in technology, data and innovation, in cents.

    None where it is not known, and, without a law that makes pay public, where it is of too few posts or would with
    the costs that are shown tell what a few people are paid.
    """
    held = leading_posts(read.of(period))
    if not held.posts or held.cost_cents is None:
        return None
    if not legal_basis(read) and (held.posts < THRESHOLD or _tells_of_few(read, with_a_family(read.of(period)))):
        return None
    return loaded(held.cost_cents // held.posts, read.benefits)


def _tells_of_few(read: ReadRoster, posts: list[LabelledPosts]) -> bool:
    """Whether the sum over chiefs and directors, with the costs that are shown, gives a sum over few posts away.

    The smallest groups are departments by families by whether they lead; what is shown are sums of such groups.
    """
    groups: dict[tuple[str, str, bool], int] = {}
    for one in posts:
        key = one.count.department, str(one.family), leads(one, Group) and one.count.costed == one.count.posts
        groups[key] = groups.get(key, 0) + one.count.posts
    cells = [cell for cell, cents in shown_costs(read, posts).shown.items() if cents is not None]
    known = [[float(_within(key[:2], cell)) for key in groups] for cell in cells]
    known.append([float(key[2]) for key in groups])
    few = [[float(key == one) for key in groups] for one, count in groups.items() if 0 < count < THRESHOLD]
    rank = np.linalg.matrix_rank(np.array(known))
    return any(np.linalg.matrix_rank(np.array([*known, one])) == rank for one in few)


def _cells(counts: Iterable[tuple[str, ...]]) -> set[Cell]:
    return {
        cell
        for department, family in counts
        for cell in ((department, family), (department, TOTAL), (TOTAL, family), (TOTAL, TOTAL))
    }


def _within(key: tuple[str, ...], cell: Cell) -> bool:
    return all(wanted is TOTAL or wanted == value for wanted, value in zip(cell, key, strict=True))
