from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.factories import NOON, make_city, make_dataset, make_editor, make_staff

from cupola import folder as folders
from cupola.web.accounts.actions import apply_folder
from cupola.web.accounts.models import Event, User
from cupola.web.data import queries
from cupola.web.data.actions import (
    CannotUndo,
    EditedMeanwhile,
    EditReasonMissing,
    MayNotEdit,
    Refresh,
    change_words,
    refresh,
    undo,
)
from cupola.web.data.models import Dataset

pytestmark = pytest.mark.django_db

PAGES = ["edit/", "edit/columns/", "history/", "quarantine/"]
CITY = "kind: city\nkey: springfield\nname: Springfield\ntime_zone: UTC\n---\n"
PERMITS = (
    "kind: dataset\nkey: permits\ntitle: {title}\ndescription: What was permitted.\nrow: one permit\nreleased: true\n"
    "classification: public\napproval: {{by: Ada, on: 2026-11-01}}\n"
    "sources: [{{file: permits.csv}}]\ncolumns: {{number: {{type: text}}}}\n"
)


@pytest.fixture
def editor(client: Client) -> User:
    """Return an editor who is signed in."""
    person = make_editor()
    client.force_login(person)
    return person


def posted(client: Client, address: str, **changes: Any) -> Any:
    """Send the form of a page with some fields changed."""
    form = client.get(address).context["form"]
    given = {name: form[name].value() or "" for name in form.fields}
    return client.post(address, {**given, **changes})


def edit(dataset: Dataset, by: User, words: dict[str, Any], reason: str = "It was wrong.") -> Any:
    seen = queries.edition_of(Dataset.objects.get(key=dataset.key).definition)
    return change_words(dataset.key, words, seen=seen, reason=reason, at=NOON, by=by)


def test_an_edit_changes_the_definition_the_page_and_the_search(client: Client, editor: User) -> None:
    make_dataset()
    change = {"title": "Licences", "notes": "One.\n\nTwo.", "translations.es.title": "Licencias", "reason": "Better."}
    assert posted(client, "/data/permits/edit/", **change).status_code == 302
    dataset = Dataset.objects.get()
    assert dataset.definition["title"] == dataset.title == "Licences"
    assert dataset.definition["notes"] == ["One.", "Two."]
    assert dataset.definition["translations"] == {"es": {"title": "Licencias"}}
    assert "Licencias" in client.get("/es/data/?q=licencia").content.decode()
    assert client.get("/data/permits/").content.decode().count("Licences") > 1


def test_columns_get_their_words_in_both_languages(client: Client, editor: User) -> None:
    make_dataset()
    change = {
        "columns.status.meaning": "Where it stands.",
        "translations.es.columns.status.title": "Estado del permiso",
        "reason": "It was missing.",
    }
    assert posted(client, "/data/permits/edit/columns/", **change).status_code == 302
    assert "Where it stands." in client.get("/data/permits/").content.decode()
    spanish = client.get("/es/data/permits/").content.decode()
    assert "Estado del permiso" in spanish


def test_the_audit_log_says_who_changed_what_and_why(client: Client, editor: User) -> None:
    make_dataset()
    posted(client, "/data/permits/edit/", steward="Head of permits", reason="She\nleft.")
    event = Event.objects.get(action="data.dataset_changed")
    assert (event.by, event.reason) == (editor, "She left.")
    assert event.detail == {"changes": [{"path": "steward", "before": None, "after": "Head of permits"}]}
    assert Dataset.history.latest().history_user == editor
    page = client.get("/data/permits/history/").content.decode()
    assert "Head of permits" in page
    assert "She left." in page


def test_a_public_fact_is_not_changed_without_a_reason(client: Client, editor: User) -> None:
    dataset = make_dataset()
    answer = posted(client, "/data/permits/edit/", title="Licences")
    assert answer.status_code == 400
    assert "The public reads this, so say why it changes." in answer.content.decode()
    with pytest.raises(EditReasonMissing):
        edit(dataset, editor, {"title": "Licences"}, reason=" ")
    assert Dataset.objects.get().title == "Permits"
    make_dataset("draft", released=False)
    assert posted(client, "/data/draft/edit/", title="Sketch").status_code == 302
    assert Dataset.objects.get(key="draft").title == "Sketch"


