"""Findings that stand until what they tell is mended: each owner of a kind settles its own and no other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cupola.web.data.models import Finding, Severity

CATALOGUE, DUTY = "catalogue.", "duty."  # kinds begin with whose they are; those of loads have no point


@dataclass(frozen=True)
class Found:
    """One thing to tell about a dataset. `kind` begins with its owner's prefix; `column`: the field or column meant."""

    kind: str
    message: str
    severity: str = Severity.WARNING.value
    column: str = ""
    count: int = 1

    @property
    def same(self) -> tuple[str, str, str]:
        """What makes two findings the same one."""
        return self.kind, self.column, self.message


@transaction.atomic
def settle(prefix: str, found: Mapping[int, Sequence[Found]], *, at: datetime) -> tuple[int, int]:
    """Open what is found and close what is found no more, of kinds that begin with `prefix`; return how many of each.

    `found`: by the primary key of every dataset that was looked at; those not named keep what is open.
    """
    standing: dict[int, dict[tuple[str, str, str], Finding]] = {key: {} for key in found}
    for row in Finding.objects.filter(kind__startswith=prefix, closed_at=None).select_related("dataset"):
        if row.dataset_id in standing:
            standing[row.dataset_id][row.kind, row.column, row.message] = row
    opened = closed = 0
    for key, told in found.items():
        now = {one.same: one for one in told}
        for same, row in standing[key].items():
            if same not in now:
                row.closed_at = max(at, row.opened_at)
                row.save()
                closed += 1
        new = [one for same, one in now.items() if same not in standing[key]]
        opened += len(new)
        _open(key, new, at=at)
    return opened, closed


def _open(dataset: int, found: Iterable[Found], *, at: datetime) -> None:
    for one in found:
        assert one.kind.count(".") == 1, one.kind
        Finding.objects.create(
            dataset_id=dataset,
            kind=one.kind,
            severity=one.severity,
            column=one.column[:200],
            message=one.message,
            count=one.count,
            opened_at=at,
        )


def is_of_a_load(kind: str) -> bool:
    """Whether a kind of finding is a load's, which replaces all of its own."""
    return "." not in kind
