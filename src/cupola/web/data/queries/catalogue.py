"""The catalogue: what there is, found by words, narrowed by department, topic, offers and freshness, in order."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cupola.web.data.queries.cards import Card
from cupola.web.data.queries.freshness import Freshness, State, freshness, state_word
from cupola.web.data.queries.searching import Asked, Match, Piece, marked, read_question
from cupola.web.data.queries.shelf import Newest, Shelf, shelf, shelf_as_read

# what a dataset offers, in the order shown
OFFERS: dict[str, Promise] = {
    "download": _("Files to download"),
    "rows": _("Rows and queries"),
    "map": _("Map"),
    "elsewhere": _("Kept by another site"),
}
# ways to order a list; the first is for a search only
SORTS: dict[str, Promise] = {
    "match": _("Best match"),
    "title": _("Title"),
    "changed": _("Last change"),
    "rows": _("Most rows"),
}
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Filters:
    """What a visitor chose; an empty text is no choice. `has`: one of `OFFERS`; `sort`: one of `SORTS`."""

    words: str = ""
    department: str = ""
    topic: str = ""
    has: str = ""
    freshness: str = ""
    sort: str = ""

    @property
    def order(self) -> str:
        """The order in force."""
        usual = "match" if self.words else "title"
        return self.sort if self.sort in SORTS and (self.words or self.sort != "match") else usual


@dataclass(frozen=True)
class Entry:
    """One line of the catalogue. `offers` are keys of `OFFERS`; `found` and `marked_title` say where a search hit."""

    pk: int
    key: str
    public_id: str
    title: str
    row: str
    description: str
    department: str
    topic: str
    steward: str
    released: bool
    shows_rows: bool
    offers: tuple[str, ...]
    freshness: Freshness
    version: Newest | None
    taken: Mapping[str, str] = field(default_factory=dict)
    marked_title: tuple[Piece, ...] = ()
    found: tuple[Match, ...] = ()

    @property
    def offer_words(self) -> list[str]:
        """What it offers, as people say it."""
        return [str(OFFERS[offer]) for offer in self.offers]


@dataclass(frozen=True)
class Choice:
    """One value a list can be narrowed to, and how many lines would be left."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """Choices of one kind. `parameter` is its name in the address. `more`: those too rare to show at once."""

    parameter: str
    choices: tuple[Choice, ...]
    more: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """The lines that match, and the choices that are left. `total` counts everything the visitor may know of.

    `all_words`: whether the lines hold every word asked for; when none does, they hold some.
    """

    entries: tuple[Entry, ...]
    departments: Facet
    topics: Facet
    offers: Facet
    states: Facet
    total: int
    asked: Asked
    all_words: bool


SHOWN_CHOICES = 8
TAKES: dict[str, Callable[[Entry], Iterable[str]]] = {
    "department": lambda entry: [entry.taken["department"]],
    "topic": lambda entry: [entry.taken["topic"]],
    "has": lambda entry: entry.offers,
    "freshness": lambda entry: [] if "elsewhere" in entry.offers else [entry.freshness.state.value],
}


def entries(by: Any, *, now: datetime) -> tuple[Entry, ...]:
    """Return every dataset in use that `by` may know of, by title in the reader's language."""
    return tuple(sorted(_entries(shelf(), by, now=now), key=_by_title))


def catalogue(filters: Filters, *, by: Any, now: datetime) -> Catalogue:
    """Return the catalogue as narrowed by `filters`. Each facet counts what the other choices leave."""
    held = shelf()
    known = _entries(held, by, now=now)
    asked = read_question(filters.words)
    found, all_words = known, True
    worth: dict[int, float] = {}
    if asked.words:
        worth, all_words = held.find(asked, known={entry.pk for entry in known})
        found = [entry for entry in known if entry.pk in worth]
    return Catalogue(
        entries=tuple(_sorted(_matching(found, filters), order=filters.order, worth=worth)),
        departments=_facet("department", found, filters),
        topics=_facet("topic", found, filters),
        offers=_facet("has", found, filters),
        states=_facet("freshness", found, filters),
        total=len(known),
        asked=asked,
        all_words=all_words or not found,
    )


