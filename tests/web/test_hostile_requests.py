"""Requests that are hostile by how they are written: bytes, headers, sizes, depths."""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from tests.hostility import check_nothing_told, error_code, quick
from tests.servers import Answer, Server

pytestmark = [pytest.mark.slow]
Public = tuple[Server, Path]
ROWS = "/resource/permits.json"
PARSE, NAMES, DEEP = "query.soql.bad-parse", "query.soql.no-such-column", "query.compiler.malformed"


def asked(server: Server, home: Path, ask: Callable[[], Answer]) -> Answer:
    """Ask, and check what every answer must hold."""
    answer = quick(ask)
    check_nothing_told(answer, home=home)
    return answer


# ---- bytes that are no text, and texts that look like others

TARGETS = {
    "a NUL in a value": (f"{ROWS}?kind=%00", 400, PARSE),
    "a NUL in a string": (f"{ROWS}?$where=kind%20=%20%27a%00b%27", 400, PARSE),
    "a NUL in a clause": (f"{ROWS}?$where=kind%00=%27a%27", 400, PARSE),
    "a NUL in a name": (f"{ROWS}?$select=number%00", 400, PARSE),
    "a NUL in the path": ("/resource/permits%00.json", 404, "query.dataset.does-not-exist"),
    "a NUL after the format": ("/resource/permits.json%00.csv", 404, "query.dataset.does-not-exist"),
    "a NUL in a search": (f"{ROWS}?$q=a%00b", 400, PARSE),
    "a NUL in the name of a filter": (f"{ROWS}?kind%00=1", 400, PARSE),
    "a NUL in ckan's filters": (
        '/api/action/datastore_search?resource_id=perm-2222&filters=%7B"kind":"%5cu0000"%7D'.replace('"', "%22"),
        409,
        "Validation Error",
    ),
    "a NUL in ckan's search": ("/api/action/datastore_search?resource_id=perm-2222&q=%00", 409, "Validation Error"),
    "a NUL in as_of": (f"{ROWS}?as_of=2026%00", 400, "query.parameter.invalid"),
    "half a percent sign": (f"{ROWS}?kind=%", 200, "-"),
    "a percent sign and letters": (f"{ROWS}?$where=%zz", 400, PARSE),
    "bytes that are no UTF-8": (f"{ROWS}?$where=%e2%28%a1", 400, PARSE),
    "an overlong slash": ("/resource/..%c0%af..%c0%afetc%c0%afpasswd.json", 404, "query.dataset.does-not-exist"),
    "an overlong dot": (f"{ROWS}?kind=%c0%ae", 200, "-"),
    "a lone surrogate": (f"{ROWS}?kind=%ed%a0%80", 200, "-"),
    "a byte order mark": (f"{ROWS}?$select=%ef%bb%bfnumber", 400, PARSE),
    "a wide quote": (f"{ROWS}?$where=kind=%ef%bc%87x%ef%bc%87", 400, PARSE),
    "a curly quote": (f"{ROWS}?$where=kind=%e2%80%99x%e2%80%99", 400, PARSE),
    "a wide SELECT": (f"{ROWS}?$query=" + quote("ＳＥＬＥＣＴ *"), 400, PARSE),  # noqa: RUF001 - looks like SELECT
    "a Cyrillic letter in a name": (f"{ROWS}?$select=" + quote("numb\u0435r"), 400, NAMES),
    "a dotted capital I": (f"{ROWS}?$select=" + quote("K\u0130ND"), 400, NAMES),
    "a Kelvin sign for a k": (f"{ROWS}?$select=" + quote("\u212aind"), 200, "-"),
    "a zero-width space": (f"{ROWS}?$select=num%e2%80%8bber", 400, PARSE),
    "text that turns around": (f"{ROWS}?kind=%e2%80%ae", 200, "-"),
    "a line break in a string": (f"{ROWS}?$where=kind=%27a%0d%0ab%27", 200, "-"),
    "a line break in a comment": (f"{ROWS}?$where=kind=%27a%27%20--%0aOR%201=1;", 400, PARSE),
    "other white space": (f"{ROWS}?$select=number%0b,%0ckind&$limit=1", 200, "-"),
    "a header in the path": ("/resource/x%0d%0aSet-Cookie:%20a=b.json", 404, "query.dataset.does-not-exist"),
    "a header in a redirect": ("/d/perm-2222%0d%0aSet-Cookie:%20a=b", 404, "query.dataset.does-not-exist"),
    "a header in an alias": (f"{ROWS}?$select=number%20as%20`a%0d%0aSet-Cookie:%20a=b`&$limit=1", 200, "-"),
    "a redirect to another host": ("//evil.example/d/perm-2222", 301, "-"),
    "a back slash": ("/resource/..\\..\\permits.json", 404, "query.dataset.does-not-exist"),
    "a semicolon between parameters": (f"{ROWS}?$limit=1;$offset=2", 400, PARSE),
    "a parameter without a name": (f"{ROWS}?=1", 400, NAMES),
    "only signs": (f"{ROWS}?&&&=&&", 400, NAMES),
    "an array of parameters": (f"{ROWS}?$limit[]=1", 400, PARSE),
    "an address of a fragment": (f"{ROWS}?$limit=1#x", 200, "-"),
}


