"""Local accounts: made by an administrator, signed in with a second factor, locked after guesses, ended in time."""

import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client
from tests.factories import NOON, make_city, make_grant, make_staff
from tests.servers import command_environment

from cupola.web.accounts import actions
from cupola.web.accounts.models import Event, Grant, User
from cupola.web.identity import IdentityFileWrong, read_providers

pytestmark = pytest.mark.django_db
PASSWORD = "seven green lamps by night"
SIGN_IN = "/accounts/login/"
OIDC = "key: city, kind: openid-connect, name: City account, client: cupola"
SAML = "key: city, kind: saml, name: City, entity: x, sign_on: 'https://idp.example.gov/sso'"


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one is slow on purpose


def sign_in(client: Client, name: str = "ada", password: str = PASSWORD) -> Any:
    return client.post(SIGN_IN, {"login": name, "password": password})


def code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def said(action: str) -> list[Event]:
    return list(Event.objects.filter(action=action))


def test_an_invited_person_sets_a_password_once_and_signs_in(client: Client) -> None:
    person = actions.add_person("ada", email="Ada@example.gov", full_name="Ada Lovelace", at=NOON, by="root")
    assert not person.has_usable_password()
    link = actions.password_link(person, site="https://data.example.gov/", at=NOON, by="root")
    assert link.startswith("https://data.example.gov/accounts/password/reset/key/")
    page = client.get(link.removeprefix("https://data.example.gov"), follow=True)
    form = page.redirect_chain[-1][0]
    for weak in ("short", "password1234", "123456789012345", "ada@example.gov"):
        refused = client.post(form, {"password1": weak, "password2": weak})
        assert refused.status_code == 200, weak
    assert client.post(form, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    assert "/accounts/login/" in sign_in(Client(), password="wrong").request["PATH_INFO"]
    assert sign_in(client).headers["Location"] == "/"
    again = Client().get(link.removeprefix("https://data.example.gov"), follow=True)
    assert again.redirect_chain == []  # the link was good once


def test_a_password_of_128_signs_with_spaces_and_any_letters_is_taken(client: Client) -> None:
    person, long = make_staff("ada", PASSWORD), "pässword mit Leerzeichen 字 " * 5
    client.force_login(person)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    given = {"oldpassword": PASSWORD, "password1": long[:128], "password2": long[:128]}
    assert client.post("/accounts/password/change/", given).status_code == 302
    assert sign_in(Client(), password=long[:128]).status_code == 302
    assert [event.by_name for event in said("accounts.password_changed")] == ["ada"]


def test_nobody_signs_up(client: Client) -> None:
    given = {"email": "m@example.com", "username": "mallory", "password1": PASSWORD, "is_superuser": "1"}
    client.post("/accounts/signup/", given)
    assert not User.objects.exists()


def test_guesses_lock_an_account_and_say_the_same_whether_it_exists(client: Client) -> None:
    make_staff("ada", PASSWORD)
    answers = [sign_in(client, name, "a guess").content for name in ("ada", "nobody")]
    told = [b"do not belong together" in answer for answer in answers]
    assert told == [True, True]
    for _ in range(4):
        sign_in(client, "ada", "a guess")
    assert sign_in(Client(REMOTE_ADDR="10.0.0.9")).status_code == 200  # the right one, after five wrong ones
    failed = said("accounts.sign_in_failed")
    assert {event.target_key for event in failed} == {"ada", "(unknown)"}
    assert failed[0].detail["why"] == "too many attempts"
    assert "nobody" not in str([event.detail for event in failed])  # what was typed may be a password


def test_signing_in_starts_a_new_session_and_is_written_down(client: Client) -> None:
    make_staff("ada", PASSWORD)
    client.get(SIGN_IN)
    client.session["planted"] = "1"
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before
    assert said("accounts.signed_in")[0].detail == {"way": "password", "client": "127.0.0.1"}
    old = client.cookies["session"].value
    client.post("/accounts/logout/")
    assert said("accounts.signed_out")[0].by_name == "ada"
    thief = Client()
    thief.cookies["session"] = old
    assert thief.get("/accounts/sessions/").status_code == 302


@pytest.mark.parametrize(
    ("began", "seen", "over"), [(0, 0, False), (0, 31 * 60, True), (13 * 3600, 0, True), (11 * 3600, 29 * 60, False)]
)
def test_a_session_ends_after_its_hours_and_when_idle(client: Client, began: int, seen: int, over: bool) -> None:
    client.force_login(make_staff())
    session = client.session
    session.update({"signed_in_at": time.time() - began, "seen_at": time.time() - seen})
    session.save()
    answer = client.get("/accounts/sessions/")
    assert (answer.status_code, SIGN_IN in answer.headers.get("Location", "")) == (
        (302, True) if over else (200, False)
    )
    assert len(said("accounts.session_ended")) == over


def test_strong_roles_go_nowhere_without_a_second_factor(
    client: Client, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.SECOND_FACTOR = "strong"
    person = make_staff("ada", PASSWORD)
    sign_in(client)
    assert client.get("/status/").status_code == 200  # a viewer needs none
    make_grant(person, "administrator")
    assert client.get("/accounts/people/").headers["Location"] == "/accounts/2fa/"
    assert client.post("/accounts/people/of/ada/give/", {"role": "auditor"}).status_code == 403
    assert client.get("/accounts/2fa/totp/activate/").headers["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/accounts/2fa/totp/activate/", {"code": code(secret)}).status_code == 302
    assert client.get("/accounts/people/").status_code == 200
    assert secret not in str(list(person.authenticator_set.values_list("data", flat=True)))  # encrypted at rest
    assert {event.action for event in Event.objects.all()} >= {"accounts.totp_activated"}


def test_a_password_alone_opens_no_account_with_a_second_factor(client: Client) -> None:
    person = make_staff("ada", PASSWORD)
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(person, secret)
    assert sign_in(client).headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/accounts/sessions/").status_code == 302
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert client.post("/accounts/2fa/authenticate/", {"code": code(secret)}).status_code == 302
    assert client.get("/accounts/sessions/").status_code == 200
    second = Client()
    sign_in(second)
    used = second.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    assert used.status_code == 200  # a code works once


def test_a_blocked_person_is_out_at_once(client: Client) -> None:
    person = make_staff("ada", PASSWORD)
    sign_in(client)
    actions.block_person(person, reason="Left.", at=NOON, by="root")
    assert client.get("/accounts/sessions/").status_code == 302
    assert sign_in(Client()).status_code in {200, 302}
    assert Event.objects.filter(action="accounts.sessions_ended").count() == 1


def test_an_administrator_gives_a_role_and_never_to_themselves(client: Client) -> None:
    make_city()
    administrator, person = make_staff("ada", PASSWORD), make_staff("bob")
    make_grant(administrator, "administrator")
    sign_in(client)
    given = {
        "role": "steward",
        "department": "Buildings",
        "reason": "New steward.",
        "is_superuser": "on",
        "is_staff": "1",
    }
    assert (
        client.post("/accounts/people/of/bob/give/", given).headers["Location"].startswith("/accounts/reauthenticate/")
    )
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.post("/accounts/people/of/bob/give/", given).status_code == 302
    assert list(Grant.objects.filter(person=person).values_list("role", "department")) == [("steward", "Buildings")]
    person.refresh_from_db()
    assert not person.is_superuser
    assert client.post("/accounts/people/of/ada/give/", {**given, "role": "auditor"}).status_code == 403
    assert Grant.objects.filter(person=administrator).count() == 1
    event = Event.objects.get(action="accounts.role_given")
    assert (event.by_name, event.target_key, event.reason) == ("ada", "bob", "New steward.")


def test_mail_that_was_not_set_up_is_not_promised(client: Client) -> None:
    asked = client.post("/accounts/password/reset/", {"email": "nobody@example.gov"})
    known = client.post("/accounts/password/reset/", {"email": make_staff("ada").email or "ada@example.gov"})
    assert asked.status_code == known.status_code == 302


def test_a_new_password_ends_the_other_sessions(client: Client) -> None:
    make_staff("ada", PASSWORD)
    other = Client()
    for one in (client, other):
        sign_in(one)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    new = "eleven quiet boats at dawn"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert client.get("/accounts/sessions/").status_code == 200
    assert other.get("/accounts/sessions/").status_code == 302


def test_other_sessions_can_be_seen_and_ended(client: Client) -> None:
    make_staff("ada", PASSWORD)
    other = Client(HTTP_USER_AGENT="Elsewhere 1.0")
    for one in (client, other):
        sign_in(one)
    assert "Elsewhere 1.0" in client.get("/accounts/sessions/").content.decode()
    client.post("/accounts/sessions/")
    assert client.get("/accounts/sessions/").status_code == 200
    assert other.get("/accounts/sessions/").status_code == 302


def test_a_refusal_is_written_down(client: Client) -> None:
    client.force_login(make_staff("ada"))
    assert client.get("/accounts/audit/").status_code == 403
    assert [(event.by_name, event.detail) for event in said("accounts.refused")] == [
        ("ada", {"method": "GET", "path": "/accounts/audit/"})
    ]


def test_no_cache_keeps_what_staff_see_and_cookies_are_out_of_reach(client: Client) -> None:
    make_staff("ada", PASSWORD)
    sign_in(client)
    headers = client.get("/accounts/sessions/").headers
    assert headers["Cache-Control"] == "no-store, private"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    cookie = client.cookies["session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
    assert "geolocation=()" in Client().get("/").headers["Permissions-Policy"]


def test_behind_tls_cookies_are_bound_to_the_host_and_browsers_come_back_by_https(tmp_path: Path) -> None:
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "DEBUG")
    hsts = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS")
    script = f"from cupola.web import settings as s; print([getattr(s, name) for name in {names + hsts}])"
    environment = command_environment(tmp_path, CUPOLA_HTTPS="1")
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['__Host-session', '__Host-csrf', True, True, False, 31536000, True]"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("providers: 3", "write one list named providers"),
        ("providers: [{key: city, kind: saml}]", "provider city: name: Field required"),
        ("providers: [{key: city, kind: ldap, name: City}]", "provider city"),
        (f"providers: [{{{OIDC}, secret: x, server: 'http://login.example.gov'}}]", "is not an https address"),
        (f"providers: [{{{OIDC}, server: 'https://login.example.gov'}}]", "write either secret or secret_variable"),
        (f"providers: [{{{OIDC}, secret: x, server: 'https://a.gov', link_by_email: true}}]", "needs trust_email"),
        (
            f"providers: [{{{OIDC}, secret: x, server: 'https://a.gov', roles: [{{group: a, role: king}}]}}]",
            "roles.0.role",
        ),
        (f"providers: [{{{SAML}, certificate_file: gone.pem}}]", "there is no file"),
        ("providers: [", "cannot be read"),
    ],
)
def test_a_mistake_in_the_identity_file_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "identity.yaml").write_text(text)
    with pytest.raises(IdentityFileWrong, match=said) as caught:
        read_providers(tmp_path / "identity.yaml")
    assert "secret: x" not in str(caught.value)


def test_a_provider_vouches_for_nobody_else(client: Client, settings: Any) -> None:
    settings.SECOND_FACTOR = "strong"
    settings.IDENTITY_PROVIDERS = [SimpleNamespace(key="city", second_factor=True)]
    administrator, other = make_staff("ada", PASSWORD), make_staff("vera")
    make_grant(administrator, "administrator")
    for vouched, leads_on in ((other.pk, False), (administrator.pk, True)):
        begun = Client()
        session = begun.session
        session["vouched"] = ["city", vouched]  # a sign-in by a provider that was begun and left
        session.save()
        begun.cookies["session"] = session.session_key or ""
        sign_in(begun)
        assert (begun.get("/accounts/people/").status_code == 200) == leads_on
