"""Citing: a plain form makes a page that prints, shows and proves the rows."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.factories import NOON, make_city, make_dataset

from cupola.web.data import actions
from cupola.web.data.models import Dataset

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Load = Callable[..., Dataset]
GROUPED = "$select=status,count(*) as permits&$group=status&$order=status"


@pytest.fixture
def permits(load: Load) -> Dataset:
    make_city()
    fields = {"translations": {"es": {"title": "Permisos"}}}
    return load(make_dataset(title="Permits & {more}", **fields))


def cite(client: Client, *, prefix: str = "", **form: str) -> Any:
    return client.post(f"{prefix}/cite", {"dataset": "permits", **form})


@pytest.fixture
def address(client: Client, permits: Dataset) -> str:
    answer = cite(client, query=GROUPED)
    assert answer.status_code == 303, answer.content.decode()
    return str(answer["Location"])


def test_a_form_leads_to_the_page_of_the_citation(client: Client, address: str) -> None:
    page = client.get(address).content.decode()
    assert "Springfield (2026). Permits &amp; {more}, version 1 of " in page
    assert "SELECT status,count(*) as permits GROUP BY status ORDER BY status LIMIT 1000" in page
    assert "<td>closed</td>" in page
    assert f"http://testserver{address}" in page
    assert f'href="{address.rstrip("/")}.csv"' in page


@pytest.mark.parametrize(
    "form",
    [
        {"query": "?" + GROUPED},
        {"$select": "status,count(*) as permits", "$group": "status", "$order": "status"},
        {"query": GROUPED, "version": "1"},
        {"query": GROUPED + "&version=1"},
    ],
)
def test_however_it_is_asked_it_is_the_same_citation(client: Client, address: str, form: dict[str, str]) -> None:
    assert cite(client, **form)["Location"] == address


def test_a_query_in_the_query_language(client: Client, permits: Dataset) -> None:
    page = client.get(cite(client, query="SELECT permit_number WHERE status = 'open'")["Location"]).content.decode()
    assert "SELECT permit_number WHERE status = &#x27;open&#x27;" in page
    assert "<td>P-1</td>" in page


def test_the_rows_can_be_computed_again(client: Client, address: str) -> None:
    assert "Still gives the same rows: yes" not in client.get(address).content.decode()
    assert "Still gives the same rows: yes" in client.get(address, {"check": "1"}).content.decode()


def test_texts_to_paste_are_escaped_for_their_reader(client: Client, address: str) -> None:
    page = client.get(address)
    shown = page.context["page"]
    assert r"title = {{Permits \& \{more\}}}" in shown.bibtex
    assert r"count(*) as permits" in shown.bibtex
    (item,) = json.loads(shown.csl)
    assert (item["type"], item["title"], item["version"]) == ("dataset", "Permits & {more}", "1")
    assert shown.citation.sha256 in item["note"]


def test_the_page_speaks_spanish(client: Client, permits: Dataset) -> None:
    answer = cite(client, prefix="/es", query=GROUPED)
    assert answer["Location"].startswith("/es/cite/")
    page = client.get(answer["Location"], {"check": "1"}).content.decode()
    assert "Permisos, versión 1 del" in page
    assert "Sigue dando las mismas filas: sí" in page
    assert f"http://testserver{answer['Location'].removeprefix('/es')}" in page


def test_a_recalled_citation_says_why(client: Client, address: str) -> None:
    actions.recall("permits", 1, reason="It named people.", at=NOON, by="ada")
    page = client.get(address)
    assert (page.status_code, "It named people." in page.content.decode()) == (410, True)
    assert cite(client, query=GROUPED, version="1").status_code == 410
    assert cite(client, query=GROUPED).status_code == 404


def test_a_draft_cannot_be_cited(client: Client, load: Load) -> None:
    make_city()
    load(make_dataset(released=False))
    assert cite(client, query=GROUPED).status_code == 404
    assert cite(client, dataset="nothing", query=GROUPED).status_code == 404


def test_a_query_that_is_wrong_says_what(client: Client, permits: Dataset) -> None:
    answer = cite(client, query="$select=nothing")
    assert answer.status_code == 400
    assert "nothing" in answer.content.decode()


def test_only_a_form_makes_one_and_only_so_many(client: Client, permits: Dataset) -> None:
    assert client.get("/cite").status_code == 405
    assert client.get("/cite/abcdefabcdef/").status_code == 404
    answers = [
        client.post("/cite", {"dataset": "permits", "$limit": str(n)}, REMOTE_ADDR="203.0.113.77") for n in range(1, 14)
    ]
    assert [one.status_code for one in answers[:10]] == [303] * 10
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0
