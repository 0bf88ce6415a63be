"""The outside world as rows of text: files, web addresses, portals, databases. The only room that opens a connection.

`fetch` brings a source to a local file and says whether it changed; `land` reads that file. No type is guessed here.
"""

from cupola.sources.fetching import fetch
from cupola.sources.landings import land
from cupola.sources.spec import Fetched, Limits, Pace, SourceSpec, SourceUnreachable

__all__ = ["Fetched", "Limits", "Pace", "SourceSpec", "SourceUnreachable", "fetch", "land"]
