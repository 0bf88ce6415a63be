"""People of a directory sign in, in a browser, through real providers that run on this machine."""

import json
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from playwright.sync_api import Browser, Page, sync_playwright
from tests import commands
from tests.conftest import ROOT, lacking
from tests.looking import WIDTHS, faults
from tests.servers import command_environment, empty_home, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
VERA = {"email": "vera@example.gov", "email_verified": True, "given_name": "Vera", "family_name": "Rubin"}
PEOPLE: dict[str, Any] = {
    "vera": {**VERA, "groups": ["building-stewards", "everyone"]},
    "mallory": {"email": "mallory@example.gov", "email_verified": True, "groups": ["everyone"]},
    "imposter": {"email": "ada@example.gov", "email_verified": True, "groups": ["building-stewards"]},
}
IDENTITY = """
providers:
  - {{key: city, kind: openid-connect, name: City account, server: "http://127.0.0.1:{oidc}", client: cupola,
     secret: told to both sides by the test, second_factor: true,
     roles: [{{group: building-stewards, role: steward, department: Buildings}}]}}
  - {{key: state, kind: saml, name: State directory, entity: "http://127.0.0.1:{saml}/metadata",
     sign_on: "http://127.0.0.1:{saml}/sso", certificate_file: state.pem, second_factor: true,
     roles: [{{group: building-stewards, role: custodian}}, {{group: auditors, role: auditor}},
             {{group: admins, role: administrator}}]}}
"""


