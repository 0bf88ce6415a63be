"""Sweeping, compacting, backing up, restoring, verifying, serving and releasing."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from pyiceberg.catalog.sql import SqlCatalog
from shelves import PERMITS, START, Shelf

from cupola.contracts import Contract
from cupola.errors import Conflict
from cupola.lake import Edition, Lake, NotReleased, PublicFacts, Recalled, opened, restore
from cupola.lake.backup import DamagedBackup, NotABackup, Occupied
from cupola.lake.faults import UnusablePath
from cupola.lake.formats import LakeTooNew
from cupola.lake.purging import OfAnotherLake
from cupola.lake.registry import PublicIdTaken, RegistryTooNew, RestrictedRows

pytestmark = pytest.mark.slow
LATER = START + timedelta(days=400)


def permit(number: int, status: str = "open") -> dict[str, object]:
    return {"permit": number, "status": status, "cost": 1.0}


@pytest.fixture
def lake(shelf: Shelf) -> Iterator[Lake]:
    lake = Lake(shelf.catalog.root, threads=1)
    yield lake
    lake.close()


def test_a_sweep_removes_what_no_version_names(shelf: Shelf, lake: Lake) -> None:
    versions = [shelf.write([permit(1)]), shelf.write([permit(2)], mode="replace")]
    folder = shelf.table.folder
    (folder / "data" / "orphan.parquet").write_bytes(b"1234")
    (folder / "metadata" / "orphan.avro").write_bytes(b"12")
    (folder / "staging" / "dead").mkdir()
    (folder / "staging" / "dead" / "half.parquet").write_bytes(b"1")
    swept = lake.sweep(now=LATER)
    assert (swept.files, swept.bytes, swept.busy) == (3, 7, ())
    assert [shelf.read(one) for one in versions] == [[permit(1)], [permit(2)]]
    assert lake.sweep(now=LATER).files == 0


def test_a_sweep_leaves_a_dataset_alone_while_it_is_written(shelf: Shelf, lake: Lake) -> None:
    shelf.write([permit(1)])
    with shelf.table.writing("test", now=LATER) as writer:
        writer.new_file().write_bytes(b"going on")
        assert lake.sweep(now=LATER).busy == ("permits",)
        assert len(list(writer.folder.iterdir())) == 1


def test_a_sweep_clears_a_table_that_was_never_committed(shelf: Shelf, lake: Lake) -> None:
    left = shelf.catalog.root / "tables" / "wards" / "data" / "x.parquet"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"x")
    assert lake.sweep(now=LATER).files == 1


def test_compaction_keeps_rows_times_and_number(shelf: Shelf, lake: Lake) -> None:
    for number in range(4):
        shelf.write([permit(number)])
    before, rows = shelf.table.version(), shelf.read(system=True)
    after = lake.compact("permits", now=LATER)
    assert after is not None
    assert (after.number, after.snapshot_id, after.files, after.rows) == (4, before.snapshot_id, 1, 4)
    assert shelf.read(system=True) == rows
    assert after.committed_at == before.committed_at
    assert [one.number for one in shelf.table.versions()] == [1, 2, 3, 4]
    assert lake.compact("permits", now=LATER) is None
    assert shelf.write([permit(2, "closed")], mode="upsert").number == 5


def test_a_lake_restored_elsewhere_answers_the_same(shelf: Shelf, lake: Lake, tmp_path: Path) -> None:
    for number in range(12):
        shelf.write([permit(number)])
    shelf.write([permit(3, "closed")], mode="upsert")
    lake.compact("permits", now=LATER)
    lake.release(lake.version("permits"), at=LATER, public=PublicFacts("abcd-1234", metadata={"title": "Permits"}))
    copied = lake.backup(tmp_path / "backup")
    assert copied.files > 15
    shelf.write([permit(99)])
    restore(tmp_path / "backup", tmp_path / "else where" / "lake")
    there = Lake(tmp_path / "else where" / "lake", threads=1)
    proof = there.verify()
    assert [one.problems for one in proof] == [()] * 13
    assert [(one.rows, one.content) for one in proof] == [(one.rows, one.content) for one in lake.verify()[:13]]
    assert [one.snapshot_id for one in there.versions("permits")] == [
        one.snapshot_id for one in lake.versions("permits")[:13]
    ]
    assert there.registry.get("abcd-1234").metadata == {"title": "Permits"}
    assert there.build_serving(there.version("permits")).is_file()
    moved = Shelf(there.root)
    moved.days = 300
    assert moved.write([permit(5, "closed")], mode="upsert").number == 14
    foreign = SqlCatalog("cupola", uri=f"sqlite:///{there.root / 'catalog.db'}")
    assert foreign.load_table(("lake", "permits")).scan().to_arrow().num_rows == 12
    foreign.engine.dispose()
    moved.catalog.close()
    there.close()


def test_a_damaged_backup_is_refused(shelf: Shelf, lake: Lake, tmp_path: Path) -> None:
    version = shelf.write([permit(1)])
    lake.backup(tmp_path / "backup")
    file = tmp_path / "backup" / shelf.table.files(version)[0].path.relative_to(lake.root)
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    with pytest.raises(DamagedBackup, match="differs"):
        restore(tmp_path / "backup", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_backups_and_restores_go_to_empty_folders(shelf: Shelf, lake: Lake, tmp_path: Path) -> None:
    shelf.write([permit(1)])
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    with pytest.raises(Occupied):
        lake.backup(tmp_path / "full")
    with pytest.raises(NotABackup):
        restore(tmp_path / "full", tmp_path / "new")


def test_verifying_finds_missing_and_damaged_files(shelf: Shelf, lake: Lake) -> None:
    shelf.write([permit(1)])
    version = shelf.write([permit(2)])
    first, second = (file.path for file in shelf.table.files(version))
    first.unlink()
    second.write_bytes(second.read_bytes()[:50])
    problems = [problem for one in lake.verify() for problem in one.problems]
    assert sum(problem.endswith(": missing") for problem in problems) == 2
    assert sum("cannot be read" in problem for problem in problems) == 1


def test_a_serving_copy_holds_the_rows_and_comes_back(shelf: Shelf, lake: Lake) -> None:
    version = shelf.write([permit(1), permit(2)])
    path = lake.build_serving(version)
    with opened(path, engine=lake.engine) as connection:
        assert connection.execute("SELECT count(*), min(permit) FROM rows").fetchone() == (2, 1)
        with pytest.raises(duckdb.PermissionException):
            connection.execute("SELECT * FROM read_text('format.json')")
    path.unlink()
    assert lake.build_serving(version) == path
    assert path.is_file()
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_only_released_versions_are_in_the_registry(shelf: Shelf, lake: Lake) -> None:
    first, second = shelf.write([permit(1)]), shelf.write([permit(2)])
    with pytest.raises(NotReleased, match="permits"):
        lake.registry.get("permits")
    lake.release(first, at=LATER, public=PublicFacts("abcd-1234"))
    assert lake.registry.get("abcd-1234").version == 1
    release = lake.release(second, at=LATER, public=PublicFacts("abcd-1234", aliases={"cost_usd": "cost"}))
    assert lake.registry.get("permits") == release
    assert lake.registry.get("permits", version=1).rows == 1
    assert [one.version for one in lake.registry.releases("permits")] == [2, 1]
    assert [(lake.root / name).is_file() for name in release.files] == [True, True]
    assert lake.registry.withdraw("permits", at=LATER) == 2
    assert lake.registry.releases() == ()


def test_a_recalled_version_is_gone_with_its_reason_and_does_not_come_back(shelf: Shelf, lake: Lake) -> None:
    first, second = shelf.write([permit(1)]), shelf.write([permit(2)])
    for version in (first, second):
        lake.release(version, at=LATER - timedelta(days=2), public=PublicFacts("abcd-1234"))
    lake.registry.recall("permits", 2, reason="It named people.", at=LATER)
    assert lake.registry.get("permits").version == 1
    with pytest.raises(Recalled, match="Version 2 of permits was recalled on 2027-02-05: It named people"):
        lake.registry.get("abcd-1234", version=2)
    with pytest.raises(Recalled):
        lake.release(second, at=LATER, public=PublicFacts("abcd-1234"))
    assert [one.version for one in lake.registry.recalls("permits")] == [2]
    with pytest.raises(Recalled, match="It named people"):
        lake.registry.get("permits", as_of=LATER - timedelta(seconds=1))
    assert lake.registry.get("permits", as_of=LATER).version == 1
    with pytest.raises(NotReleased):
        lake.registry.recall("permits", 3, reason="Never there.", at=LATER)


def recalled_in_the_middle(shelf: Shelf, lake: Lake) -> list[Path]:
    """Return the data files of the version that was taken back and has one after it."""
    versions = [shelf.write([permit(number)], mode="replace") for number in (1, 2, 3)]
    for version in versions:
        lake.release(version, at=LATER, public=PublicFacts("abcd-1234"))
    lake.recall("permits", 2, reason="It named people.", at=LATER)
    return [file.path for file in lake.table("permits").files(versions[1])]


def test_a_backup_leaves_out_rows_that_only_recalled_versions_hold(shelf: Shelf, lake: Lake, tmp_path: Path) -> None:
    files = recalled_in_the_middle(shelf, lake)
    lake.backup(tmp_path / "copy")
    assert all(path.exists() for path in files)
    assert not any((tmp_path / "copy" / path.relative_to(lake.root)).exists() for path in files)
    restore(tmp_path / "copy", tmp_path / "again")
    again = Lake(tmp_path / "again", threads=1)
    assert [(one.version, one.problems) for one in again.verify()] == [(1, ()), (3, ())]
    with pytest.raises(Recalled):
        again.registry.get("permits", version=2)


def test_an_older_backup_is_purged_and_does_not_bring_the_version_back(
    shelf: Shelf, lake: Lake, tmp_path: Path
) -> None:
    versions = [shelf.write([permit(number)], mode="replace") for number in (1, 2)]
    for version in versions:
        lake.release(version, at=LATER, public=PublicFacts("abcd-1234"))
    lake.backup(tmp_path / "copy")
    lake.recall("permits", 1, reason="It named people.", at=LATER)
    done = lake.purge(tmp_path / "copy")
    assert (done.files, done.versions) == (1, ("permits 1",))
    assert (lake.purge(tmp_path / "copy").files, lake.purge(tmp_path / "copy").versions) == (0, ())
    restore(tmp_path / "copy", tmp_path / "again")
    again = Lake(tmp_path / "again", threads=1)
    assert [one.version for one in again.registry.releases("permits")] == [2]
    assert [one.problems for one in again.verify()] == [()]


def test_rows_that_a_later_version_still_holds_stay_in_backups(shelf: Shelf, lake: Lake, tmp_path: Path) -> None:
    version = shelf.write([permit(1)])
    lake.release(version, at=LATER, public=PublicFacts("abcd-1234"))
    lake.backup(tmp_path / "copy")
    lake.recall("permits", 1, reason="It named people.", at=LATER)
    assert lake.purge(tmp_path / "copy").files == 0  # it is the newest: the next load is compared with it
    other = Lake(tmp_path / "other", threads=1)
    with pytest.raises(OfAnotherLake, match="not of this home"):
        other.purge(tmp_path / "copy")


def test_a_public_id_belongs_to_one_dataset(shelf: Shelf, lake: Lake) -> None:
    other = Shelf(lake.root, "wards")
    lake.release(shelf.write([permit(1)]), at=LATER, public=PublicFacts("abcd-1234"))
    with pytest.raises(PublicIdTaken, match="permits"):
        lake.release(other.write([permit(1)]), at=LATER, public=PublicFacts("abcd-1234"))
    other.catalog.close()


def test_restricted_rows_are_never_released(shelf: Shelf, lake: Lake) -> None:
    payroll = Contract(columns=PERMITS.columns, key=PERMITS.key, restricted=True)
    version = shelf.write([permit(1)], contract=payroll)
    with pytest.raises(RestrictedRows, match="restricted"):
        lake.release(version, at=LATER, public=PublicFacts("abcd-1234"))
    assert not (lake.root / "serving").exists()


def test_newer_formats_are_left_alone(shelf: Shelf, lake: Lake) -> None:
    lake.release(shelf.write([permit(1)]), at=LATER, public=PublicFacts("abcd-1234"))
    with closing(sqlite3.connect(lake.registry.path)) as connection:
        connection.execute("PRAGMA user_version = 9")
    with pytest.raises(RegistryTooNew, match="format 9"):
        lake.registry.get("permits")
    (lake.root / "format.json").write_text(json.dumps({"format": 2}))
    with pytest.raises(LakeTooNew, match="format 2"):
        Lake(lake.root)
    with pytest.raises(UnusablePath):
        Lake(lake.root / "a*b")
    assert issubclass(LakeTooNew, Conflict)


def test_downloads_hold_the_columns_people_know(shelf: Shelf, lake: Lake, tmp_path: Path) -> None:
    version = shelf.write([permit(1, 'said "yes", twice')])
    path = lake.download(version, to=tmp_path / "permits.csv")
    assert path.read_text() == '"permit","status","cost"\n1,"said ""yes"", twice",1\n'
    lake.download(version, to=tmp_path / "permits.parquet", kind="parquet")
    assert sorted(one.name for one in tmp_path.iterdir() if one.is_file()) == ["permits.csv", "permits.parquet"]


def test_diff_through_the_lake(shelf: Shelf, lake: Lake) -> None:
    shelf.write([permit(1), permit(2)])
    shelf.write([permit(2, "closed"), permit(3)], mode="replace")
    found = lake.diff("permits", a=Edition(1), b=Edition(2))
    assert (found.rows_added, found.rows_removed, found.rows_changed) == (1, 1, 1)
    assert [(cell.key, cell.column, cell.before, cell.after) for cell in found.cells] == [
        ((2,), "status", "open", "closed")
    ]