def test_what_a_folder_would_refuse_is_refused_here(client: Client, editor: User) -> None:
    make_dataset()
    answer = posted(client, "/data/permits/edit/", description="", reason="Shorter.")
    assert answer.status_code == 400
    assert "description" in answer.content.decode()
    assert posted(client, "/data/permits/edit/", title="", reason="Shorter.").status_code == 400
    assert Dataset.objects.get().description == "What the city holds."
    assert not Event.objects.filter(action="data.dataset_changed").exists()


def test_two_people_do_not_overwrite_each_other(client: Client, editor: User) -> None:
    dataset = make_dataset()
    form = client.get("/data/permits/edit/").context["form"]
    given = {name: form[name].value() or "" for name in form.fields}
    edit(dataset, editor, {"title": "Licences"})
    answer = client.post("/data/permits/edit/", {**given, "topic": "Land", "reason": "Sorted."})
    assert answer.status_code == 409
    assert "Someone else changed this" in answer.content.decode()
    assert (Dataset.objects.get().title, Dataset.objects.get().topic) == ("Licences", "")
    with pytest.raises(EditedMeanwhile):
        change_words("permits", {"topic": "Land"}, seen="0" * 16, reason="x", at=NOON, by=editor)


def test_only_words_can_be_changed(editor: User) -> None:
    dataset = make_dataset(released=False)
    assert edit(dataset, editor, {"released": True, "classification": "public", "columns.status.type": "date"}) == ()
    assert not Dataset.objects.get().released


@pytest.mark.parametrize("page", PAGES)
def test_strangers_are_asked_to_sign_in_and_learn_nothing(client: Client, page: str) -> None:
    make_dataset("secret", released=False)
    for key in ("secret", "nothing"):
        answer = client.get(f"/data/{key}/{page}")
        assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next=/data/{key}/{page}")
        if page.startswith("edit"):
            assert client.post(f"/data/{key}/{page}", {"title": "x", "reason": "y"}).status_code == 302
    assert Dataset.objects.get().title == "Secret"


def test_a_plain_user_and_staff_without_leave_may_not_edit(client: Client) -> None:
    dataset = make_dataset()
    plain = User.objects.create_user("mallory")
    for person in (plain, make_staff()):
        client.force_login(person)
        for page in ("edit/", "edit/columns/", "quarantine/"):
            assert client.get(f"/data/permits/{page}").status_code == 403
        given = {"title": "Mine", "reason": "y", "seen": queries.edition_of(dataset.definition)}
        assert client.post("/data/permits/edit/", given).status_code == 403
        assert client.post("/data/permits/history/1/undo/", {"reason": "y"}).status_code == 403
        with pytest.raises(MayNotEdit):
            edit(dataset, person, {"title": "Mine"})
    client.force_login(plain)
    assert client.get("/data/permits/history/").status_code == 403
    assert "Edit words" not in client.get("/data/permits/").content.decode()
    assert Dataset.objects.get().title == "Permits"


def test_a_form_from_another_site_is_refused(editor: User) -> None:
    dataset = make_dataset()
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    given = {"title": "Mine", "reason": "y", "seen": queries.edition_of(dataset.definition)}
    assert client.post("/data/permits/edit/", given).status_code == 403
    assert client.post("/data/permits/history/1/undo/", {"reason": "y"}).status_code == 403
    assert Dataset.objects.get().title == "Permits"


