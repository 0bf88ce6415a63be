"""What the gate says of a dataset: for its page and for `cupola data check`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from cupola.folder import Obstacle
from cupola.privacy import Facts, Stop
from cupola.sentences import Sentence
from cupola.web.accounts.models import Event
from cupola.web.data.models import Acceptance, Approval, Dataset, GateCheck, Verdict, Version
from cupola.web.data.queries.gate import details_words, thresholds
from cupola.web.data.queries.lake import city_zone, lake
from cupola.web.data.queries.records import find_dataset
from cupola.web.data.queries.words import event_words

HISTORY = 20
_ACTIONS = ("data.gate_", "data.approved", "data.version_approved", "data.accepted", "data.opened", "data.closed")


@dataclass(frozen=True)
class HitLine:
    """One find of the scan: `accepted` says whether somebody looked at it."""

    column: str
    kind: str
    words: Sentence
    values: int
    all_values: int
    rows: int
    samples: tuple[str, ...]
    accepted: bool


@dataclass(frozen=True)
class GatePage:
    """What was checked, what stops, and who decided what. `check` is None while nothing was measured.

    `history`: what happened in words, and the line of the audit log.
    """

    dataset: Dataset
    obstacles: tuple[Obstacle, ...]
    version: Version | None
    public: int | None
    check: GateCheck | None
    facts: Facts | None
    stops: tuple[Stop, ...]
    hits: tuple[HitLine, ...]
    accepted: tuple[Mapping[str, Any], ...]
    approvals: tuple[Approval, ...]
    history: tuple[tuple[str, Event], ...]
    threshold: int

    @property
    def verdict(self) -> str:
        """Say in words what the gate says of the newest version."""
        if self.check is None:
            return _("Nothing was measured yet. The next run does it.")
        return str(Verdict(self.check.verdict).label)

    def as_json(self) -> dict[str, Any]:
        """Return what was measured and what stops, for machines."""
        return {
            "key": self.dataset.key,
            "classification": self.dataset.classification,
            "released": self.dataset.released,
            "public_version": self.public,
            "obstacles": [one.as_json() for one in self.obstacles],
            "version": self.version.number if self.version else None,
            "verdict": self.check.verdict if self.check else None,
            "seconds": self.check.seconds if self.check else None,
            "measured": self.facts.to_json() if self.facts else None,
            "stops": [one.to_json() for one in self.stops],
            "accepted": [dict(one) for one in self.accepted],
        }


def gate_page(key: str, *, by: Any, at: datetime) -> GatePage:
    """Return what the gate says of a dataset. Raises DatasetUnknown."""
    return gate_of(find_dataset(key, by=by), at=at)


def gate_of(dataset: Dataset, *, at: datetime) -> GatePage:
    """Return what the gate says of a dataset as it stands."""
    version = dataset.shown_version()
    check = GateCheck.objects.filter(version=version).first() if version else None
    facts = Facts.from_json(check.measured) if check else None
    stops = tuple(Stop.from_json(one) for one in check.stops) if check else ()
    public = next(iter(lake().registry.releases(dataset.key)), None)
    events = Event.objects.filter(target_kind="dataset", target_key=dataset.key)
    told = [one for one in events[: 10 * HISTORY] if one.action.startswith(_ACTIONS)]
    return GatePage(
        dataset=dataset,
        obstacles=dataset.obstacles(at=at, zone=city_zone()) if dataset.wants_public else (),
        version=version,
        public=public.version if public else None,
        check=check,
        facts=facts,
        stops=stops,
        hits=_hits(facts, stops),
        accepted=(*dataset.definition.get("privacy", {}).get("accepted", ()), *map(_told, _on_page(dataset))),
        approvals=tuple(dataset.approvals.filter(withdrawn_at=None).select_related("by", "version")),
        history=tuple((event_words(one.action), one) for one in told[:HISTORY]),
        threshold=thresholds(dataset).threshold,
    )


def _on_page(dataset: Dataset) -> list[Acceptance]:
    return list(dataset.acceptances.filter(withdrawn_at=None).select_related("by", "version"))


def _told(one: Acceptance) -> dict[str, Any]:
    said = {"column": one.column, "kind": one.kind, "reason": one.reason, "by": one.by.get_username()}
    said["on"] = one.at.date().isoformat()
    return {**said, **({"version": one.version.number} if one.version else {})}


def _hits(facts: Facts | None, stops: tuple[Stop, ...]) -> tuple[HitLine, ...]:
    if facts is None:
        return ()
    words = details_words()
    open_ones = {(one.column, one.kind) for one in stops}
    return tuple(
        HitLine(
            column=hit.column,
            kind=hit.kind.value,
            words=words[hit.kind.value],
            values=hit.values,
            all_values=hit.all_values,
            rows=hit.rows,
            samples=hit.samples,
            accepted=(hit.column, hit.kind.value) not in open_ones,
        )
        for hit in facts.hits
    )
