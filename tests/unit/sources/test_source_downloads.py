"""Web files: whole, resumed, conditional, patient, and clear when nothing helps."""

import gzip
from email.utils import formatdate

import httpx
import pytest
from source_world import Asked, Reply, Site, Taker

from cupola.errors import CupolaError, InvalidInput
from cupola.sources import SourceUnreachable

BODY = b"a,b\n" + b"".join(b"%d,x\n" % n for n in range(40_000))
TAG = {"ETag": '"v1"', "Content-Type": "text/csv"}


def ranged(asked: Asked, body: bytes = BODY, tag: str = '"v1"', cut: int | None = None) -> Reply:
    """Serve as RFC 9110 says: the rest when If-Range still holds, else the whole."""
    start = asked.headers.get("range", "").removeprefix("bytes=").removesuffix("-")
    if start and asked.headers.get("if-range") == tag:
        where = f"bytes {start}-{len(body) - 1}/{len(body)}"
        return Reply(206, body[int(start) :], {"ETag": tag, "Content-Range": where}, cut)
    return Reply(200, body, {"ETag": tag, "Content-Type": "text/csv"}, cut)


def test_a_download_is_kept_and_named_for_people(taker: Taker, site: Site) -> None:
    site.replies["/files/rows.csv"] = [Reply(200, b"a,b\n1,x\n", TAG)]
    fetched = taker.fetch(url=f"{site.url}/files/rows.csv?$token=s3cret")
    assert (fetched.source, fetched.format, fetched.bytes, fetched.unchanged) == ("rows.csv", "csv", 8, False)
    assert taker.rows(fetched) == [{"a": "1", "b": "x", "_row": 1}]
    assert sorted(p.suffix for p in (taker.folder / "cache").iterdir()) == ["", ".lock"]
    assert "s3cret" not in repr(fetched.state)


def test_a_break_is_resumed_where_it_was(taker: Taker, site: Site) -> None:
    cuts = iter((100_000, 50_000, None))
    site.replies["/a.csv"] = lambda asked: ranged(asked, cut=next(cuts))
    fetched = taker.fetch(url=f"{site.url}/a.csv")
    assert fetched.path.read_bytes() == BODY
    assert [asked.headers.get("range") for asked in site.asked] == [None, "bytes=100000-", "bytes=150000-"]
    assert site.asked[1].headers["if-range"] == '"v1"'
    assert taker.waits.pauses == [1.0, 1.0]  # progress in between starts the pauses anew


def test_a_file_that_changed_during_the_break_is_taken_anew(taker: Taker, site: Site) -> None:
    other = BODY.replace(b"x", b"y")
    answers = iter((lambda asked: ranged(asked, cut=100_000), lambda asked: ranged(asked, other, '"v2"')))
    site.replies["/a.csv"] = lambda asked: next(answers)(asked)
    assert taker.fetch(url=f"{site.url}/a.csv").path.read_bytes() == other


def test_a_break_without_a_validator_starts_over(taker: Taker, site: Site) -> None:
    site.replies["/a.csv"] = [Reply(200, BODY, {"ETag": 'W/"weak"'}, cut=100_000), Reply(200, BODY)]
    assert taker.fetch(url=f"{site.url}/a.csv").path.read_bytes() == BODY
    assert "range" not in site.asked[1].headers


def test_a_rest_that_does_not_fit_starts_over(taker: Taker, site: Site) -> None:
    wrong = Reply(206, b"zzz", {"Content-Range": f"bytes 7-9/{len(BODY)}"})
    site.replies["/a.csv"] = [Reply(200, BODY, TAG, cut=100_000), wrong, Reply(200, BODY, TAG)]
    assert taker.fetch(url=f"{site.url}/a.csv").path.read_bytes() == BODY


def test_a_later_run_resumes_what_an_earlier_one_left(taker: Taker, site: Site) -> None:
    site.replies["/a.csv"] = lambda asked: ranged(asked, cut=1000) if len(site.asked) <= 8 else ranged(asked)
    taker.limit(seconds=3.5)
    with pytest.raises(SourceUnreachable, match="the connection broke off; waiting"):
        taker.fetch(url=f"{site.url}/a.csv")
    taker.limit(seconds=100.0)
    assert taker.fetch(url=f"{site.url}/a.csv").path.read_bytes() == BODY
    assert site.asked[-1].headers["range"].startswith("bytes=")


