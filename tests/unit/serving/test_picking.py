"""Rows picked out of a row file are the engine's rows to the byte, on generated tables and for generated queries."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from urllib.parse import parse_qsl, quote

import pytest
from orjson import loads
from rows_world import DAYS, FULL, METADATA, World
from tests.unit.lake.load_world import column, landing

from cupola.contracts import Contract
from cupola.lake import PublicFacts, RowFile, RowFileFailed, RowFileLimits, row_file_path
from cupola.lake.rowfiles import FOLDER
from cupola.serving import Service
from cupola.serving.answers import Answer
from cupola.serving.picking import picked
from cupola.serving.soda import FORMATS, answer
from cupola.soql import read_request

pytestmark = pytest.mark.slow
ROWS = 1_000
SMALL = RowFileLimits(least_rows=1)
KINDS = {
    "number": "text", "kind": "text", "ward": "integer", "count": "integer", "cost": "money", "share": "float",
    "open": "boolean", "built": "date", "seen": "timestamp", "sent": "instant", "place": "point", "page": "url",
    "code": "code", "note": "text", "secret": "text",
}  # fmt: skip
SHOWN = [name for name in KINDS if name != "secret"]
TIMES = ("built", "seen", "sent", "")


def contract(time: str, *, keyed: bool = True) -> Contract:
    facts = {
        "number": {"required": True},
        "code": {"allowed": (("a", ""), ("b", ""))},
        "secret": {"sensitive": True},
    }
    columns = tuple(column(name, kind, **facts.get(name, {})) for name, kind in KINDS.items())
    return Contract(columns=columns, key=("number",) if keyed else (), time_column=time)


def table(chance: Random) -> list[list[str | None]]:
    """Rows with nulls and ties everywhere; times in no order, some of them alike."""

    def some(values: Sequence[str | None]) -> str | None:
        return None if chance.random() < 0.15 else chance.choice(values)

    def moment() -> str:
        micros = chance.choice((0, 0, 250_000, 123_456))
        when = datetime(1969, 12, 30) + timedelta(hours=chance.randrange(150), microseconds=micros)  # noqa: DTZ001
        return when.isoformat()

    return [
        [
            f"n{at * 7919 % ROWS}",
            some(("Café", 'a "quoted", one', "O'Hara", "", " b", "Tree", "tree", "x" * 300)),
            some([str(one) for one in range(-2, 9)]),
            some([str(chance.randrange(-(10**15), 10**15))]),
            some(["0.00", "12.50", "-3.10", "999999999.99"]),
            some(["0.1", "1e-7", "1e300", "-0.0", "5", "123456789.125"]),
            some(("true", "false")),
            some([(date(1969, 12, 28) + timedelta(days=chance.randrange(9))).isoformat()]),
            some([moment()]),
            some([f"{moment()}Z"]),
            some(("POINT (-87.6 41.8)", "POINT (0 0)")),
            some(("https://x.example/1?a=b", "https://x.example/2")),
            some(("a", "b")),
            some([f"line {chance.random()}\nand \\ more"]),
            "hidden",
        ]
        for at in range(ROWS)
    ]


VALUES = {
    "kind": ("'Tree'", "''", "'O''Hara'", "'no'", "'Café'"),
    "ward": ("3", "-2", "99", "3.0"),
    "open": ("true", "false"),
    "code": ("'a'", "'z'"),
    "page": ("'https://x.example/2'",),
    "note": ("'x'",),
    "built": ("'1969-12-31'", "'1969-12-31T01:00:00'"),
    "seen": ("'1970-01-02'",),
}
BOUNDS = ("1969-12-30", "1970-01-01T05:00:00", "1970-01-02T07:00:00.250", "1990-01-01", "1960-01-01")
ORDERS = (
    "", "", "{}", "{}", "{} desc", "{} desc", "{} desc", "{} asc null first", "{} desc null last", "{},:id",
    "{} desc,:id desc", ":id", ":id desc", "ward",
)  # fmt: skip
SELECTS = ("", "", "*", ":*,*", ":id,:version,number", "seen,cost,kind as what", "note", "upper(kind)")


def conditions(chance: Random, time: str) -> list[str]:
    where = []
    if chance.random() < 0.6:
        name = chance.choice((*VALUES, "kind", "ward"))
        where.append(f"{name} = {chance.choice(VALUES[name])}")
    for _ in range(chance.choice((0, 0, 1, 1, 2))):
        where.append(f"{time} {chance.choice(('>=', '>', '<', '<=', '='))} '{chance.choice(BOUNDS)}'")
    if chance.random() < 0.1:
        where.append(f"{time} between '1969-12-31' and '1970-01-03T04:00:00'")
    if chance.random() < 0.05:
        where.append("ward is not null")
    return where


def queries(chance: Random, count: int, *, by: str) -> list[str]:
    """Addresses: mostly what can be picked with orders by `by`, some that cannot."""
    made = []
    for _ in range(count):
        time = chance.choice((by, by, by, by, "built", "seen", "sent")) or "seen"
        given = {
            "$where": " AND ".join(conditions(chance, time)),
            "$order": chance.choice(ORDERS).format(time),
            "$select": chance.choice(SELECTS),
            "$limit": chance.choice(("", "0", "1", "7", "100", "1000")),
            "$offset": chance.choice(("", "", "0", "3", "150", "990", "5000", "9" * 15)),
        }
        made.append("&".join(f"{name}={quote(text)}" for name, text in given.items() if text))
    return [*made, *(f"number=n{chance.randrange(ROWS + 20)}" for _ in range(25)), "kind=Tree", "ward=3", "kind=no"]


def body(service: Service, address: str, form: str) -> bytes:
    given = answer(service, "permits", FORMATS[form], pairs=parse_qsl(address))
    assert isinstance(given, Answer)
    return given.body


@pytest.mark.parametrize("time", TIMES)
def test_a_row_file_gives_the_rows_of_the_engine_to_the_byte(tmp_path: Path, time: str) -> None:
    chance = Random(f"picking {time}")
    world = World(tmp_path, public=False)
    rows = table(chance)
    if time == "seen":  # as most tables are: in the order of time, and so written without that order
        rows.sort(key=lambda row: (row[8] is None, row[8] or ""))
    made = world.publish_landings(landing(list(KINDS), rows), at=DAYS[0], contract=contract(time, keyed=time != "sent"))
    asked = [(one, chance.choice(("json", "json", "csv", "geojson", "tsv"))) for one in queries(chance, 220, by=time)]
    by_engine = [body(world.service, one, form) for one, form in asked]

    assert world.lake.keep_row_file(made, limits=SMALL)
    file = RowFile(row_file_path(world.root, made))
    assert not file.holds("secret")
    service = Service(tmp_path)
    for (one, form), expected in zip(asked, by_engine, strict=True):
        assert body(service, one, form) == expected, (one, form)
    compiled = [service.compile(made, read_request(parse_qsl(one))) for one, _ in asked]
    count = sum(picked(file, one) is not None for one in compiled)
    assert count > len(asked) * (0.3 if time else 0.1)
    service.close()


def world_with_file(root: Path) -> tuple[World, Path]:
    world = World(root)
    release = world.lake.registry.get("permits")
    assert world.lake.keep_row_file(release, limits=SMALL)
    return world, row_file_path(root, release)


def test_a_row_file_is_made_once_and_only_for_the_newest_version(tmp_path: Path) -> None:
    world, path = world_with_file(tmp_path)
    assert not world.lake.keep_row_file(world.lake.registry.get("permits"), limits=SMALL)
    newest = world.publish([FULL], at=DAYS[1])
    assert world.lake.keep_row_file(newest, limits=SMALL)
    assert [one.name for one in path.parent.iterdir()] == [row_file_path(tmp_path, newest).name]
    assert world.json("/resource/permits.json?$select=number&version=2") == [
        {"number": "P-1"}, {"number": 'P-"2"'}, {"number": "P-3"},
    ]  # fmt: skip
    assert world.json("/resource/permits.json?$select=number&version=3") == [{"number": "P-1"}]


def test_short_tables_have_no_row_file(tmp_path: Path) -> None:
    world = World(tmp_path)
    assert not world.lake.keep_row_file(world.lake.registry.get("permits"))
    assert not (tmp_path / FOLDER).exists()


def test_a_row_file_lost_or_broken_is_not_missed_and_made_again(tmp_path: Path) -> None:
    world, path = world_with_file(tmp_path)
    rows = "/resource/permits.json?$limit=2&$offset=1"
    whole = path.read_bytes()
    for left in (whole[: len(whole) // 2], b"", None):
        path.unlink(missing_ok=True)
        if left is not None:
            path.write_bytes(left)
        service = Service(tmp_path)
        assert [row["number"] for row in loads(body(service, "$limit=2&$offset=1", "json"))] == ['P-"2"', "P-3"], left
        service.close()
    assert world.lake.keep_row_file(world.lake.registry.get("permits"), limits=SMALL)
    assert path.read_bytes() == whole
    assert len(world.json(rows)) == 2


def test_a_recall_removes_the_row_file_at_once(tmp_path: Path) -> None:
    world, path = world_with_file(tmp_path)
    assert path.exists()
    world.lake.recall("permits", 2, reason="It held telephone numbers.", at=DAYS[1])
    assert not path.exists()
    assert world.code("/resource/permits.json?version=2")[0] == 410


def test_a_column_that_becomes_sensitive_leaves_with_the_old_file(tmp_path: Path) -> None:
    world, path = world_with_file(tmp_path)
    version = world.lake.version("permits")
    facts = PublicFacts("perm-0001", metadata=METADATA, sensitive=frozenset({"phone", "page"}))
    hiding = world.lake.release(version, at=DAYS[1], public=facts)
    assert world.code("/resource/permits.json?$select=page")[0] == 400
    assert "page" not in world.json("/resource/permits.json")[0]
    assert world.lake.keep_row_file(hiding, limits=SMALL)
    assert not path.exists()
    assert not RowFile(row_file_path(tmp_path, hiding)).holds("page")


def test_a_sweep_leaves_the_row_files_of_public_versions(tmp_path: Path) -> None:
    world, path = world_with_file(tmp_path)
    stray = path.with_name("1-1-abandoned.building")
    stray.write_bytes(b"half")
    later = datetime.now(UTC) + timedelta(days=3)
    world.lake.sweep(now=later)
    assert path.exists()
    assert not stray.exists()
    world.lake.registry.withdraw("permits", at=DAYS[1])
    world.lake.sweep(now=later)
    assert not path.exists()


def test_a_row_file_that_would_be_too_large_is_not_made(tmp_path: Path) -> None:
    world = World(tmp_path)
    release = world.lake.registry.get("permits")
    with pytest.raises(RowFileFailed, match=r"more than 2e-07 GB, which CUPOLA_ROW_FILE_GB allows"):
        world.lake.keep_row_file(release, limits=RowFileLimits(least_rows=1, most_bytes=200))
    assert not world.lake.keep_row_file(release, limits=RowFileLimits(least_rows=1, most_bytes=0))
    assert not list((tmp_path / FOLDER).rglob("*.*"))
