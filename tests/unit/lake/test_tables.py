"""Versions: one commit each, read by number or as of a moment, also after the schema changed."""

import multiprocessing
import multiprocessing.connection
import os
import time
from datetime import timedelta
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.schema import Schema
from pyiceberg.types import DecimalType, IntegerType, LongType, NestedField, StringType
from shelves import PERMITS, START, Shelf

from cupola.contracts import Column, ColumnType, Contract
from cupola.lake import BeingWritten, NoSuchVersion
from cupola.lake.catalog import BadName, LakeCatalog, LakeMoved
from cupola.lake.columns import StoredColumn, duckdb_type, iceberg_type, stored_columns
from cupola.lake.commits import WrongFile
from cupola.lake.evolution import evolve, first_schema
from cupola.lake.parquet import write_file
from cupola.lake.tables import Table
from cupola.lake.writing import Facts

pytestmark = pytest.mark.slow
ONE = {"permit": 1, "status": "open", "cost": 1.5}
TWO = {"permit": 2, "status": "closed", "cost": None}


@pytest.mark.parametrize(
    ("kind", "duckdb_name"),
    [
        (ColumnType.TEXT, "VARCHAR"),
        (ColumnType.POINT, "VARCHAR"),
        (ColumnType.INTEGER, "BIGINT"),
        (ColumnType.DECIMAL, "DECIMAL(18,4)"),
        (ColumnType.MONEY, "DECIMAL(18,2)"),
        (ColumnType.PERCENT, "DECIMAL(18,4)"),
        (ColumnType.FLOAT, "DOUBLE"),
        (ColumnType.DURATION, "DOUBLE"),
        (ColumnType.BOOLEAN, "BOOLEAN"),
        (ColumnType.DATE, "DATE"),
        (ColumnType.TIMESTAMP, "TIMESTAMP"),
        (ColumnType.INSTANT, "TIMESTAMP WITH TIME ZONE"),
        (ColumnType.GEOMETRY, "BLOB"),
    ],
)
def test_every_type_has_a_stored_form(kind: ColumnType, duckdb_name: str) -> None:
    assert duckdb_type(Column("x", kind)) == duckdb_name
    assert str(iceberg_type(Column("x", kind)))


def test_system_columns_follow_the_contracts() -> None:
    dated = Contract(columns=(Column("a", ColumnType.TEXT),), vintaged=True)
    assert [one.name for one in stored_columns(dated)] == [
        "a", "vintage", "vintage_precision", "_id", "_created_at", "_updated_at",
    ]  # fmt: skip


def test_a_table_nobody_wrote_has_no_versions(shelf: Shelf) -> None:
    assert shelf.table.versions() == ()
    with pytest.raises(NoSuchVersion, match="Nothing was ever loaded"):
        shelf.table.version()


def test_versions_are_numbered_and_explained(shelf: Shelf) -> None:
    shelf.write([ONE])
    second = shelf.write([TWO], source="abc", report={"rows_read": 1})
    assert [version.number for version in shelf.table.versions()] == [1, 2]
    assert (second.rows, second.files, second.source, second.report) == (2, 2, "abc", {"rows_read": 1})
    assert second.contract == PERMITS.fingerprint()
    assert shelf.table.contract(second) == PERMITS


def test_each_version_answers_for_itself(shelf: Shelf) -> None:
    first = shelf.write([ONE])
    shelf.write([TWO], mode="replace")
    assert shelf.read(first) == [ONE]
    assert shelf.read() == [TWO]


def test_as_of_is_when_it_was_published(shelf: Shelf) -> None:
    first, second = shelf.write([ONE]), shelf.write([TWO])
    table = shelf.table
    assert table.version(as_of=first.committed_at).number == 1
    assert table.version(as_of=second.committed_at - timedelta(seconds=1)).number == 1
    assert table.version(as_of=second.committed_at).number == 2
    with pytest.raises(NoSuchVersion, match="versions 1 to 2"):
        table.version(as_of=START)


def test_the_time_of_versions_only_moves_forward(shelf: Shelf) -> None:
    first = shelf.write([ONE])
    shelf.days = -10
    assert shelf.write([TWO]).committed_at == first.committed_at + timedelta(microseconds=1)


