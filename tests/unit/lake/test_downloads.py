"""Files to take away: what is in them, that they are made once, and what never gets into them."""

import csv
import gzip
import io
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import python_calamine
from frictionless import Package, system
from load_world import START, Harbour, column, landing, year
from shelves import PERMITS, Shelf

from cupola.contracts import Contract
from cupola.lake import Lake, PublicFacts, Release
from cupola.lake.downloads import DownloadList, UnknownKind, kinds_of, preparing, too_long_for
from cupola.lake.downloads.workbook import LONGEST

pytestmark = pytest.mark.slow
LATER = START + timedelta(days=400)
COLUMNS = (
    column("id", "integer", required=True, title="Number", meaning="Number of the stop."),
    column("name", "text"),
    column("kind", "code", allowed=(("bus", "a bus stop"), ("tram", ""))),
    column("cost", "money"),
    column("share", "float"),
    column("open", "boolean"),
    column("opened_on", "date"),
    column("counted_at", "timestamp"),
    column("seen_at", "instant"),
    column("spot", "point"),
    column("phone", "text", sensitive=True),
)
CONTRACT = Contract(columns=COLUMNS, key=("id",))
HEADER = [one.name for one in COLUMNS if not one.sensitive]
TIMES = ["2020-02-29", "2020-01-02T03:04:05.25", "2020-01-02T03:04:05Z"]
EARLY = ["1850-01-01", "1850-01-01T00:00:00", "1969-12-31T23:59:59Z"]
ROWS = [
    ["1", '=HYPERLINK("x")', "bus", "1250.5", "0.1", "true", *TIMES, "POINT (-87.6 41.8)", "555-1"],
    ["2", 'said "no", twice\nand left', "tram", "", "", "", "", "", "", "", "555-2"],
    ["3", "Ünïcödé", "", "-0.01", "-1e-7", "false", *EARLY, "POINT (0 -90)", ""],
]
SAID = {
    "title": "Stops",
    "description": "Where people wait.",
    "license": "Free for all",
    "columns": [{"name": "name", "meaning": "What it is called."}, {"name": "phone", "sensitive": True}],
}


@pytest.fixture
def harbour(tmp_path: Path) -> Harbour:
    return Harbour(tmp_path / "lake")


@pytest.fixture
def lake(harbour: Harbour) -> Iterator[Lake]:
    lake = Lake(harbour.root, threads=1)
    yield lake
    lake.close()


def released(lake: Lake, **said: Any) -> Release:
    public = PublicFacts("abcd-1234", metadata={**SAID, **said})
    return lake.release(lake.version("permits"), at=LATER, public=public)


def made(lake: Lake, release: Release) -> dict[str, Path]:
    lake.prepare_downloads(release, at=LATER)
    return {one.name: lake.root / one.path for one in lake.downloads(release)}


@pytest.fixture
def files(harbour: Harbour, lake: Lake) -> dict[str, Path]:
    harbour.load(CONTRACT, landing([one.name for one in COLUMNS], ROWS))
    return made(lake, released(lake))


def test_a_version_has_every_kind_of_file_it_can_have(files: dict[str, Path]) -> None:
    assert sorted(files) == [
        "datapackage.json", "permits.csv.gz", "permits.geojson", "permits.parquet", "permits.xlsx",
    ]  # fmt: skip


def test_csv_holds_the_values_exactly(files: dict[str, Path]) -> None:
    text = gzip.decompress(files["permits.csv.gz"].read_bytes()).decode()
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert header == HEADER
    assert rows == [
        ["1", '=HYPERLINK("x")', "bus", "1250.50", "0.1", "true", *TIMES, "POINT (-87.6 41.8)"],
        ["2", 'said "no", twice\nand left', "tram", "", "", "", "", "", "", ""],
        ["3", "Ünïcödé", "", "-0.01", "-1e-7", "false", *EARLY, "POINT (0 -90)"],
    ]
    assert "\r" not in text


def test_parquet_keeps_the_types(files: dict[str, Path]) -> None:
    read = duckdb.sql(
        f"SELECT typeof(cost), typeof(opened_on), typeof(seen_at), cost FROM '{files['permits.parquet']}'"
    )
    assert read.fetchone() == ("DECIMAL(18,2)", "DATE", "TIMESTAMP WITH TIME ZONE", pytest.approx(1250.5))


def test_geojson_has_a_feature_for_every_row(files: dict[str, Path]) -> None:
    found = json.loads(files["permits.geojson"].read_text())
    assert [one["geometry"] for one in found["features"]] == [
        {"type": "Point", "coordinates": [-87.6, 41.8]},
        None,
        {"type": "Point", "coordinates": [0, -90]},
    ]
    assert found["features"][0]["properties"] == {
        "id": 1, "name": '=HYPERLINK("x")', "kind": "bus", "cost": 1250.5, "share": 0.1, "open": True,
        "opened_on": "2020-02-29", "counted_at": "2020-01-02T03:04:05.25", "seen_at": "2020-01-02T03:04:05Z",
    }  # fmt: skip
    assert found["features"][1]["properties"]["cost"] is None


