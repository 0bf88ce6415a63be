"""Real public files, read as published."""

from pathlib import Path

import pytest
from source_world import Taker

pytestmark = pytest.mark.real


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [
        ("boston_wards", 22, ("OBJECTID", "WARD", "CNT_WARD", "SHAPESTArea", "SHAPESTLength", "geometry")),
        (
            "chicago_community_areas",
            77,
            (
                *("AREA", "PERIMETER", "COMAREA_", "COMAREA_ID", "AREA_NUMBE", "COMMUNITY", "AREA_NUM_1"),
                *("SHAPE_AREA", "SHAPE_LEN", "geometry"),
            ),
        ),
        ("chicago_police_districts_simple", 25, ("DIST_NUM", "DIST_LABEL", "_SocrataID", "id", "geometry")),
        ("chicago_tif_districts", 100, ("name", "ref", "exp", "geometry")),
        (
            "chicago_wards_raw",
            50,
            ("ward_id", "st_area_sh", "st_length_", "edit_date", "objectid", "globalid", "ward", "geometry"),
        ),
        (
            "chicago_wards_simplified",
            50,
            (
                "ward_id",
                "st_area_sh",
                "st_length_",
                "edit_date",
                "objectid",
                "globalid",
                "ward",
                "division_id",
                "geometry",
            ),
        ),
        (
            "la_city_council_districts_2012",
            15,
            ("kind", "external_id", "name", "slug", "set", "metadata.DISTRICT", "resource_uri", "geometry"),
        ),
        ("sf_analysis_neighborhoods", 195, ("shape_area", "nhood", "tractce10", "geoid", "shape_len", "geometry")),
    ],
)
def test_every_boundary_file_lands_whole(
    taker: Taker, real_data: Path, name: str, rows: int, columns: tuple[str, ...]
) -> None:
    landing = taker.land(taker.fetch(real_data, file=f"boundaries/{name}.geojson.gz"))
    geometries = [shape for batch in landing.batches() for shape in batch.column("geometry").to_pylist()]
    assert (landing.columns, len(geometries)) == (columns, rows)
    assert all(
        shape.startswith(('{"type":"Polygon","coordinates":[[[', '{"type":"MultiPolygon",')) for shape in geometries
    )


@pytest.mark.slow
def test_area_figures_keep_their_digits(taker: Taker, real_data: Path) -> None:
    row = taker.rows(taker.fetch(real_data, file="boundaries/chicago_community_areas.geojson.gz"))[0]
    assert (row["AREA"], row["SHAPE_AREA"], row["AREA_NUMBE"]) == ("0.000000", "46004621.158100", "35")


@pytest.mark.slow
def test_sixteen_years_of_appropriations_flatten_to_department_and_fund(taker: Taker, real_data: Path) -> None:
    counts = {}
    for year in range(2011, 2027):
        fetched = taker.fetch(
            real_data,
            file=f"budgets/chicago_appropriations_fy{year}.json.gz",
            records="appropriations.by_department[].fund_breakdown[]",
        )
        landing = taker.land(fetched)
        assert {
            "fund_id",
            "fund_name",
            "amount",
            "metadata.fiscal_year",
            "appropriations.by_department.code",
            "appropriations.by_department.name",
            "appropriations.by_department.amount",
        } <= set(landing.columns)
        rows = [row for batch in landing.batches() for row in batch.to_pylist()]
        assert {row["metadata.fiscal_year"] for row in rows} == {f"fy{year}"}
        counts[year] = (len(rows), sum(int(row["amount"]) for row in rows))
    assert counts[2011] == (341, 8700334637)  # the total the file itself states
    assert counts[2026] == (248, 18668568460)


@pytest.mark.parametrize(
    ("file", "records", "rows", "columns"),
    [
        ("grants/360giving_ab_charitable_trust.json.gz", "", 783, 16),
        ("councils/popolo_local_councillors_WA.json.gz", "persons[]", 1230, 6),
        ("councils/popolo_local_councillors_WA.json.gz", "organizations[]", 141, 3),
        ("councils/popolo_local_councillors_WA.json.gz", "memberships[]", 1258, 4),
        ("councils/popolo_local_councillors_VIC.json.gz", "memberships[]", 756, 6),
        ("catalogues/socrata_rows_json/bike_racks_little_village.json", "", 86, 20),
    ],
)
def test_published_json_lands_whole(
    taker: Taker, real_data: Path, file: str, records: str, rows: int, columns: int
) -> None:
    landing = taker.land(taker.fetch(real_data, file=file, records=records))
    assert (sum(batch.num_rows for batch in landing.batches()), len(landing.columns)) == (rows, columns)


def test_a_portals_rows_json_has_the_names_of_its_columns(taker: Taker, real_data: Path) -> None:
    row = taker.rows(taker.fetch(real_data, file="catalogues/socrata_rows_json/bike_racks_little_village.json"))[0]
    assert (row["rackid"], row["address"], row["latitude"]) == ("6701", "2100 S Marshall Blvd", "41.853535")


def test_a_grant_keeps_its_nested_parts(taker: Taker, real_data: Path) -> None:
    row = taker.rows(taker.fetch(real_data, file="grants/360giving_ab_charitable_trust.json.gz", records="grants[]"))[0]
    assert row["id"] == "360G-ABCT-0065I000005BoDGQA044222"
    assert row["amountAwarded"] == "30000"
    assert str(row["grantProgramme"]).startswith('[{"code":"Special Initiatives","title":')
