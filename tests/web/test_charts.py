import itertools

import pytest

from cupola.web.ui.charts import Point, bars, columns, spark
from cupola.web.ui.charts_lines import Series, Times, lines, round_marks
from cupola.web.ui.charts_panels import Panel, panels

THREE = [Point("2019", 10, "10"), Point("2020", 40, "40"), Point("2021", 20, "20")]


def test_columns_start_at_zero_and_the_highest_fills_the_height() -> None:
    wide, _narrow = columns(THREE)
    assert [rect.height for rect in wide.rects] == ["39.5", "158", "79"]
    assert {float(rect.y) + float(rect.height) for rect in wide.rects} == {184.0}
    assert [rect.highest for rect in wide.rects] == [False, True, False]


def test_the_highest_column_carries_its_value() -> None:
    wide, _narrow = columns(THREE)
    assert wide.labels[-1].text == "40"


def test_labels_that_would_touch_are_left_out() -> None:
    points = [Point(str(year), 1, "1") for year in range(1960, 2026)]
    _wide, narrow = columns(points)
    years = [int(label.text) for label in narrow.labels[:-1]]
    assert years[0] == 1960
    assert len(years) < 10


def test_every_drawing_stays_inside_its_frame() -> None:
    points = [Point(f"A rather long label, number {n}", 10.0 - n, "1,234,567") for n in range(8)]
    for drawing in (*columns(points), *bars(points)):
        for rect in drawing.rects:
            assert float(rect.x) >= 0
            assert float(rect.x) + float(rect.width) <= float(drawing.width)
            assert float(rect.y) + float(rect.height) <= float(drawing.height)


def test_long_labels_are_cut_with_an_ellipsis() -> None:
    _wide, narrow = bars([Point("x" * 200, 1, "1")])
    assert narrow.labels[0].text.endswith("x…")
    assert len(narrow.labels[0].text) < 50


def test_nothing_to_see_is_not_drawn() -> None:
    assert spark([]) is None
    assert spark([5]) is None
    assert spark([0, 0]) is None
    assert columns([])[0].rects == ()


def test_a_few_values_make_no_broader_bars_than_many() -> None:
    few = spark([3, 1])
    assert few is not None
    assert [rect.width for rect in few.rects] == ["13", "13"]


def times(count: int, *, partial: bool = False) -> Times:
    ticks = tuple((at, str(2000 + at)) for at in range(count))
    return Times(count, ticks, partial, shown="{:g}".format, brief="{:g}".format)


def test_a_line_breaks_where_a_period_has_no_value() -> None:
    wide, _narrow = lines([Series("", (1.0, 2.0, None, 3.0, 4.0))], times(5))
    (line,) = wide.lines
    assert line.path.count("M") == 2
    assert line.path.count("L") == 2


def test_a_lone_value_between_gaps_is_a_dot() -> None:
    wide, _narrow = lines([Series("", (None, 2.0, None))], times(3))
    assert len(wide.dots) == 1


def test_the_step_into_an_incomplete_period_is_drawn_apart_and_ends_hollow() -> None:
    wide, _narrow = lines([Series("", (5.0, 6.0, 1.0))], times(3, partial=True))
    assert [line.kind for line in wide.lines] == ["line-0 chart__line--partial", "line-0"]
    assert [dot.hollow for dot in wide.dots] == [False, True]
    assert [label.text for label in wide.labels if label.kind == "strong"] == ["6"]


def test_lines_have_a_zero_line_and_round_marks() -> None:
    wide, _narrow = lines([Series("", (130.0, 870.0))], times(2))
    assert [label.text for label in wide.labels if label.kind == "scale"] == ["0", "250", "500", "750", "1000"]
    assert float(wide.baseline) == 232.0


def test_negative_values_lie_below_the_zero_line() -> None:
    wide, _narrow = lines([Series("", (-40.0, 60.0))], times(2))
    assert 24 < float(wide.baseline) < 232
    assert round_marks(-40, 60) == [-50, -25, 0, 25, 50, 75]


def test_names_at_the_ends_of_lines_do_not_touch() -> None:
    series = [Series(f"name {n}", (1.0, 10.0 + n / 100)) for n in range(7)]
    for drawing in lines(series, times(2)):
        heights = [float(label.y) for label in drawing.labels if label.kind.startswith("name")]
        assert min(after - before for before, after in itertools.pairwise(heights)) >= 17
        assert max(heights) <= float(drawing.height)


def test_panels_share_one_scale() -> None:
    groups = [Panel("a", (Point("x", 10, "10"),)), Panel("b", (Point("x", 5, "5"),)), Panel("c", (Point("x", 0, "0"),))]
    wide, narrow = panels(groups)
    long = [float(rect.width) for rect in wide.rects]
    assert long[1] == pytest.approx(long[0] / 2, abs=0.1)
    assert len({rect.x for rect in narrow.rects}) == 1  # below each other on a phone


def test_others_that_would_dwarf_every_bar_have_none() -> None:
    wide, _narrow = bars([Point("a", 3, "3"), Point("b", 2, "2")], rest=Point("40 others", 90, "90"))
    assert len(wide.rects) == 2
    assert [label.text for label in wide.labels][-2:] == ["40 others", "90"]
    small, _narrow = bars([Point("a", 3, "3")], rest=Point("1 other", 1, "1"))
    assert len(small.rects) == 2


def test_bars_of_negative_values_lie_left_of_zero() -> None:
    wide, _narrow = bars([Point("gain", 10, "10"), Point("loss", -10, "-10")])
    gain, loss = wide.rects
    assert float(loss.x) + float(loss.width) == pytest.approx(float(gain.x), abs=0.2)
