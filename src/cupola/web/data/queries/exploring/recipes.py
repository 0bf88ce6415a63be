"""The same question for other tools: each text runs as it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext as _
from sqlglot import exp

from cupola import soql
from cupola.lake import ID

ROWS = "rows"


@dataclass(frozen=True)
class Recipe:
    """One way to ask again. `name`: of the tool."""

    name: str
    text: str


def resource(base: str, key: str, kind: str, *, parameters: Sequence[tuple[str, str]]) -> str:
    """Return the address of the public API that gives the answer as `kind`. `base`: of the site."""
    tail = "&".join(f"{name}={quote(value, safe=SAFE)}" for name, value in parameters)
    return f"{base}/resource/{key}.{kind}" + (f"?{tail}" if tail else "")


SAFE = ",:._-*()"


def recipes(base: str, key: str, *, parameters: Sequence[tuple[str, str]], query: str, sql: str) -> tuple[Recipe, ...]:
    """Return the question as an address, in both query languages and in what people program in."""
    json, csv = (resource(base, key, kind, parameters=parameters) for kind in ("json", "csv"))
    found = [
        Recipe("SoQL URL", json),
        Recipe("SoQL", query),
        Recipe("curl", _curl(f"{base}/resource/{key}.csv", parameters)),
        Recipe("Python", _python(csv)),
        Recipe("R", f'answer <- read.csv("{csv}")\nprint(answer)'),
        Recipe("JavaScript", _javascript(json)),
    ]
    if sql:
        found.insert(2, Recipe(_("SQL (DuckDB)"), sql))
    return tuple(found)


def _curl(address: str, parameters: Sequence[tuple[str, str]]) -> str:
    lines = [f'curl --get "{address}"', *(f"--data-urlencode {shell(f'{name}={v}')}" for name, v in parameters)]
    return " \\\n  ".join(lines)


def shell(text: str) -> str:
    """Return `text` so that a shell takes it as one word and looks at nothing in it."""
    return "'" + text.replace("'", "'\\''") + "'"


def _python(address: str) -> str:
    return "\n".join(
        [
            "import csv, io, urllib.request",
            "",
            f'with urllib.request.urlopen("{address}") as answer:',
            "    rows = list(csv.DictReader(io.TextIOWrapper(answer, encoding='utf-8')))",
            "",
            "print(len(rows), rows[:3])",
        ]
    )


def _javascript(address: str) -> str:
    return f'fetch("{address}")\n  .then((answer) => answer.json())\n  .then((rows) => console.log(rows));'


def sql(compiled: soql.Compiled, *, table: exp.Expr, pretty: bool = False) -> str:
    """Return the query over another table, in DuckDB's SQL; nothing where it needs columns that one may lack.

    `table`: called `rows` too, for the columns of the query say so.
    """
    tree = compiled.tree.copy()
    for ordered in list(tree.find_all(exp.Ordered)):
        if isinstance(ordered.this, exp.Column) and ordered.this.name == ID:
            ordered.pop()  # rows that are alike in all that was asked may come in any order
    order = tree.args.get("order")
    if order is not None and not order.expressions:
        order.pop()
    if any(column.name.startswith("_") or ":" in column.name for column in tree.find_all(exp.Column)):
        return ""

    def turned(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Paren) and isinstance(node.this, (exp.Paren, exp.Column, exp.Literal)):
            return node.this
        return table.copy() if isinstance(node, exp.Table) and node.name == ROWS else node

    return tree.transform(turned).sql("duckdb", pretty=pretty)
