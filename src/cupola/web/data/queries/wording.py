"""A dataset in the reader's language, and types in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cupola.web.data.models import Dataset

TYPE_WORDS: dict[str, Promise] = {
    "text": _("text"),
    "integer": _("whole number"),
    "decimal": _("number"),
    "float": _("number"),
    "money": _("amount of money"),
    "percent": _("percentage"),
    "boolean": _("yes or no"),
    "date": _("date"),
    "timestamp": _("date and time"),
    "instant": _("date and time (UTC)"),
    "duration": _("length of time"),
    "point": _("place on the map"),
    "geometry": _("shape on the map"),
    "code": _("one of a fixed list"),
    "url": _("web address"),
}


def told(dataset: Dataset) -> Mapping[str, Any]:
    """Return what is written about a dataset in the language of the page."""
    translations: dict[str, dict[str, Any]] = dataset.definition.get("translations", {})
    return translations.get(get_language() or "", {})


def in_language(dataset: Dataset, field: str) -> str:
    """Return a text of a dataset in the language of the page, or as written where it is not translated."""
    return str(told(dataset).get(field) or getattr(dataset, field))


def notes_in_language(dataset: Dataset) -> list[str]:
    """Return the known issues in the language of the page, or as written where they are not translated."""
    return list(told(dataset).get("notes") or dataset.definition.get("notes", []))


def column_in_language(dataset: Dataset, column: Mapping[str, Any]) -> dict[str, Any]:
    """Return a column with its title and meaning in the language of the page, where they are translated."""
    words: Mapping[str, str] = told(dataset).get("columns", {}).get(column["name"], {})
    return {**column, **{name: text for name, text in words.items() if text}}


def column_title(column: Mapping[str, Any]) -> str:
    """Return the heading of a column: as written, else its name in words."""
    name = str(column["name"])
    return str(column.get("title") or name.replace("_", " ").capitalize())


def type_words(kind: str) -> str:
    """Return a column type as people say it."""
    return str(TYPE_WORDS.get(kind, kind))
