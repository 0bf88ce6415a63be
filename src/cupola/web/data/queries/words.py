"""The words of a dataset that people edit in the pages, each under the path it has in a city folder."""

import copy
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from cupola.web.accounts.models import Event
from cupola.web.data.models import Dataset
from cupola.web.data.queries.rows import all_columns

TEXTS = ("title", "row", "description", "department", "topic", "steward", "contact", "license")
LISTS = ("keywords", "notes")
TRANSLATED = ("title", "row", "description", "department", "topic", "steward")
TRANSLATED_LISTS = ("notes",)
COLUMN_TEXTS = ("title", "meaning")
CHANGED = "data.dataset_changed"
EVENTS = 200
PRIVATE = ("sources", "select")


def other_languages() -> list[str]:
    """Return the languages texts are translated into."""
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def description_paths() -> Iterator[str]:
    """Yield the paths of what is said of a dataset as a whole."""
    yield from (*TEXTS, *LISTS)
    for language in other_languages():
        yield from (f"translations.{language}.{name}" for name in (*TRANSLATED, *TRANSLATED_LISTS))


def column_paths(dataset: Dataset) -> Iterator[str]:
    """Yield the paths of what is said of its columns. Computed columns have words in other languages only."""
    written = {str(column["name"]) for column in dataset.definition.get("columns", [])}
    for column in all_columns(dataset):
        name = str(column["name"])
        if name in written:
            yield from (f"columns.{name}.{text}" for text in COLUMN_TEXTS)
        for language in other_languages():
            yield from (f"translations.{language}.columns.{name}.{text}" for text in COLUMN_TEXTS)


def is_list(path: str) -> bool:
    """Whether what stands under a path is a list of texts."""
    return path.rpartition(".")[2] in LISTS


def words_at(definition: Mapping[str, Any], path: str) -> Any:
    """Return what stands under a path; an empty text or list where nothing does."""
    found: Any = definition
    for part in path.split("."):
        if isinstance(found, list):
            found = next((item for item in found if item["name"] == part), {})
        else:
            found = found.get(part, {})
    return found or ([] if is_list(path) else "")


def with_words(definition: Mapping[str, Any], words: Mapping[str, Any]) -> dict[str, Any]:
    """Return the definition with other words; an empty one is taken out."""
    changed: dict[str, Any] = copy.deepcopy(dict(definition))
    for path, value in words.items():
        *way, last = path.split(".")
        place: Any = changed
        for part in way:
            if isinstance(place, list):
                place = next(item for item in place if item["name"] == part)
            else:
                place = place.setdefault(part, {})
        if value:
            place[last] = value
        else:
            place.pop(last, None)
    prune(changed.get("translations", {}))
    if not changed.get("translations"):
        changed.pop("translations", None)
    return changed


def prune(tree: dict[str, Any]) -> None:
    """Take out mappings that hold nothing."""
    for name in list(tree):
        if isinstance(tree[name], dict):
            prune(tree[name])
            if not tree[name]:
                del tree[name]


def edition_of(definition: Mapping[str, Any]) -> str:
    """Return a hash that tells whether a definition is still the one a form was filled from."""
    return hashlib.sha256(json.dumps(definition, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class PastChange:
    """One field before and after, as people read it."""

    path: str
    before: str
    after: str


@dataclass(frozen=True)
class PastEvent:
    """One line of a record's history. `undoable`: words changed in these pages, which can be put back."""

    pk: int
    at: datetime
    by: str
    says: str
    reason: str
    changes: tuple[PastChange, ...]
    undoable: bool


def history_of(dataset: Dataset) -> tuple[PastEvent, ...]:
    """Return what was done to a dataset's record, newest first."""
    events = Event.objects.filter(target_kind="dataset", target_key=dataset.key)
    return tuple(_past(event) for event in events[:EVENTS])


def parts_of(change: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return a recorded change as changes of single words: a translation may have come or gone as a whole."""
    path, before, after = change["path"], change["before"], change["after"]
    if not isinstance(before, Mapping) and not isinstance(after, Mapping):
        return [(path, before, after)]
    old, new = before or {}, after or {}
    return [
        part
        for name in {**old, **new}
        for part in parts_of({"path": f"{path}.{name}", "before": old.get(name), "after": new.get(name)})
    ]


def _past(event: Event) -> PastEvent:
    changes = event.detail.get("changes", []) if isinstance(event.detail, dict) else []
    return PastEvent(
        pk=event.pk,
        at=event.at,
        by=event.by_name or _("the program"),
        says=event_words(event.action),
        reason=event.reason,
        changes=tuple(_past_changes(changes)) if event.action != "folder.create" else (),
        undoable=event.action == CHANGED,
    )


def event_words(action: str) -> str:
    """Return in words what the audit log calls by a key; what has no words here stays as it is."""
    says = {
        CHANGED: _("Words changed in these pages"),
        "data.change_announced": _("A change of a column was announced"),
        "data.duties_changed": _("Duties changed hands"),
        "data.columns_accepted": _("The portal's columns were taken as right"),
        "folder.create": _("Made by the city folder"),
        "folder.update": _("Changed by the city folder"),
        "folder.revive": _("Brought back by the city folder"),
        "folder.retire": _("Retired by the city folder"),
        "data.listed": _("Listed for the public"),
        "data.unlisted": _("No longer listed without rows"),
        "data.released": _("A version became public"),
        "data.withdrawn": _("Withdrawn from the public"),
        "data.recalled": _("A version was taken back"),
        "data.load_loaded": _("A new version was loaded"),
        "data.load_stopped": _("A load was stopped"),
        "data.load_failed": _("A load failed"),
        "data.load_recovered": _("A version was found and recorded"),
        "data.gate_passed": _("The gate let a version through"),
        "data.gate_stopped": _("The gate stopped a version"),
        "data.gate_approved": _("A stopped version was approved"),
        "data.approved": _("Publication was approved"),
        "data.version_approved": _("A stopped version was approved"),
        "data.accepted": _("A finding of the gate was accepted"),
        "data.opened": _("Opened to the public"),
        "data.closed": _("Closed to the public"),
        "data.corrected": _("Rows that were public were corrected"),
    }
    return says.get(action, action)


def _past_changes(changes: Iterable[Mapping[str, Any]]) -> Iterator[PastChange]:
    """Yield what can be read of changes; addresses of sources may hold passwords, so they are left out."""
    for path, before, after in (part for change in changes for part in parts_of(change)):
        if not path.startswith(PRIVATE):
            yield PastChange(path, _shown(before), _shown(after))


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(str(item) for item in value)
    return "" if value is None else str(value)
