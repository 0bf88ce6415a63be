"""Random queries over a small table: trees for the naive evaluator, and their text in random spacing and case."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from tests.property.soql.naive import Node, Order, Query, Row

WORDS = ("alpha", "Beta", "gamma ray", "a%b", "x_y", "it's", "", " pad ", "BETA", "Ωmega")
DAY = datetime(2020, 1, 1)  # noqa: DTZ001
COLUMNS = {"ward": "number", "cost": "number", "height": "number", "name": "text", "kind": "text", "open": "boolean",
           "built": "date", "seen": "date"}  # fmt: skip
PRESENT = 0.85


def make_rows(random: Random, count: int = 30) -> list[Row]:
    def maybe(value: object) -> object:
        return value if random.random() < PRESENT else None

    return [
        {
            "ward": maybe(Decimal(random.randint(-3, 6))),
            "cost": maybe(Decimal(random.randint(-500, 2000)) / 100),
            "height": maybe(random.randint(-8, 40) / 4),
            "name": maybe(random.choice(WORDS)),
            "kind": maybe(random.choice(("shop", "office", "Shop"))),
            "open": maybe(random.random() < 0.5),
            "built": maybe(DAY + timedelta(days=random.randint(0, 900))),
            "seen": maybe(DAY + timedelta(minutes=random.randint(0, 1_500_000))),
        }
        for _ in range(count)
    ]


class Generator:
    """Makes queries from a source of chance."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.columns: dict[str, str] = dict(COLUMNS)
        self.aliases: dict[str, Node] = {}
        self.stage = 0  # names of one stage are never names of another: an alias hides a column of its name

    # Expressions

    def node(self, kind: str, depth: int) -> Node:
        same = [name for name, alias in self.aliases.items() if alias.type == kind]
        if same and self.random.random() < 0.15:
            name = self.random.choice(same)
            return Node("alias", kind, (self.aliases[name],), name)
        if depth <= 0 or self.random.random() < 0.2:
            return self.leaf(kind)
        if self.random.random() < 0.15:
            return self.chosen(kind, depth)
        make: Callable[[int], Node] = getattr(self, f"_{kind}")
        return make(depth - 1)

    def leaf(self, kind: str) -> Node:
        names = [name for name, one in self.columns.items() if one == kind]
        if names and self.random.random() < 0.7:
            return Node("column", kind, value=self.random.choice(names))
        return Node("literal", kind, value=self.literal(kind))

    def literal(self, kind: str) -> object:
        pick = self.random
        if kind == "number":
            return Decimal(pick.choice((0, 1, 2, 3, 7, "0.5", "12.25", 100)))
        if kind == "text":
            return pick.choice(WORDS)
        if kind == "boolean":
            return pick.random() < 0.5
        return DAY + timedelta(days=pick.randint(0, 900), hours=pick.choice((0, 0, 13)))

    def chosen(self, kind: str, depth: int) -> Node:
        op = self.random.choice(("case", "case()", "coalesce", "nullif", "least", "greatest"))
        if kind == "boolean" and op in {"least", "greatest"}:
            op = "coalesce"
        if op in {"case", "case()"}:
            parts = [part for _ in range(self.random.randint(1, 2))
                     for part in (self.node("boolean", depth - 1), self.node(kind, depth - 1))]  # fmt: skip
            if op == "case" and self.random.random() < 0.5:
                parts.append(self.node(kind, depth - 1))
            return Node(op, kind, tuple(parts))
        return Node(op, kind, (self.node(kind, depth - 1), self.node(kind, depth - 1)))

    def _number(self, depth: int) -> Node:
        op = self.random.choice(
            ("+", "-", "*", "/", "%", "minus", "abs", "ceil", "floor", "round", "length", "date_extract_y",
             "date_extract_m", "date_extract_d", "date_extract_hh", "date_extract_dow", "date_extract_woy",
             "date_diff_d")
        )  # fmt: skip
        if op == "length":
            return Node(op, "number", (self.node("text", depth),))
        if op.startswith("date_extract"):
            return Node(op, "number", (self.node("date", depth),))
        if op == "date_diff_d":
            return Node(op, "number", (self.node("date", depth), self.node("date", depth)))
        count = 2 if op in {"+", "-", "*", "/", "%"} else 1
        return Node(op, "number", tuple(self.node("number", depth) for _ in range(count)))

    def _text(self, depth: int) -> Node:
        op = self.random.choice(("lower", "upper", "trim", "||", "substring", "replace", "left_pad", "split_part"))
        texts = {"||": 2, "replace": 3}.get(op, 1)
        parts = [self.node("text", depth) for _ in range(texts)]
        if op == "substring":
            parts += [_number(self.random.randint(-1, 4)), _number(self.random.randint(-1, 4))]
        if op == "left_pad":
            parts += [
                _number(self.random.randint(0, 8)),
                Node("literal", "text", value=self.random.choice(("*", "ab"))),
            ]
        if op == "split_part":
            separator = Node("literal", "text", value=self.random.choice(("a", " ", "%")))
            parts += [separator, _number(self.random.randint(1, 3))]
        return Node(op, "text", tuple(parts))

    def _boolean(self, depth: int) -> Node:
        op = self.random.choice(
            ("=", "<>", "<", "<=", ">", ">=", "and", "or", "not", "in", "not in", "between", "not between", "is null",
             "is not null", "like", "not like", "contains", "starts_with", "caseless_eq", "caseless_contains")
        )  # fmt: skip
        if op in {"and", "or", "not"}:
            count = 1 if op == "not" else self.random.randint(2, 3)
            return Node(op, "boolean", tuple(self.node("boolean", depth) for _ in range(count)))
        if op in {"like", "not like"}:
            pattern = Node("literal", "text", value=self.random.choice(("%a%", "a_%", "%_t_%", "B%", "%", "_", "")))
            return Node(op, "boolean", (self.node("text", depth), pattern))
        if op in {"contains", "starts_with", "caseless_eq", "caseless_contains"}:
            return Node(op, "boolean", (self.node("text", depth), self.node("text", depth)))
        kind = self.random.choice(("number", "number", "text", "date", "boolean"))
        count = {"in": 4, "not in": 3, "between": 3, "not between": 3, "is null": 1, "is not null": 1}.get(op, 2)
        return Node(op, "boolean", tuple(self.node(kind, depth) for _ in range(count)))

    def _date(self, depth: int) -> Node:
        op = self.random.choice(("date_trunc_y", "date_trunc_ym", "date_trunc_ymd", "add days"))
        value = self.node("date", depth)
        if op == "add days":
            return Node(op, "date", (value, _number(self.random.randint(0, 400))))
        return Node(op, "date", (value,))

    # Queries

    def queries(self) -> list[Query]:
        """One to three stages."""
        count = self.random.choice((1, 1, 1, 2, 3))
        return [self.query(last=at == count - 1) for at in range(count)]

    def query(self, *, last: bool) -> Query:
        self.aliases = {}
        self.stage += 1
        make = self.random.choice((self.plain, self.plain, self.grouping, self.distinct))
        query = make(last)
        self.columns = {name: node.type for name, node, _ in query.columns}
        return query

    def plain(self, last: bool) -> Query:
        columns = []
        for at in range(self.random.randint(1, 3)):
            node = self.node(self.kind(), 3)
            columns.append((f"c{self.stage}{at}", node, True))
            self.aliases[f"c{self.stage}{at}"] = node
        order = [self.ordering(self.node(self.kind(), 2)) for _ in range(self.random.randint(0, 2))]
        return Query(tuple(columns), self.condition(), order=tuple(order), **self.page())

    def distinct(self, last: bool) -> Query:
        columns = tuple(
            (f"d{self.stage}{at}", self.node(self.kind(), 2), True) for at in range(self.random.randint(1, 2))
        )
        order = [self.ordering(node) for _, node, _ in columns if node.op != "literal" and self.random.random() < 0.5]
        return Query(columns, self.condition(), distinct=True, order=tuple(order), **self.page())

    def grouping(self, last: bool) -> Query:
        keys = [self.node(self.kind(), 1) for _ in range(self.random.randint(0, 2))]
        keys = [key for key in keys if key.op != "literal"]
        where = self.condition()
        columns = [(f"g{self.stage}{at}", key, True) for at, key in enumerate(keys)]
        self.aliases = {name: key for name, key, _ in columns if self.random.random() < 0.5}
        written = [
            Node("alias", key.type, (key,), f"g{self.stage}{at}") if f"g{self.stage}{at}" in self.aliases else key
            for at, key in enumerate(keys)
        ]
        columns += [(f"a{self.stage}{at}", self.total(exact=not last), True) for at in range(self.random.randint(1, 2))]
        having = None
        if self.random.random() < 0.5:
            having = Node(">=", "boolean", (self.total(exact=True), Node("literal", "number", value=Decimal(1))))
        order = [self.ordering(node) for node in [*written, self.total(exact=True)] if self.random.random() < 0.3]
        return Query(tuple(columns), where, tuple(written), having, tuple(order), **self.page())

    def total(self, *, exact: bool) -> Node:
        self.aliases = {}
        op = self.random.choice(
            ("count(*)", "count", "count_distinct", "sum", "min", "max", "avg", "median", "stddev_pop")
        )
        if exact and op in {"avg", "median", "stddev_pop", "sum"}:
            op = "count"
        if op == "count(*)":
            return Node(op, "number")
        if op in {"min", "max"}:
            return Node(op, "number", (self.exact_number(),))
        if op in {"count", "count_distinct"}:
            return Node(op, "number", (self.node(self.kind(), 1),))
        return Node(op, "number", (self.exact_number(),))

    def exact_number(self) -> Node:
        names = [name for name, kind in self.columns.items() if kind == "number"]
        return Node("column", "number", value=self.random.choice(names)) if names else _number(1)

    def ordering(self, node: Node) -> Order:
        if node.op == "literal":
            node = Node("coalesce", node.type, (node, node))
        return Order(node, self.random.random() < 0.5, self.random.choice(("", "FIRST", "LAST")))

    def condition(self) -> Node | None:
        return self.node("boolean", 3) if self.random.random() < 0.7 else None

    def page(self) -> dict[str, int]:
        return (
            {"limit": self.random.randint(0, 20), "offset": self.random.choice((0, 0, 3))}
            if self.random.random() < 0.5
            else {}
        )

    def kind(self) -> str:
        return self.random.choice(("number", "number", "text", "boolean", "date"))


