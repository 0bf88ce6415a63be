"""The controls of the page: what can be chosen, what is chosen, and what was wrong with a choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cupola.web.data.queries.exploring.address import parameters
from cupola.web.data.queries.exploring.conditions import TESTS
from cupola.web.data.queries.exploring.exploration import COUNT, By, Condition, Exploration, Grouping, How, Measure
from cupola.web.data.queries.exploring.fields import DATES, NUMBERS, Field, Kind, Offered, Subject
from cupola.web.data.queries.exploring.moments import LAST_12_MONTHS, LAST_YEAR, THIS_YEAR
from cupola.web.data.queries.exploring.reading import MOST_GROUPS, MOST_MEASURES, Problem, Reading, sortable
from cupola.web.data.queries.exploring.sentences import grouping_words, measure_words, value_words
from cupola.web.data.queries.rows import NUMBERS as NUMBER_TYPES


@dataclass(frozen=True)
class Choice:
    """One thing that can be chosen. `count`: how many rows have it, where counted."""

    value: str
    label: str
    chosen: bool = False
    count: int | None = None
    hint: str = ""


@dataclass(frozen=True)
class Control:
    """The filter of one column. `problems`: what is wrong, by test. `picks`: values offered; `periods`: of a date."""

    field: Field
    condition: Condition
    picks: tuple[Choice, ...]
    periods: tuple[Choice, ...]
    empties: tuple[Choice, ...]
    problems: Mapping[str, Problem]

    @property
    def open(self) -> bool:
        """Whether it is shown unfolded: something is chosen, or wrong."""
        return self.condition.asks or bool(self.problems)

    @property
    def name(self) -> str:
        """Return what its parameters begin with."""
        return f"where.{self.field.name}"

    @property
    def tests(self) -> tuple[str, ...]:
        """Return the tests it offers."""
        return TESTS[self.field.kind]

    @property
    def is_number(self) -> bool:
        """Whether it holds numbers."""
        return self.field.kind in NUMBERS

    @property
    def is_date(self) -> bool:
        """Whether it holds dates."""
        return self.field.kind in DATES

    @property
    def takes_other(self) -> bool:
        """Whether a value that is not offered may be typed."""
        return self.is_number or (self.field.kind is Kind.TEXT and not self.field.complete)

    @property
    def other(self) -> str:
        """Return what stands in the control of another value: only what was wrong there."""
        return self._given("", "")

    @property
    def wrong_from(self) -> bool:
        """Whether the lower end is wrong."""
        return "from" in self.problems

    @property
    def wrong_to(self) -> bool:
        """Whether the upper end is wrong."""
        return "to" in self.problems

    def _given(self, test: str, otherwise: str) -> str:
        """Return what stands in a control: what was given there, right or wrong."""
        wrong = self.problems.get(test)
        return wrong.given if wrong else otherwise

    @property
    def since(self) -> str:
        """Return what stands in the control of the lower end."""
        return self._given("from", self.condition.since)

    @property
    def until(self) -> str:
        """Return what stands in the control of the upper end."""
        return self._given("to", self.condition.until)


@dataclass(frozen=True)
class Select:
    """A list to choose one from."""

    label: str
    name: str
    choices: tuple[tuple[str, tuple[Choice, ...]], ...]


def controls(reading: Reading, subject: Subject, offered: Mapping[str, Sequence[Offered]]) -> tuple[Control, ...]:
    """Return one filter per column. `offered`: values to pick of a column, where more are known than the profile's."""
    return tuple(
        _control(one, reading, offered.get(one.name, one.offered)) for one in subject.fields if TESTS[one.kind]
    )


def _control(field: Field, reading: Reading, offered: Sequence[Offered]) -> Control:
    condition = reading.exploration.condition(field.name)
    prefix = f"where.{field.name}"
    problems = {
        name.removeprefix(prefix).removeprefix("."): problem
        for name, problem in reading.problems.items()
        if name == prefix or name.startswith(f"{prefix}.")
    }
    return Control(
        field=field,
        condition=condition,
        picks=_picks(field, condition, offered),
        periods=_periods(field, condition) if field.kind in DATES else (),
        empties=tuple(
            Choice(value, label, chosen=condition.empty is meant)
            for value, label, meant in (("", _("with or without a value"), None), ("no", _("only with a value"), False),
                                        ("yes", _("only without a value"), True))
        ),
        problems=problems,
    )  # fmt: skip


def _picks(field: Field, condition: Condition, offered: Sequence[Offered]) -> tuple[Choice, ...]:
    if field.kind is Kind.BOOLEAN:
        return tuple(Choice(word, value_words(field, word), word in condition.values) for word in ("yes", "no"))
    found = [Choice(one.value, one.label, one.value in condition.values, one.count, one.hint) for one in offered]
    known = {one.value for one in offered}
    other = [Choice(value, value, True) for value in condition.values if value not in known]
    return (*other, *found)


