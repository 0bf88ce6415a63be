"""Every measure of the real example against a query someone who knows the data would write by hand."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.real.conftest import cupola

from cupola import folder
from cupola.folder import MeasureRecord
from cupola.lake import Lake, parse

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.real, pytest.mark.slow]

PERMITS = "date_trunc('month', issued_on)"
QUARTERS = "date_trunc('quarter', issued_on)"
ASKED = "date_trunc('month', created_on)"
ASKED_QUARTERS = "date_trunc('quarter', created_on)"
FISCAL = "make_date(fiscal_year, 1, 1)"
FIRST_ASKED = "created_on >= '2011-01-01'"
NOT_GRANTS = """('corporate-fund', 'special-events-municipal-hotel-t-f', 'motor-fuel-tax-fund',
  'special-events-and-municipal-hotel-operators-occupation-tax-fund', 'cannabis-regulation-tax',
  'com-ed-settlement-fund-ii', 'tax-increment-financing-administration-fund')"""
# measure: period, column of the first breakdown ('' for none), value, condition
BY_HAND = {
    "permits-issued": (PERMITS, "ward_2023", "count(*)", "true"),
    "permits-median-cost": (PERMITS, "permit_type", "median(reported_cost::DOUBLE)", "reported_cost > 0"),
    "permits-high-cost": (QUARTERS, "", "quantile_cont(reported_cost::DOUBLE, 0.9)", "reported_cost > 0"),
    "permits-self-certified": (PERMITS, "ward_2023", "avg(coalesce(review_type = 'SELF CERT', false)::INT)", "true"),
    "permits-without-plan-review": (
        QUARTERS,
        "ward_2023",
        "sum(CASE WHEN review_type LIKE 'E%PERMIT%' THEN 1e0 ELSE 0 END) / count(*)",
        "true",
    ),
    "easy-permits-online": (
        QUARTERS,
        "",
        "count(*) FILTER (review_type LIKE '%WEB') / count(*)",
        "review_type LIKE 'EASY PERMIT%'",
    ),
    "new-construction-permits": (QUARTERS, "ward_2023", "count(*)", "permit_type LIKE '%NEW CONSTRUCTION'"),
    "demolition-permits": (QUARTERS, "ward_2023", "count(*)", "permit_type LIKE '%DEMOLITION'"),
    "sanitation-complaints-received": (ASKED, "ward", "count(*)", f"status NOT LIKE '%Dup' AND {FIRST_ASKED}"),
    "sanitation-closed-in-five-days": (
        ASKED,
        "ward",
        "count(*) FILTER (completed_on - created_on <= 5) / count(*)",
        f"status NOT LIKE '%Dup' AND {FIRST_ASKED}",
    ),
    "sanitation-days-to-close": (
        ASKED_QUARTERS,
        "ward",
        "median((completed_on - created_on)::DOUBLE)",
        f"status NOT LIKE '%Dup' AND {FIRST_ASKED}",
    ),
    "sanitation-repeated": (ASKED_QUARTERS, "ward", "count(*) FILTER (status LIKE '%Dup') / count(*)", FIRST_ASKED),
    "appropriations-by-department": (FISCAL, "department_code", "sum(amount)::DOUBLE", "true"),
    "it-share-of-appropriations": (
        FISCAL,
        "",
        "sum(CASE WHEN department_code = '6' THEN amount ELSE 0 END)::DOUBLE / sum(amount)",
        "true",
    ),
    "corporate-fund-share": (
        FISCAL,
        "department_code",
        "sum(CASE WHEN fund = 'corporate-fund' THEN amount ELSE 0 END)::DOUBLE / sum(amount)",
        "true",
    ),
    "mayors-office-grant-share": (
        FISCAL,
        "",
        f"1 - sum(CASE WHEN fund IN {NOT_GRANTS} THEN amount ELSE 0 END)::DOUBLE / sum(amount)",
        "department_code = '1'",
    ),
    "anticipated-grants": (FISCAL, "department_code", "sum(year_total)::DOUBLE", "year_total IS NOT NULL"),
    "innovation-delivery-grant": (
        FISCAL,
        "",
        "sum(year_total)::DOUBLE",
        "department_code = '001' AND \"grant\" ILIKE '%innovation delivery%'",
    ),
    "recommended-over-spent": (
        FISCAL,
        "department_code",
        "coalesce(sum(recommendation), 0)::DOUBLE / nullif(sum(earlier_expenditures), 0)",
        "true",
    ),
    "posts-by-department": ("vintage", "department", "count(*)", "true"),
    "part-time-share": (
        "vintage",
        "department",
        "count(*) FILTER (full_or_part_time = 'P') / count(*)",
        "vintage >= '2018-01-01'",
    ),
}
GAP_BY_HAND = {
    "sanitation-days-gap": f"""SELECT p, max(v) - min(v) AS v FROM (
      SELECT {ASKED_QUARTERS}::DATE AS p, ward, median((completed_on - created_on)::DOUBLE) AS v FROM data
      WHERE status NOT LIKE '%Dup' AND {FIRST_ASKED} AND ward IS NOT NULL
      GROUP BY ALL HAVING count(completed_on - created_on) >= 20
    ) GROUP BY p HAVING count(*) > 1""",
}


@pytest.fixture(scope="module")
def records() -> dict[str, MeasureRecord]:
    documents = folder.read(ROOT / "examples" / "chicago").documents
    return {one.key: one.record for one in documents if isinstance(one.record, MeasureRecord)}


@pytest.fixture(scope="module")
def lake(home: Path, first: dict[str, Any]) -> Lake:
    return Lake(home / "lake")


def rows_of(lake: Lake, dataset: str, sql: str) -> pa.Table:
    return lake.query(parse(sql), inputs={"data": lake.version(dataset)}, all_vintages=True)


def stored(lake: Lake, key: str, by: str) -> dict[tuple[str, str | None], float]:
    sql = f"SELECT period, member, value FROM data WHERE measure = '{key}' AND by = '{by}' AND by_2 = ''"
    found = rows_of(lake, "measure_values", sql).to_pylist()
    return {(str(row["period"]), row["member"] or None): row["value"] for row in found if row["value"] is not None}


def by_hand(lake: Lake, dataset: str, key: str, *, broken_down: bool) -> dict[tuple[str, str | None], float]:
    period, column, value, condition = BY_HAND[key]
    member = column if broken_down else "NULL"
    sql = f"SELECT {period}::DATE AS p, {member} AS m, {value} AS v FROM data WHERE {condition} GROUP BY ALL"
    found = rows_of(lake, dataset, sql).to_pylist()
    return {(str(row["p"]), row["m"]): float(row["v"]) for row in found if row["v"] is not None}


def test_every_measure_has_its_query_by_hand(records: dict[str, MeasureRecord]) -> None:
    assert set(records) == {*BY_HAND, *GAP_BY_HAND}
    assert len(records) == 22


@pytest.mark.parametrize("key", BY_HAND)
def test_a_measure_equals_the_query_by_hand(lake: Lake, records: dict[str, MeasureRecord], key: str) -> None:
    record, column = records[key], BY_HAND[key][1]
    for by in {"", column}:
        assert not by or (by,) in record.by
        wanted = by_hand(lake, record.dataset, key, broken_down=bool(by))
        assert wanted
        assert stored(lake, key, by) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("key", GAP_BY_HAND)
def test_a_gap_equals_the_query_by_hand_and_the_sql_it_explains(
    lake: Lake, home: Path, records: dict[str, MeasureRecord], key: str
) -> None:
    dataset = records[key].dataset
    wanted = {(str(row["p"]), None): row["v"] for row in rows_of(lake, dataset, GAP_BY_HAND[key]).to_pylist()}
    assert wanted
    assert stored(lake, key, "") == pytest.approx(wanted, rel=1e-9)
    told = cupola("measure", "explain", key, "--home", str(home))["sql"]
    given = {(str(row["_period"]), None): row["value"] for row in rows_of(lake, dataset, told).to_pylist()}
    assert given == pytest.approx(wanted, rel=1e-9)


def test_the_technology_share_is_unknown_for_the_merged_years_and_says_why(home: Path, first: dict[str, Any]) -> None:
    told = cupola("measure", "show", "it-share-of-appropriations", "--home", str(home))
    states = {point["period"]: (point["state"], point["value"]) for point in told["points"]}
    assert [year for year, (state, _value) in states.items() if state == "unknown"] == [
        "FY2020", "FY2021", "FY2022", "FY2023",
    ]  # fmt: skip
    assert all(value is None for state, value in states.values() if state == "unknown")
    assert states["FY2019"][1] == pytest.approx(32_169_541 / 11_400_085_000, rel=1e-12)
    assert states["FY2026"][1] == pytest.approx(76_383_040 / 18_668_568_460, rel=1e-12)
    reasons = {point["reason"] for point in told["points"] if point["state"] == "unknown"}
    assert len(reasons) == 1
    assert "fleet and buildings" in reasons.pop()


def test_the_month_in_which_the_permits_end_is_provisional(home: Path, first: dict[str, Any]) -> None:
    told = cupola("measure", "show", "permits-issued", "--home", str(home))
    last = told["points"][-1]
    assert (last["period"], last["state"], last["n"]) == ("2026-07", "provisional", 1_319)


def test_posts_of_few_people_are_hidden_in_a_list_nobody_may_see(home: Path, lake: Lake) -> None:
    sql = """SELECT count(*) AS n FROM data WHERE measure = 'posts-by-department' AND by = 'department' AND n < 11"""
    (few,) = rows_of(lake, "measure_values", sql).to_pylist()
    small = "SELECT member FROM data WHERE measure = 'posts-by-department' AND by <> '' AND n < 11 ORDER BY ALL LIMIT 1"
    (row,) = rows_of(lake, "measure_values", small).to_pylist()
    told = cupola("measure", "show", "posts-by-department", "--by", f"department={row['member']}", "--home", str(home))
    assert few["n"] > 0
    assert {"hidden"} <= {point["state"] for point in told["points"]}
    assert all(point["value"] is None or point["value"] >= 11 for point in told["points"])
