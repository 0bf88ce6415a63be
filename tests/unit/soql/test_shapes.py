"""Well-known text: what is a shape, and what is not."""

# ruff: noqa: E501 - a list of bad examples

import pytest

from cupola.soql import SoqlType
from cupola.soql.shapes import bounds, position, shape_of

SHAPES = [
    ("POINT (-87.6 41.9)", SoqlType.POINT, "POINT (-87.6 41.9)"),
    (" point(-87.60 +41.9) ", SoqlType.POINT, "POINT (-87.6 41.9)"),
    ("SRID=4326;POINT (1 2)", SoqlType.POINT, "POINT (1.0 2.0)"),
    ("POINT (1e1 2)", SoqlType.POINT, "POINT (10.0 2.0)"),
    ("MULTIPOINT (1 2, 3 4)", SoqlType.MULTIPOINT, "MULTIPOINT (1.0 2.0, 3.0 4.0)"),
    ("MULTIPOINT ((1 2), (3 4))", SoqlType.MULTIPOINT, "MULTIPOINT (1.0 2.0, 3.0 4.0)"),
    ("LINESTRING(1 2,3 4)", SoqlType.LINE, "LINESTRING (1.0 2.0, 3.0 4.0)"),
    (
        "MULTILINESTRING ((1 2, 3 4), (5 6, 7 8))",
        SoqlType.MULTILINE,
        "MULTILINESTRING ((1.0 2.0, 3.0 4.0), (5.0 6.0, 7.0 8.0))",
    ),
    ("POLYGON ((0 0,1 0,1 1,0 0))", SoqlType.POLYGON, "POLYGON ((0.0 0.0, 1.0 0.0, 1.0 1.0, 0.0 0.0))"),
    (
        "MULTIPOLYGON (((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))",
        SoqlType.MULTIPOLYGON,
        "MULTIPOLYGON (((0.0 0.0, 1.0 0.0, 1.0 1.0, 0.0 0.0)), ((5.0 5.0, 6.0 5.0, 6.0 6.0, 5.0 5.0)))",
    ),
]
NO_SHAPES = [
    "", "POINT", "POINT EMPTY", "POINT ()", "POINT (1)", "POINT (1 2 3)", "POINT (1 2", "POINT (1 2))", "POINT 1 2",
    "POINT (1 2); DROP TABLE rows", "POINT (1 2, 3 4)", "POINT (nan 1)", "POINT (1 91)", "POINT (361 0)", "POINT ((1 2))",
    "POINT (1 2) (3 4)", "CIRCLE (1 2)", "LINESTRING (1 2)", "POLYGON (0 0,1 0,1 1,0 0)", "POLYGON ((0 0,1 0,1 1))",
    "POLYGON ((0 0,1 0,0 0))", "POLYGON ((0 0,1 0,1 1,0 0)", "MULTIPOINT ((1 2, 3 4)", "MULTIPOLYGON ((0 0,1 0,1 1,0 0))",
    "LINESTRING (,1 2)", "MULTILINESTRING (,(1 2, 3 4))", "(" * 1000, "POLYGON" + "(" * 1000,
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "clean"), SHAPES)
def test_a_shape_is_read_and_written_cleanly(text: str, kind: SoqlType, clean: str) -> None:
    assert shape_of(text, kind) == clean
    assert shape_of(clean, kind) == clean


@pytest.mark.parametrize("text", NO_SHAPES)
def test_what_is_no_shape_is_none(text: str) -> None:
    assert [kind for kind in SoqlType if shape_of(text, kind) is not None] == []


def test_a_shape_of_another_type_is_none() -> None:
    assert shape_of("POINT (1 2)", SoqlType.POLYGON) is None


def test_the_box_around_a_shape() -> None:
    box = bounds("POLYGON ((0.0 -5.5, 1.0 0.0, 1e-07 1.0, 0.0 -5.5))")
    assert (box.west, box.south, box.east, box.north) == (0.0, -5.5, 1.0, 1.0)
    assert position("POINT (-87.6 41.9)") == (-87.6, 41.9)
