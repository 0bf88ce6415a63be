"""Tags: which place holds a point, on edges, outside, and without a point."""

from pathlib import Path

import pyarrow as pa
import pytest
import shapely
from load_world import Harbour, column, landing

from cupola.contracts import Contract, Tag
from cupola.lake.loadreport import PlacesRef
from cupola.lake.places import PlacesMissing, PlacesUnusable, natural

POINTS = [("1", "0.5", "0.5"), ("2", "1", "0.5"), ("3", "5", "5"), ("4", "", "")]


def wards() -> PlacesRef:
    """Return ward 10 and ward 2, side by side: they share the edge at longitude 1."""
    shapes = [shapely.to_wkb(shapely.box(0, 0, 1, 1)), shapely.to_wkb(shapely.box(1, 0, 2, 1))]
    table = pa.table({"ward": ["10", "2"], "geometry": shapes})
    return PlacesRef("wards", 3, "wards version 3", rows=lambda columns: table.select(list(columns)))


def tagged(*point: str, **facts: object) -> Contract:
    columns = (column("n", "integer"), column("lon", "float"), column("lat", "float"), column("at", "point"))
    return Contract(columns=columns, key=("n",), tags=(Tag("ward_2023", point, "wards", "ward"),))


@pytest.fixture
def harbour(tmp_path: Path) -> Harbour:
    return Harbour(tmp_path / "lake")


def test_a_point_takes_the_place_that_holds_it_and_the_lowest_on_an_edge(harbour: Harbour) -> None:
    rows = [(*row, "") for row in POINTS]
    report = harbour.load(tagged("lon", "lat"), landing(("n", "lon", "lat", "at"), rows), places={"wards": wards()})
    assert harbour.rows("n", "ward_2023") == [(1, "10"), (2, "2"), (3, None), (4, None)]
    assert [finding.message for finding in report.findings] == [
        "ward_2023 from wards version 3: 2 rows tagged, 1 outside of every place, 1 without a point"
    ]


def test_a_point_column_serves_as_well(harbour: Harbour) -> None:
    rows = [("1", "", "", "POINT (0.5 0.5)"), ("2", "", "", "(0.5, 1.5)")]
    harbour.load(tagged("at"), landing(("n", "lon", "lat", "at"), rows), places={"wards": wards()})
    assert harbour.rows("n", "ward_2023") == [(1, "10"), (2, "2")]


def test_new_shapes_make_a_new_version_of_an_unchanged_source(harbour: Harbour) -> None:
    source = landing(("n", "lon", "lat", "at"), [("1", "0.5", "0.5", "")])
    harbour.load(tagged("lon", "lat"), source, places={"wards": wards()}, fingerprint="same")
    table = pa.table({"ward": ["7"], "geometry": [shapely.to_wkb(shapely.box(0, 0, 1, 1))]})
    redrawn = PlacesRef("wards", 4, "wards version 4", rows=lambda columns: table.select(list(columns)))
    report = harbour.load(tagged("lon", "lat"), source, places={"wards": redrawn}, fingerprint="same")
    assert (report.outcome, report.rows_changed) == ("loaded", 1)
    assert harbour.rows("ward_2023") == [("7",)]


def test_places_that_were_never_loaded_are_named(harbour: Harbour) -> None:
    with pytest.raises(PlacesMissing, match="'ward_2023' needs the dataset 'wards', which has no version yet"):
        harbour.load(tagged("lon", "lat"), landing(("n", "lon", "lat", "at"), []))


def test_places_without_shapes_are_refused(harbour: Harbour) -> None:
    table = pa.table({"ward": ["1"], "geometry": pa.array([None], pa.binary())})
    empty = PlacesRef("wards", 1, "wards version 1", rows=lambda columns: table.select(list(columns)))
    with pytest.raises(PlacesUnusable, match="no row has both a shape and a name"):
        harbour.load(tagged("lon", "lat"), landing(("n", "lon", "lat", "at"), []), places={"wards": empty})


def test_two_comes_before_ten() -> None:
    assert sorted(["10", "2", "1a", "North 12", "North 3"], key=natural) == ["1a", "2", "10", "North 3", "North 12"]
