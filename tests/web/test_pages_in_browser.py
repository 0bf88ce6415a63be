"""Every page in a real browser, narrow to wide: accessible, no sideways scroll, nothing asked of another host."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.factories import NOON, make_city, make_dataset, make_editor, make_finding, make_grant, make_structure
from tests.looking import WIDTHS, faults
from tests.measured import PAGES as MEASURES
from tests.measured import STAFF_PAGES as REVIEWS
from tests.measured import make_reviewed
from tests.web.agenda_city import make_agenda
from tests.web.conftest import PERMITS
from tests.web.planned_city import PAGES as PLANS
from tests.web.planned_city import make_plans

from cupola.web.accounts.models import User
from cupola.web.data.models import DataRequest, Dataset, Feedback, Showing
from cupola.web.structure.actions import branch

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STATES = ["open", "closed", "closed"]
ENGLISH = [
    "/",
    "/about/",
    "/data/",
    "/data/?q=permits&freshness=late",
    "/data/permits/",
    "/data/permits/rows/",
    "/data/permits/compare/",
    "/data/permits/changes/",
    "/data/permits/versions/1/",
    "/subscriptions/?dataset=permits",
    "/data/roster/",
    "/data/not-loaded/",
    "/data/elsewhere/",
    "/data/api/",
    "/data/permits/feedback/?column=status",
    "/data-requests/",
    "/data-requests/new/?q=permits",
    "/status/",
    "/structure/",
    "/structure/springfield/?on=2025-01-01",
    "/structure/compare/?a=springfield@2024-01-01&b=springfield@2025-01-01",
    "/structure/worked/",
    "/agenda/",
    "/agenda/initiatives/crews/",
    "/agenda/awards/grant/",
    "/savings/",
    "/councils/",
    "/councils/council/",
    "/councils/recommendations/keep/",
    "/councils/meetings/april/",
    *MEASURES,
    "/accounts/login/",
    "/no-such-page/",
]
STAFF = [
    "/data/permits/edit/",
    "/data/permits/edit/columns/",
    "/data/permits/announce/",
    "/data/permits/duties/",
    "/data/permits/gate/",
    "/data/permits/history/",
    "/data/permits/quarantine/",
    "/data/permits/versions/2/recall/",
    "/staff/",
    "/staff/board/",
    "/staff/board/times/",
    "/staff/usage/",
    "/staff/narrow/",
    "/staff/inventory/",
    "/staff/inventory/progress/",
    "/staff/inventory/sheet/",
    "/staff/inventory/portals/",
    "/staff/feedback/report22/",
    "/staff/requests/request2/",
    "/staff/runway/?on=2026-11-22",
    "/staff/agenda/",
    "/staff/agenda/claim/licences/edit/",
    "/staff/agenda/claim/licences/step/",
    "/staff/agenda/award/grant/history/",
    "/savings/licences/",
    "/structure/springfield/checks/",
    "/structure/springfield/it/edit/",
    "/structure/branches/draft/",
    *PLANS,
    *REVIEWS,
]
PASSWORD = "correct horse battery staple"
SPANISH = [f"/es{address}" for address in ENGLISH]


@pytest.fixture
def browser(chromium: str, site: str) -> Iterator[Browser]:
    """Start the browser once the site stands, for no database call is possible while its loop runs."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def site(live_server: Any, load: Callable[..., Dataset]) -> str:
    """Return the address of a served city with a loaded, a restricted and an unloaded dataset."""
    make_city(website="https://www.example.gov", pay_data={"basis": "Public Records Act, section 7"})
    lines = "".join(f"P-{n:04d},20{n % 17 + 5:02d}-0{n % 9 + 1}-11,{STATES[n % 3]}\n" for n in range(400))
    keyed = {"row_key": ["permit_number"], "time_column": "issued_on"}
    permits = make_dataset("permits", **keyed, steward="Chief Data Officer", refresh="monthly")
    load(permits, PERMITS)
    load(permits, "permit_number,issued_on,status\n" + lines)
    make_finding(permits, column="status", count=2)
    load(make_dataset("roster", payroll=True))
    make_plans(load)
    make_dataset("not-loaded", department="Clerk")
    make_dataset("elsewhere", sources=[], landing_page="https://data.example.gov/d/abcd-1234")
    make_structure()
    make_agenda(city=False)
    make_reviewed()
    branch("springfield", "draft", at=NOON, by="Ada")
    letter = {"text": "A day late in July.", "received_at": NOON}
    Feedback.objects.create(key="report22", dataset=permits, column="status", form="a", **letter)
    Feedback.objects.create(dataset=permits, form="b", showing=Showing.HELD, held_for=["phone"], **letter)
    DataRequest.objects.create(key="request2", title="Street trees", form="c", **letter)
    return str(live_server.url)


