"""Names and types: tree -> typed tree, by the function table. What does not fit is refused with a hint."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from zoneinfo import available_timezones

from cupola.soql import tree
from cupola.soql.errors import SoqlError, did_you_mean, located
from cupola.soql.functions import CAST_NAMES, FIELDS, NOW, TABLE, UNSUPPORTED, Overload
from cupola.soql.functions.overloads import ORDER, WIDER, Slot
from cupola.soql.literals import constant, number, read_text
from cupola.soql.tree import Call, Expression, Literal, Name
from cupola.soql.typed import Applied, ColumnValue, Constant, Typed
from cupola.soql.types import GEOMETRIES, Column, SoqlType

MOST_LEVELS = 70  # of functions and operators; the engine's SQL is written by recursion
MOST_SIZE = 20_000  # nodes of one expression with its aliases put in
_OF_NUMBERS = frozenset({SoqlType.NUMBER, SoqlType.ROW_IDENTIFIER, SoqlType.ROW_VERSION})
_NULL = Literal("null", "null", -1)
_SHOWN = {
    "#and": "AND", "#or": "OR", "#not": "NOT", "#between": "BETWEEN", "#not_between": "NOT BETWEEN", "#in": "IN",
    "#not_in": "NOT IN", "#like": "LIKE", "#not_like": "NOT LIKE", "#is_null": "IS NULL", "#is_not_null": "IS NOT NULL",
}  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """What names mean in one stage. `columns`, `former`, `gone`: by names in lower case; `text`: of the offsets."""

    columns: Mapping[str, Column]
    former: Mapping[str, str]
    text: str
    first: bool  # whether the stage reads the rows themselves
    now: datetime | None = None
    gone: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class _Loose(Typed):
    """A literal that may still become one of several types."""

    literal: Literal = _NULL

    def reading(self, wanted: SoqlType) -> Constant | None:
        """Return the literal as a value of a type, or None."""
        kind, value = self.literal.kind, self.literal.value
        if kind == "null":
            return constant(None, wanted)
        if kind == "number" and wanted not in _OF_NUMBERS:
            return None
        read = read_text(value, wanted)
        return None if read is None else constant(read, wanted)


class Checker:
    """Checks the expressions of one stage. `aliases` are looked up before columns."""

    def __init__(self, scope: Scope, aliases: Callable[[str, int], Typed | None], used: set[str]) -> None:
        self.scope = scope
        self.aliases = aliases
        self.used = used  # former names that were met
        self.level = 0
        self.timed = False  # whether the present time was asked for

    def check(self, expression: Expression) -> Typed:
        """Return an expression with its type; a literal takes its own."""
        value = self._loose(expression)
        return self._settled(value) if isinstance(value, _Loose) else value

    def condition(self, expression: Expression, clause: str) -> Typed:
        """Return a checked condition."""
        value = self._loose(expression)
        if isinstance(value, _Loose):
            value = value.reading(SoqlType.BOOLEAN) or self._settled(value)
        if value.type is not SoqlType.BOOLEAN:
            message = f"{clause} needs a condition that is true or false, but this is {value.type}"
            raise self.fault("type-mismatch", message, expression.offset, type=str(value.type), function=clause)
        return value

    def fault(self, code: str, message: str, offset: int, **data: object) -> SoqlError:
        """Return an error at an offset of the query, if it is known."""
        code = f"query.soql.{code}"
        if offset < 0:
            return SoqlError(code, message, **data)
        return located(code, message, text=self.scope.text, offset=offset, **data)

    def _settled(self, value: _Loose) -> Constant:
        found = value.reading(value.type)
        assert found is not None
        return found

    def _loose(self, expression: Expression) -> Typed:
        self.level += 1
        if self.level > MOST_LEVELS + 10:
            raise _too_deep()
        value = self._value(expression)
        self.level -= 1
        return value

    def _value(self, expression: Expression) -> Typed:
        while isinstance(expression, Call) and expression.name == tree.PARENTHESES:
            expression = expression.arguments[0]
        if isinstance(expression, Name):
            return self.name(expression)
        if isinstance(expression, Literal):
            return self._literal(expression)
        return self._call(expression)

    def _literal(self, literal: Literal) -> Typed:
        if literal.kind == "number":
            digits = number(literal.value)
            if digits is None:
                raise self.fault("bad-parse", "This number is too large", literal.offset)
            return _Loose(SoqlType.NUMBER, "", literal=literal)
        if literal.kind == "boolean":
            return constant(literal.value == "true", SoqlType.BOOLEAN)
        return _Loose(SoqlType.TEXT, "", literal=literal)

    def name(self, name: Name) -> Typed:
        """Return the alias or the column of a name. Raises SoqlError: no-such-column."""
        alias = self.aliases(name.word, name.offset)
        if alias is not None:
            return alias
        return self.column(name)

    def column(self, name: Name) -> ColumnValue:
        """Return the column of a name, even where an alias of that name exists."""
        found = self.scope.columns.get(name.word)
        if found is None and name.word in self.scope.former:
            self.used.add(name.word)
            found = self.scope.columns.get(self.scope.former[name.word].lower())
        if found is not None and found.going:
            self.used.add(name.word)
        if found is None:
            hint = self.scope.gone.get(name.word) or did_you_mean(name.word, self.scope.columns)
            message = f"No such column: {name.text[:100]}.{hint}"
            raise self.fault("no-such-column", message, name.offset, column=name.text[:100])
        return column_value(found, first=self.scope.first, offset=name.offset)

    def _call(self, call: Call) -> Typed:
        if call.name == NOW and not call.arguments:
            return self._now(call)
        call = _plain(call)
        name = self._function_name(call)
        arguments = [self._loose(argument) for argument in call.arguments]
        if call.name == tree.FIELD:
            name = self._field(call, arguments[0])
        overload, settled = self._resolved(call, name, arguments)
        return self._applied(call, overload, settled)

    def _now(self, call: Call) -> Constant:
        if self.scope.now is None:
            raise self.fault("no-such-function", f"{NOW} is not supported here", call.offset, function=NOW)
        self.timed = True
        return constant(self.scope.now.astimezone(UTC).replace(tzinfo=None, microsecond=0), SoqlType.FIXED_TIMESTAMP)

    def _function_name(self, call: Call) -> str:
        if call.name == tree.FIELD:
            return ""
        name = call.name
        if name == tree.CAST:
            if call.word not in CAST_NAMES and f"to_{call.word}" not in UNSUPPORTED:
                hint = did_you_mean(call.word, CAST_NAMES)
                raise self.fault("no-such-type", f"No such type: {call.word[:100]}.{hint}", call.offset, type=call.word)
            name = f"to_{call.word}"
        if name in TABLE:
            return name
        shown = call.written[:100]
        if name in UNSUPPORTED or name.removesuffix("_distinct") in UNSUPPORTED:
            message = f"The function {name} is not supported yet"
        else:
            message = f"No such function: {shown}.{did_you_mean(name, [one for one in TABLE if one[0].isalpha()])}"
        raise self.fault("no-such-function", message, call.offset, function=shown)

    def _field(self, call: Call, value: Typed) -> str:
        name = FIELDS.get(call.word)
        if name is None:
            message = f"No such field: {call.word[:100]}.{did_you_mean(call.word, FIELDS)}"
            raise self.fault("no-such-column", message, call.offset, column=call.word[:100])
        return name

    def _resolved(self, call: Call, name: str, given: Sequence[Typed]) -> tuple[Overload, list[Typed]]:
        """Return the overload that takes the arguments with the fewest readings, and the arguments as it wants them."""
        best: tuple[int, Overload, list[Typed]] | None = None
        fitting = [(overload, overload.slots_for(len(given))) for overload in TABLE[name]]
        for overload, slots in fitting:
            found = _fit(slots, given) if slots is not None else None
            if found is not None and (best is None or found[0] < best[0]):
                best = (found[0], overload, found[1])
        if best is None:
            raise self._mismatch(call, name, given)
        return best[1], best[2]

    def _mismatch(self, call: Call, name: str, given: Sequence[Typed]) -> SoqlError:
        shown = _SHOWN.get(name, name.removeprefix("unary"))
        slots = [slots for overload in TABLE[name] if (slots := overload.slots_for(len(given))) is not None]
        if not slots:
            counts = sorted({len(overload.slots) for overload in TABLE[name]})
            takes = " or ".join(map(str, counts)) + (" or more" if any(one.rest for one in TABLE[name]) else "")
            message = f"No such function: {shown} with {len(given)} arguments; it takes {takes}"
            return self.fault("no-such-function", message, call.offset, function=shown)
        kind, wanted, at = _culprit(slots, given)
        offset = call.arguments[at].offset if at < len(call.arguments) else call.offset
        literal = given[at]
        text = f" ({literal.literal.value[:60]})" if isinstance(literal, _Loose) else ""
        hint = _hint(given, kind, wanted)
        message = f"Type mismatch for {shown}, is {kind}{text}; it takes {wanted} here.{hint}"
        return self.fault("type-mismatch", message, offset, function=shown, type=str(kind))

    def _applied(self, call: Call, overload: Overload, arguments: list[Typed]) -> Typed:
        self._check_literals(call, overload, arguments)
        if overload.aggregate and any(argument.aggregate for argument in arguments):
            message = f"An aggregate cannot stand within {call.written or overload.name}"
            raise self.fault("aggregate-in-ungrouped-context", message, call.offset, function=overload.name)
        size = 1 + sum(argument.size * overload.copies(argument) for argument in arguments)
        depth = overload.levels + max([argument.depth for argument in arguments], default=0)
        if size > MOST_SIZE:
            raise SoqlError("query.compiler.malformed", f"An expression has more than {MOST_SIZE:,} parts.")
        if depth > MOST_LEVELS:
            raise _too_deep()
        simply = len(arguments) == 1 and overload.name.startswith(("to_", "unary"))
        if simply and isinstance(arguments[0], Constant) and (simple := _folded(overload, arguments[0])):
            return simple
        key = f"{overload.name}({','.join([argument.key for argument in arguments])})"
        result = _result(overload, arguments)
        physical = overload.physical(arguments)
        aggregate = overload.aggregate or any(argument.aggregate for argument in arguments)
        return Applied(result, key, physical, size, aggregate, depth, overload, arguments)

    def _check_literals(self, call: Call, overload: Overload, arguments: Sequence[Typed]) -> None:
        for at in overload.literals:
            argument = arguments[at]
            if not isinstance(argument, Constant) or argument.value is None:
                message = f"Argument {at + 1} of {call.written} must be written out"
                raise self.fault("type-mismatch", message, call.offset, function=overload.name, type=argument.type)
            if argument.type is SoqlType.TEXT and argument.value not in _zones():
                message = f"No such time zone: {str(argument.value)[:60]!r}; write one such as 'America/Chicago'"
                raise self.fault("type-mismatch", message, call.offset, function=overload.name, type="text")


def _too_deep() -> SoqlError:
    message = f"The query is nested too deep: with its aliases put in, more than {MOST_LEVELS} levels."
    return SoqlError("query.compiler.malformed", message)


@cache
def _zones() -> set[str]:
    return available_timezones()


def column_value(column: Column, *, first: bool, offset: int = -1) -> ColumnValue:
    """Return a column as an expression."""
    paired = first and column.type is SoqlType.POINT
    kind = WIDER.get(column.type, column.type) if column.type is SoqlType.DOUBLE else column.type
    return ColumnValue(kind, f"`{column.name}`", column.physical, column=column, paired=paired, offset=offset)


def _plain(call: Call) -> Call:
    """Write CASE as the function `case`, with its ELSE as a condition that always holds."""
    if call.name != tree.CASE:
        return call
    arguments = call.arguments
    if len(arguments) % 2:
        arguments = (*arguments[:-1], Literal("boolean", "true", call.offset), arguments[-1])
    return replace(call, name="case", arguments=arguments)


def _fit(slots: Sequence[Slot], given: Sequence[Typed]) -> tuple[int, list[Typed]] | None:
    """Return how many literals had to be read as another type, and the arguments so read; None if they do not fit."""
    bound: dict[str, SoqlType] = {}
    for slot, argument in zip(slots, given, strict=True):
        if not isinstance(argument, _Loose) and not _takes(slot, argument.type, bound):
            return None
    cost = 0
    settled = list(given)
    for at in sorted(range(len(given)), key=lambda at: _is_null(given[at])):  # nulls take the type the others have
        argument = given[at]
        if isinstance(argument, _Loose):
            reading = _read(slots[at], argument, bound)
            if reading is None:
                return None
            cost += reading.type is not argument.type
            settled[at] = reading
    return cost, settled


def _is_null(value: Typed) -> bool:
    return isinstance(value, _Loose) and value.literal.kind == "null"


def _takes(slot: Slot, kind: SoqlType, bound: dict[str, SoqlType]) -> bool:
    for one in (kind, WIDER.get(kind)):
        if one in slot.types and bound.get(slot.variable, one) is one:
            if slot.variable:
                bound[slot.variable] = one
            return True
    return False


def _read(slot: Slot, argument: _Loose, bound: dict[str, SoqlType]) -> Constant | None:
    wanted = bound.get(slot.variable)
    for kind in (wanted,) if wanted else ORDER:
        if kind in slot.types and (reading := argument.reading(kind)) is not None:
            if slot.variable and argument.literal.kind != "null":
                bound[slot.variable] = kind
            return reading
    return None


def _result(overload: Overload, arguments: Sequence[Typed]) -> SoqlType:
    if isinstance(overload.result, SoqlType):
        return overload.result
    slots = overload.slots_for(len(arguments)) or ()
    kinds = [
        WIDER[argument.type] if argument.type not in slot.types else argument.type
        for slot, argument in zip(slots, arguments, strict=True)
        if slot.variable == overload.result and not (isinstance(argument, Constant) and argument.value is None)
    ]
    if not kinds:
        return next(argument.type for slot, argument in zip(slots, arguments, strict=True) if slot.variable)
    return WIDER[kinds[0]] if len(set(kinds)) > 1 else kinds[0]


def _folded(overload: Overload, value: Constant) -> Constant | None:
    """Return a literal that is cast, or has a sign before it, as the literal it is."""
    if overload.name == "unary+" or (overload.result is value.type and overload.name.startswith("to_")):
        return value
    if overload.name == "unary-" and isinstance(value.value, str):
        digits = value.value
        return constant(digits[1:] if digits.startswith("-") else f"-{digits}", value.type) if digits != "0" else value
    if isinstance(value.value, str) and value.type is SoqlType.TEXT and isinstance(overload.result, SoqlType):
        read = read_text(value.value, overload.result)
        return None if read is None else constant(read, overload.result)
    return None


def _culprit(choices: Sequence[Sequence[Slot]], given: Sequence[Typed]) -> tuple[SoqlType, str, int]:
    """Return the type of the first argument that no overload takes there, what is taken there, and its position."""
    furthest, kinds = -1, set[SoqlType]()
    for slots in choices:
        at, taken = _stop(slots, given)
        if at > furthest:
            furthest, kinds = at, set()
        if at == furthest:
            kinds |= taken
    wanted = " or ".join(kind.value for kind in ORDER if kind in kinds and kind is not SoqlType.DOUBLE)
    if kinds >= GEOMETRIES:
        wanted = "a point or a shape"
    return given[furthest].type, wanted or "another type", furthest


def _stop(slots: Sequence[Slot], given: Sequence[Typed]) -> tuple[int, set[SoqlType]]:
    bound: dict[str, SoqlType] = {}
    for at, (slot, argument) in enumerate(zip(slots, given, strict=True)):
        before = dict(bound)
        if isinstance(argument, _Loose):
            fits = argument.literal.kind == "null" or any(
                argument.reading(kind)
                for kind in ORDER
                if kind in slot.types and bound.get(slot.variable, kind) is kind
            )
        else:
            fits = _takes(slot, argument.type, bound)
        if not fits:
            return at, {before[slot.variable]} if slot.variable in before else set(slot.types)
    return len(given) - 1, set()


def _hint(given: Sequence[Typed], kind: SoqlType, wanted: str) -> str:
    if kind is SoqlType.NUMBER and wanted == "text":
        return " Put the value in quotes to compare it with text."
    if "timestamp" in wanted and any(isinstance(argument, _Loose) for argument in given):
        return " Write dates as '2026-01-31' or '2026-01-31T12:00:00'."
    if "point" in wanted or "polygon" in wanted:
        return " Write shapes as well-known text, such as 'POINT (-87.63 41.88)'; rings must be closed."
    return ""
