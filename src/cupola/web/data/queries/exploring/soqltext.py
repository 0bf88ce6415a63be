"""A question as a query in the language of the public API; what a page computes, anyone can ask for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from cupola.periods import Interval
from cupola.web.data.queries.exploring.exploration import (
    COUNT,
    PERIODS,
    By,
    Condition,
    Exploration,
    Grouping,
    How,
    Measure,
)
from cupola.web.data.queries.exploring.fields import DATES, NUMBERS, Field, Kind, Subject
from cupola.web.data.queries.exploring.moments import day_after, days_of, first_day
from cupola.web.data.queries.exploring.steps import steps_of, written

FUNCTIONS = {How.SUM: "sum", How.AVERAGE: "avg", How.MEDIAN: "median", How.MINIMUM: "min", How.MAXIMUM: "max"}
PARTS = {
    By.YEAR: "date_trunc_y",
    By.MONTH: "date_trunc_ym",
    By.DAY: "date_trunc_ymd",
    By.WEEKDAY: "date_extract_dow",
    By.HOUR: "date_extract_hh",
}


@dataclass(frozen=True)
class Output:
    """One column of the answer: a group, a measure, or a column as it is. `name`: what the answer calls it."""

    name: str
    field: Field | None = None
    grouping: Grouping | None = None
    measure: Measure | None = None


@dataclass(frozen=True)
class Question:
    """A query in clauses, empty where there is none, and the columns of its answer."""

    select: str
    where: str
    group: str
    order: str
    words: str
    outputs: tuple[Output, ...]

    def parameters(self, *, limit: int = 0, offset: int = 0) -> list[tuple[str, str]]:
        """Return the query as parameters of an address of the public API."""
        pairs = [
            ("$select", self.select),
            ("$where", self.where),
            ("$group", self.group),
            ("$order", self.order),
            ("$q", self.words),
            ("$limit", str(limit or "")),
            ("$offset", str(offset or "")),
        ]
        return [(name, value) for name, value in pairs if value]

    def text(self, *, limit: int = 0) -> str:
        """Return the query in one text."""
        parts = [
            f"SELECT {self.select or '*'}",
            f"WHERE {self.where}" if self.where else "",
            f"GROUP BY {self.group}" if self.group else "",
            f"ORDER BY {self.order}" if self.order else "",
            f"SEARCH {quoted(self.words)}" if self.words else "",
            f"LIMIT {limit}" if limit else "",
        ]
        return " ".join(part for part in parts if part)


def question(asked: Exploration, subject: Subject, *, today: date) -> Question:
    """Return the query of a question."""
    where = " AND ".join(_where(subject.field(one.column), one, today=today) for one in asked.conditions)
    if asked.summarises:
        return _summary(asked, subject, where)
    fields = [one for one in subject.fields if not asked.columns or one.name in asked.columns]
    names = [one.name for one in fields if one.kind is not Kind.SHAPE or asked.columns]
    shown = tuple(Output(one.name, field=one) for one in fields if one.name in names)
    order = _row_order(asked, subject)
    return Question(
        select=", ".join(asked.columns), where=where, group="", order=order, words=asked.words, outputs=shown
    )


def _summary(asked: Exploration, subject: Subject, where: str) -> Question:
    outputs = [
        Output(_free(_group_name(one), subject, own=one.column), grouping=one, field=subject.field(one.column))
        for one in asked.groups
    ]
    selected = [
        expression if expression == output.name else f"{expression} AS {output.name}"
        for output, expression in zip(outputs, (_expression(one, asked, subject) for one in asked.groups), strict=True)
    ]
    for measure in dict.fromkeys((COUNT, *asked.measures)):
        name = _free(f"{FUNCTIONS[measure.how]}_{measure.column}" if measure.column else "count", subject)
        outputs.append(Output(name, measure=measure, field=subject.field(measure.column) if measure.column else None))
        called = f"{FUNCTIONS[measure.how]}({measure.column})" if measure.column else "count(*)"
        selected.append(f"{called} AS {name}")
    return Question(
        select=", ".join(selected),
        where=where,
        group=", ".join(output.name for output in outputs if output.grouping),
        order=_summary_order(asked, tuple(outputs)),
        words=asked.words,
        outputs=tuple(outputs),
    )


def _group_name(one: Grouping) -> str:
    tail = {By.VALUE: "", By.STEPS: "_from"}.get(one.by, f"_{one.by}")
    return f"{one.column}{tail}"


def _free(name: str, subject: Subject, *, own: str = "") -> str:
    """Return `name`, or another where a column that is not its own has it."""
    return name if name == own or name not in subject.names else f"{name}_of_rows"


def _expression(one: Grouping, asked: Exploration, subject: Subject) -> str:
    field = subject.field(one.column)
    if one.by is By.VALUE:
        return one.column
    if one.by is not By.STEPS:
        return f"{PARTS[one.by]}({_moment(field)})"
    steps = steps_of(field, asked, one.step)
    low, high, width = written(steps.low), written(steps.high), written(steps.width)
    step = f"least(greatest(floor({one.column} / {width}) * {width}, {low}), {high})"
    return f"CASE WHEN {one.column} IS NOT NULL THEN {step} END"  # or rows without a number fall into the first step


def _moment(field: Field) -> str:
    """Return a column as local time: what is an hour later in another zone is the same day in the city's."""
    return f"to_floating_timestamp({field.name}, {quoted(field.zone)})" if field.zone else field.name


