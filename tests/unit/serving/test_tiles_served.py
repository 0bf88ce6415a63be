"""Map tiles over HTTP: in parts, with an ETag, and only while their version is public."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from callers import Client
from pmtiles.reader import Reader
from tests.unit.lake.load_world import START, Harbour, column, landing

from cupola.contracts import Contract
from cupola.lake import Lake, PublicFacts
from cupola.serving import Site, application, close_services

CONTRACT = Contract(columns=(column("n", "text"), column("lon", "float"), column("lat", "float")), key=("n",))
ROWS = [(str(n), str(-87.6 + n / 1000), "41.8") for n in range(50)]
pytestmark = pytest.mark.slow


class Quay:
    """A lake with a version that is public with tiles, one that is public without, and one that is not public."""

    def __init__(self, root: Path) -> None:
        harbour = Harbour(root)
        self.lake = Lake(root, threads=1)
        for number in (1, 2, 3):
            harbour.load(CONTRACT, landing(["n", "lon", "lat"], ROWS[: 10 * number]))
            version = self.lake.version("permits", number=number)
            if number < 3:
                self.lake.release(version, at=START, public=PublicFacts("abcd-1234"))
            if number != 2:
                self.lake.build_tiles(version, contract=CONTRACT)
        self.client = Client(application(root, site=Site()))


@pytest.fixture(scope="module")
def quay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quay]:
    quay = Quay(tmp_path_factory.mktemp("quay") / "lake")
    yield quay
    quay.lake.close()
    close_services()


def test_a_map_program_reads_tiles_in_parts(quay: Quay) -> None:
    parts: list[int] = []

    def part(offset: int, length: int) -> bytes:
        answer = quay.client.get("/tiles/permits/1.pmtiles", headers={"Range": f"bytes={offset}-{offset + length - 1}"})
        parts.append(answer.status_code)
        return answer.content

    reader = Reader(part)
    assert reader.header()["max_zoom"] == 14
    assert reader.metadata()["vector_layers"][0]["id"] == "rows"
    assert reader.get(0, 0, 0)
    assert set(parts) == {206}


def test_the_whole_has_its_hash_and_is_not_sent_twice(quay: Quay) -> None:
    whole = quay.client.get("/tiles/abcd-1234/1.pmtiles")
    assert whole.content.startswith(b"PMTiles")
    assert whole.headers["etag"] == f'"{hashlib.sha256(whole.content).hexdigest()}"'
    assert whole.headers["content-type"] == "application/vnd.pmtiles"
    again = quay.client.get("/tiles/permits/1.pmtiles", headers={"If-None-Match": whole.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("address", ["permits/3", "permits/2", "permits/9", "private/1", "..%2fregistry/1"])
def test_what_is_not_public_or_not_there_is_not_found(quay: Quay, address: str) -> None:
    assert quay.client.get(f"/tiles/{address}.pmtiles").status_code == 404


@pytest.mark.parametrize("version", ["latest", "-1", "1e0", "1234567890"])
def test_a_version_is_a_number(quay: Quay, version: str) -> None:
    assert quay.client.get(f"/tiles/permits/{version}.pmtiles").status_code == 400
