"""Twenty queries people really send (their columns, made-up rows), each against SQL written by hand."""

# ruff: noqa: E501 - rows and queries are read as wholes

from dataclasses import dataclass
from typing import Any

import duckdb
import pytest

from cupola.soql import Column, Schema, SoqlType, compile_request, read_request

TEXT, NUMBER, DATE = SoqlType.TEXT, SoqlType.NUMBER, SoqlType.FLOATING_TIMESTAMP


def column(name: str, kind: SoqlType, physical: str = "") -> Column:
    return Column(name, kind, searchable=kind is TEXT, physical=physical)


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    sql: str

    @property
    def schema(self) -> Schema:
        return Schema(self.columns)


EMPLOYEES = Table(
    (column("name", TEXT), column("department", TEXT), column("job_titles", TEXT),
     column("annual_salary", NUMBER, "DECIMAL(18,2)")),
    """SELECT * FROM (VALUES ('Ada', 'AVIATION', 'PILOT', 100.10::DECIMAL(18,2)), ('Bo', 'AVIATION', 'CLERK', 50),
    ('Cy', 'Aviation', 'CLERK', 51), ('Di', 'POLICE', 'CLERK', NULL)) t(name, department, job_titles, annual_salary)""",
)  # fmt: skip
QUAKES = Table(
    (column("earthquake_id", TEXT), column("source", TEXT), column("magnitude", NUMBER, "DOUBLE"), column("region", TEXT)),
    """SELECT 'q' || lpad(i::VARCHAR, 4, '0') AS earthquake_id, CASE WHEN i % 5 < 3 THEN 'pr' ELSE 'us' END AS source,
    (i % 50) / 10.0::DOUBLE AS magnitude, CASE i % 4 WHEN 0 THEN 'Virgin Islands' WHEN 1 THEN 'north of the island'
    WHEN 2 THEN 'Iceland' END AS region FROM range(1000) r(i)""",
)  # fmt: skip
CRIMES = Table(
    (column("id", TEXT), column("date", DATE, "TIMESTAMP"), column("primary_type", TEXT), column("location", SoqlType.POINT)),
    """SELECT i::VARCHAR AS id, TIMESTAMP '2013-12-30' + INTERVAL 7 HOUR * i AS date,
    ['THEFT', 'ROBBERY', 'theft', 'ARSON', NULL][i % 5 + 1] AS primary_type,
    'POINT (' || (-87.66 + (i % 50) / 1000) || ' ' || (41.86 + (i % 37) / 1000) || ')' AS location,
    (-87.66 + (i % 50) / 1000)::DOUBLE AS "location:lon", (41.86 + (i % 37) / 1000)::DOUBLE AS "location:lat"
    FROM range(1500) r(i)""",
)  # fmt: skip
ROADS = Table(
    (column("stationname", TEXT), column("datetime", DATE, "TIMESTAMP"), column("roadsurfacetemperature", NUMBER, "DOUBLE")),
    """SELECT ['AuroraBridge', 'AlaskanWayViaduct'][i % 2 + 1] AS stationname,
    TIMESTAMP '2026-01-01' + INTERVAL 1 MINUTE * ((i * 7) % 40) AS datetime, (i % 13) * 1.5::DOUBLE AS roadsurfacetemperature
    FROM range(40) r(i)""",
)  # fmt: skip
INCIDENTS = Table(
    (column("row_id", TEXT),), "SELECT CASE WHEN i % 3 > 0 THEN 'r' || i END AS row_id FROM range(9) r(i)"
)
REQUESTS = Table(
    (column("service_name", TEXT), column("opened", DATE, "DATE"), column("requested_datetime", DATE, "TIMESTAMP"),
     column("point", SoqlType.POINT)),
    """SELECT ['Graffiti', 'Street Cleaning', 'Encampment'][i % 3 + 1] AS service_name,
    DATE '2015-01-15' + INTERVAL 5 DAY * i AS opened, TIMESTAMP '2026-08-20' + INTERVAL 3 HOUR * i AS requested_datetime,
    'POINT (' || (-122.4148 + (i % 7) / 2000) || ' ' || (37.7599 - (i % 5) / 2500) || ')' AS point,
    (-122.4148 + (i % 7) / 2000)::DOUBLE AS "point:lon", (37.7599 - (i % 5) / 2500)::DOUBLE AS "point:lat"
    FROM range(90) r(i)""",
)  # fmt: skip
GIFTS = Table(
    (column("recipient", TEXT), column("amount", NUMBER, "DECIMAL(18,2)")),
    "SELECT ['Abe', 'Bea', 'Cal'][i % 3 + 1] AS recipient, (i * 10.25)::DECIMAL(18,2) AS amount FROM range(10) r(i)",
)  # fmt: skip
LOANS = Table(
    (column("materialtype", TEXT), column("checkoutyear", NUMBER, "BIGINT"), column("checkoutmonth", NUMBER, "BIGINT"),
     column("checkouts", NUMBER, "BIGINT"), column("title", TEXT), column("isbn", TEXT)),
    """SELECT ['BOOK', 'book', 'EBOOK', 'MUSIC', 'Book, ER'][i % 5 + 1] AS materialtype, 2020 + i % 3 AS checkoutyear,
    1 + i % 12 AS checkoutmonth, i AS checkouts, CASE WHEN i % 7 > 0 THEN 'Title ' || (i % 4) END AS title,
    CASE WHEN i % 3 > 0 THEN '978' || i END AS isbn FROM range(60) r(i)""",
)  # fmt: skip
PAYMENTS = Table(
    (column("covered_recipient_type", TEXT), column("recipient_state", TEXT), column("physician_profile_id", NUMBER, "BIGINT"),
     column("physician_first_name", TEXT), column("physician_last_name", TEXT),
     column("dispute_status_for_publication", TEXT)),
    """SELECT ['Covered Recipient Physician', 'Hospital'][i % 2 + 1] AS covered_recipient_type,
    ['WA', 'WA', 'OR'][i % 3 + 1] AS recipient_state, i % 4 AS physician_profile_id, 'F' || (i % 4) AS physician_first_name,
    'L' || (i % 4) AS physician_last_name, ['No', 'Yes', NULL][i % 5 % 3 + 1] AS dispute_status_for_publication
    FROM range(60) r(i)""",
)  # fmt: skip
NEAR_LOOP = 'ST_Distance_Spheroid(ST_Point("location:lat", "location:lon"), ST_Point(41.883811, -87.631749)) < 500'
NEAR_MISSION = 'ST_Distance_Spheroid(ST_Point("point:lat", "point:lon"), ST_Point(37.7599, -122.4148)) < 150'
TRIANGLE = "MULTIPOLYGON (((-87.637714 41.887275, -87.613681 41.886892, -87.625526 41.871555, -87.637714 41.887275)))"
YES_NO = "sum(CASE WHEN dispute_status_for_publication = '{}' THEN 1 ELSE 0 END)"
PERSON = "physician_profile_id, physician_first_name, physician_last_name"
LIBRARY = """SELECT `materialtype`, `checkoutyear`, `checkoutmonth`, `checkouts`, `title`, `isbn` WHERE (`isbn` IS NOT NULL)
AND caseless_one_of( `materialtype`, "BOOK, ER", "BOOK", "AUDIOBOOK", "EBOOK" ) ORDER BY `title` DESC NULL LAST,
`isbn` DESC NULL LAST LIMIT 2147483647"""

