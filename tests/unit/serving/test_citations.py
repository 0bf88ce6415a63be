"""Citations: one address for one question, the same rows for ever, and a reason where there are none any more."""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from callers import Client
from tests.unit.lake.load_world import START, Harbour, column, landing

from cupola.contracts import Contract
from cupola.lake import Citation, Citations, Lake, NotReleased, PublicFacts, Recalled, restore
from cupola.serving import (
    Busy,
    CitationWithheld,
    Site,
    TooLargeToCite,
    application,
    cite,
    close_services,
    recomputed,
    service,
)
from cupola.serving import citations as module
from cupola.soql import SoqlError

pytestmark = pytest.mark.slow
LATER = START + timedelta(days=400)
NOW = datetime(2026, 11, 22, 12, 30, 15, 250, tzinfo=UTC)
CONTRACT = Contract(
    columns=(
        column("id", "integer", required=True),
        column("ward", "text"),
        column("size", "float"),
        column("cost", "money"),
        column("phone", "text"),
    ),
    key=("id",),
)
COLUMNS = ["id", "ward", "size", "cost", "phone"]


def rows_of(seed: int, *, count: int = 600) -> list[list[str | None]]:
    chance = random.Random(seed)
    return [
        [str(n), str(n % 7), repr(chance.uniform(-1, 1) * 10 ** chance.randrange(12)), f"{n % 90}.10", "555"]
        for n in range(count)
    ]


class Archive:
    """A lake with one public dataset, and the service over it."""

    def __init__(self, root: Path) -> None:
        self.harbour = Harbour(root)
        self.lake = Lake(root, threads=1)
        self.service = service(self.lake.root)

    def load(self, rows: list[list[str | None]], *, mode: str = "replace") -> None:
        self.harbour.load(CONTRACT, landing(COLUMNS, rows), mode=mode)
        self.release()

    def release(self) -> None:
        public = PublicFacts("abcd-1234", metadata={"title": "Permits"})
        self.lake.release(self.lake.version("permits"), at=LATER, public=public)

    def cite(self, *, client: str | None = None, asked: str = "permits", **clauses: str) -> Citation:
        pairs = [
            (f"${name}" if name not in {"version", "vintage", "as_of", "ward"} else name, text)
            for name, text in clauses.items()
        ]
        return cite(self.service, asked, pairs=pairs, now=NOW, client=client)

    @property
    def client(self) -> Client:
        return Client(application(self.lake.root, site=Site()))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive(tmp_path / "lake")
    archive.load(rows_of(1))
    yield archive
    archive.lake.close()
    close_services()


def test_a_citation_pins_the_version_and_keeps_hash_and_rows(archive: Archive) -> None:
    made = archive.cite(select="ward,count(*),sum(cost)", group="ward", order="ward")
    assert (made.dataset, made.version, made.rows, made.cited_at) == ("permits", 1, 7, NOW.replace(microsecond=0))
    got = archive.client.get(f"/cite/{made.id}.csv")
    assert got.text.splitlines()[:2] == ['"ward","count","sum_cost"', '"0","86","3723.6"']
    assert hashlib.sha256(got.content).hexdigest() == made.sha256
    assert made.bytes == len(got.content)


def test_the_same_question_to_the_same_version_is_one_citation(archive: Archive) -> None:
    first = archive.cite(where="ward = '1'", select="id")
    again = archive.cite(select="id", where="ward='1'", asked="abcd-1234")
    assert again == first
    assert archive.cite(select="id", where="ward='2'").id != first.id
    assert archive.cite(select="id", ward="1").id == first.id


def test_a_newer_version_does_not_change_what_was_cited(archive: Archive) -> None:
    first = archive.cite(select="sum(cost)")
    archive.load(rows_of(2, count=700))
    assert recomputed(archive.service, first).sha256 == first.sha256
    second = archive.cite(select="sum(cost)")
    assert (second.version, second.id == first.id) == (2, False)
    assert archive.cite(select="sum(cost)", version="1") == first


@pytest.mark.parametrize(
    "clauses",
    [
        {"select": "id, size", "order": "ward", "limit": "50"},
        {"limit": "40"},
        {"select": "ward, avg(size) as a, sum(size), stddev_samp(size), avg(cost)", "group": "ward"},
        {"select": "distinct ward", "limit": "3"},
        {"query": "SELECT ward, sum(size) AS s GROUP BY ward |> SELECT avg(s), sum(s)"},
    ],
)
def test_the_hash_does_not_depend_on_files_or_their_order(tmp_path: Path, clauses: dict[str, str]) -> None:
    rows, hashes = rows_of(3), []
    for way in ("one file", "other order", "many files", "joined", "no copy"):
        archive = Archive(tmp_path / way.replace(" ", "-"))
        if way in {"many files", "joined"}:
            archive.load(rows[:200][::-1])
            archive.load(rows[400:], mode="append")
            archive.load(rows[200:400], mode="append")
        else:
            archive.load(rows[::-1] if way == "other order" else rows)
        if way == "joined":
            assert archive.lake.compact("permits", now=LATER) is not None
            archive.release()
        if way == "no copy":
            (archive.lake.root / archive.lake.registry.get("permits").serving).unlink()
        hashes.append(archive.cite(**clauses).sha256)
        archive.lake.close()
    close_services()
    assert len(set(hashes)) == 1


