"""The agenda for machines: awards as 360Giving, councils as Popolo, the ledger as CSV. Only what is released."""

import csv
import io

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from cupola.web.accounts.queries import the_city
from cupola.web.agenda.queries import grants360, ledger
from cupola.web.agenda.queries.popolo import write_popolo
from cupola.web.agenda.queries.records import records

HEADER = (
    "claim", "name", "initiative", "type", "status", "fund", "line", "fiscal_year",
    "gross", "own", "cost", "net", "bankable", "counts", "defects",
)  # fmt: skip


@require_safe
def awards(request: HttpRequest) -> JsonResponse:
    """Return the released awards as a 360Giving package."""
    found = grants360.package(records("award", staff=False).values(), city=recipient())
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False})


@require_safe
def popolo(request: HttpRequest) -> JsonResponse:
    """Return the released councils as Popolo."""
    return JsonResponse(write_popolo(), json_dumps_params={"ensure_ascii": False})


@require_safe
def ledger_csv(request: HttpRequest) -> HttpResponse:
    """Return the released ledger, one line for each claim and fiscal year; amounts in currency, to the cent."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(HEADER)
    for row in ledger.rows(staff=False):
        claim = row.claim
        for flow in row.flows:
            amounts = [f"{value / 100:.2f}" for value in (flow.gross, flow.own, flow.cost, flow.net, flow.bankable)]
            known = [claim.key, row.name, claim.initiative, claim.kind, claim.status, claim.fund, claim.line, flow.year]
            writer.writerow([*known, *amounts, row.counts, " ".join(one.kind for one in row.defects)])
    response = HttpResponse(lines.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="savings.csv"'
    return response


def recipient() -> dict[str, str]:
    """Return the city as the organisation that receives grants."""
    city = the_city()
    key, name = (city.key, city.name) if city is not None else ("city", "City")
    return {"key": key, "id": f"360G-{key}", "name": name}
