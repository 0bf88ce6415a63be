"""The audit log, for auditors: filtered by its address, and taken out as CSV or JSON."""

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cupola.web.accounts.actions import record_audit_export
from cupola.web.accounts.forms import AuditFilter
from cupola.web.accounts.queries import AUDIT_COLUMNS, Wanted, audit_lines, events, integrity, known_actions

SEE = "accounts.see_audit_log"
PER_PAGE = 100
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so is run by spreadsheets


def asked(request: HttpRequest) -> tuple[AuditFilter, Wanted]:
    """Return the filter of an address, for those who may read the log. What cannot be read filters nothing out."""
    if not request.user.has_perm(SEE):
        raise PermissionDenied
    form = AuditFilter(request.GET)
    return form, form.wanted() if form.is_valid() else Wanted()


@login_required
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Show the newest events that fit."""
    form, wanted = asked(request)
    page = Paginator(events(wanted), PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"section": "staff", "form": form, "page": page, "actions": known_actions()}
    context["pages"] = page.paginator.get_elided_page_range(page.number)
    context["query"] = "&".join(part for part in request.GET.urlencode().split("&") if not part.startswith("page="))
    if "verify" in request.GET:
        context["integrity"] = integrity()
    return render(request, "accounts/audit.html", context, status=200 if form.is_valid() else 400)


@login_required
@require_safe
def as_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Give the events that fit as CSV, oldest first."""
    return _exported(request, _csv_lines, kind="text/csv; charset=utf-8", name="audit.csv")


@login_required
@require_safe
def as_json(request: HttpRequest) -> StreamingHttpResponse:
    """Give the events that fit as JSON, one object a line, oldest first."""
    return _exported(request, _json_lines, kind="application/x-ndjson", name="audit.jsonl")


def _exported(request: HttpRequest, written: Any, *, kind: str, name: str) -> StreamingHttpResponse:
    form, wanted = asked(request)
    if not form.is_valid():
        wanted = Wanted(who="(the address cannot be read)")  # an export that holds more than was asked for misleads
    record_audit_export(wanted, lines=events(wanted).count(), by=request.user)  # type: ignore[arg-type]
    return StreamingHttpResponse(
        written(audit_lines(wanted)),
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv_lines(lines: Iterator[dict[str, Any]]) -> Iterator[str]:
    table = csv.writer(_Echo())
    yield table.writerow(AUDIT_COLUMNS)
    for line in lines:
        cells = [json.dumps(line[name]) if name == "detail" else str(line[name]) for name in AUDIT_COLUMNS]
        yield table.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])


def _json_lines(lines: Iterator[dict[str, Any]]) -> Iterator[str]:
    for line in lines:
        yield json.dumps(line, ensure_ascii=False) + "\n"
