"""Charts of the agenda, and the chain behind its figures."""

from collections import defaultdict
from decimal import Decimal

from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from cupola.savings import Claim, Ledger
from cupola.savings.incubation import GrantStory, Runway, follow
from cupola.web.agenda.queries.ledger import LedgerRow
from cupola.web.agenda.queries.lines import book_lines
from cupola.web.agenda.queries.words import said
from cupola.web.ui.charts import Chart, Grid, Point, columns
from cupola.web.ui.evidence import Evidence, Link


def savings_chart(ledger: Ledger) -> Chart | None:
    """Draw what is banked by fiscal year; None where nothing is."""
    years: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for cell in ledger.cells:
        for name in ("banked", "verified", "claimed", "lapsed"):
            years[cell.year][name] += int(getattr(cell, name))
    points = tuple(
        Point(str(year), max(sums["banked"], 0) / 100, _money(sums["banked"])) for year, sums in sorted(years.items())
    )
    if not any(point.value for point in points):
        return None
    rows = tuple(
        (str(year), *(_money(sums[name]) for name in ("banked", "verified", "claimed", "lapsed")))
        for year, sums in sorted(years.items())
    )
    best = max(points, key=lambda point: point.value)
    return Chart(
        title=_("Savings in the budget, by fiscal year"),
        reading=_("Most is banked in fiscal year %(year)s: %(amount)s, at the lower bound of what was measured.")
        % {"year": best.label, "amount": best.shown},
        label_header=_("Fiscal year"),
        value_header=_("Banked"),
        points=points,
        drawings=columns(points),
        evidence=_evidence(
            result=_("%(amount)s banked in all years") % {"amount": _money(ledger.total("banked"))},
            query="banked = lower bound x price x share - cost",
            command="cupola savings list",
        ),
        grid=Grid((_("Fiscal year"), *(said(name) for name in ("banked", "verified", "claimed", "lapsed"))), rows),
    )


def claim_evidence(row: LedgerRow) -> Evidence:
    """Return the chain behind one row of the ledger."""
    claim = row.claim
    proof = claim.proof
    return Evidence(
        result=_("%(amount)s can be banked over its years") % {"amount": _exact(row.bankable)},
        sources=(Link(claim.price.source or _("The price has no source")), *_evaluation(claim)),
        dataset=Link(proof.measure or _("no measure"), ""),
        version=Link(proof.version or _("no version"), ""),
        query=proof.query or "-",
        method=said(proof.method),
        command=f"cupola bundle {claim.key}",
        responsible=claim.claimed_by,
        uncertain=_("between %(low)s and %(high)s %(unit)s a year, with %(level)s %% confidence")
        % {
            "low": _one_place(claim.quantity.low),
            "high": _one_place(claim.quantity.high),
            "unit": claim.quantity.unit,
            "level": round(claim.quantity.level * 100),
        }
        if claim.quantity.low is not None
        else _("no interval is known, so nothing can be banked"),
    )


def _evaluation(claim: Claim) -> tuple[Link, ...]:
    """Return the evaluation a claim's quantity is computed from, where it is."""
    said = claim.quantity.evaluated
    if said is None:
        return ()
    title = _("Evaluation %(number)s of %(initiative)s") % {"number": said.number, "initiative": said.key}
    return (Link(title, reverse("agenda:initiative", args=[said.key])),)


def runway_chart(runway: Runway) -> Chart:
    """Draw the gap of each month."""
    months = [(date_format(line.month, "M Y"), line) for line in runway.months]
    points = tuple(Point(month, line.gap / 100, _money(line.gap)) for month, line in months)
    rows = tuple(
        (
            month,
            *(_money(value) for value in (line.cost, line.grant, line.match, line.savings, line.gap, line.cumulative)),
        )
        for month, line in months
    )
    headers = (_("Month"), _("Cost"), _("Award"), _("Match"), _("Savings"), _("Gap"), _("Gap so far"))
    return Chart(
        title=_("What nothing pays, by month"),
        reading=_unpaid(runway),
        label_header=_("Month"),
        value_header=_("Gap"),
        points=points,
        drawings=columns(points),
        evidence=_evidence(
            result=_("%(amount)s over the months shown") % {"amount": _money(runway.months[-1].cumulative)},
            query="gap = cost - city - award - match - verified recurring savings (lower bound)",
            command=f"cupola award runway {runway.award}",
        ),
        grid=Grid(headers, rows),
    )


def _unpaid(runway: Runway) -> str:
    """Say from when on how much has no payer."""
    first = next((line for line in runway.months if line.gap), None)
    if first is None:
        return _("In all months shown, somebody pays.")
    most = max(line.gap for line in runway.months)
    said = {"month": date_format(first.month, "YEAR_MONTH_FORMAT"), "amount": _money(most)}
    return _("From %(month)s on, up to %(amount)s a month has no payer.") % said


def book_story(books: str, code: str) -> GrantStory | None:
    """Return a grant through the budget books of a dataset; None where it has none."""
    found = book_lines(books, code)
    if not found:
        return None
    return follow(code, found, books={line.year for line in found})


def _evidence(*, result: str, query: str, command: str) -> Evidence:
    ledger = Link(_("Savings ledger"), reverse("agenda:savings"))
    return Evidence(
        result=result,
        sources=(Link(_("Claims as the city recorded them")),),
        dataset=ledger,
        version=Link(_("as recorded now")),
        query=query,
        method=_("Each claim's own rules; what is wrong with a claim keeps it out."),
        command=command,
    )


def _money(cents: int) -> str:
    return number_format(round(cents / 100), use_l10n=True, force_grouping=True)


def _one_place(quantity: Decimal | None) -> str:
    return floatformat(quantity, "-1g")


def _exact(cents: int) -> str:
    return number_format(cents / 100, decimal_pos=2, use_l10n=True, force_grouping=True)
