"""Where the catalogue is read by machines: /data.json, /catalog.jsonld, /api/catalog/v1."""

from collections.abc import Callable, Sequence
from functools import partial

from starlette.routing import BaseRoute, Route

from cupola.serving import catalog
from cupola.serving.answers import Answer, json_answer
from cupola.serving.catalogld import catalog_jsonld
from cupola.serving.datajson import data_json
from cupola.serving.front import Site
from cupola.serving.service import Service
from cupola.serving.visits import Visit, endpoint

JSON_LD = "application/ld+json; charset=utf-8"


def routes(service: Service, site: Site) -> Sequence[BaseRoute]:
    """Return the addresses of the catalogues."""
    counted = {"domains": "domain", "tags": "tag", "categories": "category", "domain_categories": "domain_category"}
    works: dict[str, Callable[[Visit], Answer]] = {
        "/data.json": _data_json,
        "/catalog.jsonld": _catalog_jsonld,
        "/api/catalog/v1": _search,
        "/api/catalog/v1/autocomplete": _autocomplete,
        **{f"/api/catalog/v1/{name}": partial(_counted, what) for name, what in counted.items()},
    }
    return [Route(path, endpoint(service, site, work)) for path, work in works.items()]


def _data_json(visit: Visit) -> Answer:
    return visit.kept("data.json", lambda: data_json(visit.entries, visit.city, visit.places))


def _catalog_jsonld(visit: Visit) -> Answer:
    made = partial(catalog_jsonld, visit.entries, visit.city, visit.places)
    return visit.kept("catalog.jsonld", made, content_type=JSON_LD)


def _catalogue(visit: Visit) -> catalog.Catalogue:
    return catalog.Catalogue(visit.entries, visit.city, visit.places)


def _search(visit: Visit) -> Answer:
    return json_answer(catalog.search(_catalogue(visit), visit.asked))


def _autocomplete(visit: Visit) -> Answer:
    return json_answer(catalog.autocomplete(_catalogue(visit), visit.asked))


def _counted(what: str, visit: Visit) -> Answer:
    return json_answer(catalog.counted(_catalogue(visit), visit.asked, what=what))
