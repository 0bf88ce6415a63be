"""What of the reviews waits for whoever runs them: commitments whose day is near or over and that no data has shown."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cupola.web.performance.models import Commitment
from cupola.web.performance.queries.reviews import RUN_REVIEWS, city_day

AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Due:
    """One open commitment. since: the day it is due."""

    about: str
    text: str
    address: str
    since: date


def commitments_waiting(person: Any, *, now: datetime) -> tuple[Due, ...]:
    """Return the commitments that are due soon or overdue, the earliest first; nothing for who runs no reviews."""
    if not person.has_perm(RUN_REVIEWS):
        return ()
    today = city_day(now)
    found = Commitment.objects.filter(closed_at=None, withdrawn_at=None, due_on__lte=today + AHEAD)
    return tuple(_due(one, today) for one in found.select_related("review").order_by("due_on", "pk"))


def _due(one: Commitment, today: date) -> Due:
    says = _("Overdue: %(what)s (%(owner)s)") if one.due_on < today else _("Due: %(what)s (%(owner)s)")
    text = says % {"what": one.text, "owner": one.owner}
    return Due(one.review.title, text, reverse("reviews:review", args=[one.review.key]), one.due_on)
