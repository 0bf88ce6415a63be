"""Clauses: names, aliases, stars, groups, order, pages, pipes, parameters."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlglot import exp
from tests.unit.soql.conftest import BUILDINGS, Ask

from cupola.soql import Compiled, Output, Request, SoqlType, compile_request, read_request, row_identifier, row_version
from cupola.soql.searching import word_forms


def compiled(**clauses: str) -> Compiled:
    return compile_request(read_request([(f"${name}", value) for name, value in clauses.items()]), BUILDINGS)


def names(select: str, **clauses: str) -> list[str]:
    return [one.name for one in compiled(select=select, **clauses).columns]


@pytest.mark.parametrize(
    ("select", "expected"),
    [
        ("count(*)", ["count"]),
        ("COUNT(*)", ["COUNT"]),
        ("count(ward)", ["count_ward"]),
        ("count(distinct ward)", ["count_distinct_ward"]),
        ("avg(cost)", ["avg_cost"]),
        ("ward + cost", ["ward_cost"]),
        ("ward - cost", ["ward_cost"]),
        ("-ward", ["ward_1"]),
        ("(ward)", ["ward_1"]),
        ("ward * 2, ward*2", ["ward_2", "ward_2_1"]),
        ("count(*), count(*), count(*)", ["count", "count_1", "count_2"]),
        ("count(*), sum(ward) as count_1, count(*)", ["count", "count_1", "count_2"]),
        ("name || 'a b'", ["name_a_b"]),
        ("name || '-'", ["name-"]),
        ("ward::text", ["ward_text"]),
        ("place.latitude", ["place_latitude"]),
        ("name is null, name is not null", ["name_is_null", "name_is_not_null"]),
        ("ward between 1 and 2", ["ward_between_1_and_2"]),
        ("ward not in (1, 2)", ["not_in_ward_1_2"]),
        ("not open", ["not_open"]),
        ("open and true", ["open_and_TRUE"]),
        ("name like 'A%'", ["like_name_A"]),
        ("case when open then 1 else 0 end", ["case_when_open_then_1_else_0_end"]),
        ("case(open, 1, true, 0)", ["case_open_1_TRUE_0"]),
        ("1", ["_1"]),
        ("'?!'", ["_"]),
        ("Ward, NAME", ["ward", "name"]),
        ("ward as `A Name`", ["A Name"]),
        ("ward as group", ["group"]),
    ],
)
def test_columns_without_alias_are_named_after_their_words(select: str, expected: list[str]) -> None:
    assert names(select) == expected


def test_stars_stand_for_columns_in_order() -> None:
    everything = [column.name for column in BUILDINGS.columns]
    assert names("*") == everything
    assert names(":*") == [":id", ":created_at", ":updated_at", ":version"]
    assert names("* (except name, kind)") == everything[2:]
    assert names(":* (except :version), * (except name), ward + 1 as more") == [
        ":id", ":created_at", ":updated_at", *everything[1:], "more",
    ]  # fmt: skip


def test_system_fields_come_when_they_are_not_excluded() -> None:
    request = read_request([("$$exclude_system_fields", "false"), ("$$bom", "true"), ("$$APP_TOKEN", "x")])
    assert request.bom
    assert [one.name for one in compile_request(request, BUILDINGS).columns][:2] == [":id", ":created_at"]


def test_outputs_tell_type_and_source() -> None:
    assert compiled(select="name as n, sum(cost), place", group="name, place").columns == (
        Output("n", SoqlType.TEXT, "name"),
        Output("sum_cost", SoqlType.NUMBER, None),
        Output("place", SoqlType.POINT, "place"),
    )


def test_aliases_serve_in_every_clause(ask: Ask) -> None:
    asked = (
        "select lower(kind) as what, count(*) as n, n * 2 as twice where what <> 'shop' group by what having n > 1 "
        "order by twice"
    )
    assert ask(asked) == [("depot", 2, 4)]


def test_an_alias_hides_a_column_except_in_its_own_definition(ask: Ask) -> None:
    assert ask("select upper(name) as name where name = 'CARGO DEPOT'") == [("CARGO DEPOT",)]
    assert ask("select upper(name) as name where :id < 4 order by lower(name)") == [
        ("CARGO DEPOT",), ("CITY HALL",), ("HARBOR ISLAND CAFÉ",),
    ]  # fmt: skip


def test_former_names_still_answer_under_the_name_asked(ask: Ask) -> None:
    query = compiled(select="Title, upper(title) as loud", where="title like 'C%'")
    assert query.former == {"title"}
    assert query.columns[0] == Output("Title", SoqlType.TEXT, "name")
    assert ask(select="title", where="title = 'City Hall'") == [("City Hall",)]
    assert compiled(select="name").former == frozenset()


def test_nulls_sort_as_the_largest_unless_told(ask: Ask) -> None:
    def wards(order: str) -> list[Any]:
        return [row[0] for row in ask(select="ward", order=order)]

    assert wards("ward") == [11, 11, 42, 42, None]
    assert wards("ward desc") == [None, 42, 42, 11, 11]
    assert wards("ward asc null first") == [None, 11, 11, 42, 42]
    assert wards("ward desc nulls last") == [42, 42, 11, 11, None]


def test_rows_that_tie_keep_their_place(ask: Ask) -> None:
    assert ask(select=":id, ward", order="ward desc nulls last", limit="3") == [(1, 42), (2, 42), (3, 11)]


def test_groups_come_in_the_order_of_their_terms(ask: Ask) -> None:
    assert ask(select="count(*), kind", group="kind") == [(2, "depot"), (1, "office"), (1, "shop"), (1, None)]


def test_pages_are_cut(ask: Ask) -> None:
    assert ask(select=":id", limit="2", offset="1") == [(2,), (3,)]
    assert ask(select=":id", limit="0") == []
    assert ask(select=":id", offset="9000000000") == []


def test_a_thousand_rows_is_the_limit_unless_told() -> None:
    assert (compiled().limit, compiled(limit="2147483647").limit) == (1000, 2147483647)
    request = Request(query="select * limit 5 |> select name")
    assert compile_request(request, BUILDINGS, default_limit=50).limit == 50


def test_what_serves_pages_is_told() -> None:
    assert (compiled().ordered, compiled().aggregated, compiled().by_id) == (False, False, False)
    assert compiled(order=":id").by_id
    assert not compiled(order=":id desc").by_id
    assert compiled(order="name").ordered
    assert compiled(select="max(ward)").aggregated
    assert compiled(query="select distinct ward").aggregated
    assert compiled(query="select ward |> select ward").aggregated


def test_a_plain_page_has_no_order_and_plain_conditions() -> None:
    tree = compiled(where="ward = '42' and built = '2014-10-13' and name = 'x'").tree
    assert tree.args.get("order") is None
    conditions = {part.sql("duckdb") for part in tree.args["where"].find_all(exp.EQ)}
    assert conditions == {
        '"rows"."ward" = 42', """"rows"."built" = CAST('2014-10-13' AS DATE)""", """"rows"."name" = 'x'""",
    }  # fmt: skip


def test_distinct_rows(ask: Ask) -> None:
    assert ask("select distinct ward") == [(11,), (42,), (None,)]
    assert ask("select distinct ward order by ward desc limit 2") == [(None,), (42,)]


def test_without_groups_an_aggregate_makes_one_row(ask: Ask) -> None:
    assert ask(select="count(*), sum(cost)", where="ward = 999") == [(0, None)]
    assert ask(select="count(*)", having="count(*) > 99") == []
    assert ask(select="1 as one, count(*)", group="one") == [(1, 5)]


def test_points_can_be_grouped_and_still_have_coordinates(ask: Ask) -> None:
    near = "within_circle(place, 41.884, -87.632, 10)"
    asked = {"group": "place", "where": "ward = 42", "order": "place"}
    assert ask(select=f"place.latitude, {near}, max(place.longitude), count(*)", **asked) == [
        (41.89, False, -87.61, 1), (41.884, True, -87.632, 1),
    ]  # fmt: skip
    assert ask(select="place.latitude as lat, count(*)", group="lat", where="ward = 42") == [(41.884, 1), (41.89, 1)]


def test_a_pipe_hands_on_columns_and_nothing_else(ask: Ask) -> None:
    assert ask("select place, ward |> select place.latitude, ward where within_circle(place, 41.85, -87.655, 9)") == [
        (41.85, 11),
    ]  # fmt: skip
    assert ask("select ground |> select count(*) where intersects(ground, 'POINT (-87.7 41.95)')") == [(1,)]
    assert ask("select ward, sum(cost) as s group by ward |> select max(s) as m |> select m + 1") == [
        (Decimal("1251.75"),),
    ]  # fmt: skip
    assert ask("select * |> select count(*) where name like 'C%'") == [(3,)]


def test_clauses_come_in_order_and_names_of_parameters_are_caseless(ask: Ask) -> None:
    assert compiled(LIMIT="5", Where="ward = 1").limit == 5
    assert ask("select ward search 'city' order by ward offset 1 limit 1") == [(42,)]
    assert ask("where ward = 42 limit 1") == ask(where="ward = 42", limit="1")
    assert compiled(select=" ", where="", group="", order="  ").normal == compiled().normal


@pytest.mark.parametrize(
    ("name", "value", "where"),
    [
        ("ward", "42", "ward = 42"),
        ("OPEN", "true", "open = true"),
        ("built", "2014-10-13", "built = '2014-10-13'"),
        ("name", "it's", "name = 'it''s'"),
        (":id", "row-1", ":id = 1"),
    ],
)
def test_filters_are_read_as_the_type_of_their_column(name: str, value: str, where: str) -> None:
    assert compile_request(read_request([(name, value)]), BUILDINGS).tree == compiled(where=where).tree


def test_the_order_of_filters_makes_no_difference() -> None:
    both = compile_request(Request(where="open", filters=(("ward", "42"), ("kind", "office"))), BUILDINGS)
    swapped = compile_request(Request(where="open", filters=(("kind", "office"), ("ward", "42"))), BUILDINGS)
    assert both.normal == swapped.normal


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Islands", [2]),
        ("island", [2]),
        ("car", [4]),
        ("cargo", [3]),
        ("CITY", [1, 4]),
        ("cities", [1, 4]),
        ("city hall", [1]),
        ("depots cargo", [3]),
        ("city shop", []),
        ("cafe", [2]),
        ("Café", [2]),
        ("cafés", [2]),
        ("42", [1, 2]),
        ("the city", [1, 4]),
        ("hall.example", [1]),
        ("%", []),
        ("' OR 1=1 --", []),
        ("nowhere", []),
    ],
)
def test_search_finds_rows_with_all_words_in_any_form(ask: Ask, asked: str, found: list[int]) -> None:
    assert [row[0] for row in ask(q=asked, select=":id")] == found


def test_now_is_the_time_given() -> None:
    now = datetime(2026, 11, 22, 10, 30, 5, 123, tzinfo=UTC)
    query = compile_request(Request(select="get_utc_date() as now"), BUILDINGS, now=now)
    assert query.tree.sql("duckdb").startswith("SELECT CAST('2026-11-22 10:30:05+00' AS TIMESTAMPTZ)")
    assert "2026-11-22T10:30:05" in query.normal
    assert query.timed
    assert not compiled().timed


def test_the_same_question_has_one_canonical_text() -> None:
    first = compiled(select="WARD,count( * )AS n", group="ward", where="ward=1 AND name='a'", order="n DESC")
    second = compiled(
        order="N desc null first",
        where="(`ward` == '1.0') and\nname = \"a\" -- why",
        group="Ward",
        select="ward, Count(*) as n",
    )
    assert first.normal == second.normal
    assert first.normal != compiled(select="ward,count(*) as m", group="ward", where="ward=1 and name='a'").normal


def test_identifiers_and_versions_are_written_as_clients_see_them() -> None:
    assert (row_identifier(7), row_version(5)) == ("row-7", "rv-5")
    assert (SoqlType.BOOLEAN.view_name, SoqlType.FLOATING_TIMESTAMP.view_name, SoqlType.TEXT.view_name) == (
        "checkbox", "calendar_date", "text",
    )  # fmt: skip


def test_a_thousand_conditions_are_shallow(ask: Ask) -> None:
    assert ask(select="count(*)", where=" or ".join(f"ward = {at}" for at in range(2000))) == [(4,)]
    assert ask(select="count(*)", where=f"ward in ({','.join(map(str, range(5000)))})") == [(4,)]


def test_words_are_stemmed_alike_from_many_threads() -> None:
    words = [
        f"{stem}{ending}" for stem in ("permit", "inspect", "violat", "licens") for ending in ("s", "ed", "ion", "e")
    ]
    alone = [word_forms(word) for word in words]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(word_forms, words * 5)) == alone * 5
