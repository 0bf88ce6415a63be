"""Every function, by table: an expression and what it gives for City Hall."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.soql.conftest import Ask

from cupola.soql.functions import TABLE

SEEN = datetime(2026, 3, 1, 8, 30, 15, 250000)  # noqa: DTZ001
LOOP = "'POLYGON ((-87.64 41.88, -87.62 41.88, -87.62 41.89, -87.64 41.89, -87.64 41.88))'"

CASES: list[tuple[str, Any]] = [
    # Comparisons and logic
    ("name = 'City Hall'", True),
    ("name = 'CITY HALL'", False),
    ("name == 'City Hall'", True),
    ("name <> 'City Hall'", False),
    ("name != 'x'", True),
    ("ward < 43", True),
    ("ward <= '42'", True),
    ("ward > 41.5", True),
    ("cost >= 1000.50", True),
    ("'1911-02-24' = built", True),
    ("built > '1911'", True),
    ("built between '1911-02' and '1911-02-24'", True),
    ("built not between '1911-02' and '1911-02-24'", False),
    ("seen between '2026-03-01T08:30:15' and '2026/03/01 08:30:16'", True),
    ("sent = '2026-03-01T14:30:15Z'", True),
    ("sent = '2026-03-01T08:30:15-06:00'", True),
    ("name in('City Hall', \"x, y\")", True),
    ("ward not in (1, 2, '42')", False),
    ("name is null", False),
    ("name is not null", True),
    ("open and not ward = 1", True),
    ("open or null", True),
    ("null and open", None),
    ("ward = null", None),
    ("not (open = 'false')", True),
    ("caseless_eq(name, 'CITY hall')", True),
    ("caseless_ne(name, 'CITY hall')", False),
    ("caseless_one_of(name, 'x', 'CITY HALL')", True),
    ("caseless_not_one_of(name, 'x', 'CITY HALL')", False),
    ("caseless_contains(name, 'Y h')", True),
    ("caseless_starts_with(name, 'ciT')", True),
    ("name like 'City%'", True),
    ("name like 'city%'", False),
    ("name like 'C_ty_Hall'", True),
    ("name like '%i_y%a_l'", True),
    ("name not like '%Hall'", False),
    ("'50%' like '50\\%'", True),
    ("'50x' like '50\\%'", False),
    ("name like name", True),
    ("name like kind || '%'", False),
    ("'City%' like name", False),
    ("name like replace(name, 'Hall', '%')", True),
    ("contains(name, 'ty H')", True),
    ("starts_with(name, 'ity')", False),
    # Choices
    ("case(ward = 1, 'a', true, 'b')", "b"),
    ("case(ward = 1, 'a')", None),
    ("CASE WHEN ward = 42 THEN 1 ELSE 0 END", 1),
    ("case when ward = 1 then cost end", None),
    ("iif(open, 'yes', 'no')", "yes"),
    ("coalesce(null, name, 'x')", "City Hall"),
    ("nullif(kind, 'office')", None),
    ("least(3, null, 2)", 2),
    ("greatest(ward, cost)", Decimal("1000.50")),
    ("greatest('a', 'b')", "b"),
    # Numbers
    ("1 + 2 * 3", 7),
    ("(1 + 2) * 3", 9),
    ("7 - 2 - 1", 4),
    ("7 / 2", 3.5),
    ("7 / 0", None),
    ("7 % 4", 3),
    ("-7 % 4", -3),
    ("7 % 0", None),
    ("2 ^ 3 ^ 2", 512.0),
    ("-2 ^ 2", 4.0),
    ("0 ^ -1", None),
    ("-1 ^ 0.5", None),
    ("10 ^ 400", None),
    ("- -ward", 42),
    ("+ward", 42),
    ("0.1 + 0.2", Decimal("0.3")),
    ("cost * 1.1", Decimal("1100.550")),
    ("9223372036854775807 + 1", 9223372036854775808),
    ("9223372036854775807 * 9223372036854775807", 85070591730234615847396907784232501249),
    ("ward / 5", 8.4),
    ("cost % 3", Decimal("1.50")),
    ("height % 10", 6.5),
    ("abs(-5.5)", Decimal("5.5")),
    ("ceil(cost)", 1001),
    ("floor(height)", 66.0),
    ("round(cost, 1)", Decimal("1000.5")),
    ("round(2.5)", 3),
    ("round(25, -1)", 30.0),
    ("round(10.3012, 3)", Decimal("10.301")),
    ("round(height, ward - 42)", 67.0),
    ("ln(1)", 0.0),
    ("ln(0)", None),
    ("ln(-1)", None),
    # Texts
    ("name || ' ' || ward", "City Hall 42"),
    ("'x' || cost || height || open", "x1000.5066.5true"),
    ("'' || (height - 0.5)", "66"),
    ("'' || seen", "2026-03-01T08:30:15.250"),
    ("'' || built", "1911-02-24T00:00:00.000"),
    ("'' || sent", "2026-03-01T14:30:15.000Z"),
    ("lower(name)", "city hall"),
    ("upper(name)", "CITY HALL"),
    ("length(name)", 9),
    ("substring('world', 2)", "orld"),
    ("substring('world', 2, 1)", "o"),
    ("substring('world', 0, 2)", "w"),
    ("substring('world', -1, 3)", "w"),
    ("substring('world', 2, -1)", ""),
    ("substring(name, ward - 41, ward - 38)", "City"),
    ("replace('a-b-c', '-', '+')", "a+b+c"),
    ("split_part('a,b,c', ',', 2)", "b"),
    ("split_part('a,b,c', ',', -1)", "c"),
    ("split_part('a,b,c', ',', 9)", ""),
    ("trim('  x ')", "x"),
    ("trim_leading('  x ')", "x "),
    ("trim_trailing('  x ')", "  x"),
    ("left_pad('7', 3, '0')", "007"),
    ("right_pad('7', 3, '0')", "700"),
    ("left_pad('12345', 3, '0')", "123"),
    ("left_pad('7', 3, '')", "7"),
    ("left_pad(kind, ward - 34, substring(name, 1, 1))", "CCoffice"),
    ("length(left_pad('7', 999999999999, 'x'))", 10_000),
    ("unaccent('Café Ñandú')", "Cafe Nandu"),
    # Dates and times
    ("date_trunc_y(seen)", datetime(2026, 1, 1)),  # noqa: DTZ001
    ("date_trunc_ym(seen)", datetime(2026, 3, 1)),  # noqa: DTZ001
    ("date_trunc_ymd(seen)", datetime(2026, 3, 1)),  # noqa: DTZ001
    ("date_trunc_ym(built)", datetime(1911, 2, 1)),  # noqa: DTZ001
    ("date_trunc_ymd(sent, 'America/Chicago')", datetime(2026, 3, 1)),  # noqa: DTZ001
    ("date_trunc_y(sent, 'Asia/Tokyo')", datetime(2026, 1, 1)),  # noqa: DTZ001
    ("date_trunc_ym(sent, 'Asia/Tokyo')", datetime(2026, 3, 1)),  # noqa: DTZ001
    ("datez_trunc_y(sent)", datetime(2026, 1, 1, tzinfo=UTC)),
    ("datez_trunc_ym(sent)", datetime(2026, 3, 1, tzinfo=UTC)),
    ("datez_trunc_ymd(sent)", datetime(2026, 3, 1, tzinfo=UTC)),
    ("date_extract_y(seen)", 2026),
    ("date_extract_m(seen)", 3),
    ("date_extract_d(built)", 24),
    ("date_extract_hh(seen)", 8),
    ("date_extract_mm(seen)", 30),
    ("date_extract_ss(seen)", 15.25),
    ("date_extract_hh(built)", 0),
    ("date_extract_dow(seen)", 0),
    ("date_extract_dow('2026-03-07')", 6),
    ("date_extract_woy('2021-01-01')", 53),
    ("date_extract_iso_y('2021-01-01')", 2020),
    ("seen.year", 2026),
    ("date_diff_d('2026-03-10', '2026-03-01')", 9),
    ("date_diff_d('2026-03-01T00:00:00', '2026-03-10T01:00:00')", -9),
    ("date_diff_d(sent, '2026-02-28')", 1),
    ("date_diff_d(built, built)", 0),
    ("date_add(seen, 'P1M')", datetime(2026, 4, 1, 8, 30, 15, 250000)),  # noqa: DTZ001
    ("date_add(built, 'P1DT12H')", datetime(1911, 2, 25, 12)),  # noqa: DTZ001
    ("built + 'P1Y'", datetime(1912, 2, 24)),  # noqa: DTZ001
    ("built - 'P1W'", datetime(1911, 2, 17)),  # noqa: DTZ001
    ("date_add(built, 'P99999Y9M') is null or true", True),
    ("to_floating_timestamp(sent, 'America/Chicago')", datetime(2026, 3, 1, 8, 30, 15)),  # noqa: DTZ001
    ("to_floating_timestamp('2026-03-01')", datetime(2026, 3, 1)),  # noqa: DTZ001
    # Places
    ("within_circle(place, 41.884, -87.632, 10)", True),
    ("within_circle(place, 41.885, -87.632, 110)", False),
    ("within_circle(place, 41.885, -87.632, 112)", True),
    ("within_circle(place, -87.632, 41.884, 10)", False),
    ("within_circle(place, 41.884, -87.632, -1)", False),
    ("within_circle(place, height - 24.616, -87.632, ward)", True),
    ("within_circle(ground, 41.884, -87.632, 5000)", True),
    ("within_circle(ground, 41.884, -87.632, 500)", False),
    ("within_box(place, 41.89, -87.64, 41.88, -87.62)", True),
    ("within_box(place, 41.88, -87.62, 41.89, -87.64)", True),
    ("within_box(place, 41.89, -87.60, 41.88, -87.62)", False),
    ("within_box(ground, 42, -88, 41, -87)", True),
    ("within_box(ground, 41.884, -88, 41, -87)", False),
    (f"within_polygon(place, {LOOP})", True),
    ("within_polygon(place, ground)", True),
    ("within_polygon(place, 'MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))')", False),
    (f"intersects(ground, {LOOP})", True),
    ("intersects(place, 'POINT (0 0)')", False),
    ("round(distance_in_meters(place, 'POINT (-87.632 41.894)'))", 1112.0),
    ("distance_in_meters(place, place)", 0.0),
    ("place.latitude", 41.884),
    ("place.longitude", -87.632),
    ("point_latitude(place)", 41.884),
    ("point_longitude(to_point('POINT(1 2)'))", 1.0),
    ("page.url", "https://hall.example"),
    ("url_url(page)", "https://hall.example"),
    ("page like 'https%'", True),
    # Casts
    ("'12.50'::number", Decimal("12.5")),
    ("name::number", None),
    ("to_number('7')", 7),
    ("to_number(left_pad('7', 1, 'x'))", 7.0),
    ("open::number", 1),
    ("ward::text", "42"),
    ("to_text(cost)", "1000.50"),
    ("'true'::boolean", True),
    ("kind::checkbox", None),
    ("'2026-03-01'::floating_timestamp", datetime(2026, 3, 1)),  # noqa: DTZ001
    ("name::calendar_date", None),
    ("'2026-03-01T00:00:00Z'::fixed_timestamp", datetime(2026, 3, 1, tzinfo=UTC)),
    ("place::text", "POINT (-87.632 41.884)"),
    ("name::url", "City Hall"),
    # System fields
    (":id", 1),
    (":id = 'row-1'", True),
    (":id in ('1', 'row-2')", True),
    (":updated_at > '2026-02-01'", True),
    (":created_at", datetime(2026, 1, 2, tzinfo=UTC)),
    (":version", 1769990400000),
    (":version = 'rv-1769990400000'", True),
    # As they are
    ("built", date(1911, 2, 24)),
    ("seen", SEEN),
    ("title", "City Hall"),
    ("`name`", "City Hall"),
    ("NAME", "City Hall"),
    ("-- a comment\n name /* another */", "City Hall"),
    ("'it''s'", "it's"),
    ('"say \\"a\\u0062c\\""', 'say "abc"'),
    ("1e3", 1000),
    ("null", None),
]
AGGREGATES = [
    ("count(*)", 5),
    ("count(ward)", 4),
    ("count(distinct ward)", 2),
    ("count_distinct(kind)", 3),
    ("sum(cost)", Decimal("1350.74")),
    ("sum(ward) + 1", 107),
    ("avg(ward)", 26.5),
    ("min(name)", "Cargo Depot"),
    ("max(built)", date(2020, 12, 31)),
    ("max(sent)", datetime(2026, 3, 8, 6, tzinfo=UTC)),
    ("median(ward)", 26.5),
    ("median(cost)", 175.12),
    ("median(kind)", "depot"),
    ("stddev_pop(ward)", 15.5),
    ("round(stddev_samp(ward), 6)", 17.897858),
    ("sum(case(kind = 'depot', 1, true, 0))", 2),
    ("sum(cost) / count(*)", 270.148),
    ("avg(height) > 20", True),
    ("max(place.latitude)", 41.95),
]


@pytest.mark.parametrize(("expression", "expected"), CASES)
def test_an_expression_gives(ask: Ask, expression: str, expected: object) -> None:
    assert ask(select=f"{expression} as value", where=":id = 1") == [(expected,)]


@pytest.mark.parametrize(("expression", "expected"), AGGREGATES)
def test_an_aggregate_gives(ask: Ask, expression: str, expected: object) -> None:
    [(found,)] = ask(select=f"{expression} as value")
    assert found == (pytest.approx(expected) if isinstance(expected, float) else expected)


def test_every_function_has_a_case() -> None:
    text = " ".join(expression for expression, _ in CASES + AGGREGATES).lower()
    missing = [name for name in TABLE if name.isidentifier() and f"{name}(" not in text and not name.startswith("to_")]
    assert missing == []
