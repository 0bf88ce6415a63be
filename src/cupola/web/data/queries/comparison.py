"""What changed between two editions of a dataset, as a page shows it: counts, columns, first rows, cell by cell."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola import lake as lakes
from cupola.errors import NotFound
from cupola.web.data.models import Dataset, Version
from cupola.web.data.queries.comparing import Difference, EditionUnknown, difference, vintages
from cupola.web.data.queries.lake import home, lake
from cupola.web.data.queries.provenance import evidence
from cupola.web.data.queries.records import find_dataset
from cupola.web.data.queries.rows import NUMBERS, Cell, Heading, all_columns, cell
from cupola.web.data.queries.schemas import ColumnChanges, column_changes
from cupola.web.data.queries.wording import column_title, in_language
from cupola.web.ui.evidence import Evidence

SHOWN = 40
_comparing = threading.Lock()  # one at a time: a comparison of large versions takes all the memory there is for it


@dataclass(frozen=True)
class CellChange:
    """One value before and after, under its column's heading."""

    column: str
    before: Cell
    after: Cell


@dataclass(frozen=True)
class RowChange:
    """The changed values of one row, named by its key."""

    key: str
    cells: tuple[CellChange, ...]


@dataclass(frozen=True)
class SideRows:
    """Rows that only one side has: the first of `count`."""

    headings: tuple[Heading, ...]
    cells: tuple[tuple[Cell, ...], ...]
    count: int
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """A comparison as a page shows it. `found` is None where there is only one edition to look at."""

    dataset: Dataset
    title: str
    editions: tuple[tuple[str, str], ...]
    a: str
    b: str
    found: lakes.Diff | None = None
    shows_values: bool = False
    columns: ColumnChanges = field(default_factory=ColumnChanges)
    cells_changed: tuple[tuple[str, int], ...] = ()
    changed: tuple[RowChange, ...] = ()
    added: SideRows | None = None
    removed: SideRows | None = None
    evidence: Evidence | None = None
    key_words: str = ""


def comparison(key: str, a: str, b: str, *, by: Any) -> Comparison:
    """Compare two editions that `by` may know of; the last two where none is named. Raises DatasetUnknown,
    EditionUnknown."""
    dataset = find_dataset(key, by=by)
    known = versions_to_compare(dataset, by=by)
    editions = editions_of(dataset, known)
    pair = _pair(key, (a, b), editions=editions, known=known)
    if pair is None:
        return Comparison(dataset, in_language(dataset, "title"), tuple(editions), a, b)
    with _comparing:
        found = _difference(home(), key, pair, shows_values=dataset.shows_rows)
    return _shown(dataset, found, editions=editions, newest=known[0])


def row_difference(key: str, a: str, b: str, *, by: Any, most: int) -> tuple[Dataset, Difference, set[str]] | None:
    """Return two editions compared with at most `most` rows and cells of each kind, and the columns not to be shown.

    None where there is only one edition to look at. Raises DatasetUnknown, EditionUnknown.
    """
    dataset = find_dataset(key, by=by)
    known = versions_to_compare(dataset, by=by)
    pair = _pair(key, (a, b), editions=editions_of(dataset, known), known=known)
    if pair is None:
        return None
    with _comparing:
        found = difference(key, *pair, limit=most)
    return dataset, found, hidden_columns(dataset, found.diff)


def _pair(
    key: str, asked: tuple[str, str], *, editions: Sequence[tuple[str, str]], known: Sequence[Version]
) -> tuple[str, str] | None:
    """Return the two editions meant, the last two where none is named. Raises EditionUnknown."""
    names = [name for name, _words in editions]
    numbers = [str(version.number) for version in known]
    if len(names) < 2:
        return None
    usual = numbers if len(numbers) > 1 else [name for name in names if name not in numbers]
    pair = asked[0] or usual[1], asked[1] or usual[0]
    for one in pair:
        if one not in names:
            raise EditionUnknown(key=key, asked=one, versions=known[0].number, vintages=tuple(set(names) - {*numbers}))
    return pair


def versions_to_compare(dataset: Dataset, *, by: Any) -> list[Version]:
    """Return the versions whose rows `by` may read about, newest first: those that were public, and for staff all."""
    versions = dataset.versions.filter(recalled_at=None)
    staff = by.has_perm("data.see_drafts")
    return list(versions if staff or not dataset.shows_rows else versions.exclude(released_at=None))


def editions_of(dataset: Dataset, known: Sequence[Version]) -> list[tuple[str, str]]:
    """Return what can be compared: versions and the vintages of the newest, each with its name for people."""
    named = [(str(one.number), _("Version %(number)s") % {"number": one.number}) for one in known]
    if not known:
        return []
    held = _vintages(home(), dataset.key, known[0].number)
    return named + [(label, _("Edition %(edition)s") % {"edition": label}) for label in reversed(held)]


