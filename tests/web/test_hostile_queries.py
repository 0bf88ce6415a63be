"""Queries nobody well-meaning asks, from a table, over HTTP."""

from pathlib import Path
from urllib.parse import quote

import pytest
from tests.hostility import check_nothing_told, error_code, quick
from tests.servers import Answer, Server

pytestmark = [pytest.mark.slow]

TABLE = Path(__file__).with_name("hostile_queries.tsv")


def cases() -> list[tuple[str, int, str, str]]:
    """Return what each request is, the status and the code it must get, and its target."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    parts = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(what, int(status), code, target) for what, status, code, target in parts]


def encoded(target: str) -> str:
    """Return a target as it goes over the wire; what is percent-encoded already stays."""
    path, asked, query = target.partition("?")
    pairs = (pair.partition("=") for pair in query.split("&"))
    parameters = "&".join(f"{quote(name, safe='$%')}{equals}{quote(value, safe='%')}" for name, equals, value in pairs)
    return quote(path, safe="/%") + asked + (parameters if asked else "")


def test_the_table_is_long_and_names_each_request_once() -> None:
    names = [what for what, *_ in cases()]
    assert len(names) >= 200
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(("what", "status", "code", "target"), cases(), ids=[what for what, *_ in cases()])
def test_a_hostile_query_gets_its_code_in_time_and_learns_nothing(
    what: str, status: int, code: str, target: str, public_server: tuple[Server, Path]
) -> None:
    server, home = public_server
    address = encoded(target)

    def ask() -> Answer:
        return server.get(address)

    answer = quick(ask)
    check_nothing_told(answer, home=home, asked=target)
    assert (answer.status, error_code(answer)) == (status, code), answer.text[:500]