CORPUS: dict[str, tuple[Table, dict[str, str], str]] = {
    "S01": (EMPLOYEES, {"department": "AVIATION"},
            "SELECT name, department, job_titles, annual_salary FROM rows WHERE department = 'AVIATION' ORDER BY _id"),
    "S02": (QUAKES, {"$where": "magnitude > 3.0", "source": "pr"},
            "SELECT PUBLIC FROM rows WHERE magnitude > 3 AND source = 'pr' ORDER BY _id LIMIT 1000"),
    "S03": (CRIMES, {"$select": "date_trunc_ymd(date) AS day, count(*) AS count", "$where": "date > '2014-01-01'",
                     "$group": "day"},
            "SELECT date::DATE::TIMESTAMP, count(*) FROM rows WHERE date > TIMESTAMP '2014-01-01' GROUP BY 1 ORDER BY 1"),
    "S04": (EMPLOYEES, {"$select": "job_titles,avg(annual_salary)", "$group": "job_titles"},
            "SELECT job_titles, avg(annual_salary) FROM rows GROUP BY 1 ORDER BY 1"),
    "S05": (CRIMES, {"$where": "date between '2014-01-10T12:00:00' and '2014-01-12T14:00:00'", "$select": "id"},
            "SELECT id FROM rows WHERE date >= '2014-01-10 12:00:00' AND date <= '2014-01-12 14:00:00' ORDER BY _id"),
    "S06": (CRIMES, {"$where": "primary_type in('THEFT', 'ROBBERY', 'INTIMIDATION')", "$select": "id"},
            "SELECT id FROM rows WHERE primary_type = 'THEFT' OR primary_type = 'ROBBERY' ORDER BY _id LIMIT 1000"),
    "S07": (CRIMES, {"$where": "within_circle(location, 41.883811, -87.631749, 500)", "$select": "id"},
            f"SELECT id FROM rows WHERE {NEAR_LOOP} ORDER BY _id"),
    "S08": (CRIMES, {"$where": f"within_polygon(location, '{TRIANGLE}')", "$select": "id"},
            f"SELECT id FROM rows WHERE ST_Within(ST_GeomFromText(location), ST_GeomFromText('{TRIANGLE}')) ORDER BY _id"),
    "S09": (QUAKES, {"$select": "source, count(*) as count", "$group": "source", "$having": "count > 500"},
            "SELECT * FROM (SELECT source, count(*) AS n FROM rows GROUP BY 1) WHERE n > 500"),
    "S10": (QUAKES, {"$q": "Islands", "$select": "earthquake_id"},
            "SELECT earthquake_id FROM rows WHERE region ILIKE '%island%' ORDER BY _id"),
    "S11": (GIFTS, {"$select": ":*, *"},
            "SELECT _id, _created_at, _updated_at, epoch_ms(_updated_at), recipient, amount FROM rows ORDER BY _id"),
    "S12": (GIFTS, {"$where": ":updated_at > '2026-01-05'", "$select": "amount"},
            "SELECT amount FROM rows WHERE _updated_at > TIMESTAMPTZ '2026-01-05 00:00:00+00' ORDER BY _id"),
    "S13": (QUAKES, {"$limit": "5", "$offset": "5", "$order": "earthquake_id"},
            "SELECT PUBLIC FROM rows ORDER BY earthquake_id LIMIT 5 OFFSET 5"),
    "S14": (ROADS, {"$query": "SELECT roadsurfacetemperature WHERE stationname = 'AuroraBridge' ORDER BY datetime DESC LIMIT 5 "
                              "|> SELECT AVG(roadsurfacetemperature) AS rolling_average"},
            "SELECT avg(r) FROM (SELECT roadsurfacetemperature AS r FROM rows WHERE stationname = 'AuroraBridge' "
            "ORDER BY datetime DESC LIMIT 5)"),
    "S15": (INCIDENTS, {"$select": "count(row_id)"}, "SELECT count(*) FROM rows WHERE row_id IS NOT NULL"),
    "S16": (REQUESTS, {"$select": "date_trunc_ym(opened) as month, count(*)", "$order": "month", "$group": "month",
                       "$where": 'opened >= "2015-02-01"'},
            "SELECT date_trunc('month', opened)::TIMESTAMP, count(*) FROM rows WHERE opened >= DATE '2015-02-01' GROUP BY 1 "
            "ORDER BY 1"),
    "S17": (REQUESTS, {"$where": "within_circle(point, 37.7599, -122.4148, 150) AND requested_datetime>'2026-08-24T00:00:00'",
                       "$select": "service_name,count(*) as cnt", "$group": "service_name", "$order": "cnt DESC",
                       "$limit": "10"},
            f"SELECT service_name, count(*) FROM rows WHERE {NEAR_MISSION} AND requested_datetime > '2026-08-24' GROUP BY 1 "
            "ORDER BY 2 DESC, 1"),
    "S18": (GIFTS, {"$select": "sum(amount), recipient", "$group": "recipient", "$order": "sum(amount) DESC"},
            "SELECT sum(amount) AS s, recipient FROM rows GROUP BY 2 ORDER BY s DESC"),
    "S19": (LOANS, {"$query": LIBRARY},
            "SELECT * EXCLUDE (_id) FROM (SELECT materialtype, checkoutyear, checkoutmonth, checkouts, title, isbn, _id "
            "FROM rows WHERE isbn IS NOT NULL AND upper(materialtype) IN ('BOOK, ER', 'BOOK', 'EBOOK')) "
            "ORDER BY title DESC NULLS LAST, isbn DESC, _id"),
    "S20": (PAYMENTS, {"covered_recipient_type": "Covered Recipient Physician", "recipient_state": "WA",
                       "$select": f"{PERSON}, sum(case(dispute_status_for_publication='No', 1, true, 0)) as no_count,"
                                  "sum(case(dispute_status_for_publication='Yes', 1, true, 0)) as yes_count",
                       "$group": PERSON},
            f"SELECT {PERSON}, {YES_NO.format('No')}, {YES_NO.format('Yes')} FROM rows "
            "WHERE covered_recipient_type LIKE 'Covered%' AND recipient_state = 'WA' GROUP BY 1, 2, 3 ORDER BY 1"),
}  # fmt: skip
NAMES = {
    "S04": ["job_titles", "avg_annual_salary"],
    "S11": [":id", ":created_at", ":updated_at", ":version", "recipient", "amount"],
    "S15": ["count_row_id"],
    "S16": ["month", "count"],
    "S18": ["sum_amount", "recipient"],
}


