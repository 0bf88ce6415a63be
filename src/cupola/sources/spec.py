"""What a dataset's `sources:` entry says, what a fetch brings back, and how patient a fetch may be."""

import hashlib
import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cupola.contracts import Vintage
from cupola.errors import Conflict, InvalidInput, NotAllowed, NotFound

Progress = Callable[[str, float], None]  # what is being done, and the share (0-1) done where it is known, else 0


_READING = (
    "format",
    "member",
    "records",
    "sheet",
    "query",
    "resource",
    "delimiter",
    "quote",
    "escape",
    "encoding",
    "skip_lines",
    "header_rows",
)


class SourceUnreachable(NotFound):
    """The outside world did not give the data: no such file, no answer, or an answer that is an error."""

    exit_code = 5

    def __init__(self, where: str, *, problem: str, remedy: str, status: int | None = None, attempts: int = 1) -> None:
        self.where, self.problem, self.remedy = where, problem, remedy
        self.status, self.attempts = status, attempts
        tries = f" after {attempts} attempts" if attempts > 1 else ""
        super().__init__(f"{where}: {problem}{tries}. {remedy}")


class SourceInvalid(InvalidInput):
    """The data came, and cannot be read as what it is said to be."""

    def __init__(self, where: str, *, problem: str, remedy: str) -> None:
        self.where, self.problem, self.remedy = where, problem, remedy
        super().__init__(f"{where}: {problem}. {remedy}")


class SourceChanged(Conflict):
    """The file was written to between being fetched and being read."""

    def __init__(self, where: str) -> None:
        self.where = where
        super().__init__(f"{where}: the file changed while it was being read. Run again once it is complete.")


class SourceNotStored(NotAllowed):
    """The copy of a source could not be written on this machine."""

    def __init__(self, where: str, *, problem: str) -> None:
        self.where, self.problem = where, problem
        super().__init__(f"{where}: no local copy could be written: {problem}. Free space or rights, and run again.")


@dataclass(frozen=True)
class SourceSpec:
    """One entry of a dataset's `sources:`.

    `file`: path below the base folder; it wins over `url` whenever a base is given.
    `url`: http(s), `sqlite:///path` (relative to the base) or `postgresql://`. `format`: empty means from the name.
    `member`: file inside a zip. `records`: path to the records of a JSON document, as in `departments[].funds[]`.
    `sheet`: name, or number counted from 1. `query`: the SELECT of a database source.
    `resource`: id of a CKAN resource.
    `token`: sent to Socrata as X-App-Token, to CKAN as Authorization, to ArcGIS as the parameter `token`.
    `incremental`: ask Socrata only for rows updated since the last fetch; the rows must then be upserted, and
    deletions at the portal go unseen until a full load.
    The rest overrides what is detected; None means detect. `vintage`: the day the data speaks for.
    """

    url: str = ""
    file: str = ""
    format: str = ""
    member: str = ""
    records: str = ""
    sheet: str = ""
    query: str = ""
    resource: str = ""
    token: str = field(default="", repr=False)
    incremental: bool = False
    delimiter: str | None = None
    quote: str | None = None
    escape: str | None = None
    encoding: str | None = None
    skip_lines: int | None = None
    header_rows: int | None = None
    vintage: Vintage | None = None

    def reading(self) -> dict[str, object]:
        """Return the options that change what is read from the same bytes, without the ones left alone."""
        options = {name: getattr(self, name) for name in _READING if getattr(self, name) not in (None, "")}
        if self.vintage is not None:
            options["vintage"] = f"{self.vintage.on.isoformat()} {self.vintage.precision}"
        return options


@dataclass(frozen=True)
class Pace:
    """Where a fetch gets its time and chance from; tests pass their own."""

    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = random.random  # 0-1
    wall: Callable[[], float] = time.time  # seconds since 1970, to judge a file's age and a dated Retry-After


@dataclass(frozen=True)
class Limits:
    """How much, how long and how often a fetch may try.

    `max_bytes` counts what is downloaded, `max_expanded_bytes` what an archive unpacks to.
    `seconds` is the whole fetch, `timeout` one connect or one silent pause.
    `attempts`: tries in a row without a byte of progress. `page_rows`: rows asked for at a time from an API.
    """

    max_bytes: int = 20 * 2**30
    max_expanded_bytes: int = 100 * 2**30
    seconds: float = 3600.0
    timeout: float = 60.0
    attempts: int = 6
    redirects: int = 5
    page_rows: int = 10_000
    proxy: str = ""
    pace: Pace = field(default_factory=Pace)


@dataclass(frozen=True)
class Fetched:
    """A local copy of a source, ready to land.

    `fingerprint`: the same content read the same way has the same fingerprint.
    `unchanged`: it equals the fingerprint in the state that was passed in.
    `state`: pass it to the next fetch of the same source. `format`: what the copy is, resolved.
    `source`: the name to show to people. `stamp`: size and time of a file read in place, to see it change.
    `changes_only`: an incremental fetch; upsert it, never replace with it.
    """

    spec: SourceSpec
    path: Path
    fingerprint: str
    bytes: int
    unchanged: bool
    state: dict[str, str]
    format: str
    source: str
    changes_only: bool = False
    notes: tuple[str, ...] = ()
    stamp: str = ""
    max_expanded_bytes: int = Limits.max_expanded_bytes


def fingerprint_of(content: str, spec: SourceSpec) -> str:
    """Return the fingerprint of a source whose content hashes to `content`: that hash when nothing is overridden."""
    options = spec.reading()
    if not options:
        return content
    return hashlib.sha256(f"{content} {json.dumps(options, sort_keys=True)}".encode()).hexdigest()


def same_place(state: Mapping[str, str], place: str) -> Mapping[str, str]:
    """Return `state` if it was made for `place`, else an empty one. Only a hash is kept: a place may be secret."""
    return state if state.get("place") == place_key(place) else {}


def place_key(place: str) -> str:
    """Return a short name for a place, safe in a file name, that gives away no secret."""
    return hashlib.sha256(place.encode()).hexdigest()[:24]
