"""Periods whose values are provisional: rows of them disappeared, or days of them are missing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cupola import indicators
from cupola.indicators import Change, Checked
from cupola.lake import Version
from cupola.web.data.models import Dataset, LoadReport, Outcome
from cupola.web.data.queries import city_zone, lake
from cupola.web.performance.models import Doubt, DoubtKind, Measure
from cupola.web.performance.queries.measures import fiscal_years

_NAMED = 5  # missing days
Found = tuple[date, dict[str, Any]]  # the end of a period, and what is known of the doubt
Computed = tuple[Measure, Checked, Version, tuple[Change, ...]]


def note_doubts(computed: Iterable[Computed], *, at: datetime) -> None:
    """Open doubts about periods that lost rows or lack days, and close those that no longer hold.

    That rows disappeared is in doubt until a later version of the dataset: then it was no slip of one delivery.
    """
    missing: dict[tuple[str, str, str], tuple[date, ...]] = {}
    for record, checked, held, changes in computed:
        feed = (record.dataset, checked.time, record.grain)
        if feed not in missing:
            missing[feed] = _missing(checked, held, at=at)
        _settle(record, DoubtKind.DAYS_MISSING, _days(checked, missing[feed]), at=at)
        _note_gone(record, held, changes, at=at)


def _note_gone(record: Measure, held: Version, changes: Sequence[Change], *, at: datetime) -> None:
    whole = [one for one in changes if not one.group]
    gone = {one.period: (one.until, one.n_before - one.n_after) for one in whole if one.n_after < one.n_before}
    if not changes and not _newer(record, held):
        return
    facts = {day: (until, {"rows": count, "version": held.number}) for day, (until, count) in gone.items()}
    _settle(record, DoubtKind.ROWS_GONE, facts, at=at)


def _newer(record: Measure, held: Version) -> bool:
    """Whether the dataset has a version that was committed after the doubts of this measure were opened."""
    opened = record.doubts.filter(closed_at=None, kind=DoubtKind.ROWS_GONE).order_by("opened_at").last()
    return opened is not None and held.committed_at > opened.opened_at


def _settle(record: Measure, kind: DoubtKind, found: Mapping[date, Found], *, at: datetime) -> None:
    """Let exactly the doubts of `found`, by the first day of their period, be open for a measure."""
    open_now = {one.period: one for one in record.doubts.filter(closed_at=None, kind=kind)}
    for period, doubt in open_now.items():
        if period not in found:
            doubt.closed_at = at
            doubt.save(update_fields=["closed_at"])
    for period, (until, facts) in found.items():
        known = open_now.get(period)
        if known is None:
            Doubt.objects.create(measure=record, period=period, until=until, kind=kind, facts=facts, opened_at=at)
        elif known.facts != facts:
            known.facts = facts
            known.save(update_fields=["facts"])


def _missing(checked: Checked, held: Version, *, at: datetime) -> tuple[date, ...]:
    """Return the days on which the feed should have rows and has none."""
    tree = indicators.rows_a_day(checked)
    if tree is None or checked.all_vintages:
        return ()
    found = lake().query(tree, inputs={indicators.DATA: held})
    days, counts = found.column(indicators.PERIOD).to_pylist(), found.column("rows").to_pylist()
    told = {day: count for day, count in zip(days, counts, strict=True) if day is not None}
    missing = indicators.missing_days(told, through=_through(held.dataset, at=at))
    # Of what came after the last row, the rest of its own period is missing; later ones have no value to doubt.
    grain, years = checked.measure.grain, fiscal_years()
    end = indicators.period_of(max(told), grain, fiscal_years=years).until if told else None
    return tuple(day for day in missing if end is not None and day < end)


def _through(dataset: str, *, at: datetime) -> date:
    """Return the day the feed was last read on; rows of that day may still come."""
    read = LoadReport.objects.filter(
        dataset__in=Dataset.objects.filter(key=dataset), outcome__in=[Outcome.LOADED, Outcome.UNCHANGED]
    ).first()
    return (at if read is None else read.started_at).astimezone(ZoneInfo(city_zone())).date()


def _days(checked: Checked, missing: Sequence[date]) -> dict[date, Found]:
    """Return the periods that hold missing days, each with what is known of those."""
    grain, years = checked.measure.grain, fiscal_years()
    held: dict[date, tuple[date, list[date]]] = {}
    for day in missing:
        period = indicators.period_of(day, grain, fiscal_years=years)
        assert period.since is not None
        assert period.until is not None
        held.setdefault(period.since, (period.until, []))[1].append(day)
    return {since: (until, _facts(days)) for since, (until, days) in held.items()}


def _facts(days: Sequence[date]) -> dict[str, Any]:
    first, last = days[0], days[-1]
    return {
        "count": len(days),
        "first": first.isoformat(),
        "last": last.isoformat(),
        "together": last - first == timedelta(days=len(days) - 1),
        "days": [day.isoformat() for day in days[:_NAMED]],
    }