@pytest.mark.parametrize("what", TARGETS)
def test_strange_bytes_get_their_code(what: str, public_server: Public) -> None:
    server, home = public_server
    target, status, code = TARGETS[what]
    answer = asked(server, home, lambda: server.get(target))
    assert (answer.status, error_code(answer)) == (status, code), answer.text[:500]
    assert not answer.headers.get("location", "/").startswith(("//", "http"))  # only ever to a page of ours
    assert "set-cookie" not in answer.headers or "a=b" not in answer.headers["set-cookie"]
    assert "evil.example" not in answer.headers.get("location", "")


# ---- large and deep queries


def clause(**clauses: str) -> str:
    return f"{ROWS}?" + urlencode({f"${name}": text for name, text in clauses.items()}, quote_via=quote)


CORNERS = ", ".join(f"{number / 100} {number % 7}" for number in range(3000))
DEPTHS = {
    "10,000 brackets": (clause(where="(" * 10_000 + "1=1" + ")" * 10_000), 400, DEEP),
    "300 brackets": (clause(where="(" * 300 + "1=1" + ")" * 300), 400, DEEP),
    "5,000 nots": (clause(where="not " * 5000 + "open"), 400, DEEP),
    "15,000 minus signs": (clause(select="- " * 15_000 + "cost"), 400, DEEP),
    "a function in itself 2,000 times": (clause(select="lower(" * 2000 + "kind" + ")" * 2000), 400, DEEP),
    "1,000 cases": (clause(select="case(open, " * 1000 + "1" + ", true, 2)" * 1000), 400, DEEP),
    "2,000 pipes": (clause(query="SELECT *" + " |> SELECT *" * 2000), 400, DEEP),
    "2,000 casts": (clause(select="cost" + "::text::number" * 2000), 400, DEEP),
    "2,000 joined texts": (clause(select="||".join(["kind"] * 2000)), 400, DEEP),
    "2,000 ors": (clause(where=" OR ".join(f"units={number}" for number in range(2000))), 200, "-"),
    "3,000 columns": (clause(select=",".join(f"units as a{n}" for n in range(3000))) + "&$limit=1", 200, "-"),
    "8,000 values": (clause(where=f"units in ({','.join(map(str, range(8000)))})"), 200, "-"),
    "a name of 50,000 letters": (clause(select="a" * 50_000), 400, NAMES),
    "a string of 60,000 letters": (clause(where=f"kind='{'a' * 60_000}'"), 200, "-"),
    "9,999 quotes": (clause(where="'" * 9_999), 400, "query.soql.unterminated-string"),
    "20,000 commas": (clause(select="," * 19_000), 400, PARSE),
    "4,000 filters": (f"{ROWS}?" + "&".join(f"units={number}" for number in range(4000)), 200, "-"),
    "an address of 90,000 letters": (clause(where=f"kind='{'a' * 90_000}'"), 414, "-"),
    "a query of 1 MB": (clause(where=f"kind='{'a' * 1_000_000}'"), 431, "-"),
    "a million spaces": (clause(where=" " * 300_000 + "1=1"), 431, "-"),
    "a path of 100,000 letters": ("/resource/" + "a" * 100_000 + ".json", 414, "-"),
    "a polygon of 3,000 corners": (clause(where=f"within_polygon(place, 'POLYGON (({CORNERS}, 0 0))')"), 200, "-"),
}


@pytest.mark.parametrize("what", DEPTHS)
def test_large_and_deep_queries_get_their_code(what: str, public_server: Public) -> None:
    server, home = public_server
    target, status, code = DEPTHS[what]
    answer = asked(server, home, lambda: server.get(target))
    assert (answer.status, error_code(answer)) == (status, code), answer.text[:500]


# ---- headers

