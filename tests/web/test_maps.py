"""Maps of a dataset: rows per place, its own shapes, or squares; drawn without scripts, in tiles with them."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright
from tests.factories import NOON, make_dataset
from tests.looking import WIDTHS, faults
from tests.servers import Server, run_folder, serving

from cupola.web.data.actions import make_tiles
from cupola.web.data.models import Dataset
from cupola.web.data.queries.maps import dataset_map
from cupola.web.ui.maps import Map

Load = Callable[..., Dataset]
SIDE = 0.02
WARDS = ["1", "2", "10", "3"]
PLACES = [
    {"name": "ward", "type": "text", "required": True, "title": "Ward"},
    {"name": "outline", "type": "geometry"},
]
TREES = [
    {"name": "number", "type": "text", "required": True},
    {"name": "lon", "type": "float"},
    {"name": "lat", "type": "float"},
    {"name": "ward", "type": "text"},
]
TAG = {"column": "ward_now", "point": ["lon", "lat"], "places": "wards", "take": "ward"}
FLAGS = ["--headless", "--no-sandbox", "--disable-quic", "--use-gl=angle", "--use-angle=swiftshader"]
GRAPHICS = [*FLAGS, "--enable-unsafe-swiftshader", "--disable-background-networking", "--disable-component-update"]


def square(number: int) -> str:
    """Return one of a row of squares that touch."""
    west, south = -87.7 + SIDE * number, 41.8
    east, north = west + SIDE, south + SIDE
    return f'"POLYGON (({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))"'


def wards_text() -> str:
    return "ward,outline\n" + "".join(f"{ward},{square(at)}\n" for at, ward in enumerate(WARDS))


def trees_text() -> str:
    """Return ten trees in ward 1, five in 2, one in 10, none in 3, one far away and one nowhere."""
    spots = [(0, 10), (1, 5), (2, 1)]
    rows = [(-87.69 + SIDE * at, 41.805 + n / 2000, WARDS[at]) for at, count in spots for n in range(count)]
    lines = [f"T-{n},{lon},{lat},{ward}" for n, (lon, lat, ward) in enumerate(rows)]
    return "\n".join(["number,lon,lat,ward", *lines, "T-97,-80,30,99", "T-98,,,"]) + "\n"


def city(load: Load, **facts: Any) -> Map:
    load(make_dataset("wards", columns=PLACES, row_key=["ward"]), wards_text())
    trees = load(make_dataset("trees", columns=TREES, row_key=["number"], **facts), trees_text())
    return mapped(trees)


def mapped(dataset: Dataset) -> Map:
    make_tiles(at=NOON)
    version = dataset.shown_version()
    assert version is not None
    found = dataset_map(dataset, version)
    assert found is not None
    return found


@pytest.mark.django_db
def test_rows_are_counted_by_the_places_their_points_were_tagged_with(load: Load) -> None:
    found = city(load, place_tags=[TAG])
    assert [(area.label, area.shown, area.grade) for area in found.areas] == [
        ("1", "10", 5),
        ("2", "5", 3),
        ("10", "1", 1),
        ("3", "none", 0),
    ]
    assert found.reading == "Ward: highest in 1 with 10, lowest in 10 with 1; 1 of 4 has none."
    assert found.notes == ("2 rows name no place of this map and are not drawn.",)
    assert found.evidence is not None
    assert "a point on a shared border belongs to the lowest" in found.evidence.method
    assert found.evidence.sources[-1].url == "/data/wards/"
    assert found.tiles is not None
    assert (found.tiles.url, found.tiles.key) == ("/tiles/wards/1.pmtiles", "ward")
    assert found.spots is not None
    assert found.spots.url == "/tiles/trees/1.pmtiles"


@pytest.mark.django_db
def test_a_column_named_like_the_key_of_places_serves_as_well_and_says_its_doubt(load: Load) -> None:
    found = city(load)
    assert [area.shown for area in found.areas] == ["10", "5", "1", "none"]
    assert found.evidence is not None
    assert "Older rows may mean places by the borders of their time." in found.evidence.uncertain
    assert found.areas[0].url == "/data/trees/explore/?where.ward=1"


@pytest.mark.django_db
def test_places_that_are_not_public_are_not_drawn(load: Load) -> None:
    load(make_dataset("wards", columns=PLACES, row_key=["ward"], released=False), wards_text())
    found = mapped(load(make_dataset("trees", columns=TREES, row_key=["number"]), trees_text()))
    assert found.title == "Where the rows are"
    assert found.tiles is None
    assert sum(int(area.shown) for area in found.areas) == 17
    assert found.notes == ("1 row has no place.",)


@pytest.mark.django_db
def test_places_that_do_not_match_are_not_drawn(load: Load) -> None:
    load(make_dataset("wards", columns=PLACES, row_key=["ward"]), wards_text())
    other = trees_text().replace(",1\n", ",A\n").replace(",2\n", ",B\n").replace(",10\n", ",C\n")
    found = mapped(load(make_dataset("trees", columns=TREES, row_key=["number"]), other))
    assert found.title == "Where the rows are"


@pytest.mark.django_db
def test_a_dataset_of_places_shows_them_in_natural_order(load: Load) -> None:
    found = mapped(load(make_dataset("wards", columns=PLACES, row_key=["ward"]), wards_text()))
    assert [area.label for area in found.areas] == ["1", "2", "3", "10"]
    assert (found.reading, found.grades) == ("The map shows 4 places.", ())


@pytest.mark.django_db
@pytest.mark.parametrize("hidden", ["lon", "ward"])
def test_what_is_sensitive_is_on_no_map(load: Load, hidden: str) -> None:
    columns = [{**column, "sensitive": column["name"] == hidden} for column in TREES]
    load(make_dataset("wards", columns=PLACES, row_key=["ward"]), wards_text())
    trees = load(make_dataset("trees", columns=columns, row_key=["number"]), trees_text())
    found = mapped(trees)
    assert found.title == ("Where the rows are" if hidden == "ward" else "Rows per place, by “Ward”")
    assert (found.spots is None) is (hidden == "lon")


@pytest.mark.django_db
def test_rows_that_may_not_be_shown_have_no_map(load: Load) -> None:
    load(make_dataset("wards", columns=PLACES, row_key=["ward"]), wards_text())
    trees = load(make_dataset("trees", columns=TREES, row_key=["number"], classification="internal"), trees_text())
    version = trees.versions.get()
    assert dataset_map(trees, version) is None


@pytest.mark.django_db
def test_the_page_draws_the_map_without_scripts_in_both_languages(client: Client, load: Load) -> None:
    city(load)
    page = client.get("/data/trees/").content.decode()
    wide = re.search(r'<svg class="map__drawing map__drawing--wide".*?</svg>', page, re.DOTALL)
    assert wide is not None
    assert len(re.findall(r'<path class="map__shape', wide[0])) == 4
    assert "<title>1: 10</title>" in wide[0]
    assert 'fill="url(#map-wide-none)"' in wide[0]
    assert "más alto en 1 con 10" in client.get("/es/data/trees/").content.decode()


# ---- in a browser, from a real server


CITY = "kind: city\nkey: stonebridge\nname: Stonebridge\ntime_zone: America/Chicago\n"
FOLDER_WARDS = """kind: dataset
key: wards
id: ward-2222
title: Wards
description: The wards of the city.
row: one ward
classification: public
released: true
approval: {by: Ada, on: 2026-11-01}
sources: [{file: wards.csv}]
columns:
  ward: {type: text, required: true, title: Ward}
  outline: {type: geometry}
