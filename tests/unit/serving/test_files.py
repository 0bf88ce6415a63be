"""Files over HTTP: whole, in parts, not again, and only while they are public."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from callers import Client
from tests.unit.lake.load_world import START, Harbour, column, landing

from cupola.contracts import Contract
from cupola.lake import Lake, PublicFacts, Release
from cupola.lake.downloads import DownloadList
from cupola.serving import Service, Site, application, close_services, service
from cupola.serving.ranges import parts_of

LATER = START + timedelta(days=400)
CONTRACT = Contract(columns=(column("id", "integer", required=True), column("name", "text"), column("phone", "text")))
CSV = "/downloads/permits/latest/permits.csv.gz"


class Quay:
    """A lake with one public dataset of two versions, and a client that asks for its files."""

    def __init__(self, root: Path) -> None:
        self.harbour = Harbour(root)
        self.lake = Lake(root, threads=1)
        for number in (1, 2):
            rows = [[str(one), f"version {number}", "555"] for one in range(200 * number)]
            self.harbour.load(CONTRACT, landing(["id", "name", "phone"], rows))
            self.prepare(self.release(number))
        self.client = Client(application(root, site=Site()))

    def release(self, number: int) -> Release:
        version = self.lake.version("permits", number=number)
        at = START + timedelta(days=10 * number)
        return self.lake.release(version, at=at, public=PublicFacts("abcd-1234", metadata={"title": "Permits"}))

    def prepare(self, release: Release) -> None:
        self.lake.prepare_downloads(release, at=LATER)

    def content(self, version: int, name: str = "permits.csv.gz") -> bytes:
        (found,) = [one for one in DownloadList(self.lake.registry).of("permits", version) if one.name == name]
        return (self.lake.root / found.path).read_bytes()

    @property
    def service(self) -> Service:
        return service(self.lake.root)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quay]:
    """A quay for tests that only ask."""
    quay = Quay(tmp_path_factory.mktemp("quay") / "lake")
    yield quay
    quay.lake.close()
    close_services()


@pytest.fixture
def quay(tmp_path: Path) -> Iterator[Quay]:
    """A quay of its own, for tests that change it."""
    quay = Quay(tmp_path / "lake")
    yield quay
    quay.lake.close()
    close_services()


def test_the_latest_file_comes_whole_with_its_hash(kept: Quay) -> None:
    got = kept.client.get(CSV)
    assert (got.status_code, got.content) == (200, kept.content(2))
    assert got.headers["etag"] == f'"{hashlib.sha256(got.content).hexdigest()}"'
    assert got.headers["content-type"] == "application/gzip"
    assert got.headers["content-disposition"] == 'attachment; filename="permits-v2.csv.gz"'
    assert got.headers["content-location"] == "/downloads/permits/2/permits.csv.gz"
    assert got.headers["x-cupola-version"] == "2"
    assert "content-encoding" not in got.headers


def test_a_version_is_named_by_number_and_a_dataset_by_its_public_id(kept: Quay) -> None:
    assert kept.client.get("/downloads/abcd-1234/1/permits.csv.gz").content == kept.content(1)


@pytest.mark.parametrize(
    ("as_of", "version"), [("2026-03-11", "1"), ("2026-03-20T23:59:59Z", "1"), ("2026-03-21", "2"), ("2030-01-01", "2")]
)
def test_as_of_gives_what_was_public_then(kept: Quay, as_of: str, version: str) -> None:
    assert kept.client.get(CSV, params={"as_of": as_of}).headers["x-cupola-version"] == version


def test_before_the_first_release_nothing_was_there(kept: Quay) -> None:
    assert kept.client.get(CSV, params={"as_of": "2026-03-10"}).status_code == 404


def test_pages_of_others_may_read_parts(kept: Quay) -> None:
    headers = kept.client.get(CSV, headers={"Origin": "https://elsewhere.example"}).headers
    assert headers["access-control-allow-origin"] == "*"
    exposed = headers["access-control-expose-headers"].split(", ")
    assert {"Content-Range", "Accept-Ranges", "Content-Length", "ETag"} <= set(exposed)
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Headers": "range"}
    assert "Range" in kept.client.options(CSV, headers=asked).headers["access-control-allow-headers"]


def test_head_says_all_but_the_content(kept: Quay) -> None:
    got = kept.client.head(CSV)
    assert (got.status_code, got.content) == (200, b"")
    assert got.headers["content-length"] == str(len(kept.content(2)))


@pytest.mark.parametrize(
    ("asked", "first", "after"), [("bytes=0-9", 0, 10), ("bytes=100-", 100, None), ("bytes=-7", -7, None)]
)
def test_one_part(kept: Quay, asked: str, first: int, after: int | None) -> None:
    whole = kept.content(2)
    got = kept.client.get(CSV, headers={"Range": asked})
    assert (got.status_code, got.content) == (206, whole[first:after])
    start = first % len(whole)
    assert got.headers["content-range"] == f"bytes {start}-{start + len(got.content) - 1}/{len(whole)}"


def test_several_parts(kept: Quay) -> None:
    whole = kept.content(2)
    got = kept.client.get(CSV, headers={"Range": "bytes=0-3, 50-59"})
    kind, boundary = got.headers["content-type"].split("; boundary=")
    parts = got.content.split(f"--{boundary}".encode())
    assert (got.status_code, kind, len(parts)) == (206, "multipart/byteranges", 4)
    assert parts[1].split(b"\r\n\r\n")[1].removesuffix(b"\r\n") == whole[:4]
    assert parts[2].split(b"\r\n\r\n")[1].removesuffix(b"\r\n") == whole[50:60]
    assert len(got.content) == int(got.headers["content-length"])


def test_parts_outside_the_file(kept: Quay) -> None:
    size = len(kept.content(2))
    got = kept.client.get(CSV, headers={"Range": f"bytes={size}-"})
    assert (got.status_code, got.headers["content-range"]) == (416, f"bytes */{size}")


@pytest.mark.parametrize("asked", ["lines=1-2", "bytes=", "bytes=x-y", "bytes=9-3", "bytes=-", "bytes", "bytes=1-2,x"])
def test_what_cannot_be_read_as_parts_gives_the_whole(kept: Quay, asked: str) -> None:
    got = kept.client.get(CSV, headers={"Range": asked})
    assert (got.status_code, len(got.content)) == (200, len(kept.content(2)))


def test_parts_of_a_file_that_changed_since_give_the_whole(kept: Quay) -> None:
    etag = kept.client.head(CSV).headers["etag"]
    for condition, status in (
        (etag, 206),
        ('"other"', 200),
        (f"W/{etag}", 200),
        ("Thu, 01 Jan 2026 00:00:00 GMT", 200),
    ):
        assert kept.client.get(CSV, headers={"Range": "bytes=0-1", "If-Range": condition}).status_code == status


def test_what_the_client_has_is_not_sent_again(kept: Quay) -> None:
    headers = kept.client.head(CSV).headers
    for condition in ({"If-None-Match": headers["etag"]}, {"If-Modified-Since": headers["last-modified"]}):
        got = kept.client.get(CSV, headers={**condition, "Range": "bytes=0-1"})
        assert (got.status_code, got.content, got.headers["etag"]) == (304, b"", headers["etag"])


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/downloads/nothing/latest/nothing.csv.gz", 404),
        ("/downloads/permits/3/permits.csv.gz", 404),
        ("/downloads/permits/latest/permits.geojson", 404),
        ("/downloads/permits/latest/..%2F..%2Fregistry.db", 404),
        ("/downloads/permits/newest/permits.csv.gz", 400),
        ("/downloads/permits/1x/permits.csv.gz", 400),
        ("/downloads/permits/latest/permits.csv.gz?as_of=soon", 400),
    ],
)
def test_what_is_not_there(kept: Quay, address: str, status: int) -> None:
    got = kept.client.get(address)
    assert (got.status_code, got.json()["error"]) == (status, True)


def test_what_is_private_is_not_told_from_what_does_not_exist(quay: Quay) -> None:
    assert quay.client.get(CSV).status_code == 200
    quay.lake.registry.withdraw("permits", at=LATER)
    private = quay.client.get(CSV)
    nothing = quay.client.get(CSV.replace("permits", "nothing"))
    assert (private.status_code, private.json()) == (nothing.status_code, nothing.json())


def test_a_recalled_version_is_gone_with_its_reason(quay: Quay) -> None:
    quay.lake.recall("permits", 2, reason="It named people.", at=LATER)
    got = quay.client.get(CSV.replace("latest", "2"))
    assert got.status_code == 410
    assert "It named people." in got.json()["message"]
    assert quay.client.get(CSV).headers["x-cupola-version"] == "1"


def test_until_new_files_are_made_the_latest_are_those_before(quay: Quay) -> None:
    DownloadList(quay.lake.registry).forget("permits", 2)
    assert quay.client.get(CSV).headers["x-cupola-version"] == "1"
    waiting = quay.client.get(CSV.replace("latest", "2"))
    assert (waiting.status_code, waiting.headers["retry-after"]) == (503, "30")


def test_a_file_with_what_became_sensitive_is_not_handed_out(quay: Quay) -> None:
    release = quay.lake.registry.get("permits")
    quay.lake.registry.publish(replace(release, contract=release.contract.hiding({"phone"})))
    assert quay.client.get(CSV.replace("latest", "2")).status_code == 503


@pytest.mark.parametrize(
    ("header", "parts"),
    [
        ("bytes=0-0", [(0, 1)]),
        ("bytes=0-99", [(0, 10)]),
        ("bytes=3-4,0-1", [(0, 2), (3, 5)]),
        ("bytes=0-5,4-7", [(0, 8)]),
        ("bytes=-0", []),
        ("bytes=10-", []),
        ("bytes=20-30,1-2", [(1, 3)]),
        ("bytes=-99", [(0, 10)]),
        ("BYTES = 1-2", [(1, 3)]),
        ("bytes=1-2," * 60, None),
        (f"bytes={'9' * 40}-", None),
    ],
)
def test_reading_parts_of_ten_bytes(header: str, parts: list[tuple[int, int]] | None) -> None:
    assert parts_of(header, 10) == parts
