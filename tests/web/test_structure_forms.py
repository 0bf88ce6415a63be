"""What staff change of structures by forms: a field for all a document can say, a reason, history and a way back."""

import json
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils.translation import override
from tests.factories import make_grant, make_staff, make_structure
from tests.web.sending import filled

from cupola.folder import parse
from cupola.folder.library import jurisdictions
from cupola.orgchart.writing import write_jurisdiction
from cupola.web.accounts.models import User
from cupola.web.structure.actions import edition_of
from cupola.web.structure.forms import PartForm, sent
from cupola.web.structure.queries import document_of
from cupola.web.structure.queries.recorded import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client, settings: Any) -> User:
    settings.SECOND_FACTOR = "nobody"
    person = make_grant(make_staff("edith"), "coordinator").person
    client.force_login(person)
    return person


def test_an_editor_changes_and_puts_back_with_a_reason_and_never_over_another(client: Client, editor: User) -> None:
    structure = make_structure()
    first = filled(structure, "offices", "it")
    assert client.post("/structure/springfield/it/edit/", {**first, "scope": "city_wide"}).status_code == 302
    assert document_of(structure)["offices"]["it"]["scope"] == "city_wide"
    late = client.post("/structure/springfield/it/edit/", {**first, "name": "Mine"})
    assert late.status_code == 409
    now = filled(structure, "offices", "it")
    wrong = client.post("/structure/springfield/it/edit/", {**now, "fte": "", "funding-0-source": "lottery"})
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (400, {"funding"})
    wrong = client.post("/structure/springfield/it/edit/", {**now, "part_of": "nobody"})
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (400, {"part_of"})
    assert client.post("/structure/springfield/it/edit/", {**now, "reason": " "}).status_code == 400
    line = client.get("/structure/springfield/it/history/").context["lines"][0]
    assert (line.by, line.reason, line.undoable, [str(one) for one in line.changes]) == (
        "edith",
        "Law 7",
        True,
        ["scope: 'city_wide' added"],
    )
    client.post(f"/structure/springfield/it/history/{line.number}/undo/", {"reason": "A slip"})
    assert "scope" not in document_of(structure)["offices"]["it"]


def test_what_a_form_shows_it_writes_back_unchanged(client: Client, editor: User) -> None:
    structure = make_structure()
    before = document_of(structure)
    for group, key in (("offices", "data"), ("offices", "hall"), ("posts", "analyst")):
        answer = client.post(f"/structure/springfield/{key}/edit/", filled(structure, group, key))
        assert answer.status_code == 302
    assert document_of(structure) == before


def test_lines_money_and_parts_of_a_life_are_filled_in_by_fields(client: Client, editor: User) -> None:
    structure = make_structure()
    now = filled(structure, "posts", "analyst")
    rows = {
        "dotted_to-0-to": "hall",
        "dotted_to-0-type": "policy",
        "funding-0-source": "grant",
        "funding-0-share": "0.25",
        "funding-1-source": "general_fund",
        "funding-1-share": "0.75",
        "facts-0-what": "grade",
        "facts-0-value": "7",
        "facts-0-since": "2025-03",
        "facts-0-sources": "code",
        "facts-1-what": "reports_to",
        "facts-1-value": "it",
        "facts-1-type": "functional",
        "facts-1-since": "2025-03",
    }
    answer = client.post("/structure/springfield/analyst/edit/", {**now, **rows})
    assert answer.status_code == 302, answer.context["form"].errors
    said = document_of(structure)["posts"]["analyst"]
    assert said["dotted_to"] == [{"to": "hall", "type": "policy"}]
    assert said["funding"] == [{"source": "grant", "share": 0.25}, {"source": "general_fund", "share": 0.75}]
    assert said["facts"] == [
        {"since": "2025-03", "sources": ["code"], "grade": "7"},
        {"since": "2025-03", "reports_to": {"to": "it", "type": "functional"}},
    ]
    again = filled(structure, "posts", "analyst")
    client.post("/structure/springfield/analyst/edit/", again)
    assert document_of(structure)["posts"]["analyst"] == said
    client.post("/structure/springfield/analyst/edit/", {**again, "funding-0-source": "", "facts-0-what": ""})
    said = document_of(structure)["posts"]["analyst"]
    assert [one["source"] for one in said["funding"]] == ["general_fund"]
    assert len(said["facts"]) == 1


