"""Values of two computations beside each other: what is new, what changed, what is gone."""

from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from cupola.indicators.values import KEY

TOLERANCE = 1e-9  # relative: sums of doubles depend on the order of the rows in their last bits


@dataclass(frozen=True)
class Change:
    """One value that is not what it was. None: there was, or is, none. `n`: rows it rested and rests on."""

    measure: str
    period: date
    until: date
    group: tuple[tuple[str, str], ...]
    before: float | None
    after: float | None
    n_before: int
    n_after: int

    @property
    def size(self) -> float:
        """How large the change is beside what was; infinite where a value came or went."""
        if self.before is None or self.after is None:
            return float("inf")
        return abs(self.after - self.before) / (abs(self.before) or 1.0)


def changes(before: pa.Table, after: pa.Table) -> tuple[Change, ...]:
    """Return the values that differ between two tables of values, in the order of measure, period and group."""
    wanted = [*KEY, "until", "value", "n"]
    joined = before.select(wanted).join(
        after.select(wanted), keys=list(KEY), join_type="full outer", left_suffix="_before", right_suffix="_after"
    )
    differing = joined.filter(_differs(joined))
    rows = differing.sort_by([(name, "ascending") for name in KEY]).to_pylist()
    return tuple(_change(row) for row in rows)


def _differs(joined: pa.Table) -> pa.ChunkedArray:
    old, new = joined.column("value_before"), joined.column("value_after")
    largest = pc.max_element_wise(pc.abs(old), pc.abs(new), 1e-300)
    close = pc.less_equal(pc.abs(pc.subtract(new, old)), pc.multiply(largest, TOLERANCE))
    same = pc.or_kleene(pc.fill_null(close, False), pc.and_(pc.is_null(old), pc.is_null(new)))
    rests = pc.fill_null(pc.equal(joined.column("n_before"), joined.column("n_after")), False)
    return pc.invert(pc.and_(same, rests))


def _change(row: dict[str, object]) -> Change:
    until = row["until_after"] or row["until_before"]
    period = row["period"]
    assert isinstance(period, date)
    assert isinstance(until, date)
    pairs = (("by", "member"), ("by_2", "member_2"))
    group = tuple((str(row[by]), str(row[member])) for by, member in pairs if row[by])
    old, new = row["value_before"], row["value_after"]
    return Change(
        measure=str(row["measure"]),
        period=period,
        until=until,
        group=group,
        before=float(old) if isinstance(old, float) else None,
        after=float(new) if isinstance(new, float) else None,
        n_before=int(str(row["n_before"] or 0)),
        n_after=int(str(row["n_after"] or 0)),
    )
