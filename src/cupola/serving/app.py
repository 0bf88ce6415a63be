"""The public API as one application: which addresses it answers, and who answers each."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from cupola.errors import CupolaError
from cupola.lake import NotReleased
from cupola.serving import catalogues, citations, ckan, files, openapi, soda, soda_views, tiles
from cupola.serving.answers import Answer, error_answer, json_error
from cupola.serving.asking import moved
from cupola.serving.errors import NoSuchAddress
from cupola.serving.front import Front, Site
from cupola.serving.service import Service, Sizes, service

Rooms = Sequence[Callable[[Service, Site], Sequence[BaseRoute]]]
ROOMS: Rooms = (
    soda.routes,
    soda_views.routes,
    catalogues.routes,
    ckan.routes,
    openapi.routes,
    files.routes,
    tiles.routes,
    citations.routes,
)
_FOLDERS = ("/resource/", "/api/", "/d/", "/dataset/", "/downloads/", "/tiles/")
_FILES = frozenset({"/data.json", "/catalog.jsonld", "/openapi.json"})


def answers(path: str) -> bool:
    """Whether the public API answers at `path`; all other addresses are pages."""
    if path.startswith(_FOLDERS) or path in _FILES:
        return True
    return path.startswith("/cite/") and path.endswith((".json", ".csv"))


def application(root: Path, *, site: Site, sizes: Sizes | None = None) -> Starlette:
    """Return the application over the lake at `root`. `sizes` count where nobody asked for its service before."""
    here = service(root, sizes=sizes)
    return Starlette(
        routes=[route for room in ROOMS for route in room(here, site)],
        middleware=[Middleware(Front, service=here, site=site)],
        exception_handlers={NotReleased: partial(_unknown, here), CupolaError: _known, HTTPException: _http},
    )


async def _unknown(service: Service, request: Request, error: Exception) -> Response:
    assert isinstance(error, NotReleased)
    return _response(moved(service, request) or error_answer(error))


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, CupolaError)
    return _response(error_answer(error))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return _response(error_answer(NoSuchAddress(request.url.path)))
    return _response(json_error(error.status_code, "request.refused", error.detail), error.headers)


def _response(answer: Answer, headers: Mapping[str, str] | None = None) -> Response:
    response = Response(answer.body, answer.status, headers=dict(headers or {}))
    for name, value in answer.headers:
        response.headers[name.decode()] = value.decode()
    return response
