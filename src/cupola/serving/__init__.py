"""The public query API as plain ASGI: SODA, CKAN, DCAT, downloads. Reads only what the registry says is public."""

from cupola.serving.app import answers, application
from cupola.serving.citations import Kept, TooLargeToCite, answered, cite, question_of, recomputed
from cupola.serving.errors import Busy, CitationWithheld, NoSuchVintage, QueryNotRun, QueryTooBig, QueryTooSlow
from cupola.serving.front import Site
from cupola.serving.limits import Allowance, client_address
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
    "answered",
    "answers",
    "application",
    "cite",
    "client_address",
    "close_services",
    "question_of",
    "recomputed",
    "service",
]
