"""The code on the pages runs as shown: taken out of the page and run against a server of its own."""

import html
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from tests.conftest import lacking
from tests.factories import make_dataset
from tests.servers import Server

from cupola.web.data.models import Dataset

CODE = re.compile(r'data-language="(\w+)"><code>(.*?)</code>', re.DOTALL)


@pytest.fixture
def server(public_server: tuple[Server, Path]) -> Server:
    """Return a server of a small city."""
    return public_server[0]


def examples(page: str) -> dict[str, str]:
    """Return the code on a page by language."""
    return {language: html.unescape(code) for language, code in CODE.findall(page)}


def run(command: list[str], *, text: str = "") -> str:
    """Run a command and return what it printed; it must succeed."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("page", ["/data/permits/", "/data/api/"])
def test_curl_python_and_javascript_run_as_shown(server: Server, page: str) -> None:
    code = examples(server.get(page).text)
    assert list(code) == ["curl", "sodapy", "python", "r", "javascript"]
    assert all(f"http://{server.host}/resource/perm-2222" in code[language] for language in ("curl", "python", "r"))
    curl = shutil.which("curl")
    node = shutil.which("node")
    if curl is None or node is None:
        lacking("no curl or no node: install both")
    rows, _, counts = run(["sh", "-e"], text=f"{code['curl']}").partition('"kind","count"')
    assert len(json.loads(rows)) == 5
    assert '"REPAIR","67"' in counts
    for language in ("sodapy", "python"):
        said = run([sys.executable, "-c", code[language]])
        assert said.count("'number': 'P-") == 5, language
        assert "{'kind': 'REPAIR', 'count': '67'}" in said, language
    said = run([node, "--input-type=module"], text=code["javascript"])
    assert said.count("number: 'P-") == 5
    assert "{ kind: 'REPAIR', count: '67' }" in said


@pytest.mark.slow
def test_r_runs_as_shown(server: Server) -> None:
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("no R on this machine: install r-base-core")
    said = run([rscript, "--vanilla", "-e", examples(server.get("/data/permits/").text)["r"]])
    assert said.count("P-0") == 5
    assert re.search(r"REPAIR +67\b", said)
    question = server.get("/data/permits/explore/?where.kind=REPAIR&group=kind").text
    recipe = html.unescape(
        next(text for text in re.findall(r"<code[^>]*>(.*?)</code>", question, re.DOTALL) if "read.csv" in text)
    )
    assert re.search(r"REPAIR +67\b", run([rscript, "--vanilla", "-e", recipe]))


@pytest.mark.slow
def test_every_address_and_file_on_the_page_answers(server: Server) -> None:
    page = server.get("/data/permits/").text
    links = {html.unescape(link) for link in re.findall(r'href="([^"]+)"', page)}
    addresses = {link.removeprefix(f"http://{server.host}") for link in links}
    asked = {link for link in addresses if link.startswith(("/resource", "/api", "/downloads", "/openapi", "/data/"))}
    assert len([link for link in asked if link.startswith("/downloads/permits/1/")]) >= 4
    assert {link: server.get(link).status for link in asked if server.get(link).status != 200} == {}


@pytest.mark.slow
def test_the_page_tells_search_engines_what_it_is(server: Server) -> None:
    page = server.get("/data/permits/").text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found is not None
    told = json.loads(found[1])
    assert (told["@type"], told["name"], told["url"]) == ("Dataset", "Permits", f"http://{server.host}/data/permits/")
    assert any("csv" in one["contentUrl"] for one in told["distribution"])


@pytest.mark.django_db
def test_what_is_not_public_has_nothing_to_take(client: Client, load: Callable[..., Dataset]) -> None:
    load(make_dataset("roster", payroll=True))
    page = client.get("/data/roster/").content.decode()
    assert "data-language" not in page
    assert 'id="downloads"' not in page


@pytest.mark.django_db
def test_a_dataset_of_another_site_leads_there(client: Client) -> None:
    files = [{"title": "All trees", "format": "CSV", "url": "https://data.example.gov/trees.csv"}]
    make_dataset("trees", sources=[], landing_page="https://data.example.gov/trees", catalogue={"distributions": files})
    page = client.get("/data/trees/").content.decode()
    assert "The rows of this dataset are kept by another site." in page
    assert 'href="https://data.example.gov/trees.csv"' in page
    assert "has not been loaded yet" not in page


@pytest.mark.django_db
def test_the_api_page_stands_without_data(client: Client) -> None:
    assert "/resource/NAME.json" in client.get("/data/api/").content.decode()


@pytest.mark.django_db
def test_a_citation_is_made_from_the_page(client: Client, load: Callable[..., Dataset], tmp_path: Path) -> None:
    load(make_dataset("permits"))
    page = client.get("/data/permits/").content.decode()
    form = re.search(r'<form method="post" action="(/cite[^"]*)">(.*?)</form>', page, re.DOTALL)
    assert form is not None
    given = {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form[2])}
    answer = client.post(form[1], given, follow=True)
    assert answer.status_code == 200
    assert "P-3" in answer.content.decode()


@pytest.mark.django_db
def test_a_page_with_rows_gives_visitors_no_cookie(client: Client, load: Callable[..., Dataset]) -> None:
    load(make_dataset("permits"))
    for address in ("/data/permits/", "/data/permits/compare/", "/data/permits/rows/", "/data/permits/explore/"):
        assert not client.get(address).cookies, address
