"""Ask a dataset: filter, group, summarise; as a table, a chart or a map, all in one address."""

from cupola.web.data.queries.exploring.address import address, parameters, query_string
from cupola.web.data.queries.exploring.exploration import Exploration, Show
from cupola.web.data.queries.exploring.page import ExplorePage, Opened, explore_page, opened
from cupola.web.data.queries.exploring.plate import NARROW, WIDE, Plate, plate

__all__ = [
    "NARROW",
    "WIDE",
    "Exploration",
    "ExplorePage",
    "Opened",
    "Plate",
    "Show",
    "address",
    "explore_page",
    "opened",
    "parameters",
    "plate",
    "query_string",
]
