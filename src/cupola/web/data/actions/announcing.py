"""A change of a column announced by staff: written as the city folder would have it, and public at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from cupola.contracts import Announcement
from cupola.errors import Conflict, InvalidInput, NotAllowed
from cupola.folder.differences import Change, changes
from cupola.web.accounts.models import Event, User
from cupola.web.data import queries
from cupola.web.data.actions.keeper import DatasetKeeper, described
from cupola.web.data.actions.publishing import publish
from cupola.web.data.models import Dataset

ANNOUNCED = "data.change_announced"
# where a column is named and its new name takes its place; elsewhere a rename is for whoever keeps the folder
_LISTS, _SINGLE = ("row_key",), ("time_column",)
_KEPT = {"key", "columns", "changes", "translations", *_LISTS, *_SINGLE}
_WORDS = {"title", "row", "description", "notes", "keywords", "steward", "contact", "department", "topic", "license"}


class MayNotAnnounce(NotAllowed):
    """The person has no permission to announce changes of columns."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} may not announce changes. The dataset's steward, publisher or coordinator can.")


class AnnouncementUnclear(InvalidInput):
    """It does not say what changes, to what, when or why."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"{what} Nothing was announced.")


class RenameNeedsFolder(Conflict):
    """A column is named in places where only a person can tell what else must change."""

    def __init__(self, *, column: str, fields: tuple[str, ...]) -> None:
        self.column, self.fields = column, fields
        where = ", ".join(fields)
        super().__init__(f"{column} is also named under {where}. Rename it in the city folder and announce it there.")


@dataclass(frozen=True)
class PlannedChange:
    """What will happen to a column from the day `until` on: one of a new name, a new type, or that it goes."""

    column: str
    until: date
    why: str
    becomes: str = ""
    type: str = ""
    removed: bool = False


def announce_change(key: str, planned: PlannedChange, *, at: datetime, by: User) -> tuple[Change, ...]:
    """Announce a change of a column and return what differs; the folder then has an export pending.

    A rename gives the column its new name in the contract too, so that the next load has it and both names answer.
    Raises MayNotAnnounce, DatasetUnknown, AnnouncementUnclear, RenameNeedsFolder, and FolderInvalid for what else a
    folder would refuse.
    """
    if not by.has_perm("data.announce_change", Dataset.objects.filter(key=key).first()):
        raise MayNotAnnounce(by.get_username())
    queries.find_dataset(key, by=by)
    today = at.astimezone(ZoneInfo(queries.city_zone())).date()
    with transaction.atomic():
        before = Dataset.objects.get(key=key).definition
        _check(before, planned, today=today)
        said = Announcement(
            column=planned.column,
            announced=today,
            until=planned.until,
            becomes=planned.becomes,
            type=planned.type,
            removed=planned.removed,
            why=planned.why,
        )
        wanted = renamed(before, planned.column, planned.becomes) if planned.becomes else dict(before)
        wanted["changes"] = [*before.get("changes", ()), said.as_json()]
        fields = described(wanted).fields()
        differences = changes(described(before).fields(), fields)
        dataset = DatasetKeeper().put(key, fields, at=at)
        detail = {"changes": [change.as_json() for change in differences]}
        Event.record(ANNOUNCED, dataset, at=at, by=by, reason=planned.why, detail=detail)
    publish(Dataset.objects.get(key=key), at=at)
    return differences


def _check(definition: Mapping[str, Any], planned: PlannedChange, *, today: date) -> None:
    names = {column["name"] for column in definition.get("columns", ())}
    if planned.column not in names:
        raise AnnouncementUnclear(f"There is no column {planned.column!r}.")
    if sum(map(bool, (planned.becomes, planned.type, planned.removed))) != 1:
        raise AnnouncementUnclear("A column gets a new name, gets another type, or goes: say one of the three.")
    if planned.becomes in names:
        raise AnnouncementUnclear(f"{planned.becomes!r} is a column already.")
    if planned.until <= today:
        raise AnnouncementUnclear(f"{planned.until} is not after today, {today}.")
    if not planned.why.strip():
        raise AnnouncementUnclear("Everyone who uses the column reads why it changes, so a reason is needed.")


def renamed(definition: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """Return a dataset's fields with a column under its new name, read from where it was. Raises RenameNeedsFolder."""
    elsewhere = tuple(
        name
        for name, value in definition.items()
        if name not in _KEPT | _WORDS and re.search(rf"\b{re.escape(old)}\b", str(value))
    )
    if elsewhere:
        raise RenameNeedsFolder(column=old, fields=elsewhere)
    fields = dict(definition)
    fields["columns"] = [
        {**column, "name": new, "from": [*column.get("from", ()), old]} if column["name"] == old else column
        for column in definition["columns"]
    ]
    for name in _LISTS:
        if name in fields:
            fields[name] = [new if one == old else one for one in fields[name]]
    for name in _SINGLE:
        if fields.get(name) == old:
            fields[name] = new
    if "translations" in fields:
        fields["translations"] = {
            language: _with_column(said, old, new) for language, said in fields["translations"].items()
        }
    return fields


def _with_column(said: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    columns = {new if name == old else name: words for name, words in said.get("columns", {}).items()}
    return {**said, **({"columns": columns} if columns else {})}
