"""Posting to an address that someone outside gave: never to a machine that is not public, never led elsewhere."""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from cupola.errors import InvalidInput, Unsolvable

SECONDS = 10.0
MOST_BYTES = 65_536  # read of an answer
_PORTS = {"https": 443, "http": 80}


class NotAnAddressToPostTo(InvalidInput):
    """The address cannot be posted to, whoever stands behind it."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"{why} Write one like https://example.org/hook.")


class NotPosted(Unsolvable):
    """Nobody took it: no answer, no trust, or an answer that says no. Never names the address."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True)
class Posted:
    """What the receiver answered: a status from 200 to 299 and the beginning of its text."""

    status: int
    text: str


def check_address(address: str, *, inner: Collection[str] = ()) -> tuple[str, str, int, str]:
    """Return scheme, host, port and path of an address that may be posted to. Raises NotAnAddressToPostTo.

    `inner`: hosts with their port (`127.0.0.1:8080`) that may be posted to although they are not public, also by http.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise NotAnAddressToPostTo("This is not an address.") from None
    allowed = f"{host}:{port}" in inner
    if parts.scheme != "https" and not (parts.scheme == "http" and allowed):
        raise NotAnAddressToPostTo("The address must begin with https://.")
    if not host or parts.username or parts.password or parts.fragment or not address.isprintable() or " " in address:
        raise NotAnAddressToPostTo("The address may hold no name, password or blank.")
    if not allowed and port not in {443, 8443}:
        raise NotAnAddressToPostTo("The address may name no port but 443 and 8443.")
    return parts.scheme, host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def post(
    address: str, body: bytes, *, headers: Mapping[str, str], inner: Collection[str] = (), seconds: float = SECONDS
) -> Posted:
    """Post `body` and return what came back. Redirects are not followed.

    The name is resolved once, every address it has must be public, and the connection goes to one of these, so that
    a name cannot turn to an inner machine between the look and the call. Raises NotAnAddressToPostTo, NotPosted.
    """
    scheme, host, port, path = check_address(address, inner=inner)
    place = _resolved(host, port, free=f"{host}:{port}" in inner)
    try:
        connection = _connected(scheme, host, port, place=place, seconds=seconds)
        try:
            connection.request("POST", path, body=body, headers={"Host": _host(host, port), **headers})
            answer = connection.getresponse()
            text = answer.read(MOST_BYTES).decode("utf-8", "replace")
        finally:
            connection.close()
    except (OSError, http.client.HTTPException) as error:
        raise NotPosted(f"No answer ({type(error).__name__}).") from error
    if not 200 <= answer.status < 300:
        raise NotPosted(f"It answered {answer.status}.")
    return Posted(answer.status, text)


def _resolved(host: str, port: int, *, free: bool) -> str:
    """Return one network address of a host. Raises NotPosted where one of them is not public."""
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise NotPosted("Its name leads nowhere.") from None
    if not free and not all(is_public(one) for one in found):
        raise NotPosted("It is not on the public network.")
    return sorted(found)[0]


def is_public(address: str) -> bool:
    """Whether a network address belongs to a machine anyone may reach; a mapped one counts as what it stands for."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inside is not None:
            found = inside
    return found.is_global and not found.is_multicast


def _connected(scheme: str, host: str, port: int, *, place: str, seconds: float) -> http.client.HTTPConnection:
    plain = socket.create_connection((place, port), seconds)
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    try:
        secure = scheme == "https"
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
    except OSError:
        plain.close()
        raise
    return connection


def _host(host: str, port: int) -> str:
    name = f"[{host}]" if ":" in host else host
    return name if port in _PORTS.values() else f"{name}:{port}"
