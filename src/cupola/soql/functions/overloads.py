"""What the rows of the function table are made of: sets of types, slots, and rules for how results are stored."""

from collections.abc import Callable, Sequence

from cupola.soql.typed import Constant, Context, Overload, Physical, Slot, Translate, Typed
from cupola.soql.types import GEOMETRIES, SoqlType

ORDER = tuple(SoqlType)  # what a literal is read as first, where it can be several
NUMBERS = frozenset({SoqlType.NUMBER})
TEXTS = frozenset({SoqlType.TEXT})
BOOLEANS = frozenset({SoqlType.BOOLEAN})
FLOATING = frozenset({SoqlType.FLOATING_TIMESTAMP})
FIXED = frozenset({SoqlType.FIXED_TIMESTAMP})
TIMES = FLOATING | FIXED
INTERVALS = frozenset({SoqlType.INTERVAL})
POINTS = frozenset({SoqlType.POINT})
ORDERED = NUMBERS | TEXTS | BOOLEANS | TIMES | {SoqlType.ROW_IDENTIFIER, SoqlType.ROW_VERSION}
ANY = frozenset(SoqlType) - {SoqlType.INTERVAL, SoqlType.DOUBLE}
PRINTABLE = ANY - GEOMETRIES
# A value of the first type may stand where the second is wanted.
WIDER = {SoqlType.URL: SoqlType.TEXT, SoqlType.DOUBLE: SoqlType.NUMBER}


def same(types: frozenset[SoqlType], count: int = 1) -> tuple[Slot, ...]:
    """Return slots that take one type together."""
    return (Slot(types, "a"),) * count


def fixed(*types: frozenset[SoqlType]) -> tuple[Slot, ...]:
    """Return slots that each take their own type."""
    return tuple(Slot(one) for one in types)


def copied(count: int) -> Callable[[Typed], int]:
    """Return a rule: the SQL holds each argument so often."""
    return lambda argument: count


def always(kind: str) -> Physical:
    """Return a rule: the result is stored so whatever the arguments are."""
    return lambda arguments: kind


def digits_of(physical: str) -> tuple[int, int] | None:
    """Return precision and scale of an exact number type, or None for the others."""
    if physical.startswith("DECIMAL("):
        precision, scale = physical[8:-1].split(",")
        return int(precision), int(scale)
    return _WHOLE.get(physical)


_WHOLE = {
    "HUGEINT": (38, 0), "UBIGINT": (20, 0), "BIGINT": (19, 0), "INTEGER": (10, 0), "SMALLINT": (5, 0),
    "TINYINT": (3, 0),
}  # fmt: skip


def common(values: Sequence[Typed]) -> str:
    """Return how the engine stores a choice between values: the wider of numbers, DATE only among days."""
    kinds = [value.physical for value in values if not (isinstance(value, Constant) and value.value is None)]
    if not kinds or len(set(kinds)) == 1:
        return kinds[0] if kinds else ""
    if "DATE" in kinds or "TIMESTAMP" in kinds:
        return "TIMESTAMP"
    exact = [digits_of(kind) for kind in kinds]
    if None in exact:
        return "DOUBLE" if all(kinds) else ""
    pairs = [pair for pair in exact if pair]
    scale = max(scale for _, scale in pairs)
    if scale == 0:
        return "HUGEINT"
    return f"DECIMAL({min(max(precision - each for precision, each in pairs) + scale, 38)},{scale})"


__all__ = [
    "ANY", "BOOLEANS", "FIXED", "FLOATING", "INTERVALS", "NUMBERS", "ORDER", "ORDERED", "POINTS", "PRINTABLE", "TEXTS",
    "TIMES", "WIDER", "Context", "Overload", "Physical", "Slot", "Translate", "always", "common", "copied", "digits_of",
    "fixed", "same",
]  # fmt: skip