def columns(*pairs: tuple[str, ColumnType], **origins: str) -> Contract:
    made = [Column(name, kind, origins=(origins[name],) if name in origins else ()) for name, kind in pairs]
    return Contract(columns=tuple(made), key=("permit",))


def test_columns_are_renamed_dropped_and_added_by_field_id(shelf: Shelf) -> None:
    first = shelf.write([ONE, TWO])
    second_contract = columns(
        ("permit", ColumnType.INTEGER), ("state", ColumnType.TEXT), ("ward", ColumnType.TEXT), state="status"
    )
    second = shelf.write([{"permit": 3, "state": "new", "ward": "7"}], contract=second_contract)
    third_contract = columns(("permit", ColumnType.INTEGER), ("cost", ColumnType.FLOAT))
    third = shelf.write([{"permit": 4, "cost": 9.0}], contract=third_contract)
    assert shelf.read(first) == [ONE, TWO]
    assert shelf.read(second) == [
        {"permit": 1, "state": "open", "ward": None},
        {"permit": 2, "state": "closed", "ward": None},
        {"permit": 3, "state": "new", "ward": "7"},
    ]
    # The dropped cost does not come back: the new column of that name is another one.
    assert shelf.read(third) == [
        {"permit": 1, "cost": None},
        {"permit": 2, "cost": None},
        {"permit": 3, "cost": None},
        {"permit": 4, "cost": 9.0},
    ]


def test_pyiceberg_reads_the_same_rows(shelf: Shelf) -> None:
    first = shelf.write([ONE, TWO])
    renamed = columns(("permit", ColumnType.INTEGER), ("state", ColumnType.TEXT), state="status")
    shelf.write([{"permit": 3, "state": "new"}], contract=renamed)
    uri = f"sqlite:///{shelf.catalog.path}"
    foreign = SqlCatalog("cupola", uri=uri)
    table = foreign.load_table(("lake", "permits"))
    found = table.scan().to_arrow().sort_by("permit").select(["permit", "state"]).to_pylist()
    assert [tuple(row.values()) for row in found] == [(1, "open"), (2, "closed"), (3, "new")]
    old = table.scan(snapshot_id=first.snapshot_id).to_arrow().sort_by("permit").select(["permit", "status"])
    assert old.column("status").to_pylist() == ["open", "closed"]
    foreign.engine.dispose()


def test_types_widen_and_keep_their_field_id() -> None:
    stored = (
        NestedField(1, "n", IntegerType(), required=False),
        NestedField(2, "d", DecimalType(9, 2), required=False),
        NestedField(3, "t", StringType(), required=False),
    )
    wanted = (
        StoredColumn("n", LongType()), StoredColumn("d", DecimalType(18, 2)), StoredColumn("t", LongType()),
    )  # fmt: skip
    change = evolve(stored, wanted, last_id=3)
    assert change.field_ids == {"n": 1, "d": 2, "t": 4}
    assert (change.widened, change.retyped) == (("n", "d"), ("t",))


def test_a_widened_table_reads_old_files(shelf: Shelf, tmp_path: Path) -> None:
    fields = (
        NestedField(1, "permit", IntegerType(), required=False),
        NestedField(2, "cost", DecimalType(9, 2), required=False),
    )
    shelf.catalog.create("permits", Schema(*fields))
    path = tmp_path / "old.parquet"
    with duckdb.connect() as connection:
        write_file(
            connection,
            "SELECT 7::INTEGER AS permit, 1.25::DECIMAL(9,2) AS cost",
            path=path,
            field_ids={"permit": 1, "cost": 2},
        )
    table = shelf.catalog.load("permits")
    table.add_files([str(path)])
    wide = Contract(columns=(Column("permit", ColumnType.INTEGER), Column("cost", ColumnType.MONEY)), key=("permit",))
    with shelf.table.writing("test", now=START) as writer:
        assert writer.field_ids(wide)["permit"] == 1
        version = writer.commit(add=[])
    (row,) = shelf.read(version)
    assert (row["permit"], str(row["cost"])) == (7, "1.25")


def test_a_schema_that_comes_back_is_the_same_schema() -> None:
    start = first_schema((StoredColumn("a", LongType()),))
    again = evolve(start.fields, (StoredColumn("a", LongType()),), last_id=start.last_id)
    assert (again.fields, again.added, again.dropped) == (start.fields, (), ())