HEADERS: dict[str, tuple[dict[str, str], int]] = {
    "a header of 1 MB": ({"X-Long": "a" * 1_000_000}, 431),
    "1,000 headers": ({f"X-{number}": "a" for number in range(1000)}, 431),
    "another host": ({"Host": "evil.example"}, 400),
    "a host with a path": ({"Host": "127.0.0.1/../evil"}, 400),
    "a host with a user": ({"Host": "127.0.0.1@evil.example"}, 400),
    "a host that is a statement": ({"Host": "' OR 1=1 --"}, 400),
    "an empty host": ({"Host": ""}, 400),
    "a forwarded host": ({"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example;proto=https"}, 200),
    "a forwarded scheme": ({"X-Forwarded-Proto": "https", "X-Forwarded-Port": "1"}, 200),
    "a forwarded chain": ({"X-Forwarded-For": ", ".join(["10.0.0.1"] * 1000)}, 200),
    "a forwarded statement": ({"X-Forwarded-For": "'; DROP TABLE rows; --", "X-Real-IP": "${jndi:ldap://evil}"}, 200),
    "another address by header": ({"X-Original-URL": "/admin/", "X-Rewrite-URL": "/resource/drafts.json"}, 200),
    "another method by header": ({"X-HTTP-Method-Override": "DELETE"}, 200),
    "an ETag that is none": ({"If-None-Match": "garbage"}, 200),
    "an open ETag": ({"If-None-Match": '"'}, 200),
    "10,000 ETags": ({"If-None-Match": ", ".join(f'"{number}"' for number in range(3000))}, 200),
    "a day that is none": ({"If-Modified-Since": "yesterday"}, 200),
    "a day far away": ({"If-Modified-Since": "Fri, 31 Dec 999999 23:59:59 GMT"}, 200),
    "a range of rows": ({"Range": "bytes=0-10"}, 200),
    "a range that is none": ({"Range": "bytes=zz-1--2"}, 200),
    "a token with a statement": ({"X-App-Token": "' OR 1=1 --"}, 200),
    "a key of a client": ({"Authorization": "Basic " + "QUFB" * 1000}, 200),
    "a token of a client": ({"Authorization": "OAuth \\x00"}, 200),
    "a forged session": ({"Cookie": "sessionid=" + "a" * 4000 + "; csrftoken='; DROP TABLE x"}, 200),
    "no media type": ({"Accept": "text/evil;q=9999, */;q=x"}, 200),
    "no encoding": ({"Accept-Encoding": "evil, gzip;q=nan, br;q=-1"}, 200),
    "no language": ({"Accept-Language": "a" * 5000}, 200),
    "a content type for nothing": ({"Content-Type": "application/x-evil; boundary="}, 200),
    "an upgrade": ({"Upgrade": "h2c", "HTTP2-Settings": "AAMAAABkAARAAAAAAAIAAAAA"}, 200),
    "an expectation": ({"Expect": "100-continue"}, 200),
    "an origin": ({"Origin": "https://evil.example"}, 200),
}


@pytest.mark.parametrize("path", [f"{ROWS}?$limit=1", "/data/"])
@pytest.mark.parametrize("what", HEADERS)
def test_abused_headers_change_nothing(what: str, path: str, public_server: Public) -> None:
    server, home = public_server
    headers, status = HEADERS[what]
    answer = asked(server, home, lambda: server.get(path, headers))
    assert answer.status == status, answer.text[:500]
    assert "evil" not in answer.text
    assert "evil" not in json.dumps(dict(answer.headers))
    assert answer.headers.get("access-control-allow-credentials") is None