@pytest.fixture
def cited(site: str) -> str:
    """Return the address of a citation."""
    form = {"dataset": "permits", "query": "$select=status,count(*)&$group=status"}
    return httpx.post(f"{site}/cite/", data=form).headers["location"]


# The site takes seconds to make anew and no check of these changes it: they are one test.
def test_public_pages_are_accessible_fit_keep_their_policy_and_need_no_mouse(
    browser: Browser, site: str, cited: str
) -> None:
    check_policy(browser, site)
    check_keyboard(browser, site)
    check_charts(browser, site)
    check_every_page(browser, site, cited)


def check_every_page(browser: Browser, site: str, cited: str) -> None:
    """Accessible, no sideways scroll, nothing asked of another host."""
    page = browser.new_context(bypass_csp=True).new_page()
    wrong: list[str] = []
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for address in [*ENGLISH, cited]:
        page.goto(site + address)
        wrong += faults(page)
    for address in [*SPANISH, f"/es{cited}?check=1"]:  # longer words: looked at where room is scarcest
        page.goto(site + address)
        wrong += faults(page, widths=[min(WIDTHS)])
    wrong += [url for url in asked if urlsplit(url).hostname not in {"127.0.0.1", "localhost"}]
    assert wrong == []


def check_policy(browser: Browser, site: str) -> None:
    """Pages obey their own policy and load everything they name."""
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("response", lambda answer: complaints.append(answer.url) if answer.status >= 400 else None)
    for address in ("/", "/data/", "/data/permits/", "/data/permits/rows/", "/es/data/permits/"):
        page.goto(site + address, wait_until="networkidle")
    assert complaints == []


def check_keyboard(browser: Browser, site: str) -> None:
    """A keyboard reaches content, evidence and rows without scripts."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/data/permits/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    summary = page.locator(".know > summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.get_by_text("Every row of the version is counted.").is_visible()
    page.get_by_role("link", name="More rows").click()
    assert page.get_by_text("Rows 101 to 200 of 400").is_visible()


def check_charts(browser: Browser, site: str) -> None:
    """Charts keep their words readable on a phone."""
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.goto(f"{site}/data/permits/")
    drawn = page.locator(".chart__drawing--narrow")
    assert drawn.is_visible()
    assert not page.locator(".chart__drawing--wide").is_visible()
    box = drawn.bounding_box()
    assert box is not None
    assert 14 * box["width"] / 340 >= 12  # labels are 14 units high in a frame 340 units wide


def sign_in(page: Page, site: str) -> None:
    """Sign in as an editor, by the form."""
    page.goto(f"{site}/accounts/login/")
    page.fill("#id_login", "grace")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/")


@pytest.fixture
def editor(site: str, settings: Any) -> User:
    """Return an editor who can sign in without a second factor; made before the browser starts."""
    settings.SECOND_FACTOR = "nobody"
    person = make_editor()
    make_grant(person, "coordinator")
    person.set_password(PASSWORD)
    person.save()
    return person


def test_staff_pages_are_accessible_fit_and_correct_without_scripts(editor: User, browser: Browser, site: str) -> None:
    check_staff_pages(browser, site)
    check_correction(browser, site)


def check_staff_pages(browser: Browser, site: str) -> None:
    """Accessible, no sideways scroll."""
    page = browser.new_context(bypass_csp=True).new_page()
    sign_in(page, site)
    wrong = []
    for address in [*STAFF, *(f"/es{one}" for one in STAFF)]:
        page.goto(site + address)
        wrong += [f"{address} led to {page.url}"] if page.url != site + address else []
        wrong += faults(page, widths=[min(WIDTHS) if address.startswith("/es/") else max(WIDTHS)])
    assert wrong == []


def check_correction(browser: Browser, site: str) -> None:
    """An editor corrects a dataset and puts it back, without scripts."""
    page = browser.new_context(java_script_enabled=False).new_page()
    sign_in(page, site)
    page.goto(f"{site}/data/permits/")
    page.get_by_role("link", name="Edit words").click()
    page.get_by_label("Steward").first.fill("Head of permits")
    page.get_by_label("Why this change?").fill("The post was renamed.")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_text("Saved.").is_visible()
    steward = page.locator(".facts > .fact").last
    assert "Head of permits" in steward.inner_text()
    page.get_by_role("link", name="History").click()
    page.get_by_text("Put back what was there before").click()
    page.get_by_label("Why this change?").fill("Not yet.")
    page.get_by_role("button", name="Put back").click()
    page.goto(f"{site}/data/permits/")
    assert "Chief Data Officer" in steward.inner_text()