def test_a_workbook_has_typed_cells_and_no_formula(files: dict[str, Path]) -> None:
    book = python_calamine.CalamineWorkbook.from_path(files["permits.xlsx"])
    header, first, second, third = book.get_sheet_by_name("Rows").to_python()
    assert header == HEADER
    assert first[:7] == [1.0, '=HYPERLINK("x")', "bus", 1250.5, 0.1, True, date(2020, 2, 29)]
    assert first[7] == datetime(2020, 1, 2, 3, 4, 5, 250000)  # noqa: DTZ001 - local times carry no zone
    assert second[3:] == [""] * 7
    assert third[6] == "1850-01-01"
    about = book.get_sheet_by_name("About").to_python()
    assert ["Dataset", "Stops", ""] in about
    assert ["id", "Number", "Number of the stop."] in about


def test_a_text_longer_than_a_cell_is_cut_and_says_so(harbour: Harbour, lake: Lake) -> None:
    contract = Contract(columns=(column("note", "text"),))
    harbour.load(contract, landing(["note"], [["x" * 40_000]]))
    path = made(lake, released(lake))["permits.xlsx"]
    _, (note,) = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert len(str(note)) == LONGEST
    assert str(note).endswith("x [...]")


def test_no_file_names_or_holds_what_is_sensitive(files: dict[str, Path]) -> None:
    contents = b"".join(
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in files.values()
    )
    assert b"phone" not in contents
    assert b"555-1" not in contents


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # frictionless leaves a file open
def test_the_data_package_is_valid_and_agrees_with_the_csv(files: dict[str, Path], tmp_path: Path) -> None:
    for name, path in files.items():
        os.link(path, tmp_path / name)
    with system.use_context(trusted=True):
        package = Package(str(tmp_path / "datapackage.json"))
        assert Package.validate_descriptor(package.to_descriptor()).valid
        table = package.get_resource("permits-csv-gz")
        report = table.validate()
        assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])
        assert [row["id"] for row in table.read_rows()] == [1, 2, 3]
        assert table.read_rows()[0]["seen_at"] == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_the_data_package_says_what_the_files_are(files: dict[str, Path]) -> None:
    package = json.loads(files["datapackage.json"].read_text())
    assert (package["name"], package["version"], package["licenses"]) == (
        "permits", "1", [{"name": "Free-for-all", "title": "Free for all"}],
    )  # fmt: skip
    (table,) = [one for one in package["resources"] if one["path"] == "permits.csv.gz"]
    assert (table["bytes"], table["rows"]) == (files["permits.csv.gz"].stat().st_size, 3)
    assert table["schema"]["primaryKey"] == ["id"]
    fields = {one["name"]: one for one in table["schema"]["fields"]}
    assert fields["name"] == {"name": "name", "type": "string", "description": "What it is called."}
    assert fields["kind"]["values"] == [{"value": "bus", "meaning": "a bus stop"}, {"value": "tram", "meaning": ""}]


def test_files_are_made_once(lake: Lake, files: dict[str, Path]) -> None:
    times = {path: path.stat().st_mtime_ns for path in files.values()}
    assert not lake.prepare_downloads(lake.registry.get("permits"), at=LATER)
    assert {path: path.stat().st_mtime_ns for path in files.values()} == times
    assert lake.lacking_downloads("permits") == ()


def test_a_lost_file_is_made_again(lake: Lake, files: dict[str, Path]) -> None:
    files["permits.csv.gz"].unlink()
    (lacking,) = lake.lacking_downloads("permits")
    assert lake.prepare_downloads(lacking, at=LATER)
    assert files["permits.csv.gz"].exists()


def test_a_new_description_changes_the_package_alone(lake: Lake, files: dict[str, Path]) -> None:
    after = made(lake, released(lake, title="All the stops"))
    assert json.loads(after["datapackage.json"].read_text())["title"] == "All the stops"
    assert {name for name in files if files[name] != after[name]} == {"datapackage.json"}
    assert not files["datapackage.json"].exists()


def test_what_becomes_sensitive_leaves_the_files_at_once(lake: Lake, files: dict[str, Path]) -> None:
    release = lake.registry.get("permits")
    hiding = replace(release, contract=release.contract.hiding({"phone", "name"}))
    lake.registry.publish(hiding)
    assert lake.downloads(hiding) == ()
    after = made(lake, hiding)
    assert "name" not in duckdb.sql(f"SELECT * FROM '{after['permits.parquet']}'").columns
    assert not any(path.exists() for path in files.values())


