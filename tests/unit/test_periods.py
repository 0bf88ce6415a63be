from datetime import date

import pytest

from cupola.periods import EmptyInterval, FiscalYears, Interval, NotADate, PartialDate, parse_day


def test_a_day_is_read() -> None:
    assert parse_day("2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize("text", ["2023-02-29", "2023-2-1", "01/02/2023", "2023-02", "", "\uff12023-01-01"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(NotADate, match="Write a day as 2015-12-31"):
        parse_day(text)


@pytest.mark.parametrize(
    ("text", "on", "precision", "until"),
    [
        ("2015", date(2015, 1, 1), "year", date(2016, 1, 1)),
        ("2015-12", date(2015, 12, 1), "month", date(2016, 1, 1)),
        ("2015-04", date(2015, 4, 1), "month", date(2015, 5, 1)),
        ("2015-12-31", date(2015, 12, 31), "day", date(2016, 1, 1)),
    ],
)
def test_a_partial_date_covers_its_days(text: str, on: date, precision: str, until: date) -> None:
    partial = PartialDate.parse(text)
    assert (partial.on, partial.precision, str(partial)) == (on, precision, text)
    assert partial.interval() == Interval(on, until)


@pytest.mark.parametrize("text", ["15", "2015-13", "2015-02-30", "2015/12", "2015-", "0000"])
def test_what_is_no_partial_date_is_refused(text: str) -> None:
    with pytest.raises(NotADate):
        PartialDate.parse(text)


def test_an_interval_excludes_its_last_day() -> None:
    year = Interval(date(2023, 1, 1), date(2024, 1, 1))
    assert year.contains(date(2023, 12, 31))
    assert not year.contains(date(2024, 1, 1))
    assert year.days() == 365


def test_an_open_interval_has_no_length() -> None:
    since = Interval(since=date(2023, 1, 1))
    assert since.contains(date(9999, 12, 31))
    assert not since.contains(date(2022, 12, 31))
    assert since.days() is None


def test_intervals_that_only_touch_do_not_overlap() -> None:
    first, second = Interval(None, date(2023, 5, 15)), Interval(date(2023, 5, 15), None)
    assert not first.overlaps(second)
    assert not second.overlaps(first)
    assert first.overlaps(Interval(date(2023, 5, 14), date(2023, 6, 1)))


def test_an_interval_without_a_day_is_refused() -> None:
    with pytest.raises(EmptyInterval, match="`until` is excluded"):
        Interval(date(2023, 5, 15), date(2023, 5, 15))


@pytest.mark.parametrize(
    ("start", "day", "year"),
    [
        ("01-01", date(2023, 12, 31), 2023),
        ("07-01", date(2023, 6, 30), 2023),
        ("07-01", date(2023, 7, 1), 2024),
        ("10-01", date(2023, 9, 30), 2023),
    ],
)
def test_a_fiscal_year_is_named_after_the_year_it_ends_in(start: str, day: date, year: int) -> None:
    years = FiscalYears.parse(start)
    assert years.year_of(day) == year
    assert years.interval(year).contains(day)


def test_fiscal_years_follow_without_gap() -> None:
    years = FiscalYears.parse("07-01")
    assert years.interval(2024) == Interval(date(2023, 7, 1), date(2024, 7, 1))
    assert years.interval(2024).until == years.interval(2025).since


@pytest.mark.parametrize("text", ["02-29", "7-1", "13-01", "2023-07-01"])
def test_a_fiscal_year_must_begin_every_year(text: str) -> None:
    with pytest.raises(NotADate):
        FiscalYears.parse(text)
