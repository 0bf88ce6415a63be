"""What is refused, with SODA's code, the place and a hint."""

# ruff: noqa: E501 - a case a line

import time

import pytest
from tests.unit.soql.conftest import BUILDINGS

from cupola.soql import Column, Schema, SoqlError, SoqlType, compile_request, read_request

REFUSED = [
    # No such thing
    ({"$where": "wad = 1"}, "no-such-column", "No such column: wad. Did you mean `ward`?"),
    ({"wad": "1"}, "no-such-column", "No such column: wad. Did you mean `ward`?"),
    ({"$select": "* (except nothing)"}, "no-such-column", "No such column: nothing."),
    ({"$select": ":secret"}, "no-such-column", "No such column: :secret."),
    ({"$select": "place.altitude"}, "no-such-column", "No such field: altitude. Did you mean `latitude`?"),
    ({"$select": "lowr(name)"}, "no-such-function", "No such function: lowr. Did you mean `lower`?"),
    ({"$select": "lower(name, kind)"}, "no-such-function", "No such function: lower with 2 arguments; it takes 1"),
    ({"$select": "case()"}, "no-such-function", "No such function: case with 0 arguments; it takes 2 or more"),
    ({"$select": "sum(*)"}, "no-such-function", "No such function: sum"),
    ({"$select": "read_csv(name)"}, "no-such-function", "No such function: read_csv."),
    ({"$select": "convex_hull(place)"}, "no-such-function", "The function convex_hull is not supported yet"),
    ({"$select": "get_context('x')"}, "no-such-function", "The function get_context is not supported yet"),
    ({"$select": "rank() over (order by ward)"}, "no-such-function", "there are no window functions"),
    ({"$select": "count(*) filter (where open)"}, "no-such-function", "count(...) FILTER is not supported yet"),
    ({"$select": "get_utc_date()"}, "no-such-function", "get_utc_date is not supported here"),
    ({"$select": "name::nonsense"}, "no-such-type", "No such type: nonsense."),
    # Types
    ({"$where": "name = 5"}, "type-mismatch", "Put the value in quotes"),
    ({"$where": "ward = 'many'"}, "type-mismatch", "Type mismatch for =, is text (many); it takes number here."),
    ({"ward": "many"}, "type-mismatch", "Type mismatch for =, is text (many); it takes number here."),
    ({"$where": "built > 'soon'"}, "type-mismatch", "Write dates as '2026-01-31'"),
    ({"$where": "built > '2026-02-30'"}, "type-mismatch", "Type mismatch for >"),
    ({"$where": "ward"}, "type-mismatch", "WHERE needs a condition that is true or false, but this is number"),
    ({"$where": "name and open"}, "type-mismatch", "Type mismatch for AND, is text"),
    ({"$select": "sum(name)"}, "type-mismatch", "Type mismatch for sum, is text; it takes number here."),
    ({"$where": "place = 'POINT (1 2)'"}, "type-mismatch", "Type mismatch for =, is point"),
    ({"$where": "within_circle(name, 1, 2, 3)"}, "type-mismatch", "it takes a point or a shape here."),
    ({"$where": "within_polygon(place, 'POLYGON ((0 0, 1 1, 1 0))')"}, "type-mismatch", "rings must be closed"),
    ({"$where": "within_polygon(place, 'POLYGON ((0 0, 1 0, x))')"}, "type-mismatch", "well-known text"),
    ({"$select": "date_add(built, 'a month')"}, "type-mismatch", "Type mismatch for date_add, is text (a month); it takes interval"),
    ({"$select": "to_floating_timestamp(sent, 'Mars/Base')"}, "type-mismatch", "No such time zone: 'Mars/Base'"),
    ({"$select": "to_floating_timestamp(sent, name)"}, "type-mismatch", "Argument 2 of to_floating_timestamp must be written out"),
    # Aggregates
    ({"$where": "count(*) > 1"}, "aggregate-in-ungrouped-context", "An aggregate cannot stand in WHERE; use HAVING"),
    ({"$group": "sum(ward)"}, "aggregate-in-ungrouped-context", "An aggregate cannot stand in GROUP BY"),
    ({"$select": "max(count(*))"}, "aggregate-in-ungrouped-context", "An aggregate cannot stand within max"),
    ({"$select": "name, count(*)"}, "column-not-in-group-bys", "Column 'name' is not in group by"),
    ({"$select": "name", "$group": "lower(name)"}, "column-not-in-group-bys", "Column 'name' is not in group by"),
    ({"$group": "ward"}, "column-not-in-group-bys", "Column 'name' is not in group by"),
    ({"$select": "ward", "$group": "ward", "$order": "cost"}, "column-not-in-group-bys", "Column 'cost' is not in group by"),
    # Aliases
    ({"$select": "name as x, kind as X"}, "duplicate-alias", "Two columns of the answer are called X"),
    ({"$select": "name, name"}, "duplicate-alias", "Two columns of the answer are called name"),
    ({"$select": "*, kind as name"}, "duplicate-alias", "Two columns of the answer are called name"),
    ({"$select": "x + 1 as y, y + 1 as x"}, "circular-alias-definition", "is defined by itself"),
    ({"$select": "* (except name, name)"}, "repeated-exception", "name cannot be left out here"),
    # Grammar
    ({"$select": "name kind"}, "bad-parse", "Expected the end of the query, but got 'kind'"),
    ({"$select": ""}, None, ""),
    ({"$select": "name,"}, "bad-parse", "Expected an expression, but the query ends here"),
    ({"$select": "name, *"}, "bad-parse", "Stars must come first"),
    ({"$where": "ward = 1 limit 5"}, "bad-parse", "Expected the end of the query, but got 'limit'"),
    ({"$where": "ward = 1; drop table rows"}, "bad-parse", "Unexpected character ';'"),
    ({"$where": "ward = 1) or (1 = 1"}, "bad-parse", "Expected the end of the query, but got ')'"),
    ({"$where": "order = 1"}, "bad-parse", "if `order` is a column, write it in backticks"),
    ({"$where": "ward in ()"}, "bad-parse", "IN needs at least one value"),
    ({"$where": "ward between 1"}, "bad-parse", "Expected AND and the upper bound"),
    ({"$where": "name is 5"}, "bad-parse", "Expected NULL or NOT NULL, but got '5'"),
    ({"$where": "case when open then 1"}, "bad-parse", "Expected WHEN, ELSE or END"),
    ({"$where": "name = 'it"}, "unterminated-string", "This text has no end"),
    ({"$where": 'name = "it'}, "unterminated-string", "This text has no end"),
    ({"$where": 'name = "\\q"'}, "bad-parse", "Unexpected escape"),
    ({"$where": 'name = "\\ud800"'}, "bad-parse", "Bad Unicode escape"),
    ({"$where": "name = 'a\0b'"}, "bad-parse", "A NUL character"),
    ({"$where": "name = '\udc80'"}, "bad-parse", "not a Unicode character"),
    ({"$where": "`name = 1"}, "bad-parse", "This name has no end"),
    ({"$where": "open /* never"}, "bad-parse", "This comment has no end"),
    ({"$where": "ward = 1e999"}, "bad-parse", "This number is too large"),
    ({"$order": "1"}, "bad-parse", "A literal cannot stand in ORDER BY"),
    ({"$group": "'x'", "$select": "count(*)"}, "bad-parse", "A literal cannot stand in GROUP BY"),
    ({"$order": "name sideways"}, "bad-parse", "Expected the end of the query, but got 'sideways'"),
    ({"$limit": "many"}, "bad-parse", "Expected a whole number of rows after LIMIT"),
    ({"$limit": "-1"}, "bad-parse", "Expected a whole number of rows after LIMIT"),
    ({"$offset": "1.5"}, "bad-parse", "Expected a whole number of rows after OFFSET"),
    ({"$offset": "99999999999999999999"}, "bad-parse", "OFFSET is at most"),
    ({"$query": "select distinct ward order by name"}, "bad-parse", "With DISTINCT, rows can only be ordered by"),
    # Not yet
    ({"$query": "select * union select *"}, "bad-parse", "UNION is not supported yet"),
    ({"$query": "select * minus all select *"}, "bad-parse", "MINUS is not supported yet"),
    ({"$query": "select * join @abcd-1234 as t on true"}, "bad-parse", "JOIN is not supported yet"),
    ({"$query": "select * left outer join @abcd-1234 as t on true"}, "bad-parse", "JOIN is not supported yet"),
    ({"$query": "select * from @this as t"}, "bad-parse", "FROM (a query reads the dataset of its address) is not supported"),
    ({"$query": "select distinct on (ward) *"}, "bad-parse", "DISTINCT ON is not supported yet"),
    ({"$select": "@t.name"}, "bad-parse", "A table name with @ is not supported yet"),
    ({"$select": "name[0]"}, "bad-parse", "Subscripts [ ] are not supported yet"),
    # Parameters
    ({"$app_token": "x"}, "bad-parse", "Unrecognized parameter $app_token. Did you mean `$$app_token`?"),
    ({"$selct": "x"}, "bad-parse", "Did you mean `$select`?"),
    ({"$$nothing": "x"}, "bad-parse", "Unrecognized parameter $$nothing"),
    ({"$limit": "1", "$LIMIT": "2"}, "bad-parse", "$limit is given twice"),
    ({"$query": "select *", "$limit": "1"}, "bad-parse", "$query stands alone: put $limit into it"),
    ({"$query": "select *", "ward": "1"}, "bad-parse", "$query stands alone: put ward into it"),
    ({"$$bom": "perhaps"}, "bad-parse", "$$bom is true or false"),
]  # fmt: skip
TOO_MUCH = {
    "deep parentheses": "select " + "(" * 5000 + "1" + ")" * 5000,
    "open parentheses": "select " + "(" * 50_000,
    "deep calls": "select " + "lower(" * 90 + "name" + ")" * 90,
    "deep minus": "select " + "- " * 5000 + "ward",
    "deep not": "select * where " + "not " * 5000 + "open",
    "a long sum": "select " + "+".join(["ward"] * 5000),
    "casts": "select name" + "::text" * 5000,
    "doubling aliases": "select name || name as a0," + ",".join(f"a{at} || a{at} as a{at + 1}" for at in range(60)),
    "a chain of aliases": "select " + ",".join(f"a{at + 1} + 1 as a{at}" for at in range(900)) + ", ward as a900",
    "copies": "select " + "ln(" * 30 + "ward" + ")" * 30,
    "wide": "select " + ",".join(["ward"] * 30_000),
    "long": "select '" + "x" * 1_000_000 + "'",
    "many stages": " |> ".join(["select *"] * 30),
}