def _periods(field: Field, condition: Condition) -> tuple[Choice, ...]:
    named = [(LAST_YEAR, _("last year")), (LAST_12_MONTHS, _("last 12 months")), (THIS_YEAR, _("this year"))]
    years = [(f"{year:04d}", f"{year:04d}") for year in field.years]
    known = [("", _("any time")), *named, *years]
    if condition.period not in {value for value, _label in known}:
        known.append((condition.period, condition.period))
    return tuple(Choice(value, label, value == condition.period) for value, label in known)


def group_selects(asked: Exploration, subject: Subject) -> tuple[Select, ...]:
    """Return the lists to group by: the first, and a second."""
    labels = (_("Group by"), _("and by"))
    return tuple(
        Select(labels[at], "group", _group_choices(subject, asked.groups[at] if at < len(asked.groups) else None))
        for at in range(MOST_GROUPS)
    )


def _group_choices(subject: Subject, chosen: Grouping | None) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    found: list[tuple[str, tuple[Choice, ...]]] = [("", (Choice("", _("nothing"), chosen is None),))]
    simple = []
    for one in subject.fields:
        ways = [_way(one, by, chosen, subject=subject) for by in one.ways]
        if one.ways == (By.VALUE,):
            simple += ways
        elif ways:
            found.append((one.title, tuple(ways)))
    return (*found[:1], (_("Columns"), tuple(simple)), *found[1:]) if simple else tuple(found)


def _way(one: Field, by: By, chosen: Grouping | None, *, subject: Subject) -> Choice:
    mine = chosen is not None and (chosen.column, chosen.by) == (one.name, by)
    # the width of a step that the address names is kept as long as the same steps are chosen
    written = chosen.written if mine and chosen else Grouping(one.name, by).written
    return Choice(written, grouping_words(Grouping(one.name, by), subject), mine)


def measure_selects(asked: Exploration, subject: Subject) -> tuple[Select, ...]:
    """Return the lists of summaries: one per summary chosen and one more."""
    count = min(len(asked.measures) + 1, MOST_MEASURES)
    chosen = [*asked.measures, *([None] * (count - len(asked.measures)))]
    labels = [_("Summarise")] + [_("and also")] * (count - 1)
    return tuple(
        Select(label, "measure", _measure_choices(subject, one, first=at == 0))
        for at, (label, one) in enumerate(zip(labels, chosen, strict=True))
    )


def _measure_choices(
    subject: Subject, chosen: Measure | None, *, first: bool
) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    nothing = Choice("", _("number of rows") if first else _("nothing more"), chosen is None)
    found: list[tuple[str, tuple[Choice, ...]]] = [("", (nothing,))]
    for one in subject.fields:
        hows = [how for how in How if how is not How.COUNT] if one.kind in NUMBERS else []
        hows = [How.MINIMUM, How.MAXIMUM] if one.kind in DATES else hows
        choices = tuple(
            Choice(measure.written, measure_words(measure, subject), measure == chosen)
            for measure in (Measure(how, one.name) for how in hows)
        )
        if choices:
            found.append((one.title, choices))
    return tuple(found)


def sort_select(asked: Exploration, subject: Subject) -> Select:
    """Return the list of orders."""
    current = asked.sort.written if asked.sort else ""
    found = [Choice("", _("as usual"), not current)]
    for on in sortable(asked, subject):
        title, (up, down) = _sort_words(on, asked, subject)
        found.append(Choice(on, f"{title}: {up}", current == on))
        found.append(Choice(f"-{on}", f"{title}: {down}", current == f"-{on}"))
    return Select(_("Sort by"), "sort", (("", tuple(found)),))


def _sort_words(on: str, asked: Exploration, subject: Subject) -> tuple[str, tuple[str, str]]:
    letters, sizes = (_("A to Z"), _("Z to A")), (_("smallest first"), _("largest first"))
    grouping = next((one for one in asked.groups if one.written == on), None)
    measure = next((one for one in (COUNT, *asked.measures) if one.written == on), None) if asked.summarises else None
    if measure is not None:
        return measure_words(measure, subject), sizes
    field = subject.field(grouping.column if grouping else on)
    title = grouping_words(grouping, subject) if grouping else field.title
    if field.kind in DATES:
        return title, (_("oldest first"), _("newest first"))
    return title, sizes if field.type in NUMBER_TYPES else letters


def column_choices(asked: Exploration, subject: Subject) -> tuple[Choice, ...]:
    """Return the columns to show."""
    return tuple(Choice(one.name, one.title, not asked.columns or one.name in asked.columns) for one in subject.fields)


def kept(asked: Exploration) -> tuple[tuple[str, str], ...]:
    """Return what the form must carry along because no control of it shows it."""
    return tuple((name, value) for name, value in parameters(asked) if name in {"show", "as_of", "version"})