def _summary_order(asked: Exploration, outputs: tuple[Output, ...]) -> str:
    groups = [one for one in outputs if one.grouping]
    measures = [one for one in outputs if one.measure]
    if not groups:
        return ""
    if asked.sort is not None:
        chosen = next(one for one in outputs if asked.sort.on in {_written(one)})
        rest = [one.name for one in groups if one is not chosen]
        return ", ".join([_direction(chosen.name, asked.sort.descending), *rest])
    first = groups[0].grouping
    assert first is not None
    names = [one.name for one in groups]
    if first.by is not By.VALUE:
        return ", ".join(names)
    chosen = measures[1] if len(measures) > 1 else measures[0]
    return ", ".join([_direction(chosen.name, True), *names])


def _written(output: Output) -> str:
    part = output.grouping or output.measure
    assert part is not None
    return part.written


def _row_order(asked: Exploration, subject: Subject) -> str:
    """Order rows as asked, else newest first; rows alike in that keep the order of the dataset."""
    if asked.sort is not None:
        return _direction(asked.sort.on, asked.sort.descending)
    return _direction(subject.time, True) if subject.time else ""


def _direction(name: str, descending: bool) -> str:
    return f"{name} DESC NULL LAST" if descending else name


def _where(field: Field, one: Condition, *, today: date) -> str:
    parts = [_one_of(field, one)]
    if one.contains:
        parts.append(f"caseless_contains({field.name}, {quoted(one.contains)})")
    if one.empty is False:
        parts.append(f"{field.name} IS NOT NULL")
    if field.kind in NUMBERS:
        parts.append(f"{field.name} >= {one.since}" if one.since else "")
        parts.append(f"{field.name} <= {one.until}" if one.until else "")
    if field.kind in DATES:
        parts += _days(field, one, today=today)
    return " AND ".join(part for part in parts if part)


def _one_of(field: Field, one: Condition) -> str:
    values = [_literal(field, value) for value in one.values]
    tests = [f"{field.name} = {values[0]}" if len(values) == 1 else f"{field.name} IN ({', '.join(values)})"]
    tests = [*(tests if values else []), *([f"{field.name} IS NULL"] if one.empty else [])]
    return f"({' OR '.join(tests)})" if len(tests) > 1 else "".join(tests)


def _days(field: Field, one: Condition, *, today: date) -> list[str]:
    """Return the tests of the days asked for; the day after the last is excluded, so that hours do not matter."""
    since = first_day(one.since) if one.since else None
    until = day_after(one.until) if one.until else None
    stretches = [(since, until)]
    if one.period:
        days: Interval = days_of(one.period, today=today)
        stretches.append((days.since, days.until))
    name = _moment(field)
    return [
        text
        for first, after in stretches
        for text in (f"{name} >= '{first}'" if first else "", f"{name} < '{after}'" if after else "")
    ]


def _literal(field: Field, value: str) -> str:
    readers: dict[Kind, Callable[[str], str]] = {Kind.BOOLEAN: lambda word: str(word == "yes").lower()}
    return value if field.kind in NUMBERS else readers.get(field.kind, quoted)(value)


def quoted(text: str) -> str:
    """Return `text` as a literal of the query language."""
    return "'" + text.replace("'", "''") + "'"


def is_ordered(one: Grouping) -> bool:
    """Whether its groups have an order of their own, as years have and names have not."""
    return one.by is not By.VALUE


def is_timeline(one: Grouping) -> bool:
    """Whether its groups lie on one line of time."""
    return one.by in PERIODS
