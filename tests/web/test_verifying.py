"""Every published number computed again; one changed row breaks what depends on it and nothing else; bundles."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from tests.factories import make_city, make_dataset
from tests.measured import make_measure, noon
from tests.web.agenda_city import CLAIM, make

from cupola.web.agenda.actions import evaluate
from cupola.web.agenda.queries.bundling import MANIFEST, bundle_of, check_bundle
from cupola.web.agenda.queries.verifying import Broken, verify
from cupola.web.data.models import Dataset
from cupola.web.data.queries import lake
from cupola.web.performance.actions import compute

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
AT = noon(date(2026, 6, 1))
PLAN = {
    "on": "2023-12-01",
    "measure": "permits-issued",
    "question": "Are there fewer?",
    "dimension": "status",
    "treated": ["a"],
    "since": "2023-01-01",
    "began": "2024-01-01",
    "until": "2025-01-01",
    "method": "difference_in_differences",
    "stop": "One look.",
}
ABOUT = {"type": "experiment", "owner": "works", "aim": "Fewer.", "success": "A fifth.", "since": "2023-12-01"}
PROOF = {"measure": "permits-issued", "version": "permits@1", "query": "all", "method": "difference_in_differences"}


@pytest.fixture
def city(load: Callable[..., Dataset]) -> None:
    make_city()
    lines, number = [], 0
    for month in range(24):
        for place, group in enumerate("abcdef"):
            for _one in range(10 + place + (month * 5 + place * 3) % 4):
                number += 1
                lines.append(f"P-{number},{2023 + month // 12}-{month % 12 + 1:02d}-{number % 27 + 1:02d},{group}")
    load(make_dataset(refresh="never"), "permit_number,issued_on,status\n" + "\n".join(lines) + "\n")
    make_measure(by=[["status"]])
    compute(at=AT)
    make("initiative", "fewer", name="Fewer", registration=PLAN, **ABOUT)
    make("initiative", "crews", name="Crews", **ABOUT)
    evaluate("fewer", at=AT, by="ada")
    make("claim", "bills", **CLAIM)
    make("claim", "paper", **{**CLAIM, "initiative": "fewer", "proof": {**PROOF, "run": "fewer"}})


def change_one_row() -> None:
    """Give the first permit of group c in March 2023 to group d, in the file of version 1."""
    (path,) = [Path(file.path) for file in lake().table("permits").files(lake().version("permits", number=1))]
    table = pq.read_table(path)
    rows = table.to_pylist()
    at = next(n for n, row in enumerate(rows) if row["status"] == "c" and row["issued_on"].isoformat()[:7] == "2023-03")
    values = table.column("status").to_pylist()
    values[at] = "d"
    column = pa.chunked_array([pa.array(values, table.schema.field("status").type)])
    place = table.column_names.index("status")
    pq.write_table(table.set_column(place, table.schema.field("status"), column), path)
    assert pc.sum(pc.equal(column, "d")).as_py() > 0


def test_all_numbers_hold_and_one_changed_row_breaks_exactly_what_depends_on_it(city: None) -> None:
    found = verify(now=AT)
    assert (found.values, found.evaluations, found.claims, found.broken) == (24 * 7, 1, 2, ())
    change_one_row()
    found = verify(now=AT)
    assert {(one.number, one.link) for one in found.broken} == {
        ("measure permits-issued 2023-03-01 status=c", "value"),
        ("measure permits-issued 2023-03-01 status=d", "value"),
        ("evaluation fewer 1", "measure"),
        ("claim paper", "measure"),
        ("claim paper", "estimate"),
    }


def test_a_claim_that_rests_on_what_is_not_there_is_named(city: None) -> None:
    make("claim", "lost", **{**CLAIM, "proof": {**PROOF, "version": "permits@9", "run": "crews"}})
    assert [(one.number, one.link) for one in verify(now=AT).broken] == [
        ("claim lost", "dataset"),
        ("claim lost", "estimate"),
    ]


def test_a_bundle_comes_to_the_same_elsewhere_and_shows_what_was_changed(city: None) -> None:
    files = bundle_of("paper", now=AT)
    assert sorted(files) == [
        "claim.json", "flows.json", MANIFEST, "panel.json", "registration.json", "result.json",
    ]  # fmt: skip
    assert check_bundle(files) == ()
    panel = json.loads(files["panel.json"])
    panel["outcome"][0][0] += 1
    changed = {**files, "panel.json": json.dumps(panel).encode()}
    assert {one.link for one in check_bundle(changed)} == {"panel.json", "estimate"}
    flows = json.loads(files["flows.json"])
    flows[0]["net"] += 1
    found = check_bundle({**files, "flows.json": json.dumps(flows).encode()})
    assert Broken("claim paper", "flows", "the claim comes to other amounts") in found
