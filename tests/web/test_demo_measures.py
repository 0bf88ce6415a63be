"""Every measure of the fictional city against a query someone who knows the data would write by hand."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cupola import folder as folders
from cupola.demo import generate
from cupola.folder import MeasureRecord
from cupola.lake import Lake, parse
from cupola.web.accounts.actions import apply_folder
from cupola.web.data.actions import Refresh, refresh_all
from cupola.web.data.queries import lake as the_lake
from cupola.web.performance import actions, queries

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
AT = datetime(2026, 1, 20, 12, tzinfo=UTC)
MONTH, QUARTER = "date_trunc('month', opened_at)", "date_trunc('quarter', opened_at)"
TOOK = "date_diff('minute', opened_at, closed_at) / 1440"
SANE = "closed_at >= opened_at"
ISSUED = "date_diff('day', applied_on, issued_on)"
FISCAL = "make_date(fiscal_year - 1, 7, 1)"
# measure: period, column of the first breakdown ('' for none), value, condition
BY_HAND = {
    "requests-received": (MONTH, "ward", "count(*)", "true"),
    "services-online": (
        MONTH,
        "ward",
        "1 - count(*) FILTER (channel IN ('Phone', 'Walk-in')) / count(*)",
        "true",
    ),
    "closed-on-time": (MONTH, "ward", f"count(*) FILTER ({TOOK} <= target_days) / count(*)", "true"),
    "days-to-close": (MONTH, "ward", f"median({TOOK})", SANE),
    "slowest-tenth": (QUARTER, "department", f"quantile_cont({TOOK}, 0.9)", SANE),
    "pothole-days": (MONTH, "ward", f"median({TOOK})", f"request_type = 'Pothole' AND {SANE}"),
    "potholes-reported": (MONTH, "ward", "count(*)", "request_type = 'Pothole'"),
    "street-light-days": (MONTH, "ward", f"median({TOOK})", f"request_type LIKE 'Street light%' AND {SANE}"),
    "missed-collections": (MONTH, "ward", "count(*)", "request_type LIKE 'Missed%'"),
    "missed-collections-on-time": (
        MONTH,
        "ward",
        "count(*) FILTER (closed_at <= opened_at + INTERVAL 3 DAY) / count(*)",
        "request_type LIKE 'Missed%'",
    ),
    "illegal-dumping": (MONTH, "ward", "count(*)", "request_type = 'Illegal dumping'"),
    "requests-open": (QUARTER, "department", "count(*) FILTER (closed_at IS NULL) / count(*)", "true"),
    "requests-without-ward": (MONTH, "", "1 - count(ward) / count(*)", "true"),
    "impossible-closings": (MONTH, "department", f"count(*) FILTER ({TOOK} < 0) / count(*)", "true"),
    "permit-applications": ("date_trunc('month', applied_on)", "ward", "count(*)", "true"),
    "permit-days": ("date_trunc('quarter', applied_on)", "permit_type", f"median({ISSUED}::DOUBLE)", "true"),
    "residential-repair-days": (
        "date_trunc('month', applied_on)",
        "",
        f"median({ISSUED}::DOUBLE)",
        "permit_type = 'Residential repair'",
    ),
    "permits-refused": (
        "date_trunc('quarter', applied_on)",
        "permit_type",
        "count(*) FILTER (status = 'Refused') / count(*)",
        "true",
    ),
    "requisition-to-award": (
        "date_trunc('quarter', requested_on)",
        "department",
        "median((awarded_on - requested_on)::DOUBLE)",
        "true",
    ),
    "single-bids": (
        "date_trunc('quarter', requested_on)",
        "department",
        "count(*) FILTER (bidders < 2) / count(*)",
        "method NOT LIKE 'Small%'",
    ),
    "days-to-hire": (
        "date_trunc('quarter', posted_on)",
        "job_group",
        "median((started_on - posted_on)::DOUBLE)",
        "true",
    ),
    "applicants-per-vacancy": ("date_trunc('quarter', posted_on)", "job_group", "avg(applicants)", "true"),
    "vacancy-rate": ("vintage", "department", "count(*) FILTER (status <> 'Filled') / count(*)", "true"),
    "posts-budgeted": ("vintage", "department", "count(*)", "true"),
    "grant-funded-posts": ("vintage", "", "count(*) FILTER (fund = 'Grant Fund') / count(*)", "true"),
    "spent-of-adopted": (FISCAL, "department_code", "sum(spent)::DOUBLE / sum(adopted)", "spent IS NOT NULL"),
    "technology-share": (
        FISCAL,
        "",
        "sum(CASE department_code WHEN '31' THEN adopted ELSE 0 END)::DOUBLE / sum(adopted)",
        "true",
    ),
    "joint-initiatives": (
        "date_trunc('year', began_on)",
        "lead",
        "count(*) FILTER (departments > 1) / count(*)",
        "true",
    ),
    "initiatives-adopted": (
        "date_trunc('year', ended_on)",
        "",
        "count(*) FILTER (outcome <> 'Stopped') / count(*)",
        "ended_on IS NOT NULL",
    ),
}

GAP_BY_HAND = {
    "closed-on-time-gap": f"""SELECT p, NULL AS m, max(v) - min(v) AS v FROM (
      SELECT {MONTH}::DATE AS p, ward, count(*) FILTER ({TOOK} <= target_days) / count(*) AS v FROM data
      WHERE ward IS NOT NULL GROUP BY ALL HAVING count(*) >= 20
    ) GROUP BY p HAVING count(*) > 1""",
}


def found(lake: Lake, dataset: str, sql: str) -> list[dict[str, Any]]:
    given = {"data": lake.version(dataset)}
    rows: list[dict[str, Any]] = lake.query(parse(sql), inputs=given, all_vintages=True).to_pylist()
    return rows


def check(lake: Lake, record: MeasureRecord, *, by: str) -> None:
    """Compare the whole, or one breakdown, with the query by hand; where no row counts there is none to compare."""
    if record.gap is not None:
        hand = GAP_BY_HAND[record.key]
    else:
        period, _column, value, condition = BY_HAND[record.key]
        hand = f"SELECT {period}::DATE AS p, {by or 'NULL'} AS m, {value} AS v FROM data WHERE {condition} GROUP BY ALL"
    wanted = {
        (row["p"], row["m"]): float(row["v"]) for row in found(lake, record.dataset, hand) if row["v"] is not None
    }
    kept = f"SELECT period, member, value FROM data WHERE measure = '{record.key}' AND by = '{by}' AND by_2 = ''"
    given = {(row["period"], row["member"] or None): row["value"] for row in found(lake, queries.VALUES, kept)}
    assert wanted, record.key
    assert {key: one for key, one in given.items() if one is not None} == pytest.approx(wanted, rel=1e-9), record.key


def test_the_measures_of_the_fictional_city_equal_their_queries_by_hand(tmp_path: Path, home: Path) -> None:
    city = tmp_path / "city"
    generate(city, scale=0.02)
    read = folders.read(city)
    records = [one.record for one in read.documents if isinstance(one.record, MeasureRecord)]
    assert {one.key for one in records} == {*BY_HAND, *GAP_BY_HAND}
    assert len(records) >= 25
    apply_folder(read, by="tests")
    refresh_all(Refresh(sources_folder=None, city_folder=city, now=AT, by="tests"), finished=lambda one: None)
    assert {one.outcome for one in actions.compute(at=AT)} == {"computed"}
    for record in records:
        for by in {"", *([BY_HAND[record.key][1]] if record.gap is None else [])}:
            check(the_lake(), record, by=by)