def written(line: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([line, *(headers or [b"Host: 127.0.0.1"]), b"Connection: close", b"", b""])


LINE, HOST = b"GET /data/ HTTP/1.1", b"Host: 127.0.0.1"
POST = b"POST /api/action/package_list HTTP/1.1"
SMUGGLED = b"0\r\n\r\nGET /x HTTP/1.1\r\n\r\n"
BYTES = {
    "a request without a host": (written(LINE, b"X-A: b"), {400}),
    "two hosts": (written(LINE, HOST, b"Host: evil.example"), {400}),
    "no version": (b"GET /resource/permits.json\r\n\r\n", {400}),
    "a version of the future": (written(b"GET / HTTP/9.9"), {400, 505}),
    "a method that is none": (written(b"EVIL /resource/permits.json HTTP/1.1"), {405}),
    "a whole address": (written(b"GET http://evil.example/resource/drafts.json HTTP/1.1"), {400, 404}),
    "a NUL in a header": (written(LINE, HOST, b"X-A: a\0b"), {400}),
    "a header without a name": (written(LINE, HOST, b": b"), {400}),
    "a folded header": (written(LINE, HOST, b"X-A: a\r\n b"), {400}),
    "length and chunks": (
        written(POST, HOST, b"Content-Length: 4", b"Transfer-Encoding: chunked") + SMUGGLED,
        {200, 400, 409},
    ),
    "a length that is none": (written(POST, HOST, b"Content-Length: -5"), {400}),
    "raw bytes in the target": (written(b"GET /resource/\xff\xfe.json HTTP/1.1"), {400, 404}),
    "a space in the target": (written(b"GET /resource/a b.json HTTP/1.1"), {400}),
}


@pytest.mark.parametrize("what", BYTES)
def test_requests_that_are_no_http_are_refused(what: str, public_server: Public) -> None:
    server, home = public_server
    request, statuses = BYTES[what]
    assert asked(server, home, lambda: server.send(request)).status in statuses


@pytest.mark.parametrize("path", ["/data.json", "/catalog.jsonld", "/api/catalog/v1", "/api/action/package_search"])
def test_an_answer_kept_for_one_name_of_the_site_is_not_given_under_another(path: str, public_server: Public) -> None:
    server, _ = public_server
    first, second, again = (server.get(path, {"Host": host}).text for host in (server.host, "localhost", server.host))
    assert server.host in first
    assert server.host not in second
    assert "http://localhost/" in second
    assert "http://localhost/" not in again


# ---- methods and bodies


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("path", [ROWS, "/resource/permits/row-1.json", "/api/views/perm-2222.json", "/data.json"])
def test_nothing_can_be_written(method: str, path: str, public_server: Public) -> None:
    server, home = public_server
    answer = asked(server, home, lambda: server.get(path, {"Content-Length": "0"}, method=method))
    assert answer.status == 405


def deep(depth: int) -> str:
    return "[" * depth + "]" * depth


BODIES = {
    "no JSON": ("{resource_id: ", {400, 409}),
    "a list": ("[1, 2]", {400, 409}),
    "a word": ('"perm-2222"', {400, 409}),
    "a deep list": (deep(100_000), {400, 409, 413}),
    "deep filters": (f'{{"resource_id": "perm-2222", "filters": {deep(500)}}}', {409}),
    "5 MB": (f'{{"resource_id": "{"a" * 5_000_000}"}}', {400, 404, 409, 413}),
    "numbers that are none": ('{"resource_id": "perm-2222", "limit": NaN}', {400, 409}),
    "a huge number": ('{"resource_id": "perm-2222", "limit": 1e999}', {400, 409}),
    "a number of 10,000 digits": (f'{{"resource_id": "perm-2222", "limit": {"9" * 10_000}}}', {400, 409}),
    "half a surrogate": ('{"resource_id": "\\ud800"}', {400, 404, 409}),
    "half a surrogate in the filters": (
        '{"resource_id": "perm-2222", "filters": "{\\"kind\\": \\"\\\\ud800\\"}"}',
        {409},
    ),
    "a NUL in the filters": ('{"resource_id": "perm-2222", "filters": {"kind": "a\\u0000b"}}', {409}),
    "an object as an id": ('{"resource_id": {"$gt": ""}}', {404, 409}),
    "a list as an id": ('{"resource_id": ["perm-2222", "drft-2222"]}', {404, 409}),
    "a statement as a field": ('{"resource_id": "perm-2222", "fields": ["number; DROP TABLE rows"]}', {409}),
    "a sensitive field": ('{"resource_id": "perm-2222", "fields": ["owner_phone"]}', {409}),
    "a sensitive filter": ('{"resource_id": "perm-2222", "filters": {"owner_phone": ["1"]}}', {409}),
    "a search in a sensitive field": ('{"resource_id": "perm-2222", "q": {"owner_phone": "1"}}', {409}),
    "an entity": ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', {400, 409}),
}


@pytest.mark.parametrize("what", BODIES)
def test_a_hostile_body_gets_an_error(what: str, public_server: Public) -> None:
    server, home = public_server
    body, statuses = BODIES[what]
    data = body.encode()
    head = (
        f"POST /api/action/datastore_search HTTP/1.1\r\nHost: {server.host}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(data)}\r\nConnection: close\r\n\r\n"
    ).encode()
    answer = asked(server, home, lambda: server.send(head + data))
    assert answer.status in statuses, answer.text[:500]
