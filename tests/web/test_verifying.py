"""Every published number computed again; one changed row breaks what depends on it and nothing else; bundles."""

import json
import math
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from tests.factories import make_city, make_dataset
from tests.measured import make_measure, noon
from tests.web.agenda_city import CLAIM, make

from cupola.savings import ClaimIsEvidenced
from cupola.web.accounts.models import OnlyAdded
from cupola.web.accounts.models.guards import guard, unguard
from cupola.web.agenda.actions import evaluate
from cupola.web.agenda.models import Claim, Evaluation
from cupola.web.agenda.queries.bundles import MANIFEST, NotABundle, Unpacked
from cupola.web.agenda.queries.bundling import NotEvaluatedYet, bundle_of
from cupola.web.agenda.queries.ledger import claims, rows, the_ledger
from cupola.web.agenda.queries.verifying import Verified, verify
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
QUANTITY = {
    "name": "sheets",
    "unit": "sheet",
    "evaluation": {"initiative": "fewer", "counts": "fall", "times": 4000, "because": "Four sheets each."},
}
PROOF = {"measure": "permits-issued", "version": "permits@1", "query": "all", "method": "difference_in_differences"}


@pytest.fixture
def city(load: Callable[..., Dataset]) -> None:
    make_city()
    lines, number = [], 0
    for month in range(24):
        for place, group in enumerate("abcdef"):
            count = 10 + place + (month * 5 + place * 3) % 4 + (month * month + place) % 5
            for _one in range(round(count * (0.7 if group == "a" and month >= 12 else 1))):
                number += 1
                lines.append(f"P-{number},{2023 + month // 12}-{month % 12 + 1:02d}-{number % 27 + 1:02d},{group}")
    load(make_dataset(refresh="never"), "permit_number,issued_on,status\n" + "\n".join(lines) + "\n")
    make_measure(by=[["status"]])
    compute(at=AT)
    make("initiative", "fewer", name="Fewer", registration=PLAN, **ABOUT)
    make("initiative", "crews", name="Crews", **ABOUT)
    evaluate("fewer", at=AT, by="ada")
    make("claim", "bills", **CLAIM)
    make("claim", "paper", **{**CLAIM, "initiative": "fewer", "quantity": QUANTITY, "proof": None})
    make("claim", "typed", **{**CLAIM, "initiative": "fewer", "proof": {**PROOF, "run": "a university"}})


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


def links(found: Verified) -> set[tuple[str, str]]:
    return {(one.number, one.link) for one in found.broken}


def test_all_numbers_hold_and_one_changed_row_breaks_exactly_what_depends_on_it(city: None) -> None:
    found = verify(now=AT)
    assert (found.values, found.evaluations, found.claims, found.broken, found.near) == (24 * 7, 1, 3, (), ())
    assert verify(now=AT).digest == found.digest
    change_one_row()
    changed = verify(now=AT)
    assert links(changed) == {
        ("measure permits-issued 2023-03-01 status=c", "value"),
        ("measure permits-issued 2023-03-01 status=d", "value"),
        ("evaluation fewer 1", "dataset"),
        ("claim paper", "estimate"),
        ("claim typed", "measure"),
    }
    assert [one.why for one in changed.broken if one.link == "dataset"] == [
        "permits-issued 2023-03-01 status=c: read 13.0, rows of version 1 say 12.0",
        "permits-issued 2023-03-01 status=d: read 18.0, rows of version 1 say 19.0",
    ]
    assert changed.digest != found.digest


def test_a_row_no_evaluation_read_breaks_no_evaluation(city: None) -> None:
    make("initiative", "two", name="Two", registration={**PLAN, "controls": ["b", "e", "f"]}, **ABOUT)
    evaluate("two", at=AT)
    change_one_row()
    assert "evaluation two 1" not in {one.number for one in verify(now=AT).broken}


def test_an_evaluation_holds_when_newer_rows_have_replaced_what_it_read(
    city: None, load: Callable[..., Dataset]
) -> None:
    before = verify(now=AT)
    load(Dataset.objects.get(), "permit_number,issued_on,status\nP-1,2023-01-02,a\n")
    compute(at=noon(date(2026, 6, 3)))
    found = verify(now=noon(date(2026, 6, 3)))
    assert (found.values, found.broken) == (2, ())
    assert found.digest != before.digest


def test_what_was_changed_in_the_records_is_named(city: None) -> None:
    made = Evaluation.objects.get()
    content = json.loads(json.dumps(made.content))
    content["result"]["estimate"]["low"] += 1e-15
    with connection.cursor() as cursor:
        unguard(connection)
        cursor.execute("UPDATE agenda_evaluation SET content = %s", [json.dumps(content)])
        assert links(verify(now=AT)) == set()
        assert [(one.number, one.link) for one in verify(now=AT).near] == [("evaluation fewer 1", "estimate")]
        content["result"]["estimate"]["low"] += 1e-6
        content["question"]["seed"] = 2
        cursor.execute("UPDATE agenda_evaluation SET content = %s", [json.dumps(content)])
        cursor.execute("UPDATE agenda_registration SET content = %s", [json.dumps({**PLAN, "began": "2024-02-01"})])
        cursor.execute("UPDATE agenda_claim SET definition = replace(definition, '1500', '1501') WHERE key = 'bills'")
    found = verify(now=AT)
    assert links(found) == {
        ("evaluation fewer 1", "registration"),
        ("evaluation fewer 1", "record"),
        ("evaluation fewer 1", "estimate"),
        ("claim paper", "estimate"),
        ("claim bills", "record"),
    }
    assert any("result.estimate.low: kept" in one.why for one in found.broken)