@lru_cache(maxsize=256)
def _vintages(home: Path, key: str, number: int) -> tuple[str, ...]:
    """Return the vintages of a version, which never changes; `home` keeps two homes of one process apart."""
    try:
        return tuple(vintages(lake().version(key, number=number)))
    except NotFound:
        return ()


@lru_cache(maxsize=128)
def _difference(home: Path, key: str, names: tuple[str, str], *, shows_values: bool) -> Difference:
    """Compare once: neither version ever changes. Whether values are shown is part of the question."""
    return difference(key, *names, limit=SHOWN)


def _shown(dataset: Dataset, found: Difference, *, editions: Sequence[tuple[str, str]], newest: Version) -> Comparison:
    diff = found.diff
    headings = {str(column["name"]): column for column in all_columns(dataset)}
    hidden = hidden_columns(dataset, diff)
    columns = column_changes(dataset.key, diff.a.version, diff.b.version)
    counts = sorted(diff.cells_changed.items(), key=lambda one: -one[1])
    return Comparison(
        dataset=dataset,
        title=in_language(dataset, "title"),
        editions=tuple(editions),
        a=found.a,
        b=found.b,
        found=diff,
        shows_values=found.shows_values,
        columns=columns,
        cells_changed=tuple((_title(name, headings), n) for name, n in counts),
        changed=_changed(diff.cells, headings, hidden) if not set(diff.key) & hidden else (),
        added=_side(diff.added, headings, hidden, count=diff.rows_added),
        removed=_side(diff.removed, headings, hidden, count=diff.rows_removed),
        evidence=_evidence(dataset, newest, found),
        key_words=", ".join(_title(name, headings) for name in diff.key),
    )


def hidden_columns(dataset: Dataset, diff: lakes.Diff) -> set[str]:
    """Return the columns whose values are not shown: sensitive today, or when either version was loaded."""
    hidden = {str(column["name"]) for column in all_columns(dataset) if column.get("sensitive")}
    for number in {diff.a.version, diff.b.version}:
        contract = lake().contract(lake().version(dataset.key, number=number))
        hidden |= {column.name for column in contract.columns if column.sensitive}
    return hidden


def _title(name: str, headings: Mapping[str, dict[str, Any]]) -> str:
    return column_title(headings.get(name, {"name": name}))


def _type(name: str, headings: Mapping[str, dict[str, Any]]) -> str:
    return str(headings.get(name, {}).get("type", "text"))


def _changed(
    cells: Iterable[lakes.Cell], headings: Mapping[str, dict[str, Any]], hidden: set[str]
) -> tuple[RowChange, ...]:
    shown = [one for one in cells if one.column not in hidden]
    return tuple(
        RowChange(
            ", ".join(cell(part, "text").text for part in key),
            tuple(
                CellChange(
                    _title(one.column, headings),
                    cell(one.before, _type(one.column, headings)),
                    cell(one.after, _type(one.column, headings)),
                )
                for one in group
            ),
        )
        for key, group in groupby(shown, key=lambda one: one.key)
    )


def _side(
    rows: Sequence[lakes.DiffRow], headings: Mapping[str, dict[str, Any]], hidden: set[str], *, count: int
) -> SideRows | None:
    if not rows:
        return None
    names = [name for name in rows[0].values if name not in hidden and name != "vintage_precision"]
    times = any(row.count > 1 for row in rows)
    head = tuple(Heading(name, _title(name, headings), _type(name, headings) in NUMBERS) for name in names)
    return SideRows(
        headings=(Heading("", _("Times"), is_number=True), *head) if times else head,
        cells=tuple(
            (
                *((Cell(str(row.count), is_number=True),) if times else ()),
                *(cell(row.values[name], _type(name, headings)) for name in names),
            )
            for row in rows
        ),
        count=count,
    )


def _evidence(dataset: Dataset, newest: Version, found: Difference) -> Evidence:
    diff = found.diff
    changes = diff.rows_added + diff.rows_removed + diff.rows_changed
    result = ngettext("%(count)s row differs", "%(count)s rows differ", changes) % {"count": f"{changes:,}"}
    matched = _("Rows with the same key are compared value by value.")
    whole = _("The rows have no key, so whole rows are compared: a changed row counts as one removed and one added.")
    chain = evidence(dataset, newest, query="", method=matched if diff.key else whole, result=result)
    command = f"cupola data diff {dataset.key} {found.a} {found.b}"
    facts = {"query": _("none: two editions are compared"), "command": command}
    return Evidence(**{**chain.__dict__, **facts})
