"""Codes, patterns and dates of charts in the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cupola.orgchart.checks import Verdict
from cupola.orgchart.edits import Edit
from cupola.orgchart.facts import Funding, Limit, Line, Value
from cupola.orgchart.moments import Answer, Moment, Span
from cupola.orgchart.states import State
from cupola.orgchart.telling import NOT_RECORDED, PATTERNS, advice_of, name_in

CODES: Mapping[str, Promise] = {
    "mayors_office": _("mayor's office"),
    "it_department": _("IT department"),
    "city_manager": _("city manager's office"),
    "independent": _("outside departments"),
    "performance_dept": _("performance department"),
    "budget_office": _("budget office"),
    "finance_dept": _("finance department"),
    "economic_dev": _("economic development"),
    "governors_office": _("governor's office"),
    "state_agency": _("state agency"),
    "shared_services_dept": _("shared services department"),
    "line_department": _("line department"),
    "city_administrator": _("city administrator's office"),
    "administrative": _("administrative"),
    "operational": _("operational"),
    "policy": _("policy"),
    "advisory": _("advisory"),
    "hybrid": _("hybrid"),
    "department": _("department"),
    "city_wide": _("city-wide"),
    "government": _("government"),
    "executive": _("chief executive's office"),
    "agency": _("agency"),
    "office": _("office"),
    "post": _("post"),
    "bureau": _("bureau"),
    "team": _("team"),
    "outside": _("outside body"),
    "functional": _("functional"),
    "budget": _("budget"),
    "coordination": _("coordination"),
    "liaison": _("liaison"),
    "general_fund": _("general fund"),
    "grant": _("grant"),
    "philanthropy": _("philanthropy"),
    "fellowship": _("fellowship"),
    "partnership": _("partnership"),
    "fees_reimbursement": _("fees and reimbursements"),
    "special_fund": _("special fund"),
    "in_kind": _("in kind"),
    "it_infrastructure": _("IT infrastructure"),
    "applications": _("applications"),
    "security": _("security"),
    "data_analytics": _("data and analytics"),
    "open_data": _("open data"),
    "gis": _("geographic information"),
    "digital_services": _("digital services"),
    "innovation": _("innovation"),
    "performance": _("performance"),
    "procurement_reform": _("procurement reform"),
    "engagement_311": _("311 and engagement"),
    "broadband_inclusion": _("broadband and inclusion"),
    "smart_city": _("smart city"),
    "economic_development": _("economic development policy"),
    "policy_liaison": _("policy and liaison"),
    "project_management": _("project management"),
    "purchasing": _("purchasing"),
    "hiring": _("hiring"),
    "public": _("public sector"),
    "business": _("business"),
    "university": _("university"),
    "nonprofit": _("nonprofit"),
    "residents": _("residents"),
    "exempt": _("exempt"),
    "classified": _("classified"),
    "provisional": _("provisional"),
    "term": _("for a term"),
    "fellow": _("fellow"),
    "contractor": _("contractor"),
    "city": _("city"),
    "county": _("county"),
    "state": _("state"),
    "template": _("template"),
    "fiscal_sponsor": _("fiscal sponsor"),
    "vendor": _("vendor"),
    "head_count": _("head-count"),
    "exempt_posts": _("exempt posts"),
    "general_fund_posts": _("posts on the general fund"),
    "spending_authority": _("spending authority"),
    "confirmed": _("confirmed"),
    "claimed": _("claimed"),
    "measured": _("measured"),
    "deduced": _("deduced"),
    "unknown": _("unknown"),
    "proposed": _("proposed"),
    "create": _("created"),
    "rename": _("renamed"),
    "elevate": _("raised"),
    "move": _("moved"),
    "merge": _("merged"),
    "split": _("split"),
    "close": _("closed"),
    "convert_funding": _("funding converted"),
    "add_line": _("line added"),
    "remove_line": _("line removed"),
    "legislate": _("legislated"),
    "award": _("award"),
    "appoint": _("appointed"),
    "vacate": _("vacated"),
    "yes": _("yes"),
    "no": _("no"),
    "possible": _("possibly"),
    "present": _("there"),
    "elsewhere": _("elsewhere"),
    "missing": _("missing"),
    "extra": _("only here"),
    "pass": _("pass"),
    "fail": _("fail"),
    "role": _("role"),
    "function": _("function"),
    "created": _("created"),
    "closed": _("closed"),
    "renamed": _("renamed"),
    "moved": _("moved"),
    "merged": _("merged"),
    "filled": _("filled"),
    "line_added": _("line added"),
    "line_removed": _("line removed"),
    "housed_in_changed": _("housed elsewhere"),
    "mandate_changed": _("mandate changed"),
    "function_gained": _("function gained"),
    "function_lost": _("function lost"),
    "funding_changed": _("funding changed"),
    "funding_converted": _("funding converted"),
    "cost_changed": _("cost changed"),
    "changed": _("changed"),
}
MARKS: Mapping[str, Promise] = {"new": _("new"), "closed": _("gone"), "moved": _("moved"), "changed": _("changed")}
LIMITS: Mapping[str, Promise] = {
    "elections": _("Elections of the chief executive"),
    "executive": _("Post of the chief executive"),
    "deputies": _("Posts that count as a deputy"),
    "expected_functions": _("Functions that somebody should own"),
    "fewest_direct_reports": _("Fewest direct reports"),
    "most_direct_reports": _("Most direct reports"),
    "most_layers": _("Most layers"),
    "most_general_fund_posts": _("Most posts on the general fund"),
    "most_exempt_posts": _("Most exempt posts"),
    "most_posts": _("Most posts"),
    "most_spending_authority": _("Most spent on one purchase"),
    "purchasing_allowed": _("Buying and hiring allowed in the chief executive's office"),
    "most_non_recurring_share": _("Largest share of money that may end"),
    "horizon_days": _("Days ahead that money is looked for"),
    "members_above_quorum": _("Members above the quorum"),
}
ATTRIBUTES: Mapping[str, Promise] = {
    "exists": _("exists"),
    "name": _("name"),
    "kind": _("kind"),
    "part_of": _("part of"),
    "housed_in": _("housed in"),
    "reports_to": _("reports to"),
    "dotted_to": _("dotted line to"),
    "mandate": _("mandate"),
    "scope": _("scope"),
    "function": _("function"),
    "funding": _("funding"),
    "limit": _("limit"),
    "headed_by": _("headed by"),
    "staff": _("staff"),
    "budget": _("budget"),
    "purchase": _("purchases"),
    "tool": _("tool"),
    "user": _("user"),
    "seats": _("seats"),
    "members": _("members"),
    "quorum": _("quorum"),
    "sector": _("sector"),
    "number": _("position number"),
    "role": _("role"),
    "works_in": _("works in"),
    "paid_by": _("paid by"),
    "appointment": _("appointment"),
    "employer": _("employer"),
    "bargaining_unit": _("bargaining unit"),
    "grade": _("grade"),
    "fte": _("full-time equivalents"),
    "cost": _("yearly cost"),
    "filled": _("filled"),
    "holder": _("holder"),
    "contact": _("contact"),
    "meets_peers": _("talks with peers"),
}
_CODED = ("missing", "gaps", "posts", "overlaps")


def word(code: object) -> str:
    """Return a code in words."""
    text = str(code)
    return str(CODES.get(text, text.replace("_", " ")))


def edit_words(edit: Edit, before: State, after: State, *, names: Mapping[str, str]) -> str:
    """Return an edit as a sentence. names: of offices and posts that are in neither chart, too."""

    def said(values: Iterable[Value]) -> str:
        return ", ".join(value_words(value, names) for value in values) or word("unknown")

    parts = {
        "name": name_in(edit.subject, after, before),
        "attribute": str(ATTRIBUTES.get(edit.attribute, edit.attribute)),
        "others": ", ".join(names.get(key, key) for key in edit.others),
        "before": said(edit.before),
        "after": said(edit.after),
    }
    return gettext(PATTERNS[edit.kind]).format(**parts)


def advice_words(edit: Edit, before: State, after: State, *, names: Mapping[str, str]) -> str:
    """Return what a model asks for by an edit, as a sentence."""

    def said(values: Iterable[Value]) -> str:
        return ", ".join(value_words(value, names) for value in values)

    parts = {
        "name": name_in(edit.subject, after, before),
        "attribute": str(ATTRIBUTES.get(edit.attribute, edit.attribute)),
        "others": ", ".join(names.get(key, key) for key in edit.others),
        "before": said(edit.before) or gettext(NOT_RECORDED),
        "after": said(edit.after),
    }
    return gettext(advice_of(edit)).format(**parts)


def verdict_words(verdict: Verdict) -> str:
    """Return why a check came out as it did. What is missing or without an owner is a list of codes, and said so."""
    values = {name: _listed(text) if name in _CODED else text for name, text in verdict.values.items()}
    return gettext(verdict.reason).format(**values)


def _listed(text: str) -> str:
    """Return codes joined by commas in words."""
    return ", ".join(str(CODES[code]) if code in CODES else gettext(code) for code in text.split(", "))


def value_words(value: Value, names: Mapping[str, str]) -> str:
    """Return a value as people read it, with the names of the offices and posts it points at."""
    if isinstance(value, Line):
        name = names.get(value.to, value.to)
        return name if value.type == "administrative" else f"{name} ({word(value.type)})"
    if isinstance(value, Funding):
        return _funding(value)
    if isinstance(value, Limit):
        return f"{word(value.kind)}: {value.most:,f}"
    if value is True or value is False:
        return word("yes" if value else "no")
    return names.get(str(value)) or word(value)


def _funding(value: Funding) -> str:
    parts = [word(value.source)]
    if value.share is not None:
        parts.append(f"{value.share * 100:.0f} %")
    if value.amount is not None:
        amount = f"{value.amount:,.0f}"
        parts.append(gettext("%(amount)s a year") % {"amount": amount} if value.yearly else amount)
    if value.funder:
        parts.append(value.funder)
    return ", ".join(parts)


def limit_words(value: object) -> str:
    """Return the value of a limit: a number, a share, days or codes; not set where there is none."""
    if value is None or value in ((), ""):
        return gettext("not set")
    if isinstance(value, bool):
        return word("yes" if value else "no")
    if isinstance(value, tuple):
        return ", ".join(date_format(one) if isinstance(one, date) else word(one) for one in value)
    return f"{value * 100:.0f} %" if isinstance(value, Decimal) and value < 1 else f"{value:,}"


def moment_words(moment: Moment) -> str:
    """Return a moment as precisely as it is known."""
    if moment.earliest is None:
        return gettext("at an unknown time")
    if moment.precision == "year":
        return str(moment.earliest.year)
    return date_format(moment.earliest, "YEAR_MONTH_FORMAT" if moment.precision == "month" else "DATE_FORMAT")


def span_words(span: Span) -> str:
    """Return a time as people say it, empty where it has neither beginning nor end."""
    since = "" if span.since is None else moment_words(span.since)
    until = "" if span.until is None else moment_words(span.until)
    if since and until:
        return gettext("%(since)s to %(until)s") % {"since": since, "until": until}
    if since:
        return gettext("since %(since)s") % {"since": since}
    return gettext("until %(until)s") % {"until": until} if until else ""


def certainty(answer: Answer) -> str:
    """Return what to say beside a fact that may not have held, nothing beside one that did."""
    return gettext("possibly: the date is not known to the day") if answer is Answer.POSSIBLE else ""
