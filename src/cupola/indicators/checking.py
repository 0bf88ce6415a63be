"""A measure beside the contract of its dataset: every expression read, every column there, every type right."""

from dataclasses import dataclass

from sqlglot import exp

from cupola.contracts import VINTAGE, Contract
from cupola.errors import InvalidInput
from cupola.indicators.definition import MOST_COLUMNS, Grain, Measure
from cupola.indicators.expressions import ExpressionRefused, Formula, Schema, Sort, nodes, read_condition, read_value
from cupola.indicators.expressions.scalars import local_day
from cupola.periods import FiscalYears

_MEMBERS = frozenset({Sort.TEXT, Sort.TRUTH, Sort.INTEGER})
_UNITS = {Grain.WEEK: "WEEK", Grain.MONTH: "MONTH", Grain.QUARTER: "QUARTER", Grain.YEAR: "YEAR"}


class MeasureRefused(InvalidInput):
    """A measure does not fit its dataset. `field`: which of its fields; `remedy`: what to write instead."""

    def __init__(self, *, measure: str, field: str, value: str, problem: str, remedy: str) -> None:
        self.measure, self.field, self.value, self.problem, self.remedy = measure, field, value, problem, remedy
        super().__init__(f"measure {measure}: {field}: {problem}; {remedy}")


@dataclass(frozen=True)
class Checked:
    """A measure that fits its dataset. `period`: tree of the first day of a row's period; `day`: of its day, or None.

    `time`: the column it goes by; `local`: it holds local time, as days and timestamps do and instants do not.
    `columns`: all it reads. `of`: of a gap, the measure it is between the groups of; see `gaps`.
    """

    measure: Measure
    formula: Formula
    period: exp.Expr
    time: str
    local: bool
    filter: exp.Expr | None
    day: exp.Expr | None
    columns: frozenset[str]
    definition: str
    of: "Checked | None" = None

    @property
    def all_vintages(self) -> bool:
        """Whether it reads all dated editions of its dataset, not only the latest."""
        return self.time == VINTAGE


def check(measure: Measure, contract: Contract, *, fiscal_years: FiscalYears) -> Checked:
    """Return the measure with its expressions read. Raises MeasureRefused."""
    schema = Schema.of(measure.dataset, contract)
    work = _Check(measure, schema, fiscal_years)
    formula, condition = work.formula(), work.condition()
    time = measure.time_column or (VINTAGE if measure.grain is Grain.VINTAGE else contract.time_column)
    period, day = work.period(time)
    work.check_breakdowns()
    read = formula.columns() | {time} | {name for columns in measure.breakdowns for name in columns}
    if condition is not None:
        read |= {found.name for found in condition.find_all(exp.Column)}
    definition = measure.fingerprint(fiscal_years)
    local = schema.sort(time) in {Sort.DATE, Sort.TIMESTAMP}
    return Checked(measure, formula, period, time, local, condition, day, frozenset(read), definition)


