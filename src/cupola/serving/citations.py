"""Citations: a stable address for a query on one version, with a hash that anyone can compute again.

The hash is the SHA-256 of the answer as CSV, byte by byte what `/cite/<id>.csv` gives: UTF-8, one line of column names
and one line a row, each ended by a line feed; every value in double quotes (doubled inside), a missing value as
nothing; numbers plain, without exponent or useless zeros; days and times as 2026-01-31T00:00:00.000, instants with a Z;
shapes as well-known text. Computed floating point numbers are given to 12 digits. Ties are broken as `settling` says.
"""

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import duckdb
from starlette.requests import Request
from starlette.routing import Route

from cupola import soql
from cupola.errors import InvalidInput
from cupola.lake import Citation, Citations, Release
from cupola.serving import wire
from cupola.serving.answers import Answer, fixed, soda_headers
from cupola.serving.asking import Reply, reply
from cupola.serving.encoding import Rows
from cupola.serving.errors import CitationWithheld, NoSuchAddress
from cupola.serving.front import Site
from cupola.serving.limits import Allowance, Clients
from cupola.serving.parameters import Pairs, split_edition
from cupola.serving.service import Service
from cupola.serving.settling import settled

MOST_ROWS = 50_000
MOST_BYTES = 16_000_000
MOST_QUERY = 8_000  # characters
# A person cites a few things a day; ten at once and one every ten seconds leave room for a class of students.
MAKERS = Clients(Allowance(burst=10.0, refill=0.1, at_once=2))
_DIGITS = 12
_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}


class TooLargeToCite(InvalidInput):
    """The answer or the query is too large for a citation."""

    def __init__(self, what: str, *, most: int) -> None:
        self.most = most
        super().__init__(f"A citation may have at most {most:,} {what}. Filter or group more, or cite a whole version.")


@dataclass(frozen=True)
class Kept:
    """The answer to a cited query, computed now."""

    columns: tuple[soql.Output, ...]
    values: tuple[tuple[Any, ...], ...]

    @cached_property
    def csv(self) -> bytes:
        """The answer as CSV, which the hash is of."""
        rows = Rows(self.columns)
        return rows.header() + rows.csv(self.values)

    @property
    def json(self) -> bytes:
        """The answer as SODA's JSON."""
        return b"[" + Rows(self.columns).json(self.values)[2:] + b"]\n"

    def texts(self, count: int) -> list[list[str]]:
        """Return the first `count` rows as the CSV writes them, a missing value as an empty text."""
        lines = Rows(self.columns).csv(self.values[:count]).decode()
        return list(csv.reader(io.StringIO(lines, newline="")))

    @property
    def sha256(self) -> str:
        """The hash of the answer."""
        return hashlib.sha256(self.csv).hexdigest()


def routes(service: Service, site: Site) -> list[Route]:
    """Return the addresses of cited rows."""

    async def cited(request: Request) -> Reply:
        asked, _, ending = request.path_params["name"].rpartition(".")
        if ending not in _TYPES:
            raise NoSuchAddress(request.url.path)
        return await reply(service, request, lambda: _answer(service, asked, ending))

    return [Route("/cite/{name}", cited)]


def cite(service: Service, asked: str, *, pairs: Pairs, now: datetime, client: str | None = None) -> Citation:
    """Return the citation of a query on the version that answers it now, making it where there is none.

    `pairs`: the parameters of the query's address. `client`: who asks, for the limit on new ones; None has no limit.
    Raises NotReleased, Recalled, SoqlError, TooLargeToCite, Busy, and what running a query raises.
    """
    edition, rest = split_edition(pairs)
    request = replace(soql.read_request(rest), bom=False)
    if sum(len(str(text)) for text in asdict(request).values() if text) > MOST_QUERY:
        raise TooLargeToCite("characters in its query", most=MOST_QUERY)
    release = service.release(asked, as_of=edition.as_of, version=edition.version)
    now = now.replace(microsecond=0)  # what get_utc_date() is in this query, for ever
    schema = service.schema(release, vintage=edition.vintage, at=now)
    compiled = soql.compile_request(request, schema, now=now)
    draft = Citation(
        dataset=release.dataset,
        version=release.version,
        vintage=edition.vintage,
        normal=compiled.normal,
        rows=0,
        bytes=0,
        sha256="",
        cited_at=now,
        request={**_given(request), "default_limit": compiled.limit},
    )
    known = Citations(service.lake.registry).find(draft.id)
    if known is not None:
        return known
    with _counted(client):
        job = service.queue.ask(("cite", draft.id), lambda: _run(service, release, compiled, vintage=edition.vintage))
        kept: Kept = job.result()
    whole = replace(draft, rows=len(kept.values), bytes=len(kept.csv), sha256=kept.sha256)
    return Citations(service.lake.registry).keep(whole)


@contextmanager
def _counted(client: str | None) -> Iterator[None]:
    """Count a new citation of a client. Raises Busy."""
    if client is None:
        yield
        return
    MAKERS.begin(client)
    try:
        yield
    finally:
        MAKERS.end(client, seconds=1.0)


def _given(request: soql.Request) -> dict[str, Any]:
    """Return the parts of a request that say something."""
    return {
        name: value for name, value in asdict(request).items() if value is not None and value != () and name != "bom"
    }


