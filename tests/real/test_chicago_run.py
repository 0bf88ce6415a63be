"""Acceptance on real data: `cupola run examples/chicago` from files to answers, through the commands people use."""

import csv
import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from frictionless import Package, system
from tests.real.conftest import cupola, run

from cupola.lake import Lake

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.real, pytest.mark.slow]
Ask = Callable[[str, str], list[dict[str, Any]]]
AskRosters = Callable[[str], list[dict[str, Any]]]
ROSTERS = {"2015": 32_062, "2015-12": 32_181, "2018-03": 32_812, "2020-10": 32_928, "2023-04": 30_872}


@pytest.fixture(scope="session")
def ask(home: Path, first: dict[str, Any]) -> Ask:
    def question(key: str, sql: str) -> list[dict[str, Any]]:
        answer: list[dict[str, Any]] = cupola("data", "query", key, sql, "--home", str(home))["rows"]
        return answer

    return question


@pytest.fixture(scope="session")
def ask_rosters(home: Path, first: dict[str, Any]) -> AskRosters:
    """Ask all vintages of the employee list; the command shows the latest one only."""
    lake = Lake(home / "lake")

    def question(sql: str) -> list[dict[str, Any]]:
        tree = sqlglot.parse_one(sql, read="duckdb")
        assert isinstance(tree, sqlglot.exp.Query)
        table = lake.query(tree, inputs={"data": lake.version("employees")}, all_vintages=True)
        rows: list[dict[str, Any]] = table.to_pylist()
        return rows

    return question


@pytest.mark.parametrize(
    ("key", "read", "loaded", "quarantined"),
    [
        ("building-permits", 828_461, 828_461, 0),
        ("employees", 160_856, 160_855, 1),
        ("appropriations", 5_603, 5_572, 0),
        ("grants", 3_996, 3_706, 0),
        ("budget-lines", 36_390, 23_392, 0),
        ("sanitation-complaints", 74_401, 74_401, 0),
        ("wards", 50, 50, 0),
        ("community-areas", 77, 77, 0),
    ],
)
def test_every_dataset_is_loaded_as_version_one(
    first: dict[str, Any], key: str, read: int, loaded: int, quarantined: int
) -> None:
    one = first[key]
    assert (one["outcome"], one["version"], one["error"]) == ("loaded", 1, "")
    assert (one["rows_read"], one["rows_loaded"], one["rows_quarantined"]) == (read, loaded, quarantined)


def test_the_first_run_takes_less_than_four_minutes(first: dict[str, Any]) -> None:
    assert first["seconds"] < 240


def test_rosters_have_the_known_numbers_of_rows(ask_rosters: AskRosters) -> None:
    rows = ask_rosters("SELECT vintage, vintage_precision, count(*) AS n FROM data GROUP BY ALL ORDER BY ALL")
    length = {"year": 4, "month": 7}
    assert {str(row["vintage"])[: length[row["vintage_precision"]]]: row["n"] for row in rows} == ROSTERS


def test_titles_quoted_late_in_the_roster_of_2020_are_whole(ask_rosters: AskRosters) -> None:
    sql = """SELECT department, count(*) AS n FROM data WHERE title = 'COMMISSIONER OF ASSETS, INFO & SERVICES'
             GROUP BY ALL"""
    assert ask_rosters(sql) == [{"department": "DAIS", "n": 1}]


def test_departments_that_were_merged_are_seen_in_the_rosters(ask_rosters: AskRosters) -> None:
    sql = """SELECT vintage, department, count(*) AS n FROM data
             WHERE department IN ('DoIT', 'GENERAL SERVICES', 'DAIS', 'PUBLIC SAFETY ADMIN')
             GROUP BY ALL ORDER BY ALL"""
    assert [(str(row["vintage"])[:7], row["department"], row["n"]) for row in ask_rosters(sql)] == [
        ("2015-01", "DoIT", 102),
        ("2015-01", "GENERAL SERVICES", 930),
        ("2015-12", "DoIT", 106),
        ("2015-12", "GENERAL SERVICES", 924),
        ("2018-03", "DoIT", 98),
        ("2018-03", "GENERAL SERVICES", 964),
        ("2020-10", "DAIS", 1_029),
        ("2020-10", "PUBLIC SAFETY ADMIN", 235),
        ("2023-04", "DAIS", 928),
    ]


