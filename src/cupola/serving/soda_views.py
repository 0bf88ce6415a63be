"""The addresses around a dataset's rows: its view, its columns, all rows at once, and the ways old links took."""

from starlette.requests import Request
from starlette.routing import Route

from cupola.serving.answers import Answer, json_answer, redirect
from cupola.serving.asking import Reply, reply
from cupola.serving.errors import NoSuchAddress
from cupola.serving.front import Site
from cupola.serving.parameters import Pairs, split_edition
from cupola.serving.service import Service
from cupola.serving.soda import answer, pairs_of, split_name
from cupola.serving.views import View


def routes(service: Service, site: Site) -> list[Route]:
    """Return the addresses of views."""

    async def view(request: Request) -> Reply:
        asked = _named(request, "name", ending=".json")
        return await reply(service, request, lambda: view_answer(service, asked, pairs_of(request)))

    async def columns(request: Request) -> Reply:
        asked = request.path_params["name"]
        return await reply(service, request, lambda: columns_answer(service, asked, pairs_of(request)))

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
    """Return a dataset as a document."""
    return json_answer(view_of(service, asked, pairs).document())


def columns_answer(service: Service, asked: str, pairs: Pairs) -> Answer:
    """Return the columns of a dataset."""
    return json_answer(view_of(service, asked, pairs).columns())


def page_redirect(service: Service, asked: str) -> Answer:
    """Return the way to a dataset's page, from the addresses other portals give it. Raises NotReleased."""
    return redirect(f"/data/{service.release(asked).dataset}/")
