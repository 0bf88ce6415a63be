"""What kind of program asks, by the first words it says of itself. A kind, never a person or a computer."""

import re
from functools import lru_cache

BROWSER, BOT, OTHER = "browser", "bot", "other"
# the first that matches; a browser says so last, for bots and others pretend to be one
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("ckanapi", r"^ckanapi/"),
        ("rsocrata", r"rsocrata"),
        (BOT, r"bot\b|bot/|crawl|spider|slurp|archiver|harvest|preview|monitor|lighthouse|facebookexternalhit"),
        ("r", r"\bhttr2?/|^r \(|libcurl/.* r-curl/|^rstudio"),
        ("python", r"^python-|^python/|requests/|urllib|^python-httpx/|aiohttp/"),
        ("curl", r"^curl/|^wget/"),
        ("office", r"excel|powerbi|power query|mashup|tableau|google-?docs|apps-script|libreoffice"),
        ("gis", r"qgis|arcgis|esri|geopandas|gdal"),
        ("javascript", r"^node|axios/|undici|^deno/|^bun/|got \("),
        ("java", r"^java/|okhttp|apache-httpclient|jakarta"),
        (BROWSER, r"^mozilla/|^opera/"),
    )
)
# sodapy calls itself python-requests, as many scripts do; its users give an app token, which scripts rarely have
SODAPY, PYTHON = "sodapy", "python"
KINDS = (BROWSER, SODAPY, *dict.fromkeys(kind for kind, _ in _KINDS if kind != BROWSER), OTHER)


@lru_cache(maxsize=2048)
def kind_of(agent: bytes, *, token: bool) -> str:
    """Return the kind of program, from its User-Agent and whether it sends an app token."""
    text = agent.decode("latin-1")[:300]
    found = next((kind for kind, pattern in _KINDS if pattern.search(text)), OTHER)
    return SODAPY if found == PYTHON and token else found