def test_every_permit_on_the_ground_of_a_ward_is_tagged_with_it(ask: Ask) -> None:
    sql = "SELECT count(*) AS n, count(ward_2023) AS tagged, count(DISTINCT ward_2023) AS wards FROM data"
    assert ask("building-permits", sql) == [{"n": 828_461, "tagged": 822_988, "wards": 50}]


@pytest.mark.parametrize(
    ("since", "until", "low", "high"), [(2008, 2015, 0.78, 0.80), (2015, 2023, 0.83, 0.87), (2024, 2027, 0.998, 1)]
)
def test_computed_wards_agree_with_reported_ones_as_far_as_the_maps_do(
    ask: Ask, since: int, until: int, low: float, high: float
) -> None:
    sql = f"""SELECT count(*) AS n, sum(CASE WHEN ward = ward_2023 THEN 1 ELSE 0 END) AS same FROM data
              WHERE ward IS NOT NULL AND ward_2023 IS NOT NULL
              AND issued_on >= DATE '{since}-01-01' AND issued_on < DATE '{until}-01-01'"""
    (row,) = ask("building-permits", sql)
    assert low < int(row["same"]) / row["n"] < high


def test_work_descriptions_exist_from_2024_on_only(ask: Ask) -> None:
    sql = "SELECT min(issued_on) AS first, count(*) AS n FROM data WHERE work_description IS NOT NULL"
    (row,) = ask("building-permits", sql)
    assert str(row["first"])[:4] == "2024"
    assert row["n"] == 80_758


def test_appropriations_equal_the_ordinance_in_every_year(ask: Ask, real_data: Path) -> None:
    stated = {}
    for year in range(2011, 2027):
        document = json.loads(
            gzip.decompress((real_data / f"budgets/chicago_appropriations_fy{year}.json.gz").read_bytes())
        )
        stated[year] = document["metadata"]["gross_appropriations"]
    rows = ask("appropriations", "SELECT fiscal_year, sum(amount) AS amount FROM data GROUP BY ALL")
    assert {row["fiscal_year"]: int(float(row["amount"])) for row in rows} == stated


def test_grants_without_totals_add_up_to_the_printed_ones(ask: Ask) -> None:
    rows = ask("grants", "SELECT fiscal_year, sum(year_total) AS amount FROM data GROUP BY ALL ORDER BY fiscal_year")
    assert [(row["fiscal_year"], int(float(row["amount"]))) for row in rows] == [
        (2013, 1_806_832_000),
        (2014, 1_695_062_000),
        (2015, 1_556_767_000),
        (2016, 1_482_629_000),
        (2017, 1_587_789_000),
        (2018, 1_429_960_000),
        (2019, 1_810_560_000),
        (2020, 1_758_658_000),
        (2021, 2_988_587_000),
    ]


def test_the_innovation_delivery_grant_ends_in_carry_over(ask: Ask) -> None:
    sql = """SELECT fiscal_year, anticipated, carryover, fund_code FROM data
             WHERE department_code = '001' AND "grant" = 'Innovation Delivery Grant' ORDER BY fiscal_year"""
    rows = ask("grants", sql)
    assert {row["fund_code"] for row in rows} == {"0P71"}
    amounts = [(row["fiscal_year"], row["anticipated"], row["carryover"]) for row in rows]
    assert [(year, whole(anticipated), whole(carryover)) for year, anticipated, carryover in amounts] == [
        (2013, 1_928_000, 500_000),
        (2014, 2_000_000, None),
        (2015, None, 1_926_000),
        (2016, None, 1_521_000),
        (2017, None, None),
    ]


def whole(amount: Any) -> int | None:
    return None if amount is None else int(float(amount))


def test_budget_lines_are_counted_once(ask: Ask) -> None:
    rows = ask(
        "budget-lines", "SELECT fiscal_year, sum(recommendation) AS amount FROM data GROUP BY ALL ORDER BY fiscal_year"
    )
    assert [int(float(row["amount"])) for row in rows] == [
        6_936_918_000,
        7_387_984_000,
        7_986_724_000,
        8_553_910_000,
        8_992_420_000,
        9_293_727_000,
        9_585_916_000,
        10_894_505_000,
        10_507_675_000,
    ]


