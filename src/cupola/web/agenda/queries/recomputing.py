"""Values of measures computed again from the rows they are pinned to, and compared bit by bit."""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cupola import indicators
from cupola.errors import CupolaError
from cupola.indicators import Checked
from cupola.indicators.values import KEY, SCHEMA
from cupola.lake import Version
from cupola.periods import FiscalYears
from cupola.web.agenda.queries.sealed import Broken
from cupola.web.data.queries import lake
from cupola.web.performance.models import Measure
from cupola.web.performance.queries import checked, current_measures, fiscal_years
from cupola.web.performance.queries.engines import answer
from cupola.web.performance.queries.gaps import gap_values
from cupola.web.performance.queries.values import stored_values, values_version

NINE_DIGITS = 1e-9  # relative: sums of fractions depend in their last bits on the order in which rows are read
SAYS = ("until", "value", "numerator", "denominator", "n")
Cell = tuple[str, date]  # group and first day of the period


@dataclass
class _Work:
    record: Measure
    checked: Checked
    held: Version


class Recomputed:
    """The values of every measure, computed again. broken: what differs from what is published, value by value."""

    def __init__(self) -> None:
        self.broken: list[Broken] = []
        self.count = 0
        self._tables: dict[tuple[str, int, str], pa.Table] = {}
        self._stored: dict[tuple[int, str, str], dict[Cell, float | None]] = {}
        self._digests: list[str] = []

    def publish(self) -> None:
        """Compute what is published now, those of one version of one dataset together."""
        groups: dict[tuple[str, int, str], list[_Work]] = {}
        for record in current_measures():
            work = self._prepared(record)
            if work is not None:
                groups.setdefault((work.held.dataset, work.held.number, work.checked.time), []).append(work)
        for group in groups.values():
            for work, rows in zip(group, _computed(group), strict=True):
                self._tables[work.held.dataset, work.held.number, work.checked.definition] = rows
                self.count += len(rows)
                self._digests.append(_digest(rows))
                stored = stored_values([work.record.key], by=None)
                self.broken += _compared(work.record.key, stored, rows)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of every value computed again, bit by bit."""
        return hashlib.sha256(" ".join(sorted(self._digests)).encode()).hexdigest()

    def cells(self, read: Mapping[str, Any]) -> dict[Cell, float | None]:
        """Return the values an evaluation read, computed again from its rows, by group and period.

        read: as `sealing.read_of` sealed it. Raises what the lake and the definition raise.
        """
        at = (read["dataset"], read["dataset_version"], read["definition"])
        if at not in self._tables:
            record = Measure(key=read["measure"], dataset=read["dataset"], definition=read["document"])
            held = lake().version(read["dataset"], number=read["dataset_version"])
            found = checked(record, held, years=FiscalYears.parse(read["fiscal_year_start"]))
            self._tables[at] = _computed([_Work(record, found, held)])[0]
        return _cells(self._tables[at], read["dimension"])

    def stored(self, read: Mapping[str, Any]) -> dict[Cell, float | None]:
        """Return the values an evaluation read from the table of values, at the version it read."""
        at = (read["values_version"], read["measure"], read["dimension"])
        if at not in self._stored:
            by = (read["dimension"],) if read["dimension"] else ()
            rows = stored_values([read["measure"]], by=by, version=values_version(read["values_version"]))
            self._stored[at] = _cells(rows, read["dimension"])
        return self._stored[at]

    def _prepared(self, record: Measure) -> _Work | None:
        """Return a measure with the version its values are from; None, with the link noted, where it is lost."""
        last = getattr(record, "computation", None)
        if last is None or not last.values_version or last.dataset_version is None:
            return None
        number = f"measure {record.key}"
        try:
            held = lake().version(record.dataset, number=last.dataset_version)
            found = checked(record, held, years=fiscal_years())
        except CupolaError as error:
            self.broken.append(Broken(number, "dataset", str(error)))
            return None
        if found.definition != last.definition:
            why = "it was defined otherwise when its values were computed"
            self.broken.append(Broken(number, "definition", why))
            return None
        return _Work(record, found, held)


def _computed(group: Sequence[_Work]) -> list[pa.Table]:
    """Return the rows of measures of one version of one dataset.

    Of a gap, the values of the measure it is of, which may be computed from a later version by now.
    """
    held = group[0].held
    plain = {one.measure.key: one for one in (work.checked.of or work.checked for work in group)}
    tables = [
        indicators.value_rows(statement, answer(statement, held), versions={held.dataset: held.number})
        for statement in indicators.statements(plain.values(), periods=None)
    ]
    whole = pa.concat_tables(tables)
    keys = whole.column("measure")
    rows = {key: whole.filter(pc.equal(keys, key)) for key in plain}
    of = [(work.checked, work.checked.of) for work in group]
    return [rows[one.measure.key] if other is None else gap_values(one, rows[other.measure.key]) for one, other in of]


def _cells(rows: pa.Table, dimension: str) -> dict[Cell, float | None]:
    """Return the values of one breakdown by group and period; the whole is the group with no name."""
    chosen = pc.and_(pc.equal(rows.column("by"), dimension), pc.equal(rows.column("by_2"), ""))
    kept = rows.filter(chosen)
    names = [kept.column(name).to_pylist() for name in ("member", "period", "value")]
    return {(str(member), period): value for member, period, value in zip(*names, strict=True)}


def _plain(rows: pa.Table) -> pa.Table:
    """Return what is published of rows, in one order and one type."""
    names = [*KEY, *SAYS]
    types = pa.schema([SCHEMA.field(name) for name in names])
    return rows.select(names).cast(types).sort_by([(name, "ascending") for name in KEY]).combine_chunks()


def _digest(rows: pa.Table) -> str:
    """Return a hash of rows, bit by bit."""
    lines = (_line(row) for row in _plain(rows).to_pylist())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _line(row: Mapping[str, Any]) -> str:
    return json.dumps([one.hex() if isinstance(one, float) else str(one) for one in row.values()])


def _compared(key: str, stored: pa.Table, rows: pa.Table) -> Iterator[Broken]:
    """Yield every value that is not, to the last bit, what is published."""
    published, again = _plain(stored), _plain(rows)
    if published.equals(again):
        return
    before, after = ({tuple(row[name] for name in KEY): row for row in one.to_pylist()} for one in (published, again))
    for at in sorted({*before, *after}):
        old, new = before.get(at), after.get(at)
        if old == new:
            continue
        group = " ".join(f"{name}={member}" for name, member in ((at[2], at[3]), (at[4], at[5])) if name)
        name = next((one for one in SAYS[1:] if (old or {}).get(one) != (new or {}).get(one)), "value")
        shown = [(row or {}).get(name) for row in (old, new)]
        what = "" if name == "value" else f"{name}: "
        why = f"{what}published {shown[0]!r}, computed again {shown[1]!r}"
        near = old is not None and new is not None and all(_near(old[one], new[one]) for one in SAYS)
        yield Broken(f"measure {key} {at[1]} {group}".strip(), "value", why, near)


def _near(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=NINE_DIGITS)
    return bool(one == other)
