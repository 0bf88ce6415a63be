"""The catalogue: what there is, found by words and narrowed by department, topic and freshness."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cupola.web.data.models import Dataset, Version
from cupola.web.data.queries.freshness import Freshness, State, state_word
from cupola.web.data.queries.records import freshness_of, latest_versions, visible_datasets, with_last_check
from cupola.web.data.queries.wording import column_title, in_language


@dataclass(frozen=True)
class Filters:
    """What a visitor chose; an empty text is no choice. `words`: every one must be found."""

    words: str = ""
    department: str = ""
    topic: str = ""
    freshness: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of the catalogue."""

    key: str
    title: str
    row: str
    department: str
    topic: str
    released: bool
    shows_rows: bool
    freshness: Freshness
    version: Version | None
    haystack: str


@dataclass(frozen=True)
class Choice:
    """One value a list can be narrowed to, and how many lines would be left."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """Choices of one kind. `parameter` is its name in the address."""

    parameter: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Catalogue:
    """The lines that match, and the choices that are left. `total` counts everything the visitor may know of."""

    entries: tuple[Entry, ...]
    departments: Facet
    topics: Facet
    states: Facet
    total: int


TAKES: dict[str, Callable[[Entry], str]] = {
    "department": lambda entry: entry.department,
    "topic": lambda entry: entry.topic,
    "freshness": lambda entry: entry.freshness.state.value,
}


def entries(by: Any, *, now: datetime) -> tuple[Entry, ...]:
    """Return every dataset in use that `by` may know of, by title in the reader's language."""
    datasets = visible_datasets(by).filter(retired_on=None)
    versions = latest_versions(datasets)
    found = [_entry(dataset, versions.get(dataset.pk), now=now) for dataset in with_last_check(datasets)]
    return tuple(sorted(found, key=lambda entry: entry.title.casefold()))


def catalogue(filters: Filters, *, by: Any, now: datetime) -> Catalogue:
    """Return the catalogue as narrowed by `filters`. Each facet counts what the other choices leave."""
    known = entries(by, now=now)
    words = filters.words.casefold().split()
    found = [entry for entry in known if all(word in entry.haystack for word in words)]
    return Catalogue(
        entries=tuple(_matching(found, filters)),
        departments=_facet("department", found, filters),
        topics=_facet("topic", found, filters),
        states=_facet("freshness", found, filters),
        total=len(known),
    )


def _entry(dataset: Dataset, version: Version | None, *, now: datetime) -> Entry:
    title, row = in_language(dataset, "title"), in_language(dataset, "row")
    columns = [
        f"{column['name']} {column_title(column)} {column.get('meaning', '')}"
        for column in dataset.definition.get("columns", [])
    ]
    keywords = dataset.definition.get("keywords", [])
    spoken = in_language(dataset, "description")
    texts = [dataset.key, dataset.title, title, row, spoken, dataset.department, dataset.topic, *keywords, *columns]
    return Entry(
        key=dataset.key,
        title=title,
        row=row,
        department=dataset.department,
        topic=dataset.topic,
        released=dataset.released,
        shows_rows=dataset.shows_rows,
        freshness=freshness_of(dataset, now=now),
        version=version,
        haystack=" ".join(texts).casefold(),
    )


def _matching(found: Iterable[Entry], filters: Filters, *, but: str = "") -> list[Entry]:
    chosen = {name: getattr(filters, name) for name in TAKES if name != but and getattr(filters, name)}
    return [entry for entry in found if all(TAKES[name](entry) == value for name, value in chosen.items())]


def _facet(parameter: str, found: Iterable[Entry], filters: Filters) -> Facet:
    counts = Counter(TAKES[parameter](entry) for entry in _matching(found, filters, but=parameter))
    chosen = getattr(filters, parameter)
    values = sorted(value for value in {*counts, chosen} if value)
    if parameter == "freshness":
        values = [state.value for state in State if state.value in values]
    choices = (
        Choice(value, state_word(State(value)) if parameter == "freshness" else value, counts[value], value == chosen)
        for value in values
    )
    return Facet(parameter, tuple(choices))
