"""What every answer must carry, and what no page may hold."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from tests.factories import make_city, make_dataset, make_staff

from cupola.errors import Conflict, InvalidInput, NotAllowed, NotFound, Unsolvable
from cupola.web.ui.errors import ErrorPages, status_of

pytestmark = pytest.mark.django_db
ADDRESSES = ["/", "/about/", "/data/", "/data/permits/", "/data/permits/rows/", "/accounts/login/", "/no-such-page/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_forbids_what_is_not_ours(client: Client, address: str) -> None:
    make_dataset()
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    for rule in ("default-src 'self'", "style-src 'self'", "script-src 'self'", "img-src 'self' data:"):
        assert rule in policy
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", [*ADDRESSES, *(f"/es{address}" for address in ADDRESSES)])
def test_no_page_holds_inline_styles_scripts_or_foreign_files(client: Client, address: str) -> None:
    make_dataset()
    page = client.get(address).content.decode()
    assert "style=" not in page
    assert "<style" not in page
    # the first is read, never run; the other is a file of ours
    allowed = r'type="application/ld\+json"|type="module" src="/static/cupola/[a-z]+\.js"></script>'
    assert re.findall(rf"<script (?!{allowed}).*|<script>", page) == []
    assert not re.search(r'\son\w+="', page)
    assert re.findall(r'(?:src|<link[^>]+href)="(?!/)[^"]*"', page) == []


@pytest.mark.parametrize("address", ["/", "/data/", "/data/permits/"])
def test_visitors_get_no_cookie(client: Client, address: str) -> None:
    make_dataset()
    assert not client.get(address).cookies


def test_an_unknown_page_says_what_to_do(client: Client) -> None:
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "This page does not exist" in answer.content.decode()
    assert "Search the data" in answer.content.decode()


def test_a_crash_answers_with_a_page_in_plain_words(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cupola.web.portal.views.home.CHANGES", "not a number")
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert "The data is safe" in answer.content.decode()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInput("x"), 400),
        (NotAllowed("x"), 403),
        (NotFound("x"), 404),
        (Conflict("x"), 409),
        (Unsolvable("x"), 422),
    ],
)
def test_each_kind_of_error_has_its_status(error: InvalidInput, status: int) -> None:
    assert status_of(error) == status


def test_an_error_page_never_names_a_file_of_the_machine() -> None:
    request = RequestFactory().get("/")
    answer = ErrorPages(lambda request: HttpResponse()).process_exception(request, NotFound("/srv/home/lake is gone"))
    assert answer is not None
    assert answer.status_code == 404
    assert "/srv/home" not in answer.content.decode()


def test_staff_sign_in_and_out(client: Client, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one is slow on purpose
    make_city()
    make_staff("ada", password="a long enough password")
    wrong = client.post("/accounts/login/", {"login": "ada", "password": "guess"})
    assert "do not belong together" in wrong.content.decode()
    right = client.post("/accounts/login/", {"login": "ada", "password": "a long enough password"})
    assert right.headers["Location"] == "/"
    assert "Sign out" in client.get("/").content.decode()
    client.post("/accounts/logout/")
    assert "Sign out" not in client.get("/").content.decode()


def test_the_front_page_says_how_much_is_known(client: Client) -> None:
    make_city(name="Springfield")
    make_dataset()
    page = client.get("/").content.decode()
    assert "<h1>Springfield</h1>" in page
    assert "<strong>1</strong> dataset with <strong>0</strong> rows" in page


def test_an_empty_home_has_a_front_page(client: Client) -> None:
    assert "Nothing has been released here yet." in client.get("/").content.decode()
