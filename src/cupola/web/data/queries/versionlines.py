"""The versions of a dataset as its page lists them, each with what it is compared to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cupola.web.data.models import Dataset, LoadReport, Version
from cupola.web.data.queries.comparison import versions_to_compare


@dataclass(frozen=True)
class VersionLine:
    """One version. `before`: the number of the version it can be compared to, None where there is none."""

    version: Version
    report: LoadReport | None
    before: int | None


def version_lines(dataset: Dataset, versions: Sequence[Version], *, by: Any) -> tuple[VersionLine, ...]:
    """Return the lines, in the order given."""
    known = sorted(one.number for one in versions_to_compare(dataset, by=by))
    earlier = {number: known[at - 1] if at else None for at, number in enumerate(known)}
    return tuple(
        VersionLine(one, next(iter(one.load_reports.all()), None), earlier.get(one.number)) for one in versions
    )
