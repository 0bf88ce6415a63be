"""Datasets as records: who may see which, and what stands in them."""

from datetime import datetime
from typing import Any

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from cupola.errors import NotFound
from cupola.web.data.models import Dataset, Outcome, Version
from cupola.web.data.queries.freshness import Freshness, freshness

AGREED = (Outcome.LOADED.value, Outcome.UNCHANGED.value)


class DatasetUnknown(NotFound):
    """No dataset has this key, or the person asking may not know of it: the two must look alike."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"There is no dataset {key!r}. `cupola data list` shows what there is.")


def current_datasets(keys: tuple[str, ...] = ()) -> list[Dataset]:
    """Return the datasets that are not retired, or those of them named by `keys`. Raises DatasetUnknown."""
    found = {dataset.key: dataset for dataset in Dataset.objects.filter(retired_on=None)}
    for key in keys:
        if key not in found:
            raise DatasetUnknown(key)
    return [found[key] for key in keys] if keys else list(found.values())


def sensitive_columns(dataset: Dataset) -> frozenset[str]:
    """Return the columns no one outside may see, as the record says now."""
    return frozenset(column["name"] for column in dataset.definition.get("columns", []) if column.get("sensitive"))


def visible_datasets(by: Any) -> QuerySet[Dataset]:
    """Return what `by` may know of: released datasets for everyone, drafts too for staff."""
    return Dataset.objects.all() if by.has_perm("data.see_drafts") else Dataset.objects.filter(released=True)


def find_dataset(key: str, *, by: Any) -> Dataset:
    """Return one dataset that `by` may know of. Raises DatasetUnknown."""
    found = with_last_check(visible_datasets(by)).filter(key=key).first()
    if found is None:
        raise DatasetUnknown(key)
    return found


def with_last_check(datasets: QuerySet[Dataset]) -> QuerySet[Dataset]:
    """Add `checked_at`: when the dataset last agreed with its source."""
    return datasets.annotate(checked_at=Max("load_reports__started_at", filter=Q(load_reports__outcome__in=AGREED)))


def latest_versions(datasets: QuerySet[Dataset]) -> dict[int, Version]:
    """Return the latest version of each dataset that has one, by the dataset's primary key."""
    latest = Version.objects.filter(dataset=OuterRef("dataset")).order_by("-number").values("pk")[:1]
    versions = Version.objects.filter(dataset__in=datasets, pk=Subquery(latest))
    return {version.dataset_id: version for version in versions}


def freshness_of(dataset: Dataset, *, now: datetime) -> Freshness:
    """Judge the freshness of a dataset that came `with_last_check`."""
    return freshness(dataset.refresh, checked_at=getattr(dataset, "checked_at", None), now=now)


def dataset_facts() -> list[dict[str, Any]]:
    """Return one line per dataset that is not retired, as plain values for the command line."""
    datasets = Dataset.objects.filter(retired_on=None)
    versions = latest_versions(datasets)
    now = timezone.now()
    return [_facts(dataset, versions.get(dataset.pk), now=now) for dataset in with_last_check(datasets)]


def _facts(dataset: Dataset, version: Version | None, *, now: datetime) -> dict[str, Any]:
    return {
        "key": dataset.key,
        "title": dataset.title,
        "version": version.number if version else None,
        "rows": version.rows if version else None,
        "loaded_on": timezone.localtime(version.committed_at).date().isoformat() if version else None,
        "freshness": freshness_of(dataset, now=now).word,
        "seen_by": "everyone" if dataset.released and dataset.shows_rows else dataset.classification,
    }


def dataset_detail(key: str) -> dict[str, Any]:
    """Return one dataset with columns, versions and open findings, as plain values for the command line."""
    dataset = with_last_check(Dataset.objects.all()).filter(key=key).first()
    if dataset is None:
        raise DatasetUnknown(key)
    names = ("key", "public_id", "title", "description", "row", "department", "topic", "steward", "classification")
    versions = list(dataset.versions.all())
    return {
        **{name: getattr(dataset, name) for name in names},
        "released": dataset.released,
        "refresh": dataset.refresh,
        "freshness": freshness_of(dataset, now=timezone.now()).word,
        "columns": [
            {"name": column["name"], "type": column["type"], "meaning": column.get("meaning", "")}
            for column in dataset.definition.get("columns", [])
        ],
        "versions": [
            {"number": version.number, "committed_at": version.committed_at.isoformat(), "rows": version.rows}
            for version in versions
        ],
        "findings": [finding.message for finding in dataset.findings.filter(closed_at=None)],
    }


def dataset_with_version(key: str, *, by: Any) -> tuple[Dataset, Version | None]:
    """Return one dataset that `by` may know of and its latest version. Raises DatasetUnknown."""
    dataset = find_dataset(key, by=by)
    return dataset, dataset.read_version()