def test_a_file_with_other_field_ids_is_refused(shelf: Shelf) -> None:
    with shelf.table.writing("test", now=START) as writer:
        ids = writer.field_ids(PERMITS)
        path = writer.new_file()
        with duckdb.connect() as connection:
            write_file(connection, "SELECT 1::BIGINT AS permit", path=path, field_ids={"permit": ids["permit"] + 40})
        with pytest.raises(WrongFile, match="permit"):
            writer.commit(add=[path])
    assert shelf.table.versions() == ()
    assert list((shelf.table.folder / "data").iterdir()) == []


def test_a_write_that_fails_leaves_nothing(shelf: Shelf) -> None:
    shelf.write([ONE])

    def fail() -> None:
        with shelf.table.writing("test", now=START) as writer:
            writer.new_file().write_bytes(b"half a file")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail()
    assert shelf.read() == [ONE]
    assert list((shelf.table.folder / "staging").iterdir()) == []


def test_attachments_are_committed_with_their_version(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "quarantine.parquet").write_bytes(b"rows")
    version = shelf.write([ONE], attachments={"quarantine": tmp_path / "quarantine.parquet"})
    assert version.attachments["quarantine"].read_bytes() == b"rows"


def hold(root: Path, held: "multiprocessing.connection.Connection") -> None:
    with Table(LakeCatalog(root), "permits").writing("cupola run", now=START):
        held.send("held")
        time.sleep(60)


def test_a_second_writer_is_told_who_holds_the_dataset(shelf: Shelf) -> None:
    shelf.write([ONE])
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=hold, args=(shelf.catalog.root, there), daemon=True)
    process.start()
    assert here.poll(30)
    with pytest.raises(BeingWritten, match=rf"process {process.pid} .*\(cupola run\) since 2026-01-01T12:00:00"):
        shelf.write([TWO])
    assert shelf.read() == [ONE]
    process.kill()
    process.join()
    assert shelf.write([TWO]).number == 2


def test_two_datasets_are_written_at_once(shelf: Shelf) -> None:
    other = Shelf(shelf.catalog.root, "wards")
    with shelf.table.writing("one", now=START):
        assert other.write([ONE]).number == 1
    other.catalog.close()


def test_a_dataset_name_cannot_leave_the_lake(shelf: Shelf) -> None:
    with pytest.raises(BadName, match="small letters"):
        Table(shelf.catalog, "../elsewhere")


def test_a_lake_moved_by_hand_says_so(shelf: Shelf, tmp_path: Path) -> None:
    shelf.write([ONE])
    shelf.catalog.close()
    os.rename(shelf.catalog.root, tmp_path / "moved")
    with pytest.raises(LakeMoved, match="restore"):
        Table(LakeCatalog(tmp_path / "moved"), "permits").versions()


def test_many_commits_keep_few_manifests_and_metadata_files(shelf: Shelf) -> None:
    for number in range(25):
        shelf.write([{**ONE, "permit": number}])
    version = shelf.table.version()
    assert (version.number, version.rows, version.files) == (25, 25, 25)
    current = shelf.catalog.load("permits").current_snapshot()
    assert current is not None
    assert len(current.manifests(shelf.catalog.load("permits").io)) <= 10
    assert len(list((shelf.table.folder / "metadata").glob("*.metadata.json"))) <= 21
    assert [len(shelf.read(one)) for one in shelf.table.versions()] == list(range(1, 26))


def test_files_carry_field_ids_and_zstd(shelf: Shelf) -> None:
    version = shelf.write([ONE])
    footer = pq.read_metadata(shelf.table.files(version)[0].path)
    assert footer.row_group(0).column(0).compression == "ZSTD"
    assert footer.schema.to_arrow_schema().field("permit").metadata[b"PARQUET:field_id"] == b"1"


def test_reports_survive_as_values(shelf: Shelf) -> None:
    with shelf.table.writing("test", now=START) as writer:
        writer.field_ids(PERMITS)
        writer.commit(add=[], facts=Facts(report={"seconds": 1.5, "sources": [{"vintage": None}]}))
    assert shelf.table.version().report == {"seconds": 1.5, "sources": [{"vintage": None}]}
