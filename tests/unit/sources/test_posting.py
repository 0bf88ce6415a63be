"""Posting to addresses that strangers give: public machines only, no redirects, no name that turns."""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from cupola.sources import posting
from cupola.sources.posting import NotAnAddressToPostTo, NotPosted, check_address, is_public, post


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = 302 if self.path == "/elsewhere" else 200
        self.send_response(status)
        self.send_header("Location", "http://169.254.169.254/")
        self.end_headers()
        self.wfile.write(body[::-1])

    def log_message(self, *given: object) -> None:
        pass


@pytest.fixture(scope="module")
def receiver() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_what_is_allowed_by_name_is_reached(receiver: str) -> None:
    answer = post(f"http://{receiver}/hook", b"abc", headers={"Content-Type": "text/plain"}, inner=[receiver])
    assert (answer.status, answer.text) == (200, "cba")


def test_a_redirect_is_a_refusal_and_is_not_followed(receiver: str) -> None:
    with pytest.raises(NotPosted, match="answered 302"):
        post(f"http://{receiver}/elsewhere", b"", headers={}, inner=[receiver])


@pytest.mark.parametrize(
    "address",
    ["http://example.org/", "ftp://example.org/", "https://user:word@example.org/", "https://example.org:22/",
     "https:///hook", "https://example.org/a b", "hook", "https://[::1"],
)  # fmt: skip
def test_other_addresses_are_refused_before_anything_is_asked(address: str) -> None:
    with pytest.raises(NotAnAddressToPostTo):
        check_address(address)


@pytest.mark.parametrize(
    "place",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.9.9", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "2002:a00:1::", "255.255.255.255"],
)  # fmt: skip
def test_inner_machines_are_not_public(place: str) -> None:
    assert not is_public(place)
    assert is_public("8.8.8.8")
    assert is_public("2606:4700::1111")


@pytest.mark.parametrize("places", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:127.0.0.1"]])
def test_a_name_with_one_inner_address_is_refused(places: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, 443)) for place in places]
    monkeypatch.setattr(posting.socket, "getaddrinfo", lambda *a, **k: found)
    with pytest.raises(NotPosted, match="not on the public network"):
        post("https://hook.example.org/", b"", headers={})
