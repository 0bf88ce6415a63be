"""A newcomer's path in a real browser: how many building permits per ward last year, as a map and a table?"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.looking import WIDTHS, faults
from tests.public_city import square, write_rows
from tests.servers import Server, run_folder, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LAST_YEAR = date.today().year - 1  # noqa: DTZ011  the server's day; the data lies far from the turn of the year
SERVER_SECONDS = 0.3
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
CITY = "kind: city\nkey: stonebridge\nname: Stonebridge\ntime_zone: America/Chicago\n"
WARDS = """kind: dataset
key: wards
title: Wards
description: Districts that elect a council member.
row: one ward
classification: public
released: true
approval: {by: Ada, on: 2026-11-01}
sources: [{file: wards.csv}]
columns:
  ward: {type: text, required: true, title: Ward}
  geometry: {type: geometry}
row_key: [ward]
"""
PERMITS = """kind: dataset
key: building-permits
title: Building permits
description: Permits the building office issued.
row: one building permit
keywords: [construction]
classification: public
released: true
approval: {by: Ada, on: 2026-11-01}
sources: [{file: permits.csv}]
columns:
  number: {type: text, required: true, title: Number}
  issued_on: {type: date, title: Issued on}
  kind: {type: code, title: Kind, allowed: {SIGN: "", REPAIR: ""}}
  cost: {type: money, title: Cost}
  longitude: {type: float}
  latitude: {type: float}
row_key: [number]
time_column: issued_on
place_tags:
  - {column: ward, point: [longitude, latitude], places: wards, take: ward}
"""


def permits() -> Iterator[tuple[object, ...]]:
    """Yield 300 permits of last year and 60 of the year before, most of them in ward 3."""
    for at in range(360):
        year = LAST_YEAR if at < 300 else LAST_YEAR - 1
        ward = 3 if at % 2 else at // 2 % 6 + 1
        day = date(year, at % 12 + 1, at % 28 + 1)
        yield f"P-{at:03}", day, ("SIGN", "REPAIR")[at % 2], at * 10, -122.51 + 0.02 * ward, 37.71


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("newcomer")
    city = folder / "city"
    city.mkdir()
    for name, text in (("city", CITY), ("wards", WARDS), ("building-permits", PERMITS)):
        (city / f"{name}.yaml").write_text(text)
    write_rows(city / "wards.csv", ["ward", "geometry"], ((number, square(number)) for number in range(1, 7)))
    columns = ["number", "issued_on", "kind", "cost", "longitude", "latitude"]
    write_rows(city / "permits.csv", columns, permits())
    run_folder(folder / "home", city)
    with serving(folder / "home", log=folder / "log") as started:
        yield started


@pytest.fixture(scope="module")
def browser(chromium: str, server: Server) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    opened = browser.new_context(java_script_enabled=request.param, accept_downloads=True)
    yield opened
    opened.close()


def find_the_answer(page: Page, home: str) -> None:
    """Go from the front page to the map, by what is written on the pages."""
    page.goto(home)
    page.get_by_role("searchbox").first.fill("how many building permits per ward last year")
    page.get_by_role("searchbox").first.press("Enter")
    page.wait_for_url("**/data/?q=*")
    page.get_by_role("link", name="Building permits").first.click()
    page.get_by_role("link", name="Explore this data").click()
    page.locator("summary", has_text="Issued on").click()
    page.locator("select[name='where.issued_on.in']").select_option("last-year")
    page.get_by_role("button", name="Show", exact=True).first.click()
    page.wait_for_url("**/explore/?where.issued_on.in=last-year")
    page.get_by_role("link", name="Count per “Ward”").click()


def test_a_newcomer_finds_maps_shares_downloads_and_cites(
    context: BrowserContext, server: Server, tmp_path: Path
) -> None:
    page, asked = context.new_page(), []
    page.on("request", lambda one: asked.append(urlsplit(one.url).hostname))
    find_the_answer(page, f"http://{server.host}/")
    assert page.get_by_text(f"Issued on is in last year ({LAST_YEAR}).", exact=True).is_visible()
    assert page.locator("figure.map").is_visible()
    assert page.locator(".table--rows tbody tr").first.inner_text().split() == ["3", "175"]
    reopened = context.new_page()
    reopened.goto(page.get_by_label("Address of this answer").input_value())
    assert reopened.locator(".answer__number").inner_text() == "300"
    with page.expect_download() as download:
        page.get_by_role("link", name="This table as CSV").click()
    download.value.save_as(tmp_path / "answer.csv")
    answer = (tmp_path / "answer.csv").read_bytes()
    assert answer.startswith(b'"ward","count"\n"3","175"\n')
    page.get_by_role("button", name="Make a citation").click()
    page.wait_for_url(re.compile(r"/cite/\w+/$"))
    assert server.get(f"{urlsplit(page.url).path.rstrip('/')}.csv").body == answer
    assert set(asked) - {None} == {"127.0.0.1"}


def test_each_page_of_the_path_takes_the_server_a_moment(server: Server) -> None:
    pages = [
        "/",
        "/data/?q=how+many+building+permits+per+ward+last+year",
        "/data/building-permits/",
        "/data/building-permits/explore/",
        "/data/building-permits/explore/?where.issued_on.in=last-year",
        "/data/building-permits/explore/?where.issued_on.in=last-year&group=ward&show=map",
        "/data/building-permits/explore/?group=issued_on.month&show=chart",
    ]
    for page in pages:
        server.get(page)  # a process just started still reads its templates
    took = {page: min(server.get(page).seconds for _time in range(3)) for page in pages}
    assert {page: seconds for page, seconds in took.items() if seconds > SERVER_SECONDS} == {}


VIEWS = [  # between them every control, a table, a map, lines, bars, a mistake
    "/data/building-permits/explore/?where.issued_on.in=last-year&group=ward&show=map",
    "/data/building-permits/explore/?group=issued_on.month,kind&show=chart",
    "/data/building-permits/explore/?where.cost.from=lots&where.kind=SIGN&where.ward=99",
]


def test_every_view_is_accessible_and_fits(browser: Browser, server: Server) -> None:
    page = browser.new_context(bypass_csp=True).new_page()
    wrong = []
    for address in [*VIEWS, *(f"/es{one}" for one in VIEWS)]:
        page.goto(f"http://{server.host}{address}")
        wrong += faults(page, widths=[min(WIDTHS)] if address.startswith("/es/") else WIDTHS)
    assert wrong == []


def test_the_path_can_be_walked_by_keyboard_alone(browser: Browser, server: Server) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"http://{server.host}/data/building-permits/explore/")
    summary = page.locator("summary", has_text="Issued on")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("last year")
    assert page.locator("select[name='where.issued_on.in']").input_value() == "last-year"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # in a text field: the form is sent
    page.wait_for_url("**/explore/?where.issued_on.in=last-year")
    page.get_by_role("link", name="Remove: Issued on is in last year").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/explore/")
    page.close()


def test_another_page_can_show_the_picture(browser: Browser, server: Server) -> None:
    page = browser.new_page()
    address = f"http://{server.host}/data/building-permits/explore.svg?group=ward"
    page.set_content(f'<img src="{address}" alt="">')
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.images[0].naturalWidth") == 768
    assert server.get("/data/building-permits/explore.svg?group=ward&show=map").text.count("<path") == 6
    page.close()
