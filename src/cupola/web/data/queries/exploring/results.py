"""The answer to a question, computed: how many rows match, the table, the picture and what it says."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cupola.errors import CupolaError
from cupola.web.data.queries.exploring import telling
from cupola.web.data.queries.exploring.answers import Summary, summary
from cupola.web.data.queries.exploring.exploration import COUNT, PERIODS, By, Exploration, How, Measure
from cupola.web.data.queries.exploring.fields import Kind, Offered, Subject, in_order
from cupola.web.data.queries.exploring.moments import day_after, days_of
from cupola.web.data.queries.exploring.picturing import Known, Picture, picture
from cupola.web.data.queries.exploring.running import Asked
from cupola.web.data.queries.exploring.soqltext import Question, question
from cupola.web.data.queries.exploring.tables import (
    Table,
    plain_rows,
    row_headings,
    summary_headings,
    summary_rows,
    table,
)

PAGE = 100
MOST_GROUPS = 10_000
MOST_PICKS = 100


@dataclass(frozen=True)
class Result:
    """What came out. `matching`: rows that meet the conditions. `summary` and `picture` are None for rows."""

    question: Question
    matching: int
    table: Table
    summary: Summary | None = None
    picture: Picture | None = None


def result(at: Asked, asked: Exploration, subject: Subject, *, today: date) -> Result:
    """Compute the answer. Raises what the service raises."""
    put = question(asked, subject, today=today)
    matching = count(at, asked, subject, today=today)
    if not asked.summarises:
        return _rows(at, asked, subject, put=put, matching=matching)
    columns = at.columns(put, limit=MOST_GROUPS + 1)
    found = summary(asked, subject, put, columns=columns, matching=matching)
    cut = len(found.groups) > MOST_GROUPS
    found = replace(found, groups=found.groups[:MOST_GROUPS], cut=cut)
    first = min((asked.page - 1) * PAGE, len(found.groups))
    lines = summary_rows(found, found.groups[first : first + PAGE], asked)
    listed = table(summary_headings(found, asked, subject), lines, asked, size=PAGE, total=len(found.groups))
    drawn = picture(found, _known(at, asked, subject, today=today)) if matching else None
    if drawn is not None and cut:
        drawn = replace(drawn, reading=f"{drawn.reading} {telling.of_a_cut(MOST_GROUPS)}")
    return Result(put, matching, listed, found, drawn)


def _rows(at: Asked, asked: Exploration, subject: Subject, *, put: Question, matching: int) -> Result:
    first = (asked.page - 1) * PAGE
    names = ", ".join(one.name for one in put.outputs)
    columns = at.columns(put, limit=PAGE, offset=first, select=names) if first < matching else {}
    rows = plain_rows(put.outputs, columns) if columns else ()
    return Result(
        put, matching, table(row_headings(put.outputs, asked, subject), rows, asked, size=PAGE, total=matching)
    )


def count(at: Asked, asked: Exploration, subject: Subject, *, today: date) -> int:
    """Count the rows that meet the conditions."""
    if not asked.conditions and not asked.words and not subject.vintages:
        return subject.rows
    put = question(asked.but(groups=(), measures=(COUNT,), sort=None), subject, today=today)
    (found,) = at.columns(put, limit=1).values()
    return int(found[0])


def offered(at: Asked, subject: Subject) -> dict[str, tuple[Offered, ...]]:
    """Return the values to pick of columns that have few, where the profile does not hold them all."""
    wanted = [
        one for one in subject.fields if one.kind is Kind.TEXT and not one.complete and 0 < one.distinct <= MOST_PICKS
    ]
    try:
        return {one.name: _values(at, one.name) for one in wanted}
    except CupolaError:
        return {}  # the most frequent values of the profile are offered then


def _values(at: Asked, name: str) -> tuple[Offered, ...]:
    put = Question(f"{name}, count(*) AS rows", f"{name} IS NOT NULL", name, "rows DESC", "", ())
    columns = at.columns(put, limit=MOST_PICKS)
    values, counts = columns[name], columns["rows"]
    return in_order([Offered(str(value), str(value), int(rows)) for value, rows in zip(values, counts, strict=True)])


def _known(at: Asked, asked: Exploration, subject: Subject, *, today: date) -> Known:
    """Return what a picture needs beside the groups."""
    steps = next((one for one in asked.groups if one.by is By.STEPS), None)
    along = next((one for one in asked.groups if one.by in PERIODS), None)
    known = Known()
    if along is not None:
        high = subject.field(along.column).high
        newest = high.date() if isinstance(high, datetime) else high
        known = Known(newest=newest, asked_until=_until(asked, along.column, today=today))
    if steps is None:
        return known
    wanted = tuple(Measure(how, steps.column) for how in (How.MEDIAN, How.MINIMUM, How.MAXIMUM))
    put = question(asked.but(groups=(), measures=wanted, sort=None), subject, today=today)
    spread = [values[0] for values in list(at.columns(put, limit=1).values())[1:]]
    return replace(known, spread=spread)


def _until(asked: Exploration, column: str, *, today: date) -> date | None:
    """Return the last day the question asks for."""
    condition = asked.condition(column)
    ends = [day_after(condition.until)] if condition.until else []
    if condition.period and (until := days_of(condition.period, today=today).until):
        ends.append(until)
    return min(ends) - timedelta(days=1) if ends else None