def recomputed(service: Service, citation: Citation, *, client: str | None = None) -> Kept:
    """Return the answer to a cited query, computed now. `client`: who asks, for the limit on queries; None has none.

    Raises NotReleased, Recalled, CitationWithheld, Busy, and what running a query raises.
    """
    if client is not None:
        service.clients.begin(client)
    job = None
    try:
        job = service.queue.ask(("cited", citation.id), lambda: _recompute(service, citation))
        kept: Kept = job.result()
        service.cache.put(_key(service, citation), kept, size=2 * len(kept.csv))
        return kept
    finally:
        if client is not None:
            service.clients.end(client, seconds=job.claim_seconds() if job else 0.0)


def answered(service: Service, citation: Citation, *, client: str | None = None) -> Kept:
    """Return the answer to a cited query as it was last computed here, or else computed now. Raises as `recomputed`."""
    _compiled(service, service.release(citation.dataset, version=citation.version), citation)
    kept: Kept | None = service.cache.get(_key(service, citation))
    return kept or recomputed(service, citation, client=client)


def _key(service: Service, citation: Citation) -> tuple[str, str, str]:
    release = service.release(citation.dataset, version=citation.version)
    return ("kept", service.public(release).key, citation.id)


def question_of(citation: Citation) -> str:
    """Return a cited query as one text in the query language, as it was given."""
    given = citation.request
    if given.get("query"):
        return str(given["query"])
    conditions = [f"{name} = {_quoted(value)}" for name, value in given.get("filters", ())]
    conditions += [str(given["where"])] if given.get("where") else []
    parts = [f"SELECT {given.get('select') or '*'}"]
    parts += [f"SEARCH {_quoted(given['q'])}"] if given.get("q") else []
    parts += (
        ["WHERE " + " AND ".join(f"({one})" if len(conditions) > 1 else one for one in conditions)]
        if conditions
        else []
    )
    clauses = (("group", "GROUP BY"), ("having", "HAVING"), ("order", "ORDER BY"))
    parts += [f"{word} {given[name]}" for name, word in clauses if given.get(name)]
    parts.append(f"LIMIT {given['default_limit']}")
    parts += [f"OFFSET {given['offset']}"] if given.get("offset") else []
    return " ".join(parts)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _recompute(service: Service, citation: Citation) -> Kept:
    release = service.release(citation.dataset, version=citation.version)
    return _run(service, release, _compiled(service, release, citation), vintage=citation.vintage)


def _compiled(service: Service, release: Release, citation: Citation) -> soql.Compiled:
    given = dict(citation.request)
    limit = int(given.pop("default_limit"))
    request = soql.Request(**{**given, "filters": tuple((name, value) for name, value in given.pop("filters", ()))})
    # A name that was announced to go and went since still means in this citation what it meant on its day.
    schema = service.schema(release, vintage=citation.vintage, at=citation.cited_at)
    try:
        return soql.compile_request(request, schema, default_limit=limit, now=citation.cited_at)
    except soql.SoqlError as error:
        # It was right when it was cited, and the version has not changed since: a column it names is hidden now.
        raise CitationWithheld(citation.id) from error


def _run(service: Service, release: Release, compiled: soql.Compiled, *, vintage: str, geojson: bool = False) -> Kept:
    """Run a query that does not depend on how it is run. `geojson`: shapes as that, not as well-known text."""
    columns = compiled.columns

    def fetch(cursor: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
        return cursor.fetchmany(MOST_ROWS + 1)

    values = service.run(
        service.public(release),
        settled(compiled, release.fields, most=MOST_ROWS + 1),
        fetch=fetch,
        vintage=vintage,
        wrap=lambda sql: wire.readable(sql, columns, geojson=geojson),
    )
    if len(values) > MOST_ROWS:
        raise TooLargeToCite("rows", most=MOST_ROWS)
    rounded = tuple(_rounded(row, columns) for row in values)
    kept = Kept(columns, rounded)
    if not geojson and len(kept.csv) > MOST_BYTES:
        raise TooLargeToCite("bytes", most=MOST_BYTES)
    return kept


def _rounded(row: Sequence[Any], columns: Sequence[soql.Output]) -> tuple[Any, ...]:
    """Return a row with what was computed in floating point to the digits that are the same on every machine."""
    return tuple(
        float(f"{value:.{_DIGITS}g}") if isinstance(value, float) and column.source is None else value
        for value, column in zip(row, columns, strict=True)
    )


def _answer(service: Service, asked: str, ending: str) -> Answer:
    citation = Citations(service.lake.registry).get(asked)
    release = service.release(citation.dataset, version=citation.version)
    compiled = _compiled(service, release, citation)
    etag = f'"{citation.sha256}-{ending}"'
    kept: Answer | None = service.cache.get(("cited", service.public(release).key, etag))
    if kept is not None:
        return kept
    made = _run(service, release, compiled, vintage=citation.vintage, geojson=ending == "json")
    headers = {
        **soda_headers(release, replace(compiled, former=frozenset()), content_type=_TYPES[ending], etag=etag),
        "Link": f'</cite/{asked}/>; rel="describedby"',
        "Content-Disposition": f'inline; filename="{citation.dataset}-{asked}.{ending}"',
    }
    answer = Answer(200, fixed(headers), made.csv if ending == "csv" else made.json, etag, headers["Last-Modified"])
    service.cache.put(("cited", service.public(release).key, etag), answer, size=len(answer.body) + 1500)
    return answer