@dataclass(frozen=True)
class World:
    """A Cupola that two providers run beside. `people`: the file that both directories read."""

    site: str
    home: Path
    people: Path

    def records(self, question: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.home / "records.db") as records:
            return records.execute(question).fetchall()

    def directory(self, **changes: Any) -> None:
        self.people.write_text(json.dumps({**PEOPLE, **changes}))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def provider(script: str, *arguments: str) -> Iterator[None]:
    """Run a provider until the block ends."""
    node = shutil.which("node") or shutil.which("node", path=str(ROOT / ".venv" / "bin"))
    if node is None or not (ROOT / "node_modules" / "oidc-provider").is_dir():
        lacking("no node, or no providers: run make setup")
    command = [node, str(ROOT / "tests" / "providers" / script), *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        assert any(line == "ready\n" for line in process.stdout), f"{script} does not start"
        yield
    finally:
        process.kill()
        process.communicate()


def key_pair(folder: Path) -> None:
    """Write the provider's key and certificate, valid for a day."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "State directory")])
    now = datetime.now(UTC)
    certificate = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    certificate = certificate.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    plain = serialization.NoEncryption()
    text = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "state.key").write_bytes(text)
    pem = certificate.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    (folder / "state.pem").write_bytes(pem)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("identity")
    home, people = folder / "home", folder / "people.json"
    shutil.copytree(empty_home(), home)
    key_pair(home)
    oidc, saml = free_port(), free_port()
    (home / "identity.yaml").write_text(IDENTITY.format(oidc=oidc, saml=saml))
    (home / "identity.yaml").chmod(0o600)
    add = ("people", "add", "ada", "--email", "ada@example.gov")
    done = commands.run(*add, environment=command_environment(home))
    assert done.returncode == 0, done.stderr
    with ExitStack() as stack:
        server = stack.enter_context(serving(home, log=folder / "log"))
        site = f"http://127.0.0.1:{server.port}"
        world = World(site, home, people)
        world.directory()
        back = f"{site}/accounts/oidc/city/login/callback/"
        stack.enter_context(provider("oidc.mjs", str(oidc), back, str(people)))
        pair = (str(home / "state.key"), str(home / "state.pem"))
        stack.enter_context(provider("saml.cjs", str(saml), f"{site}/accounts/saml/state/acs/", *pair, str(people)))
        yield world


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page that remembers nobody."""
    context = browser.new_context(locale="en")
    yield context.new_page()
    context.close()


def sign_in_by_oidc(page: Page, world: World, name: str) -> None:
    page.goto(f"{world.site}/accounts/login/?next=/status/")
    page.get_by_role("button", name="Sign in with City account").click()
    page.fill("[name=login]", name)
    page.fill("[name=password]", "whatever: the provider's own sign-in is not on trial")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{world.site}/**")


def sign_in_by_saml(page: Page, world: World, name: str) -> None:
    page.goto(f"{world.site}/accounts/login/?next=/status/")
    page.get_by_role("button", name="Sign in with State directory").click()
    page.fill("[name=name]", name)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{world.site}/**")


def roles(world: World, origin: str) -> list[tuple[Any, ...]]:
    return world.records(
        f"select role, department from accounts_grant where origin = '{origin}' and until is null order by role"
    )


def test_openid_connect_signs_in_with_the_roles_of_the_groups_and_takes_them_back(page: Page, world: World) -> None:
    world.directory()
    sign_in_by_oidc(page, world, "vera")
    assert page.url == f"{world.site}/status/"
    assert page.get_by_role("button", name="Sign out").is_visible()
    assert roles(world, "city") == [("steward", "Buildings")]
    signed = "select by_name, json_extract(detail, '$.way') from accounts_event where action = 'accounts.signed_in'"
    assert world.records(signed) == [("vera", "city")]

    page.get_by_role("button", name="Sign out").click()
    page.context.clear_cookies()
    world.directory(vera={**VERA, "groups": []})
    sign_in_by_oidc(page, world, "vera")
    assert page.get_by_role("button", name="Sign out").is_visible()
    assert roles(world, "city") == []
    assert world.records("select is_superuser from accounts_user where username = 'vera'") == [(0,)]


@pytest.mark.parametrize(
    ("name", "said", "why"),
    [("mallory", "nobody has given you a role", "no role"), ("imposter", "with your e-mail address", "address taken")],
)
def test_who_has_no_role_or_claims_anothers_address_gets_in_nowhere(
    page: Page, world: World, name: str, said: str, why: str
) -> None:
    world.directory()
    sign_in_by_oidc(page, world, name)
    assert said in page.inner_text("main")
    page.goto(f"{world.site}/accounts/sessions/")
    assert "/accounts/login/" in page.url
    assert world.records(f"select count(*) from accounts_user where username = '{name}'") == [(0,)]
    failed = "select json_extract(detail, '$.why') from accounts_event where action = 'accounts.sign_in_failed'"
    assert (why,) in world.records(failed)


def test_saml_signs_in_with_the_roles_of_the_groups(page: Page, world: World) -> None:
    world.directory(grace={"email": "grace@example.gov", "given_name": "Grace", "groups": ["auditors"]})
    sign_in_by_saml(page, world, "grace")
    assert page.url == f"{world.site}/status/"
    assert page.get_by_role("button", name="Sign out").is_visible()
    assert roles(world, "state") == [("auditor", "")]
    page.goto(f"{world.site}/accounts/audit/")
    assert "accounts.signed_in" in page.inner_text("main")


def test_an_assertion_sent_twice_or_changed_signs_nobody_in(page: Page, world: World) -> None:
    world.directory(grace={"email": "grace@example.gov", "groups": ["auditors"]})
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if "/acs/" in request.url else None)
    sign_in_by_saml(page, world, "grace")
    assert len(sent) >= 1
    page.context.clear_cookies()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    again = page.request.post(f"{world.site}/accounts/saml/state/acs/", data=sent[0], headers=headers)
    assert again.status in {401, 403, 200}
    page.goto(f"{world.site}/accounts/sessions/")
    assert "/accounts/login/" in page.url


STAFF_PAGES = (
    *("/accounts/audit/?verify=1", "/accounts/people/", "/accounts/people/roles/", "/accounts/people/of/ada/"),
    *("/accounts/people/add/", "/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/sessions/"),
    *("/accounts/email/", "/accounts/password/set/", "/accounts/logout/"),
)
OPEN_PAGES = ("/accounts/login/", "/accounts/password/reset/", "/accounts/signup/")


def test_pages_of_accounts_are_accessible_and_fit(browser: Browser, world: World) -> None:
    world.directory(ada2={"email": "hopper@example.gov", "groups": ["auditors", "admins"]})
    context = browser.new_context(bypass_csp=True)
    page, problems = context.new_page(), []
    for address in OPEN_PAGES:
        for language in ("", "/es"):
            page.goto(f"{world.site}{language}{address}")
            problems += faults(page, widths=[min(WIDTHS)])
    sign_in_by_saml(page, world, "ada2")
    for address in STAFF_PAGES:
        for language in ("", "/es"):
            answer = page.goto(f"{world.site}{language}{address}")
            assert answer is not None
            assert answer.status == 200, address
            assert "/login/" not in page.url, address
            problems += faults(page, widths=[min(WIDTHS)])
    context.close()
    assert problems == []