def test_an_unchanged_file_is_not_sent_again(taker: Taker, site: Site) -> None:
    changed = formatdate(1_700_000_000, usegmt=True)
    headers = TAG | {"Last-Modified": changed}
    site.replies["/a.csv"] = [Reply(200, BODY, headers), Reply(304, b"", {"ETag": '"v1"'})]
    first = taker.fetch(url=f"{site.url}/a.csv")
    second = taker.fetch(url=f"{site.url}/a.csv", state=first.state)
    assert (second.unchanged, second.fingerprint) == (True, first.fingerprint)
    assert site.asked[1].headers["if-none-match"] == '"v1"'
    assert site.asked[1].headers["if-modified-since"] == changed
    third = taker.fetch(url=f"{site.url}/a.csv", state=second.state)
    assert third.unchanged


def test_the_same_content_sent_again_is_unchanged(taker: Taker, site: Site) -> None:
    site.replies["/a.csv"] = [Reply(200, BODY)]
    first = taker.fetch(url=f"{site.url}/a.csv")
    assert taker.fetch(url=f"{site.url}/a.csv", state=first.state).unchanged


def test_a_lost_copy_is_fetched_again_although_the_state_remembers_it(taker: Taker, site: Site) -> None:
    site.replies["/a.csv"] = lambda asked: Reply(304) if "if-none-match" in asked.headers else Reply(200, BODY, TAG)
    first = taker.fetch(url=f"{site.url}/a.csv")
    first.path.unlink()
    again = taker.fetch(url=f"{site.url}/a.csv", state=first.state)
    assert (again.path.read_bytes(), again.unchanged) == (BODY, True)


def test_the_same_bytes_read_otherwise_are_changed_even_when_not_sent_again(taker: Taker, site: Site) -> None:
    site.replies["/a.csv"] = [Reply(200, BODY, TAG), Reply(304)]
    first = taker.fetch(url=f"{site.url}/a.csv")
    assert not taker.fetch(url=f"{site.url}/a.csv", delimiter=";", state=first.state).unchanged


def test_passing_troubles_are_waited_out_ever_longer(taker: Taker, site: Site) -> None:
    site.replies["/a.csv"] = [Reply(500), Reply(503), Reply(502), Reply(200, BODY)]
    taker.fetch(url=f"{site.url}/a.csv")
    assert taker.waits.pauses == [1.0, 2.0, 4.0]


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_names_a_pause_gets_it(taker: Taker, site: Site, status: int) -> None:
    site.replies["/a.csv"] = [Reply(status, b"", {"Retry-After": "17"}), Reply(200, BODY)]
    taker.fetch(url=f"{site.url}/a.csv")
    assert taker.waits.pauses == [17.0]


def test_a_pause_longer_than_the_time_left_ends_the_fetch(taker: Taker, site: Site) -> None:
    taker.limit(seconds=60.0)
    site.replies["/a.csv"] = [Reply(429, b"", {"Retry-After": "600"})]
    with pytest.raises(SourceUnreachable, match="waiting 600 s more would take too long"):
        taker.fetch(url=f"{site.url}/a.csv")


def test_after_the_last_try_the_error_says_it_all(taker: Taker, site: Site) -> None:
    site.replies["/a.csv"] = [Reply(500)]
    secret = site.url.replace("http://", "http://user:s3cret@")
    with pytest.raises(SourceUnreachable) as caught:
        taker.fetch(url=f"{secret}/a.csv?api_key=s3cret&x=1")
    assert str(caught.value) == (
        f"{site.url}/a.csv?api_key=***&x=1: it answered 500 Internal Server Error after 4 attempts."
        " Check the address and the connection, and run again."
    )
    assert (caught.value.status, caught.value.attempts, caught.value.exit_code) == (500, 4, 5)


@pytest.mark.parametrize(
    ("status", "said"), [(404, "ask the publisher where it moved"), (403, "refuses access"), (401, "needs a login")]
)
def test_a_lasting_refusal_is_not_repeated(taker: Taker, site: Site, status: int, said: str) -> None:
    site.replies["/a.csv"] = [Reply(status)]
    with pytest.raises(SourceUnreachable, match=said):
        taker.fetch(url=f"{site.url}/a.csv")
    assert len(site.asked) == 1


def test_nobody_listening_is_unreachable(taker: Taker) -> None:
    with pytest.raises(SourceUnreachable, match=r"127\.0\.0\.1:1/a\.csv: no connection .* after 4 attempts"):
        taker.fetch(url="http://127.0.0.1:1/a.csv")


def test_a_failed_fetch_leaves_the_last_copy_alone(taker: Taker, site: Site) -> None:
    site.replies["/a.csv"] = [Reply(200, BODY, TAG), Reply(200, b"a,b\n" * 9999, {"ETag": '"v2"'}, cut=9)]
    first = taker.fetch(url=f"{site.url}/a.csv")
    site.replies["/a.csv"] = [Reply(200, b"a,b\n" * 9999, {"ETag": 'W/"v2"'}, cut=0)]
    with pytest.raises(SourceUnreachable):
        taker.fetch(url=f"{site.url}/a.csv", state=first.state)
    assert first.path.read_bytes() == BODY


