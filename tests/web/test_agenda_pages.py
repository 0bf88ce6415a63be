"""Pages of the agenda, the savings and the councils: what the public sees, what only staff sees, and the machines."""

from typing import Any

import pytest
from django.test import Client
from django.utils.translation import gettext, override
from tests.factories import make_grant, make_staff
from tests.web.agenda_city import make_agenda

from cupola.folder.kinds import KINDS
from cupola.web.accounts.queries import the_city
from cupola.web.agenda.models import MODELS, Award
from cupola.web.agenda.queries.records import records

pytestmark = pytest.mark.django_db
PUBLIC = [
    "/agenda/",
    "/agenda/initiatives/crews/",
    "/agenda/awards/grant/",
    "/savings/",
    "/councils/",
    "/councils/council/",
    "/councils/recommendations/keep/",
    "/councils/meetings/april/",
    "/es/agenda/",
    "/agenda/awards.json",
    "/councils/popolo.json",
    "/savings/ledger.csv",
]
HIDDEN = ["/savings/licences/", "/staff/runway/", "/staff/agenda/", "/staff/agenda/claim/licences/edit/"]


@pytest.fixture
def editor(client: Client, settings: Any) -> Any:
    settings.SECOND_FACTOR = "nobody"
    client.force_login(make_grant(make_staff("edith"), "coordinator").person)
    return client


def test_the_public_reads_what_is_released_and_nothing_of_posts_or_unverified_claims(client: Client) -> None:
    make_agenda()
    for address in PUBLIC:
        page = client.get(address)
        assert page.status_code == 200, address
        text = page.content.decode()
        assert "p-1" not in text, address
        assert "Licences" not in text, address
        assert "B. Person" not in text, address
    for address in HIDDEN:
        assert client.get(address).status_code in {302, 404}, address
    assert "A. Person" in client.get("/councils/council/").content.decode()


def test_staff_see_runway_with_cliff_filing_day_and_scenarios(editor: Client) -> None:
    make_agenda()
    page = editor.get("/staff/runway/?on=2026-11-22").content.decode()
    assert "From July 1, 2027 on, 2 posts that cost 220,000 a year are no longer paid." in page
    assert "Ask for positions of fiscal year 2028 by February 1, 2027, in 71 days." in page
    assert page.count("0 / 2") == 4  # nothing is verified yet: no share of it carries a post


def test_an_endorsement_leads_to_a_budget_line_and_a_later_result(editor: Client) -> None:
    make_agenda()
    page = editor.get("/councils/recommendations/keep/").content.decode()
    traced = ("Endorsed by", "/agenda/initiatives/crews/", "accepted", "100 31", "Ordinance 9", "/savings/licences/")
    order = [page.index(text) for text in traced]
    assert order == sorted(order)


def test_a_meeting_shows_its_notice_rule_who_came_and_how_it_voted(client: Client) -> None:
    make_agenda()
    page = " ".join(client.get("/councils/meetings/april/").content.decode().split())
    assert "5 ILCS 120/2.02(a)" in page
    assert "April 2, 2026, 9:00 a.m." in page
    assert "3 members; 2 are needed to decide" in page
    assert "<strong>Carried</strong>: yes 2, abstained 1." in page
    assert "/councils/recommendations/keep/" in page
    assert "A. Person" in page
    assert "/councils/meetings/april/" in client.get("/councils/council/").content.decode()


def test_the_runway_of_an_award_is_public_only_by_a_release_that_names_who_said_so(client: Client) -> None:
    make_agenda()
    assert "a year are no longer paid" not in client.get("/agenda/awards/grant/").content.decode()
    award = Award.objects.get(key="grant")
    release = {"by": "Chief of staff", "on": "2026-11-20", "reason": "The council asked."}
    award.take_definition({**award.definition, "release": release})
    award.save()
    page = client.get("/agenda/awards/grant/").content.decode()
    assert "2 posts that cost 220,000 a year are no longer paid" in page
    assert "Released by Chief of staff on November 20, 2026." in page
    assert "p-1" not in page


def test_every_record_says_how_long_it_is_kept(editor: Client) -> None:
    make_agenda()
    city = the_city()
    assert city is not None
    city.definition["records_schedule"] = {"award": {"class": "Grants", "years": 7}}
    city.save()
    hold = {"since": "2026-01-01", "matter": "Suit 12", "by": "City attorney"}
    Award.objects.update(definition={**Award.objects.get().definition, "legal_hold": hold})
    page = editor.get("/staff/agenda/").content.decode()
    assert "Grants</span>, kept 7 years after it is closed" in page
    assert "Suit 12" in page
    assert page.count("no retention class is set") == sum(len(records(kind)) for kind in MODELS) - 1


def test_a_form_keeps_what_it_does_not_show_and_names_the_field_in_error(editor: Client) -> None:
    make_agenda()
    address = "/staff/agenda/initiative/crews/edit/"
    form = editor.get(address).context["form"]
    filled = {name: form.initial.get(name, "") for name in (*form.shapes, "seen")}
    answer = editor.post(address, {**filled, "aim": "Twice as fast.", "reason": "Decided on Monday"})
    assert answer.status_code == 302
    after = records("initiative")["crews"]
    assert after["aim"] == "Twice as fast."
    assert after["registration"]["method"] == "difference_in_differences"
    form = editor.get(address).context["form"]
    filled = {name: form.initial.get(name, "") for name in (*form.shapes, "seen")}
    answer = editor.post(address, {**filled, "since": "yesterday", "reason": "x"})
    assert answer.status_code == 400
    assert "write a day as 2015-12-31" in answer.content.decode()


def test_a_claim_takes_its_step_on_its_page(editor: Client) -> None:
    make_agenda()
    address = "/staff/agenda/claim/licences/step/"
    seen = editor.get(address).context["form"].initial["seen"]
    step = {"status": "verified", "on": "2026-03-01", "by": "Budget", "evidence": "Memo", "seen": seen}
    assert editor.post(address, step).status_code == 403  # a coordinator does not verify
    make_grant(make_staff("otto"), "auditor")
    client = Client()
    client.force_login(make_staff("olga"))
    assert client.post(address, step).status_code == 403


def test_work_names_the_award_that_ends_and_the_seat_nobody_holds(editor: Client, client: Client) -> None:
    make_agenda()
    page = editor.get("/staff/").content.decode()
    assert "The award ends" in page
    assert "Seat three is vacant for too long" in page
    client.force_login(make_staff("vera"))
    assert "The award ends" not in client.get("/staff/").content.decode()


def test_every_label_and_help_of_the_forms_is_told_in_spanish() -> None:
    with override("es"):
        for kind in MODELS:
            for name, field in KINDS[kind].model.model_fields.items():
                if name in {"key", "original"}:
                    continue
                for text in ((field.alias or name).replace("_", " "), str(field.description)):
                    assert gettext(text) != text, f"{kind}.{name}: {text!r} lacks Spanish"
