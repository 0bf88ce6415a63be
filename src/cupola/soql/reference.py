"""The reference of the query language: clauses by hand, functions out of the function table."""

from collections.abc import Iterable

from cupola.soql import tree
from cupola.soql.functions import CAST_NAMES, NOUNS, NOW, UNSUPPORTED, Overload
from cupola.soql.functions.overloads import ANY, BOOLEANS, NUMBERS, ORDERED, PRINTABLE
from cupola.soql.typed import Slot
from cupola.soql.types import GEOMETRIES, SHAPES, SoqlType

_CLAUSES = (
    ("SELECT a, b AS c", "`$select`", "The columns of the answer. Without it, all."),
    ("SELECT DISTINCT a", "`$query`", "Each row of the answer once; it can be ordered by what is selected."),
    ("* (EXCEPT a, b)", "`$select`", "All columns but these; stars come first in the list."),
    (":*", "`$select`", "The system fields `:id`, `:created_at`, `:updated_at`, `:version`."),
    ("WHERE condition", "`$where`", "Only rows for which it is true."),
    ("column=value", "the column's name", "A simple filter; all must hold, together with `$where`."),
    ("GROUP BY a, b", "`$group`", "One row for each combination of values."),
    ("HAVING condition", "`$having`", "Only groups for which it is true."),
    ("ORDER BY a DESC NULLS LAST", "`$order`", "Sorted. Nulls count as larger than all else, unless told."),
    (
        "SEARCH 'words'",
        "`$q`",
        "Rows with all words, in any of their English or Spanish forms, in any searchable column.",
    ),
    ("LIMIT 10", "`$limit`", "At most so many rows; 1,000 unless told."),
    ("OFFSET 20", "`$offset`", "Without the first so many rows."),
    ("SELECT ... \\|> SELECT ...", "`$query`", "A further query over the answer of the one before."),
    ("-- comment, /* comment */", "anywhere", "Passed over."),
)
_CODES = (
    ("query.soql.no-such-column", "A name that is no column here."),
    ("query.soql.no-such-function", "No such function, not with so many arguments, or not supported yet."),
    ("query.soql.no-such-type", "A cast to a type there is not."),
    ("query.soql.type-mismatch", "A value of a type that does not go there."),
    ("query.soql.aggregate-in-ungrouped-context", "An aggregate in WHERE, in GROUP BY, or within another."),
    ("query.soql.column-not-in-group-bys", "A column beside aggregates that is not grouped by."),
    ("query.soql.duplicate-alias", "Two columns of the answer with one name."),
    ("query.soql.circular-alias-definition", "An alias that is defined by itself."),
    ("query.soql.repeated-exception", "A column that cannot be left out of a star."),
    ("query.soql.unterminated-string", "A text without end."),
    ("query.soql.bad-parse", "Anything else that cannot be read; the message says what was expected, and where."),
    ("query.compiler.malformed", "Too long, too deep or too many parts."),
)
_OPERATORS = {
    tree.AND: "{} and {}", tree.OR: "{} or {}", tree.NOT: "not {}", tree.LIKE: "{} like {}",
    tree.NOT_LIKE: "{} not like {}", tree.BETWEEN: "{} between {} and {}",
    tree.NOT_BETWEEN: "{} not between {} and {}", tree.IN: "{} in ({}, ...)", tree.NOT_IN: "{} not in ({}, ...)",
    tree.IS_NULL: "{} is null", tree.IS_NOT_NULL: "{} is not null", tree.COUNT_ROWS: "count(*)", "unary-": "-{}",
    "unary+": "+{}",
}  # fmt: skip
_LETTERS = "xyz"  # for what may be of many types
_MANY = frozenset({ANY, ORDERED, PRINTABLE, ORDERED - BOOLEANS, ORDERED - BOOLEANS - NUMBERS})
_SETS = {GEOMETRIES: "point or shape", SHAPES: "shape"}
_CASTS = "Casts"


def reference() -> str:
    """Return the reference as Markdown."""
    parts = [
        "Queries are SODA 2.1: clauses as parameters of an address, or one `$query`. Names of columns and keywords\n",
        "are caseless. Texts stand in single or double quotes, names that are keywords in backticks. Quoted numbers\n",
        "and dates are read as the type they are compared with; dates may be short: `'2026'`, `'2026-01'`,\n",
        "`'2026-01-31'`. Below, x, y and z may be of many types, but of one type together.\n",
        "\n## Clauses\n\n| clause | parameter | what it does |\n|---|---|---|\n",
        *(f"| `{clause}` | {parameter} | {what} |\n" for clause, parameter, what in _CLAUSES),
    ]
    for noun, overloads in NOUNS.items():
        parts.append(f"\n## {noun}\n\n| | gives | what it is |\n|---|---|---|\n")
        parts += _cast_rows() if noun == _CASTS else _rows(overloads)
        if noun == "Dates and times":
            parts.append(f"| `{NOW}()` | fixed_timestamp | The present time, to the second. |\n")
    parts.append(
        "\n## Not supported yet\n\nThese are refused by name: UNION, INTERSECT, MINUS, JOIN, window functions, "
    )
    parts.append(", ".join(f"`{name}`" for name in sorted(UNSUPPORTED)) + ".\n")
    parts.append("\n## Codes of errors\n\n| code | meaning |\n|---|---|\n")
    parts += [f"| `{code}` | {meaning} |\n" for code, meaning in _CODES]
    return "".join(parts)


def _rows(overloads: Iterable[Overload]) -> list[str]:
    return [f"| `{_written(one)}` | {_result(one)} | {one.doc} |\n" for one in overloads]


def _cast_rows() -> list[str]:
    kinds = sorted(CAST_NAMES.items())
    return [f"| `x::{name}`, `to_{name}(x)` | {kind} | Null where it cannot be read. |\n" for name, kind in kinds]


def _written(overload: Overload) -> str:
    slots = [_LETTERS[at] if slot.types in _MANY else _slot(slot) for at, slot in enumerate(overload.slots)]
    name = overload.name
    if name in _OPERATORS:
        text = _OPERATORS[name].format(*slots)
    elif name[0].isalpha():
        text = f"{name}({', '.join([*slots, *(['...'] if overload.rest else [])])})"
    else:
        text = f" {name} ".join(slots)
    return text.replace("|", "\\|")


def _slot(slot: Slot) -> str:
    return _SETS.get(slot.types) or " or ".join(sorted(slot.types))


def _result(overload: Overload) -> str:
    return overload.result.value if isinstance(overload.result, SoqlType) else "the same type"
