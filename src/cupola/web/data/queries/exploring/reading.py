"""Read a question from an address. Whatever is wrong is said beside its control and left out of the question."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from unicodedata import category

from django.utils.translation import gettext as _

from cupola.web.data.queries.exploring.conditions import read_condition
from cupola.web.data.queries.exploring.exploration import (
    COUNT,
    SUMMARIES,
    By,
    Condition,
    Exploration,
    Grouping,
    How,
    Measure,
    Show,
    Sort,
)
from cupola.web.data.queries.exploring.fields import NUMBERS, Subject
from cupola.web.data.queries.exploring.moments import plain_number

MOST_GROUPS, MOST_MEASURES, MOST_CHARACTERS = 2, 4, 1000
UNTYPED = {"Cc", "Cs"}  # signs that control a machine, halves of characters
MOST_PAGES = 1_000_000
PLAIN = ("q", "columns", "group", "measure", "sort", "show", "page", "version", "as_of", "vintage", "add", "size")
Values = dict[str, list[str]]


@dataclass(frozen=True)
class Problem:
    """What is wrong with one part of an address. `given` is what stands there."""

    message: str
    given: str = ""


@dataclass(frozen=True)
class Reading:
    """A question, and what of the address could not be used, by the name of its control; "" for the whole."""

    exploration: Exploration
    problems: dict[str, Problem] = field(default_factory=dict)


def read(parameters: Sequence[tuple[str, str]], subject: Subject) -> Reading:
    """Read an address. `parameters`: names and values in order; empty values are no choice."""
    given: Values = {}
    for name, value in parameters:
        text = "".join(sign for sign in value if category(sign) not in UNTYPED).strip()
        if text:
            given.setdefault(name, []).append(text[:MOST_CHARACTERS])
    problems: dict[str, Problem] = {}
    groups = _groups(given, subject, problems)
    measures = _measures(given, subject, problems)
    asked = Exploration(
        conditions=_conditions(given, subject, problems),
        words=_last(given, "q"),
        columns=_columns(given, subject, problems),
        groups=groups,
        measures=measures,
        show=_show(given, problems),
        page=_whole(given, "page", problems, most=MOST_PAGES) or 1,
        version=_whole(given, "version", problems, most=2**31),
        as_of=_as_of(given, problems),
        vintage=_vintage(given, subject, problems),
    )
    sort = _sort(_last(given, "sort"), sortable(asked, subject), subject, problems=problems)
    _unknown(given, problems)
    return Reading(asked.but(sort=sort, page=asked.page), problems)


def read_edition(parameters: Sequence[tuple[str, str]]) -> tuple[Exploration, dict[str, Problem]]:
    """Read which version an address asks for, before the columns of that version are known."""
    given = {name: [value.strip()] for name, value in parameters if value.strip()}
    problems: dict[str, Problem] = {}
    version = _whole(given, "version", problems, most=2**31)
    return Exploration(version=version, as_of=_as_of(given, problems)), problems


def sortable(asked: Exploration, subject: Subject) -> tuple[str, ...]:
    """Return what the answer can be ordered by, as the address writes it."""
    if asked.summarises:
        return (*(one.written for one in asked.groups), *(one.written for one in (COUNT, *asked.measures)))
    return tuple(one.name for one in subject.fields)


def _last(given: Values, name: str) -> str:
    return given.get(name, [""])[-1]


def _listed(given: Values, name: str) -> list[str]:
    """Return the values of a parameter, given several times or separated by commas."""
    parts = (part.strip() for value in given.get(name, []) for part in value.split(","))
    return list(dict.fromkeys(part for part in parts if part))


def _conditions(given: Values, subject: Subject, problems: dict[str, Problem]) -> tuple[Condition, ...]:
    per_column: dict[str, dict[str, list[str]]] = {}
    for name, values in given.items():
        if not name.startswith("where."):
            continue
        column, _dot, test = name.removeprefix("where.").partition(".")
        if column not in subject.names:
            problems[name] = Problem(_("There is no column “%(name)s”.") % {"name": column}, values[-1])
            continue
        per_column.setdefault(column, {})[test] = values
    found = []
    for column, tests in per_column.items():
        condition, wrong = read_condition(subject.field(column), tests)
        problems.update({name: Problem(*facts) for name, facts in wrong.items()})
        found.append(condition)
    order = {one.name: at for at, one in enumerate(subject.fields)}
    return tuple(sorted((one for one in found if one.asks), key=lambda one: order[one.column]))


def _columns(given: Values, subject: Subject, problems: dict[str, Problem]) -> tuple[str, ...]:
    chosen = _listed(given, "columns")
    for name in chosen:
        if name not in subject.names:
            problems["columns"] = Problem(_("There is no column “%(name)s”.") % {"name": name}, name)
    kept = tuple(one.name for one in subject.fields if one.name in chosen)
    return () if len(kept) == len(subject.fields) else kept


def _groups(given: Values, subject: Subject, problems: dict[str, Problem]) -> tuple[Grouping, ...]:
    found: list[Grouping] = []
    for text in _listed(given, "group"):
        grouping, problem = _grouping(text, subject)
        if grouping is None:
            problems["group"] = Problem(problem, text)
        elif len(found) == MOST_GROUPS:
            problems["group"] = Problem(_("Group by two columns at most."), text)
        elif grouping not in found:
            found.append(grouping)
    return tuple(found)


def _grouping(text: str, subject: Subject) -> tuple[Grouping | None, str]:
    column, _dot, tail = text.partition(".")
    if column not in subject.names:
        return None, _("There is no column “%(name)s”.") % {"name": column}
    one = subject.field(column)
    way, _dash, step = tail.partition("-")
    if way not in {by.value for by in one.ways}:
        if way or not one.ways:
            return None, _("“%(title)s” cannot be grouped that way.") % {"title": one.title}
        way = one.ways[0].value
    if not step:
        return Grouping(column, By(way)), ""
    width = plain_number(step)
    if way != By.STEPS.value or width is None or float(width) <= 0:
        return None, _("“%(step)s” is no width of a step. Write a number above 0.") % {"step": step}
    return Grouping(column, By.STEPS, width), ""


def _measures(given: Values, subject: Subject, problems: dict[str, Problem]) -> tuple[Measure, ...]:
    written = [(how.value, column) for how in SUMMARIES for column in _listed(given, how.value)]
    for text in _listed(given, "measure"):
        how, _dot, column = text.partition(".")
        written.append((how, column))
    found: list[Measure] = []
    for how, column in dict.fromkeys(written):
        problem = _measure_problem(how, column, subject)
        if problem or len(found) == MOST_MEASURES:
            problems["measure"] = Problem(problem or _("Four summaries at most."), f"{how} {column}".strip())
        elif (how, column) != (How.COUNT.value, ""):
            found.append(Measure(How(how), column))
    return tuple(found)


def _measure_problem(how: str, column: str, subject: Subject) -> str:
    if how not in {*How}:
        return _("“%(how)s” is no way to summarise.") % {"how": how}
    if how == How.COUNT.value:
        return "" if not column else _("Rows are counted, not columns.")
    if column not in subject.names:
        return _("There is no column “%(name)s”.") % {"name": column}
    one = subject.field(column)
    if one.kind in NUMBERS or (how in {How.MINIMUM.value, How.MAXIMUM.value} and one.kind in {"date", "time"}):
        return ""
    return _("“%(title)s” holds no numbers to compute with.") % {"title": one.title}


def _show(given: Values, problems: dict[str, Problem]) -> Show:
    asked = _last(given, "show") or Show.TABLE.value
    if asked not in {*Show}:
        problems["show"] = Problem(_("An answer is shown as a table, a chart or a map."), asked)
        return Show.TABLE
    return Show(asked)


def _whole(given: Values, name: str, problems: dict[str, Problem], *, most: int) -> int:
    text = _last(given, name)
    if not text:
        return 0
    if text.isascii() and text.isdigit() and len(text) < 12 and 1 <= int(text) <= most:
        return int(text)
    problems[name] = Problem(_("“%(text)s” is no number from 1 up.") % {"text": text}, text)
    return 0


def _as_of(given: Values, problems: dict[str, Problem]) -> str:
    text = _last(given, "as_of")
    if text and not (_fits(text, date.fromisoformat) or _fits(text, datetime.fromisoformat)):
        problems["as_of"] = Problem(_("“%(text)s” is no day. Write one as 2026-07-01.") % {"text": text}, text)
        return ""
    return text


def _fits(text: str, reader: Callable[[str], object]) -> bool:
    try:
        reader(text)
    except ValueError:
        return False
    return True


def _vintage(given: Values, subject: Subject, problems: dict[str, Problem]) -> str:
    text = _last(given, "vintage")
    if not text or (text == "all" and subject.vintages):
        return text
    if text not in {one.value for one in subject.vintages}:
        problems["vintage"] = Problem(_("There is no edition “%(text)s”.") % {"text": text}, text)
        return ""
    return text


def _sort(text: str, choices: tuple[str, ...], subject: Subject, *, problems: dict[str, Problem]) -> Sort | None:
    on = text.removeprefix("-")
    if on in choices:
        return Sort(on, text.startswith("-"))
    # an order that fitted the question before is dropped without a word when rows become a summary, or the reverse
    if text and on.partition(".")[0] not in {*subject.names, *How}:
        problems["sort"] = Problem(_("The answer cannot be sorted by “%(text)s”.") % {"text": on}, text)
    return None


def _unknown(given: Values, problems: dict[str, Problem]) -> None:
    known = {*PLAIN, *(how.value for how in SUMMARIES)}
    for name in given:
        if name not in known and not name.startswith("where."):
            problems[""] = Problem(_("“%(name)s” is no choice on this page; it was left out.") % {"name": name}, name)
