"""How far a dataset has come on its way to the public."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cupola.web.data.models import Approval, Dataset, Finding, GateCheck, Severity, Verdict, Version
from cupola.web.data.queries.records import latest_versions

MANY = 500  # more keys than this are not named one by one


class Stage(StrEnum):
    """The stages, in their order."""

    INVENTORIED = "inventoried"
    LOADED = "loaded"
    CHECKED = "checked"
    APPROVED = "approved"
    RELEASED = "released"
    RETIRED = "retired"

    @property
    def word(self) -> str:
        """Return what pages call it."""
        return str(WORDS[self])


WORDS: dict[Stage, Promise] = {
    Stage.INVENTORIED: _("Inventoried"),
    Stage.LOADED: _("Loaded"),
    Stage.CHECKED: _("Checked"),
    Stage.APPROVED: _("Approved"),
    Stage.RELEASED: _("Released"),
    Stage.RETIRED: _("Retired"),
}


@dataclass(frozen=True)
class Standing:
    """Where a dataset stands. `since`: when it came there, None where nothing says so.

    `elsewhere`: its rows are kept by another site, so it is known here and never loaded.
    """

    stage: Stage
    since: datetime | date | None = None
    elsewhere: bool = False

    @property
    def word(self) -> str:
        """Return what pages call it."""
        return self.stage.word


def stage(dataset: Dataset, *, now: datetime) -> Standing:
    """Return where one dataset stands."""
    return stages([dataset], now=now)[dataset.pk]


def stages(datasets: Iterable[Dataset], *, now: datetime) -> dict[int, Standing]:
    """Return where each dataset stands, by primary key, with as many queries for many as for one.

    Each stage holds all before it: retired ones ended; of released ones the public may read a version, or what they
    are where rows are not shown; approved ones have the steward's approval and wait; checked ones have a newest
    version that nothing stops, neither its load nor the gate; loaded ones have a version; the rest is inventoried.
    """
    listed = [*datasets]
    facts = _Facts.of(listed)
    return {dataset.pk: _standing(dataset, facts) for dataset in listed}


@dataclass(frozen=True)
class _Facts:
    """What the records say of many datasets, by primary key. `stopped`: something stops the newest version."""

    newest: dict[int, Version]
    stopped: frozenset[int]
    checked: dict[int, datetime]
    approved: dict[int, datetime]
    public: dict[int, datetime]

    @classmethod
    def of(cls, datasets: Iterable[Dataset]) -> "_Facts":
        keys = [dataset.pk for dataset in datasets]
        chosen = Dataset.objects.filter(pk__in=keys) if len(keys) < MANY else Dataset.objects.all()
        newest = latest_versions(chosen)
        checks = GateCheck.objects.filter(version__in=newest.values())
        stops = checks.filter(verdict=Verdict.STOPPED).values_list("version__dataset_id", flat=True)
        passed = checks.exclude(verdict=Verdict.STOPPED).values_list("version__dataset_id", "at")
        approvals = Approval.objects.filter(dataset__in=chosen, version=None, withdrawn_at=None).order_by("-at")
        errors = Finding.objects.filter(dataset__in=chosen, closed_at=None, severity=Severity.ERROR)
        shown = Version.objects.filter(dataset__in=chosen, recalled_at=None).exclude(released_at=None)
        return cls(
            newest=newest,
            stopped=frozenset(errors.values_list("dataset_id", flat=True)) | frozenset(stops),
            checked=dict(passed),
            approved=dict(approvals.values_list("dataset_id", "at")),
            public={one.dataset_id: one.released_at for one in shown.order_by("-released_at") if one.released_at},
        )


def _standing(dataset: Dataset, facts: _Facts) -> Standing:
    elsewhere = is_elsewhere(dataset)
    if dataset.retired_on is not None:
        return Standing(Stage.RETIRED, dataset.retired_on, elsewhere)
    newest = facts.newest.get(dataset.pk)
    if newest is None:
        return Standing(Stage.INVENTORIED, None, elsewhere)
    if dataset.released and (dataset.pk in facts.public or not dataset.shows_rows):
        return Standing(Stage.RELEASED, facts.public.get(dataset.pk), elsewhere)
    if dataset.pk in facts.stopped:
        return Standing(Stage.LOADED, newest.committed_at, elsewhere)
    approved = facts.approved.get(dataset.pk)
    written = dataset.definition.get("approval", {}).get("on")
    if approved is None and written is None:
        return Standing(Stage.CHECKED, facts.checked.get(dataset.pk, newest.committed_at), elsewhere)
    return Standing(Stage.APPROVED, approved or date.fromisoformat(written), elsewhere)


def is_elsewhere(dataset: Dataset) -> bool:
    """Whether the rows of a dataset are kept by another site and never come here."""
    return not (dataset.definition.get("sources") or dataset.definition.get("aggregates"))
