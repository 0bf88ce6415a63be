"""Pages of reviews: for staff everything, for the public the packets of meetings that were held, where released."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cupola.errors import InvalidInput, NotFound
from cupola.web.performance.actions import reviewing
from cupola.web.performance.actions.sending import address_of
from cupola.web.performance.forms.reviews import QuestionForm, ReviewForm
from cupola.web.performance.models import Meeting, MeetingState, Review
from cupola.web.performance.queries import reviews
from cupola.web.performance.queries.charting import SEE_DRAFTS
from cupola.web.performance.queries.packetwords import packet_page, text_of, wanted_words
from cupola.web.performance.queries.papers import health_words, paper

SECTION = {"section": "performance"}
STAFF = {"section": "work"}
MAY = reviews.RUN_REVIEWS


def staff(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let only people of the city in."""
    return never_cache(login_required(permission_required(SEE_DRAFTS, raise_exception=True)(view)))


@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    """List the released reviews with the meetings that were held."""
    today = reviews.city_day(timezone.now())
    listed = [
        (one, reviews.next_day(one, today=today), one.meetings.filter(state=MeetingState.HELD)[:12])
        for one in reviews.public_reviews()
    ]
    return render(request, "performance/reviews.html", {**SECTION, "listed": listed})


@require_safe
def public_meeting(request: HttpRequest, key: str, on: str) -> HttpResponse:
    """Show the packet of a meeting that was held, of a released review."""
    meeting = meeting_on(key, on)
    if not meeting.review.released or meeting.state != MeetingState.HELD:
        raise Http404
    page = packet_page(meeting, today=reviews.city_day(timezone.now()))
    context = {**SECTION, "meeting": meeting, "page": page, "health": health_words(page) if page else ""}
    return render(request, "performance/packet.html", context)


@staff
@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """List the reviews with their next meeting and how well they are kept up."""
    today = reviews.city_day(timezone.now())
    listed = [
        (one, reviews.next_day(one, today=today), reviews.health(one, today=today)) for one in Review.objects.all()
    ]
    context = {**STAFF, "listed": listed, "may": request.user.has_perm(MAY)}
    return render(request, "performance/staff_reviews.html", context)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str = "") -> HttpResponse:
    """Begin a review, or change one."""
    review = review_named(key) if key else None
    if not request.user.has_perm(MAY):
        raise Http404
    form = ReviewForm(review, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            kept = reviewing.plan_review(form.plan(), at=timezone.now(), by=signed_in(request), review=review)
        except InvalidInput as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("reviews:review", key=kept.key)
    context = {**STAFF, "form": form, "review": review}
    return render(request, "performance/review_edit.html", context, status=400 if form.is_bound else 200)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, key: str) -> HttpResponse:
    """Show a review: its meetings, what is open, its questions, its health."""
    one = review_named(key)
    question = QuestionForm(request.POST if request.method == "POST" else None)
    if question.is_bound and question.is_valid():
        text = question.cleaned_data["text"]
        reviewing.ask(one, text, measure=None, at=timezone.now(), by=signed_in(request))
        messages.success(request, _("The next meeting is asked."))
        return redirect("reviews:review", key=key)
    now = timezone.now()
    today = reviews.city_day(now)
    open_ones = one.commitments.filter(closed_at=None, withdrawn_at=None).select_related("measure", "meeting")
    context = {
        **STAFF,
        "review": one,
        "next": reviews.next_day(one, today=today),
        "today": today,
        "health": reviews.health(one, today=today),
        "meetings": one.meetings.all()[:26],
        "open": [(each, wanted_words(each), each.followups.filter(shown=False).count()) for each in open_ones],
        "settled": one.commitments.exclude(closed_at=None, withdrawn_at=None).select_related("measure")[:20],
        "questions": one.questions.filter(answered_at=None),
        "form": question,
        "may": request.user.has_perm(MAY),
    }
    return render(request, "performance/review.html", context)


@staff
@require_safe
def as_paper(request: HttpRequest, key: str, on: str) -> HttpResponse:
    """Send the packet as PDF."""
    found = meeting_on(key, on)
    page = packet_page(found, today=reviews.city_day(timezone.now()))
    if page is None:
        raise Http404
    response = HttpResponse(paper(page, address=address_of(found)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.review.key}-{found.on}.pdf"'
    return response


@staff
@require_safe
def as_text(request: HttpRequest, key: str, on: str) -> HttpResponse:
    """Send the packet as the text of an e-mail."""
    found = meeting_on(key, on)
    page = packet_page(found, today=reviews.city_day(timezone.now()))
    if page is None:
        raise Http404
    return HttpResponse(text_of(page, address=address_of(found)), content_type="text/plain; charset=utf-8")


def day_of(text: str) -> date:
    """Return the day an address names; 404 where it names none."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


def review_named(key: str) -> Review:
    """Return the review an address names; 404 where there is none."""
    try:
        return reviews.find_review(key)
    except NotFound as error:
        raise Http404 from error


def meeting_on(key: str, on: str) -> Meeting:
    """Return the meeting an address names; 404 where there is none."""
    try:
        return reviews.find_meeting(key, day_of(on))
    except NotFound as error:
        raise Http404 from error


def signed_in(request: HttpRequest) -> Any:
    """Return who is signed in."""
    return request.user