row_key: [ward]
"""
FOLDER_TREES = """kind: dataset
key: trees
id: tree-2222
title: Trees
description: The trees of the city.
row: one tree
classification: public
released: true
approval: {by: Ada, on: 2026-11-01}
sources: [{file: trees.csv}]
columns:
  number: {type: text, required: true}
  lon: {type: float}
  lat: {type: float}
  ward: {type: text}
row_key: [number]
place_tags: [{column: ward_now, point: [lon, lat], places: wards, take: ward}]
"""
PAGES = ["/data/trees/", "/data/wards/", "/data/trees/explore/?group=ward_now&show=map"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a small city with wards and trees, tiles and all."""
    folder = tmp_path_factory.mktemp("maps")
    (folder / "city").mkdir()
    texts = {"city.yaml": CITY, "wards.yaml": FOLDER_WARDS, "trees.yaml": FOLDER_TREES}
    texts |= {"wards.csv": wards_text(), "trees.csv": trees_text()}
    for name, text in texts.items():
        (folder / "city" / name).write_text(text)
    run_folder(folder / "home", folder / "city")
    with serving(folder / "home", log=folder / "log") as server:
        yield server


@pytest.fixture(scope="module")
def browser(chromium: str, site: Server) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=GRAPHICS)
        yield started
        started.close()


