"""What banding, coarsening or rounding a column would do, as SQL: so k can be measured before it is done."""

from sqlglot import exp

from cupola.contracts import Column, ColumnType
from cupola.errors import InvalidInput
from cupola.privacy.kinds import Remedy

NUMBERS = {
    ColumnType.INTEGER,
    ColumnType.DECIMAL,
    ColumnType.FLOAT,
    ColumnType.MONEY,
    ColumnType.PERCENT,
    ColumnType.DURATION,
}
TIMES = {ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.INSTANT}


class NotForThisColumn(InvalidInput):
    """The remedy cannot be applied to a column of that type."""

    def __init__(self, *, remedy: Remedy, column: Column) -> None:
        self.remedy, self.column = remedy, column.name
        super().__init__(
            f"'{remedy}' does not fit {column.name}, which holds {column.type}. Try another remedy, or drop it."
        )


def applied(remedy: Remedy, column: Column, *, step: float = 10) -> str:
    """Return SQL for the column's values after the remedy. Raises NotForThisColumn.

    step: width of a band; for `coarsen` of texts the signs kept; for `round` of coordinates the digits after the point.
    """
    name = exp.column(column.name, quoted=True).sql(dialect="duckdb")
    if remedy is Remedy.DROP:
        return "NULL"
    if remedy is Remedy.BAND and column.type in NUMBERS:
        return f"floor(CAST({name} AS DOUBLE) / {float(step)!r}) * {float(step)!r}"
    if remedy is Remedy.COARSEN and column.type in TIMES:
        return f"date_trunc('year', {name})"
    if remedy is Remedy.COARSEN and column.type in {ColumnType.TEXT, ColumnType.CODE}:
        return f"substr({name}, 1, {int(step):d})"
    if remedy is Remedy.ROUND and column.type is ColumnType.FLOAT:
        return f"round({name}, {int(step):d})"
    if remedy is Remedy.ROUND and column.type is ColumnType.POINT:
        return f"regexp_replace({name}, '([.][0-9]{{{int(step):d}}})[0-9]+', '\\1', 'g')"
    if remedy is Remedy.ROUND and column.type is ColumnType.TEXT:
        return f"regexp_replace({name}, '^([0-9]*)[0-9]{{2}}([^0-9])', '\\1 00\\2')"
    raise NotForThisColumn(remedy=remedy, column=column)
