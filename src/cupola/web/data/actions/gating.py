"""The gate: no version becomes public before it was measured, and none that something stands against."""

import time
from dataclasses import replace
from datetime import datetime

from cupola import lake as lakes
from cupola.folder import embargo
from cupola.privacy import Facts, Stop, stops
from cupola.web.accounts.models import Event
from cupola.web.data import queries
from cupola.web.data.actions.standing import Found
from cupola.web.data.actions.standing import settle as settle_findings
from cupola.web.data.models import Dataset, GateCheck, Severity, Verdict, Version

GATE = "gate."  # kinds of finding begin with it; see `standing`
_DAY = 86400.0


def opens(dataset: Dataset, version: Version, *, at: datetime) -> bool:
    """Whether the gate lets a version out; measures it where that was not done, and says in findings what stops it.

    What is public already is no matter here: nothing that was released is taken back by the gate.
    """
    check = judge(dataset, version, at=at)
    if check.verdict == Verdict.STOPPED:
        return False
    until = embargo(dataset.definition, zone=queries.city_zone())
    return until is None or at >= until


def judge(dataset: Dataset, version: Version, *, at: datetime) -> GateCheck:
    """Measure a version unless that was done under the same rules, judge it, and keep both."""
    public = next(iter(queries.lake().registry.releases(dataset.key)), None)
    held = queries.lake().version(dataset.key, number=version.number)
    before = None if public is None else queries.lake().version(dataset.key, number=public.version)
    check = measured(version, held, before=before, at=at)
    against = None if public is None or before is None else _public_facts(dataset, public, at=at)
    found = stops(
        Facts.from_json(check.measured),
        against,
        rules=queries.thresholds(dataset),
        accepted=queries.accepted(dataset, at=at),
        days_between=0.0 if before is None else (held.committed_at - before.committed_at).total_seconds() / _DAY,
        hidden_before=frozenset() if public is None else public.contract.sensitive,
    )
    _keep_verdict(dataset, check, found, at=at)
    return check


def measured(version: Version, held: lakes.Version, *, before: lakes.Version | None, at: datetime) -> GateCheck:
    """Return the check of a version with its facts; those kept count while the rules are the same."""
    dataset = version.dataset
    rules = queries.rules_fingerprint(dataset, before=before)
    check = GateCheck.objects.filter(version=version).first() or GateCheck(version=version, verdict="")
    if check.pk is None or check.rules != rules:
        started = time.monotonic()
        facts = queries.measure(dataset, held, before, now=at)
        check.rules, check.measured, check.at = rules, facts.to_json(), at
        check.seconds = time.monotonic() - started
    return check


def _public_facts(dataset: Dataset, public: lakes.Release, *, at: datetime) -> Facts | None:
    """Return the facts of the version that is public, as far as the public sees it."""
    record = dataset.versions.filter(number=public.version).first()
    if record is None:
        return None
    kept = GateCheck.objects.filter(version=record).first()
    if kept is None:  # it came out before there was a gate
        held = queries.lake().version(dataset.key, number=public.version)
        kept = GateCheck(version=record, verdict=Verdict.PASSED, rules="", at=at)
        kept.measured = queries.measure(dataset, held, None, now=at).to_json()
        kept.save()
    facts = Facts.from_json(kept.measured)
    hidden = public.contract.sensitive
    return replace(facts, columns=tuple(one for one in facts.columns if one.name not in hidden))


def _keep_verdict(dataset: Dataset, check: GateCheck, found: tuple[Stop, ...], *, at: datetime) -> None:
    approved = check.version.approvals.filter(withdrawn_at=None).exists()
    verdict = Verdict.PASSED if not found else Verdict.APPROVED if approved else Verdict.STOPPED
    told = [stop.to_json() for stop in found]
    changed = (check.verdict, check.stops) != (verdict.value, _as_kept(told))
    check.verdict, check.stops = verdict.value, told
    check.save()
    if changed:
        kinds = sorted({f"{stop.kind} {stop.column}".strip() for stop in found})
        detail = {"version": check.version.number, "stops": kinds}
        Event.record(f"data.gate_{verdict.value}", dataset, at=at, detail=detail)
    settle_findings(GATE, {dataset.pk: _findings(check, found) if verdict is Verdict.STOPPED else []}, at=at)


def _as_kept(told: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return what a database gives back: lists where there were tuples."""
    return [{name: list(part) if isinstance(part, tuple) else part for name, part in one.items()} for one in told]


def _findings(check: GateCheck, found: tuple[Stop, ...]) -> list[Found]:
    number = check.version.number
    return [
        Found(
            kind=f"{GATE}{stop.kind}",
            message=f"Version {number} is not public. {stop.message}",
            severity=Severity.ERROR.value,
            column=stop.column,
            count=stop.count,
        )
        for stop in found
    ]
