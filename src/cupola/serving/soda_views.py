"""The addresses around a dataset's rows: its view, its columns, all rows at once, and the ways old links took."""

from dataclasses import replace

import orjson
from starlette.requests import Request
from starlette.routing import Route

from cupola import soql
from cupola.lake import NotReleased
from cupola.serving import wire
from cupola.serving.answers import Answer, Streamed, json_answer, redirect
from cupola.serving.asking import Reply, reply
from cupola.serving.encoding import Rows
from cupola.serving.entries import Entry
from cupola.serving.errors import NoSuchAddress
from cupola.serving.front import Site
from cupola.serving.listedviews import listed_columns, listed_view
from cupola.serving.parameters import Pairs, split_edition
from cupola.serving.service import Service
from cupola.serving.soda import FORMATS, Format, Question, answer, pairs_of, rows_answer, split_name
from cupola.serving.views import View
from cupola.serving.visits import shelf_of

EVERYTHING = 2**62  # rows: no dataset has more


def routes(service: Service, site: Site) -> list[Route]:
    """Return the addresses of views."""

    async def view(request: Request) -> Reply:
        asked = _named(request, "name", ending=".json")
        return await reply(service, request, lambda: view_answer(service, asked, pairs_of(request)))

    async def columns(request: Request) -> Reply:
        asked = request.path_params["name"]
        return await reply(service, request, lambda: columns_answer(service, asked, pairs_of(request)))

    async def rows(request: Request) -> Reply:
        asked, ending = request.path_params["name"], request.path_params["ending"]
        return await reply(service, request, lambda: all_rows(service, asked, ending=ending, pairs=pairs_of(request)))

    async def by_id(request: Request) -> Reply:
        asked, form = split_name(request.path_params["name"], request.url.path)
        return await reply(service, request, lambda: answer(service, asked, form, pairs=pairs_of(request)))

    async def page(request: Request) -> Reply:
        asked = request.path_params["name"]
        return await reply(service, request, lambda: page_redirect(service, asked))

    return [
        Route("/api/views/{name}", view),
        Route("/api/views/{name}/columns.json", columns),
        Route("/api/views/{name}/columns", columns),
        Route("/api/views/{name}/rows.{ending}", rows),
        Route("/api/id/{name}", by_id),
        Route("/d/{name}", page),
        Route("/d/{name}/{rest:path}", page),
        Route("/dataset/{title}/{name}", page),
        Route("/dataset/{title}/{name}/{rest:path}", page),
    ]


def _named(request: Request, name: str, *, ending: str) -> str:
    value: str = request.path_params[name].removesuffix(ending)
    if "." in value:
        raise NoSuchAddress(request.url.path)
    return value


def view_of(service: Service, asked: str, pairs: Pairs) -> View:
    """Return the view of the edition that is meant. Raises NotReleased."""
    edition, _ = split_edition(pairs)
    release = service.release(asked, as_of=edition.as_of, version=edition.version)
    schema = service.schema(release, vintage=edition.vintage)
    return View(service.public(release), schema, service.profile(release))


def view_answer(service: Service, asked: str, pairs: Pairs) -> Answer:
    """Return a dataset as a document, also one that is only listed here. Raises NotReleased, Recalled."""
    try:
        return json_answer(view_of(service, asked, pairs).document())
    except NotReleased:
        return json_answer(listed_view(_listed(service, asked, pairs)))


def columns_answer(service: Service, asked: str, pairs: Pairs) -> Answer:
    """Return the columns of a dataset, also of one that is only listed here. Raises NotReleased, Recalled."""
    try:
        return json_answer(view_of(service, asked, pairs).columns())
    except NotReleased:
        return json_answer(listed_columns(_listed(service, asked, pairs)))


def _listed(service: Service, asked: str, pairs: Pairs) -> Entry:
    edition, _ = split_edition(pairs)
    entry = shelf_of(service).entry(asked, edition.as_of)
    if entry.release is not None or edition.version is not None:
        raise NotReleased(asked)
    return entry


def all_rows(service: Service, asked: str, *, ending: str, pairs: Pairs) -> Answer | Streamed:
    """Return every row: CSV under the titles of the columns, or JSON with the view before it.

    Raises NotReleased, NoSuchAddress.
    """
    edition, rest = split_edition(pairs)
    if ending not in {"csv", "json", "tsv"}:
        raise NoSuchAddress(f"/api/views/{asked}/rows.{ending}")
    release = service.release(asked, as_of=edition.as_of, version=edition.version)
    view = View(service.public(release), service.schema(release, vintage=edition.vintage), service.profile(release))
    selected = ":*,*" if ending == "json" else "*"
    compiled = service.compile(release, soql.Request(select=selected, limit=str(EVERYTHING)))
    form = _array_format(view) if ending == "json" else _titled_format(view, compiled, ending)
    question = Question(
        release,
        compiled,
        form,
        vintage=edition.vintage,
        bom=any(name.lower() in {"$$bom", "bom"} and value.lower() == "true" for name, value in rest),
        extra=(("Content-Disposition", f'attachment; filename="{release.dataset}.{ending}"'),),
    )
    return rows_answer(service, question)


def _titled_format(view: View, compiled: soql.Compiled, ending: str) -> Format:
    titles = view.titles()
    titled = Rows([replace(one, name=titles[one.name]) for one in compiled.columns])
    separator = "\t" if ending == "tsv" else ","
    return replace(FORMATS[ending], name=f"rows.{ending}", header=lambda rows: titled.header(separator=separator))


def _array_format(view: View) -> Format:
    document = view.document()
    document["columns"] = [*view.system_columns(), *document["columns"]]
    start = b'{"meta":' + orjson.dumps({"view": document}) + b',"data":['
    return replace(
        FORMATS["json"],
        name="rows.json",
        lines=wire.array_lines,
        rows=None,
        header=lambda rows: start,
        footer=b"]}\n",
    )


def page_redirect(service: Service, asked: str) -> Answer:
    """Return the way to a dataset's page, from the addresses other portals give it. Raises NotReleased."""
    return redirect(f"/data/{shelf_of(service).entry(asked).key}/")