def drawn(page: Page, site: Server, address: str) -> dict[str, int]:
    """Open a page, wait for its map to come alive, and count what each layer shows."""
    page.goto(f"http://127.0.0.1:{site.port}{address}")
    page.locator(".map").first.scroll_into_view_if_needed()
    until = time.monotonic() + 30
    while not page.evaluate("document.querySelector('.map').classList.contains('is-live')"):
        assert time.monotonic() < until, "the map stayed a drawing"
        time.sleep(0.1)
    counts: dict[str, int] = page.evaluate(
        """() => { const map = document.querySelector('.map').map, ids = map.getStyle().layers.map(one => one.id);
        return Object.fromEntries(ids.map(id => [id, new Set(map.queryRenderedFeatures({layers: [id]})
          .map(one => JSON.stringify(one.properties))).size])); }"""
    )
    return counts


@pytest.mark.browser
@pytest.mark.slow
def test_the_map_draws_its_tiles_under_the_strict_policy_and_asks_no_other_host(browser: Browser, site: Server) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type != "log" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    assert drawn(page, site, "/data/trees/")["fill"] == 4
    marks = page.evaluate("[...document.querySelectorAll('.map__mark:not([hidden])')].map(one => one.textContent)")
    assert sorted(marks) == ["1", "10", "2", "3"]
    page.evaluate("document.querySelector('.map').map.jumpTo({center: [-87.69, 41.807], zoom: 14})")
    until, spots = time.monotonic() + 20, 0
    while spots < 10 and time.monotonic() < until:
        spots = page.evaluate("document.querySelector('.map').map.queryRenderedFeatures({layers: ['spots']}).length")
        time.sleep(0.1)
    assert spots >= 10
    assert [url for url in asked if urlsplit(url).scheme in {"http", "https"} and urlsplit(url).port != site.port] == []
    assert [text for text in complaints if "GPU stall" not in text] == []
    page.close()


@pytest.mark.browser
@pytest.mark.slow
def test_a_keyboard_skips_the_map_or_moves_it(browser: Browser, site: Server) -> None:
    page = browser.new_page(viewport={"width": 768, "height": 900}, reduced_motion="reduce")
    drawn(page, site, "/data/trees/")
    page.locator(".map__skip").focus()
    assert page.locator(".map__skip").is_visible()
    page.keyboard.press("Enter")
    assert page.url.endswith("#map-list")
    page.get_by_role("button", name="Zoom in").focus()
    before = page.evaluate("document.querySelector('.map').map.getZoom()")
    page.keyboard.press("Enter")
    time.sleep(0.5)
    assert page.evaluate("document.querySelector('.map').map.getZoom()") > before + 0.9
    page.get_by_role("button", name="Show the whole map").focus()
    page.keyboard.press("Enter")
    time.sleep(0.5)
    assert page.evaluate("document.querySelector('.map').map.getZoom()") == pytest.approx(before, abs=0.01)
    page.close()


@pytest.mark.browser
@pytest.mark.slow
def test_maps_are_accessible_and_fit(browser: Browser, site: Server) -> None:
    page = browser.new_context(bypass_csp=True).new_page()
    wrong = []
    for address in [*PAGES, *(f"/es{one}" for one in PAGES)]:
        drawn(page, site, address)
        wrong += faults(page, widths=[min(WIDTHS)] if address.startswith("/es/") else WIDTHS)
    assert wrong == []


@pytest.mark.browser
@pytest.mark.slow
def test_the_drawing_stays_where_the_map_program_cannot_be_had(browser: Browser, site: Server, tmp_path: Path) -> None:
    page = browser.new_page()
    page.route("**/maplibre-gl.mjs", lambda route: route.abort())
    page.goto(f"http://127.0.0.1:{site.port}/data/trees/")
    page.locator(".map").scroll_into_view_if_needed()
    time.sleep(1)
    assert page.locator(".map__drawing--wide").is_visible()
    assert page.locator(".map__live").count() == 0
    page.close()
