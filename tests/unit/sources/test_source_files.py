"""Local files: read in place, hashed once, and never taken for unchanged when they are not."""

import os
import time
from pathlib import Path

import pytest
from source_world import Taker

from cupola.errors import CupolaError, InvalidInput
from cupola.sources import SourceUnreachable
from cupola.sources.spec import SourceChanged

LONG_AGO = 1_500_000_000


def old(path: Path, text: str, *, seconds: int = LONG_AGO) -> Path:
    path.write_text(text)
    os.utime(path, (seconds, seconds))
    return path


def test_a_file_is_read_in_place_and_named_without_its_folder(taker: Taker, base: Path) -> None:
    (base / "deep").mkdir()
    path = old(base / "deep" / "a.ndjson", '{"a":1}\n')
    fetched = taker.fetch(base, file="deep/a.ndjson", url="http://127.0.0.1:1/never-touched")
    assert (fetched.path, fetched.source, fetched.format, fetched.bytes) == (path, "a.ndjson", "ndjson", 8)
    assert taker.land(fetched).source == "a.ndjson"


def test_the_fingerprint_is_the_hash_of_the_bytes(taker: Taker, base: Path) -> None:
    old(base / "a.csv", "abc")
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert taker.fetch(base, file="a.csv").fingerprint == expected


def test_reading_the_same_bytes_otherwise_has_another_fingerprint(taker: Taker, base: Path) -> None:
    old(base / "a.csv", "abc")
    plain, other = taker.fetch(base, file="a.csv"), taker.fetch(base, file="a.csv", delimiter=";")
    assert plain.fingerprint != other.fingerprint


def test_an_unchanged_old_file_is_not_hashed_again(taker: Taker, base: Path) -> None:
    old(base / "a.csv", "a,b\n1,2\n")
    first = taker.fetch(base, file="a.csv")
    old(base / "a.csv", "a,b\n1,9\n")  # same size and time: only a hash could tell
    second = taker.fetch(base, file="a.csv", state=first.state)
    assert (first.unchanged, second.unchanged) == (False, True)


def test_a_file_written_this_moment_is_hashed_again(taker: Taker, base: Path) -> None:
    now = int(time.time())
    old(base / "a.csv", "a,b\n1,2\n", seconds=now)
    first = taker.fetch(base, file="a.csv")
    old(base / "a.csv", "a,b\n1,9\n", seconds=now)
    assert not taker.fetch(base, file="a.csv", state=first.state).unchanged


def test_a_touched_file_with_the_same_content_is_unchanged(taker: Taker, base: Path) -> None:
    old(base / "a.csv", "a,b\n1,2\n")
    first = taker.fetch(base, file="a.csv")
    old(base / "a.csv", "a,b\n1,2\n", seconds=LONG_AGO + 60)
    assert taker.fetch(base, file="a.csv", state=first.state).unchanged


def test_the_state_of_another_file_says_nothing(taker: Taker, base: Path) -> None:
    old(base / "a.csv", "a,b\n1,2\n")
    old(base / "b.csv", "a,b\n1,9\n")
    first = taker.fetch(base, file="a.csv")
    assert not taker.fetch(base, file="b.csv", state=first.state).unchanged


def test_a_missing_file_names_its_neighbour(taker: Taker, base: Path) -> None:
    old(base / "permits_2023.csv", "a\n")
    with pytest.raises(
        SourceUnreachable, match=r"^permits_2032\.csv: there is no such file\. Did you mean 'permits_2023"
    ):
        taker.fetch(base, file="permits_2032.csv")
    assert SourceUnreachable.exit_code == 5


@pytest.mark.parametrize("file", ["../secret.csv", "deep/../../secret.csv", "/etc/passwd"])
def test_a_file_outside_the_base_is_refused(taker: Taker, base: Path, file: str) -> None:
    with pytest.raises(InvalidInput, match="leads out of the sources folder"):
        taker.fetch(base, file=file)


def test_a_folder_is_no_file(taker: Taker, base: Path) -> None:
    (base / "a.csv").mkdir()
    with pytest.raises(SourceUnreachable, match="not a file"):
        taker.fetch(base, file="a.csv")


def test_a_file_that_changes_before_it_is_landed_is_refused(taker: Taker, base: Path) -> None:
    old(base / "a.csv", "a,b\n1,2\n")
    fetched = taker.fetch(base, file="a.csv")
    (base / "a.csv").write_text("a,b\n1,2\n3,4\n")
    with pytest.raises(SourceChanged, match="changed while it was being read"):
        taker.land(fetched)


def test_an_unknown_format_is_answered_with_the_nearest(taker: Taker, base: Path) -> None:
    old(base / "a.csv", "a\n")
    with pytest.raises(InvalidInput, match=r"'geojsn' is not a format\. Did you mean 'geojson'"):
        taker.fetch(base, file="a.csv", format="geojsn")


def test_a_name_that_tells_nothing_needs_a_format(taker: Taker, base: Path) -> None:
    old(base / "export", "a;b\n1;2\n")
    with pytest.raises(InvalidInput, match="its name does not tell the format"):
        taker.fetch(base, file="export")
    assert taker.rows(taker.fetch(base, file="export", format="csv")) == [{"a": "1", "b": "2", "_row": 1}]


def test_a_source_without_file_or_url_says_so(taker: Taker) -> None:
    with pytest.raises(CupolaError, match="nothing to fetch"):
        taker.fetch(None, file="a.csv")


def test_a_saved_export_stands_in_for_a_portal(taker: Taker, base: Path) -> None:
    old(base / "rows.csv", "a\nx\n")
    fetched = taker.fetch(
        base, file="rows.csv", format="socrata", url="https://example.gov/d/abcd-1234", incremental=True
    )
    assert (fetched.format, fetched.changes_only) == ("csv", False)