def with_matches(entries: Iterable[Entry], asked: Asked) -> list[Entry]:
    """Return the lines of a catalogue just read, with what was found in each marked."""
    held, language = shelf_as_read(), get_language() or ""
    return [
        replace(
            entry,
            marked_title=marked(entry.title, asked),
            found=held.matches(entry.pk, asked, language=language) if asked.words else (),
        )
        for entry in entries
    ]


def _entries(held: Shelf, by: Any, *, now: datetime) -> list[Entry]:
    staff = by.has_perm("data.see_drafts")
    return [
        _entry(card, held, now=now) for card in held.cards.values() if not card.retired and (card.released or staff)
    ]


def _entry(card: Card, held: Shelf, *, now: datetime) -> Entry:
    version = held.versions.get(card.pk)
    return Entry(
        pk=card.pk,
        key=card.key,
        public_id=card.public_id,
        title=card.says("title"),
        row=card.says("row"),
        description=card.says("description"),
        department=card.says("department"),
        topic=card.says("topic"),
        steward=card.says("steward"),
        released=card.released,
        shows_rows=card.shows_rows,
        offers=_offers(card, version),
        freshness=freshness(card.refresh, checked_at=held.checked.get(card.pk), now=now),
        version=version,
        taken={"department": card.department, "topic": card.topic},
    )


def _offers(card: Card, version: Newest | None) -> tuple[str, ...]:
    if card.is_elsewhere:
        return ("elsewhere",)
    if version is None or not card.shows_rows:
        return ()
    return ("download", "rows", "map") if card.has_map else ("download", "rows")


def _by_title(entry: Entry) -> str:
    return entry.title.casefold()


def _sorted(found: list[Entry], *, order: str, worth: Mapping[int, float]) -> list[Entry]:
    """Order the lines; what is alike stands by title."""
    keys: dict[str, Callable[[Entry], Any]] = {
        "match": lambda entry: -worth.get(entry.pk, 0.0),
        "title": lambda entry: 0,
        "changed": lambda entry: -(entry.version.committed_at if entry.version else LONG_AGO).timestamp(),
        "rows": lambda entry: -(entry.version.rows if entry.version else -1),
    }
    return sorted(sorted(found, key=_by_title), key=keys[order])


def _matching(found: Iterable[Entry], filters: Filters, *, but: str = "") -> list[Entry]:
    chosen = {name: getattr(filters, name) for name in TAKES if name != but and getattr(filters, name)}
    return [entry for entry in found if all(value in TAKES[name](entry) for name, value in chosen.items())]


def _facet(parameter: str, found: Iterable[Entry], filters: Filters) -> Facet:
    left = _matching(found, filters, but=parameter)
    counts = Counter(value for entry in left for value in TAKES[parameter](entry))
    chosen = getattr(filters, parameter)
    labels = _labels(parameter, left)
    values = sorted((value for value in {*counts, chosen} if value), key=lambda value: labels.get(value, value))
    if parameter in {"has", "freshness"}:
        values = [value for value in labels if value in values]
    choices = [Choice(value, labels.get(value, value), counts[value], value == chosen) for value in values]
    often = sorted(choices, key=lambda choice: (-choice.chosen, -choice.count))[:SHOWN_CHOICES]
    return Facet(
        parameter,
        tuple(choice for choice in choices if choice in often),
        tuple(choice for choice in choices if choice not in often),
    )


def _labels(parameter: str, left: Iterable[Entry]) -> dict[str, str]:
    """Return what each value of a facet is called in the language of the page."""
    if parameter == "has":
        return {value: str(words) for value, words in OFFERS.items()}
    if parameter == "freshness":
        return {state.value: state_word(state) for state in State}
    return {entry.taken[parameter]: getattr(entry, parameter) for entry in left}
