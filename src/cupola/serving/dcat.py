"""What both metadata standards say the same way: who publishes, whom to ask, under which terms, how often."""

import re
from collections.abc import Mapping
from typing import Any

from cupola.lake import City
from cupola.serving.entries import Entry

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
_EVERY = re.compile(r"every ([0-9]+) days?")
PERIODS = {"daily": "R/P1D", "weekly": "R/P1W", "monthly": "R/P1M", "quarterly": "R/P3M", "yearly": "R/P1Y"}
# what one standard says in words, the other in ISO 8601
_WORDS = {
    "continual": "R/PT1S",
    "continuous": "R/PT1S",
    "daily": "R/P1D",
    "semiweekly": "R/P3.5D",
    "weekly": "R/P1W",
    "fortnightly": "R/P2W",
    "biweekly": "R/P2W",
    "semimonthly": "R/P0.5M",
    "monthly": "R/P1M",
    "bimonthly": "R/P2M",
    "quarterly": "R/P3M",
    "threeTimesAYear": "R/P4M",
    "biannually": "R/P6M",
    "semiannual": "R/P6M",
    "annually": "R/P1Y",
    "annual": "R/P1Y",
    "biennial": "R/P2Y",
    "triennial": "R/P3Y",
}
_ISO = re.compile(r"irregular|R/P[0-9.YMWDTHS]+")
_RIGHTS_CHARACTERS = 255
# the terms cities name most, by how they are written, without blanks, dashes and case
LICENSES = {
    "cc010": "https://creativecommons.org/publicdomain/zero/1.0/",
    "cc0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "ccby40": "https://creativecommons.org/licenses/by/4.0/",
    "ccbysa40": "https://creativecommons.org/licenses/by-sa/4.0/",
    "ccbync40": "https://creativecommons.org/licenses/by-nc/4.0/",
    "pddl10": "https://opendatacommons.org/licenses/pddl/1-0/",
    "pddl": "https://opendatacommons.org/licenses/pddl/1-0/",
    "odcby10": "https://opendatacommons.org/licenses/by/1-0/",
    "odbl10": "https://opendatacommons.org/licenses/odbl/1-0/",
    "odbl": "https://opendatacommons.org/licenses/odbl/1-0/",
    "publicdomain": "https://creativecommons.org/publicdomain/mark/1.0/",
}


def filled(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts without those nothing is known of."""
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}


def publishers(entry: Entry, city: City) -> list[str]:
    """Return who publishes it: the office first, then what that belongs to; never empty."""
    said = list(entry.catalogue.get("publisher") or ())
    own = [name for name in (entry.text("department"), city.name) if name]
    return said or list(dict.fromkeys(own)) or ["The city"]


def contact(entry: Entry, city: City) -> tuple[str, str]:
    """Return whom to ask, and the address to write to, which may be empty. What was harvested stays as it was."""
    written, name = entry.text("contact"), entry.text("steward")
    email = written if _EMAIL.fullmatch(written) else "" if entry.harvested else city.contact
    return name or (written if written != email else "") or publishers(entry, city)[0], email


def periodicity(entry: Entry) -> str:
    """Return how often it changes, in ISO 8601; empty where nothing is promised."""
    refresh = entry.text("refresh")
    every = _EVERY.fullmatch(refresh)
    return str(entry.catalogue.get("periodicity") or (f"R/P{every[1]}D" if every else PERIODS.get(refresh, "")))


def iso_periodicity(entry: Entry) -> str:
    """Return how often it changes as the older standard writes it; empty where that has no way to say it."""
    said = periodicity(entry)
    found = _WORDS.get(said, said)
    return found if _ISO.fullmatch(found) else ""


def terms(entry: Entry, city: City) -> tuple[str, str]:
    """Return the address of its licence, and the terms in words where no address is known."""
    written = entry.text("license") or ("" if entry.harvested else city.license)
    rights = str(entry.catalogue.get("rights") or "")
    known = LICENSES.get(re.sub(r"[^a-z0-9]", "", written.casefold()), written if "://" in written else "")
    if known or not written:
        return known, rights
    return "", (rights or f"Terms of use: {written}")[:_RIGHTS_CHARACTERS]


def languages(entry: Entry, city: City) -> list[str]:
    """Return the languages of the data; what was harvested stays as it was."""
    return list(entry.catalogue.get("languages") or (() if entry.harvested else city.languages[:1]))


def spatial(entry: Entry, city: City) -> str:
    """Return the place it speaks about; what was harvested stays as it was."""
    return str(entry.catalogue.get("spatial") or ("" if entry.harvested else city.name))


def identifier(entry: Entry, view: str) -> str:
    """Return what every catalogue calls it; `view`: its address here."""
    return str(entry.catalogue.get("identifier") or view)


def landing_page(entry: Entry, page: str) -> str:
    """Return where people read about it: here where its rows are here, else where it is hosted."""
    return page if entry.release is not None else entry.text("landing_page") or ("" if entry.harvested else page)
