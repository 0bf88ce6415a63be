"""What of the agenda waits for whoever edits it: awards that end, reports due, notices to post, seats to fill."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from cupola.web.agenda.queries.awards import standings
from cupola.web.agenda.queries.councils import council_page
from cupola.web.agenda.queries.records import records
from cupola.web.data.queries import city_zone

EDIT = "agenda.edit_agenda"
AWARD_DAYS, REPORT_DAYS, NOTICE_DAYS = 270, 60, 30  # a budget takes longest


@dataclass(frozen=True)
class Ending:
    """One thing to do. since: its last day."""

    about: str
    text: str
    address: str
    since: date


def agenda_waiting(person: Any, *, now: datetime) -> tuple[Ending, ...]:
    """Return what of the agenda waits for a person, the earliest first; nothing for who may not edit it."""
    if not person.has_perm(EDIT):
        return ()
    zone = ZoneInfo(city_zone())
    today = now.astimezone(zone).date()
    found = [*_awards(today), *_councils(now, zone)]
    return tuple(sorted(found, key=lambda one: (one.since, one.about)))


def _awards(today: date) -> Iterator[Ending]:
    for award in standings():
        address = reverse("agenda:award", kwargs={"key": award.key})
        if award.until is not None and today <= award.until <= today + timedelta(days=AWARD_DAYS):
            yield Ending(award.name, _("The award ends"), address, award.until)
        for due in award.fields.get("due", ()):
            day = date.fromisoformat(due["due"])
            if not due.get("done") and day <= today + timedelta(days=REPORT_DAYS):
                yield Ending(award.name, _("Due: %(what)s") % {"what": due["what"]}, address, day)


def _councils(now: datetime, zone: ZoneInfo) -> Iterator[Ending]:
    today = now.astimezone(zone).date()
    for fields in records("body").values():
        page = council_page(fields, staff=True, now=now, zone=zone)
        address = reverse("agenda:council", kwargs={"key": fields["key"]})
        coming = page.upcoming
        if coming is not None and coming.due is not None and coming.due <= NOTICE_DAYS and coming.latest is not None:
            yield Ending(
                fields["name"], _("The notice of the next meeting must be posted"), address, coming.latest.date()
            )
        for seat in page.standing.vacancies:
            if seat.overdue:
                text = _("Seat %(seat)s is vacant for too long") % {"seat": seat.seat}
                yield Ending(fields["name"], text, address, seat.since or today)
