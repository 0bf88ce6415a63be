"""Feeds of what changed: of all datasets, and of one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cupola.web.accounts.queries import the_city
from cupola.web.data import queries
from cupola.web.ui.feeds import FeedHead, FeedItem, atom


def items_of(news: tuple[queries.Item, ...]) -> list[FeedItem]:
    """Return news as entries of a feed."""
    return [FeedItem(one.identity, one.heading, one.text, one.at, one.address, (one.happening.value,)) for one in news]


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Feed of new versions, changed columns, late data and corrections of every dataset."""
    city = the_city()
    name = city.name if city else "Cupola"
    head = FeedHead(
        identity=queries.identity(city.key if city else "", "data"),
        title=_("%(city)s: changes of the data") % {"city": name},
        says=_("New versions, changed columns, late data and corrections."),
        author=name,
        address=reverse("data:catalogue"),
    )
    return atom(request, head, items_of(queries.happenings(by=request.user, now=timezone.now())))


@require_safe
def dataset_changes(request: HttpRequest, key: str) -> HttpResponse:
    """Feed of what happened to one dataset."""
    city = the_city()
    try:
        news = queries.happenings(by=request.user, now=timezone.now(), key=key)
        dataset, _version = queries.dataset_with_version(key, by=request.user)
    except queries.DatasetUnknown as error:
        raise Http404 from error
    head = FeedHead(
        identity=queries.identity(dataset.public_id),
        title=_("%(title)s: changes") % {"title": queries.in_language(dataset, "title")},
        says=_("New versions, changed columns, late data and corrections."),
        author=dataset.steward or dataset.department or (city.name if city else "Cupola"),
        address=reverse("data:dataset", args=[dataset.key]),
    )
    return atom(request, head, items_of(news))
