"""Datasets as records: created, changed and retired by a folder or by staff, always through here."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from cupola.errors import Conflict
from cupola.folder import DatasetRecord, parse
from cupola.web.accounts.queries import the_city
from cupola.web.data import queries
from cupola.web.data.models import Dataset


class DatasetKeeper:
    """Keeps the `dataset` records."""

    kind = "dataset"

    def records(self) -> dict[str, tuple[dict[str, Any], bool]]:
        """Return key -> (fields, retired) of every dataset; one whose document says how it ended is still there."""
        return {
            d.key: (d.definition, d.retired_on is not None and "retired" not in d.definition)
            for d in Dataset.objects.all()
        }

    @transaction.atomic
    def put(self, key: str, fields: dict[str, Any], *, at: datetime) -> Dataset:
        """Create, change or revive the dataset. Raises Conflict when its public id would change or is taken."""
        dataset = Dataset.objects.filter(key=key).first() or Dataset(key=key)
        dataset.public_id = check_public_id(dataset, fields)
        dataset._history_date = at  # type: ignore[attr-defined]  # read by simple-history
        dataset.retired_on = ended_on(fields, at=at)
        dataset.take_definition(fields, at=at, zone=queries.city_zone())
        dataset.full_clean()
        dataset.save()
        return dataset

    @transaction.atomic
    def retire(self, key: str, *, at: datetime) -> Dataset:
        """Retire the dataset: it leaves the catalogue; its versions and history stay.

        Raises Conflict where its document said how it ended: that is its tombstone.
        """
        dataset = Dataset.objects.get(key=key)
        if "retired" in dataset.definition:
            raise Conflict(
                f"The folder no longer holds dataset {key}, whose document says how it ended and what replaces it."
                f" People who ask for it read that. Put datasets/{key}.yaml back (`cupola export` writes it)."
            )
        dataset._history_date = at  # type: ignore[attr-defined]  # read by simple-history
        dataset.retired_on = at.date()
        dataset.save()
        return dataset


def ended_on(fields: dict[str, Any], *, at: datetime) -> date | None:
    """Return the day a dataset ended, None where it has not or the day is still to come in the city."""
    written = fields.get("retired", {}).get("on")
    day = date.fromisoformat(written) if written else None
    return day if day and day <= at.astimezone(ZoneInfo(queries.city_zone())).date() else None


def end_what_is_due(*, at: datetime) -> list[str]:
    """Retire the datasets whose documents named a day that has come; return their keys."""
    due = [one for one in queries.current_datasets() if ended_on(one.definition, at=at)]
    for dataset in due:
        dataset._history_date = at  # type: ignore[attr-defined]  # read by simple-history
        dataset.retired_on = ended_on(dataset.definition, at=at)
        dataset.save()
    return [dataset.key for dataset in due]


def described(fields: dict[str, Any]) -> DatasetRecord:
    """Return canonical fields as the folder's own record. Raises InvalidInput."""
    record = parse("dataset", fields)
    assert isinstance(record, DatasetRecord)
    return record


def check_public_id(dataset: Dataset, fields: dict[str, Any]) -> str:
    """Return the dataset's 4x4 id, which is given once and never changes. Raises Conflict."""
    city = the_city()
    from_fields = described(fields).public_id(city.key if city else "")
    if dataset.public_id and fields.get("id", dataset.public_id) != dataset.public_id:
        raise Conflict(
            f"dataset {dataset.key}: id {fields['id']} would replace {dataset.public_id}, and links to it would break."
            f" Write id: {dataset.public_id}."
        )
    public_id = dataset.public_id or from_fields
    holder = Dataset.objects.filter(public_id=public_id).exclude(key=dataset.key).first()
    if holder is not None:
        raise Conflict(f"dataset {dataset.key}: id {public_id} already belongs to {holder.key}. Write another id.")
    return public_id
