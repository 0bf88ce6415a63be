"""Who has which duty: inherited, overridden, handed over with a day and a reason, and told where nobody has it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.factories import NOON, make_dataset, make_grant, make_staff

from cupola import folder as folders
from cupola.web.accounts.actions import apply_folder, export_folder
from cupola.web.accounts.models import Event, User
from cupola.web.data import queries
from cupola.web.data.actions import (
    DutyReasonMissing,
    Handover,
    MayNotEditDuties,
    NobodyHasIt,
    hand_over,
    note_gaps,
    subject,
)
from cupola.web.data.actions.publishing import public_metadata
from cupola.web.data.models import Dataset, Department, Finding

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TODAY = date(2026, 11, 22)
FOLDER = """\
kind: city
key: springfield
name: Springfield
time_zone: UTC
---
kind: department
key: buildings
name: Department of Buildings
also: Buildings Dept.
contact: buildings@example.gov
duties:
  - {duty: coordinator, who: Head of data, account: ada, since: 2024-01-01}
  - {duty: steward, who: "Data steward, Buildings", account: grace, contact: steward@example.gov}
---
kind: dataset
key: permits
title: Permits
department: Buildings Dept.
landing_page: https://data.example.gov/permits
duties:
  - {duty: custodian, who: Permit system, since: 2020-01-01, until: 2026-06-30}
---
kind: dataset
key: wells
title: Wells
department: Department of Buildings
landing_page: https://data.example.gov/wells
duties:
  - {duty: steward, who: Well steward, account: alan, since: 2025-01-01, until: 2026-01-01}
  - {duty: steward, who: New well steward, since: 2027-01-01}
