"""How every dataset keeps its promise: what is promised, when it last agreed with its source, what stands out."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from cupola.web.data.models import Finding
from cupola.web.data.queries.catalogue import Entry, entries
from cupola.web.data.queries.feed import TOLD
from cupola.web.data.queries.findings import for_everyone
from cupola.web.data.queries.freshness import State
from cupola.web.data.queries.rowcounts import RowCount, Usual, judge
from cupola.web.ui.templatetags.ui import number


@dataclass(frozen=True)
class DatasetStatus:
    """How one dataset stands. `findings`: open ones that need someone."""

    entry: Entry
    rows: RowCount
    findings: int

    @property
    def row_words(self) -> str:
        """Say whether the number of rows changed as usual."""
        if self.rows.verdict == Usual.USUAL:
            return _("as usual")
        if self.rows.verdict == Usual.UNKNOWN:
            return _("too few versions to tell")
        more = self.rows.change >= 0
        said = _("%(count)s rows more at once") if more else _("%(count)s rows fewer at once")
        return said % {"count": number(abs(self.rows.change))}

    @property
    def stands_out(self) -> bool:
        """Whether someone should look."""
        return self.entry.freshness.state == State.LATE or self.rows.verdict == Usual.UNUSUAL or self.findings > 0

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values."""
        entry, version = self.entry, self.entry.version
        checked = entry.freshness.checked_at
        return {
            "key": entry.key,
            "id": entry.public_id,
            "title": entry.title,
            "state": entry.freshness.state.value,
            "says": entry.freshness.word,
            "promised": entry.freshness.promise,
            "last_success": checked.isoformat() if checked else None,
            "last_change": version.committed_at.isoformat() if version else None,
            "version": version.number if version else None,
            "rows": version.rows if version else None,
            "row_count": {
                "verdict": self.rows.verdict.value,
                "change": self.rows.change,
                "usual_change": self.rows.expected,
                "tolerance": self.rows.spread,
            },
            "open_findings": self.findings,
        }


@dataclass(frozen=True)
class Status:
    """How all stand: those that stand out first. `elsewhere` counts those other sites keep, which are not watched."""

    lines: tuple[DatasetStatus, ...]
    keeping: int
    late: int
    unusual: int
    with_findings: int
    elsewhere: int


def status(by: Any, *, now: datetime) -> Status:
    """Return how everything stands that `by` may know of."""
    known = entries(by, now=now)
    watched = [entry for entry in known if "elsewhere" not in entry.offers]
    findings = open_findings()
    lines = [status_of(entry, findings) for entry in watched]
    states = Counter(entry.freshness.state for entry in watched)
    return Status(
        lines=tuple(sorted(lines, key=lambda one: not one.stands_out)),
        keeping=states[State.FRESH] + states[State.COMPLETE],
        late=states[State.LATE],
        unusual=sum(one.rows.verdict == Usual.UNUSUAL for one in lines),
        with_findings=sum(one.findings > 0 for one in lines),
        elsewhere=len(known) - len(watched),
    )


def status_of(entry: Entry, findings: Mapping[int, int]) -> DatasetStatus:
    """Return how one dataset stands."""
    counts = entry.version.counts if entry.version else ()
    return DatasetStatus(entry=entry, rows=judge(counts), findings=findings.get(entry.pk, 0))


def open_findings() -> dict[int, int]:
    """Count what is open and needs someone, by the dataset's primary key."""
    standing = for_everyone(Finding.objects.filter(closed_at=None, severity__in=TOLD))
    return Counter(standing.values_list("dataset_id", flat=True))
