"""Measures: expressions read and refused, statements shared, values kept, targets and unknown days."""

from datetime import date

import pyarrow as pa
import pytest

from cupola import indicators
from cupola.contracts import Column, ColumnType, Contract
from cupola.indicators import Grain, Measure, MeasureRefused, Milestone, Shape, Target, Unknown
from cupola.periods import FiscalYears, Interval

CONTRACT = Contract(
    columns=(
        Column("opened_on", ColumnType.DATE),
        Column("closed_on", ColumnType.DATE),
        Column("closed_at", ColumnType.TIMESTAMP),
        Column("status", ColumnType.CODE, allowed=(("Open", ""), ("Closed", ""))),
        Column("ward", ColumnType.TEXT),
        Column("cost", ColumnType.MONEY),
        Column("year", ColumnType.INTEGER),
        Column("shape", ColumnType.GEOMETRY),
    ),
    time_column="opened_on",
)
YEARS = FiscalYears()


def measure(value: str = "count()", **fields: object) -> Measure:
    return Measure(**{"key": "one", "dataset": "requests", "value": value, "grain": Grain.MONTH, **fields})  # type: ignore[arg-type]


def check(one: Measure) -> indicators.Checked:
    return indicators.check(one, CONTRACT, fiscal_years=YEARS)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("median(clsed_on)", "value: 'clsed_on' is not a column of 'requests'; did you mean 'closed_on'?"),
        ("share(status = 'Closd')", "value: 'Closd' is not a value of 'status'; did you mean 'Closed'?"),
        ("share(cost)", "'cost' is an exact number where a condition must stand"),
        ("median(closed_on)", "'closed_on' is a date, not a number; write days(a, b)"),
        ("median(days(opened_on, closed_at))", "give it two dates or two timestamps"),
        ("sum(shape)", "'shape' is not a column"),
        ("closed_on", "'closed_on' is a value of one row; write an aggregate"),
        ("avg(cost) / count()", "cannot be divided; divide sums and counts only"),
        ("percentile(cost, 90)", "write it from 0 to 1"),
        ("mean(cost)", "'MEAN(cost)' is not an aggregate"),
        ("sum(cost) over ()", "is not among the tested functions"),
        ("count((select 1))", "is not among the tested functions"),
        ("sum(cost", "cannot be read"),
        ("count() filter (where ward = 5)", "they cannot be compared"),
        ("share(ward = 'a\\b')", "a text holds a backslash"),
    ],
)
def test_what_cannot_be_computed_is_refused_with_what_to_write(value: str, says: str) -> None:
    with pytest.raises(MeasureRefused) as refused:
        check(measure(value))
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"time_column": "ward"}, "time_column: 'ward' is a text"),
        ({"time_column": "year"}, "grain: 'year' holds whole numbers"),
        ({"grain": Grain.VINTAGE}, "time_column: 'vintage' is not a column"),
        ({"breakdowns": (("cost",),)}, "by: 'cost' is an exact number"),
        ({"breakdowns": (("ward", "status", "year"),)}, "by: 3 columns cannot be crossed"),
        ({"filter": "count() > 1"}, "filter: 'COUNT()' aggregates rows"),
    ],
)
def test_every_field_is_checked_against_the_contract(fields: dict[str, object], says: str) -> None:
    with pytest.raises(MeasureRefused) as refused:
        check(measure(**fields))
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("value", "shape", "empty_is_zero"),
    [
        ("count()", Shape.COUNT, True),
        ("count(distinct ward)", Shape.DISTINCT, True),
        ("share(closed_on <= '2026-01-01')", Shape.SHARE, False),
        ("count() filter (where status = 'Open') / count()", Shape.SHARE, False),
        ("sum(cost) / count()", Shape.RATIO, False),
        ("avg(cost)", Shape.MEAN, False),
        ("median(days(opened_on, closed_on))", Shape.QUANTILE, False),
    ],
)
def test_what_kind_of_value_it_is_follows_from_the_expression(value: str, shape: Shape, empty_is_zero: bool) -> None:
    found = check(measure(value)).formula.shape
    assert (found, found.empty_is_zero) == (shape, empty_is_zero)


def test_measures_of_one_grain_share_one_statement_and_equal_aggregates() -> None:
    several = [
        measure(breakdowns=(("ward",),)),
        measure("share(status = 'Open')", key="two", breakdowns=(("ward",), ("ward", "status"))),
        measure("avg(cost)", key="three", filter="status = 'Open'"),
        measure(key="four", grain=Grain.YEAR),
    ]
    found = list(indicators.statements([check(one) for one in several]))
    assert [(one.grain, len(one.outputs)) for one in found] == [(Grain.MONTH, 3), (Grain.YEAR, 1)]
    assert found[0].tree.sql().count("COUNT(*)") == 2  # of all rows, and of those that are open
    assert [found[0].mask(by) for by in ((), ("ward",), ("ward", "status"))] == [3, 1, 0]


