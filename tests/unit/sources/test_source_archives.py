"""Compressed files: whole or refused, one member or a question, and no bombs."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest
import zstandard
from source_world import Taker

from cupola.errors import InvalidInput
from cupola.sources import archives

ROWS = [{"a": "1", "b": "x", "_row": 1}]


def zipped(path: Path, **members: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("a.csv.gz", gzip.compress(b"a,b\n1,x\n")),
        ("a.csv.gz", gzip.compress(b"a,b\n") + gzip.compress(b"1,x\n")),
        ("a.csv.zst", zstandard.compress(b"a,b\n1,x\n")),
        ("a.csv.zst", zstandard.compress(b"a,b\n") + zstandard.compress(b"1,x\n")),
        ("a.csv.gz", b"a,b\n1,x\n"),
        ("a.csv", gzip.compress(b"a,b\n1,x\n")),
    ],
    ids=["gz", "gz in two members", "zst", "zst in two frames", "plain though named gz", "gz though named plain"],
)
def test_packed_rows_are_the_rows(taker: Taker, base: Path, name: str, packed: bytes) -> None:
    (base / name).write_bytes(packed)
    assert taker.rows(taker.fetch(base, file=name)) == ROWS


def test_the_only_data_member_of_a_zip_is_taken(taker: Taker, base: Path) -> None:
    zipped(base / "a.zip", rows__csv=b"a,b\n1,x\n", readme__txt=b"hello", logo__png=b"\x89PNG")
    assert taker.rows(taker.fetch(base, file="a.zip")) == ROWS


def test_a_named_member_is_taken_and_may_itself_be_packed(taker: Taker, base: Path) -> None:
    zipped(base / "a.zip", one__csv=b"z\n9\n", two__csv__gz=gzip.compress(b"a,b\n1,x\n"))
    assert taker.rows(taker.fetch(base, file="a.zip", member="two.csv.gz")) == ROWS
    assert [p.name for p in (taker.folder / "scratch").iterdir()] != []


def test_several_data_members_are_listed(taker: Taker, base: Path) -> None:
    zipped(base / "a.zip", one__csv=b"z\n", two__json=b"[]")
    with pytest.raises(InvalidInput, match=r"several data files\. Name one with member:\. It has: one\.csv, two\.json"):
        taker.land(taker.fetch(base, file="a.zip"))


def test_a_member_that_is_not_there_is_answered_with_the_nearest(taker: Taker, base: Path) -> None:
    zipped(base / "a.zip", permits__csv=b"z\n", wards__csv=b"z\n")
    with pytest.raises(InvalidInput, match=r"there is no 'permit\.csv' in the zip\. Did you mean 'permits\.csv'"):
        taker.land(taker.fetch(base, file="a.zip", member="permit.csv"))


def test_a_member_of_something_that_is_no_zip_is_refused(taker: Taker, base: Path) -> None:
    (base / "a.csv").write_text("a\n1\n")
    with pytest.raises(InvalidInput, match="it is not a zip"):
        taker.land(taker.fetch(base, file="a.csv", member="b.csv"))


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("a.csv.gz", gzip.compress(b"a,b\n1,x\n" * 1000)[:-9]),
        ("a.csv.zst", zstandard.compress(b"a,b\n1,x\n" * 1000)[:-9]),
        ("a.csv.gz", gzip.compress(b"a,b\n1,x\n")[:-8] + b"\0" * 8),
    ],
    ids=["gz cut short", "zst cut short", "gz with a wrong sum"],
)
def test_a_damaged_archive_is_refused_whole(taker: Taker, base: Path, name: str, packed: bytes) -> None:
    (base / name).write_bytes(packed)
    with pytest.raises(InvalidInput, match="damaged or cut short"):
        taker.land(taker.fetch(base, file=name))
    assert list((taker.folder / "scratch").iterdir()) == []


def test_a_damaged_zip_is_refused(taker: Taker, base: Path) -> None:
    zipped(base / "a.zip", rows__csv=b"a,b\n1,x\n" * 1000)
    content = bytearray((base / "a.zip").read_bytes())
    content[45] ^= 0xFF
    (base / "a.zip").write_bytes(bytes(content))
    with pytest.raises(InvalidInput, match="damaged or cut short"):
        taker.land(taker.fetch(base, file="a.zip"))


def test_an_archive_over_the_limit_is_refused_and_leaves_nothing(taker: Taker, base: Path) -> None:
    taker.limit(max_expanded_bytes=1000)
    (base / "a.csv.gz").write_bytes(gzip.compress(b"a,b\n" * 1000))
    with pytest.raises(InvalidInput, match="unpacks to more than 1,000 bytes"):
        taker.land(taker.fetch(base, file="a.csv.gz"))
    assert list((taker.folder / "scratch").iterdir()) == []


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gz", "zst"])
def test_a_bomb_is_refused_by_its_ratio(
    taker: Taker, base: Path, monkeypatch: pytest.MonkeyPatch, pack: object
) -> None:
    monkeypatch.setattr(archives, "_FREE_BYTES", 1 << 20)
    (base / "a.csv.gz").write_bytes(pack(b"\n" * (8 << 20)))  # type: ignore[operator]
    with pytest.raises(InvalidInput, match="unpacks to more than"):
        taker.land(taker.fetch(base, file="a.csv.gz"))


def test_archives_in_archives_end_somewhere(taker: Taker, base: Path) -> None:
    content = b"a\n1\n"
    for _ in range(4):
        content = gzip.compress(content)
    (base / "a.csv.gz").write_bytes(content)
    with pytest.raises(InvalidInput, match="packed more than 3 times"):
        taker.land(taker.fetch(base, file="a.csv.gz"))


def test_an_encrypted_zip_says_so(taker: Taker, base: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("rows.csv", b"a\n1\n")
    content = bytearray(buffer.getvalue())
    content[6] |= 1  # the flag in the member's header, and the one in the directory
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (base / "a.zip").write_bytes(bytes(content))
    with pytest.raises(InvalidInput, match="encrypted"):
        taker.land(taker.fetch(base, file="a.zip"))
