"""One meeting of a review: its packet, and what it decides."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cupola.errors import Conflict, InvalidInput
from cupola.web.performance.actions import reviewing
from cupola.web.performance.actions.sending import send_packet
from cupola.web.performance.forms.reviews import CommitmentForm, HeldForm, ReasonForm
from cupola.web.performance.models import Commitment, Meeting, Question, Review
from cupola.web.performance.queries import reviews
from cupola.web.performance.queries.packetwords import packet_page
from cupola.web.performance.queries.papers import health_words
from cupola.web.performance.views.reviews import MAY, STAFF, day_of, review_named, staff


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest, key: str, on: str) -> HttpResponse:
    """Show a meeting's packet, and take down what it decides."""
    one = review_named(key)
    found = one.meetings.filter(on=day_of(on)).first()
    if request.method == "POST":
        return _acted(At(request, one, day_of(on), found))
    if found is None and day_of(on) not in reviews.planned_days(one, through=day_of(on)):
        raise Http404
    return _page(At(request, one, day_of(on), found))


@dataclass(frozen=True)
class At:
    """Where a person is: which review, which day, and the meeting where there is a record of it."""

    request: HttpRequest
    review: Review
    on: date
    meeting: Meeting | None

    @property
    def by(self) -> Any:
        """Return who is signed in."""
        return self.request.user

    def recorded(self) -> Meeting:
        """Return the meeting, which there has to be."""
        if self.meeting is None:
            raise Http404
        return self.meeting


def _page(at: At, forms: dict[str, Form] | None = None) -> HttpResponse:
    page = packet_page(at.meeting, today=reviews.city_day(timezone.now())) if at.meeting else None
    context = {
        **STAFF,
        "review": at.review,
        "on": at.on,
        "meeting": at.meeting,
        "page": page,
        "health": health_words(page) if page else "",
        "made_here": at.meeting.commitments.select_related("measure") if at.meeting else (),
        "may": at.request.user.has_perm(MAY),
        "mail": bool(settings.MAIL and at.review.recipients),
        "commitment": CommitmentForm(),
        "held": HeldForm(initial={"held_on": at.on}),
        "reason": ReasonForm(),
        **(forms or {}),
    }
    return render(at.request, "performance/meeting.html", context, status=400 if forms else 200)


def _acted(at: At) -> HttpResponse:
    """Do what a button of the meeting's page asks for."""
    doing = DOING.get(at.request.POST.get("do", ""))
    if doing is None:
        raise Http404
    try:
        problem = doing(at)
    except (InvalidInput, Conflict) as error:
        messages.error(at.request, str(error))
        problem = None
    if problem:
        return _page(at, problem)
    return redirect("reviews:meeting", key=at.review.key, on=at.on.isoformat())


Problem = dict[str, Form] | None


def _prepare(at: At) -> Problem:
    made = reviewing.prepare(at.review, at.on, now=timezone.now(), by=at.by)
    count = len(made.packet["closed"])
    if count:
        words = ngettext("The data closed %(n)s commitment.", "The data closed %(n)s commitments.", count)
        messages.success(at.request, words % {"n": count})
    messages.success(at.request, _("The packet is made from the newest versions."))
    return None


def _cancel(at: At) -> Problem:
    form = ReasonForm(at.request.POST)
    if not form.is_valid():
        return {"reason": form}
    reviewing.cancel(at.review, at.on, reason=form.cleaned_data["reason"], at=timezone.now(), by=at.by)
    return None


def _hold(at: At) -> Problem:
    form = HeldForm(at.request.POST)
    if not form.is_valid():
        return {"held": form}
    given = form.cleaned_data
    reviewing.hold(at.recorded(), held_on=given["held_on"], notes=given["notes"], at=timezone.now(), by=at.by)
    return None


def _commit(at: At) -> Problem:
    form = CommitmentForm(at.request.POST)
    if not form.is_valid():
        return {"commitment": form}
    try:
        reviewing.commit(at.recorded(), form.promise(), at=timezone.now(), by=at.by)
    except reviewing.ReviewIncomplete as error:
        form.add_error(error.field, str(error))
        return {"commitment": form}
    return None


def _withdraw(at: At) -> Problem:
    commitment = Commitment.objects.filter(review=at.review, pk=_number(at.request)).first()
    if commitment is None:
        raise Http404
    reviewing.withdraw(commitment, reason=at.request.POST.get("reason", ""), at=timezone.now(), by=at.by)
    return None


def _answer(at: At) -> Problem:
    question = Question.objects.filter(review=at.review, pk=_number(at.request)).first()
    if question is None:
        raise Http404
    reviewing.answer(question, at.request.POST.get("reason", ""), at=timezone.now(), by=at.by)
    return None


def _send(at: At) -> Problem:
    count = send_packet(at.recorded(), at=timezone.now(), by=at.by)
    messages.success(at.request, ngettext("Sent to %(n)s address.", "Sent to %(n)s addresses.", count) % {"n": count})
    return None


DOING = {
    "prepare": _prepare,
    "cancel": _cancel,
    "hold": _hold,
    "commit": _commit,
    "withdraw": _withdraw,
    "answer": _answer,
    "send": _send,
}


def _number(request: HttpRequest) -> int:
    text = request.POST.get("number", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
