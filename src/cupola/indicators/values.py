"""From the result of a statement to rows of the table of values, and back to values."""

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cupola.contracts import Column, ColumnType, Contract
from cupola.indicators.definition import Grain, Value
from cupola.indicators.grains import end_of
from cupola.indicators.statements import PERIOD, SETS, Output, Statement
from cupola.periods import Interval

KEY = ("measure", "period", "by", "member", "by_2", "member_2")
SCHEMA = pa.schema(
    [
        ("measure", pa.string()),
        ("period", pa.date32()),
        ("until", pa.date32()),
        ("by", pa.string()),
        ("member", pa.string()),
        ("by_2", pa.string()),
        ("member_2", pa.string()),
        ("value", pa.float64()),
        ("numerator", pa.float64()),
        ("denominator", pa.float64()),
        ("n", pa.int64()),
        ("dataset_version", pa.int64()),
        ("definition", pa.string()),
    ]
)
_SAYS = {
    "measure": "Key of the measure.",
    "period": "First day of the period.",
    "until": "First day after the period.",
    "by": "Column the value is broken down by; empty for everything.",
    "member": "Its value; empty for everything, and for rows that do not say.",
    "by_2": "Second column it is broken down by.",
    "member_2": "Its value.",
    "value": "The value.",
    "numerator": "Of shares, ratios and means: what is divided.",
    "denominator": "Of shares, ratios and means: what it is divided by.",
    "n": "How many rows it rests on.",
    "dataset_version": "Version of the dataset it was computed from.",
    "definition": "Hash of the definition it was computed by.",
}
_TYPES = {
    pa.string(): ColumnType.TEXT,
    pa.date32(): ColumnType.DATE,
    pa.float64(): ColumnType.FLOAT,
    pa.int64(): ColumnType.INTEGER,
}


def contract() -> Contract:
    """Return what the table of values looks like."""
    columns = tuple(Column(one.name, _TYPES[one.type], meaning=_SAYS[one.name]) for one in SCHEMA)
    return Contract(columns=columns, key=KEY, time_column="period")


def value_rows(statement: Statement, result: pa.Table, *, versions: Mapping[str, int]) -> pa.Table:
    """Return the rows of the table of values that a statement's result holds. Groups of no rows have no value."""
    masks = result.column(SETS).to_numpy()
    tables = [_of_measure(output, statement, result, masks=masks) for output in statement.outputs]
    version = versions[statement.dataset]
    whole = pa.concat_tables(tables)
    ends = _ends(whole.column("period"), statement.grain)
    whole = whole.append_column("until", ends).append_column("dataset_version", pa.array(np.full(len(whole), version)))
    return whole.select(SCHEMA.names).cast(SCHEMA)


def parted(rows: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Return rows of the table in two: the newest period of each measure, which the next run likely changes, last."""
    latest = rows.group_by("measure").aggregate([("period", "max")])
    newest = pc.take(latest.column("period_max"), pc.index_in(rows.column("measure"), latest.column("measure")))
    last = pc.equal(rows.column("period"), newest)
    return rows.filter(pc.invert(last)), rows.filter(last)


def _of_measure(output: Output, statement: Statement, result: pa.Table, *, masks: np.ndarray) -> pa.Table:
    counts = result.column(output.n)
    parts = []
    for breakdown in ((), *output.checked.measure.breakdowns):
        chosen = pc.and_(pa.array(masks == statement.mask(breakdown)), pc.greater(counts, 0))
        parts.append(_of_set(output, breakdown, statement=statement, rows=result.filter(chosen)))
    return pa.concat_tables(parts)


def _of_set(output: Output, breakdown: tuple[str, ...], *, statement: Statement, rows: pa.Table) -> pa.Table:
    size = len(rows)
    numerator, denominator = _double(rows, output.numerator), _double(rows, output.denominator)
    value = _double(rows, output.value) if output.value else _divided(numerator, denominator)
    members = [(name, _member(rows, f"_by{statement.columns.index(name)}")) for name in breakdown]
    members += [("", _same("", size))] * (2 - len(members))
    return pa.table(
        {
            "measure": _same(output.checked.measure.key, size),
            "period": rows.column(PERIOD).cast(pa.date32()),
            "by": _same(members[0][0], size),
            "member": members[0][1],
            "by_2": _same(members[1][0], size),
            "member_2": members[1][1],
            "value": value,
            "numerator": numerator,
            "denominator": denominator,
            "n": rows.column(output.n).cast(pa.int64()),
            "definition": _same(output.checked.definition, size),
        }
    )


def _same(text: str, size: int) -> pa.ChunkedArray:
    return pa.chunked_array([pa.DictionaryArray.from_arrays(np.zeros(size, np.int32), [text]).cast(pa.string())])


def _member(rows: pa.Table, name: str) -> pa.ChunkedArray:
    return pc.fill_null(rows.column(name).cast(pa.string()), "")


def _double(rows: pa.Table, name: str) -> pa.ChunkedArray:
    if not name:
        return pa.chunked_array([pa.nulls(len(rows), pa.float64())])
    return rows.column(name).cast(pa.float64())


def _divided(numerator: pa.ChunkedArray, denominator: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the ratios; a sum of nothing above the line is nothing, below it there is no ratio."""
    zero = pc.equal(denominator, 0.0)
    return pc.divide(pc.fill_null(numerator, 0.0), pc.if_else(zero, pa.scalar(None, pa.float64()), denominator))


def _ends(periods: pa.ChunkedArray, grain: Grain) -> pa.Array:
    """Return the first day after each period; each distinct one is worked out once."""
    coded = periods.combine_chunks().dictionary_encode()
    ends = pa.array([end_of(first.as_py(), grain) for first in coded.dictionary], pa.date32())
    return ends.take(coded.indices)


def read_values(rows: pa.Table) -> Iterator[Value]:
    """Yield the values that rows of the table hold, in their order."""
    columns = {name: rows.column(name).to_pylist() for name in rows.column_names}
    for at in range(len(rows)):
        row = {name: column[at] for name, column in columns.items()}
        yield _value(row)


def _value(row: Mapping[str, object]) -> Value:
    group: dict[str, str | None] = {}
    for by, member in (("by", "member"), ("by_2", "member_2")):
        if row[by]:
            group[str(row[by])] = str(row[member]) or None
    since, until = row["period"], row["until"]
    assert isinstance(since, date)
    assert isinstance(until, date)
    return Value(
        measure=str(row["measure"]),
        period=Interval(since, until),
        value=_number(row["value"]),
        group=group,
        numerator=_number(row["numerator"]),
        denominator=_number(row["denominator"]),
        n=int(str(row["n"] or 0)),
        dataset_version=int(str(row["dataset_version"] or 0)),
        definition=str(row["definition"]),
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
