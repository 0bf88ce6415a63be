"""How a dataset ended, for its tombstone."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from cupola.web.data.models import Dataset
from cupola.web.data.queries.wording import in_language
from cupola.web.ui.evidence import Link


@dataclass(frozen=True)
class End:
    """When and why it ended. `successor`: key or address of what takes its place, empty for nothing."""

    on: date | None
    reason: str = ""
    successor: str = ""


def end_of(dataset: Dataset) -> End:
    """Return how a dataset ended, as its document says; one that only left the folder says no reason."""
    written = dataset.definition.get("retired", {})
    successor = written.get("replaced_by") or written.get("replaced_at") or ""
    return End(dataset.retired_on, str(written.get("reason", "")), str(successor))


def successor_link(end: End) -> Link | None:
    """Return the link to what takes its place, by title where it is a dataset that the public may know of."""
    if not end.successor:
        return None
    if "://" in end.successor:
        return Link(end.successor, end.successor)
    dataset = Dataset.objects.filter(key=end.successor, released=True).first()
    if dataset is None:
        return Link(_("A dataset that is not public yet"))
    return Link(in_language(dataset, "title"), reverse("data:dataset", args=[dataset.key]))
