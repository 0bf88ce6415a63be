"""One dataset from its sources to a recorded version: fetch, land, load against the contract, record, publish."""

import hashlib
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cupola import lake as lakes
from cupola import sources
from cupola.contracts import Contract
from cupola.errors import CupolaError, InvalidInput
from cupola.folder import DatasetRecord
from cupola.web.data import queries
from cupola.web.data.actions.aggregating import aggregated
from cupola.web.data.actions.keeper import described
from cupola.web.data.actions.promising import check_promises
from cupola.web.data.actions.publishing import keep_profile, publish
from cupola.web.data.actions.recording import record_failure, record_load
from cupola.web.data.models import Dataset, LoadReport, Mode, Outcome

NOT_DUE, ELSEWHERE = "not due", "hosted elsewhere"
FETCHED, LOADED = 0.2, 0.9  # shares of a refresh, for its progress bar


@dataclass(frozen=True, kw_only=True)
class Refresh:
    """What a refresh works with.

    `sources_folder`: read every source's `file:` from there and no `url:`. Without it, a source is read from its
    `url:`, and from its `file:` below `city_folder` when it has no `url:`. `force`: look also where nothing is due yet.
    """

    sources_folder: Path | None
    city_folder: Path | None = None
    now: datetime
    by: str
    force: bool = False
    progress: Callable[[str, float], None] = lambda step, share: None
    limits: sources.Limits = field(default_factory=sources.Limits)

    def base(self, spec: sources.SourceSpec) -> Path | None:
        """Return where the `file:` of this source is, None when its `url:` is to be read."""
        return self.sources_folder or (None if spec.url else self.city_folder)


