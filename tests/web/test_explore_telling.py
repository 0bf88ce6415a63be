"""What a page says about an answer is computed from its numbers."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import override
from tests.web.explore_world import asked, make_subject

from cupola.web.data.queries.exploring import telling
from cupola.web.data.queries.exploring.answers import Summary, summary
from cupola.web.data.queries.exploring.exploration import By
from cupola.web.data.queries.exploring.picturing import Known, picture
from cupola.web.data.queries.exploring.soqltext import question
from cupola.web.data.queries.exploring.timelines import following, timeline, trend, without_stragglers
from cupola.web.data.queries.exploring.words import brief, scale

MONTHS = [date(2025, month, 1) for month in range(1, 9)]


def answer(query: str, *columns: Sequence[Any], matching: int = 100) -> Summary:
    found, subject = asked(query), make_subject()
    put = question(found, subject, today=date(2026, 11, 22))
    named = {output.name: values for output, values in zip(put.outputs, columns, strict=True)}
    return summary(found, subject, put, columns=named, matching=matching)


def said(found: Summary, known: Known | None = None) -> str:
    drawn = picture(found, known or Known())
    assert drawn is not None
    return drawn.reading


def test_a_line_tells_highest_lowest_change_and_direction() -> None:
    found = answer("group=issued_on.month", MONTHS, [10, 12, 14, 16, 18, 20, 22, 5])
    assert said(found, Known(newest=date(2025, 8, 14))) == (
        "From January 2025 to July 2025. Highest in July 2025: 22. Lowest in January 2025: 10. 120% more in July 2025"
        " than in January 2025. On the whole it rises. August 2025 is not complete and is not compared."
    )


def test_a_last_period_that_ends_with_the_data_is_complete() -> None:
    found = answer("group=issued_on.month", MONTHS, [10, 12, 14, 16, 18, 20, 22, 5])
    assert "Lowest in August 2025: 5." in said(found, Known(newest=date(2025, 8, 31)))
    assert "not complete" in said(found, Known(newest=date(2025, 9, 30), asked_until=date(2025, 8, 20)))


def test_little_change_is_level_and_few_periods_have_no_direction() -> None:
    level = answer("group=issued_on.month", MONTHS, [100, 101, 99, 100, 102, 98, 100, 103])
    assert "On the whole it stays level." in said(level)
    few = answer("group=issued_on.month", MONTHS[:3], [1, 5, 9])
    assert "On the whole" not in said(few)


def test_the_direction_compares_the_first_third_with_the_last() -> None:
    assert trend([10, 10, 99, 99, 5, 5]) == -0.5
    assert trend([1, 2, 3, 4, 5]) is None
    assert trend([0, 0, 1, 1, 2, 2]) is None


def test_bars_tell_shares_of_all_and_the_rows_without_a_name() -> None:
    found = answer("group=ward", ["4", "11", "9", "7", "3", "2", None], [40, 20, 15, 10, 5, 4, 6], matching=100)
    assert said(found) == (
        "Highest: Ward 4 with 40, 40% of 100. Lowest: Ward 2 with 4. The first three make up 75%. 6 rows have no value."
    )


def test_an_average_has_no_share_and_no_others() -> None:
    names = [f"w{n:02}" for n in range(25)]
    found = answer("group=ward&average=cost", names, [1] * 25, [100.5 - n for n in range(25)])
    assert said(found) == "Highest: w00 with 100. Lowest: w24 with 76.50. 5 more groups are not drawn."


def test_two_groups_along_time_name_the_largest() -> None:
    days = [day for day in MONTHS for _name in "ab"]
    found = answer("group=issued_on.month,ward", days, ["a", "b"] * 8, [5, 1] * 8)
    assert said(found).startswith("The most over the whole time: a with 40. As much in August 2025 as in January 2025.")


def test_more_than_six_lines_become_six_and_the_others() -> None:
    days = [day for day in MONTHS for _n in range(9)]
    names = [f"n{n}" for n in range(9)] * 8
    drawn = picture(answer("group=issued_on.month,ward", days, names, list(range(9, 0, -1)) * 8), Known())
    assert drawn is not None
    ends = [label.text for label in drawn.drawings[0].labels if label.kind.startswith("name")]
    assert sorted(ends) == ["3 others together", "n0", "n1", "n2", "n3", "n4", "n5"]


def test_words_that_all_names_begin_with_are_left_out_of_pictures() -> None:
    days = [day for day in MONTHS for _n in range(3)]
    names = ["PERMIT - SIGNS", "PERMIT - PORCH", "PERMIT - NEW"] * 8
    drawn = picture(answer("group=issued_on.month,ward", days, names, [3, 2, 1] * 8), Known())
    assert drawn is not None
    assert {label.text for label in drawn.drawings[0].labels} >= {"SIGNS", "PORCH", "NEW"}


def test_days_of_the_week_stand_in_their_order() -> None:
    found = answer("group=issued_on.weekday", [0, 1, 6], [1, 9, 2])
    drawn = picture(found, Known())
    assert drawn is not None
    assert drawn.reading.startswith("Highest: Monday with 9")
    assert len(drawn.drawings[0].rects) == 7


def test_the_same_in_spanish() -> None:
    found = answer("group=ward", ["4", "11"], [30, 10], matching=40)
    with override("es"):
        assert telling.of_names(found) == "El más alto: Ward 4 con 30, el 75 % de 40. El más bajo: Ward 11 con 10."


def test_large_numbers_are_written_short() -> None:
    assert [brief(1_234_567), brief(25e9), brief(999)] == ["1.23 million", "25 billion", "999"]
    assert [scale(25_000), scale(2_500_000), scale(750)] == ["25k", "2.5M", "750"]
    with override("es"):
        assert [brief(1_234_567), scale(25_000)] == ["1.23 millones", "25 mil"]


def test_periods_follow_each_other_without_gaps() -> None:
    assert following(date(2024, 12, 1), By.MONTH) == date(2025, 1, 1)
    line = timeline([date(2024, 2, 28), date(2024, 3, 1)], By.DAY, known_until=None, asked_until=None)
    assert line.starts == (date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1))


def test_a_few_rows_in_impossible_years_do_not_squeeze_the_line() -> None:
    years = [date(1019, 1, 1), *(date(year, 1, 1) for year in range(2010, 2020)), date(2109, 1, 1)]
    found = answer("group=issued_on.year", years, [1, *[500] * 10, 2])
    assert said(found).startswith("From 2010 to 2019.")
    assert said(found).endswith("3 rows lie far outside this time and are not drawn.")


def test_a_sparse_series_keeps_its_ends_when_they_matter() -> None:
    kept, left_out = without_stragglers({date(1950, 1, 1): 5, date(2000, 1, 1): 5, date(2020, 1, 1): 5}, By.YEAR)
    assert (len(kept), left_out) == (3, 0)
