"""One mistake each, in a dataset or a city that is right otherwise."""

from typing import Any

import pytest

from cupola import folder

DATASET: dict[str, Any] = {
    "key": "permits",
    "title": "Permits",
    "sources": [{"file": "permits.csv"}],
    "columns": {
        "number": {"type": "text"},
        "on": {"type": "date"},
        "longitude": {"type": "float"},
        "latitude": {"type": "float"},
    },
}
CITY: dict[str, Any] = {"key": "springfield", "name": "Springfield", "time_zone": "America/Chicago"}
ROSTERS = [{"file": "a.csv", "vintage": "2015"}, {"file": "b.csv", "vintage": "2016"}]


def mistakes(kind: str, fields: dict[str, Any]) -> list[str]:
    """Return what is wrong with `fields`."""
    with pytest.raises(folder.FolderInvalid) as caught:
        folder.parse(kind, fields)
    return [str(problem) for problem in caught.value.problems]


def tag(**fields: Any) -> dict[str, Any]:
    """Return a place tag with other fields."""
    return {"column": "ward", "point": ["longitude", "latitude"], "places": "wards", "take": "ward", **fields}


DATASET_MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"title": " "}, "title: the text is empty; write the text, or leave the line out"),
    ({"title": ["a"]}, "title: a list is not text; write one text here, in quotes if it holds ': '"),
    ({"title": {"en": "a"}}, "title: a mapping is not text; write one text here, in quotes if it holds ': '"),
    ({"title": 5}, "title: 5 is not text; write one text here, in quotes if it holds ': '"),
    ({"description": "a\x07b"}, "description: the text holds the control character '\\x07'; take it out"),
    ({"zzz": "red"}, "zzz: 'zzz' is not a field; the fields here are key, id, title, description"),
    ({"landing_page": "data.example.gov"}, "is not an address; begin it with http:// or https://"),
    ({"landing_page": "https://[bad"}, "landing_page: 'https://[bad' is not an address"),
    (
        {"sources": [{"url": "ftp://example.gov/a.csv"}]},
        "begin it with http:// or https:// or postgresql:// or sqlite://",
    ),
    (
        {"sources": [{"url": "postgresql://me:secret@db/permits", "query": "SELECT 1"}]},
        "sources[0].url: the address holds a password; take it out",
    ),
    ({"sources": [{"file": "/data/a.csv"}]}, "sources[0].file: '/data/a.csv' leads out of the folder"),
    ({"sources": [{"file": "C:\\a.csv"}]}, "leads out of the folder"),
    ({"sources": []}, "sources: there are no sources; write at least one"),
    ({"sources": "permits.csv"}, "sources: 'permits.csv' is not a list"),
    (
        {"sources": ["permits.csv"]},
        "sources[0]: 'permits.csv' stands where fields must stand",
    ),
    ({"sources": [{"file": "a.csv"}, {"file": "a.csv"}]}, "sources[1]: the same source stands twice; take one out"),
    ({"sources": [{"file": "a.csv", "format": "cvs"}]}, "'cvs' is not a format; did you mean 'csv'?"),
    ({"sources": [{"file": "a.csv", "delimiter": "||"}]}, "'||' is not one character"),
    ({"sources": [{"file": "a.csv", "delimiter": ""}]}, "'' is not one character"),
    ({"sources": [{"file": "a.csv", "encoding": "utf8x"}]}, "'utf8x' is not an encoding; did you mean 'utf-8'?"),
    ({"sources": [{"file": "a.csv", "skip_lines": -1}]}, "-1 is out of range; write a number at least 0"),
    ({"sources": [{"file": "a.csv", "records": "x[]"}]}, "'records' means nothing for a source of format 'csv'"),
    ({"sources": [{"file": "a.json", "records": "x]["}]}, "'x][' is not a path to records"),
    ({"sources": [{"file": "a.json.gz", "delimiter": ";"}]}, "'delimiter' means nothing for a source of format 'json'"),
    (
        {"sources": [{"file": "a.csv.gz", "member": "b.csv"}]},
        "a file inside a zip archive, and 'a.csv.gz' is none",
    ),
    ({"sources": [{"url": "sqlite:///city.db"}]}, "sources[0].query: a database source needs a query"),
    (
        {"sources": [{"url": "https://data.example.gov/d/abcd-1234", "format": "socrata", "incremental": True}]},
        "'incremental' brings only changed rows, and the mode is not upsert",
    ),
    ({"sources": ROSTERS, "mode": "append"}, "mode: 'append' does not go with vintages"),
    (
        {"sources": [{"file": "a.csv", "vintage": "2015"}, {"file": "b.csv", "vintage": "2015-01"}]},
        "sources[1].vintage: '2015-01' begins on the same day as the vintage '2015'",
    ),
    ({"sources": [{"file": "a.csv", "vintage": "spring"}]}, "sources[0].vintage: 'spring' is not a date"),
    ({"columns": {}}, "columns: there are no columns; write at least one"),
    ({"columns": ["number"]}, "columns: the columns are a list of something without names"),
    ({"columns": "number"}, "columns: 'number' is not a mapping of columns"),
    ({"columns": {"number": "text"}}, "columns.number: 'text' stands where fields must stand"),
    ({"columns": {"number": {}}}, "columns.number.type: it is missing; write 'type: date' (what the values are)"),
    (
        {"columns": {"Permit Number": {"type": "text"}}},
        "write 'permit_number' and name the source's column",
    ),
    ({"columns": {"2015_pay": {"type": "money"}}}, "write 'c_2015_pay'"),
    ({"columns": {"vintage": {"type": "date"}}}, "'vintage' is reserved for Cupola's own columns; choose another"),
    ({"columns": {"a": {"type": "text", "allowed": ["x"]}}}, "'allowed' means nothing for a column of type 'text'"),
    ({"columns": {"a": {"type": "text", "format": "%Y"}}}, "'format' means nothing for a column of type 'text'"),
    ({"columns": {"a": {"type": "money", "scale": 4}}}, "'scale' means nothing for a column of type 'money'"),
    ({"columns": {"a": {"type": "decimal", "scale": 19}}}, "19 is out of range; write a number from 0 to 18"),
    ({"columns": {"a": {"type": "code", "allowed": "x"}}}, "'x' is neither a mapping nor a list"),
    ({"columns": {"a": {"type": "date", "format": "dd.mm.yyyy"}}}, "'dd.mm.yyyy' has no part of a date in it"),
    ({"columns": {"a": {"type": "date", "format": "%Y-%m-%"}}}, "'%' in '%Y-%m-%' is not a part of a date"),
    (
        {"columns": {"a": {"type": "text", "required": True, "optional": True}}},
        "columns.a.optional: the column is both required and optional",
    ),
    ({"columns": {"a": {"type": "text", "required": "yes"}}}, "'yes' is neither true nor false; write true"),
    ({"columns": {"a": {"type": "text", "from": ["x", "x"]}}}, "columns.a.from[1]: 'x' is listed twice"),
    (
        {"columns": {"a": {"type": "text", "from": "b"}, "b": {"type": "text"}}},
        "columns.b: 'b' is already read into the column 'a'",
    ),
    ({"row_key": ["number", "number"]}, "row_key[1]: 'number' is listed twice; keep one of the two"),
    ({"time_column": "onn"}, "time_column: 'onn' is not a column; did you mean 'on'?"),
    ({"mode": "upsert"}, "mode: 'upsert' updates rows by their key, and there is no 'row_key'"),
    ({"duplicates": "quarantine"}, "'quarantine' compares keys, and there is no 'row_key'"),
    ({"refresh": 5}, "5 is not a refresh interval; write one like 'monthly'"),
    ({"refresh": "every 0 days"}, "'every 0 days' is not a refresh interval"),
    ({"max_bad_rows": 1.5}, "1.5 is not a whole number"),
    ({"max_bad_rows": True}, "True is not a whole number"),
    ({"max_bad_share": "half"}, "'half' is not a number; write it with a decimal point"),
    ({"released": True}, "row: a released dataset needs 'row'; write what one row is"),
    ({"translations": {"english": {"title": "x"}}}, "'english' is not a language; did you mean 'en'?"),
    ({"translations": {"xx": {"title": "x"}}}, "'xx' is not a language; write a code like 'en'"),
    ({"translations": {"es": {"titulo": "x"}}}, "'titulo' is not a field; did you mean 'title'?"),
    ({"translations": {"es": {"columns": {"onn": {"title": "x"}}}}}, "'onn' is not a column; did you mean 'on'?"),
    ({"translations": {"es": {"columns": {"on": {"titulo": "x"}}}}}, "'titulo' is not a field; did you mean 'title'?"),
    ({"select": "SELECT FROM"}, "select: this is not SQL"),
    ({"select": "SELECT a FROM landed; SELECT b FROM landed"}, "select: this is not one SELECT"),
    ({"select": "DROP TABLE landed"}, "select: this is not one SELECT"),
    ({"select": "SELECT * FROM read_csv('/etc/passwd')"}, "only the table 'landed' may be read"),
    ({"select": "SELECT * FROM landed JOIN other.landed USING (a)"}, "it reads 'landed', and only the table 'landed'"),
    ({"place_tags": [tag(column="number")]}, "place_tags[0].column: 'number' is already a column"),
    ({"place_tags": [tag(), tag()]}, "place_tags[1].column: 'ward' is already a column"),
    ({"place_tags": [tag(point=["longitude"])]}, "'longitude' is of type 'float' and gives no point"),
    ({"place_tags": [tag(point=["number", "latitude"])]}, "'number' is of type 'text' and gives no point"),
    ({"place_tags": [tag(point=["longitude", "latitude", "on"])]}, "a point is one column or two, and 3 are named"),
]
CITY_MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"elections": ["2023-02-28", "2023-02-28"]}, "elections[1]: '2023-02-28' is listed twice"),
    ({"currency": "usd"}, "'usd' is not a currency; write 'USD'"),
    ({"time_zone": "Central"}, "'Central' is not a time zone; "),
    ({"population": 5}, "population: 5 stands where fields must stand; write its fields below it: value, on, source"),
    ({"population": {"value": 5, "on": "2020-13", "source": "x"}}, "population.on: '2020-13' is not a date"),
    ({"pay_data": {"url": "https://example.gov/law"}}, "pay_data.basis: it is missing; write 'basis: Illinois Freedom"),
    ({"elections": "2023-02-28"}, "elections: '2023-02-28' is not a list; write a list, as [one, two]"),
]


