"""The kind `measure`: a number over time, computed from a dataset, and what it should come to."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from cupola.folder.kinds.city import CityRecord
from cupola.folder.kinds.dataset import DatasetRecord
from cupola.folder.kinds.record import Fields, Kind, Record, Reference, items_of, text_of
from cupola.folder.kinds.values import (
    ColumnName,
    Count,
    Day,
    FilledText,
    Language,
    Says,
    Several,
    Slug,
    Text,
    Truth,
    one_of,
    wrong,
)
from cupola.folder.problems import FieldPath, Finding, show
from cupola.indicators import (
    Direction,
    GapOf,
    Grain,
    Measure,
    MeasureRefused,
    Milestone,
    Target,
    Unknown,
    check,
    refuse_gap,
)
from cupola.indicators.signals import TRIAL_BELOW
from cupola.periods import FiscalYears, Interval, NotADate, parse_day


def _one(noun: str, choices: type[Any]) -> Any:
    texts = tuple(str(choice) for choice in choices)
    return Annotated[str, one_of(noun, texts), Says(" \\| ".join(f"`{text}`" for text in texts))]


def _amount(value: Any) -> Any:
    number = getattr(value, "value", value)
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise wrong(f"{show(value)} is not a number", "write digits, as 0.9 or 1350000")
    return float(number)


def _breakdowns(value: Any) -> Any:
    """Read columns as a folder writes them: names, and lists of two names."""
    if isinstance(value, str):
        return ((str(value),),)
    if not isinstance(value, list | tuple):
        raise wrong(f"{show(value) or 'a mapping'} is not a list of columns", "write by: [ward, [ward, status]]")
    return tuple((one,) if isinstance(one, str) else tuple(one) if isinstance(one, list) else one for one in value)


Amount = Annotated[float, BeforeValidator(_amount), Says("number")]
Breakdowns = Annotated[
    tuple[tuple[FilledText, ...], ...], BeforeValidator(_breakdowns), Says("list of columns, or of lists of two")
]
Group = dict[ColumnName, FilledText]


class MilestoneFields(Fields):
    """What the value should be on a day of the way to the target."""

    on: Day = Field(description="The day.", examples=["2027-06-30"])
    value: Amount = Field(description="The value on it.", examples=[0.85])


class TargetFields(Fields):
    """What is aimed at: one value from a day on, or milestones with straight lines between them."""

    since: Day = Field(description="First day it holds; the next target for the same group ends it.")
    value: Amount | None = Field(None, description="The value aimed at.", examples=[0.9])
    milestones: Annotated[tuple[MilestoneFields, ...], Several] = Field(
        (), description="In place of one value: the way there, in the order of the days."
    )
    group: Group = Field(
        default_factory=dict, description="For one group only: its member by column.", examples=[{"ward": "5"}]
    )
    source: Text = Field("", description="Who set it, and where that is written.", examples=["Budget book 2026, p. 12"])

    def target(self) -> Target:
        """Return it as the engine takes it."""
        steps = tuple(Milestone(one.on, one.value) for one in self.milestones)
        return Target(self.since, self.value, steps, tuple(sorted(self.group.items())), self.source)


class UnknownFields(Fields):
    """Days for which the data cannot say what the value is."""

    since: Day | None = Field(None, description="First day. Left out: from the start.", examples=["2020-01-01"])
    until: Day | None = Field(None, description="First day on which it is known again.", examples=["2024-01-01"])
    reason: FilledText = Field(
        description="Why it cannot be known, for readers.", examples=["The department was merged with another."]
    )
    group: Group = Field(default_factory=dict, description="For one group only: its member by column.")


class GapFields(Fields):
    """Which groups a measure is the gap between: how far the highest is from the lowest."""

    of: Slug = Field(description="Key of the measure.", examples=["closed-on-time"])
    between: ColumnName = Field(description="One of the columns it is broken down by.", examples=["ward"])
    ratio: Truth = Field(False, description="How many times the lowest the highest is, in place of the difference.")
    fewest: Count = Field(
        1, description="Leave out groups whose value rests on fewer rows, which is mostly chance.", examples=[20]
    )


class StepFields(Fields):
    """A dated change of how things are done, from which the limits of the chart begin anew."""

    on: Day = Field(description="First day of the new way.", examples=["2023-07-01"])
    reason: FilledText = Field(description="What changed; it is written on the chart.", examples=["New form"])


class ChartFields(Fields):
    """How the control chart of a measure is drawn. Left out, its limits come from all its values."""

    steps: Annotated[tuple[StepFields, ...], Several] = Field((), description="From when limits begin anew, and why.")
    fixed_after: Count | None = Field(
        None, description="Fix the limits on this many first values after each step, 12 or more.", examples=[24]
    )
    screened: Truth = Field(
        True, description="Leave jumps of 3.267 times the mean step or more out of the limits, as NHS charts do."
    )


class EndedFields(Fields):
    """How a measure ended. Its page and its values stay."""

    on: Day = Field(description="Last day it was computed.", examples=["2026-06-30"])
    reason: FilledText = Field(description="Why, for readers.", examples=["The form it counted is gone."])
    successor: Slug | None = Field(None, description="Key of the measure that takes its place.")


class MeasureTranslation(Fields):
    """What people read, in another language. What is left out is shown as written above."""

    title: Text = Field("", description="Title.", examples=["Permisos emitidos"])
    description: Text = Field("", description="What it says and what it does not.")
    unit: Text = Field("", description="Unit.", examples=["permisos"])
    owner: Text = Field("", description="Office that answers for it.")
    source_note: Text = Field("", description="What to know about the data.")


class MeasureRecord(Record):
    """A number over time: an aggregate of a dataset, by period and group, with its direction and targets."""

    title: FilledText = Field(description="Title people see.", examples=["Complaints closed within five days"])
    description: Text = Field("", description="What it says and what it does not, for someone who has never seen it.")
    translations: dict[Language, MeasureTranslation] = Field(
        default_factory=dict, description="The same in other languages."
    )
    dataset: Slug = Field(description="Key of the dataset it is computed from.", examples=["service-requests"])
    value: Text = Field(
        "",
        description="One SQL aggregate: count(), count(distinct x), share(condition), sum(x), avg(x), median(x), "
        "percentile(x, 0.9), min(x), max(x), or a sum or count divided by another. Left out only of a gap.",
        examples=["share(days(opened_on, closed_on) <= 5)"],
    )
    filter: Text = Field("", description="SQL condition; only rows it holds for count.", examples=["status <> 'Dup'"])
    time_column: Text = Field("", description="Column that says when. Left out: the dataset's.", examples=["opened_on"])
    grain: _one("a grain", Grain) = Field(  # type: ignore[valid-type]
        description="How long a period is. `vintage`: each dated edition of the dataset is one.", examples=["month"]
    )
    gap: GapFields | None = Field(
        None, description="In place of a value: the gap between the groups of another measure, as one of its own."
    )
    by: Breakdowns = Field((), description="Columns to break it down by, beside the whole.", examples=[["ward"]])
    final_at: Annotated[str, one_of("a moment", ("start", "end")), Says("`start` \\| `end`")] = Field(
        "end",
        description="When the value of a period is whole: when it ends, or as with a budget when it begins.",
        examples=["start"],
    )
    revised_for_days: Count = Field(
        0,
        description="How many days after a period is whole its source still changes it. Until then its value is "
        "provisional, and a change of it no restatement.",
        examples=[45],
    )
    start: Day | None = Field(None, description="Leave out periods before this day.", examples=["2008-01-01"])
    unit: Text = Field("", description="Unit of the value.", examples=["days"])
    percent: Truth = Field(False, description="A share that is shown times 100, with a percent sign.", examples=[True])
    decimals: Count = Field(0, description="Digits after the point that are shown.", examples=[1])
    direction: _one("a direction", Direction) = Field(  # type: ignore[valid-type]
        "none", description="Which way is better.", examples=["up"]
    )
    owner: FilledText = Field(description="Office that answers for it.", examples=["Department of Buildings"])
    priority: Text = Field("", description="Priority it belongs to.", examples=["Clean streets"])
    targets: Annotated[tuple[TargetFields, ...], Several] = Field((), description="What is aimed at, dated.")
    unknown: Annotated[tuple[UnknownFields, ...], Several] = Field(
        (), description="When the data cannot say, and why. Such periods are shown as unknown."
    )
    source_note: Text = Field("", description="What to know about the data before reading the number.")
    chart: ChartFields | None = Field(None, description="How its control chart is drawn.")
    released: Truth = Field(False, description="The public may see it, once its dataset is public.", examples=[True])
    retired: EndedFields | None = Field(None, description="How it ended, when it has.")

    def measure(self) -> Measure:
        """Return it as the engine takes it."""
        return Measure(
            key=self.key,
            dataset=self.dataset,
            value=self.value,
            grain=Grain(self.grain),
            filter=self.filter,
            time_column=self.time_column,
            breakdowns=self.by,
            start=self.start,
            direction=Direction(self.direction),
            targets=tuple(one.target() for one in self.targets),
            unknown=tuple(_unknown(one) for one in self.unknown),
            gap=GapOf(self.gap.of, self.gap.between, self.gap.ratio, self.gap.fewest) if self.gap else None,
        )


def _unknown(fields: UnknownFields) -> Unknown:
    days = Interval(fields.since, fields.until)
    return Unknown(days, fields.reason, tuple(sorted(fields.group.items())))


class MeasureKind(Kind):
    """The kind `measure`."""

    name = "measure"
    model = MeasureRecord
    folder = "measures"
    says = "A number over time, computed from a dataset. One file each, in `measures/`."

    def check(self, data: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield the mistakes between fields."""
        for path, target in items_of(data, "targets"):
            yield from _check_target(path, target)
        yield from _check_chart(data.get("chart"))
        yield from _check_value(data)
        for path, one in items_of(data, "unknown"):
            since, until = _day(one, "since"), _day(one, "until")
            if since and until and until <= since:
                message = f"{until} is not after 'since: {since}'"
                yield Finding((*path, "until"), str(until), message, "write the first day on which it is known again")

    def references(self, data: Mapping[str, Any]) -> Iterator[Reference]:
        """Yield the dataset, the measure it is a gap of, and the measure that takes its place."""
        if text_of(data, "dataset"):
            yield Reference(("dataset",), "dataset", text_of(data, "dataset"))
        if text_of(data.get("gap"), "of"):
            yield Reference(("gap", "of"), "measure", text_of(data["gap"], "of"))
        successor = text_of(data.get("retired"), "successor")
        if successor:
            yield Reference(("retired", "successor"), "measure", successor)

    def check_beside(self, record: Record, others: Mapping[tuple[str, str], Record]) -> Iterator[Finding]:
        """Yield what does not fit the dataset's columns."""
        assert isinstance(record, MeasureRecord)
        if record.gap is not None:
            yield from _check_gap(record.measure(), others.get(("measure", record.gap.of)))
            return
        dataset = others.get(("dataset", record.dataset))
        if not isinstance(dataset, DatasetRecord) or not dataset.columns:
            return
        cities = [one for one in others.values() if isinstance(one, CityRecord)]
        years = FiscalYears.parse(cities[0].fiscal_year_start) if cities else FiscalYears()
        zone = cities[0].time_zone if cities else "UTC"
        measure = record.measure()
        try:
            check(measure, dataset.contract(zone=zone), fiscal_years=years)
        except MeasureRefused as error:
            yield Finding((error.field,), error.value, error.problem, error.remedy)
        for path, name in _group_columns(record):
            if name not in {column for columns in measure.breakdowns for column in columns}:
                message = f"{show(name)} is not a column the measure is broken down by"
                yield Finding(path, name, message, f"write it under 'by:', as by: [{name}]")

    def written(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields with breakdowns of one column as its name."""
        if "by" not in fields:
            return dict(fields)
        return {**fields, "by": [one[0] if len(one) == 1 else list(one) for one in fields["by"]]}


def _group_columns(record: MeasureRecord) -> Iterator[tuple[FieldPath, str]]:
    for at, target in enumerate(record.targets):
        yield from ((("targets", at, "group", column), column) for column in target.group)
    for at, one in enumerate(record.unknown):
        yield from ((("unknown", at, "group", column), column) for column in one.group)


def _check_value(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what a gap must not say, and that what is no gap needs a value."""
    gap = data.get("gap")
    if gap is None and not text_of(data, "value"):
        yield Finding(("value",), None, "is missing", "write an aggregate as count(), or 'gap:' for a gap of groups")
    if gap is None:
        return
    fewest = getattr(gap.get("fewest"), "value", gap.get("fewest")) if isinstance(gap, Mapping) else None
    if fewest == 0:
        yield Finding(("gap", "fewest"), "0", "groups of no rows have no value", "write 1 or more, or leave it out")
    for name in ("value", "filter", "time_column", "by", "start"):
        if data.get(name) not in (None, ""):
            message = f"a gap has no '{name}' of its own"
            yield Finding((name,), text_of(data, name), message, "leave it out; that of the measure it is of counts")


def _check_gap(gap: Measure, of: Record | None) -> Iterator[Finding]:
    if not isinstance(of, MeasureRecord):
        return
    try:
        refuse_gap(gap, of.measure())
    except MeasureRefused as error:
        yield Finding(tuple(error.field.split(".")), error.value, error.problem, error.remedy)


def _check_target(path: FieldPath, target: Mapping[str, Any]) -> Iterator[Finding]:
    steps = items_of(target, "milestones")
    if bool(steps) == (target.get("value") is not None):
        message = "a target has one value or milestones"
        yield Finding(path, None, message, "write 'value: 0.9', or 'milestones:' with a day and a value each")
    days = [_day(one, "on") for _path, one in steps]
    for (where, _one), before, day in zip(steps[1:], days, days[1:], strict=False):
        if before and day and day <= before:
            remedy = "put them in the order of their days"
            yield Finding((*path, *where, "on"), str(day), f"{day} is not after the milestone before it", remedy)


def _check_chart(chart: Any) -> Iterator[Finding]:
    given = chart.get("fixed_after") if isinstance(chart, Mapping) else None
    count = getattr(given, "value", given)
    if isinstance(count, int) and count < TRIAL_BELOW:
        message = f"limits fixed on {count} values would not hold"
        yield Finding(("chart", "fixed_after"), str(count), message, f"write {TRIAL_BELOW} or more, or leave it out")


def _day(data: Mapping[str, Any], name: str) -> date | None:
    value = data.get(name)
    if isinstance(value, date):
        return value
    try:
        return parse_day(text_of(data, name))
    except NotADate:
        return None
