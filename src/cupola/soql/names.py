"""The names of columns nobody named: `count`, `avg_x`, `a_b`, and `_1`, `_2` where they clash."""

from collections.abc import Callable, Container, Iterator

from cupola.soql import tree
from cupola.soql.tree import Call, Expression, Literal, Name

_INFIX = {tree.AND: "and", tree.OR: "or", tree.BETWEEN: "between", tree.NOT_BETWEEN: "between"}
_LONGEST = 200


def implicit_name(expression: Expression, taken: Container[str], numbers: dict[str, int]) -> str:
    """Return the name an expression gets: its words joined by `_`, with a number where that is taken.

    taken: names in lower case. numbers: the last number each name was given, kept between calls.
    """
    base = _joined(list(_words(expression)))[:_LONGEST]
    name, number = base, numbers.get(base, 0)
    while name.lower() in taken:
        number += 1
        name = f"{base}{'' if base.endswith(('_', '-')) else '_'}{number}"
    numbers[base] = number
    return name


def _words(expression: Expression) -> Iterator[str]:
    if isinstance(expression, Name):
        yield expression.text
    elif isinstance(expression, Literal):
        yield expression.value.upper() if expression.kind == "boolean" else expression.value
    elif expression.name in _SPECIAL:
        yield from _SPECIAL[expression.name](expression)
    elif expression.name.startswith("unary") or expression.name == tree.NOT:
        yield "" if expression.name == "unary-" else expression.written
        yield from _words(expression.arguments[0])
    elif not expression.written[:1].isalpha() and len(expression.arguments) == 2:
        yield from _infix(expression, "" if expression.name == "-" else expression.written)
    else:
        yield expression.written
        for argument in expression.arguments:
            yield from _words(argument)


def _infix(call: Call, word: str) -> Iterator[str]:
    yield from _words(call.arguments[0])
    for argument in call.arguments[1:]:
        yield word
        yield from _words(argument)


def _and_or(call: Call) -> Iterator[str]:
    return _infix(call, "and" if call.name == tree.AND else "or")


def _suffixed(*suffix: str) -> Callable[[Call], Iterator[str]]:
    def words(call: Call) -> Iterator[str]:
        yield from _words(call.arguments[0])
        yield from suffix

    return words


def _prefixed(*prefix: str) -> Callable[[Call], Iterator[str]]:
    def words(call: Call) -> Iterator[str]:
        yield from prefix
        for argument in call.arguments:
            yield from _words(argument)

    return words


def _bounded(call: Call) -> Iterator[str]:
    value, low, high = call.arguments
    yield from _words(value)
    yield from ("not", "between") if call.name == tree.NOT_BETWEEN else ("between",)
    yield from _words(low)
    yield "and"
    yield from _words(high)


def _case(call: Call) -> Iterator[str]:
    yield "case"
    pairs = len(call.arguments) // 2 * 2
    for condition, value in zip(call.arguments[:pairs:2], call.arguments[1:pairs:2], strict=True):
        yield "when"
        yield from _words(condition)
        yield "then"
        yield from _words(value)
    if len(call.arguments) > pairs:
        yield "else"
        yield from _words(call.arguments[-1])
    yield "end"


def _with_word(call: Call) -> Iterator[str]:
    yield from _words(call.arguments[0])
    yield call.word


_SPECIAL = {
    tree.AND: _and_or,
    tree.OR: _and_or,
    tree.IS_NULL: _suffixed("is", "null"),
    tree.IS_NOT_NULL: _suffixed("is", "not", "null"),
    tree.LIKE: _prefixed("like"),
    tree.NOT_LIKE: _prefixed("not", "like"),
    tree.IN: _prefixed("in"),
    tree.NOT_IN: _prefixed("not", "in"),
    tree.BETWEEN: _bounded,
    tree.NOT_BETWEEN: _bounded,
    tree.CASE: _case,
    tree.CAST: _with_word,
    tree.FIELD: _with_word,
    tree.PARENTHESES: _prefixed(),
}


def _joined(words: list[str]) -> str:
    """Join words by `_`. What cannot be in a name becomes `_` too; such a `_` never stands beside another."""
    made = "\0".join(
        "".join(character if character.isalnum() or character in "_-$" else "\0" for character in word)
        for word in words
    )
    parts = [part for part in made.split("\0") if part]
    name = ""
    for part in parts:
        apart = name and not name.endswith(("_", "-")) and not part.startswith(("_", "-"))
        name += ("_" if apart else "") + part
    if not name:
        return "_"
    return name if name[0].isalpha() or name[0] in "_-" else f"_{name}"
