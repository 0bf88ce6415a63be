"""Pages where the public reports what is wrong with a dataset and asks for data, and reads what became of it."""

import csv
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cupola.serving import Allowance, Busy, Clients
from cupola.web.accounts.queries import the_city
from cupola.web.data import queries
from cupola.web.data.actions import Sent, receive_feedback, receive_request
from cupola.web.data.forms import FeedbackForm, RequestForm
from cupola.web.data.forms.letters import LetterForm
from cupola.web.data.models import RequestStatus
from cupola.web.data.queries import letters
from cupola.web.data.queries import requests as asking
from cupola.web.data.views.citation import client
from cupola.web.data.views.feeds import items_of
from cupola.web.ui.feeds import FeedHead, atom

PER_PAGE = 20
NEAR = 5  # datasets and requests shown to someone who asks for data
# Four at once (the fourth is owed), then one every ten minutes. Kept in memory and nowhere else.
WRITERS = Clients(Allowance(burst=3.0, refill=1 / 600, at_once=2))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest, key: str) -> HttpResponse:
    """Show what readers reported of a dataset, with a form to report something."""
    try:
        dataset, version = queries.dataset_with_version(key, by=request.user)
    except queries.DatasetUnknown as error:
        raise Http404 from error
    asked = request.GET.get("column", "")[:200]
    form = FeedbackForm(dataset, request.POST if request.method == "POST" else None, column=asked)
    status = 200
    if form.is_bound:
        status = check(request, form)
        if status == 200:
            letter = receive_feedback(dataset, sent(form), column=form.cleaned_data["column"], at=timezone.now())
            thank(request, held=not letter.is_shown)
            return redirect(reverse("data:feedback", args=[dataset.key]) + (f"#report-{letter.key}" * letter.is_shown))
    found = letters.feedback_of(dataset, column=asked if request.method != "POST" else "")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"section": "data", "dataset": dataset, "version": version, "form": form, "page": page, "asked": asked}
    context["title"] = queries.in_language(dataset, "title")
    context["lines"] = letters.feedback_lines(page.object_list, dataset)
    context["may_answer"] = request.user.has_perm(letters.ANSWER, dataset)
    return render(request, "data/feedback.html", context, status=status)


def check(request: HttpRequest, form: LetterForm) -> int:
    """Check a form that was sent, and who sends it; return 200, or the status of the page that says what is wrong."""
    if not form.is_valid():
        return 400
    who = client(request)
    try:
        WRITERS.begin(who)
    except Busy as error:
        minutes = max(1, round(error.retry_seconds / 60))
        form.add_error(
            None,
            _("You have sent several messages. Wait %(minutes)s minutes and send this one again; it is still below.")
            % {"minutes": minutes},
        )
        return 429
    WRITERS.end(who, seconds=1.0)
    return 200


def sent(form: LetterForm) -> Sent:
    """Return what a checked form holds."""
    return Sent(form.cleaned_data["text"], form.cleaned_data["contact"], form=form.cleaned_data["mark"])


def thank(request: HttpRequest, *, held: bool) -> None:
    """Say what happens next."""
    if held:
        messages.success(
            request,
            _("Thank you. It may hold details of a person or a link, so someone reads it before it is shown."),
        )
    else:
        messages.success(request, _("Thank you. Your message is below, and so will be the answer."))


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """List what data was asked for and what became of it."""
    status = request.GET.get("status", "")
    status = status if status in RequestStatus.values else ""
    page = Paginator(letters.public_requests(status), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "data",
        "page": page,
        "lines": [letters.request_line(one) for one in page.object_list],
        "facet": asking.request_choices(status),
        "chosen": status,
    }
    return render(request, "data/requests.html", context)


@require_safe
def one_request(request: HttpRequest, key: str) -> HttpResponse:
    """Show one request and its answers."""
    found = letters.find_request(key, by=request.user)
    context = {"section": "data", "line": letters.request_line(found)}
    context["may_answer"] = request.user.has_perm(letters.ANSWER, found)
    return render(request, "data/request.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_request(request: HttpRequest) -> HttpResponse:
    """Look first whether the data is there, then ask for it."""
    words = request.GET.get("q", "").strip()[:200]
    form = RequestForm(request.POST if request.method == "POST" else None, title=words)
    status = 200
    if form.is_bound:
        status = check(request, form)
        if status == 200:
            letter = receive_request(form.cleaned_data["title"], sent(form), at=timezone.now())
            thank(request, held=not letter.is_shown)
            return redirect("requests:request", letter.key) if letter.is_shown else redirect("requests:list")
    context: dict[str, Any] = {"section": "data", "form": form, "words": words, "looked": bool(words) or form.is_bound}
    if words:
        near = queries.catalogue(queries.Filters(words=words), by=request.user, now=timezone.now())
        context["near"] = queries.with_matches(near.entries[:NEAR], near.asked)
        context["near_requests"] = asking.similar_requests(words)[:NEAR]
    return render(request, "data/request_new.html", context, status=status)


@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """Give the list of requests to a program."""
    return JsonResponse({"requests": facts(request)}, json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    """Give the list of requests as a table."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="data-requests.csv"'
    writer = csv.DictWriter(answer, asking.REQUEST_FIELDS)
    writer.writeheader()
    writer.writerows({name: spreadsheet_safe(value) for name, value in one.items()} for one in facts(request))
    return answer


def spreadsheet_safe(value: Any) -> Any:
    """Return a value no spreadsheet takes for a formula: people write these texts."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value


def facts(request: HttpRequest) -> list[dict[str, Any]]:
    """Return every request everyone may know of, as plain values."""
    return [
        {**asking.request_facts(one), "url": request.build_absolute_uri(reverse("requests:request", args=[one.key]))}
        for one in letters.public_requests()
    ]


@require_safe
def requests_feed(request: HttpRequest) -> HttpResponse:
    """Feed of requests and their answers."""
    city = the_city()
    name = city.name if city else "Cupola"
    head = FeedHead(
        identity=queries.identity(city.key if city else "", "data-requests"),
        title=_("%(city)s: requests for data") % {"city": name},
        says=_("New requests for data, and what the city answered."),
        author=name,
        address=reverse("requests:list"),
    )
    return atom(request, head, items_of(asking.request_news()))