"""


@pytest.fixture
def city(tmp_path: Path, home: Path) -> Path:
    folder = tmp_path / "city"
    folder.mkdir()
    (folder / "city.yaml").write_text(FOLDER)
    apply_folder(folders.read(folder), by="tests")
    return folder


def who(key: str, on: date) -> dict[str, str]:
    return {one.duty: one.who for one in queries.duties(Dataset.objects.get(key=key), on)}


def test_duties_come_from_the_department_where_a_dataset_names_none(city: Path) -> None:
    assert who("permits", TODAY) == {"coordinator": "Head of data", "steward": "Data steward, Buildings"}
    assert who("permits", date(2023, 1, 1)) == {"steward": "Data steward, Buildings", "custodian": "Permit system"}


def test_a_datasets_own_people_come_first_as_long_as_they_have_the_duty(city: Path) -> None:
    stewards = {day: who("wells", day)["steward"] for day in (date(2025, 6, 1), TODAY, date(2027, 1, 1))}
    assert [*stewards.values()] == ["Well steward", "Data steward, Buildings", "New well steward"]


def test_a_duty_nobody_has_is_a_finding_until_somebody_has_it(city: Path) -> None:
    note_gaps(at=NOON)
    finding = Finding.objects.get(closed_at=None)
    assert (finding.dataset.key, finding.kind) == ("permits", "duty.custodian")
    assert finding.message.startswith("Nobody is custodian since 2026-06-30, when Permit system stopped.")
    coordinator = make_grant(make_staff("carol"), "coordinator").person
    over = Handover("custodian", on=date(2026, 11, 1), who="New permit system", contact="it@example.gov")
    hand_over(subject("permits"), over, reason="The system moved.", at=NOON, by=coordinator)
    assert Finding.objects.filter(closed_at=None).count() == 0


def test_a_dataset_without_any_steward_says_so() -> None:
    dataset = make_dataset("orphan")
    assert [(gap.duty, gap.since) for gap in queries.gaps(dataset, TODAY)] == [("steward", None)]
    assert queries.gaps(make_dataset("kept", steward="Office"), TODAY) == ()


def test_handing_over_ends_one_holder_begins_the_next_and_keeps_both(city: Path) -> None:
    coordinator = make_grant(make_staff("carol"), "coordinator").person
    over = Handover("steward", on=date(2026, 12, 1), who="Steward of permits", account="mary")
    hand_over(subject("buildings", of_department=True), over, reason="Grace retires.", at=NOON, by=coordinator)
    assert who("permits", TODAY)["steward"] == "Data steward, Buildings"
    assert who("permits", date(2026, 12, 1))["steward"] == "Steward of permits"
    event = Event.objects.get(action="data.duties_changed")
    assert (event.reason, event.by, event.target_kind) == ("Grace retires.", coordinator, "department")
    assert Department.history.count() == 2


def test_ending_a_duty_without_a_successor_leaves_a_gap(city: Path) -> None:
    coordinator = make_grant(make_staff("carol"), "coordinator").person
    department = subject("buildings", of_department=True)
    hand_over(department, Handover("steward", on=TODAY), reason="She left.", at=NOON, by=coordinator)
    (gap,) = queries.gaps(Dataset.objects.get(key="wells"), TODAY)
    assert (gap.duty, gap.since, gap.last) == ("steward", TODAY, "Data steward, Buildings")
    with pytest.raises(NobodyHasIt):
        hand_over(department, Handover("publisher", on=TODAY), reason="None.", at=NOON, by=coordinator)


def test_duties_need_permission_and_a_reason(city: Path) -> None:
    over = Handover("steward", on=TODAY, who="Someone")
    with pytest.raises(MayNotEditDuties):
        hand_over(subject("permits"), over, reason="Because.", at=NOON, by=make_staff("zoe"))
    coordinator = make_grant(make_staff("carol"), "coordinator").person
    with pytest.raises(DutyReasonMissing):
        hand_over(subject("permits"), over, reason=" ", at=NOON, by=coordinator)
    with pytest.raises(folders.FolderInvalid, match="'stewart' is not a duty"):
        hand_over(subject("permits"), Handover("stewart", on=TODAY, who="x"), reason="y", at=NOON, by=coordinator)


def test_what_was_handed_over_is_written_back_into_the_folder(city: Path, tmp_path: Path) -> None:
    coordinator = make_grant(make_staff("carol"), "coordinator").person
    over = Handover("steward", on=date(2026, 12, 1), who="Steward of permits")
    hand_over(subject("permits"), over, reason="Named.", at=NOON, by=coordinator)
    exported = tmp_path / "exported"
    exported.mkdir()
    export_folder(exported)
    again = folders.read(exported)
    assert apply_folder(again, by="tests").is_empty
    (permits,) = [one for one in again.datasets if one.key == "permits"]
    assert [(duty.duty, duty.who) for duty in permits.duties] == [
        ("custodian", "Permit system"),
        ("steward", "Steward of permits"),
    ]
    assert (exported / "departments" / "buildings.yaml").is_file()


def test_the_public_reads_the_office_and_never_the_account(city: Path, client: Client) -> None:
    told = public_metadata(Dataset.objects.get(key="permits"))
    assert (told["steward"], told["contact"]) == ("Data steward, Buildings", "steward@example.gov")
    assert "grace" not in str(told)
    dataset = make_dataset("public", department="Department of Buildings")
    page = client.get(f"/data/{dataset.key}/").content.decode()
    assert "Data steward, Buildings" in page
    assert "grace" not in page


def test_an_account_has_the_duties_its_user_name_is_written_for(city: Path) -> None:
    grace, alan = make_staff("grace"), make_staff("alan")
    assert queries.datasets_by_duty(grace, TODAY) == {
        "permits": frozenset({"steward"}),
        "wells": frozenset({"steward"}),
    }
    assert queries.datasets_by_duty(alan, TODAY) == {}
    assert queries.datasets_by_duty(alan, date(2025, 6, 1)) == {"wells": frozenset({"steward"})}
    posing = User.objects.create_user("mallory", email="grace", is_staff=True)
    assert queries.datasets_by_duty(posing, TODAY) == {}


def test_the_page_shows_who_has_it_and_hands_it_over(city: Path, client: Client) -> None:
    client.force_login(make_grant(make_staff("carol"), "coordinator").person)
    given: dict[str, Any] = {"duty": "steward", "on": "2026-11-01", "who": "Steward of permits", "reason": "Named."}
    assert client.post("/data/permits/duties/", given).status_code == 302
    page = client.get("/data/permits/duties/").content.decode()
    assert "Steward of permits" in page
    assert "Nobody is custodian since June 30, 2026, when Permit system stopped." in page
    assert client.post("/data/permits/duties/", {**given, "reason": ""}).status_code == 400
    nobody = client.post("/es/data/permits/duties/", {**given, "duty": "reviewer", "who": ""}).content.decode()
    assert "Ese día nadie de los nombrados aquí tiene esta función" in nobody
    assert client.get("/staff/departments/buildings/duties/").status_code == 200
    client.force_login(make_staff("viewer"))
    assert "Hand a duty over" not in client.get("/data/permits/duties/").content.decode()
    assert client.post("/data/permits/duties/", given).status_code == 403