def test_shapes_are_wkt_in_csv_and_geoparquet_and_not_in_workbooks(harbour: Harbour, lake: Lake) -> None:
    contract = Contract(columns=(column("ward", "text"), column("shape", "geometry")))
    harbour.load(contract, landing(["ward", "shape"], [["1", "POLYGON ((0 0, 1 0, 1 1, 0 0))"]]))
    files = made(lake, released(lake))
    assert b'"POLYGON ((0 0, 1 0, 1 1, 0 0))"' in gzip.decompress(files["permits.csv.gz"].read_bytes())
    (feature,) = json.loads(files["permits.geojson"].read_text())["features"]
    assert feature["geometry"]["coordinates"] == [[[0, 0], [1, 0], [1, 1], [0, 0]]]
    metadata = duckdb.sql(f"SELECT decode(value) FROM parquet_kv_metadata('{files['permits.parquet']}')").fetchall()
    assert json.loads(next(text for (text,) in metadata if "WKB" in text))["primary_column"] == "shape"
    sheet = python_calamine.CalamineWorkbook.from_path(files["permits.xlsx"]).get_sheet_by_index(0)
    assert sheet.to_python() == [["ward"], ["1"]]


def test_all_vintages_are_in_the_files(harbour: Harbour, lake: Lake) -> None:
    contract = Contract(columns=(column("post", "text"),), vintaged=True)
    for number in (2018, 2020):
        harbour.load(contract, landing(["post"], [["clerk"]], vintage=year(number)))
    text = gzip.decompress(made(lake, released(lake))["permits.csv.gz"].read_bytes()).decode()
    assert text.splitlines()[1:] == ['"clerk",2018-01-01,"year"', '"clerk",2020-01-01,"year"']


def test_no_geojson_where_nothing_has_a_place(shelf: Shelf) -> None:
    lake = Lake(shelf.catalog.root, threads=1)
    shelf.write([{"permit": 1, "status": "open", "cost": 1.0}])
    assert kinds_of(released(lake)) == ("parquet", "csv.gz", "xlsx")
    lake.close()


def test_kinds_with_a_limit_stop_at_it(lake: Lake, files: dict[str, Path]) -> None:
    many = replace(lake.registry.get("permits"), rows=preparing.XLSX_ROWS + 1)
    assert kinds_of(many) == ("parquet", "csv.gz", "geojson")
    assert too_long_for(many) == {"xlsx": 100_000}
    assert too_long_for(replace(many, rows=250_001)) == {"geojson": 250_000, "xlsx": 100_000}


def test_a_sweep_removes_the_files_of_what_is_no_longer_public(lake: Lake, files: dict[str, Path]) -> None:
    yesterday = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    for path in files.values():
        os.utime(path, (yesterday, yesterday))
    lake.sweep(now=datetime.now(UTC))
    assert all(path.exists() for path in files.values())
    lake.registry.withdraw("permits", at=LATER)
    lake.sweep(now=datetime.now(UTC))
    assert not any(path.exists() for path in files.values())
    assert DownloadList(lake.registry).all_of("permits") == {}


def test_a_recall_removes_the_files_at_once(lake: Lake, files: dict[str, Path]) -> None:
    lake.recall("permits", 1, reason="It named people.", at=LATER)
    assert not {path.parent for path in files.values() if path.parent.exists()}
    assert not lake.registry.copies()
    assert lake.version("permits").rows == 3


def test_backups_leave_downloads_out(lake: Lake, files: dict[str, Path], tmp_path: Path) -> None:
    lake.backup(tmp_path / "backup")
    assert not (tmp_path / "backup" / "downloads").exists()


def test_a_file_on_demand_may_hold_what_no_page_shows(lake: Lake, files: dict[str, Path], tmp_path: Path) -> None:
    version = lake.version("permits")
    assert "phone" not in lake.download(version, to=tmp_path / "a.csv").read_text()
    assert "phone" in lake.download(version, to=tmp_path / "b.csv", hidden=()).read_text()
    book = lake.download(version, to=tmp_path / "a.xlsx", kind="xlsx")
    assert python_calamine.CalamineWorkbook.from_path(book).sheet_names == ["Rows", "About"]
    with pytest.raises(UnknownKind, match="ods"):
        lake.download(version, to=tmp_path / "c.ods", kind="ods")
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["a.csv", "a.xlsx", "b.csv"]


def test_permits_without_a_required_key_have_no_primary_key(shelf: Shelf) -> None:
    lake = Lake(shelf.catalog.root, threads=1)
    shelf.write([{"permit": 1, "status": "open", "cost": 1.0}], contract=PERMITS)
    release = released(lake)
    package = json.loads(made(lake, release)["datapackage.json"].read_text())
    assert all("primaryKey" not in one.get("schema", {}) for one in package["resources"])
    lake.close()
