"""Records of the agenda: history, undo, what never changes, who verifies, legal holds, notice and conflicts."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.factories import NOON, make_grant, make_staff
from tests.web.agenda_city import CLAIM, REGISTRATION, make, make_agenda
from typer.testing import CliRunner

from cupola.cli.app import app
from cupola.councils import MustRecuse, PostedTooLate
from cupola.errors import NotFound
from cupola.folder import FolderInvalid
from cupola.savings import ClaimIsEvidenced, StepNotPossible, StepsOnlyAdded, VerifiedByClaimant
from cupola.web.accounts.models import Event, User
from cupola.web.agenda.actions import (
    HeldRecord,
    MayNotChangeAgenda,
    NamesNothing,
    add_step,
    change_record,
    undo,
)
from cupola.web.agenda.models import Claim, Initiative, Registration
from cupola.web.agenda.queries.handover import transition_book
from cupola.web.agenda.queries.initiatives import page_of
from cupola.web.agenda.queries.ledger import the_ledger
from cupola.web.agenda.queries.papers import award_report, records_export
from cupola.web.agenda.queries.records import find, history_of, records
from cupola.web.structure.actions import ChangedMeanwhile, Signed, edition_of

pytestmark = pytest.mark.django_db
VERIFIED = {"status": "verified", "on": "2026-03-01", "by": "Budget office", "evidence": "Memo 7"}


def person(name: str, *roles: str) -> User:
    found = make_staff(name)
    for role in roles:
        make_grant(found, role)
    return found


def signed(by: User, reason: str = "Law 7") -> Signed:
    return Signed(by=by, at=NOON + timedelta(days=1), reason=reason)


def change(by: User, kind: str, key: str, **fields: Any) -> Any:
    now = dict(find(kind, key).definition)
    return change_record(kind, key, {**now, **fields}, seen=edition_of(now), signed=signed(by))


def test_a_change_has_a_reason_a_line_of_history_and_a_way_back() -> None:
    make_agenda()
    edith = person("edith", "coordinator")
    assert [one.path for one in change(edith, "initiative", "crews", aim="Much faster.")] == ["aim"]
    newest = history_of("initiative", "crews")[0]
    assert (newest.by, newest.reason, newest.undoable) == ("edith", "Law 7", True)
    assert Event.objects.filter(action="agenda.initiative_changed", target_key="crews").count() == 1
    undo("initiative", "crews", newest.number, signed=signed(edith, "A mistake"))
    assert find("initiative", "crews").definition["aim"] == "Faster."


def test_nobody_changes_over_anothers_change_or_without_the_role() -> None:
    make_agenda()
    with pytest.raises(MayNotChangeAgenda):
        change(person("vera"), "initiative", "crews", aim="x")
    edith = person("edith", "coordinator")
    old = edition_of(find("initiative", "crews").definition)
    change(edith, "initiative", "crews", aim="One")
    with pytest.raises(ChangedMeanwhile):
        change_record("initiative", "crews", {"aim": "Two"}, seen=old, signed=signed(edith))


def test_a_mistake_names_its_field_and_a_key_that_names_nothing() -> None:
    make_agenda()
    edith = person("edith", "coordinator")
    with pytest.raises(FolderInvalid, match="did you mean"):
        change(edith, "initiative", "crews", stages=[{"stage": "pilto", "on": "2025-01-01", "by": "x", "reason": "y"}])
    with pytest.raises(NamesNothing, match="there is no priority called nothing"):
        change(edith, "initiative", "crews", priorities=["nothing"])


def test_a_release_asks_for_the_publisher() -> None:
    make_agenda()
    with pytest.raises(MayNotChangeAgenda, match="release"):
        change(person("edith", "coordinator"), "claim", "licences", released=True)
    change(person("paula", "coordinator", "publisher"), "claim", "licences", released=True)
    assert "licences" not in records("claim", staff=False)  # not verified: it also needs a release by name


def test_the_figures_of_an_evidenced_claim_never_change_and_steps_are_only_added() -> None:
    make_agenda()
    edith = person("edith", "coordinator")
    with pytest.raises(ClaimIsEvidenced, match="price"):
        change(edith, "claim", "licences", price={"amount": 9000})
    with pytest.raises(StepsOnlyAdded):
        change(edith, "claim", "licences", steps=CLAIM["steps"][:1])
    change(edith, "claim", "licences", note="See the memo.")


def test_a_claim_is_verified_by_someone_who_did_not_record_it() -> None:
    make_agenda()
    edith = person("edith", "coordinator", "auditor")
    change(edith, "claim", "licences", note="Mine.")
    seen = edition_of(find("claim", "licences").definition)
    with pytest.raises(VerifiedByClaimant):
        add_step("licences", VERIFIED, seen=seen, signed=signed(edith))
    with pytest.raises(VerifiedByClaimant):
        add_step("licences", {**VERIFIED, "by": "innovation"}, seen=seen, signed=signed(person("otto", "auditor")))
    with pytest.raises(MayNotChangeAgenda):
        add_step("licences", VERIFIED, seen=seen, signed=signed(person("carl", "coordinator")))
    with pytest.raises(StepNotPossible):
        add_step(
            "licences", {**VERIFIED, "status": "budgeted"}, seen=seen, signed=signed(User.objects.get(username="otto"))
        )
    add_step("licences", VERIFIED, seen=seen, signed=signed(User.objects.get(username="otto")))
    cell = next(one for one in the_ledger().cells if one.year == 2027)
    assert (cell.verified, cell.claimed) == (11_950_000, 0)


def test_a_folder_cannot_rewrite_a_verified_claim_either() -> None:
    make_agenda()
    with pytest.raises(ClaimIsEvidenced):
        make("claim", "licences", **{**CLAIM, "first_year": 2026})


def test_what_is_fixed_before_the_data_shows_later_changes_as_deviations() -> None:
    make_agenda()
    make_plain = {name: value for name, value in find("initiative", "crews").definition.items() if name != "key"}
    first = Registration.objects.get(initiative__key="crews")
    make("initiative", "crews", **{**make_plain, "registration": {**REGISTRATION, "until": "2025-08-01"}})
    make("initiative", "crews", **{**make_plain, "registration": {**REGISTRATION, "until": "2025-08-01"}, "note": "x"})
    page = page_of(find("initiative", "crews").definition, staff=True)
    assert page.registration == first
    assert not page.late
    assert [[change.path for change in one.changes] for one in page.deviations] == [["until"]]
    assert Initiative.objects.get(key="crews").registrations.count() == 2


def test_a_record_under_a_legal_hold_is_not_retired() -> None:
    make_agenda()
    edith = person("edith", "coordinator")
    hold = {"since": "2026-01-01", "matter": "Suit 12", "by": "City attorney"}
    change(edith, "award", "grant", legal_hold=hold)
    now = edition_of(find("award", "grant").definition)
    with pytest.raises(HeldRecord, match="Suit 12"):
        change_record("award", "grant", None, seen=now, signed=signed(edith))
    change(edith, "award", "grant", legal_hold={**hold, "until": "2026-06-01"})
    change_record("award", "grant", None, seen=edition_of(find("award", "grant").definition), signed=signed(edith))
    assert "grant" not in records("award")


def test_a_notice_posted_late_and_a_vote_of_a_conflicted_member_are_refused() -> None:
    make_agenda()
    edith = person("edith", "coordinator")
    with pytest.raises(PostedTooLate, match="5 ILCS"):
        change(edith, "meeting", "may", posted="2027-05-02T18:01")
    change(edith, "meeting", "may", posted="2027-05-02T18:00")
    agenda = [{"key": "deal", "title": "A deal", "about": ["vendor"]}]
    votes = [{"item": "deal", "by_seat": {"one": "yes", "two": "yes"}}]
    with pytest.raises(MustRecuse, match="two"):
        change(edith, "meeting", "may", agenda=agenda, votes=votes)
    votes[0]["by_seat"]["two"] = "recused"  # type: ignore[index]
    change(edith, "meeting", "may", agenda=agenda, votes=votes)


def test_papers_say_what_the_records_say() -> None:
    make_agenda()
    report = award_report("grant", today=NOON.date())
    assert "- Amount: 300,000.00 USD" in report
    assert "### Crews" in report
    assert "- licences: evidenced" not in report
    book = transition_book(today=NOON.date(), posts=[("Analyst", False, "data"), ("Chief", True, "data")])
    assert "2 posts on the chart, 1 of them vacant." in book
    assert "2027-07-01: Grant (Foundation), 300,000 USD not spent, 2 posts" in book


def test_a_records_request_brings_every_record_with_its_history() -> None:
    make_agenda()
    change(person("edith", "coordinator"), "award", "grant", note="Looked at.")
    found = records_export(today=NOON.date(), kinds=["award"])
    assert [(one["key"], len(one["history"])) for one in found] == [("grant", 2)]
    assert found[0]["history"][0]["reason"] == "Law 7"
    assert (found[0]["retention"], found[0]["legal_hold"]) == (None, None)
    assert {one["kind"] for one in records_export(today=NOON.date())} >= {"award", "claim", "meeting"}
    assert Claim.objects.count() == 1


def test_the_commands_say_when_a_key_names_nothing(home: Path) -> None:
    make_agenda()
    for arguments in (["award", "runway", "none"], ["award", "report", "none"], ["records", "export", "--key", "none"]):
        answer = CliRunner().invoke(app, [*arguments, "--home", str(home)])
        assert isinstance(answer.exception, NotFound), arguments
    told = CliRunner().invoke(app, ["award", "runway", "grant", "--on", "2026-11-22", "--home", str(home)]).output
    assert "from 2027-07-01 on 2 posts that cost 220,000.00 a year are not paid" in told