def test_the_hash_of_a_definition_follows_what_decides_values_and_not_its_words() -> None:
    one = measure("share(status =  'Open')", breakdowns=(("ward",),))
    same = measure("share(status = 'Open')", breakdowns=(("ward",),), targets=(Target(date(2026, 1, 1), 0.5),))
    other = measure("share(status = 'Open')", breakdowns=(("ward",),), filter="ward = '5'")
    assert one.fingerprint(YEARS) == same.fingerprint(FiscalYears(7, 1))
    assert one.fingerprint(YEARS) != other.fingerprint(YEARS)


def test_a_target_follows_its_milestones_and_each_group_has_its_own() -> None:
    steps = (Milestone(date(2026, 1, 1), 0.5), Milestone(date(2026, 1, 11), 0.7))
    one = measure(
        targets=(
            Target(date(2025, 1, 1), 0.4),
            Target(date(2026, 1, 1), milestones=steps),
            Target(date(2025, 1, 1), 0.9, group=(("ward", "5"),)),
        )
    )
    days = (date(2024, 12, 31), date(2025, 6, 1), date(2026, 1, 6), date(2027, 1, 1))
    assert [one.target_on(day) for day in days] == [None, 0.4, pytest.approx(0.6), 0.7]
    assert [one.target_on(days[2], {"ward": member}) for member in ("5", "6")] == [0.9, None]


def test_a_period_that_shares_a_day_with_unknown_days_is_unknown_with_its_reason() -> None:
    merged = Unknown(Interval(date(2020, 1, 1), date(2024, 1, 1)), "merged")
    one = measure(unknown=(merged, Unknown(Interval(), "closed", group=(("ward", "5"),))))
    years = [Interval(date(year, 1, 1), date(year + 1, 1, 1)) for year in (2019, 2020, 2023, 2024)]
    assert [one.unknown_why(year) for year in years] == ["", "merged", "merged", ""]
    assert one.unknown_why(years[0], {"ward": "5"}) == "closed"


@pytest.mark.parametrize(
    ("grain", "since", "until", "name"),
    [
        (Grain.DAY, "2026-05-14", "2026-05-15", "2026-05-14"),
        (Grain.WEEK, "2026-05-11", "2026-05-18", "2026-W20"),
        (Grain.MONTH, "2026-05-01", "2026-06-01", "2026-05"),
        (Grain.QUARTER, "2026-04-01", "2026-07-01", "2026-Q2"),
        (Grain.YEAR, "2026-01-01", "2027-01-01", "2026"),
        (Grain.FISCAL_YEAR, "2025-07-01", "2026-07-01", "FY2026"),
    ],
)
def test_a_day_lies_in_one_period_of_each_grain(grain: Grain, since: str, until: str, name: str) -> None:
    years = FiscalYears(7, 1)
    period = indicators.period_of(date(2026, 5, 14), grain, fiscal_years=years)
    assert (str(period.since), str(period.until)) == (since, until)
    assert period.since is not None
    assert indicators.name_of(period.since, grain, fiscal_years=years) == name


def values(*rows: tuple[str, float | None, int]) -> pa.Table:
    """A table of values of one measure: member, value, n."""
    schema = {"measure": "m", "by": "ward", "by_2": "", "member_2": ""}
    return pa.table(
        {
            **{name: pa.array([text] * len(rows), pa.string()) for name, text in schema.items()},
            "period": pa.array([date(2026, 1, 1)] * len(rows), pa.date32()),
            "until": pa.array([date(2026, 2, 1)] * len(rows), pa.date32()),
            "member": pa.array([row[0] for row in rows], pa.string()),
            "value": pa.array([row[1] for row in rows], pa.float64()),
            "n": pa.array([row[2] for row in rows], pa.int64()),
        }
    )


def test_changes_are_what_differs_beyond_the_last_bits() -> None:
    before = values(("1", 0.3, 10), ("2", 5.0, 4), ("3", 7.0, 2), ("5", None, 3))
    after = values(("1", 0.1 + 0.2, 10), ("2", 6.0, 5), ("4", 1.0, 1), ("5", None, 3))
    found = indicators.changes(before, after)
    assert [(one.group[0][1], one.before, one.after, one.n_before, one.n_after) for one in found] == [
        ("2", 5.0, 6.0, 4, 5),
        ("3", 7.0, None, 2, 0),
        ("4", None, 1.0, 0, 1),
    ]


def days_of(*, without: tuple[int, ...] = (), rows: int = 20, weekends: bool = True) -> dict[date, int]:
    start = date(2026, 1, 5).toordinal()  # a Monday
    days = [date.fromordinal(start + at) for at in range(140) if at not in without]
    return {day: rows for day in days if weekends or day.weekday() < 5}


