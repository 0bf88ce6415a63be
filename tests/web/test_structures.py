"""Structures as records: both clocks, edits with reasons, undo, branches and mergers."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.factories import NOON, make_grant, make_staff

from cupola.folder import FolderInvalid, parse
from cupola.orgchart import Answer
from cupola.web.accounts.models import Event, User
from cupola.web.structure import queries
from cupola.web.structure.actions import (
    ChangedMeanwhile,
    MayNotEdit,
    NotABranch,
    ReasonMissing,
    Signed,
    branch,
    change_part,
    edition_of,
    merge_branch,
    store,
    undo,
)
from cupola.web.structure.models import Act, Office, Structure

pytestmark = pytest.mark.django_db

LATER, LATEST = NOON + timedelta(days=1), NOON + timedelta(days=2)
FIELDS: dict[str, Any] = {
    "key": "springfield",
    "name": "Springfield",
    "sources": {"code": {"title": "City code"}},
    "offices": {
        "mayors-office": {"name": "Mayor's Office", "kind": "executive", "headed_by": "mayor", "sources": ["code"]},
        "it": {"name": "Technology", "kind": "department", "functions": ["it_infrastructure"], "sources": ["code"]},
    },
    "posts": {"mayor": {"name": "Mayor", "works_in": "mayors-office", "sources": ["code"]}},
    "events": [{"key": "begin", "on": "2020-01-01", "kind": ["create"], "subjects": ["it"], "sources": ["code"]}],
}


def springfield() -> Structure:
    return store("springfield", parse("structure", FIELDS).fields(), at=NOON)


def editor() -> User:
    user = make_staff("edith")
    make_grant(user, "coordinator")
    return user


def office(structure: Structure, key: str) -> dict[str, Any]:
    return dict(queries.document_of(structure)["offices"][key])


def change(
    structure: Structure, key: str, *, by: User, at: datetime = LATER, reason: str = "It was so.", **said: Any
) -> None:
    now = office(structure, key)
    change_part(structure, ("offices", key), {**now, **said}, seen=edition_of(now), signed=Signed(by, at, reason))


def test_a_document_stored_is_read_back_and_written_only_where_it_changed() -> None:
    structure = springfield()
    assert queries.document_of(structure) == parse("structure", FIELDS).fields()
    store("springfield", queries.document_of(structure), at=LATER)
    assert (structure.history.count(), Office.history.count(), Act.history.count()) == (1, 2, 1)


def test_what_was_true_on_a_day_and_what_was_recorded_on_a_day_are_two_things() -> None:
    structure = springfield()
    change(structure, "it", by=editor(), name="Technology and Data")
    on = date(2026, 1, 1)
    now, then = (queries.jurisdiction("springfield", recorded_at=at).history.on(on) for at in (None, NOON))
    assert (now.value("it", "name"), then.value("it", "name")) == ("Technology and Data", "Technology")
    with pytest.raises(queries.StructureUnknown):
        queries.jurisdiction("springfield", recorded_at=NOON - timedelta(days=1))


def test_a_change_carries_person_and_reason_and_is_undone_by_a_new_one() -> None:
    structure, edith = springfield(), editor()
    change(structure, "it", by=edith, mandate="operational", reason="Ordinance 7")
    line = Office.history.filter(key="it").latest()
    assert (line.history_user, line.history_change_reason, line.history_date) == (edith, "Ordinance 7", LATER)
    assert Event.objects.filter(action="structure.changed", reason="Ordinance 7").count() == 1
    undo(structure, ("offices", line.history_id), signed=Signed(edith, LATEST, "A slip"))
    assert "mandate" not in office(structure, "it")
    assert Office.history.filter(key="it").count() == 3
    with pytest.raises(ChangedMeanwhile):
        undo(structure, ("offices", line.history_id), signed=Signed(edith, LATEST, "Again"))


def test_a_change_needs_permission_a_reason_and_the_present_edition() -> None:
    structure, edith = springfield(), editor()
    with pytest.raises(MayNotEdit):
        change(structure, "it", by=make_staff("sam"), name="Mine")
    with pytest.raises(ReasonMissing):
        change(structure, "it", by=edith, name="Mine", reason=" ")
    with pytest.raises(ChangedMeanwhile):
        change_part(structure, ("offices", "it"), {}, seen=edition_of({}), signed=Signed(edith, LATER, "x"))
    with pytest.raises(FolderInvalid, match="mandate"):
        change(structure, "it", by=edith, mandate="policies")
    with pytest.raises(FolderInvalid, match="no office or post is called nobody"):
        change(structure, "it", by=edith, headed_by="nobody")
    assert office(structure, "it") == FIELDS["offices"]["it"]


def test_branches_that_touch_different_records_come_back_without_a_clash() -> None:
    structure, edith = springfield(), editor()
    draft = branch("springfield", "two-teams", at=NOON, by=edith)
    change(draft, "it", by=edith, housed_in="it_department")
    change(structure, "mayors-office", by=edith, housed_in="mayors_office")
    result = merge_branch("two-teams", at=LATEST, by=edith)
    assert (result.changes, result.clashes) == ((("offices", "it"),), ())
    chart = queries.jurisdiction("springfield").history.on(date(2026, 1, 1))
    assert (chart.value("it", "housed_in"), chart.value("mayors-office", "housed_in")) == (
        "it_department",
        "mayors_office",
    )
    assert merge_branch("two-teams", at=LATEST, by=edith).changes == ()


def test_what_both_sides_changed_is_named_and_nothing_is_overwritten() -> None:
    structure, edith = springfield(), editor()
    draft = branch("springfield", "draft", at=NOON, by=edith)
    change(draft, "it", by=edith, name="Data and Technology")
    change(structure, "it", by=edith, name="Technology Services")
    result = merge_branch("draft", at=LATEST, by=edith)
    assert result.clashes == (("it", "name", "Technology", "Data and Technology", "Technology Services"),)
    assert office(structure, "it")["name"] == "Technology Services"
    with pytest.raises(NotABranch):
        merge_branch("springfield", at=LATEST, by=edith)


def test_a_model_of_the_library_can_be_branched_and_then_is_a_record() -> None:
    made = branch("three-themes", "ours", at=NOON, by="Ada")
    assert made.branch_of is not None
    assert made.branch_of.key == "three-themes"
    assert queries.jurisdiction("ours").history.on(date(2026, 1, 1)).exists("data-team") is Answer.YES
    assert "ours" not in queries.jurisdictions_here()
