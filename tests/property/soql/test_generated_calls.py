"""Every function with arguments of all types it takes, nested at random: what compiles runs in all kinds of clauses."""

from random import Random

import pytest
from tests.unit.soql.conftest import BUILDINGS, connect, fill

from cupola.soql import Request, SoqlError, SoqlType, compile_request, tree
from cupola.soql.functions import TABLE, Overload

pytestmark = pytest.mark.slow
CALLS = 1500
LEAVES = {
    SoqlType.TEXT: ["name", "kind", "'abc'", "''", "null", "'2020-01-01'", "'%a_b%'", "'\\\\'", "'5'"],
    SoqlType.NUMBER: ["ward", "cost", "height", "0", "-1", "5", "2.5", "99999999999999999999999999999", "1e100", "'7'"],
    SoqlType.BOOLEAN: ["open", "true", "null", "'true'"],
    SoqlType.FLOATING_TIMESTAMP: ["built", "seen", "'2020-02-29'", "'2020-02-29T01:02:03.5'", "null"],
    SoqlType.FIXED_TIMESTAMP: ["sent", ":created_at", "'2020-01-01T00:00:00Z'", "null"],
    SoqlType.INTERVAL: ["'P1M'", "'-P99999Y'", "'PT5S'"],
    SoqlType.POINT: ["place", "'POINT (-87.6 41.9)'", "null"],
    SoqlType.MULTIPOLYGON: ["ground", "'MULTIPOLYGON (((0 0,1 0,1 1,0 0)))'"],
    SoqlType.POLYGON: ["'POLYGON ((0 0,1 0,1 1,0 0))'"],
    SoqlType.LINE: ["'LINESTRING (0 0, 1 1)'"],
    SoqlType.MULTILINE: ["'MULTILINESTRING ((0 0, 1 1))'"],
    SoqlType.MULTIPOINT: ["'MULTIPOINT (0 0, 1 1)'"],
    SoqlType.URL: ["page"],
    SoqlType.ROW_IDENTIFIER: [":id", "'row-1'"],
    SoqlType.ROW_VERSION: [":version"],
}
WRITTEN = {
    tree.AND: "({} and {})", tree.OR: "({} or {})", tree.NOT: "(not {})", tree.LIKE: "({} like {})",
    tree.NOT_LIKE: "({} not like {})", tree.BETWEEN: "({} between {} and {})",
    tree.NOT_BETWEEN: "({} not between {} and {})", tree.IN: "({} in ({}))", tree.NOT_IN: "({} not in ({}))",
    tree.IS_NULL: "({} is null)", tree.IS_NOT_NULL: "({} is not null)", "unary-": "(- {})", "unary+": "(+ {})",
    tree.COUNT_ROWS: "count(*)",
}  # fmt: skip
COLUMNS = ", ".join([*(column.name for column in BUILDINGS.columns), ":id", ":created_at", ":version"])
PLAIN = (
    "select {} as v",
    "select {0} as v, count(*) group by {0}",
    "select :id order by {}",
    "select distinct {} as v",
    "select {} as v |> select v, count(*) group by v",
)
GROUPED = ("select {} as v", f"select {{}} as v, count(*) group by {COLUMNS}")


class Caller:
    """Writes calls of the function table's overloads."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def value(self, kind: SoqlType, depth: int, *, aggregates: bool) -> str:
        fitting = [
            one
            for overloads in TABLE.values()
            for one in overloads
            if (
                one.result == kind
                or (one.result == "a" and any(kind in slot.types for slot in one.slots if slot.variable))
            )
            and (aggregates or not one.aggregate)
        ]
        if depth <= 0 or not fitting or self.random.random() < 0.25:
            return self.random.choice(LEAVES[kind])
        return self.call(self.random.choice(fitting), kind, depth, aggregates=aggregates)

    def call(self, overload: Overload, kind: SoqlType, depth: int, *, aggregates: bool) -> str:
        slots = overload.slots + overload.rest * self.random.choice((0, 1, 2))
        arguments = []
        together = kind if overload.result == "a" else None
        for at, slot in enumerate(slots):
            one = self.random.choice(sorted(slot.types - {SoqlType.DOUBLE}))
            if slot.variable:
                together = one = together or one
            if at in overload.literals:
                arguments.append({SoqlType.TEXT: "'America/Chicago'", SoqlType.NUMBER: "5"}.get(one, "'P1M'"))
            else:
                arguments.append(self.value(one, depth - 1, aggregates=aggregates and not overload.aggregate))
        return self.write(overload.name, arguments)

    def write(self, name: str, arguments: list[str]) -> str:
        if name in WRITTEN:
            return WRITTEN[name].format(*arguments)
        if name[0].isalpha():
            return f"{name}({', '.join(arguments)})"
        return f"({f' {name} '.join(arguments)})"


def generated(seed: int) -> str:
    random = Random(seed)
    kind = random.choice(sorted(set(LEAVES) - {SoqlType.INTERVAL}))
    aggregates = random.random() < 0.4
    value = Caller(random).value(kind, random.randint(1, 3), aggregates=aggregates)
    return random.choice(GROUPED if aggregates else PLAIN).format(value)


def test_what_compiles_runs() -> None:
    engine = connect()
    fill(engine)
    ran = 0
    for seed in range(CALLS):
        asked = generated(seed)
        try:
            compiled = compile_request(Request(query=asked), BUILDINGS)
        except SoqlError:
            continue  # nothing tells a literal's type, or it stands where none may
        try:
            engine.execute(compiled.tree.sql(dialect="duckdb")).to_arrow_table()
        except Exception as fault:
            raise AssertionError(f"seed {seed}: {asked}") from fault
        ran += 1
    engine.close()
    assert ran > CALLS * 0.8
