"""Queries on a locked connection, readers beside a writer, a full disk, a home that may not be written."""

import multiprocessing
import os
import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from shelves import Shelf

from cupola.errors import NotAllowed
from cupola.lake import Lake, Limits, parse
from cupola.lake.faults import DiskFull, ReadOnlyHome
from cupola.lake.reading import QueryFailed, TooBig, TooSlow, UnknownInput

pytestmark = pytest.mark.slow
NOBODY = 65534


def permit(number: int, status: str = "open") -> dict[str, object]:
    return {"permit": number, "status": status, "cost": 1.0}


def ask(shelf: Shelf, sql: str, **limits: float) -> list[dict[str, object]]:
    lake = Lake(shelf.catalog.root, threads=1, memory="100MB")
    chosen = Limits(**limits)  # type: ignore[arg-type]
    rows: list[dict[str, object]] = lake.query(
        parse(sql), inputs={"permits": lake.version("permits")}, limits=chosen
    ).to_pylist()
    return rows


def test_a_query_reads_its_inputs(shelf: Shelf) -> None:
    shelf.write([permit(1), permit(2, "closed"), permit(3)])
    sql = "WITH o AS (SELECT * FROM permits WHERE status = 'open') SELECT count(*) AS n, max(permit) AS m FROM o"
    assert ask(shelf, sql) == [{"n": 2, "m": 3}]
    assert len(ask(shelf, "SELECT permit FROM permits", rows=2)) == 2


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/hosts')",
        "SELECT * FROM '/etc/hosts'",
        "SELECT * FROM wards",
        "SELECT * FROM information_schema.tables",
    ],
)
def test_a_query_reads_nothing_else(shelf: Shelf, sql: str) -> None:
    shelf.write([permit(1)])
    with pytest.raises(UnknownInput, match="permits"):
        ask(shelf, sql)


def test_what_is_no_select_or_cannot_be_run_is_said(shelf: Shelf) -> None:
    shelf.write([permit(1)])
    for sql in ("DROP TABLE permits", "SELECT nothing FROM permits", "SELECT FROM WHERE"):
        with pytest.raises(QueryFailed):
            ask(shelf, sql)


def test_queries_are_stopped_by_time_and_memory(shelf: Shelf) -> None:
    shelf.write([permit(number) for number in range(3000)])
    many = "permits a, permits b, permits c"
    with pytest.raises(TooSlow, match=r"0\.2 s"):
        ask(shelf, f"SELECT count(*) FROM {many} WHERE a.permit * b.permit + c.permit = 7", seconds=0.2)
    with pytest.raises((TooBig, TooSlow)):
        ask(shelf, f"SELECT list(a.permit || '-' || b.permit) FROM {many}", seconds=20)


def write_versions(root: Path, count: int) -> None:
    shelf = Shelf(root)
    shelf.days = 10
    for number in range(2, 2 + count):
        shelf.write([permit(one, f"version {number}") for one in range(50)], mode="replace")


def read_until(root: Path, last: int) -> int:
    """Read the newest version again and again until `last` is there; return how many reads that took."""
    lake, reads, found = Lake(root, threads=1), 0, 0
    while found < last:
        version = lake.version("permits")
        sql = parse("SELECT count(*) AS n, count(DISTINCT status) AS kinds, min(status) AS status FROM permits")
        rows = lake.query(sql, inputs={"permits": version}).to_pylist()
        assert rows == [{"n": 50, "kinds": 1, "status": f"version {version.number}"}]
        found, reads = version.number, reads + 1
    return reads


def test_four_readers_never_see_a_mixed_version(shelf: Shelf) -> None:
    shelf.write([permit(one, "version 1") for one in range(50)])
    context = multiprocessing.get_context("spawn")
    writer = context.Process(target=write_versions, args=(shelf.catalog.root, 12))
    writer.start()
    with ThreadPoolExecutor(4) as readers:
        counts = list(readers.map(lambda _: read_until(shelf.catalog.root, 13), range(4)))
    writer.join()
    assert writer.exitcode == 0
    assert min(counts) > 1


def write_with_little_room(root: Path, room: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    shelf = Shelf(root)
    shelf.days = 10
    rows = [permit(one, f"status {one} {one * 7919 % 104729}") for one in range(20_000)]
    try:
        shelf.write(rows)
    except DiskFull as error:
        sys.exit(0 if "Free some space" in str(error) else 2)
    sys.exit(1)


@pytest.mark.parametrize("room", [40_000, 100_000])
def test_a_full_disk_is_said_and_leaves_the_lake_whole(shelf: Shelf, room: int) -> None:
    shelf.write([permit(1)])
    process = multiprocessing.get_context("spawn").Process(
        target=write_with_little_room, args=(shelf.catalog.root, room)
    )
    process.start()
    process.join()
    assert process.exitcode == 0
    assert shelf.read() == [permit(1)]
    assert shelf.write([permit(2)]).number == 2


def use_as_nobody(root: Path) -> None:
    os.setuid(NOBODY)
    shelf = Shelf(root)
    shelf.days = 10
    if shelf.read() != [permit(1)]:
        sys.exit(3)
    try:
        shelf.write([permit(2)])
    except ReadOnlyHome as error:
        sys.exit(0 if "CUPOLA_HOME" in str(error) else 2)
    sys.exit(1)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become a user who may not write")
def test_a_read_only_home_is_said_and_can_still_be_read(shelf: Shelf) -> None:
    shelf.write([permit(1)])
    shelf.catalog.close()
    for folder in (shelf.catalog.root, *shelf.catalog.root.parents):
        if folder != Path("/") and folder.stat().st_mode & 0o005 != 0o005 and folder.owner() == "root":
            folder.chmod(0o755)
        if folder.name.startswith("pytest-of"):
            break
    process = multiprocessing.get_context("spawn").Process(target=use_as_nobody, args=(shelf.catalog.root,))
    process.start()
    process.join()
    assert process.exitcode == 0
    assert issubclass(ReadOnlyHome, NotAllowed)
    assert shelf.write([permit(2)], mode="append").number == 2
