"""The twenty queries people really send, over HTTP: published rows, as clients write addresses, in JSON and in CSV."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from tests.public_city import CITY
from tests.servers import Server, run_folder, serving
from tests.unit.soql import test_corpus as corpus
from tests.unit.soql.conftest import connect

pytestmark = [pytest.mark.slow]
TABLES = {name.lower(): table for name, table in vars(corpus).items() if isinstance(table, corpus.Table)}
TYPES = {
    "BIGINT": "integer",
    "DOUBLE": "float",
    "DECIMAL(18,2)": "money",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "point": "point",
}
ORDERED = {"S13", "S14", "S18"}
OF_THE_LOAD = {"S11", "S12"}  # when rows came and changed is the load's to say, not the table's
DATASET = (
    "kind: dataset\nkey: {name}\ntitle: {name}\ndescription: Rows of {name}.\nrow: one row\nclassification: public\n"
    "released: true\napproval: {{by: Ada, on: 2026-11-01}}\n"
    "sources:\n  - file: {name}.csv\ncolumns:\n{columns}"
)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Publish every table of the corpus and serve them."""
    folder = tmp_path_factory.mktemp("corpus")
    city = folder / "city"
    city.mkdir()
    (city / "city.yaml").write_text(CITY)
    with connect() as engine:
        for name, table in TABLES.items():
            columns = [
                (one.name, "point" if one.type == "point" else TYPES.get(one.physical, "text")) for one in table.columns
            ]
            listed = "".join(f"  {column}: {{type: {kind}}}\n" for column, kind in columns)
            (city / f"{name}.yaml").write_text(DATASET.format(name=name, columns=listed))
            names = ", ".join(f'"{column}"' for column, _ in columns)
            engine.execute(f"COPY (SELECT {names} FROM ({table.sql})) TO '{city / name}.csv' (HEADER)")
    run_folder(folder / "home", city)
    with serving(folder / "home", log=folder / "log") as server:
        yield server


def wanted(number: str) -> list[list[Any]]:
    """Return the rows that SQL written by hand gives, as values of JSON."""
    table, _, by_hand = corpus.CORPUS[number]
    with connect() as engine:
        engine.execute(f"CREATE TABLE rows AS SELECT row_number() OVER () AS _id, * FROM ({table.sql})")
        public = ", ".join(f'"{one.name}"' for one in table.columns)
        return [
            [as_json(value) for value in row] for row in engine.execute(by_hand.replace("PUBLIC", public)).fetchall()
        ]


def as_json(value: Any) -> Any:
    """Return a value as SODA writes it; numbers to nine digits, for sums of doubles have no order."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float | Decimal):
        return f"{float(value):.9g}"
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
        return moment.isoformat(timespec="milliseconds")
    if isinstance(value, str) and value.startswith("POINT ("):
        return {"type": "Point", "coordinates": [float(half) for half in value[7:-1].split()]}
    return value


def rounded(value: Any, kind: str) -> Any:
    """Return a value of an answer, numbers as `as_json` writes them."""
    return f"{float(value):.9g}" if value is not None and kind in {"number", "double"} else value


def plain(rows: list[list[Any]], number: str) -> list[list[Any]]:
    """Return rows in their order, or in any one order where none was asked for."""
    return rows if number in ORDERED else sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


def name_of(number: str) -> str:
    return next(name for name, table in TABLES.items() if table is corpus.CORPUS[number][0])


@pytest.mark.parametrize("number", sorted(set(corpus.CORPUS) - OF_THE_LOAD))
def test_a_query_people_send_is_answered_as_json(number: str, published: Server) -> None:
    answer = published.get(f"/resource/{name_of(number)}.json?{urlencode(corpus.CORPUS[number][1])}")
    assert answer.status == 200, answer.text
    fields, types = (json.loads(answer.headers[f"x-soda2-{name}"]) for name in ("fields", "types"))
    found = json.loads(answer.body)
    assert {key for row in found for key in row} <= set(fields)
    assert None not in [value for row in found for value in row.values()]
    rows = [[rounded(row.get(name), kind) for name, kind in zip(fields, types, strict=True)] for row in found]
    assert plain(rows, number) == plain(wanted(number), number)
    assert rows
    assert fields == corpus.NAMES.get(number, fields)


@pytest.mark.parametrize("number", sorted(set(corpus.CORPUS) - OF_THE_LOAD))
def test_a_query_people_send_is_answered_as_csv(number: str, published: Server) -> None:
    answer = published.get(f"/resource/{name_of(number)}.csv?{urlencode(corpus.CORPUS[number][1])}")
    fields, types = (json.loads(answer.headers[f"x-soda2-{name}"]) for name in ("fields", "types"))
    header, *lines = csv.reader(io.StringIO(answer.text))
    assert header == fields
    given = [[rounded(value or None, kind) for value, kind in zip(line, types, strict=True)] for line in lines]
    expected = [[_in_csv(value) for value in row] for row in wanted(number)]
    assert plain(given, number) == plain(expected, number)


def _in_csv(value: Any) -> Any:
    """Return a value of JSON as CSV has it: a point as text."""
    if not isinstance(value, dict):
        return value
    lon, lat = value["coordinates"]
    return f"POINT ({lon:g} {lat:g})"


ENCODINGS: dict[str, Callable[[dict[str, str]], str]] = {
    "plus signs for spaces": urlencode,
    "percent signs for spaces": lambda parameters: urlencode(parameters, quote_via=quote),
    "what addresses allow left as it is": lambda parameters: urlencode(parameters, quote_via=quote, safe="$()'*,:!;@~"),
    "everything in percent signs": lambda parameters: "&".join(
        "=".join("".join(f"%{byte:02X}" for byte in text.encode()) for text in pair) for pair in parameters.items()
    ),
    "names in capitals": lambda parameters: urlencode({
        name.upper() if name.startswith("$") else name: text for name, text in parameters.items()
    }),
}  # fmt: skip


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_way_to_write_an_address_gives_the_same_answer(encoding: str, published: Server) -> None:
    for number, (_, parameters, _) in corpus.CORPUS.items():
        address = f"/resource/{name_of(number)}.json?"
        usual = published.get(address + urlencode(parameters))
        other = published.get(address + ENCODINGS[encoding](parameters))
        assert (other.status, other.body) == (200, usual.body), f"{number}: {other.text[:300]}"


def test_system_fields_come_with_all_columns(published: Server) -> None:
    (first, *others) = json.loads(published.get(f"/resource/gifts.json?{urlencode(corpus.CORPUS['S11'][1])}").body)
    assert list(first) == [":id", ":created_at", ":updated_at", ":version", "recipient", "amount"]
    assert len({row[":id"] for row in (first, *others)}) == 10
    assert first[":updated_at"].endswith("Z")


def test_rows_changed_since_a_day_are_all_of_a_new_load(published: Server) -> None:
    def count(since: str) -> int:
        query = urlencode({"$where": f":updated_at > '{since}'", "$select": "amount"})
        return len(json.loads(published.get(f"/resource/gifts.json?{query}").body))

    assert (count("2026-01-05"), count("2999-01-01")) == (10, 0)
