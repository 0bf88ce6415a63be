"""Addresses of an older portal: what answers nowhere, but was something once, leads to what it is called now."""

import re
from collections.abc import Callable
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import get_language

from cupola import serving
from cupola.lake import Listings, NotReleased
from cupola.web.data import queries

_ID = re.compile(r"[a-z0-9]{4}-[a-z0-9]{4}", re.ASCII)
_PAGE = re.compile(r"/data/([^/]+)(/.*)?")
MOST_PATH = 2_000  # characters


class FormerAddresses:
    """Middleware: before a page is not found, see whether a public dataset answered there before.

    What is hidden and what never was both stay not found, in the same words.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and lead on from what was not found."""
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in {"GET", "HEAD"} or len(request.path) > MOST_PATH:
            return response
        to = present_address(request.path, request.META.get("QUERY_STRING", ""))
        return HttpResponsePermanentRedirect(to) if to else response


def present_address(path: str, query: str) -> str:
    """Return where what was once at `path` is now, empty where nothing public was.

    A page of ours keeps its part and its query: /data/old-name/compare/?a=1 -> /data/new-name/compare/?a=1.
    """
    formerly = serving.service(queries.home() / "lake").formerly()
    language = get_language() or "en"
    prefix = f"/{language}"
    own = path[len(prefix) :] if path.startswith(f"{prefix}/") else path
    page = _PAGE.fullmatch(own)
    if page and page[1] in formerly:
        key, rest = key_of(formerly[page[1]]), page[2] or "/"
        return (
            reverse("data:dataset", args=[key]) + rest.removeprefix("/") + (f"?{query}" if query else "") if key else ""
        )
    plain = unquote(own).rstrip("/")
    for known in (f"{own}?{query}" if query else own, own, plain, f"{plain}/"):
        if known in formerly:
            key = key_of(formerly[known])
            return reverse("data:dataset", args=[key]) if key else ""
    for part in reversed(plain.split("/")):
        # Socrata's pages end in the id: /Buildings/Permits/abcd-1234/about_data
        if _ID.fullmatch(part) and (key := key_of(formerly.get(part, part))):
            return reverse("data:dataset", args=[key])
    return ""


def key_of(name: str) -> str:
    """Return the key of the public dataset with that key or public id, empty where none is public."""
    try:
        return serving.service(queries.home() / "lake").release(name).dataset
    except NotReleased:
        listed = Listings(queries.lake().root).get(name)
        return listed.dataset if listed else ""
