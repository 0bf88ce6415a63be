"""A Socrata dataset: every row once, in pages; then only what was updated."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from source_world import Asked, Reply, Site, Taker

from cupola.errors import InvalidInput
from cupola.sources import SourceUnreachable

FIELDS = {
    ":id": "row_identifier",
    ":created_at": "fixed_timestamp",
    ":updated_at": "fixed_timestamp",
    ":version": "row_version",
    "permit": "text",
    "fee": "number",
    "paid": "checkbox",
    "where": "point",
    "place": "location",
    "never": "text",
    ":@computed_region_x": "number",
}
DAY = "2024-01-0{}T00:00:00.000Z"


@dataclass
class Portal:
    """Answers SODA queries as documented at dev.socrata.com: null fields are left out, numbers are strings."""

    rows: list[dict[str, object]] = field(default_factory=list)
    most: int = 50_000
    before_answer: Callable[["Portal", Asked], None] = lambda portal, asked: None

    def add(self, number: int, day: int, **values: object) -> None:
        stamps = {
            ":id": f"row-{number:04}",
            ":created_at": DAY.format(1),
            ":updated_at": DAY.format(day),
            ":version": "rv-x",
        }
        self.rows.append(stamps | values)

    def __call__(self, asked: Asked) -> Reply:
        self.before_answer(self, asked)
        if asked.query["$select"].startswith("count(*)"):
            newest = max((str(row[":updated_at"]) for row in self.rows), default=None)
            totals: dict[str, object] = {"row_count": str(len(self.rows))}
            return self.reply([totals | ({"newest": newest} if newest else {})])
        assert asked.query["$select"] == ":*,*"
        assert asked.query["$order"] == ":id"
        where = asked.query.get("$where", "")
        after = re.search(r":id > '([^']+)'", where)
        since = re.search(r":updated_at >= '([^']+)'", where)
        found = sorted(self.rows, key=lambda row: str(row[":id"]))
        found = [row for row in found if not after or str(row[":id"]) > after[1]]
        found = [row for row in found if not since or str(row[":updated_at"]) >= since[1]]
        return self.reply(found[: min(int(asked.query["$limit"]), self.most)])

    def reply(self, found: list[dict[str, object]]) -> Reply:
        headers = {
            "Content-Type": "application/json;charset=utf-8",
            "X-SODA2-Fields": json.dumps(list(FIELDS)),
            "X-SODA2-Types": json.dumps(list(FIELDS.values())),
        }
        return Reply(200, json.dumps(found).encode(), headers)


@pytest.fixture
def portal(site: Site) -> Portal:
    portal = Portal()
    portal.add(1, 1, permit="A", fee="12.50", paid=True, where={"type": "Point", "coordinates": [-87.6, 41.8]})
    portal.add(2, 2, permit="B", place={"latitude": "41.8", "human_address": "x"})
    portal.add(3, 3, permit="C", **{":@computed_region_x": "7"})
    site.replies["/resource/abcd-1234.json"] = portal
    return portal


def test_all_rows_come_in_pages_with_every_declared_column(taker: Taker, site: Site, portal: Portal) -> None:
    taker.limit(page_rows=2)
    fetched = taker.fetch(url=f"{site.url}/d/abcd-1234", format="socrata", token="t0k")
    landing = taker.land(fetched)
    assert landing.columns == (
        *(":id", ":created_at", ":updated_at", "permit", "fee", "paid", "where", "never"),
        *("place.latitude", "place.human_address"),
    )
    rows = [row for batch in landing.batches() for row in batch.to_pylist()]
    assert [(row["permit"], row["fee"], row["paid"], row["never"], row["place.latitude"]) for row in rows] == [
        ("A", "12.50", "true", None, None),
        ("B", None, None, None, "41.8"),
        ("C", None, None, None, None),
    ]
    assert rows[0]["where"] == '{"type":"Point","coordinates":[-87.6,41.8]}'
    assert landing.source == f"{site.url.removeprefix('http://')} abcd-1234"
    assert [asked.query.get("$where") for asked in site.asked] == [
        None,
        None,
        ":id > 'row-0002'",
        ":id > 'row-0003'",
        None,
    ]
    assert {asked.headers["x-app-token"] for asked in site.asked} == {"t0k"}
    assert "t0k" not in repr(fetched)


@pytest.mark.parametrize("path", ["/resource/abcd-1234.json", "/Buildings/Permits/abcd-1234/data", "/d/abcd-1234"])
def test_any_address_of_the_dataset_will_do(taker: Taker, site: Site, portal: Portal, path: str) -> None:
    assert len(taker.rows(taker.fetch(url=site.url + path, format="socrata"))) == 3


def test_the_same_rows_under_new_ids_are_unchanged(taker: Taker, site: Site, portal: Portal) -> None:
    first = taker.fetch(url=f"{site.url}/d/abcd-1234", format="socrata")
    for number, row in enumerate(reversed(portal.rows)):
        row |= {":id": f"row-9{number:03}", ":created_at": DAY.format(9), ":updated_at": DAY.format(9)}
    second = taker.fetch(url=f"{site.url}/d/abcd-1234", format="socrata", state=first.state)
    assert second.unchanged
    portal.rows[0]["fee"] = "12.51"
    assert not taker.fetch(url=f"{site.url}/d/abcd-1234", format="socrata", state=first.state).unchanged


def test_an_incremental_fetch_brings_only_what_was_updated(taker: Taker, site: Site, portal: Portal) -> None:
    first = taker.fetch(url=f"{site.url}/d/abcd-1234", format="socrata", incremental=True)
    portal.add(4, 4, permit="D")
    portal.rows[0] |= {":updated_at": DAY.format(5), "fee": "13.00"}
    second = taker.fetch(url=f"{site.url}/d/abcd-1234", format="socrata", incremental=True, state=first.state)
    assert (first.changes_only, second.changes_only, second.unchanged) == (False, True, False)
    # C was updated on the very day of the cursor: it comes again rather than be missed
    assert [(row["permit"], row["fee"]) for row in taker.rows(second)] == [("A", "13.00"), ("C", None), ("D", None)]
    assert taker.land(second).notes == (f"3 rows updated since {DAY.format(3)}; the portal holds 4",)


def test_nothing_updated_means_no_page_is_asked_for(taker: Taker, site: Site, portal: Portal) -> None:
    first = taker.fetch(url=f"{site.url}/d/abcd-1234", format="socrata", incremental=True)
    site.asked.clear()
    second = taker.fetch(url=f"{site.url}/d/abcd-1234", format="socrata", incremental=True, state=first.state)
    assert (second.unchanged, len(site.asked)) == (True, 1)


def test_rows_updated_while_pages_are_read_come_the_next_time(taker: Taker, site: Site, portal: Portal) -> None:
    def update(portal: Portal, asked: Asked) -> None:
        if ":id > 'row-0003'" in asked.query.get("$where", ""):
            portal.rows[0] |= {":updated_at": DAY.format(4), "fee": "99"}
            portal.rows[2] |= {":updated_at": DAY.format(5)}
            portal.before_answer = lambda portal, asked: None

    taker.limit(page_rows=3)
    portal.before_answer = update
    first = taker.fetch(url=f"{site.url}/d/abcd-1234", format="socrata", incremental=True)
    second = taker.fetch(url=f"{site.url}/d/abcd-1234", format="socrata", incremental=True, state=first.state)
    assert ("A", "99") in [(row["permit"], row["fee"]) for row in taker.rows(second)]


def test_deletions_are_told_though_not_seen(taker: Taker, site: Site, portal: Portal) -> None:
    first = taker.fetch(url=f"{site.url}/d/abcd-1234", format="socrata", incremental=True)
    del portal.rows[0]
    second = taker.fetch(url=f"{site.url}/d/abcd-1234", format="socrata", incremental=True, state=first.state)
    assert taker.land(second).notes[1] == "at least 1 rows were deleted at the portal; only a full load removes them"


def test_a_page_that_fails_for_good_leaves_nothing(taker: Taker, site: Site, portal: Portal) -> None:
    def fail(asked: Asked) -> Reply:
        return Reply(500) if ":id" in asked.query.get("$where", "") else portal(asked)

    taker.limit(page_rows=2)
    site.replies["/resource/abcd-1234.json"] = fail
    with pytest.raises(SourceUnreachable, match=r"it answered 500 .* after 4 attempts"):
        taker.fetch(url=f"{site.url}/d/abcd-1234", format="socrata")
    assert list((taker.folder / "cache").iterdir()) == []


def test_a_page_that_fails_in_passing_is_asked_for_again(taker: Taker, site: Site, portal: Portal) -> None:
    troubles = [Reply(503), Reply(200, b'[{"permit": "A"', cut=9), Reply(429, b"", {"Retry-After": "3"})]

    def shaky(asked: Asked) -> Reply:
        return troubles.pop() if troubles and "$where" in asked.query else portal(asked)

    taker.limit(page_rows=2)
    site.replies["/resource/abcd-1234.json"] = shaky
    assert len(taker.rows(taker.fetch(url=f"{site.url}/d/abcd-1234", format="socrata"))) == 3
    assert taker.waits.pauses == [3.0, 2.0, 4.0]


def test_fewer_rows_than_counted_are_not_taken_for_all(taker: Taker, site: Site, portal: Portal) -> None:
    def forgetful(asked: Asked) -> Reply:
        return portal.reply([]) if "$where" in asked.query else portal(asked)

    taker.limit(page_rows=2)
    site.replies["/resource/abcd-1234.json"] = forgetful
    with pytest.raises(SourceUnreachable, match="only 2 of 3 rows came"):
        taker.fetch(url=f"{site.url}/d/abcd-1234", format="socrata")


def test_a_portal_that_ignores_the_condition_does_not_loop(taker: Taker, site: Site, portal: Portal) -> None:
    def deaf(asked: Asked) -> Reply:
        return portal(Asked(asked.path, {k: v for k, v in asked.query.items() if k != "$where"}, asked.headers))

    site.replies["/resource/abcd-1234.json"] = deaf
    with pytest.raises(SourceUnreachable, match="pages do not move on"):
        taker.fetch(url=f"{site.url}/d/abcd-1234", format="socrata")


def test_what_the_portal_says_is_passed_on(taker: Taker, site: Site) -> None:
    body = b'{"code":"permission_denied","error":true,"message":"You must be logged in to access this resource"}'
    site.replies["/resource/abcd-1234.json"] = [Reply(403, body)]
    with pytest.raises(SourceUnreachable, match="it answered 403: You must be logged in"):
        taker.fetch(url=f"{site.url}/d/abcd-1234", format="socrata")


def test_an_address_without_an_id_is_refused(taker: Taker, site: Site) -> None:
    with pytest.raises(InvalidInput, match="it names no Socrata dataset"):
        taker.fetch(url=f"{site.url}/browse", format="socrata")
