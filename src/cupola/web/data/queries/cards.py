"""One dataset as the catalogue keeps it: what a line of the list says, in every language, and what it is found by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from cupola.web.data.models import Dataset
from cupola.web.data.queries.searching import Field, Passage
from cupola.web.data.queries.wording import column_title

SPOKEN = ("title", "row", "description", "department", "topic", "steward")
PLACES = {"point", "geometry"}
COORDINATES = ({"longitude", "latitude"}, {"lon", "lat"}, {"lng", "lat"})


@dataclass(frozen=True)
class Card:
    """What does not change with the clock or with who asks. `texts`: field -> language (empty: as written) -> text."""

    pk: int
    key: str
    public_id: str
    texts: Mapping[str, Mapping[str, str]]
    department: str
    topic: str
    refresh: str
    released: bool
    retired: bool
    shows_rows: bool
    has_map: bool
    is_elsewhere: bool

    def says(self, field: str) -> str:
        """Return a text in the language of the page, or as written where it is not translated."""
        spoken = self.texts[field]
        return spoken.get(get_language() or "") or spoken[""]


def card_of(dataset: Dataset) -> Card:
    """Return a dataset's card."""
    translations: Mapping[str, Mapping[str, Any]] = dataset.definition.get("translations", {})
    return Card(
        pk=dataset.pk,
        key=dataset.key,
        public_id=dataset.public_id,
        texts={
            name: {"": str(getattr(dataset, name))}
            | {language: str(told[name]) for language, told in translations.items() if told.get(name)}
            for name in SPOKEN
        },
        department=dataset.department,
        topic=dataset.topic,
        refresh=dataset.refresh,
        released=dataset.released,
        retired=dataset.retired_on is not None,
        shows_rows=dataset.shows_rows,
        has_map=has_places(dataset.definition),
        is_elsewhere=not dataset.definition.get("sources"),
    )


def has_places(definition: Mapping[str, Any]) -> bool:
    """Whether rows can be drawn on a map: a point or shape, or longitude and latitude, that may be shown."""
    shown = [column for column in definition.get("columns", []) if not column.get("sensitive")]
    names = {str(column["name"]) for column in shown}
    return any(column.get("type") in PLACES for column in shown) or any(pair <= names for pair in COORDINATES)


def passages_of(dataset: Dataset) -> Iterator[Passage]:
    """Yield every text a dataset is found by, as written and translated."""
    definition = dataset.definition
    translations: Mapping[str, Mapping[str, Any]] = definition.get("translations", {})
    yield Passage(Field.TITLE, dataset.title, also=f"{dataset.key.replace('-', ' ')} {dataset.public_id}")
    for keyword in definition.get("keywords", []):
        yield Passage(Field.KEYWORD, str(keyword))
    for column in definition.get("columns", []):
        yield _column(column)
    for name in SPOKEN[1:]:
        if getattr(dataset, name):
            yield Passage(Field.DESCRIPTION, str(getattr(dataset, name)))
    for language, told in translations.items():
        yield from _translated(told, definition, language=language)


def _translated(told: Mapping[str, Any], definition: Mapping[str, Any], *, language: str) -> Iterator[Passage]:
    if told.get("title"):
        yield Passage(Field.TITLE, str(told["title"]), language=language)
    for column in definition.get("columns", []):
        words = told.get("columns", {}).get(column["name"])
        if words:
            yield _column({**column, **words}, language=language)
    for name in SPOKEN[1:]:
        if told.get(name):
            yield Passage(Field.DESCRIPTION, str(told[name]), language=language)


def _column(column: Mapping[str, Any], *, language: str = "") -> Passage:
    name, meaning = str(column["name"]), str(column.get("meaning", ""))
    return Passage(Field.COLUMN, meaning, label=column_title(column), also=name, language=language)
