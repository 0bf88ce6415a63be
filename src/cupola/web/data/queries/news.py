"""How things stand and what changed, for the front page."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cupola.web.data.models import LoadReport, Outcome
from cupola.web.data.queries.catalogue import entries
from cupola.web.data.queries.freshness import State
from cupola.web.data.queries.records import visible_datasets
from cupola.web.data.queries.wording import in_language


@dataclass(frozen=True)
class Standing:
    """How many datasets and rows are known, and how many of the datasets kept here keep their promise."""

    datasets: int
    watched: int
    loaded: int
    rows: int
    keeping: int
    late: int


@dataclass(frozen=True)
class Change:
    """One new version of one dataset."""

    key: str
    title: str
    number: int
    committed_at: datetime
    rows: int
    report: LoadReport


def standing(by: Any, *, now: datetime) -> Standing:
    """Count what `by` may know of."""
    known = entries(by, now=now)
    watched = [entry for entry in known if "elsewhere" not in entry.offers]
    states = Counter(entry.freshness.state for entry in watched)
    return Standing(
        datasets=len(known),
        watched=len(watched),
        loaded=sum(entry.version is not None for entry in known),
        rows=sum(entry.version.rows for entry in known if entry.version),
        keeping=states[State.FRESH] + states[State.COMPLETE],
        late=states[State.LATE],
    )


def latest_changes(by: Any, *, limit: int) -> tuple[Change, ...]:
    """Return the newest version of each dataset, the most recent first."""
    reports = LoadReport.objects.filter(
        outcome=Outcome.LOADED, dataset__in=visible_datasets(by).filter(retired_on=None)
    ).select_related("dataset", "version")
    newest: dict[str, Change] = {}
    for report in reports.order_by("-version__committed_at")[: 20 * limit]:
        if report.version is not None and report.dataset.key not in newest and len(newest) < limit:
            newest[report.dataset.key] = Change(
                key=report.dataset.key,
                title=in_language(report.dataset, "title"),
                number=report.version.number,
                committed_at=report.version.committed_at,
                rows=report.version.rows,
                report=report,
            )
    return tuple(newest.values())
