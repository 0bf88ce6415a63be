"""What a person of staff may read of rows that are not public: by the first rule of the dataset that names a role
of theirs. Decision 0021."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.urls import reverse

from cupola import lake as lakes
from cupola import serving, soql
from cupola.contracts import Column, ColumnType, Contract
from cupola.lake.profile import ColumnProfile
from cupola.web.accounts.models import Role
from cupola.web.accounts.queries import roles_of
from cupola.web.data.models import Dataset
from cupola.web.data.queries.lake import home, lake
from cupola.web.data.queries.records import visible_datasets
from cupola.web.data.queries.rows import NUMBERS, PAGE, Cell, Heading, Rows, all_columns, cell
from cupola.web.data.queries.wording import column_title, in_language
from cupola.web.ui.evidence import Link


@dataclass(frozen=True)
class Readable:
    """The part of one version that a person may read. `role`: which of theirs allows it.

    `withheld`: titles of the columns that are left out. `where`: the condition its rows meet, empty for all.
    """

    dataset: Dataset
    role: str
    where: str
    version: lakes.Version
    part: lakes.Part
    release: lakes.Release
    withheld: tuple[str, ...]

    @property
    def role_name(self) -> str:
        """The role in words."""
        return str(Role(self.role).label)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that may be read, in order."""
        return tuple(one.name for one in self.service.schema(self.release).columns)

    def told(self, how: str, rows: int, question: str = "") -> dict[str, Any]:
        """Return what the audit log keeps of a read. `how`: rows, explore or download; `question`: what was asked."""
        facts = {"how": how, "rows": rows, "version": self.version.number, "role": self.role}
        facts |= {"columns": list(self.columns), "where": self.where}
        return facts | ({"question": question} if question else {})

    @property
    def service(self) -> serving.Service:
        """What answers questions about it."""
        return serving.service(home() / "lake")


def readable(dataset: Dataset, *, by: Any, number: int | None = None) -> Readable | None:
    """Return what `by` may read of a dataset that is not public, at version `number` or the one shown.

    None where no rule allows anything, and where there is no such version.
    """
    rule = _rule(dataset, by)
    newest = dataset.shown_version()
    if rule is None or newest is None or dataset.shows_rows:
        return None
    try:
        version = lake().version(dataset.key, number=number or newest.number)
    except lakes.NoSuchVersion:
        return None
    contract = lake().contract(version)
    part = _part(contract, rule)
    public = lakes.PublicFacts(public_id=dataset.public_id, metadata={"columns": dataset.definition.get("columns", [])})
    release = lake().part(version, part, public=public)
    withheld = tuple(column_title(one) for one in all_columns(dataset) if one["name"] not in part.columns)
    return Readable(dataset, str(rule["role"]), str(rule.get("where", "")), version, part, release, withheld)


def counted_in(dataset: Dataset, *, by: Any) -> Link | None:
    """Return a link to the dataset that says of this one what everybody may know, if `by` may know of it."""
    if dataset.shows_rows:
        return None
    found = visible_datasets(by).filter(definition__aggregates__of=dataset.key, retired_on=None).first()
    return Link(in_language(found, "title"), reverse("data:dataset", args=[found.key])) if found else None


def may_read(dataset: Dataset, *, by: Any) -> bool:
    """Whether `by` may read anything of a dataset that is not public."""
    return not dataset.shows_rows and _rule(dataset, by) is not None


def _rule(dataset: Dataset, by: Any) -> Mapping[str, Any] | None:
    rules = dataset.definition.get("access", [])
    if not rules or not by.is_authenticated or not by.has_perm("data.see_restricted", dataset):
        return None
    roles = roles_of(by, dataset)
    return next((rule for rule in rules if rule["role"] in roles), None)


def _part(contract: Contract, rule: Mapping[str, Any]) -> lakes.Part:
    """Return the columns and rows a rule lets through. A sensitive column must be named to be among them."""
    tags = [Column(name=tag.column, type=ColumnType.TEXT) for tag in contract.tags]
    known = [*contract.columns, *(tag for tag in tags if tag.name not in {one.name for one in contract.columns})]
    wanted, without = set(rule.get("columns", ())), set(rule.get("except", ()))
    names = [
        one.name for one in known if (one.name in wanted if wanted else not one.sensitive and one.name not in without)
    ]
    where = str(rule.get("where", ""))
    return lakes.Part(tuple(names), soql.condition(where, known) if where else None)


def readable_rows(one: Readable, *, page: int = 1, limit: int = PAGE) -> Rows:
    """Return one page of the rows."""
    first = (page - 1) * limit
    table = _table(one, limit=limit, offset=first)
    told = {str(column["name"]): column for column in all_columns(one.dataset)}
    columns = [{"type": "text", **told.get(name, {}), "name": name} for name in table.column_names]
    texts: list[list[Cell]] = [
        [cell(value, str(column["type"])) for value in table.column(at).to_pylist()]
        for at, column in enumerate(columns)
    ]
    headings = tuple(Heading(str(c["name"]), column_title(c), c["type"] in NUMBERS) for c in columns)
    return Rows(headings, tuple(zip(*texts, strict=True)), first + 1, one.withheld)


def _table(one: Readable, *, limit: int, offset: int) -> pa.Table:
    request = soql.Request(order=":id", limit=str(limit), offset=str(offset))
    return one.service.table(one.release, one.service.compile(one.release, request), vintage="all")


def readable_batches(one: Readable) -> Iterator[pa.RecordBatch]:
    """Yield all rows, of every edition, for a file."""
    compiled = one.service.compile(one.release, soql.Request(order=":id", limit=str(max(one.release.rows, 1))))
    return one.service.stream(one.release, compiled, vintage="all")


def readable_profile(one: Readable) -> Mapping[str, ColumnProfile]:
    """Return what is known of each column, measured over the rows that may be read and no others."""
    return _profile(_Measured(home(), one.part.key(one.version), one))


@dataclass(frozen=True)
class _Measured:
    """What is measured once: parts with one key hold the same rows."""

    home: Path
    key: str
    one: Readable = field(compare=False)


@lru_cache(maxsize=64)
def _profile(of: _Measured) -> Mapping[str, ColumnProfile]:
    if ":lon" in of.one.part.where or ":lat" in of.one.part.where:
        return {}  # coordinates stand beside points in serving copies only
    return {column.name: column for column in lake().part_profile(of.one.version, of.one.part).columns}
