"""How much the data is used: of one dataset for everyone, of all for staff."""

import csv
from collections.abc import Iterable
from datetime import date, timedelta

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cupola.serving import Used, flush_usage
from cupola.serving.usage import KEPT_DAYS
from cupola.web.data import queries
from cupola.web.data.queries import usage

PERIODS = (30, 90, 365)


@require_safe
def dataset_csv(request: HttpRequest, key: str) -> HttpResponse:
    """Give the counts of one dataset, as long as they are kept."""
    try:
        dataset = queries.find_dataset(key, by=request.user)
    except queries.DatasetUnknown as error:
        raise Http404 from error
    flush_usage(usage.usage_file())
    today = timezone.localdate()
    return table(usage.used(today - timedelta(days=KEPT_DAYS), today, dataset=dataset.key), f"usage-{key}.csv")


@never_cache
@login_required
@permission_required("data.see_drafts", raise_exception=True)
@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """Show how much each dataset is used, and by which kinds of client."""
    days, today = period(request), timezone.localdate()
    flush_usage(usage.usage_file())
    lines = usage.used(today - timedelta(days=days - 1), today)
    context = {
        "section": "work",
        "days": days,
        "periods": PERIODS,
        "datasets": usage.most_used(by=request.user, today=today, days=days),
        "clients": usage.totals(lines, lambda line: usage.client_words(line.client)),
        "whats": usage.totals(lines, lambda line: usage.what_words(line.what)),
        "since": date.fromisoformat(usage.counted_since()) if usage.counted_since() else None,
        "method": usage.method_words(),
    }
    return render(request, "data/usage_all.html", context)


@never_cache
@login_required
@permission_required("data.see_drafts", raise_exception=True)
@require_safe
def every_csv(request: HttpRequest) -> HttpResponse:
    """Give the same as a table."""
    days, today = period(request), timezone.localdate()
    flush_usage(usage.usage_file())
    return table(usage.used(today - timedelta(days=days - 1), today), f"usage-{days}-days.csv")


def period(request: HttpRequest) -> int:
    """Return for how many days the address asks."""
    asked = request.GET.get("days", "")
    return int(asked) if asked.isascii() and asked.isdigit() and 0 < int(asked[:4]) <= KEPT_DAYS else PERIODS[0]


def table(lines: Iterable[Used], name: str) -> HttpResponse:
    """Return counts as CSV."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(answer)
    writer.writerow(usage.CSV_FIELDS)
    writer.writerows([getattr(line, field) for field in usage.CSV_FIELDS] for line in lines)
    return answer
