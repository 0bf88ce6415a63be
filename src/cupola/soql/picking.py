"""What a simple query asks for, in terms that need no engine: rows by values of columns, in the order of one column."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cupola.soql import tree
from cupola.soql.staging import Stage
from cupola.soql.typed import Applied, ColumnValue, Constant, Typed
from cupola.soql.types import SoqlType

_TURNED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ROW_ID = "_id"
_VALUES = frozenset({SoqlType.TEXT, SoqlType.URL, SoqlType.BOOLEAN})
_TIMES = frozenset({SoqlType.FLOATING_TIMESTAMP, SoqlType.FIXED_TIMESTAMP})


@dataclass(frozen=True)
class Condition:
    """That a stored column is `=`, `<`, `<=`, `>` or `>=` a value. Instants are in UTC, without zone."""

    column: str
    operator: str
    value: str | bool | int | datetime


@dataclass(frozen=True)
class Pick:
    """Stored columns of rows of which all conditions are true, by `order` and then by `_id`; else as they lie.

    `shown`: a stored column for each of the answer. `order`: a stored column. `descending`, `nulls_first`: of it.
    """

    shown: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    order: str = ""
    descending: bool = False
    nulls_first: bool = False


def pick_of(stages: Sequence[Stage]) -> Pick | None:
    """Return the pick that gives the rows of a checked query, None where it takes more than picking."""
    (stage, *others) = stages
    if others or stage.aggregated or stage.select.distinct or stage.words or stage.having is not None:
        return None
    shown = [value.column.place for _, value in stage.columns if isinstance(value, ColumnValue)]
    if len(shown) < len(stage.columns):
        return None
    conditions = []
    for value in stage.where:
        for one in _flat(value):
            condition = _condition(one)
            if condition is None:
                return None
            conditions += condition
    return _ordered(stage, Pick(tuple(shown), tuple(conditions)))


def _ordered(stage: Stage, pick: Pick) -> Pick | None:
    if not stage.order:
        return pick
    first, *rest = stage.order
    by_id = [one for one in rest if isinstance(one.value, ColumnValue) and one.value.column.place == _ROW_ID]
    if not isinstance(first.value, ColumnValue) or len(by_id) != len(rest) or any(one.descending for one in by_id):
        return None
    if first.value.type is SoqlType.ROW_VERSION:
        return None  # computed, though it looks like a column
    column = first.value.column.place
    return replace(pick, order=column, descending=first.descending, nulls_first=first.nulls_first)


def _flat(value: Typed) -> Iterator[Typed]:
    if isinstance(value, Applied) and value.overload is not None and value.overload.name == tree.AND:
        for argument in value.arguments:
            yield from _flat(argument)
    else:
        yield value


def _condition(value: Typed) -> list[Condition] | None:
    if not isinstance(value, Applied) or value.overload is None:
        return None
    name, arguments = value.overload.name, value.arguments
    if name == tree.BETWEEN:
        pairs = [(">=", arguments[0], arguments[1]), ("<=", arguments[0], arguments[2])]
    elif name in _TURNED:
        left, right = arguments
        pairs = [(name, left, right) if isinstance(left, ColumnValue) else (_TURNED[name], right, left)]
    else:
        return None
    found = [_compared(operator, column, constant) for operator, column, constant in pairs]
    return [one for one in found if one is not None] if all(found) else None


def _compared(operator: str, column: Typed, constant: Typed) -> Condition | None:
    if not isinstance(column, ColumnValue) or not isinstance(constant, Constant) or constant.value is None:
        return None
    value, place = constant.value, column.column.place
    if column.type in _TIMES and constant.type is column.type and isinstance(value, datetime):
        return Condition(place, operator, value)
    if column.type is SoqlType.ROW_IDENTIFIER and constant.type is column.type and isinstance(value, str):
        return Condition(place, operator, int(value))
    if operator != "=" or not isinstance(value, str | bool) or constant.type is not column.type:
        return None
    if column.type in _VALUES:
        return Condition(place, operator, value)
    whole = column.type is SoqlType.NUMBER and column.physical == "BIGINT" and constant.physical == "BIGINT"
    return Condition(place, operator, int(value)) if whole else None
