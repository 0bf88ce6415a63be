"""The public query API as plain ASGI: SODA, CKAN, DCAT, downloads. Reads only what the registry says is public."""

from cupola.serving.app import answers, application
from cupola.serving.citations import Kept, TooLargeToCite, answered, cite, question_of, recomputed
from cupola.serving.counting import Counted
from cupola.serving.errors import Busy, CitationWithheld, NoSuchVintage, QueryNotRun, QueryTooBig, QueryTooSlow
from cupola.serving.front import Site
from cupola.serving.limits import Allowance, Clients, client_address
from cupola.serving.naming import names_of, zone_of
from cupola.serving.narrow import Narrow, NarrowLog, Watched, close_narrow, flush_narrow, narrow_log, read_narrow
from cupola.serving.service import Service, Sizes, close_services, service
from cupola.serving.usage import Usage, Used, close_usage, first_day, flush_usage, read_usage, usage

__all__ = [
    "Allowance",
    "Busy",
    "CitationWithheld",
    "Clients",
    "Counted",
    "Kept",
    "Narrow",
    "NarrowLog",
    "NoSuchVintage",
    "QueryNotRun",
    "QueryTooBig",
    "QueryTooSlow",
    "Service",
    "Site",
    "Sizes",
    "TooLargeToCite",
    "Usage",
    "Used",
    "Watched",
    "answered",
    "answers",
    "application",
    "cite",
    "client_address",
    "close_narrow",
    "close_services",
    "close_usage",
    "first_day",
    "flush_narrow",
    "flush_usage",
    "names_of",
    "narrow_log",
    "question_of",
    "read_narrow",
    "read_usage",
    "recomputed",
    "service",
    "usage",
    "zone_of",
]
