"""Being told of changes: asked for by a form, confirmed and ended by links. No cookie beyond the form's, no tracker."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from cupola.errors import InvalidInput
from cupola.serving import Allowance, Busy, Clients
from cupola.web.data import queries
from cupola.web.data.actions import subscribing, telling
from cupola.web.data.forms.subscribing import SubscriptionForm
from cupola.web.data.models import Channel, Dataset, Subscription
from cupola.web.data.queries.topics import Topic, about, find_topic
from cupola.web.data.queries.wording import in_language
from cupola.web.data.views.citation import client

# Three at once, then one every ten minutes for one client; every one sends a message to somebody.
LONGEST_TOPIC = Subscription._meta.get_field("topic").max_length
ASKERS = Clients(Allowance(burst=3.0, refill=1 / 600, at_once=2))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask to be told of one dataset, or of all. Where nothing can be sent, only the feeds are offered."""
    topic = _topic(request)
    dataset = None if topic else _dataset(request)
    channels = subscribing.offered()
    posted = request.method == "POST" and bool(channels)
    form = SubscriptionForm(channels, request.POST if posted else None)
    status = 200
    if posted:
        status = _subscribe(request, form, topic.name if topic else dataset)
        if status == 303:
            return redirect("subscriptions:sent")
    context = {"section": "data", "form": form, "channels": channels, "dataset": dataset, "topic": topic}
    context["title"] = in_language(dataset, "title") if dataset else ""
    context["feed"] = reverse("data:dataset_feed", args=[dataset.key]) if dataset else reverse("data:feed")
    return render(request, "data/subscribe.html", context, status=status)


def _topic(request: HttpRequest) -> Topic | None:
    asked = (request.POST.get("topic") or request.GET.get("topic") or "")[:LONGEST_TOPIC]
    found = find_topic(asked) if asked else None
    if asked and found is None:
        raise Http404
    return found


def _dataset(request: HttpRequest) -> Dataset | None:
    asked = (request.POST.get("dataset") or request.GET.get("dataset") or "")[:100]
    if not asked:
        return None
    try:
        dataset = queries.find_dataset(asked, by=request.user)
    except queries.DatasetUnknown as error:
        raise Http404 from error
    if not dataset.released:
        raise Http404
    return dataset


def _subscribe(request: HttpRequest, form: SubscriptionForm, subject: Dataset | str | None) -> int:
    if not form.is_valid():
        return 400
    who = client(request)
    try:
        ASKERS.begin(who)
    except Busy as error:
        minutes = max(1, round(error.retry_seconds / 60))
        form.add_error(None, _("You have asked several times. Wait %(minutes)s minutes.") % {"minutes": minutes})
        return 429
    ASKERS.end(who, seconds=1.0)
    channel, address = Channel(form.cleaned_data["channel"]), form.cleaned_data["address"].strip()
    try:
        now = timezone.now()
        asked = subscribing.subscribe(subject, channel, address, language=(get_language() or "en")[:5], at=now)
        telling.send_due(at=now, only=asked)
    except InvalidInput:
        form.add_error("address", _("Nothing can be sent to this address. A webhook begins with https://."))
        return 400
    return 303


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Say that a message is on its way, whether or not the address was known."""
    return render(request, "data/subscribed.html", {"section": "data", "state": "sent"})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm by a button: programs that look at the links of a letter must not confirm for a person."""
    found = _found(token)
    state = "confirm"
    if request.method == "POST":
        subscribing.confirm(token, at=timezone.now())
        state = "confirmed"
    return render(request, "data/subscribed.html", _context(found, state))


@never_cache
@csrf_exempt  # mail programs end it with one click (RFC 8058); whoever has the token may
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, token: str) -> HttpResponse:
    """End a subscription with one click, and forget the address."""
    found = _found(token)
    state = "end"
    if request.method == "POST":
        subscribing.end(token, at=timezone.now())
        state = "ended"
    return render(request, "data/subscribed.html", _context(found, state))


def _found(token: str) -> Subscription:
    try:
        return subscribing.find(token[:64])
    except subscribing.SubscriptionUnknown as error:
        raise Http404 from error


def _context(found: Subscription, state: str) -> dict[str, object]:
    title = in_language(found.dataset, "title") if found.dataset else ""
    told = {"title": title, "dataset": found.dataset, "topic": about(found)}
    return {"section": "data", "state": state, **told}
