"""Where staff decide whether everyone may read a letter, and answer it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cupola.web.accounts.models import User
from cupola.web.data import queries
from cupola.web.data.actions import (
    AnswerIncomplete,
    Decision,
    LetterHeld,
    MayNotAnswer,
    answer_feedback,
    answer_request,
    check_may_answer,
    decide_showing,
)
from cupola.web.data.forms import FeedbackAnswerForm, RequestAnswerForm, ShowingForm
from cupola.web.data.forms.answers import AnswerForm
from cupola.web.data.models import DataRequest, Feedback, FeedbackStatus, RequestStep, Showing
from cupola.web.data.queries import letters


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest, key: str) -> HttpResponse:
    """Answer a report."""
    letter = letters.find_feedback(key)

    def give(form: Any) -> None:
        given = form.cleaned_data
        status = FeedbackStatus(given["status"])
        answer_feedback(
            letter, status, reason=given["reason"], version=given["version"], at=timezone.now(), by=signed_in(request)
        )

    (line,) = letters.feedback_lines([letter], letter.dataset)
    context = {
        "dataset": letter.dataset,
        "title": queries.in_language(letter.dataset, "title"),
        "heading": line.heading or queries.in_language(letter.dataset, "title"),
        "line": line,
    }
    return _page(request, letter, FeedbackAnswerForm, give=give, context=context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def data_request(request: HttpRequest, key: str) -> HttpResponse:
    """Answer a request for data."""
    letter = letters.find_request(key, by=request.user)

    def give(form: Any) -> None:
        given = form.cleaned_data
        step = RequestStep(**{name: given[name] for name in ("status", "department", "planned_on", "dataset")})
        step.reason = given["reason"]
        answer_request(letter, step, at=timezone.now(), by=signed_in(request))

    context = {"heading": letter.title, "line": letters.request_line(letter)}
    return _page(request, letter, RequestAnswerForm, give=give, context=context)


def signed_in(request: HttpRequest) -> User:
    """Return the account of a request that needs one."""
    assert isinstance(request.user, User)
    return request.user


def _page(
    request: HttpRequest,
    letter: Feedback | DataRequest,
    make: Callable[..., AnswerForm],
    *,
    give: Callable[[Any], None],
    context: dict[str, Any],
) -> HttpResponse:
    try:
        check_may_answer(letter, by=signed_in(request))
    except MayNotAnswer as error:
        raise PermissionDenied from error
    part = request.POST.get("part", "")
    held = letter.showing == Showing.HELD
    showing = ShowingForm(letter, request.POST if part == "showing" else None)
    answer = None if held else make(letter, request.POST if part == "answer" else None)
    bound = showing if showing.is_bound else answer
    status = 200
    if bound is not None and bound.is_bound:
        status = _take(bound, (lambda: _decide(request, letter, showing)) if bound is showing else lambda: give(bound))
        if status == 200:
            messages.success(request, _("Saved."))
            return redirect(request.path)
    context |= {"section": "work", "letter": letter, "answer": answer, "showing": showing}
    context["held_words"] = letters.held_words(letter.held_for) if held else []
    return render(request, "data/answer.html", context, status=status)


def _take(form: Any, work: Callable[[], None]) -> int:
    """Do what a form asks; return 200, or the status of the page that says what is wrong with it."""
    if not form.is_valid():
        return 400
    try:
        work()
    except AnswerIncomplete as error:
        form.add_error(error.field, _said(error.field))
        return 400
    except LetterHeld:
        form.add_error(None, _("First decide whether everyone may read this message. Then answer it."))
        return 409
    return 200


def _said(field: str) -> str:
    """Say what a status must name."""
    return {
        "withheld_reason": _("Say why it is not shown: everyone reads this instead."),
        "version": _("Choose the version in which it is fixed."),
        "dataset": _("Choose the released dataset it is published as."),
        "planned_on": _("Write the day it is planned for."),
        "department": _("Write which department it waits on."),
    }[field]


def _decide(request: HttpRequest, letter: Feedback | DataRequest, form: ShowingForm) -> None:
    given = form.cleaned_data
    decision = Decision(
        Showing(given["showing"]), given["text"], title=given.get("title", ""), reason=given["withheld_reason"]
    )
    decide_showing(letter, decision, at=timezone.now(), by=signed_in(request))
