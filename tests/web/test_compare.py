from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from tests.factories import NOON, make_dataset, make_staff

from cupola.web.data.actions import Refresh, refresh
from cupola.web.data.models import Dataset, Version

pytestmark = pytest.mark.django_db

KEYED = {"row_key": ["permit_number"]}
BEFORE = "permit_number,issued_on,status\nP-1,2019-03-01,open\nP-2,2021-07-15,closed\nP-3,2021-08-01,closed\n"
AFTER = "permit_number,issued_on,status\nP-1,2019-03-02,closed\nP-2,2021-07-15,closed\nP-4,2022-01-01,open\n"


def test_two_versions_are_compared_row_by_row_and_cell_by_cell(client: Client, load: Callable[..., Dataset]) -> None:
    load(load(make_dataset(**KEYED), BEFORE), AFTER)
    answer = client.get("/data/permits/compare/?a=1&b=2")
    compared = answer.context["compared"]
    diff = compared.found
    assert (diff.rows_before, diff.rows_after) == (3, 3)
    assert (diff.rows_added, diff.rows_removed, diff.rows_changed) == (1, 1, 1)
    assert compared.cells_changed == (("Issued on", 1), ("Status", 1))
    [row] = compared.changed
    assert row.key == "P-1"
    assert [(one.column, one.before.text, one.after.text) for one in row.cells] == [
        ("Issued on", "March 1, 2019", "March 2, 2019"),
        ("Status", "open", "closed"),
    ]
    assert compared.added.cells[0][0].text == "P-4"
    assert compared.removed.cells[0][0].text == "P-3"
    page = answer.content.decode()
    assert "<del>open</del>" in page
    assert "cupola data diff permits 1 2" in page


def test_without_a_choice_the_last_two_versions_are_compared(client: Client, load: Callable[..., Dataset]) -> None:
    dataset = make_dataset(**KEYED)
    assert "only one version" in client.get("/data/permits/compare/").content.decode()
    load(load(dataset, BEFORE), AFTER)
    compared = client.get("/data/permits/compare/").context["compared"]
    assert (compared.a, compared.b) == ("1", "2")
    assert [name for name, _words in compared.editions] == ["2", "1"]


def test_changed_columns_are_named(client: Client, load: Callable[..., Dataset]) -> None:
    dataset = load(make_dataset(**KEYED), BEFORE)
    columns = [*dataset.definition["columns"][:2], {"name": "cost", "type": "money"}]
    dataset.take_definition({**dataset.definition, "columns": columns})
    dataset.save()
    load(dataset, "permit_number,issued_on,cost\nP-1,2019-03-01,5\n")
    page = client.get("/data/permits/compare/?a=1&b=2").content.decode()
    assert "New columns: cost." in page
    assert "Columns taken away: status." in page


def test_editions_of_one_version_are_compared(client: Client, home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(BEFORE)
    (tmp_path / "b.csv").write_text(AFTER)
    sources = [{"file": "a.csv", "vintage": "2020"}, {"file": "b.csv", "vintage": "2021-12"}]
    dataset = make_dataset(**KEYED, sources=sources)
    assert not refresh(dataset, Refresh(sources_folder=tmp_path, now=NOON, by="tests")).needs_person
    compared = client.get("/data/permits/compare/").context["compared"]
    assert (compared.a, compared.b) == ("2020", "2021-12")
    assert [name for name, _words in compared.editions] == ["1", "2021-12", "2020"]
    assert compared.found.rows_changed == 1


def test_hidden_rows_are_compared_by_counts_only(client: Client, load: Callable[..., Dataset]) -> None:
    load(load(make_dataset(payroll=True, **KEYED), BEFORE), AFTER)
    answer = client.get("/data/permits/compare/?a=1&b=2")
    assert answer.context["compared"].found.rows_changed == 1
    page = answer.content.decode()
    assert "P-1" not in page
    assert "only counts are" in page


def test_sensitive_columns_are_left_out(client: Client, load: Callable[..., Dataset]) -> None:
    dataset = make_dataset(**KEYED)
    columns = [{**column, "sensitive": column["name"] == "status"} for column in dataset.definition["columns"]]
    load(dataset, BEFORE)
    dataset.take_definition({**dataset.definition, "columns": columns})
    dataset.save()
    load(dataset, AFTER)
    answer = client.get("/data/permits/compare/?a=1&b=2")
    assert [one.column for row in answer.context["compared"].changed for one in row.cells] == ["Issued on"]
    assert "<td>closed</td>" not in answer.content.decode()
    assert "<td>open</td>" not in answer.content.decode()


def test_versions_that_were_never_public_or_taken_back_are_not_compared(
    client: Client, load: Callable[..., Dataset]
) -> None:
    load(load(make_dataset(**KEYED), BEFORE), AFTER)
    Version.objects.filter(number=1).update(released_at=None)
    assert "only one version" in client.get("/data/permits/compare/?a=1&b=2").content.decode()
    client.force_login(make_staff())
    assert client.get("/data/permits/compare/?a=1&b=2").context["compared"].found is not None
    Version.objects.filter(number=1).update(recalled_at=NOON, recall_reason="A slip.")
    assert "only one version" in client.get("/data/permits/compare/?a=1&b=2").content.decode()


@pytest.mark.parametrize("choice", ["a=7&b=1", "a=x&b=1", "a=1%27--&b=2", "a=0&b=1"])
def test_an_edition_there_is_not_is_not_found(client: Client, load: Callable[..., Dataset], choice: str) -> None:
    load(load(make_dataset(**KEYED), BEFORE), AFTER)
    assert client.get(f"/data/permits/compare/?{choice}").status_code == 404


def test_drafts_are_compared_by_staff_only(client: Client) -> None:
    make_dataset("secret", released=False)
    assert client.get("/data/secret/compare/").status_code == 404
    client.force_login(make_staff())
    assert client.get("/data/secret/compare/").status_code == 200
