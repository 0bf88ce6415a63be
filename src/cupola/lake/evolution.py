"""From one contract to the next: which stored column is which, told by field id and not by name or position."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyiceberg.exceptions import ResolveError
from pyiceberg.schema import Schema, promote
from pyiceberg.types import NestedField, PrimitiveType

from cupola.lake.columns import StoredColumn


@dataclass(frozen=True)
class Evolution:
    """The schema a commit will store, and how it differs from the one before.

    `retyped`: columns that kept their name but not their meaning on disk; they got a new field id, so rows of
    files that stay would show nothing in them.
    """

    fields: tuple[NestedField, ...]
    last_id: int
    renamed: tuple[tuple[str, str], ...] = ()
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    widened: tuple[str, ...] = ()
    retyped: tuple[str, ...] = ()

    @property
    def field_ids(self) -> dict[str, int]:
        """Return column name to field id, in stored order."""
        return {field.name: field.field_id for field in self.fields}


def first_schema(columns: Iterable[StoredColumn]) -> Evolution:
    """Return the schema of a table that has none yet."""
    return evolve((), columns, last_id=0)


def evolve(fields: Iterable[NestedField], columns: Iterable[StoredColumn], *, last_id: int) -> Evolution:
    """Fit stored `fields` to `columns`: same name, else renamed from an origin, else new; the rest is dropped.

    A type that Iceberg can widen keeps its field id; any other change of type takes a new one.
    """
    old = {field.name: field for field in fields}
    wanted = tuple(columns)
    names = {column.name for column in wanted}
    changes: dict[str, list[str]] = {"added": [], "widened": [], "retyped": []}
    renamed: list[tuple[str, str]] = []
    used: set[str] = set()
    result: list[NestedField] = []
    for column in wanted:
        before = _predecessor(column, old, names | used)
        kept = _kept(before, column.type)
        if before is None or kept is None:
            last_id += 1
            changes["added" if before is None else "retyped"].append(column.name)
        elif kept == "widened":
            changes["widened"].append(column.name)
        if before is not None:
            used.add(before.name)
            if before.name != column.name:
                renamed.append((before.name, column.name))
        number = before.field_id if before is not None and kept else last_id
        result.append(NestedField(field_id=number, name=column.name, field_type=column.type, required=False))
    dropped = tuple(name for name in old if name not in used)
    return Evolution(
        fields=tuple(result),
        last_id=last_id,
        renamed=tuple(renamed),
        dropped=dropped,
        added=tuple(changes["added"]),
        widened=tuple(changes["widened"]),
        retyped=tuple(changes["retyped"]),
    )


def _predecessor(column: StoredColumn, old: dict[str, NestedField], taken: set[str]) -> NestedField | None:
    if column.name in old:
        return old[column.name]
    for origin in column.origins:
        if origin in old and origin not in taken:
            return old[origin]
    return None


def _kept(before: NestedField | None, wanted: PrimitiveType) -> str | None:
    """Return 'same' or 'widened' when the field id can stay, else None."""
    if before is None:
        return None
    if before.field_type == wanted:
        return "same"
    try:
        promote(before.field_type, wanted)
    except ResolveError:
        return None
    return "widened"


def same_fields(schema: Schema, fields: Iterable[NestedField]) -> bool:
    """Say whether `schema` stores exactly these fields in this order."""
    told = [(field.field_id, field.name, field.field_type) for field in schema.fields]
    return told == [(field.field_id, field.name, field.field_type) for field in fields]