def test_what_was_founded_again_has_a_form_for_each_of_its_times(client: Client, editor: User) -> None:
    structure = make_structure()
    address = "/structure/springfield/analyst/edit/"
    client.post(address, {**filled(structure, "posts", "analyst"), "until": "2025-01-01"})
    first = document_of(structure)["posts"]["analyst"]
    later = {"seen": edition_of(first), "reason": "Law 8", "name": "Analyst", "since": "2026-01-01", "sources": "code"}
    wrong = client.post(f"{address}?life=1", {**later, "since": "soon"})
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (400, {"since"})
    assert client.post(f"{address}?life=1", later).status_code == 302
    now = document_of(structure)["posts"]["analyst"]
    assert now == {**first, "again": [{"since": "2026-01-01", "sources": ["code"], "name": "Analyst"}]}
    assert client.get(f"{address}?life=1").context["form"]["since"].value() == "2026-01-01"
    assert [client.get(f"{address}?life={life}").status_code for life in ("2", "3", "x")] == [200, 404, 404]
    emptied = {"seen": edition_of(now), "reason": "A slip"}
    assert client.post(f"{address}?life=1", emptied).status_code == 302
    assert document_of(structure)["posts"]["analyst"] == first


def test_every_part_of_the_library_goes_through_its_form_unchanged() -> None:
    for one in jurisdictions().values():
        fields = parse("structure", json.loads(json.dumps(write_jurisdiction(one)))).fields()
        for group in ("offices", "posts", "events"):
            parts = fields[group]
            for part in parts if isinstance(parts, list | tuple) else parts.values():
                form = PartForm(group, part)
                data: dict[str, Any] = {"seen": form.initial["seen"], "reason": "x"}
                for name in form.names:
                    columns = getattr(form.fields[name], "columns", None)
                    data |= (
                        {name: form.initial[name]}
                        if columns is None
                        else sent(name, form.initial[name], columns=columns)
                    )
                posted = QueryDict(mutable=True)
                for name, value in data.items():
                    posted.setlist(name, value if isinstance(value, list) else [value])
                back = PartForm(group, part, posted)
                assert back.is_valid(), back.errors
                written = back.definition(part.get("key", ""))
                assert {name: _plain(value) for name, value in written.items()} == {
                    name: _plain(value) for name, value in part.items()
                }, (one.key, part)


def _plain(value: Any) -> Any:
    """Return tuples as lists, all the way down."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


def test_an_act_is_recorded_edited_and_put_back_with_its_history(client: Client, editor: User) -> None:
    structure = make_structure()
    seen = PartForm("events", None).initial["seen"]
    new = {"seen": seen, "reason": "Found", "key": "raised", "on": "2025-02", "kinds": ["elevate", "rename"]}
    new |= {"subjects": "it", "title": "IT is raised.", "order": "1"}
    answer = client.post("/structure/springfield/new/act/", new)
    assert answer.status_code == 302, answer.context["form"].errors
    assert document_of(structure)["events"][-1] == {
        "key": "raised",
        "on": "2025-02",
        "kind": ["elevate", "rename"],
        "subjects": ["it"],
        "order": 1,
        "title": "IT is raised.",
    }
    now = {**new, "seen": PartForm("events", fields_of(structure, "events", "raised")).initial["seen"]}
    for field, value in (("subjects", "nobody"), ("on", "soon")):
        wrong = client.post("/structure/springfield/acts/raised/edit/", {**now, field: value})
        assert (wrong.status_code, set(wrong.context["form"].errors)) == (400, {field})
    assert client.post("/structure/springfield/acts/raised/edit/", {**now, "on": "2025-02-03"}).status_code == 302
    page = client.get("/structure/springfield/acts/raised/history/")
    line = page.context["lines"][0]
    assert [str(one) for one in line.changes] == ["on: '2025-02' -> '2025-02-03'"]
    address = f"/structure/springfield/acts/raised/history/{line.number}/undo/"
    assert client.post(address, {"reason": "A slip"}).status_code == 302
    assert document_of(structure)["events"][-1]["on"] == "2025-02"


def test_what_is_wrong_in_a_field_is_said_in_spanish(client: Client, editor: User) -> None:
    structure = make_structure()
    with override("es"):
        now = filled(structure, "offices", "it")
        wrong = client.post("/es/structure/springfield/it/edit/", {**now, "part_of": "nobody", "since": "soon"})
        found = wrong.context["form"].errors
    assert "no es una fecha" in str(found["since"])
    assert "is not" not in str(found)