@dataclass(frozen=True)
class _Check:
    measure: Measure
    schema: Schema
    fiscal_years: FiscalYears

    def refused(self, field: str, value: str, problem: str, *, remedy: str) -> MeasureRefused:
        return MeasureRefused(measure=self.measure.key, field=field, value=value, problem=problem, remedy=remedy)

    def formula(self) -> Formula:
        try:
            return read_value(self.measure.value, self.schema)
        except ExpressionRefused as error:
            raise self.refused("value", error.text or self.measure.value, error.problem, remedy=error.remedy) from error

    def condition(self) -> exp.Expr | None:
        if not self.measure.filter:
            return None
        try:
            return read_condition(self.measure.filter, self.schema)
        except ExpressionRefused as error:
            raise self.refused(
                "filter", error.text or self.measure.filter, error.problem, remedy=error.remedy
            ) from error

    def period(self, time: str) -> tuple[exp.Expr, exp.Expr | None]:
        """Return the trees of the first day of a row's period, and of its day."""
        if not time:
            remedy = "name a column of dates, timestamps or years"
            raise self.refused(
                "time_column", "", f"'{self.measure.dataset}' has no time column of its own", remedy=remedy
            )
        try:
            sort = self.schema.sort(time)
        except ExpressionRefused as error:
            raise self.refused("time_column", time, error.problem, remedy=error.remedy) from error
        if (self.measure.grain is Grain.VINTAGE) != (time == VINTAGE):
            problem = f"the grain '{self.measure.grain}' does not go with the time column '{time}'"
            remedy = "write both as 'vintage'" if self.schema.vintaged else "name a column of dates and another grain"
            raise self.refused("grain", str(self.measure.grain), problem, remedy=remedy)
        if sort is Sort.INTEGER:
            return self._years(time), None
        if sort not in {Sort.DATE, Sort.TIMESTAMP, Sort.INSTANT}:
            remedy = "name a column of dates, timestamps or years"
            raise self.refused(
                "time_column", time, f"'{time}' is {sort.said}, which says nothing of when", remedy=remedy
            )
        day = local_day(exp.column(time), self.schema).tree
        return first_day(day, self.measure.grain, fiscal_years=self.fiscal_years), day

    def _years(self, time: str) -> exp.Expr:
        if self.measure.grain not in {Grain.YEAR, Grain.FISCAL_YEAR}:
            problem = f"'{time}' holds whole numbers, which are read as years"
            remedy = "write grain: year or fiscal_year, or name a column of dates"
            raise self.refused("grain", str(self.measure.grain), problem, remedy=remedy)
        return _year_start(nodes.column(time), self.measure.grain, fiscal_years=self.fiscal_years)

    def check_breakdowns(self) -> None:
        for columns in self.measure.breakdowns:
            if not 1 <= len(columns) <= MOST_COLUMNS or len(set(columns)) != len(columns):
                remedy = "write one column, or two as [ward, status]"
                raise self.refused("by", ", ".join(columns), f"{len(columns)} columns cannot be crossed", remedy=remedy)
            for name in columns:
                self._check_member(name)

    def _check_member(self, name: str) -> None:
        try:
            sort = self.schema.sort(name)
        except ExpressionRefused as error:
            raise self.refused("by", name, error.problem, remedy=error.remedy) from error
        if sort not in _MEMBERS:
            remedy = "name a column of text, codes, whole numbers or true and false"
            raise self.refused(
                "by", name, f"'{name}' is {sort.said}, which has too many values to compare", remedy=remedy
            )


def first_day(day: exp.Expr, grain: Grain, *, fiscal_years: FiscalYears) -> exp.Expr:
    """Return the tree of the first day of the period that holds `day`."""
    if grain in {Grain.DAY, Grain.VINTAGE}:
        return day
    if grain in _UNITS:
        return nodes.cast(exp.TimestampTrunc(this=day, unit=exp.var(_UNITS[grain])), "DATE")
    begun = exp.DateFromParts(year=exp.Year(this=day), month=_number(fiscal_years.month), day=_number(fiscal_years.day))
    before = exp.DateFromParts(
        year=exp.Sub(this=exp.Year(this=day.copy()), expression=nodes.number(1)),
        month=_number(fiscal_years.month),
        day=_number(fiscal_years.day),
    )
    started = exp.If(this=exp.GTE(this=day.copy(), expression=begun), true=begun.copy())
    return exp.Case(ifs=[started], default=before)


def _year_start(year: exp.Expr, grain: Grain, *, fiscal_years: FiscalYears) -> exp.Expr:
    years = fiscal_years if grain is Grain.FISCAL_YEAR else FiscalYears()
    earlier = (years.month, years.day) != (1, 1)  # a fiscal year is named after the calendar year in which it ends
    first: exp.Expr = exp.Sub(this=year.copy(), expression=nodes.number(1)) if earlier else year.copy()
    start = exp.DateFromParts(year=first, month=_number(years.month), day=_number(years.day))
    real = exp.Between(this=year, low=nodes.number(1), high=nodes.number(9999))
    return exp.Case(ifs=[exp.If(this=real, true=start)])


def _number(value: int) -> exp.Literal:
    return nodes.number(value)
