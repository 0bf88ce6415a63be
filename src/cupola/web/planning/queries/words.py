"""Money, families of work, purposes and reorganisations as people say them."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cupola.orgchart.rosters import Change, Family, Reorganisation
from cupola.web.accounts.queries import the_city
from cupola.web.planning.queries.paying import Grant
from cupola.web.ui.templatetags.ui import number

FAMILIES = {
    Family.TECHNOLOGY: gettext_lazy("Technology"),
    Family.DATA: gettext_lazy("Data"),
    Family.INNOVATION: gettext_lazy("Innovation"),
}
PURPOSES = {
    "it_services": gettext_lazy("Information technology services"),
    "software": gettext_lazy("Software"),
    "hardware": gettext_lazy("Computers and data equipment"),
    "telecoms": gettext_lazy("Telephones and data lines"),
    "salaries": gettext_lazy("Salaries"),
    "benefits": gettext_lazy("Benefits"),
    "contracts": gettext_lazy("Contracts"),
    "capital": gettext_lazy("Buildings and debt"),
    "internal_charges": gettext_lazy("Charges between departments"),
    "supplies": gettext_lazy("Supplies"),
    "equipment": gettext_lazy("Equipment"),
    "other": gettext_lazy("Other accounts"),
}


def money(cents: int) -> str:
    """Return an amount to the whole unit of the city's currency, as in $76,383,040."""
    whole = abs(cents) // 100 + (abs(cents) % 100 >= 50)
    return f"{'-' if cents < 0 else ''}{_sign()}{number(whole)}"


def units(amount: float) -> str:
    """Return an amount that is not in cents, as the planner gives it."""
    return money(round(amount * 100))


def whole_money(amount: Decimal | int) -> str:
    """Return an amount in whole units, as charts and scenarios have it."""
    return money(int(amount * 100))


def short_money(cents: int) -> str:
    """Return an amount as people say it, as in $76.4 million."""
    for size, pattern in ((1_000_000_000, _("%(amount)s billion")), (1_000_000, _("%(amount)s million"))):
        if abs(cents) >= size * 100:
            rounded = (Decimal(abs(cents)) / 100 / size).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
            amount = number_format(rounded, 1, force_grouping=True)
            return pattern % {"amount": f"{'-' if cents < 0 else ''}{_sign()}{amount}"}
    return money(cents)


def _sign() -> str:
    city = the_city()
    code = city.definition.get("currency", "USD") if city else "USD"
    return {"USD": "$", "EUR": "€", "GBP": "£"}.get(code, f"{code} ")


def purpose_words(purpose: str) -> str:
    """Return what an account buys, in words."""
    return str(PURPOSES.get(purpose, purpose.replace("-", " ").replace("_", " ")))


def period_words(period: str) -> str:
    """Return a period as people say it: the month of a day that stands for one, else as it is written."""
    try:
        day = date.fromisoformat(period)
    except ValueError:
        return period
    return date_format(day, "F Y") if day.day == 1 else date_format(day)


def told_words(one: Reorganisation) -> str:
    """Return what became of departments, as one sentence."""
    names = {
        "before": _listed(one.before),
        "after": _listed(one.after),
        "share": number(round(100 * one.share)),
    }
    match one.change:
        case Change.MERGED:
            return _("%(before)s are now %(after)s; %(share)s %% of their posts have the same titles there.") % names
        case Change.RENAMED:
            return _("%(before)s is now %(after)s; %(share)s %% of its posts have the same titles there.") % names
        case Change.SPLIT:
            return _("%(after)s is new; posts of its titles left %(before)s.") % names
        case Change.CLOSED:
            return _("%(before)s is gone, and its posts are not found together anywhere.") % names
        case Change.CREATED:
            return _("%(after)s is new.") % names


def unseen_words(grants: Sequence[Grant]) -> list[str]:
    """Say of each department which grants for innovation it has although no title of its posts shows any."""
    held: dict[str, list[str]] = {}
    for one in grants:
        said = {"name": one.name, "amount": short_money(one.most[1]), "year": one.most[0]}
        said |= {"rest": short_money(one.last[1]), "last": one.last[0]}
        pattern = _("%(name)s (%(amount)s in %(year)s, %(rest)s in %(last)s)")
        held.setdefault(one.unseen, []).append(
            (pattern if one.most != one.last else _("%(name)s (%(amount)s in %(year)s)")) % said
        )
    pattern = _(
        "%(department)s shows no post with an innovation title in any list, while the budget books show what it was"
        " given for innovation: %(grants)s."
    )
    return [pattern % {"department": name, "grants": "; ".join(each)} for name, each in held.items()]


def _listed(departments: tuple[tuple[str, int], ...]) -> str:
    words = [
        ngettext("%(name)s (%(count)s post)", "%(name)s (%(count)s posts)", posts)
        % {"name": name, "count": number(posts)}
        for name, posts in departments
    ]
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
