"""The example city: the same bytes every time, a folder that reads, and effects that can be found again."""

import csv
import hashlib
import io
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest
from shapely.geometry import Polygon, shape
from shapely.ops import unary_union

from cupola import folder
from cupola.demo import generate, page, permits, posts, service_requests, truth
from cupola.demo.files import Layout

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.slow
Row = dict[str, str]


def read(path: Path, layout: Layout) -> list[Row]:
    text = path.read_bytes().decode(layout.encoding)
    lines = text.split(layout.newline, len(layout.title))[len(layout.title)]
    rows = csv.reader(io.StringIO(lines, newline=""), delimiter=layout.delimiter)
    header = next(rows)
    return [dict(zip(header, row, strict=True)) for row in rows]


def digest(target: Path) -> str:
    whole = hashlib.sha256()
    for file in sorted((target / "data").iterdir()):
        whole.update(file.name.encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()


def mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("city")
    generate(target, scale=0.2)
    return target


@pytest.fixture(scope="module")
def requests(city: Path) -> list[Row]:
    found: list[Row] = []
    names = service_requests.LAYOUTS[2024].header
    for year, layout in service_requests.LAYOUTS.items():
        for row in read(city / "data" / f"service-requests-{year}.csv", layout):
            found.append(dict(zip(names, row.values(), strict=True)))
    return [row for row in found if not row["Opened"].startswith("00")]


@cache
def moment(text: str) -> datetime:
    pattern = "%m/%d/%Y %H:%M" if "/" in text else "%Y-%m-%d %H:%M"
    return datetime.strptime(text, pattern)  # noqa: DTZ007


def days_to_close(row: Row) -> float:
    return (moment(row["Closed"]) - moment(row["Opened"])).total_seconds() / 86_400


def pace(rows: Iterable[Row], effect: truth.FasterClosing) -> float:
    """The days to close after `effect` began in its wards, compared with before and with the other wards."""
    usual = {kind.name: kind.days for kind in service_requests.KINDS}
    cells: dict[tuple[bool, bool], list[float]] = defaultdict(list)
    for row in rows:
        if row["Type"] in effect.types and row["Ward"] and row["Closed"]:
            after = moment(row["Opened"]).date() >= effect.since
            cells[row["Ward"] in effect.wards, after].append(days_to_close(row) / usual[row["Type"]])
    return (mean(cells[True, True]) / mean(cells[True, False])) / (mean(cells[False, True]) / mean(cells[False, False]))


def test_the_same_seed_gives_the_same_bytes_on_every_machine(tmp_path: Path) -> None:
    generate(tmp_path, scale=0.01)
    assert digest(tmp_path) == "9615f8426141fbbecfdeafb0b18760c2b5c9ad61f119bdec8770722e904b32c6"


def test_another_seed_gives_another_city(tmp_path: Path) -> None:
    generate(tmp_path / "one", seed=1, scale=0.001)
    generate(tmp_path / "two", seed=2, scale=0.001)
    assert digest(tmp_path / "one") != digest(tmp_path / "two")


def test_progress_is_told_from_beginning_to_end(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    generate(tmp_path, scale=0.001, progress=lambda what, share: told.append((what, share)))
    assert told[0] == ("wards and addresses", 0.0)
    assert told[-1] == ("done", 1.0)
    assert [share for _, share in told] == sorted(share for _, share in told)


def test_the_folder_reads_without_problems_and_every_file_it_names_is_there(city: Path) -> None:
    found = folder.read(city)
    kept = [document for document in found.documents if document.kind in {"city", "dataset"}]
    assert [document.key for document in kept] == [
        "dunmarrow", "appropriations", "grants", "hires", "initiatives", "permits", "post-counts", "posts", "purchases",
        "service-requests", "wards",
    ]  # fmt: skip
    assert [document.key for document in found.documents if document.kind == "structure"] == ["dunmarrow"]
    for document in kept:
        for source in getattr(document.record, "sources", ()):
            assert (city / source.file).is_file()


def test_all_is_released_and_only_payroll_is_restricted(city: Path) -> None:
    records = {document.key: document.record for document in folder.read(city).documents if document.kind == "dataset"}
    assert all(record.fields()["released"] for record in records.values())
    assert {key for key, record in records.items() if record.contract().restricted} == {"posts"}


def test_no_roster_has_a_column_for_names() -> None:
    headers = {name.casefold() for layout in posts.LAYOUTS.values() for name in layout.header}
    assert not headers & {"name", "first name", "last name", "employee"}


def test_the_truth_table_in_the_documentation_is_the_one_the_generator_uses() -> None:
    assert (ROOT / "docs" / "explanation" / "demo-city.md").read_text(encoding="utf-8") == page()


# -- service requests


def test_volume_grows_by_the_trend(requests: list[Row]) -> None:
    storm = date.fromordinal(truth.STORM.first.toordinal() + truth.STORM.days - 1)
    days = [moment(row["Opened"]).date() for row in requests]
    years = Counter(day.year for day in days if not truth.STORM.first <= day <= storm)
    assert years[2025] / years[2021] == pytest.approx(1.135 / 1.015, abs=0.02)


def test_mondays_and_sundays_differ_as_planted(requests: list[Row]) -> None:
    weekdays = Counter(moment(row["Opened"]).weekday() for row in requests)
    assert weekdays[0] / weekdays[6] == pytest.approx(1.24 / 0.60, rel=0.05)


def test_potholes_peak_in_march(requests: list[Row]) -> None:
    months = Counter(moment(row["Opened"]).month for row in requests if row["Type"] == "Pothole")
    assert months.most_common(1)[0][0] == 3
    assert months[3] / months[7] == pytest.approx(2.2 / 0.5, rel=0.1)


@pytest.mark.parametrize(("after", "share"), [(False, 0.18), (True, 0.34)])
def test_the_online_form_lifts_the_online_share(requests: list[Row], after: bool, share: float) -> None:
    chosen = [row["Channel"] for row in requests if (moment(row["Opened"]).date() >= date(2023, 3, 1)) is after]
    assert Counter(chosen)["Online form"] / len(chosen) == pytest.approx(share, abs=0.01)


def test_reorganised_crews_close_in_three_quarters_of_the_days(requests: list[Row]) -> None:
    assert pace(requests, truth.CREWS) == pytest.approx(0.75, abs=0.05)


def test_reminders_change_nothing(requests: list[Row]) -> None:
    assert pace(requests, truth.REMINDERS) == pytest.approx(1.0, abs=0.1)


def test_only_the_month_of_typing_errors_has_closings_before_openings(requests: list[Row]) -> None:
    wrong = [row for row in requests if row["Closed"] and days_to_close(row) < 0]
    assert {row["Department"] for row in wrong} == {"Code Enforcement"}
    assert {row["Closed"][:7] for row in wrong} == {"2021-10"}
    right = [row for row in requests if row["Closed"].startswith("2022-10") and row["Department"] == "Code Enforcement"]
    assert len(wrong) / (len(wrong) + len(right)) == pytest.approx(0.35, abs=0.06)


def test_the_storm_is_an_outlier_of_three_days(requests: list[Row]) -> None:
    days = Counter(moment(row["Opened"]).date() for row in requests if row["Type"] == "Tree debris")
    assert {day for day, _ in days.most_common(3)} == {date(2024, 7, 15), date(2024, 7, 16), date(2024, 7, 17)}


def test_unreadable_dates_stand_in_the_first_year_only(city: Path) -> None:
    bad = {}
    for year, layout in service_requests.LAYOUTS.items():
        rows = read(city / "data" / f"service-requests-{year}.csv", layout)
        bad[year] = sum(list(row.values())[1] == "00/00/0000 00:00" for row in rows)
    assert bad == {2021: 6, 2022: 0, 2023: 0, 2024: 0, 2025: 0}


def test_the_files_are_untidy_as_documented(city: Path) -> None:
    first = (city / "data" / "service-requests-2021.csv").read_bytes()
    assert "Peña Street".encode("cp1252") in first
    second = (city / "data" / "service-requests-2022.csv").read_bytes()
    assert second.index(b'"') > len(second) * 0.5
    assert (
        (city / "data" / "service-requests-2023.csv")
        .read_text()
        .startswith("Dunmarrow 311 service requests 2023\n\nRequest ID,")
    )
    assert "$(" not in (city / "data" / "appropriations-fy2024.csv").read_text()
    assert '"($' in (city / "data" / "appropriations-fy2024.csv").read_text()


# -- permits


def test_self_certification_shortens_residential_repairs_only(city: Path) -> None:
    effect = truth.SELF_CERTIFICATION
    cells: dict[tuple[bool, bool], list[float]] = defaultdict(list)
    usual = {kind.name: kind.days for kind in permits.KINDS}
    for row in read(city / "data" / "permits.tsv", permits.LAYOUT):
        applied = date.fromisoformat(row["APPLIED"])
        if row["STATUS"] == "Issued" and applied < date(2025, 1, 1):
            days = (date.fromisoformat(row["ISSUED"]) - applied).days / usual[row["TYPE"]]
            cells[row["TYPE"] == effect.kind, applied >= effect.since].append(days)
    assert mean(cells[True, True]) / mean(cells[True, False]) == pytest.approx(0.6, abs=0.05)
    assert mean(cells[False, True]) / mean(cells[False, False]) == pytest.approx(1.0, abs=0.08)


# -- posts, budget, grants


def roster(city: Path, year: int) -> list[Row]:
    rows = read(city / "data" / f"posts-fy{year}.csv", posts.LAYOUTS[year])
    return [dict(zip(posts.LAYOUTS[2026].header, row.values(), strict=True)) for row in rows]


def dollars(text: str) -> int:
    whole = text.replace("$", "").replace(",", "").removesuffix(".00")
    return -int(whole.strip("()").removesuffix(".00")) if whole.startswith("(") else int(whole)


def test_each_budget_year_has_as_many_posts_each_with_a_key_of_its_own(city: Path) -> None:
    for year in truth.FISCAL_YEARS:
        keys = [row["post_id"] for row in roster(city, year)]
        assert len(keys) == len(set(keys)) == 1_800


@pytest.mark.parametrize(("year", "share"), list(truth.VACANT_SHARE.items()))
def test_vacancies_are_as_planted(city: Path, year: int, share: float) -> None:
    statuses = Counter(row["status"] for row in roster(city, year))
    assert statuses["Vacant"] / 1_800 == pytest.approx(share, abs=0.015)


def test_the_innovation_office_lives_on_a_grant_and_a_part_of_it_stays(city: Path) -> None:
    def paid(year: int) -> Counter[str]:
        return Counter(row["award"] for row in roster(city, year) if row["office"] == "Office of Innovation")

    assert paid(2021) == {}
    assert paid(2022) == paid(2025) == {"": 1, "AW-2201": 6}
    assert paid(2026) == {"": 3}


def test_the_data_team_has_four_posts_on_a_grant_with_an_end(city: Path) -> None:
    team = [row for row in roster(city, 2026) if row["office"] == "Data and Analytics"]
    assert Counter(row["funded_until"] for row in team) == {"": 3, "2026-06-30": 4}


def test_departments_are_renamed_and_merged(city: Path) -> None:
    def names(year: int) -> set[str]:
        return {row["department"] for row in roster(city, year)}

    assert "Information Services" in names(2022)
    assert "Information Services" not in names(2023)
    assert {"Fleet Management", "Facilities"} <= names(2023)
    assert not {"Fleet Management", "Facilities"} & names(2024)
    assert "General Services" in names(2024)


def lines(city: Path, year: int) -> list[Row]:
    text = (city / "data" / f"appropriations-fy{year}.csv").read_text().split("\n", 3)[3]
    return list(csv.DictReader(io.StringIO(text)))


def test_personnel_is_what_the_posts_cost(city: Path) -> None:
    paid: dict[tuple[str, str], int] = defaultdict(int)
    for row in roster(city, 2024):
        paid[row["department_code"], row["fund_code"]] += dollars(row["annual_salary"])
    adopted = {
        (row["Dept"], row["Fund Code"]): dollars(row["Adopted"])
        for row in lines(city, 2024)
        if row["Category"] == "Personnel"
    }
    assert adopted == {key: salaries * 1340 // 1000 for key, salaries in paid.items()}


def test_the_rows_of_totals_would_count_everything_three_times(city: Path) -> None:
    rows = lines(city, 2025)
    detail = sum(dollars(row["Adopted"]) for row in rows if not row["Department"].startswith("Total - "))
    everything = sum(dollars(row["Adopted"]) for row in rows)
    assert everything == 3 * detail
    assert rows[-1]["Department"] == "Total - All Departments"


def test_police_personnel_is_overspent_in_one_year(city: Path) -> None:
    def factor(year: int) -> float:
        (row,) = [
            row
            for row in lines(city, year)
            if row["Department"] == "Police Department" and row["Category"] == "Personnel"
        ]
        return dollars(row["Spent"]) / dollars(row["Adopted"])

    assert factor(2024) == pytest.approx(1.08, abs=0.0001)
    assert all(0.93 <= factor(year) <= 1.01 for year in (2021, 2022, 2023, 2025))


def test_awards_have_keys_of_their_own_and_end_after_they_begin(city: Path) -> None:
    document = json.loads((city / "data" / "grants.json").read_text())
    awards = [award for department in document["departments"] for award in department["awards"]]
    assert len({award["award"] for award in awards}) == len(awards) == 49
    assert all(award["starts_on"] < award["ends_on"] and 0 <= award["spent"] <= award["amount"] for award in awards)
    (innovation,) = [award for award in awards if award["award"] == truth.INNOVATION_AWARD]
    assert (innovation["ends_on"], innovation["extended_from"]) == ("2024-12-31", "2024-06-30")


# -- wards


def test_wards_cover_the_city_without_overlap_or_gap(city: Path) -> None:
    document = json.loads((city / "data" / "wards.geojson").read_text())
    wards: list[Polygon] = [shape(feature["geometry"]) for feature in document["features"]]
    assert len(wards) == 10
    assert all(ward.is_valid and len(ward.exterior.coords) > 100 for ward in wards)
    whole = unary_union(wards)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    assert sum(ward.area for ward in wards) == pytest.approx(whole.area, rel=1e-9)


def test_reported_wards_agree_with_the_shapes(city: Path) -> None:
    document = json.loads((city / "data" / "wards.geojson").read_text())
    shapes: dict[str, Callable[..., bool]] = {
        feature["properties"]["ward"]: shape(feature["geometry"]).covers for feature in document["features"]
    }
    rows = read(city / "data" / "permits.tsv", permits.LAYOUT)[:500]
    points = [
        (row["WARD"], shape({"type": "Point", "coordinates": [float(row["LON"]), float(row["LAT"])]})) for row in rows
    ]
    assert all(shapes[ward](point) for ward, point in points)