@pytest.mark.parametrize(("fields", "said"), DATASET_MISTAKES)
def test_a_mistake_in_a_dataset_is_told(fields: dict[str, Any], said: str) -> None:
    assert any(said in text for text in mistakes("dataset", {**DATASET, **fields})), mistakes(
        "dataset", {**DATASET, **fields}
    )


@pytest.mark.parametrize(("fields", "said"), CITY_MISTAKES)
def test_a_mistake_in_a_city_is_told(fields: dict[str, Any], said: str) -> None:
    assert any(said in text for text in mistakes("city", {**CITY, **fields})), mistakes("city", {**CITY, **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"select": "WITH x AS (SELECT * FROM landed) SELECT * FROM x"},
        {"select": "SELECT * FROM landed UNION ALL SELECT * FROM landed"},
        {"select": "SELECT * FROM (SELECT number FROM LANDED)"},
        {"sources": [{"url": "sqlite:///city.db", "query": "SELECT * FROM permits"}]},
        {"sources": [{"url": "https://data.example.gov/download?id=5", "sheet": "Roster"}]},
        {"sources": [{"file": "a.csv", "vintage": "2015"}, {"file": "b.csv", "vintage": "2015"}]},
        {"columns": {"p": {"type": "point"}}, "place_tags": [tag(point="p")]},
        {"columns": {"a": {"type": "timestamp", "format": ["%m/%d/%Y %-I:%M %p", "%Y-%m-%dT%H:%M:%S.%f"]}}},
        {"columns": [{"name": "number", "type": "text"}]},
        {"translations": {"es": {"notes": "x", "steward": "y", "columns": {"on": {"title": "Emitido el"}}}}},
        {"place_tags": [tag()], "translations": {"es": {"columns": {"ward": {"title": "Distrito"}}}}},
        {"classification": "restricted", "payroll": True, "released": True, "description": "d", "row": "r"},
    ],
)
def test_what_is_right_is_taken(fields: dict[str, Any]) -> None:
    assert folder.parse("dataset", {**DATASET, **fields}).key == "permits"


def test_a_mistake_in_one_field_hides_no_other() -> None:
    said = mistakes("dataset", {**DATASET, "title": "", "refresh": "often", "row_key": "nr", "payroll": True, "x": 1})
    assert [text.partition(":")[0] for text in said] == ["title", "refresh", "x", "row_key"]
