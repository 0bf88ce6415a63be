"""What a load is asked to do, and what it says afterwards. Both can be written as JSON."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Literal

import pyarrow as pa

from cupola.contracts import Contract, Landing

Mode = Literal["replace", "append", "upsert"]
Outcome = Literal["loaded", "unchanged", "stopped"]


def no_progress(step: str, share: float) -> None:
    """Take note of nothing; for callers who show no progress."""


@dataclass(frozen=True)
class PlacesRef:
    """The shapes a tag needs: one version of a places dataset.

    `rows`: reads the named columns of that version; `geometry` holds WKB. `label`: names the version for people.
    """

    dataset: str
    version: int
    label: str
    rows: Callable[[tuple[str, ...]], pa.Table]


@dataclass(frozen=True)
class LoadRequest:
    """One load of one dataset. `fingerprint` is over the content of all its sources; `now` is when it is published."""

    dataset: str
    landings: tuple[Landing, ...]
    contract: Contract
    mode: Mode
    fingerprint: str
    now: datetime
    places: Mapping[str, PlacesRef] = field(default_factory=dict)
    progress: Callable[[str, float], None] = no_progress


@dataclass(frozen=True)
class SourceReport:
    """What one source gave. `lane`: 'fast' (read by the engine), 'careful' (row by row) or 'select'."""

    source: str
    rows_read: int
    rows_loaded: int
    rows_quarantined: int
    lane: str
    vintage: date | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class LoadFinding:
    """Something to know about what was loaded. `count`: rows or values it concerns."""

    kind: str
    severity: Literal["note", "warning", "error"]
    column: str
    message: str
    count: int = 0


@dataclass(frozen=True)
class LoadReport:
    """The record of one load. `quarantine`: file with what did not fit, relative to the lake; empty when all fitted."""

    dataset: str
    outcome: Outcome
    version: int | None
    mode: Mode
    fingerprint: str
    rows_read: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    rows_added: int = 0
    rows_removed: int = 0
    rows_changed: int = 0
    seconds: float = 0.0
    bytes: int = 0
    quarantine: str = ""
    sources: tuple[SourceReport, ...] = ()
    findings: tuple[LoadFinding, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON-able values."""
        facts = asdict(self)
        for source in facts["sources"]:
            source["vintage"] = source["vintage"].isoformat() if source["vintage"] else None
            source["notes"] = list(source["notes"])
        facts["sources"], facts["findings"] = list(facts["sources"]), list(facts["findings"])
        return facts

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> "LoadReport":
        """Return the report that `to_json` wrote."""
        sources = tuple(_source(one) for one in facts.get("sources", ()))
        findings = tuple(LoadFinding(**one) for one in facts.get("findings", ()))
        return cls(**{**facts, "sources": sources, "findings": findings})


def _source(facts: Mapping[str, Any]) -> SourceReport:
    vintage = date.fromisoformat(facts["vintage"]) if facts["vintage"] else None
    return SourceReport(**{**facts, "vintage": vintage, "notes": tuple(facts["notes"])})
