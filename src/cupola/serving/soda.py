"""SODA 2.1: rows of a dataset as JSON, CSV, TSV and GeoJSON, and one row by its identifier."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.routing import Route

from cupola import soql
from cupola.lake import Release
from cupola.serving import wire
from cupola.serving.answers import Answer, Streamed, fixed, make_etag, soda_headers
from cupola.serving.asking import Reply, reply
from cupola.serving.encoding import Rows
from cupola.serving.errors import BadParameter, NoSuchAddress, NoSuchRow
from cupola.serving.front import Site
from cupola.serving.parameters import Pairs, split_edition
from cupola.serving.schemas import hidden_columns
from cupola.serving.service import Service

MOST_BUFFERED = 5_000  # rows: of more, text is made by the engine
MOST_KEPT = 4_000_000  # bytes of an answer that is kept and sent whole
_STREAM_ROWS = 4_000
_BOM = b"\xef\xbb\xbf"
_CRS = b'],"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}}}\n'


@dataclass(frozen=True)
class Format:
    """One way to write rows. `lines`: SQL of one text a row; `rows`: the same in Python, if at all.

    `cut`: bytes that come before a row and not before the first.
    """

    name: str
    content_type: str
    lines: wire.Lines
    rows: Callable[[Rows, Any], bytes] | None
    header: Callable[[Rows], bytes]
    footer: bytes = b""
    cut: int = 0
    shapes_as_geojson: bool = False


FORMATS = {
    one.name: one
    for one in (
        Format(
            "json",
            "application/json; charset=utf-8",
            wire.json_lines,
            Rows.json,
            lambda rows: b"[",
            footer=b"]\n",
            cut=2,
            shapes_as_geojson=True,
        ),
        Format("csv", "text/csv; charset=utf-8", wire.csv_lines, Rows.csv, Rows.header),
        Format(
            "tsv",
            "text/tab-separated-values; charset=utf-8",
            lambda sql, columns: wire.csv_lines(sql, columns, separator="\t"),
            lambda rows, values: rows.csv(values, separator="\t"),
            lambda rows: rows.header(separator="\t"),
        ),
        Format(
            "geojson",
            "application/vnd.geo+json; charset=utf-8",  # what clients know; application/geo+json breaks some
            wire.geojson_lines,
            Rows.geojson,
            lambda rows: b'{"type":"FeatureCollection","features":[',
            footer=_CRS,
            cut=2,
            shapes_as_geojson=True,
        ),
    )
}


@dataclass(frozen=True)
class Question:
    """A checked query on one edition, and how its rows are to be written."""

    release: Release
    compiled: soql.Compiled
    format: Format
    vintage: str = ""
    bom: bool = False
    extra: tuple[tuple[str, str], ...] = ()  # headers beside the usual ones


def routes(service: Service, site: Site) -> list[Route]:
    """Return the addresses of rows."""

    async def resource(request: Request) -> Reply:
        asked, form = split_name(request.path_params["name"], request.url.path)
        pairs = pairs_of(request)
        known = request.headers.get("if-none-match", "")
        return await reply(service, request, lambda: answer(service, asked, form, pairs=pairs, known=known), key=known)

    async def row(request: Request) -> Reply:
        name, form = split_name(request.path_params["row"], request.url.path)
        asked, pairs = request.path_params["name"], pairs_of(request)
        return await reply(service, request, lambda: one_row(service, asked, name, form=form, pairs=pairs))

    return [Route("/resource/{name}", resource), Route("/resource/{name}/{row}", row)]


def pairs_of(request: Request) -> list[tuple[str, str]]:
    """Return the parameters of the address in order, empty ones too."""
    return parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True, errors="replace")


def split_name(name: str, path: str) -> tuple[str, Format]:
    """Return what is asked for and the format its ending names; JSON without one. Raises NoSuchAddress."""
    stem, dot, ending = name.rpartition(".")
    if not dot:
        return name, FORMATS["json"]
    if ending not in FORMATS:
        raise NoSuchAddress(path)
    return stem, FORMATS[ending]


def answer(service: Service, asked: str, form: Format, *, pairs: Pairs, known: str = "") -> Answer | Streamed:
    """Return the rows a client asks for. `known`: the ETags it has. Raises NotReleased, SoqlError, Busy and others."""
    edition, rest = split_edition(pairs)
    request = soql.read_request(rest)
    release = service.release(asked, as_of=edition.as_of, version=edition.version)
    compiled = service.compile(release, request)
    question = Question(release, compiled, form, vintage=edition.vintage, bom=request.bom)
    if request.row_count and (rows := _row_count(service, question, request)) is not None:
        question = replace(question, extra=(("X-SODA2-Row-Count", str(rows)),))
    return rows_answer(service, question, known=known)


def _row_count(service: Service, question: Question, request: soql.Request) -> int | None:
    """Return how many rows a query would give without limit and offset; None of groups, distinct values and pipes."""
    if question.compiled.aggregated or request.query:  # what to count is inside the text of such a query
        return None
    asked = replace(request, select="count(*) AS rows", order=None, limit=None, offset=None)
    compiled = service.compile(question.release, asked)
    [(rows,)] = service.rows(service.public(question.release), compiled, vintage=question.vintage)
    return int(rows)


def rows_answer(service: Service, question: Question, *, known: str = "") -> Answer | Streamed:
    """Return the answer to a checked query: kept, whole or in parts."""
    compiled, form = question.compiled, question.format
    public = service.public(question.release)
    header = form.header(Rows(compiled.columns))
    facts = (compiled.normal, compiled.columns, form.name, header, question.bom, *question.extra)
    etag = make_etag(public.key, question.vintage, *facts)
    kept = service.cache.get(("rows", etag))
    if kept is not None:
        return kept  # type: ignore[no-any-return]
    headers = soda_headers(question.release, compiled, content_type=form.content_type, etag=etag)
    head = Answer(200, fixed(headers | dict(question.extra)), b"", etag, headers["Last-Modified"])
    if known and etag in known:
        return head
    return service.once(("rows", etag), lambda: _made(service, question, head))


def _made(service: Service, question: Question, head: Answer) -> Answer | Streamed:
    limit, form = question.compiled.limit, question.format
    shapes = any(column.type in soql.SHAPES for column in question.compiled.columns)
    if form.rows is not None and limit <= (100 if shapes else MOST_BUFFERED):
        body, rows = _whole(service, question)
        return _keep(service, replace(head, body=body, rows=rows))
    tally: list[int] = []
    parts = _parts(service, question, tally)
    first, size = [], 0
    for part in parts:
        first.append(part)
        size += len(part)
        if size > MOST_KEPT:
            return Streamed(head, _rejoined(first, parts), tally)
    return _keep(service, replace(head, body=b"".join(first), rows=sum(tally)))


def _rejoined(first: list[bytes], parts: Iterator[bytes]) -> Iterator[bytes]:
    yield from first
    yield from parts


def _keep(service: Service, made: Answer) -> Answer:
    service.cache.put(("rows", made.etag), made, size=len(made.body) + 1500)
    return made


def _whole(service: Service, question: Question) -> tuple[bytes, int]:
    columns, form = question.compiled.columns, question.format
    assert form.rows is not None
    rows = Rows(columns)
    found = service.rows(
        service.public(question.release),
        question.compiled,
        vintage=question.vintage,
        wrap=lambda sql: wire.readable(sql, columns, geojson=form.shapes_as_geojson),
    )
    body = form.rows(rows, found)
    start = _BOM if question.bom else b""
    return b"".join([start, form.header(rows), body[form.cut :], form.footer]), len(found)


def _parts(service: Service, question: Question, tally: list[int]) -> Iterator[bytes]:
    columns, form = question.compiled.columns, question.format
    batches = service.batches(
        service.public(question.release),
        question.compiled,
        vintage=question.vintage,
        lines=form.lines,
        rows=_STREAM_ROWS,
    )
    start = (_BOM if question.bom else b"") + form.header(Rows(columns))
    cut = form.cut
    for batch in batches:
        tally.append(batch.num_rows)
        text = _text(batch.column(0))
        if text:
            yield start + text[cut:] if start or cut else text
            start, cut = b"", 0
    yield start + form.footer


def _text(column: Any) -> bytes:
    """Return the texts of a column one after the other: they already lie so in memory."""
    if not len(column):
        return b""
    offsets, data = column.buffers()[1:3]
    width = 8 if str(column.type).startswith("large") else 4
    view = memoryview(offsets).cast("q" if width == 8 else "i")
    first, last = view[column.offset], view[column.offset + len(column)]
    return memoryview(data)[first:last].tobytes()


def one_row(service: Service, asked: str, name: str, *, form: Format, pairs: Pairs) -> Answer:
    """Return one row by the value of its key, or by its `:id`. Raises NoSuchRow."""
    edition, rest = split_edition(pairs)
    if any(not key.startswith("$$") for key, _ in rest):
        raise BadParameter(rest[0][0], value=rest[0][1], wanted="no query: the address names one row")
    release = service.release(asked, as_of=edition.as_of, version=edition.version)
    for column in _identifiers(release):
        request = soql.Request(filters=((column, name),))
        try:
            compiled = service.compile(release, request)
        except soql.SoqlError:
            continue  # not a value that column could have
        made = _single(service, Question(release, compiled, form, vintage=edition.vintage))
        if made is not None:
            return made
    raise NoSuchRow(name)


def _identifiers(release: Release) -> list[str]:
    key = release.contract.key
    return [*(key if len(key) == 1 and key[0] not in hidden_columns(release) else ()), ":id"]


def _single(service: Service, question: Question) -> Answer | None:
    body, rows = _whole(service, question)
    form = question.format
    if not rows:
        return None
    if form.cut:  # one object stands alone, without the list around it
        body = body[len(form.header(Rows(question.compiled.columns))) : -len(form.footer)] + b"\n"
    etag = make_etag("row", body)
    headers = soda_headers(question.release, question.compiled, content_type=form.content_type, etag=etag)
    return Answer(200, fixed(headers), body, etag, headers["Last-Modified"], rows)