def test_a_file_over_the_limit_is_refused_before_it_is_fetched(taker: Taker, site: Site) -> None:
    taker.limit(max_bytes=1000)
    site.replies["/a.csv"] = [Reply(200, BODY)]
    with pytest.raises(InvalidInput, match="larger than the limit of 1,000 bytes"):
        taker.fetch(url=f"{site.url}/a.csv")


def test_a_slow_file_ends_with_the_time(taker: Taker, site: Site) -> None:
    def slow(asked: Asked) -> Reply:
        taker.waits.now += 100.0
        return Reply(200, BODY)

    taker.limit(seconds=60.0)
    site.replies["/a.csv"] = slow
    with pytest.raises(SourceUnreachable, match=r"it is too slow \(limit 60 s\)"):
        taker.fetch(url=f"{site.url}/a.csv")


def test_redirects_are_followed_but_not_for_ever(taker: Taker, site: Site) -> None:
    site.replies["/old.csv"] = [Reply(302, b"", {"Location": "/a.csv"})]
    site.replies["/a.csv"] = [Reply(200, BODY)]
    site.replies["/loop.csv"] = [Reply(302, b"", {"Location": "/loop.csv"})]
    assert taker.fetch(url=f"{site.url}/old.csv").path.read_bytes() == BODY
    with pytest.raises(SourceUnreachable, match="redirects too often"):
        taker.fetch(url=f"{site.url}/loop.csv")


def test_a_packed_transfer_is_unpacked(taker: Taker, site: Site) -> None:
    packed = gzip.compress(BODY)
    site.replies["/a.csv"] = lambda asked: Reply(200, packed, TAG | {"Content-Encoding": "gzip"})
    assert taker.fetch(url=f"{site.url}/a.csv").path.read_bytes() == BODY


def test_a_packed_transfer_that_is_damaged_is_refused(taker: Taker, site: Site) -> None:
    site.replies["/a.csv"] = [Reply(200, gzip.compress(BODY)[:-9], {"Content-Encoding": "gzip"})]
    with pytest.raises(SourceUnreachable, match="cannot be unpacked"):
        taker.fetch(url=f"{site.url}/a.csv")


def test_a_packed_transfer_that_unpacks_over_the_limit_is_refused(taker: Taker, site: Site) -> None:
    taker.limit(max_bytes=100_000)
    site.replies["/a.csv"] = [Reply(200, gzip.compress(b"a" * 1_000_000), {"Content-Encoding": "gzip"})]
    with pytest.raises(InvalidInput, match="larger than the limit"):
        taker.fetch(url=f"{site.url}/a.csv")


def test_a_web_page_is_not_data(taker: Taker, site: Site) -> None:
    page = b"\n<!DOCTYPE html><html>Log in</html>"
    site.replies["/a.csv"] = [Reply(200, page, {"Content-Type": "text/html; charset=utf-8"})]
    with pytest.raises(SourceUnreachable, match="a web page instead of data"):
        taker.fetch(url=f"{site.url}/a.csv")


@pytest.mark.parametrize(
    ("path", "headers", "format_"),
    [
        ("/export", {"Content-Type": "application/json; charset=utf-8"}, "json"),
        (
            "/export",
            {"Content-Type": "application/octet-stream", "Content-Disposition": 'attachment; filename="r.tsv"'},
            "tsv",
        ),
        ("/export", {"Content-Type": "application/vnd.geo+json"}, "geojson"),
    ],
)
def test_the_server_may_tell_the_format(
    taker: Taker, site: Site, path: str, headers: dict[str, str], format_: str
) -> None:
    site.replies[path] = [Reply(200, b"[]", headers)]
    assert taker.fetch(url=f"{site.url}{path}").format == format_


def test_an_address_of_another_kind_is_refused(taker: Taker) -> None:
    with pytest.raises(CupolaError, match=r"ftp://host/a\.csv: url: this kind of address is not known"):
        taker.fetch(url="ftp://user:s3cret@host/a.csv")


def test_two_downloads_of_one_address_do_not_mix(taker: Taker, site: Site) -> None:
    def meanwhile(asked: Asked) -> Reply:
        with pytest.raises(CupolaError, match="another process is downloading it"):
            taker.fetch(url=f"{site.url}/a.csv")
        return Reply(200, BODY)

    site.replies["/a.csv"] = meanwhile
    assert taker.fetch(url=f"{site.url}/a.csv").path.read_bytes() == BODY


def test_no_proxy_of_the_environment_is_used(taker: Taker, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    site.replies["/a.csv"] = [Reply(200, BODY)]
    assert taker.fetch(url=f"{site.url}/a.csv").bytes == len(BODY)
    assert httpx.get(f"{site.url}/a.csv", trust_env=False).status_code == 200
