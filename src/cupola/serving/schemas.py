"""What of a release the public sees: its columns in the query language's types, and what the engine needs for them."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from cupola.contracts import VINTAGE, Announcement, ColumnType, Standing, announcements, next_end, standing
from cupola.lake import SYSTEM, Release, StoredField
from cupola.soql import TYPES, Column, Schema, SoqlType

_SEARCHED = frozenset({SoqlType.TEXT, SoqlType.URL, SoqlType.NUMBER})


@dataclass(frozen=True)
class PublicColumn:
    """A column anyone may see. `stored`: its type in the lake.

    `copy_of`: the column it is another name for, where it is none of its own.
    """

    name: str
    type: ColumnType
    stored: str
    copy_of: str = ""

    @property
    def place(self) -> str:
        """Which column of the rows holds it."""
        return self.copy_of or self.name


class Public:
    """The public side of one release at one moment: worked out once, then only read.

    `until`: when it is no longer so, because a name that was announced to go answers no more; None for ever.
    """

    def __init__(self, release: Release, *, at: datetime) -> None:
        self.release = release
        hidden = hidden_columns(release)
        types = {column.name: column.type for column in release.contract.columns}
        own = tuple(
            PublicColumn(field.name, types.get(field.name, _made(field)), field.type)
            for field in release.fields
            if field.name not in hidden and (field.name not in SYSTEM or field.name == VINTAGE)
        )
        said, zone = announcements(release.metadata), release.contract.zone
        former = {old: new for old, new in release.aliases.items() if new in {one.name for one in own}}
        self.standing = standing(said, columns=[one.name for one in own], former=former, zone=zone, at=at)
        self.until = next_end(said, zone=zone, at=at)
        self.columns = _with_copies(tuple(one for one in own if one.name not in self.standing.gone), self.standing)
        self.vintaged = any(field.name == VINTAGE for field in release.fields)
        self.points = tuple(column.name for column in own if column.type is ColumnType.POINT)
        self.shapes = tuple(column.name for column in own if column.type is ColumnType.GEOMETRY)

    @cached_property
    def key(self) -> str:
        """A text that is the same only for the same rows shown by the same columns."""
        release = self.release
        names = [sorted(self.aliases.items()), sorted(self.standing.going), sorted(self.standing.gone)]
        facts = [release.dataset, release.version, release.snapshot_id, self.columns, names]
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:24]

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """Former names, without a day on which they end, of columns that are there and may be seen."""
        shown = {column.name for column in self.columns}
        dated = {*self.standing.going, *self.standing.gone}
        return {
            old: new
            for old, new in self.release.aliases.items()
            if new in shown and old not in shown and old not in dated
        }

    def schema(self, shapes: Mapping[str, SoqlType]) -> Schema:
        """Return the schema queries are written against. `shapes`: what kind of shape each column of shapes holds."""
        going, gone = self.standing.going, self.standing.gone
        return Schema(
            columns=tuple(_column(one, shapes, going=one.name in going) for one in self.columns),
            aliases=self.aliases,
            gone={name.lower(): ended(one) for name, one in gone.items()},
        )


def ended(one: Announcement) -> str:
    """Say what became of a name that answers no more, as the end of an error."""
    if one.becomes:
        return f" It was renamed on {one.until}: ask for `{one.becomes}`."
    return f" It was taken away on {one.until}."


def _with_copies(own: tuple[PublicColumn, ...], now: Standing) -> tuple[PublicColumn, ...]:
    """Return the columns with the former names that still answer at their end."""
    held = {one.name: one for one in own}
    copies = ((old, held.get(new)) for old, new in now.copies.items())
    return (*own, *(PublicColumn(old, one.type, one.stored, one.name) for old, one in copies if one is not None))


def hidden_columns(release: Release) -> frozenset[str]:
    """Return the columns no one outside may see: by the contract of the version, or by what is said of it today."""
    by_contract = {column.name for column in release.contract.columns if column.sensitive}
    today = release.metadata.get("columns") or ()
    return frozenset(by_contract | {str(column["name"]) for column in today if column.get("sensitive")})


def _made(field: StoredField) -> ColumnType:
    return ColumnType.DATE if field.name == VINTAGE else ColumnType.TEXT


def _column(one: PublicColumn, shapes: Mapping[str, SoqlType], *, going: bool) -> Column:
    kind = shapes.get(one.place, TYPES[one.type])
    searchable = kind in _SEARCHED and not one.copy_of
    return Column(one.name, kind, stored=one.place, searchable=searchable, physical=one.stored, going=going)


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


def soql_type(kind: ColumnType) -> SoqlType:
    """Return what SODA calls a column type, before its shapes were looked at."""
    return TYPES[kind]