def test_an_edit_is_undone_by_a_new_change(client: Client, editor: User) -> None:
    dataset = make_dataset()
    edit(dataset, editor, {"title": "Licences", "translations.es.title": "Licencias", "columns.status.title": "State"})
    first = Event.objects.get(action="data.dataset_changed")
    answer = client.post(f"/data/permits/history/{first.pk}/undo/", {"reason": "Not agreed."})
    assert answer["Location"] == "/data/permits/history/"
    after = Dataset.objects.get().definition
    assert (after["title"], after.get("translations")) == ("Permits", None)
    assert [column.get("title") for column in after["columns"]] == ["Permit number", "Issued on", None]
    assert Event.objects.filter(action="data.dataset_changed").count() == 2
    assert Event.objects.filter(action="data.dataset_changed").latest("pk").reason == "Not agreed."


def test_what_was_changed_again_since_cannot_be_undone(editor: User) -> None:
    dataset = make_dataset()
    edit(dataset, editor, {"title": "Licences"})
    first = Event.objects.get(action="data.dataset_changed")
    edit(dataset, editor, {"title": "Permissions"})
    with pytest.raises(CannotUndo, match="title"):
        undo("permits", first.pk, reason="x", at=NOON, by=editor)
    assert Dataset.objects.get().title == "Permissions"


def test_an_edit_is_told_in_the_feed_with_its_reason(client: Client, editor: User) -> None:
    edit(make_dataset(), editor, {"title": "Licences"}, reason="The law says so.")
    assert "The law says so." in client.get("/data/permits/feed.atom").content.decode()


def test_the_folder_keeps_what_staff_changed_and_stops_where_both_did(
    client: Client, editor: User, home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "city"
    path.mkdir()
    (path / "city.yaml").write_text(CITY + PERMITS.format(title="Permits"))
    apply_folder(folders.read(path), by="tests")
    dataset = Dataset.objects.get()
    assert "not yet in the city folder" not in client.get("/data/permits/").content.decode()
    edit(dataset, editor, {"title": "Licences"})
    assert "not yet in the city folder" in client.get("/data/permits/").content.decode()
    plan = apply_folder(folders.read(path), by="tests")
    assert [step.key for step in plan.pending_exports] == ["permits"]
    assert Dataset.objects.get().title == "Licences"
    (path / "city.yaml").write_text(CITY + PERMITS.format(title="Building permits"))
    with pytest.raises(folders.EditedTwice):
        apply_folder(folders.read(path), by="tests")


def test_what_the_registry_says_in_public_follows(editor: User, load: Callable[..., Dataset]) -> None:
    make_city()
    dataset = load(make_dataset())
    edit(dataset, editor, {"title": "Licences"})
    release = queries.lake().registry.get("permits")
    assert (release.metadata["title"], release.version) == ("Licences", 1)


def test_editors_see_what_was_set_aside(client: Client, editor: User, home: Path, tmp_path: Path) -> None:
    dataset = make_dataset(max_bad_share=0.9)
    (tmp_path / "permits.csv").write_text("permit_number,issued_on,status\nP-1,2019-03-01,open\nP-2,someday,open\n")
    assert not refresh(dataset, Refresh(sources_folder=tmp_path, now=NOON, by="tests")).needs_person
    page = client.get("/data/permits/quarantine/").content.decode()
    assert "1 row did not fit version 1." in page
    assert "someday" in page
    columns = [{**column, "sensitive": column["name"] == "issued_on"} for column in dataset.definition["columns"]]
    dataset.take_definition({**dataset.definition, "columns": columns})
    dataset.save()
    hidden = client.get("/data/permits/quarantine/").content.decode()
    assert "someday" not in hidden
    assert "Sensitive: values are not shown." in hidden


def test_nobody_sees_what_was_set_aside_of_restricted_rows(
    client: Client, editor: User, home: Path, tmp_path: Path
) -> None:
    dataset = make_dataset(payroll=True, max_bad_share=0.9)
    (tmp_path / "permits.csv").write_text("permit_number,issued_on,status\nP-1,2019-03-01,open\nP-2,someday,open\n")
    assert not refresh(dataset, Refresh(sources_folder=tmp_path, now=NOON, by="tests")).needs_person
    answer = client.get("/data/permits/quarantine/")
    assert answer.status_code == 403
    assert "someday" not in answer.content.decode()