def test_a_quantity_is_the_lower_bound_of_its_evaluation(city: None) -> None:
    estimate = Evaluation.objects.get().content["result"]["estimate"]
    claim = next(one for one in claims() if one.key == "paper")
    assert (claim.quantity.value, claim.quantity.low) == (
        (1 - Decimal(repr(estimate["effect"]))) * 4000,
        (1 - Decimal(repr(estimate["high_80"]))) * 4000,
    )
    assert estimate["low"] < estimate["low_80"] < estimate["effect"] < estimate["high_80"] < estimate["high"]
    assert (claim.proof.run, claim.proof.version, str(claim.proof.method)) == (
        "fewer/1", "permits@1", "difference_in_differences",
    )  # fmt: skip
    row = next(one for one in rows() if one.claim.key == "paper")
    assert row.flows[0].low == math.floor(claim.quantity.low * 150000) - 50000


def test_a_claim_that_rests_on_what_is_not_there_is_named(city: None) -> None:
    make("claim", "lost", **{**CLAIM, "proof": {**PROOF, "version": "permits@9", "run": "a university"}})
    nothing = {**QUANTITY, "evaluation": {**QUANTITY["evaluation"], "initiative": "crews"}}
    make("claim", "never", **{**CLAIM, "quantity": nothing, "proof": None})
    make("claim", "beside", **{**CLAIM, "proof": {**PROOF, "run": "fewer"}})
    assert links(verify(now=AT)) == {("claim lost", "dataset"), ("claim never", "estimate")}
    named = {(one.claim, str(one.kind)) for one in the_ledger().defects}
    assert {("never", "not_evaluated"), ("beside", "quantity_typed")} <= named
    with pytest.raises(NotEvaluatedYet):
        bundle_of("never")


@pytest.mark.parametrize("table", ["evaluation", "registration", "historicalclaim"])
def test_what_is_sealed_is_only_ever_added_to(city: None, table: str) -> None:
    guard(connection)
    model = apps.get_model("agenda", table)
    row = model.objects.first()
    for refused in (row.save, row.delete, model.objects.all().delete, lambda: model.objects.update(pk=7)):
        with pytest.raises(OnlyAdded):
            refused()
    for statement in (f"DELETE FROM agenda_{table}", f"UPDATE agenda_{table} SET id = id"):
        said = statement.replace("id = id", "history_id = history_id") if "claim" in table else statement
        with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
            connection.cursor().execute(said)
    assert model.objects.exists()


def test_a_claim_is_neither_rewritten_nor_deleted(city: None) -> None:
    claim = Claim.objects.get(key="paper")
    claim.definition = {**claim.definition, "fund": "200"}
    with pytest.raises(ClaimIsEvidenced):
        claim.save()
    for refused in (claim.delete, Claim.objects.all().delete, lambda: Claim.objects.update(name="x")):
        with pytest.raises(OnlyAdded):
            refused()


def test_a_bundle_comes_to_the_same_without_records_and_shows_what_was_changed(city: None, tmp_path: Path) -> None:
    files = bundle_of("paper")
    assert sorted(files) == [
        "README.md", "answer.json", "claim.json", "flows.json", MANIFEST, "question.json", "registration.json",
        "values.csv",
    ]  # fmt: skip
    found = Unpacked(files)
    assert found.broken == []
    assert found.claim == json.loads(files["flows.json"])
    changed = {**files, "values.csv": files["values.csv"].replace(b"a,2023-01-01,10.0", b"a,2023-01-01,11.0")}
    assert {one.link for one in Unpacked(changed).broken} == {"values.csv", "question", "estimate", "quantity", "flows"}
    flows = json.loads(files["flows.json"])
    flows["flows"][0]["net"] += 1
    assert {one.link for one in Unpacked({**files, "flows.json": json.dumps(flows).encode()}).broken} == {
        "flows.json", "flows",
    }  # fmt: skip
    with pytest.raises(NotABundle):
        Unpacked({name: one for name, one in files.items() if name != "values.csv"})
    with zipfile.ZipFile(tmp_path / "paper.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    elsewhere = {"PATH": os.environ["PATH"], "CUPOLA_HOME": str(tmp_path / "no-home")}
    command = [sys.executable, "-m", "cupola", "verify", "--bundle", str(tmp_path / "paper.zip")]
    done = subprocess.run(command, env=elsewhere, capture_output=True, text=True, check=True)
    assert "to the last digit" in done.stdout
    assert repr(Evaluation.objects.get().content["result"]["estimate"]["low_80"]) in done.stdout
    assert not (tmp_path / "no-home").exists()
