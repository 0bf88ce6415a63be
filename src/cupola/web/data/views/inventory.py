"""What staff see of everything the city knows of: the inventory, how far it is, reminders, portals, sheets."""

import csv
import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cupola import sources
from cupola.errors import CupolaError
from cupola.web.data import queries
from cupola.web.data.actions import SheetConflict, SheetInvalid, SheetPlan, apply_sheets, plan_sheets
from cupola.web.data.forms import SheetForm
from cupola.web.data.queries import sheets
from cupola.web.ui.sentences import in_english

PER_PAGE = 100
MOST_BYTES = 20_000_000
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def filters_of(request: HttpRequest) -> queries.InventoryFilters:
    """Return what the address asks for."""
    names = ("state", "department", "steward", "lacks")
    given = {name: request.GET.get(name, "")[:200] for name in names}
    return queries.InventoryFilters(words=request.GET.get("q", "").strip()[:200], **given)


@never_cache
@login_required
@permission_required("data.see_drafts", raise_exception=True)
@require_safe
def inventory(request: HttpRequest) -> HttpResponse:
    """List the datasets the city knows of, loaded or not."""
    filters = filters_of(request)
    found = queries.inventory(filters, now=timezone.now())
    context = {
        "section": "work",
        "filters": filters,
        "inventory": found,
        "page": Paginator(found.lines, PER_PAGE).get_page(request.GET.get("page")),
        "choices": request.GET.urlencode(),
    }
    return render(request, "data/inventory.html", context)


@never_cache
@login_required
@permission_required("data.see_drafts", raise_exception=True)
@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """Give the same list to a program."""
    found = queries.inventory(filters_of(request), now=timezone.now())
    told = {"datasets": [line.as_json() for line in found.lines]}
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})


@never_cache
@login_required
@permission_required("data.see_drafts", raise_exception=True)
@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    """Give the same list as a table."""
    found = queries.inventory(filters_of(request), now=timezone.now())
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="inventory.csv"'
    lines = [line.as_json() for line in found.lines]
    writer = csv.DictWriter(answer, fieldnames=list(lines[0]) if lines else ["key"])
    writer.writeheader()
    writer.writerows({**line, "missing": " ".join(line["missing"])} for line in lines)
    return answer


@never_cache
@login_required
@permission_required("data.see_drafts", raise_exception=True)
@require_safe
def workbook(request: HttpRequest) -> HttpResponse:
    """Give the sheets to fill in, of all or of one steward or department."""
    filters = filters_of(request)
    tables = queries.sheets_of(now=timezone.now(), steward=filters.steward, department=filters.department)
    answer = HttpResponse(sheets.write_workbook(tables, about=queries.SHEET_ADVICE), content_type=WORKBOOK)
    answer["Content-Disposition"] = 'attachment; filename="inventory.xlsx"'
    return answer


@never_cache
@login_required
@permission_required("data.see_drafts", raise_exception=True)
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """Show how far each steward and each department is."""
    by = "department" if request.GET.get("by") == "department" else "steward"
    found = queries.progress(queries.inventory_lines(now=timezone.now()), by)
    if request.GET.get("format") == "json":
        told = {"by": by, "progress": [one.as_json() for one in found]}
        return JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})
    return render(request, "data/inventory_progress.html", {"section": "work", "by": by, "progress": found})


@never_cache
@login_required
@permission_required("data.see_drafts", raise_exception=True)
@require_safe
def reminder(request: HttpRequest) -> HttpResponse:
    """Show a mail to a steward, to be copied."""
    steward = request.GET.get("steward", "")[:200]
    query = {"steward": steward}
    address = request.build_absolute_uri(reverse("work:inventory", query=query))
    found = queries.reminder(steward, now=timezone.now(), address=address)
    return render(request, "data/inventory_reminder.html", {"section": "work", "reminder": found})


@never_cache
@login_required
@permission_required("data.see_drafts", raise_exception=True)
@require_safe
def portals(request: HttpRequest) -> HttpResponse:
    """Show the portals elsewhere that are watched, and what is new there."""
    found = queries.inventory(queries.InventoryFilters(), now=timezone.now()).portals
    return render(request, "data/inventory_portals.html", {"section": "work", "portals": found})


@never_cache
@login_required
@permission_required("data.see_drafts", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """Take a filled-in sheet back: show what it would change, or change it."""
    form = SheetForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"section": "work", "form": form}
    status = 200
    if form.is_bound and form.is_valid():
        try:
            plan = planned(form.cleaned_data["sheet"], request)
            context["plan"] = plan
            if "apply" in request.POST:
                count = apply_sheets(plan, reason=form.cleaned_data["reason"], at=timezone.now(), by=request.user)  # type: ignore[arg-type]
                said = ngettext("%(count)s record changed.", "%(count)s records changed.", count)
                return _done(request, said % {"count": count})
        except (SheetInvalid, SheetConflict) as error:
            status = 409 if isinstance(error, SheetConflict) else 400
        except CupolaError as error:
            form.add_error(None, in_english(error))
            status = 400
    elif form.is_bound:
        status = 400
    return render(request, "data/inventory_sheet.html", context, status=status)


def _done(request: HttpRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("work:inventory")


def planned(upload: Any, request: HttpRequest) -> SheetPlan:
    """Return what an uploaded sheet would change. Raises SourceInvalid for a file that is no sheet."""
    if (upload.size or 0) > MOST_BYTES:
        raise sources.SourceInvalid(str(upload.name), problem=_("it is too large"), remedy=_("Take it apart."))
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / ("sheet.csv" if str(upload.name).lower().endswith(".csv") else "sheet.xlsx")
        path.write_bytes(b"".join(upload.chunks()))
        read = sources.read_sheets(path)
    return plan_sheets(read, at=timezone.now(), by=request.user)  # type: ignore[arg-type]
