"""A security key as second factor, and the help at passwords, in a browser under the site's own policy."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright
from tests.factories import make_city, make_grant, make_staff

from cupola.web.accounts.models import Event

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery staple"
NEW = "#id_password1"


@pytest.fixture
def site(live_server: Any, settings: Any, home: Any) -> str:
    """Return the address of a site where an administrator may sign in; a key belongs to a name, not to a number."""
    settings.SECOND_FACTOR = "strong"
    make_city()
    person = make_staff("ada", PASSWORD)
    make_grant(person, "administrator")
    make_staff("bob", PASSWORD)
    return str(live_server.url).replace("127.0.0.1", "localhost")


@pytest.fixture
def page(chromium: str, site: str) -> Iterator[Page]:
    """A page with a key plugged in that says yes to everything. What the policy forbids fails the test."""
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        keys = page.context.new_cdp_session(page)
        keys.send("WebAuthn.enable")
        given = {"protocol": "ctap2", "transport": "usb", "isUserVerified": True, "automaticPresenceSimulation": True}
        keys.send("WebAuthn.addVirtualAuthenticator", {"options": given})
        yield page
        browser.close()
        assert complaints == []


def sign_in(page: Page, site: str, name: str = "ada") -> None:
    page.goto(f"{site}/accounts/login/")
    page.fill("#id_login", name)
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login/" not in address)


def test_a_key_is_added_and_asked_for_at_the_next_sign_in(page: Page, site: str) -> None:
    sign_in(page, site)
    page.goto(f"{site}/accounts/people/")
    page.wait_for_url(f"{site}/accounts/2fa/")  # an administrator goes nowhere without a second factor
    page.goto(f"{site}/accounts/2fa/webauthn/add/")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.fill("#id_name", "Blue key")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda address: "/add/" not in address)
    page.goto(f"{site}/accounts/2fa/webauthn/")
    assert "Blue key" in page.content()
    assert page.goto(f"{site}/accounts/people/").status == 200  # type: ignore[union-attr]

    page.context.clear_cookies()
    sign_in(page, site)
    page.wait_for_url(f"{site}/accounts/2fa/authenticate/**")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url(f"{site}/")
    assert page.goto(f"{site}/accounts/people/").status == 200  # type: ignore[union-attr]


def test_a_password_alone_opens_no_account_with_a_key(client: Client) -> None:
    person = make_staff("ada", PASSWORD)
    Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data={})
    signed = client.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
    assert signed.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/accounts/sessions/").status_code == 302
    assert not Event.objects.filter(action="accounts.signed_in").exists()


def test_a_password_can_be_seen_and_a_new_one_is_measured(page: Page, site: str) -> None:
    sign_in(page, site, "bob")
    page.wait_for_url(f"{site}/")
    page.goto(f"{site}/es/accounts/password/change/")
    for typed, said in (
        ("short", "Demasiado corta"),
        ("aaaaaaaaaaaaaaaaaaaa", "Fácil de adivinar"),
        ("123456789012345", "Fácil de adivinar"),
        ("maple-riverstone", "Regular"),
        (PASSWORD, "Difícil de adivinar"),
    ):
        page.fill(NEW, typed)
        assert said in page.inner_text(".password-tools [role=status]"), typed
    page.get_by_role("button", name="Mostrar la contraseña").nth(1).click()
    assert page.get_attribute(NEW, "type") == "text"
    page.get_by_role("button", name="Ocultar la contraseña").click()
    assert page.get_attribute(NEW, "type") == "password"