def _number(value: int) -> Node:
    return Node("literal", "number", value=Decimal(value))


class Writer:
    """Writes queries as text; spacing, case of keywords and quotes are chance."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def stages(self, queries: list[Query]) -> str:
        return self.word("|>").join(self.query(query) for query in queries)

    def word(self, word: str) -> str:
        shown = self.random.choice((word.lower(), word.upper(), word.capitalize()))
        space = self.random.choice((" ", "\n", "  ", " /* so */ ", " -- so\n"))
        return f" {shown}{space}"

    def query(self, query: Query) -> str:
        parts = [self.word("select"), self.word("distinct") if query.distinct else ""]
        parts.append(", ".join(f"{self.node(node)}{self.word('as')}{name}" for name, node, _ in query.columns))
        if query.where is not None:
            parts.append(self.word("where") + self.node(query.where))
        if query.group:
            parts.append(self.word("group by") + " , ".join(map(self.node, query.group)))
        if query.having is not None:
            parts.append(self.word("having") + self.node(query.having))
        if query.order:
            parts.append(self.word("order by") + ",".join(map(self.ordering, query.order)))
        if query.limit is not None:
            parts.append(f"{self.word('limit')}{query.limit}{self.word('offset')}{query.offset}")
        return "".join(parts)

    def ordering(self, order: Order) -> str:
        direction = self.word("desc") if order.descending else self.random.choice(("", " asc "))
        nulls = f"{self.word(self.random.choice(('null', 'nulls')))}{order.nulls}" if order.nulls else ""
        return f"{self.node(order.node)}{direction}{nulls}"

    def node(self, node: Node) -> str:
        parts = [self.node(part) for part in node.parts] if node.op != "alias" else []
        if node.op in {"column", "alias"}:
            return self.random.choice((node.value, f"`{node.value}`", node.value.upper()))
        if node.op == "literal":
            return self.literal(node)
        if node.op in {"is null", "is not null"}:
            return f"({parts[0]}{self.word(node.op)})"
        if node.op in {"in", "not in"}:
            return f"({parts[0]}{self.word(node.op)}({','.join(parts[1:])}))"
        if node.op in {"between", "not between"}:
            return f"({parts[0]}{self.word(node.op)}{parts[1]}{self.word('and')}{parts[2]})"
        return self.called(node, parts)

    def called(self, node: Node, parts: list[str]) -> str:
        if node.op == "case":
            return self.case(parts)
        if node.op in {"not", "minus"}:
            return f"({'not' if node.op == 'not' else '-'} {parts[0]})"
        if node.op in {"and", "or", "like", "not like"}:
            return f"({self.word(node.op).join(parts)})"
        if node.op == "count_distinct":
            return f"count(distinct {parts[0]})"
        if node.op == "count(*)":
            return "count( * )"
        if node.op == "add days":
            days = int(node.parts[1].value)
            return f"date_add({parts[0]}, 'P{days}D')"
        if node.op[0].isalpha():
            return f"{node.op.removesuffix('()')}({', '.join(parts)})"
        return f"({f' {node.op} '.join(parts)})"

    def case(self, parts: list[str]) -> str:
        text = "case"
        for at in range(0, len(parts) - 1, 2):
            text += f"{self.word('when')}{parts[at]}{self.word('then')}{parts[at + 1]}"
        if len(parts) % 2:
            text += self.word("else") + parts[-1]
        return f"{text}{self.word('end')}"

    def literal(self, node: Node) -> str:
        value = node.value
        if node.type == "number":
            return str(value)
        if node.type == "boolean":
            return self.random.choice(("true", "TRUE") if value else ("false", "False"))
        if node.type == "date":
            # A text that could be anything stands where nothing else tells its type.
            return f"to_floating_timestamp('{value.isoformat(sep=self.random.choice('T '))}')"
        if "'" not in value and '"' not in value and self.random.random() < 0.3:
            return f'"{value}"'
        return "'" + value.replace("'", "''") + "'"
