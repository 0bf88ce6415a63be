from cupola.web.ui.charts import Point, bars, columns, spark

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
