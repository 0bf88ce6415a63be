"""Every dataset the public may know of, loaded here or not, as every catalogue we write tells of it."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from cupola.contracts import VINTAGE, ColumnType
from cupola.lake import City, Listing, Listings, NotReleased, Recalled, Registry, Release
from cupola.lake.downloads import Download, DownloadList
from cupola.lake.profile import NoProfile, read_profile
from cupola.serving.deprecation import going_words
from cupola.serving.schemas import Public, hidden_columns

LATEST = "latest"
_KEPT = 8
SHAPES = (ColumnType.POINT, ColumnType.GEOMETRY)
_ACCESS = {"public": "public", "restricted": "non-public"}
_MADE_HERE = {VINTAGE: ("Vintage", "The day the row speaks for.")}


@dataclass(frozen=True)
class EntryColumn:
    """A column as people read of it. `allowed`: for a code, its values with what each means.

    `place`: the column of the rows that holds it. `until`: the day up to which it answers, as 2027-02-01.
    """

    name: str
    type: ColumnType
    title: str = ""
    meaning: str = ""
    unit: str = ""
    allowed: Mapping[str, str] = field(default_factory=dict)
    place: str = ""
    until: str = ""

    @property
    def heading(self) -> str:
        """Its title, or its name as words."""
        return self.title or self.name.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Entry:
    """A dataset of the catalogue. `release`: its newest public version; None where no row of it is public here.

    `earlier`: its other public versions, newest first. `since`: when it was first in the catalogue. `downloads`: the
    files of its version; `edition`: what that version is called in their addresses. `span`: its first and last day.
    `at`: the moment it was looked at, which decides which announced changes have come.
    """

    key: str
    public_id: str
    metadata: Mapping[str, Any]
    since: datetime
    changed: datetime
    release: Release | None = None
    earlier: tuple[Release, ...] = ()
    downloads: tuple[Download, ...] = ()
    edition: str = LATEST
    span: str = ""
    at: datetime = datetime(1, 1, 1, tzinfo=UTC)

    def text(self, name: str) -> str:
        """Return a field of its record that is text, empty where it says nothing."""
        return str(self.metadata.get(name) or "")

    @property
    def title(self) -> str:
        """Its title."""
        return self.text("title") or self.key

    @property
    def description(self) -> str:
        """What it holds; its title where nobody said."""
        return self.text("description") or self.title

    @property
    def keywords(self) -> list[str]:
        """Words people search for."""
        return list(self.metadata.get("keywords") or ())

    @property
    def catalogue(self) -> Mapping[str, Any]:
        """What catalogues say about it (see the folder's field of that name)."""
        return self.metadata.get("catalogue") or {}

    @property
    def harvested(self) -> bool:
        """Whether it was read from another catalogue: then nothing may be added to what that said."""
        return bool(self.catalogue.get("harvested_as"))

    @property
    def topics(self) -> list[str]:
        """The topics it is listed under, the main one first."""
        return [topic for topic in (self.text("topic"), *self.catalogue.get("more_topics", ())) if topic]

    @property
    def access_level(self) -> str:
        """Public, restricted public or non-public."""
        return _ACCESS.get(self.text("classification"), "restricted public")

    @property
    def issued(self) -> str:
        """When it first came out, as ISO 8601."""
        return str(self.catalogue.get("issued") or ("" if self.harvested else instant(self.since)))

    @property
    def modified(self) -> str:
        """When it last changed, as ISO 8601."""
        return str(self.catalogue.get("modified") or ("" if self.harvested else instant(self.changed)))

    @property
    def temporal(self) -> str:
        """The time it speaks about, as start/end: as it was said, else as its rows say."""
        return str(self.catalogue.get("temporal") or self.span)

    @cached_property
    def columns(self) -> tuple[EntryColumn, ...]:
        """Its columns, without those nobody may see."""
        said = {str(column["name"]): column for column in self.metadata.get("columns") or () if column.get("name")}
        if self.release is None:
            return tuple(_said_column(one) for one in said.values() if not one.get("sensitive"))
        tags = {tag.column: f"The {tag.take} of {tag.places} it lies in." for tag in self.release.contract.tags}
        public = Public(self.release, at=self.at)
        going = public.standing.going
        found = (
            _column(one.name, one.type, said.get(one.place, {}), tag=tags.get(one.name, "")) for one in public.columns
        )
        return tuple(
            replace(
                column,
                place=one.place,
                until=going[one.name].until.isoformat() if one.name in going else "",
                meaning=going_words(going[one.name]) if one.copy_of else column.meaning,
                title="" if one.copy_of else column.title,
            )
            for column, one in zip(found, public.columns, strict=True)
        )

    @property
    def has_shapes(self) -> bool:
        """Whether it can be shown on a map."""
        return any(column.type in SHAPES for column in self.columns)


def by_name(entries: Iterable[Entry], asked: str) -> list[Entry]:
    """Return the entries of that key or public id, else those that had it on an older portal."""
    held = list(entries)
    exact = [one for one in held if asked in {one.key, one.public_id}]
    return exact or [one for one in held if asked in (one.metadata.get("formerly") or ())]


def instant(at: datetime) -> str:
    """Return a moment as catalogues write it, in whole seconds of UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _span(root: Path, release: Release) -> str:
    """Return the first and the last day in the column that says when, where it may be seen."""
    try:
        column = read_profile(root, release.dataset, release.version).column(release.contract.time_column)
    except (NoProfile, KeyError):
        return ""
    days = [value.isoformat()[:10] for value in (column.minimum, column.maximum) if isinstance(value, date)]
    return "/".join(days) if len(days) == 2 and column.name not in hidden_columns(release) else ""


def _said_column(said: Mapping[str, Any]) -> EntryColumn:
    return _column(str(said["name"]), ColumnType(said.get("type", "text")), said)


def _column(name: str, kind: ColumnType, said: Mapping[str, Any], *, tag: str = "") -> EntryColumn:
    title, meaning = _MADE_HERE.get(name, ("", tag))
    allowed = said.get("allowed") or {}
    return EntryColumn(
        name=name,
        type=kind,
        title=said.get("title") or title,
        meaning=said.get("meaning") or meaning,
        unit=said.get("unit") or "",
        allowed=allowed if isinstance(allowed, Mapping) else dict.fromkeys(allowed, ""),
    )


class Shelf:
    """The catalogue of one lake, read again only when the registry has changed. Any thread may ask."""

    def __init__(self, root: Path, generation: Callable[[], Hashable], clock: Callable[[], datetime]) -> None:
        self._root = root
        self._registry = Registry(root / "registry.db")
        self._listings = Listings(root)
        self._downloads = DownloadList(self._registry)
        self._generation = generation
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[Entry, ...]] = OrderedDict()
        self._city: tuple[Hashable, City] | None = None

    def state(self) -> Hashable:
        """Return what differs whenever the catalogue may have changed."""
        return self._generation()

    def city(self) -> City:
        """Return the city the catalogue belongs to."""
        now = self._generation()
        kept = self._city
        if kept is None or kept[0] != now:
            kept = self._city = (now, self._listings.city())
        return kept[1]

    def entries(self, as_of: datetime | None = None) -> tuple[Entry, ...]:
        """Return what is public, or was public at that moment and still is, by title."""
        wanted = (self._generation(), as_of)
        with self._lock:
            found = self._kept.get(wanted)
        if found is None:
            found = self._read(as_of)
            with self._lock:
                self._kept[wanted] = found
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return found

    def entry(self, asked: str, as_of: datetime | None = None) -> Entry:
        """Return one dataset by key or public id. Raises NotReleased."""
        found = next((one for one in by_name(self.entries(as_of), asked)), None)
        if found is None:
            raise NotReleased(asked)
        return found

    def _read(self, as_of: datetime | None) -> tuple[Entry, ...]:
        released = [self._released(newest.dataset, as_of) for newest in self._registry.releases()]
        since = self._listings.since()
        listed = [_listed(listing, since[listing.dataset]) for listing in self._listings.all(as_of=as_of)]
        found = {entry.key: entry for entry in [*listed, *(one for one in released if one is not None)]}
        return tuple(sorted(found.values(), key=lambda entry: (entry.title.casefold(), entry.key)))

    def _released(self, dataset: str, as_of: datetime | None) -> Entry | None:
        versions = [one for one in self._registry.releases(dataset) if as_of is None or one.released_at <= as_of]
        if not versions or (as_of is not None and self._recalled(dataset, as_of)):
            return None
        newest, *earlier = versions
        return Entry(
            newest.dataset,
            newest.public_id,
            newest.metadata,
            since=versions[-1].released_at,
            changed=newest.committed_at,
            release=newest,
            earlier=tuple(earlier),
            downloads=self._downloads.of(dataset, newest.version),
            edition=LATEST if as_of is None else str(newest.version),
            span=_span(self._root, newest),
            at=self._clock(),
        )

    def _recalled(self, dataset: str, as_of: datetime) -> bool:
        """Whether what answered at a moment was taken back since: its rows are refused, so it is not listed either."""
        try:
            self._registry.get(dataset, as_of=as_of)
        except Recalled:
            return True
        return False


def _listed(listing: Listing, since: datetime) -> Entry:
    return Entry(listing.dataset, listing.public_id, listing.metadata, since=since, changed=listing.listed_at)
