"""Datasets as records: created, changed and retired by a folder or by staff, always through here."""

from datetime import datetime
from typing import Any

from django.db import transaction

from cupola.errors import Conflict
from cupola.folder import DatasetRecord, parse
from cupola.web.accounts.queries import the_city
from cupola.web.data.models import Dataset


class DatasetKeeper:
    """Keeps the `dataset` records."""

    kind = "dataset"

    def records(self) -> dict[str, tuple[dict[str, Any], bool]]:
        """Return key -> (fields, retired) of every dataset."""
        return {d.key: (d.definition, d.retired_on is not None) for d in Dataset.objects.all()}

    @transaction.atomic
    def put(self, key: str, fields: dict[str, Any], *, at: datetime) -> Dataset:
        """Create, change or revive the dataset. Raises Conflict when its public id would change or is taken."""
        dataset = Dataset.objects.filter(key=key).first() or Dataset(key=key)
        dataset.public_id = check_public_id(dataset, fields)
        dataset._history_date = at  # type: ignore[attr-defined]  # read by simple-history
        dataset.retired_on = None
        dataset.take_definition(fields)
        dataset.full_clean()
        dataset.save()
        return dataset

    @transaction.atomic
    def retire(self, key: str, *, at: datetime) -> Dataset:
        """Retire the dataset: it leaves the catalogue; its versions and history stay."""
        dataset = Dataset.objects.get(key=key)
        dataset._history_date = at  # type: ignore[attr-defined]  # read by simple-history
        dataset.retired_on = at.date()
        dataset.save()
        return dataset


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
