"""What of a release the public sees: its columns in the query language's types, and what the engine needs for them."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from cupola.contracts import VINTAGE, ColumnType
from cupola.lake import SYSTEM, Release, StoredField
from cupola.soql import Column, Schema, SoqlType

_TYPES = {
    ColumnType.TEXT: SoqlType.TEXT,
    ColumnType.INTEGER: SoqlType.NUMBER,
    ColumnType.DECIMAL: SoqlType.NUMBER,
    ColumnType.FLOAT: SoqlType.NUMBER,
    ColumnType.MONEY: SoqlType.NUMBER,
    ColumnType.PERCENT: SoqlType.NUMBER,
    ColumnType.BOOLEAN: SoqlType.BOOLEAN,
    ColumnType.DATE: SoqlType.FLOATING_TIMESTAMP,
    ColumnType.TIMESTAMP: SoqlType.FLOATING_TIMESTAMP,
    ColumnType.INSTANT: SoqlType.FIXED_TIMESTAMP,
    ColumnType.DURATION: SoqlType.NUMBER,
    ColumnType.POINT: SoqlType.POINT,
    ColumnType.GEOMETRY: SoqlType.MULTIPOLYGON,  # unless its shapes say otherwise
    ColumnType.CODE: SoqlType.TEXT,
    ColumnType.URL: SoqlType.URL,
}
_SEARCHED = frozenset({SoqlType.TEXT, SoqlType.URL, SoqlType.NUMBER})


@dataclass(frozen=True)
class PublicColumn:
    """A column anyone may see. `type` None: a text the lake made, such as the place a row lies in."""

    name: str
    type: ColumnType
    stored: str


class Public:
    """The public side of one release: worked out once, then only read."""

    def __init__(self, release: Release) -> None:
        self.release = release
        hidden = hidden_columns(release)
        types = {column.name: column.type for column in release.contract.columns}
        self.columns = tuple(
            PublicColumn(field.name, types.get(field.name, _made(field)), field.type)
            for field in release.fields
            if field.name not in hidden and (field.name not in SYSTEM or field.name == VINTAGE)
        )
        self.vintaged = any(field.name == VINTAGE for field in release.fields)
        self.points = tuple(column.name for column in self.columns if column.type is ColumnType.POINT)
        self.shapes = tuple(column.name for column in self.columns if column.type is ColumnType.GEOMETRY)

    @cached_property
    def key(self) -> str:
        """A text that is the same only for the same rows shown by the same columns."""
        release = self.release
        facts = [release.dataset, release.version, release.snapshot_id, self.columns, sorted(self.aliases.items())]
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:24]

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """Former names of columns that are there and may be seen."""
        shown = {column.name for column in self.columns}
        return {old: new for old, new in self.release.aliases.items() if new in shown and old not in shown}

    def schema(self, shapes: Mapping[str, SoqlType]) -> Schema:
        """Return the schema queries are written against. `shapes`: what kind of shape each column of shapes holds."""
        return Schema(columns=tuple(_column(one, shapes) for one in self.columns), aliases=self.aliases)


def hidden_columns(release: Release) -> frozenset[str]:
    """Return the columns no one outside may see: by the contract of the version, or by what is said of it today."""
    by_contract = {column.name for column in release.contract.columns if column.sensitive}
    today = release.metadata.get("columns") or ()
    return frozenset(by_contract | {str(column["name"]) for column in today if column.get("sensitive")})


def _made(field: StoredField) -> ColumnType:
    return ColumnType.DATE if field.name == VINTAGE else ColumnType.TEXT


def _column(one: PublicColumn, shapes: Mapping[str, SoqlType]) -> Column:
    kind = shapes.get(one.name, _TYPES[one.type])
    return Column(one.name, kind, stored=one.name, searchable=kind in _SEARCHED, physical=one.stored)


_KINDS = {
    "POINT": SoqlType.MULTIPOINT,  # a column of shapes that are all points
    "MULTIPOINT": SoqlType.MULTIPOINT,
    "LINESTRING": SoqlType.LINE,
    "MULTILINESTRING": SoqlType.MULTILINE,
    "POLYGON": SoqlType.POLYGON,
    "MULTIPOLYGON": SoqlType.MULTIPOLYGON,
}
_MIXED = (
    ({SoqlType.POLYGON, SoqlType.MULTIPOLYGON}, SoqlType.MULTIPOLYGON),
    ({SoqlType.LINE, SoqlType.MULTILINE}, SoqlType.MULTILINE),
)


def shape_type(kinds: Iterable[str]) -> SoqlType:
    """Return the type of a column that holds shapes of these kinds: of several, the one that covers them."""
    held = {_KINDS.get(kind, SoqlType.MULTIPOLYGON) for kind in kinds}
    if len(held) == 1:
        return held.pop()
    return next((whole for parts, whole in _MIXED if held and held <= parts), SoqlType.MULTIPOLYGON)