@dataclass(frozen=True)
class Refreshed:
    """What a refresh of one dataset came to, for the last screen of a run."""

    key: str
    outcome: str
    rows_read: int
    rows_loaded: int
    rows_quarantined: int
    version: int | None
    seconds: float
    findings: tuple[str, ...] = ()
    error: str = ""

    @property
    def needs_person(self) -> bool:
        """Whether the previous version, or none, is still what people see."""
        return self.outcome in {Outcome.STOPPED, Outcome.FAILED}

    @property
    def sentence(self) -> str:
        """Say in one line what came out."""
        if self.needs_person:
            return f"{self.key}: {self.outcome}. {self.error}"
        if self.outcome == ELSEWHERE:
            return f"{self.key}: hosted elsewhere, nothing to load"
        if self.outcome in {Outcome.UNCHANGED, NOT_DUE}:
            return f"{self.key}: {self.outcome}, still version {self.version}"
        aside = f", {self.rows_quarantined:,} set aside" if self.rows_quarantined else ""
        return f"{self.key}: version {self.version}, {self.rows_loaded:,} rows{aside} in {self.seconds:.1f} s"

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values."""
        return asdict(self)


def refresh(dataset: Dataset, work: Refresh) -> Refreshed:
    """Bring `dataset` up to date with its sources. What goes wrong is recorded and returned, not raised.

    The previous version stays published whatever happens here.
    """
    started = time.monotonic()
    record = described(dataset.definition)
    if record.hosted_elsewhere:
        publish(dataset, at=work.now)
        return Refreshed(dataset.key, ELSEWHERE, 0, 0, 0, version=None, seconds=0.0)
    contract = record.contract(zone=queries.city_zone())
    if not is_due(dataset, record, contract=contract, work=work):
        return not_due(dataset)
    fetched: tuple[sources.Fetched, ...] = ()
    try:
        places = place_refs(contract)
        fetched = fetch_sources(dataset, record, contract=contract, work=work)
        report = load(dataset, fetched, contract=contract, places=places, work=work)
    except lakes.LoadStopped as stopped:
        report = stopped.report
    except CupolaError as error:
        failed = record_failure(dataset, error, started_at=work.now, seconds=time.monotonic() - started)
        return summary(failed, findings=())
    row = record_load(
        dataset,
        report,
        states=[source.state for source in fetched],
        source_bytes=sum(source.bytes for source in fetched),
        started_at=work.now,
        seconds=time.monotonic() - started,
    )
    if row.version is not None:
        queries.lake().compact(dataset.key, now=work.now)
        keep_profile(dataset)
        check_promises(dataset, at=work.now)
        work.progress(dataset.key, 0.95)
        publish(dataset, at=work.now)
    LoadReport.objects.filter(pk=row.pk).update(seconds=time.monotonic() - started)
    row.seconds = time.monotonic() - started
    return summary(row, findings=tuple(finding.message for finding in report.findings))


def fetch_sources(
    dataset: Dataset, record: DatasetRecord, *, contract: Contract, work: Refresh
) -> tuple[sources.Fetched, ...]:
    """Fetch every source of the dataset, asking only for what changed since the last load."""
    states = last_states(dataset)
    if record.aggregates is not None:
        return (aggregated(dataset, record, state=states[0] if states else {}),)
    cache = queries.home() / "cache" / dataset.key
    cache.mkdir(parents=True, exist_ok=True)
    fetched = []
    for position, spec in enumerate(record.source_specs()):
        state: Mapping[str, str] = states[position] if position < len(states) else {}
        if dataset.mode == Mode.UPSERT and spec.format == "socrata":
            # Only the changes since the last load, unless old rows must be read again for a new contract.
            spec, state = replace(spec, incremental=True), state if reads_as(dataset, contract) else {}
        fetched.append(
            sources.fetch(
                spec,
                base=work.base(spec),
                cache=cache,
                state=state,
                limits=work.limits,
                progress=lambda step, share: work.progress(dataset.key, share * FETCHED),
            )
        )
    return tuple(fetched)


def is_due(dataset: Dataset, record: DatasetRecord, *, contract: Contract, work: Refresh) -> bool:
    """Whether to look at the sources: local files always, for that costs nothing; others as often as promised."""
    counted = record.aggregates is not None
    if work.force or counted or any(work.base(spec) is not None for spec in record.source_specs()):
        return True
    if not reads_as(dataset, contract):
        return True
    checked, days = last_check(dataset), record.refresh_days()
    return checked is None or (days is not None and work.now - checked.started_at >= timedelta(days=days))


def reads_as(dataset: Dataset, contract: Contract) -> bool:
    """Whether the newest version was read with this contract."""
    held = queries.lake().versions(dataset.key)
    return bool(held) and held[-1].contract == contract.fingerprint()


def last_check(dataset: Dataset) -> LoadReport | None:
    """Return the last time the dataset was found to agree with its sources."""
    return dataset.load_reports.filter(outcome__in=[Outcome.LOADED, Outcome.UNCHANGED]).first()


def last_states(dataset: Dataset) -> list[dict[str, str]]:
    """Return what the sources said of themselves (size, time, ETag) when the dataset was last read."""
    read = last_check(dataset)
    return [] if read is None else list(read.detail.get("states", []))


def combined_fingerprint(fetched: tuple[sources.Fetched, ...]) -> str:
    """Return one fingerprint for all sources of a dataset, in order."""
    return hashlib.sha256("\n".join(source.fingerprint for source in fetched).encode()).hexdigest()


def place_refs(contract: Contract) -> dict[str, lakes.PlacesRef]:
    """Return the newest version of each dataset of places. Raises InvalidInput when one was never loaded."""
    lake = queries.lake()
    for tag in contract.tags:
        if not lake.versions(tag.places):
            raise InvalidInput(
                f"place_tags: {tag.places} has no version yet, so {tag.column} cannot be computed. Load it first."
            )
    return {tag.places: lake.places(tag.places) for tag in contract.tags}


def load(
    dataset: Dataset,
    fetched: tuple[sources.Fetched, ...],
    *,
    contract: Contract,
    places: Mapping[str, lakes.PlacesRef],
    work: Refresh,
) -> lakes.LoadReport:
    """Hand the sources to the lake. Sources that hold what the newest version was made from are not even opened."""
    request = lakes.LoadRequest(
        dataset=dataset.key,
        landings=(),
        contract=contract,
        mode=record_mode(dataset),
        fingerprint=combined_fingerprint(fetched),
        places=places,
        now=work.now,
        progress=lambda step, share: work.progress(dataset.key, FETCHED + share * (LOADED - FETCHED)),
    )
    lake = queries.lake()
    unchanged = lake.unchanged(request)
    if unchanged is not None:
        return unchanged
    with tempfile.TemporaryDirectory(prefix="unpacked-", dir=queries.home() / "cache") as scratch:
        landings = tuple(sources.land(source, scratch=Path(scratch)) for source in fetched)
        return lake.load(replace(request, landings=landings))


def record_mode(dataset: Dataset) -> lakes.Mode:
    """Return the dataset's mode in the lake's words."""
    modes: dict[str, lakes.Mode] = {"replace": "replace", "append": "append", "upsert": "upsert"}
    return modes[dataset.mode]


def not_due(dataset: Dataset) -> Refreshed:
    """Say that the sources were not looked at."""
    held = dataset.versions.first()
    return Refreshed(dataset.key, NOT_DUE, 0, 0, 0, version=None if held is None else held.number, seconds=0.0)


def summary(row: LoadReport, *, findings: tuple[str, ...]) -> Refreshed:
    """Return a recorded load for the last screen; an unchanged or failed one names the version that stays."""
    held = row.version or row.dataset.versions.first()
    return Refreshed(
        key=row.dataset.key,
        outcome=row.outcome,
        rows_read=row.rows_read,
        rows_loaded=row.rows_loaded,
        rows_quarantined=row.rows_quarantined,
        version=None if held is None else held.number,
        seconds=row.seconds,
        findings=findings,
        error=row.error,
    )
