"""The query language once more, in plain and slow Python over lists of dicts: what the engine's answers are held to.

It shares no code with cupola.soql. Queries are trees of its own; `text` writes them as a person would.
Numbers are Decimal while exact and float once anything measured or divided is in them, as the engine has them.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from statistics import median, pstdev
from typing import Any

Value = Any
Row = dict[str, Value]


@dataclass(frozen=True)
class Node:
    """An expression: `op` with its parts. `type`: number, text, boolean or date."""

    op: str
    type: str
    parts: tuple["Node", ...] = ()
    value: Value = None


@dataclass(frozen=True)
class Order:
    node: Node
    descending: bool
    nulls: str  # "", FIRST or LAST


@dataclass(frozen=True)
class Query:
    """One stage. `columns`: (name, node, whether the name is written)."""

    columns: tuple[tuple[str, Node, bool], ...]
    where: Node | None = None
    group: tuple[Node, ...] | None = None
    having: Node | None = None
    order: tuple[Order, ...] = ()
    distinct: bool = False
    limit: int | None = None
    offset: int = 0


AGGREGATES = {"count(*)", "count", "count_distinct", "sum", "avg", "min", "max", "median", "stddev_pop"}


@dataclass
class Group:
    """Rows to be made one; an expression outside aggregates is read from the first."""

    rows: list[Row] = field(default_factory=list)


def evaluate(node: Node, row: Row | Group) -> Value:
    """Return the value of an expression for a row, or for a group of rows."""
    if node.op == "alias":
        return evaluate(node.parts[0], row)
    if node.op in AGGREGATES:
        assert isinstance(row, Group)
        return aggregate(node, row.rows)
    if node.op == "column":
        return (row.rows[0] if isinstance(row, Group) else row)[node.value]
    if node.op == "literal":
        return node.value
    if node.op in LAZY:
        return LAZY[node.op](node, row)
    values = [evaluate(part, row) for part in node.parts]
    return None if None in values else STRICT[node.op](*values)


def aggregate(node: Node, rows: list[Row]) -> Value:
    if node.op == "count(*)":
        return Decimal(len(rows))
    values = [value for row in rows if (value := evaluate(node.parts[0], row)) is not None]
    if node.op == "count":
        return Decimal(len(values))
    if node.op == "count_distinct":
        return Decimal(len(set(values)))
    if not values:
        return None
    return {
        "sum": lambda: total(values),
        "avg": lambda: float(total(values)) / len(values),
        "min": lambda: min(values),
        "max": lambda: max(values),
        "median": lambda: float(median(map(float, values))),
        "stddev_pop": lambda: pstdev(map(float, values)),
    }[node.op]()


def total(values: list[Value]) -> Value:
    return sum(map(float, values)) if float in map(type, values) else sum(values[1:], values[0])


def both(x: Value, y: Value) -> tuple[Value, Value]:
    """Two numbers, as floats if one is."""
    return (float(x), float(y)) if float in {type(x), type(y)} else (x, y)


def compared(test: Callable[[Value, Value], bool]) -> Callable[[Value, Value], bool]:
    return lambda x, y: test(*both(x, y)) if not isinstance(x, (str, datetime, bool)) else test(x, y)


def arithmetic(work: Callable[[Value, Value], Value]) -> Callable[[Value, Value], Value]:
    return lambda x, y: work(*both(x, y))


def divided(x: Value, y: Value) -> Value:
    return None if y == 0 else float(x) / float(y)


def remainder(x: Value, y: Value) -> Value:
    x, y = both(x, y)
    if y == 0:
        return None
    return math.fmod(x, y) if isinstance(x, float) else x % y


def rounded(x: Value) -> Value:
    if isinstance(x, float):
        return math.copysign(math.floor(abs(x) + 0.5), x)
    return x.quantize(Decimal(1), ROUND_HALF_UP)


def like(text: str, pattern: str) -> bool:
    """Match character by character, trying everything."""
    if not pattern:
        return not text
    if pattern[0] == "%":
        return any(like(text[at:], pattern[1:]) for at in range(len(text) + 1))
    return bool(text) and pattern[0] in {"_", text[0]} and like(text[1:], pattern[1:])


def substring(text: str, start: Value, length: Value) -> str:
    first, last = int(start), int(start) + max(int(length), 0)
    return "".join(character for at, character in enumerate(text, start=1) if first <= at < last)


def padded(text: str, length: Value, filling: str) -> str:
    missing = int(length) - len(text)
    return text[: int(length)] if missing <= 0 else (filling * missing)[:missing] + text


def split_part(text: str, separator: str, at: Value) -> str:
    parts = text.split(separator)
    return parts[int(at) - 1] if int(at) <= len(parts) else ""


def days_between(x: datetime, y: datetime) -> Decimal:
    return Decimal(int((x - y).total_seconds() / 86400))


def start_of(unit: str) -> Callable[[datetime], datetime]:
    changes = {"y": {"month": 1, "day": 1}, "ym": {"day": 1}, "ymd": {}}[unit]
    return lambda when: when.replace(hour=0, minute=0, second=0, microsecond=0, **changes)


STRICT: dict[str, Callable[..., Value]] = {
    "=": compared(lambda x, y: x == y),
    "<>": compared(lambda x, y: x != y),
    "<": compared(lambda x, y: x < y),
    "<=": compared(lambda x, y: x <= y),
    ">": compared(lambda x, y: x > y),
    ">=": compared(lambda x, y: x >= y),
    "not": lambda x: not x,
    "like": like,
    "not like": lambda x, y: not like(x, y),
    "contains": lambda x, y: y in x,
    "starts_with": lambda x, y: x.startswith(y),
    "caseless_eq": lambda x, y: x.lower() == y.lower(),
    "caseless_contains": lambda x, y: y.lower() in x.lower(),
    "+": arithmetic(lambda x, y: x + y),
    "-": arithmetic(lambda x, y: x - y),
    "*": arithmetic(lambda x, y: x * y),
    "/": divided,
    "%": remainder,
    "minus": lambda x: -x,
    "abs": abs,
    "ceil": lambda x: float(math.ceil(x)) if isinstance(x, float) else x.quantize(Decimal(1), ROUND_CEILING),
    "floor": lambda x: float(math.floor(x)) if isinstance(x, float) else x.quantize(Decimal(1), ROUND_FLOOR),
    "round": rounded,
    "length": lambda x: Decimal(len(x)),
    "lower": str.lower,
    "upper": str.upper,
    "trim": lambda x: x.strip(" "),
    "||": lambda x, y: x + y,
    "substring": substring,
    "replace": lambda x, y, z: x.replace(y, z) if y else x,
    "left_pad": padded,
    "split_part": split_part,
    "date_trunc_y": start_of("y"),
    "date_trunc_ym": start_of("ym"),
    "date_trunc_ymd": start_of("ymd"),
    "date_extract_y": lambda x: Decimal(x.year),
    "date_extract_m": lambda x: Decimal(x.month),
    "date_extract_d": lambda x: Decimal(x.day),
    "date_extract_hh": lambda x: Decimal(x.hour),
    "date_extract_dow": lambda x: Decimal(x.isoweekday() % 7),
    "date_extract_woy": lambda x: Decimal(x.isocalendar()[1]),
    "date_diff_d": days_between,
    "add days": lambda x, days: x + timedelta(days=int(days)),
}


def and_or(unless: bool) -> Callable[[Node, Row | Group], Value]:
    """AND is false as soon as one is false, OR true as soon as one is; else unknown if one is unknown."""

    def combine(node: Node, row: Row | Group) -> Value:
        values = [evaluate(part, row) for part in node.parts]
        if unless in values:
            return unless
        return None if None in values else not unless

    return combine


def inside(node: Node, row: Row | Group) -> Value:
    value, *options = (evaluate(part, row) for part in node.parts)
    tests = [None if value is None or option is None else STRICT["="](value, option) for option in options]
    found = True if True in tests else (None if None in tests else False)
    return found if node.op == "in" or found is None else not found


def between(node: Node, row: Row | Group) -> Value:
    value, low, high = node.parts
    found = and_or(False)(
        Node("and", "boolean", (Node(">=", "boolean", (value, low)), Node("<=", "boolean", (value, high)))), row
    )
    return found if node.op == "between" or found is None else not found


def choice(node: Node, row: Row | Group) -> Value:
    for at in range(0, len(node.parts) - 1, 2):
        if evaluate(node.parts[at], row) is True:
            return evaluate(node.parts[at + 1], row)
    return evaluate(node.parts[-1], row) if len(node.parts) % 2 else None


def first_of(node: Node, row: Row | Group) -> Value:
    return next((value for part in node.parts if (value := evaluate(part, row)) is not None), None)


def extreme(pick: Callable[..., Value]) -> Callable[[Node, Row | Group], Value]:
    def find(node: Node, row: Row | Group) -> Value:
        values = [value for part in node.parts if (value := evaluate(part, row)) is not None]
        return pick(values) if values else None

    return find


def nullif(node: Node, row: Row | Group) -> Value:
    first, second = (evaluate(part, row) for part in node.parts)
    return None if first is not None and second is not None and STRICT["="](first, second) else first


LAZY: dict[str, Callable[[Node, Row | Group], Value]] = {
    "and": and_or(False),
    "or": and_or(True),
    "in": inside,
    "not in": inside,
    "between": between,
    "not between": between,
    "is null": lambda node, row: evaluate(node.parts[0], row) is None,
    "is not null": lambda node, row: evaluate(node.parts[0], row) is not None,
    "case": choice,
    "case()": choice,
    "coalesce": first_of,
    "nullif": nullif,
    "least": extreme(min),
    "greatest": extreme(max),
}


def has_aggregate(node: Node) -> bool:
    return node.op in AGGREGATES or any(has_aggregate(part) for part in node.parts)


def answer(query: Query, rows: list[Row], *, first: bool) -> list[Row]:
    """Return the rows a stage makes of rows. Ties go by the row's number in the first stage, else by all columns."""
    if query.where is not None:
        rows = [row for row in rows if evaluate(query.where, row) is True]
    sources: list[Row | Group] = list(rows)
    terms = list(query.order)
    if query.group is not None:
        sources = list(grouped(query.group, rows))
        if query.having is not None:
            sources = [source for source in sources if evaluate(query.having, source) is True]
        terms += [Order(node, False, "LAST") for node in query.group]
    made = [({name: evaluate(node, source) for name, node, _ in query.columns}, source) for source in sources]
    if query.order and not first and query.group is None:
        terms += [Order(node, False, "LAST") for _, node, _ in query.columns]
    if query.distinct:
        made = list({tuple(shown.values()): (shown, source) for shown, source in reversed(made)}.values())
        terms += [Order(node, False, "LAST") for _, node, _ in query.columns]
    for term in reversed(terms):
        made = sort(made, term)
    shown = [row for row, _ in made]
    end = None if query.limit is None else query.offset + query.limit
    return shown[query.offset : end]


def grouped(keys: tuple[Node, ...], rows: list[Row]) -> list[Group]:
    if not keys:
        return [Group(rows)]
    groups: dict[tuple[Value, ...], Group] = {}
    for row in rows:
        groups.setdefault(tuple(evaluate(key, row) for key in keys), Group()).rows.append(row)
    return list(groups.values())


def sort(made: list[Any], term: Order) -> list[Any]:
    """Sort by one term, rows that tie staying as they are."""
    pairs = [(evaluate(term.node, source), shown, source) for shown, source in made]
    nulls = [(shown, source) for value, shown, source in pairs if value is None]
    others = [pair for pair in pairs if pair[0] is not None]
    distinct = sorted({pair[0] for pair in others}, reverse=term.descending)
    found = [(shown, source) for value in distinct for other, shown, source in others if other == value]
    first = term.nulls == "FIRST" or (not term.nulls and term.descending)
    return nulls + found if first else found + nulls
