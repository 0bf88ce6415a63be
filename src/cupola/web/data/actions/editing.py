"""Words of a dataset changed by staff: checked as a folder's are, with a reason where the public reads them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from cupola.errors import Conflict, InvalidInput, NotAllowed
from cupola.folder.differences import Change, changes
from cupola.web.accounts.models import Event, User
from cupola.web.data import queries
from cupola.web.data.actions.keeper import DatasetKeeper, described
from cupola.web.data.actions.publishing import publish
from cupola.web.data.models import Dataset


class MayNotEdit(NotAllowed):
    """The person has no permission to change what is said of datasets."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} may not change datasets. Whoever runs this installation can allow it.")


class EditReasonMissing(InvalidInput):
    """What the public reads is changed only with a reason."""

    def __init__(self) -> None:
        super().__init__("The public reads this, so a change needs a reason. Write one sentence.")


class EditedMeanwhile(Conflict):
    """The record is no longer the one that was being edited."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"{key} was changed by someone else meanwhile. Nothing was saved; look at it again.")


class CannotUndo(Conflict):
    """What an earlier change wrote was changed again since."""

    def __init__(self, *, key: str, path: str) -> None:
        self.key, self.path = key, path
        super().__init__(
            f"{key}: {path} was changed again since, so that change cannot be taken back. Edit it instead."
        )


def change_words(
    key: str, words: Mapping[str, Any], *, seen: str, reason: str, at: datetime, by: User
) -> tuple[Change, ...]:
    """Change what is said of a dataset and return what differs; the folder then has an export pending.

    `words`: path -> text or list of texts (see `queries.words`). `seen`: the edition the person looked at.
    Raises MayNotEdit, DatasetUnknown, EditedMeanwhile, EditReasonMissing, and InvalidInput naming the field that is
    wrong.
    """
    if not by.has_perm("data.edit_words", Dataset.objects.filter(key=key).first()):
        raise MayNotEdit(by.get_username())
    queries.find_dataset(key, by=by)
    return write_words(key, words, seen=seen, reason=reason, at=at, by=by)


def write_words(
    key: str, words: Mapping[str, Any], *, reason: str, at: datetime, by: User | str, seen: str = ""
) -> tuple[Change, ...]:
    """Write words for whoever was found to be allowed to. `seen`: the edition they looked at; empty: the present one.

    Raises EditedMeanwhile, EditReasonMissing, and InvalidInput naming the field that is wrong.
    """
    with transaction.atomic():
        dataset = Dataset.objects.get(key=key)
        before = dataset.definition
        if seen and queries.edition_of(before) != seen:
            raise EditedMeanwhile(key)
        allowed = {*queries.description_paths(), *queries.column_paths(dataset)}
        fields = described(
            queries.with_words(before, {path: words[path] for path in words if path in allowed})
        ).fields()
        differences = changes(described(before).fields(), fields)
        if differences:
            reason = " ".join(reason.split())
            if dataset.released and not reason:
                raise EditReasonMissing
            dataset = DatasetKeeper().put(key, fields, at=at)
            detail = {"changes": [change.as_json() for change in differences]}
            Event.record(queries.CHANGED, dataset, at=at, by=by, reason=reason, detail=detail)
    if differences:
        publish(Dataset.objects.get(key=key), at=at)
    return differences


def undo(key: str, event: int, *, reason: str, at: datetime, by: User) -> tuple[Change, ...]:
    """Put back what stood before an earlier change, by a new change. Raises as `change_words`, and CannotUndo."""
    dataset = queries.find_dataset(key, by=by)
    past = Event.objects.filter(pk=event, action=queries.CHANGED, target_kind="dataset", target_key=key).first()
    if past is None:
        raise CannotUndo(key=key, path="")
    words = {}
    for change in past.detail["changes"]:
        for path, before, after in queries.parts_of(change):
            if queries.words_at(dataset.definition, path) != (after or queries.words_at({}, path)):
                raise CannotUndo(key=key, path=path)
            words[path] = before
    return change_words(key, words, seen=queries.edition_of(dataset.definition), reason=reason, at=at, by=by)