def test_repeated_complaints_are_all_kept(ask: Ask) -> None:
    sql = "SELECT count(*) AS n, count(DISTINCT request_number) AS numbers, count(completed_on) AS done FROM data"
    assert ask("sanitation-complaints", sql) == [{"n": 74_401, "numbers": 74_026, "done": 74_076}]


def test_a_second_run_finds_nothing_to_do(home: Path, first: dict[str, Any], real_data: Path) -> None:
    again = run(home, real_data)
    assert {again[key]["outcome"] for key in first if key != "seconds"} == {"unchanged"}
    assert {again[key]["version"] for key in first if key != "seconds"} == {1}
    assert again["seconds"] < 20


def difference(home: Path, key: str, a: str, b: str) -> dict[str, Any]:
    found: dict[str, Any] = cupola("data", "diff", key, a, b, "--home", str(home))
    return found


def test_two_rosters_differ_by_the_rows_one_has_more_of(home: Path, first: dict[str, Any]) -> None:
    found = difference(home, "employees", "2018-03", "2020-10")
    assert (found["rows_before"], found["rows_after"]) == (32_812, 32_928)
    assert (found["rows_added"], found["rows_removed"], found["rows_changed"]) == (19_270, 19_154, 0)


def test_a_difference_between_rosters_shows_no_pay(home: Path, first: dict[str, Any]) -> None:
    found = difference(home, "employees", "2018-03", "2020-10")
    assert (found["shows_values"], found["added"], found["removed"], found["cells"]) == (False, [], [], [])


@pytest.fixture(scope="session")
def corrected(home: Path, first: dict[str, Any], real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second version of the permits: the newest permit gone, another one new, the status of a third corrected."""
    sources = tmp_path_factory.mktemp("sources")
    old, new = (f"operations/chicago_building_permits_{years}.csv.gz" for years in ("2006-2023", "2024-2026"))
    (sources / "operations").mkdir()
    shutil.copyfile(real_data / old, sources / old)
    with gzip.open(real_data / new, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[2][:2] == ["101003710", "EXPIRED"]
    rows[2][1] = "COMPLETE"
    rows.append(["999999999", *rows[-1][1:]])
    del rows[1]
    with gzip.open(sources / new, "wt", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    cupola("data", "refresh", "building-permits", "--sources", str(sources), "--home", str(home), "--force")
    return home


def test_two_versions_of_the_permits_differ_by_what_was_corrected(corrected: Path) -> None:
    found = difference(corrected, "building-permits", "1", "2")
    assert (found["rows_before"], found["rows_after"]) == (828_461, 828_461)
    assert (found["rows_added"], found["rows_removed"], found["rows_changed"]) == (1, 1, 1)
    assert found["cells_changed"] == {"status": 1}


def test_the_first_version_answers_as_before(corrected: Path) -> None:
    sql = "SELECT status FROM data WHERE permit_number = '101003710'"
    first, second = (
        cupola("data", "query", "building-permits", sql, "--version", number, "--home", str(corrected))["rows"]
        for number in ("1", "2")
    )
    assert (first, second) == ([{"status": "EXPIRED"}], [{"status": "COMPLETE"}])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # frictionless leaves files open
@pytest.mark.parametrize("key", ["wards", "grants", "appropriations"])
def test_the_files_people_take_away_agree_with_their_data_package(
    key: str, home: Path, first: dict[str, Any], tmp_path: Path
) -> None:
    lake = Lake(home / "lake", threads=1)
    release = lake.registry.get(key)
    for one in lake.downloads(release):
        (tmp_path / one.name).hardlink_to(lake.root / one.path)
    lake.close()
    with system.use_context(trusted=True):
        package = Package(str(tmp_path / "datapackage.json"))
        assert Package.validate_descriptor(package.to_descriptor()).valid
        report = package.get_resource(f"{key}-csv-gz").validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])[:5]
    assert report.stats["errors"] == 0
    assert report.tasks[0].stats["rows"] == release.rows
