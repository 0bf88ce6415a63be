"""An answer as bytes, with the headers of SODA, and what a client that already has it is told."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

import orjson

from cupola.errors import CupolaError
from cupola.lake import Release
from cupola.serving.deprecation import deprecation, http_date
from cupola.serving.errors import described, error_body
from cupola.soql import Compiled

JSON = "application/json; charset=utf-8"
MOST_HEADER = 5_000  # of the two headers that name columns and types, together
_VERSION = "1"  # of how rows are written: another one makes every ETag new

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True)
class Answer:
    """A whole answer. `etag` empty: nothing to compare. `rows`: of a dataset in it, for what counts use."""

    status: int
    headers: Headers
    body: bytes
    etag: str = ""
    modified: str = ""
    rows: int = 0


@dataclass
class Streamed:
    """An answer too long to keep: its head, and parts that are made as they are sent. Only one may take it.

    `tally`: the rows of each part made so far.
    """

    head: Answer
    parts: Iterator[bytes]
    tally: list[int] = field(default_factory=list)
    _taken: bool = False
    _lock: Lock = field(default_factory=Lock)

    def take(self) -> bool:
        """Say whether the caller is the first who wants it, and so the one who sends it."""
        with self._lock:
            first, self._taken = not self._taken, True
        return first


def fixed(headers: Mapping[str, str]) -> Headers:
    """Return headers as they are sent; a value never holds a line break."""
    return tuple(
        (name.lower().encode("latin-1"), " ".join(value.split()).encode("latin-1", "replace"))
        for name, value in headers.items()
    )


def make_etag(*facts: object) -> str:
    """Return a strong ETag: the same only where every byte is the same."""
    return '"' + hashlib.sha256(repr((_VERSION, *facts)).encode()).hexdigest()[:32] + '"'


def json_answer(value: object, *, modified: datetime | None = None, headers: Mapping[str, str] | None = None) -> Answer:
    """Return a JSON document, comparable by its content."""
    body = orjson.dumps(value, option=orjson.OPT_NAIVE_UTC)
    etag = '"' + hashlib.sha256(body).hexdigest()[:32] + '"'
    shown = {"Content-Type": JSON, "ETag": etag, "Cache-Control": "public, max-age=0, must-revalidate"}
    if modified is not None:
        shown["Last-Modified"] = http_date(modified)
    return Answer(200, fixed({**shown, **(headers or {})}), body, etag, shown.get("Last-Modified", ""))


def error_answer(error: CupolaError) -> Answer:
    """Return an error in SODA's shape."""
    status, document, headers = described(error)
    shown = {"Content-Type": JSON, "Cache-Control": "no-store", **headers}
    return Answer(status, fixed(shown), orjson.dumps(document, default=str))


def json_error(status: int, code: str, message: str) -> Answer:
    """Return an error that no engine raised."""
    shown = {"Content-Type": JSON, "Cache-Control": "no-store"}
    return Answer(status, fixed(shown), orjson.dumps(error_body(code, message, {})))


def redirect(to: str, *, status: int = 302) -> Answer:
    """Return the answer that sends a client to another address of this site; 308 for good, with its method."""
    return Answer(status, fixed({"Location": to, "Cache-Control": "no-cache"}), b"")


def soda_headers(release: Release, compiled: Compiled, *, content_type: str, etag: str) -> dict[str, str]:
    """Return the headers of rows."""
    modified = http_date(release.committed_at)
    shown = {
        "Content-Type": content_type,
        "ETag": etag,
        "Last-Modified": modified,
        "Cache-Control": "public, max-age=0, must-revalidate",
        "X-SODA2-Data-Out-Of-Date": "false",
        "X-SODA2-Truth-Last-Modified": modified,
        "X-Cupola-Version": str(release.version),
    }
    fields, types = _json([one.name for one in compiled.columns]), _json([one.type.value for one in compiled.columns])
    if len(fields) + len(types) <= MOST_HEADER:
        shown |= {"X-SODA2-Fields": fields, "X-SODA2-Types": types}
    return shown | deprecation(release, compiled.former)


def _json(values: Sequence[str]) -> str:
    # Escaped beyond ASCII, for headers carry no more.
    return orjson.dumps(list(values)).decode().encode("ascii", "backslashreplace").decode()


def unchanged(answer: Answer, *, if_none_match: str, if_modified_since: str) -> bool:
    """Whether the client has this very answer already. A date counts only where it is the one we gave."""
    if if_none_match:
        if not answer.etag:
            return False
        given = [one.strip().removeprefix("W/") for one in if_none_match.split(",")]
        return answer.etag in given or given == ["*"]
    return bool(if_modified_since) and if_modified_since == answer.modified
