"""Measures of permits for tests: a file with so many permits a month, and a measure that counts them."""

from datetime import UTC, date, datetime
from typing import Any

from tests.factories import NOON, make_grant, make_staff

from cupola.web.accounts.models import User
from cupola.web.performance.actions import MeasureKeeper, compute
from cupola.web.performance.actions.reviewing import Plan, Promise, ask, commit, hold, plan_review, prepare
from cupola.web.performance.models import Measure, Proof

STEADY = [10, 12, 11, 9, 10, 12, 11, 9, 10, 12, 11, 9, 10, 12, 11, 9]


def permits(counts: list[int], *, since: date = date(2025, 1, 1)) -> str:
    """Write a file with so many permits in each month."""
    rows, number = [], 0
    for at, count in enumerate(counts):
        month = at + since.month - 1
        for _one in range(count):
            number += 1
            rows.append(f"P-{number},{since.year + month // 12}-{month % 12 + 1:02d}-{number % 27 + 1:02d},open")
    return "permit_number,issued_on,status\n" + "\n".join(rows) + "\n"


def make_measure(key: str = "permits-issued", **fields: Any) -> Measure:
    given = {
        "key": key,
        "title": key.replace("-", " ").capitalize(),
        "dataset": "permits",
        "value": "count()",
        "time_column": "issued_on",
        "grain": "month",
        "unit": "permits",
        "direction": "up",
        "owner": "Department of Buildings",
        "released": True,
        **fields,
    }
    return MeasureKeeper().put(key, given, at=NOON)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 18, tzinfo=UTC)


PAGES = (
    "/performance/",
    "/performance/?by=office",
    "/performance/permits-issued/",
    "/performance/places/",
    "/performance/restatements/",
    "/performance/cityscore/",
    "/performance/self-audit/",
    "/performance/reviews/",
    "/performance/reviews/permits/2026-11-09/",
    "/subscriptions/?topic=performance",
)
STAFF_PAGES = (
    "/staff/reviews/",
    "/staff/reviews/new/",
    "/staff/reviews/permits/",
    "/staff/reviews/permits/2026-11-23/",
    "/staff/measures/permits-issued/typed/",
)


def make_reviewed() -> None:
    """Measure the permits that are loaded, and review them: one meeting held, one to come, one commitment open."""
    targets = [{"since": "2006-01-01", "value": 12.0}]
    measure = make_measure(grain="year", by=[["status"]], targets=targets, priority="Faster permits")
    make_measure("permits-closed", value="share(status = 'closed')", grain="quarter", percent=True, unit="")
    compute(at=NOON)
    by = User.objects.get(pk=make_grant(make_staff("carla"), "coordinator").person.pk)
    review = plan_review(Plan("Permits", "Deputy mayor", date(2026, 11, 9), 2, released=True), at=NOON, by=by)
    meeting = prepare(review, date(2026, 11, 9), now=NOON, by=by)
    promise = Promise("Review plans in ten days", "Buildings", date(2026, 11, 20), measure, Proof.SIGNAL)
    commit(meeting, promise, at=NOON, by=by)
    hold(meeting, held_on=meeting.on, notes="All there.", at=NOON, by=by)
    ask(review, "Who owns the form?", measure=measure, at=NOON, by=by)
    prepare(review, date(2026, 11, 23), now=NOON, by=by)
