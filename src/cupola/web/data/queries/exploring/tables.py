"""The answer as a table: headings that sort, cells as people read them, and from each group a way to its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from cupola.web.data.queries.exploring.address import address
from cupola.web.data.queries.exploring.answers import Group, Summary
from cupola.web.data.queries.exploring.exploration import PERIODS, By, Condition, Exploration, Grouping, Show, Sort
from cupola.web.data.queries.exploring.fields import DATES, NUMBERS, Field, Kind, Subject
from cupola.web.data.queries.exploring.sentences import grouping_words, measure_words
from cupola.web.data.queries.exploring.soqltext import Output
from cupola.web.data.queries.exploring.steps import Steps, written
from cupola.web.data.queries.exploring.words import measured
from cupola.web.data.queries.rows import Cell, cell


@dataclass(frozen=True)
class Heading:
    """One column's heading. `url` sorts by it; `sorted`: "", `ascending` or `descending`."""

    title: str
    is_number: bool
    url: str
    sorted: str = ""


@dataclass(frozen=True)
class Row:
    """One line: names of its group, linked to the rows behind it, then cells."""

    names: tuple[str, ...]
    cells: tuple[Cell, ...]
    url: str = ""


@dataclass(frozen=True)
class Table:
    """A page of the answer. `first`: number of its first row, of `total`; `page` of `pages`."""

    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    first: int
    total: int
    page: int
    pages: int
    previous: str
    following: str

    @property
    def last(self) -> int:
        """Return the number of its last row."""
        return self.first + len(self.rows) - 1


def table(headings: Sequence[Heading], rows: Sequence[Row], asked: Exploration, *, size: int, total: int) -> Table:
    """Return a page of an answer of `total` lines, `size` to a page."""
    pages = max(-(-total // size), 1)
    return Table(
        headings=tuple(headings),
        rows=tuple(rows),
        first=(asked.page - 1) * size + 1 if rows else 0,
        total=total,
        page=asked.page,
        pages=pages,
        previous=address(asked.but(page=asked.page - 1)) if asked.page > 1 else "",
        following=address(asked.but(page=asked.page + 1)) if asked.page < pages else "",
    )


def row_headings(outputs: Sequence[Output], asked: Exploration, subject: Subject) -> tuple[Heading, ...]:
    """Return the headings of rows."""
    return tuple(
        _heading(field.title, field.name, asked, is_number=field.kind in NUMBERS, first_up=field.name != subject.time)
        for field in (one.field for one in outputs)
        if field
    )


def plain_rows(outputs: Sequence[Output], columns: Mapping[str, Sequence[Any]]) -> tuple[Row, ...]:
    """Return rows of the dataset as lines."""
    fields = [(one.name, one.field) for one in outputs if one.field]
    texts = [
        [Cell(_("shape")) if field.kind is Kind.SHAPE else cell(value, field.type) for value in columns[name]]
        for name, field in fields
    ]
    return tuple(Row((), cells) for cells in zip(*texts, strict=True))


def summary_headings(found: Summary, asked: Exploration, subject: Subject) -> tuple[Heading, ...]:
    """Return the headings of a summary."""
    groups = [
        _heading(grouping_words(one, subject), one.written, asked, is_number=False, first_up=True)
        for one in found.groupings
    ]
    measures = [
        _heading(measure_words(one, subject), one.written, asked, is_number=True, first_up=False)
        for one in found.measures
    ]
    return (*groups, *measures)


def summary_rows(found: Summary, groups: Sequence[Group], asked: Exploration) -> tuple[Row, ...]:
    """Return groups as lines."""
    pairs = list(zip(found.measures, found.measure_fields, strict=True))
    return tuple(
        Row(
            names=group.labels,
            cells=tuple(
                Cell(measured(value, measure, field), is_number=True)
                for value, (measure, field) in zip(group.measured, pairs, strict=True)
            ),
            url=_behind(group, found, asked),
        )
        for group in groups
    )


def _heading(title: str, on: str, asked: Exploration, *, is_number: bool, first_up: bool) -> Heading:
    mine = asked.sort is not None and asked.sort.on == on
    now = "" if not mine or asked.sort is None else "descending" if asked.sort.descending else "ascending"
    descending = not asked.sort.descending if mine and asked.sort else not first_up or is_number
    return Heading(title, is_number, address(asked.but(sort=Sort(on, descending))), now)


def _behind(group: Group, found: Summary, asked: Exploration) -> str:
    """Return a link to the rows of a group; nothing where they cannot be asked for."""
    rows = asked.but(groups=(), measures=(), sort=None, show=Show.TABLE)
    for value, grouping in zip(group.values, found.groupings, strict=True):
        condition = _holding(value, grouping, rows.condition(grouping.column), found=found)
        if condition is None:
            return ""
        rows = rows.having(condition)
    return address(rows)


def _holding(value: Any, grouping: Grouping, before: Condition, *, found: Summary) -> Condition | None:
    """Return the condition that the rows of one group meet, within what had to hold before."""
    field = next(one for one in found.fields if one.name == grouping.column)
    if value is None:
        return replace(before, values=(), empty=True)
    if grouping.by in PERIODS:
        length = {By.YEAR: 4, By.MONTH: 7, By.DAY: 10}[grouping.by]
        return replace(before, period=value.isoformat()[:length])
    if grouping.by is By.STEPS:
        return _step(float(value), found.steps[grouping.column], before, field=field)
    if grouping.by is not By.VALUE or field.kind in DATES:
        return None
    return replace(before, values=(_text(value, field.kind),), empty=None)


def _step(low: float, steps: Steps, before: Condition, *, field: Field) -> Condition | None:
    """Return the values of one step. Its end is not in it: of money it is a cent before, of whole numbers one."""
    smallest = {"integer": 1.0, "duration": 1.0, "money": 0.01}.get(field.type)
    if before.since or before.until or smallest is None:
        return None
    since = "" if low <= steps.low else written(low)
    until = "" if low >= steps.high else written(low + steps.width - smallest)
    return replace(before, since=since, until=until)


def _text(value: Any, kind: Kind) -> str:
    if kind is Kind.BOOLEAN:
        return "yes" if value else "no"
    return written(float(value)) if kind in NUMBERS else str(value)