def rows_of(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in connection.execute(sql).to_arrow_table().to_pylist()]


@pytest.mark.parametrize("number", sorted(CORPUS))
def test_a_query_of_the_corpus_is_answered(engine: duckdb.DuckDBPyConnection, number: str) -> None:
    table, parameters, by_hand = CORPUS[number]
    system = "_id, TIMESTAMPTZ '2026-01-01 00:00:00+00' + INTERVAL 1 DAY * _id AS _created_at"
    engine.execute(
        f"CREATE OR REPLACE TABLE rows AS SELECT {system}, _created_at AS _updated_at, * EXCLUDE (_id) "
        f"FROM (SELECT row_number() OVER () AS _id, * FROM ({table.sql}))"
    )
    compiled = compile_request(read_request(list(parameters.items())), table.schema)
    answer = rows_of(engine, compiled.tree.sql(dialect="duckdb"))
    public = ", ".join(f'"{one.name}"' for one in table.columns)
    expected = rows_of(engine, by_hand.replace("PUBLIC", public))
    assert answer == expected
    assert answer


@pytest.mark.parametrize("number", sorted(NAMES))
def test_its_columns_are_named_as_clients_read_them(number: str) -> None:
    table, parameters, _ = CORPUS[number]
    compiled = compile_request(read_request(list(parameters.items())), table.schema)
    assert [one.name for one in compiled.columns] == NAMES[number]