def parameters(given: dict[str, str]) -> list[tuple[str, str]]:
    return list(given.items())


@pytest.mark.parametrize(("given", "code", "message"), REFUSED)
def test_it_is_refused_with_its_code_and_a_hint(given: dict[str, str], code: str | None, message: str) -> None:
    if code is None:
        assert compile_request(read_request(parameters(given)), BUILDINGS).columns
        return
    with pytest.raises(SoqlError) as caught:
        compile_request(read_request(parameters(given)), BUILDINGS)
    assert caught.value.code == f"query.soql.{code}"
    assert message in caught.value.message


@pytest.mark.parametrize("name", sorted(TOO_MUCH))
def test_too_much_is_refused_quickly(name: str) -> None:
    began = time.monotonic()
    with pytest.raises(SoqlError) as caught:
        compile_request(read_request([("$query", TOO_MUCH[name])]), BUILDINGS)
    assert caught.value.code == "query.compiler.malformed"
    assert time.monotonic() - began < 1
    assert len(caught.value.message) < 500


def test_an_error_says_where_it_is() -> None:
    with pytest.raises(SoqlError) as caught:
        compile_request(read_request([("$query", "select ward\nwhere ward = 1 and hight > 2")]), BUILDINGS)
    assert caught.value.data["position"] == {"row": 2, "column": 20, "line": "where ward = 1 and hight > 2"}
    assert "(row 2, column 20: where ward = 1 and hight > 2)" in caught.value.message


def test_what_is_not_in_the_schema_does_not_exist() -> None:
    schema = Schema((Column("shown", SoqlType.TEXT),))
    for name in ("hidden", "_id", "rows", "place:lon"):
        with pytest.raises(SoqlError, match="No such column"):
            compile_request(read_request([("$select", f"`{name}`")]), schema)
