"""Quality promises checked on each load: what came of it is kept, and a broken one is a finding anyone can read."""

from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

from cupola.contracts import Kept, Promise
from cupola.errors import CupolaError
from cupola.web.data import queries
from cupola.web.data.actions.standing import Found, settle
from cupola.web.data.models import Dataset, Outcome, PromiseCheck, Severity, Version
from cupola.web.data.queries import promised

STOPPED = "promise.stopped"  # of this kind while such a promise keeps the newest version from the public
BROKEN = "promise.broken"  # findings of this kind are open while the newest version breaks a promise


def check_promises(dataset: Dataset, *, at: datetime) -> bool:
    """Check what is promised of a dataset on its newest version, unless that was done; say whether it had to be."""
    version = dataset.versions.first()
    if version is None:
        return False
    wanted = promised.promised(dataset)
    known = set(version.promise_checks.values_list("promise", flat=True))
    missing = [one for one in wanted if one.identity not in known]
    if missing:
        _keep(dataset, version, _measured(dataset, version, missing, at=at), at=at)
    if missing or not dataset.findings.filter(kind=BROKEN, closed_at=None).exists():
        _tell(dataset, version, wanted, at=at)
    return bool(missing)


def _measured(dataset: Dataset, version: Version, wanted: list[Promise], *, at: datetime) -> list[Kept]:
    held = queries.lake().version(dataset.key, number=version.number)
    today = at.astimezone(ZoneInfo(queries.city_zone())).date()
    found: list[Kept] = []
    for one in wanted:
        if one.that == promised.INTERVAL:
            found += _interval(dataset, one)
    try:
        found += queries.lake().measure_promises(held, wanted, today=today)
    except CupolaError:
        # A promise that cannot be counted (a limit that is no value of its column) is not kept, and stops no other.
        for one in wanted:
            try:
                found += queries.lake().measure_promises(held, [one], today=today)
            except CupolaError:
                found.append(Kept(one, kept=False, broken=held.rows))
    return found


def _interval(dataset: Dataset, promise: Promise) -> list[Kept]:
    looks = dataset.load_reports.filter(outcome__in=[Outcome.LOADED, Outcome.UNCHANGED])
    times = list(looks.values_list("started_at", flat=True)[:2])
    if len(times) < 2:
        return []
    days = (times[0] - times[1]).days
    return [Kept(promise, kept=days <= promised.interval_days(promise), broken=max(0, days))]


def _keep(dataset: Dataset, version: Version, found: list[Kept], *, at: datetime) -> None:
    for one in found:
        terms = {name: value for name, value in asdict(one.promise).items() if value}
        PromiseCheck.objects.get_or_create(
            version=version,
            promise=one.promise.identity,
            defaults={
                "dataset": dataset,
                "terms": terms,
                "kept": one.kept,
                "broken": one.broken,
                "share": one.share,
                "at": at,
            },
        )


def _tell(dataset: Dataset, version: Version, wanted: tuple[Promise, ...], *, at: datetime) -> None:
    still = {one.identity for one in wanted}
    broken = [one for one in version.promise_checks.filter(kept=False) if one.promise in still]
    found = [
        Found(
            BROKEN, promised.broken_sentence(one), column=next(iter(one.terms.get("columns", ())), ""), count=one.broken
        )
        for one in broken
    ]
    settle(BROKEN, {dataset.pk: found}, at=at)


def releasable(dataset: Dataset, *, at: datetime) -> Version | None:
    """Return the version that may be public: the newest, unless it breaks a promise that stops its release.

    Then the newest that was public before it, and a finding says why and what to do.
    """
    newest = dataset.shown_version()
    broken = promised.stopping(newest) if newest is not None and newest.released_at is None else ()
    told = []
    if newest is not None and broken:
        before = dataset.versions.filter(recalled_at=None).exclude(released_at=None).first()
        stays = f"version {before.number} stays" if before else "nothing is public"
        message = (
            f"Version {newest.number} is not released and {stays}, for it breaks a promise: {' '.join(broken)}"
            " Correct the source and load again, or change the promise."
        )
        told = [Found(STOPPED, message, severity=Severity.ERROR.value)]
        newest = before
    if told or dataset.findings.filter(kind=STOPPED, closed_at=None).exists():
        settle(STOPPED, {dataset.pk: told}, at=at)
    return newest