def test_an_empty_day_of_a_feed_that_never_rests_is_missing() -> None:
    through = date(2026, 5, 25)
    assert indicators.missing_days(days_of(), through=through) == ()
    assert indicators.missing_days(days_of(without=(37,)), through=through) == (date(2026, 2, 11),)
    assert indicators.missing_days(days_of(), through=date(2026, 5, 27)) == (date(2026, 5, 25), date(2026, 5, 26))


def test_weekends_at_rest_and_small_feeds_raise_no_alarm() -> None:
    through = date(2026, 5, 25)
    assert indicators.missing_days(days_of(weekends=False), through=through) == ()
    assert indicators.missing_days(days_of(without=(37,), rows=3), through=through) == ()
    assert indicators.missing_days({}, through=through) == ()


WARDS = measure("avg(cost)", breakdowns=(("ward",), ("status",)), unknown=(
    Unknown(Interval(date(2026, 3, 1), date(2026, 4, 1)), "Moved", (("ward", "2"),)),
))  # fmt: skip


def gap_of(**rule: object) -> Measure:
    given: dict[str, object] = {"measure": "one", "between": "ward", **rule}
    return Measure("apart", "requests", "", Grain.MONTH, gap=indicators.GapOf(**given))  # type: ignore[arg-type]


def by_ward(month: int, **wards: tuple[float | None, int]) -> list[dict[str, object]]:
    period, until = date(2026, month, 1), date(2026, month + 1, 1)
    same = {"measure": "one", "period": period, "until": until, "by": "ward", "by_2": "", "member_2": ""}
    fixed = {"numerator": None, "denominator": None, "dataset_version": 1, "definition": "d"}
    named = [(name.strip("w"), value, n) for name, (value, n) in wards.items()]
    return [{**same, **fixed, "member": name, "value": value, "n": n} for name, value, n in named]


def widths(rule: Measure, *, hidden: frozenset[tuple[date, tuple[str, ...]]] = frozenset()) -> dict[int, float | None]:
    rows = [
        *by_ward(1, w1=(8.0, 30), w2=(2.0, 30), w3=(1.0, 3), w=(99.0, 30)),
        *by_ward(2, w1=(8.0, 30), w2=(None, 0)),
        *by_ward(3, w1=(8.0, 30), w2=(2.0, 30), w3=(4.0, 30)),
        *by_ward(4, w1=(8.0, 30), w2=(0.0, 30)),
    ]
    table = pa.Table.from_pylist(rows, schema=indicators.values.SCHEMA)
    gap = indicators.check_gap(rule, check(WARDS), threshold=0)
    found = indicators.gap_rows(gap, table, hidden=hidden).to_pylist()
    assert {one["by"] for one in found} == {""}
    return {one["period"].month: one["value"] for one in found}


def test_a_gap_is_between_the_groups_that_are_known_large_enough_and_not_hidden() -> None:
    assert widths(gap_of()) == {1: 7.0, 3: 4.0, 4: 8.0}
    assert widths(gap_of(fewest=20)) == {1: 6.0, 3: 4.0, 4: 8.0}
    assert widths(gap_of(ratio=True)) == {1: 8.0, 3: 2.0, 4: None}
    assert widths(gap_of(), hidden=frozenset({(date(2026, 1, 1), ("3",)), (date(2026, 4, 1), ("2",))})) == {
        1: 6.0,
        3: 4.0,
    }


def test_what_decides_a_gap_is_part_of_its_definition() -> None:
    of = check(WARDS)
    kinds = [indicators.check_gap(gap_of(fewest=few), of, threshold=low).definition for few in (1, 2) for low in (0, 5)]
    assert len(set(kinds)) == 4


@pytest.mark.parametrize(
    ("rule", "of", "says"),
    [
        ({"between": "cost"}, WARDS, "gap.between: 'one' is not broken down by 'cost'; name one of ward, status"),
        ({}, measure(), "'one' is not broken down by 'ward'; write by: [ward] in one"),
        ({}, measure(grain=Grain.WEEK, breakdowns=(("ward",),)), "'month' is not that of 'one'; write grain: week"),
        ({}, gap_of(measure="first"), "'one' is a gap itself; name the measure that one is the gap of: first"),
    ],
)
def test_a_gap_of_no_such_groups_is_refused(rule: dict[str, object], of: Measure, says: str) -> None:
    with pytest.raises(MeasureRefused) as refused:
        indicators.refuse_gap(gap_of(**rule), of)
    assert says in str(refused.value)


def test_a_column_has_vanished_when_values_that_used_to_come_stopped() -> None:
    assert indicators.has_vanished([(100, 90), (100, 95), (40, 0)])
    assert indicators.has_vanished([(100, 90), (100, 0), (3, 0)])
    assert indicators.has_vanished([(100, 0)])
    assert not indicators.has_vanished([(100, 90), (100, 95), (3, 0)])  # three rows may well have none
    assert not indicators.has_vanished([(100, 4), (100, 0)])  # it is seldom filled
    assert not indicators.has_vanished([(100, 0), (100, 90)])  # it came later
    assert not indicators.has_vanished([])
