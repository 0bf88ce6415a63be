"""The outside world as rows of text: files, web addresses, portals, databases. The only room that opens a connection.

`fetch` brings a source to a local file and says whether it changed; `land` reads that file. No type is guessed here.
"""

from cupola.sources.fetching import fetch
from cupola.sources.formats import FORMATS, by_name
from cupola.sources.landings import land
from cupola.sources.posting import NotAnAddressToPostTo, NotPosted, Posted, check_address, post
from cupola.sources.recordpath import parse_path
from cupola.sources.sheets import Sheet, read_sheets
from cupola.sources.spec import Fetched, Limits, Pace, SourceInvalid, SourceSpec, SourceUnreachable

__all__ = [
    "FORMATS",
    "Fetched",
    "Limits",
    "NotAnAddressToPostTo",
    "NotPosted",
    "Pace",
    "Posted",
    "Sheet",
    "SourceInvalid",
    "SourceSpec",
    "SourceUnreachable",
    "by_name",
    "check_address",
    "fetch",
    "land",
    "parse_path",
    "post",
    "read_sheets",
]
