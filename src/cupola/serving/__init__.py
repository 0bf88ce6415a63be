"""The public query API as plain ASGI: SODA, CKAN, DCAT, downloads. Reads only what the registry says is public."""

from cupola.serving.app import answers, application
from cupola.serving.citations import Kept, TooLargeToCite, cite, recomputed
from cupola.serving.errors import Busy, CitationWithheld, NoSuchVintage, QueryNotRun, QueryTooBig, QueryTooSlow
from cupola.serving.front import Site
from cupola.serving.limits import Allowance
from cupola.serving.service import Service, Sizes, close_services, service

__all__ = [
    "Allowance",
    "Busy",
    "CitationWithheld",
    "Kept",
    "NoSuchVintage",
    "QueryNotRun",
    "QueryTooBig",
    "QueryTooSlow",
    "Service",
    "Site",
    "Sizes",
    "TooLargeToCite",
    "answers",
    "application",
    "cite",
    "close_services",
    "recomputed",
    "service",
]