def test_joining_files_sweeping_and_restoring_keep_what_was_cited(archive: Archive, tmp_path: Path) -> None:
    archive.load(rows_of(5, count=650)[600:], mode="append")
    made = archive.cite(select="ward, avg(size)", group="ward")
    assert archive.lake.compact("permits", now=LATER) is not None
    archive.load(rows_of(6, count=20))
    archive.lake.sweep(now=datetime.now(UTC) + timedelta(days=900))
    (archive.lake.root / archive.lake.registry.get("permits", version=2).serving).unlink()
    assert recomputed(archive.service, made).sha256 == made.sha256
    archive.lake.backup(tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "elsewhere" / "lake")
    there = service(tmp_path / "elsewhere" / "lake")
    assert recomputed(there, Citations(there.lake.registry).get(made.id)).sha256 == made.sha256


def test_json_has_the_same_rows(archive: Archive) -> None:
    made = archive.cite(select="id, cost", where="id < 2")
    got = archive.client.get(f"/cite/{made.id}.json")
    assert got.json() == [{"id": "0", "cost": "0.1"}, {"id": "1", "cost": "1.1"}]
    assert got.headers["x-cupola-version"] == "1"
    assert got.headers["link"] == f'</cite/{made.id}/>; rel="describedby"'
    assert (
        archive.client.get(f"/cite/{made.id}.json", headers={"If-None-Match": got.headers["etag"]}).status_code == 304
    )


def test_today_stays_the_day_of_the_citation(archive: Archive) -> None:
    made = archive.cite(select="get_utc_date() as today", limit="1")
    assert "2026-11-22" in archive.client.get(f"/cite/{made.id}.csv").text


def test_the_limit_is_pinned_where_none_was_given(archive: Archive) -> None:
    archive.load(rows_of(4, count=1200))
    made = archive.cite(select="id")
    assert (made.rows, made.request["default_limit"]) == (1000, 1000)


def test_a_recalled_version_answers_with_the_reason(archive: Archive) -> None:
    made = archive.cite(select="id")
    archive.lake.recall("permits", 1, reason="It named people.", at=LATER)
    for ending in ("csv", "json"):
        got = archive.client.get(f"/cite/{made.id}.{ending}")
        assert got.status_code == 410
        assert "It named people." in got.json()["message"]
    with pytest.raises(Recalled):
        recomputed(archive.service, made)


def test_a_citation_of_what_is_private_now_answers_as_if_nothing_was_there(archive: Archive) -> None:
    made = archive.cite(select="id")
    archive.lake.registry.withdraw("permits", at=LATER)
    assert archive.client.get(f"/cite/{made.id}.csv").status_code == 404


def test_a_column_that_became_sensitive_withholds_the_rows(archive: Archive) -> None:
    made, other = archive.cite(select="id, phone"), archive.cite(select="id")
    release = archive.lake.registry.get("permits")
    archive.lake.registry.publish(replace(release, contract=release.contract.hiding({"phone"})))
    assert archive.client.get(f"/cite/{made.id}.csv").status_code == 410
    with pytest.raises(CitationWithheld):
        recomputed(archive.service, made)
    assert archive.client.get(f"/cite/{other.id}.csv").status_code == 200


def test_what_is_not_public_cannot_be_cited(archive: Archive) -> None:
    with pytest.raises(NotReleased):
        archive.cite(asked="payroll")
    with pytest.raises(SoqlError):
        archive.cite(select="nothing")
    archive.lake.registry.withdraw("permits", at=LATER)
    with pytest.raises(NotReleased):
        archive.cite()


def test_what_is_too_large_cannot_be_cited(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLargeToCite, match="8,000 characters"):
        archive.cite(where=" or ".join(f"ward='{n}'" for n in range(900)))
    monkeypatch.setattr(module, "MOST_ROWS", 500)
    with pytest.raises(TooLargeToCite, match="500 rows"):
        archive.cite(limit="600")
    assert archive.cite(limit="500").rows == 500


def make_more(archive: Archive, *, client: str) -> None:
    for number in (11, 12, 13):  # the allowance grows a little while these are made
        archive.cite(select="id", limit=str(number), client=client)


def test_one_client_cannot_make_many(archive: Archive) -> None:
    for number in range(1, 11):
        archive.cite(select="id", limit=str(number), client="a")
    with pytest.raises(Busy):
        make_more(archive, client="a")
    assert archive.cite(select="id", limit="2", client="a").rows == 2  # it is there already
    assert archive.cite(select="id", limit="30", client="b").rows == 30


@pytest.mark.parametrize("address", ["/cite/nothing.csv", "/cite/..%2Fx.json", "/cite/.csv"])
def test_no_citation_there(archive: Archive, address: str) -> None:
    assert archive.client.get(address).status_code == 404


def test_citations_are_in_backups(archive: Archive, tmp_path: Path) -> None:
    made = archive.cite(select="id")
    archive.lake.backup(tmp_path / "backup")
    copy = type(archive.lake.registry)(tmp_path / "backup" / "registry.db")
    assert Citations(copy).get(made.id) == made
