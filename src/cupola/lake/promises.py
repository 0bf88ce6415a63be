"""Quality promises measured on a version: every promise in one pass over its rows."""

from collections.abc import Sequence
from datetime import date

import pyarrow as pa
from sqlglot import exp

from cupola.contracts import TODAY, Kept, Promise
from cupola.lake.reading import Engine, Input, Limits, run_query

_DATA = "data"
_OF_ROWS = ("complete", "unique", "allowed", "range", "rows")


def measure_promises(given: Input, promised: Sequence[Promise], *, today: date, engine: Engine) -> tuple[Kept, ...]:
    """Return whether the rows of `given` keep each promise about rows, in order; others are left out.

    A promise about a column that is not there is broken by every row. Raises QueryFailed, TooBig.
    """
    held = {one.name for one in given.fields}
    wanted = [one for one in promised if one.that in _OF_ROWS]
    if not wanted:
        return ()
    there = [one for one in wanted if held.issuperset(one.columns)]
    parts = [exp.alias_(exp.Count(this=exp.Star()), "rows")]
    parts += [exp.alias_(_measure(one, given, today), f"m{at}") for at, one in enumerate(there)]
    tree = exp.select(*parts).from_(exp.to_identifier(_DATA, quoted=True))
    table = run_query(tree, inputs={_DATA: given}, engine=engine, limits=Limits())
    rows = int(table.column("rows")[0].as_py())
    found = {one: _kept(one, rows, _number(table, f"m{at}")) for at, one in enumerate(there)}
    return tuple(found.get(one) or Kept(one, kept=rows == 0, broken=rows) for one in wanted)


def _measure(one: Promise, given: Input, today: date) -> exp.Expr:
    """Return SQL of one number: rows that break the promise, of `complete` rows without a value."""
    columns = [exp.column(name, quoted=True) for name in one.columns]
    if one.that == "rows":
        return exp.Count(this=exp.Star())
    if one.that == "unique":
        together = columns[0] if len(columns) == 1 else exp.Tuple(expressions=columns)
        different = exp.Count(this=exp.Distinct(expressions=[together]))
        missing = _where(exp.Is(this=columns[0].copy(), expression=exp.Null())) if len(columns) == 1 else None
        rest = exp.Sub(this=exp.Count(this=exp.Star()), expression=different)
        return rest if missing is None else exp.Sub(this=rest, expression=missing)
    column = columns[0]
    if one.that == "complete":
        return _where(exp.Is(this=column, expression=exp.Null()))
    if one.that == "allowed":
        texts = exp.cast(column, "TEXT")
        listed = exp.In(this=texts, expressions=[exp.Literal.string(value) for value in one.values])
        return _where(exp.and_(_there(column), exp.not_(listed)))
    outside = []
    for limit, kind in ((one.at_least, exp.LT), (one.at_most, exp.GT)):
        if limit:
            outside.append(kind(this=_by_day(column, given), expression=exp.Literal.string(_day(limit, today))))
    return _where(exp.or_(*outside))


def _there(column: exp.Column) -> exp.Expr:
    return exp.not_(exp.Is(this=column.copy(), expression=exp.Null()))


def _where(condition: exp.Expr) -> exp.Expr:
    return exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=condition))


def _day(limit: str, today: date) -> str:
    return today.isoformat() if limit == TODAY else limit


def _by_day(column: exp.Column, given: Input) -> exp.Expr:
    """Return the column, a time as its day: a limit is a day, and the whole of it counts."""
    stored = next(one.type for one in given.fields if one.name == column.name)
    return exp.cast(column.copy(), "DATE") if stored.startswith("TIMESTAMP") else column.copy()


def _number(table: pa.Table, name: str) -> int:
    return int(table.column(name)[0].as_py() or 0)


def _kept(one: Promise, rows: int, measured: int) -> Kept:
    if one.that == "rows":
        low, high = (float(text) if text else None for text in (one.at_least, one.at_most))
        kept = (low is None or measured >= low) and (high is None or measured <= high)
        return Kept(one, kept, broken=measured)
    if one.that == "complete":
        share = 1 - measured / rows if rows else 1.0
        return Kept(one, share >= float(one.at_least), broken=measured, share=share)
    return Kept(one, measured == 0, broken=measured)
