"""Sending a packet by e-mail to those who meet: as plain text, with the paper attached."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cupola.errors import InvalidInput
from cupola.web.accounts.models import Event, User
from cupola.web.performance.actions.reviewing import check_may_review
from cupola.web.performance.models import Meeting
from cupola.web.performance.queries.packetwords import packet_page, text_of
from cupola.web.performance.queries.papers import paper
from cupola.web.performance.queries.reviews import city_day


class CannotSend(InvalidInput):
    """There is nobody to send to, nothing to send, or no way to send it."""

    def __init__(self, wanted: str) -> None:
        self.wanted = wanted
        super().__init__(wanted)


def send_packet(meeting: Meeting, *, at: datetime, by: User) -> int:
    """Send a meeting's packet to the review's addresses; return how many. Raises MayNotReview, CannotSend."""
    check_may_review(by)
    if not settings.MAIL:
        raise CannotSend("This site sends no e-mail. Set CUPOLA_MAIL, or print the packet.")
    if not meeting.review.recipients:
        raise CannotSend("The review has no addresses. Write them under its schedule first.")
    page = packet_page(meeting, today=city_day(at))
    if page is None:
        raise CannotSend("There is no packet yet. Make it first.")
    address = address_of(meeting)
    subject = _("%(title)s: packet for %(day)s") % {"title": page.title, "day": date_format(page.on)}
    message = EmailMessage(
        subject=" ".join(subject.split()), body=text_of(page, address=address), bcc=meeting.review.recipients
    )
    message.attach(f"{meeting.review.key}-{meeting.on}.pdf", paper(page, address=address), "application/pdf")
    message.send()
    meeting.sent_at = at
    meeting.save(update_fields=["sent_at"])
    detail = {"recipients": len(meeting.review.recipients)}
    Event.record("performance.packet_sent", meeting, at=at, by=by, detail=detail)
    return len(meeting.review.recipients)


def address_of(meeting: Meeting) -> str:
    """Return where staff read a meeting's packet."""
    return f"{settings.ADDRESS}{reverse('reviews:meeting', args=[meeting.review.key, meeting.on.isoformat()])}"
