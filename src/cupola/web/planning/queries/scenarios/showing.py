"""A scenario as its page, its table and its command show it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from cupola.orgchart.edits import Edit
from cupola.orgchart.scenarios import Deed, EditLine, Precedent, Turned, by_fund_and_year, totals_by_year
from cupola.web.planning.queries.scenarios import pricing
from cupola.web.planning.queries.scenarios.asking import Answered
from cupola.web.planning.queries.scenarios.pricing import Price, Touched
from cupola.web.planning.queries.scenarios.words import (
    DEEDS,
    days_words,
    fund_words,
    needs_words,
    usual_words,
    why_words,
)
from cupola.web.structure.queries.pages import outcome_line
from cupola.web.structure.queries.words import advice_words, edit_words, moment_words, verdict_words, word
from cupola.web.ui.evidence import Evidence, Link
from cupola.web.ui.templatetags.ui import number

EDIT_FIELDS = (
    "what",
    "edit",
    "key",
    "says",
    "usually",
    "needs",
    "decides",
    "lead_days",
    "source",
    "answered",
    "by",
    "begins",
)
MOST_OUTCOMES = 3


@dataclass(frozen=True)
class Row:
    """One edit in words. needs: what counsel says, empty until then. begins: the budget year it holds from."""

    line: EditLine
    deed: str
    says: str
    usual: str
    why: str
    needs: tuple[str, ...]
    lead: str
    answered: str
    begins: str
    elsewhere: tuple["Elsewhere", ...]


@dataclass(frozen=True)
class Elsewhere:
    """An act like an edit, in words, and what came of it."""

    key: str
    place: str
    when: str
    title: str
    outcomes: tuple[Any, ...]


@dataclass(frozen=True)
class FundRow:
    """A fund over the years: today, then every budget year; posts and money, and posts without a known cost."""

    fund: str
    cells: tuple[tuple[Decimal, Decimal, Decimal], ...]


@dataclass(frozen=True)
class TurnedRow:
    """A check that turns, in words, with what speaks for and against the claim behind it."""

    question: str
    before: str
    after: str
    why: str
    speaks_for: tuple[Any, ...]
    speaks_against: tuple[Any, ...]


@dataclass(frozen=True)
class Shown:
    """Everything a scenario's page shows."""

    found: Answered
    rows: tuple[Row, ...]
    counts: tuple[tuple[str, int, int], ...]
    funds: tuple[FundRow, ...]
    together: FundRow | None
    prices: tuple[Price, ...]
    one_off: tuple[dict[str, Any], ...]
    touched: tuple[Touched, ...]
    turned: tuple[TurnedRow, ...]
    known: Evidence

    @property
    def one_off_total(self) -> int:
        """All costs that come once."""
        return sum(int(one["amount"]) for one in self.one_off)

    @property
    def without_price(self) -> int:
        """How many posts have no known cost."""
        return sum(one.amount is None for one in self.prices)


def shown(found: Answered) -> Shown:
    """Return what a scenario's page shows."""
    roster = pricing.roster_for(found)
    prices = pricing.prices(found, roster)
    scenario = found.scenario
    funds = by_fund_and_year(
        scenario.before,
        scenario.after,
        prices=pricing.amounts(prices),
        starts=found.starts,
        years=len(found.labels),
    )
    whole = totals_by_year(funds)
    return Shown(
        found=found,
        rows=tuple(_row(found, line) for line in scenario.lines),
        counts=tuple(_counts(found)),
        funds=tuple(
            FundRow(fund_words(one.fund), tuple(zip(one.posts, one.cost, one.uncosted, strict=True))) for one in funds
        ),
        together=FundRow(_("Together"), tuple(zip(whole.posts, whole.cost, whole.uncosted, strict=True)))
        if whole
        else None,
        prices=prices,
        one_off=tuple(found.asked.said.get("one_off", ())),
        touched=pricing.touched(found, roster),
        turned=tuple(_turned(one) for one in scenario.turned),
        known=_known(found),
    )


def edit_table(page: Shown) -> Iterator[dict[str, str]]:
    """Yield the edits as rows of a table, by EDIT_FIELDS. What counsel has not answered is `unknown`."""
    for row in page.rows:
        counsel = row.line.counsel
        needs = counsel.needs if counsel else ()
        unknown = "" if counsel else "unknown"
        days = counsel.lead_days if counsel else None
        yield {
            "what": str(row.line.deed),
            "edit": str(row.line.edit.kind),
            "key": row.line.edit.subject,
            "says": row.says,
            "usually": ", ".join(row.line.usual.instruments),
            "needs": unknown or ", ".join(one.instrument for one in needs) or "nothing",
            "decides": unknown or ", ".join(dict.fromkeys(one.decides for one in needs if one.decides)),
            "lead_days": "unknown" if days is None else str(days),
            "source": unknown or "; ".join(one.source for one in needs if one.source),
            "answered": counsel.on.isoformat() if counsel else "",
            "by": counsel.by if counsel else "",
            "begins": row.begins,
        }


def fund_table(page: Shown) -> Iterator[dict[str, Any]]:
    """Yield posts and cost by fund and year as rows for machines; today has no year."""
    years = [None, *page.found.labels]
    for row in page.funds:
        for year, (posts, cost, uncosted) in zip(years, row.cells, strict=True):
            said = {"posts": float(posts), "cost": float(cost), "posts_without_cost": float(uncosted)}
            yield {"fund": row.fund, "year": year, **said}


def as_json_of(page: Shown) -> dict[str, Any]:
    """Return a scenario for machines."""
    return {
        "edits": list(edit_table(page)),
        "by_fund_and_year": list(fund_table(page)),
        "pay": [
            {"post": one.post, "amount": None if one.amount is None else float(one.amount), "how": one.how}
            for one in page.prices
        ],
        "one_off": list(page.one_off),
        "checks_that_turn": [
            {"question": one.question, "before": one.before, "after": one.after, "why": one.why} for one in page.turned
        ],
    }


def _row(found: Answered, line: EditLine) -> Row:
    counsel = line.counsel
    start = found.starts.get(line.edit.subject, 0)
    return Row(
        line=line,
        deed=str(DEEDS[line.deed]),
        says=_says(found, line.edit),
        usual=usual_words(line.usual),
        why=why_words(line.usual),
        needs=needs_words(counsel) if counsel else (),
        lead=days_words(counsel.lead_days) if counsel else "",
        answered=_("%(by)s, %(on)s") % {"by": counsel.by, "on": date_format(counsel.on)} if counsel else "",
        begins=str(found.labels[start]) if start < len(found.labels) else _("later"),
        elsewhere=tuple(_elsewhere(one) for one in line.elsewhere),
    )


def _says(found: Answered, edit: Edit) -> str:
    words = advice_words if found.scenario.adoption else edit_words
    return words(edit, found.scenario.before, found.scenario.after, names=found.names)


def _elsewhere(one: Precedent) -> Elsewhere:
    outcomes = tuple(outcome_line(one.place, each) for each in one.outcomes[:MOST_OUTCOMES])
    return Elsewhere(one.place.key, one.place.name, moment_words(one.act.on), one.act.title, outcomes)


def _turned(one: Turned) -> TurnedRow:
    return TurnedRow(
        question=gettext(one.check.question),
        before=word(one.before.answer),
        after=word(one.after.answer),
        why=verdict_words(one.after),
        speaks_for=tuple(outcome_line(*pair) for pair in one.evidence.speaks_for[:MOST_OUTCOMES]),
        speaks_against=tuple(outcome_line(*pair) for pair in one.evidence.speaks_against[:MOST_OUTCOMES]),
    )


def _counts(found: Answered) -> Iterator[tuple[str, int, int]]:
    """Yield each deed with how many offices and posts it is done to."""
    for deed in Deed:
        offices, posts = (len(found.scenario.subjects(deed, of)) for of in ("office", "post"))
        if offices or posts:
            yield str(DEEDS[deed]), offices, posts


def _known(found: Answered) -> Evidence:
    one, other = found.one, found.other
    asked = found.asked
    edits = len(found.scenario.lines)
    address = reverse("structure:government", args=[one.key])
    command = f"cupola plan scenario {one.key} {other.key} --on {asked.of_on} --to-on {asked.to_on}"
    return Evidence(
        result=ngettext("%(count)s edit", "%(count)s edits", edits) % {"count": number(edits)},
        sources=tuple(_links(found)),
        dataset=Link(one.name, address),
        version=Link(_("as recorded now, on %(day)s") % {"day": date_format(asked.of_on)}, address),
        query=f"{one.key} {asked.of_on} → {other.key} {asked.to_on}",
        method=_(
            "The edits lead from the first chart to the second. What each usually takes is a list that comes with"
            " Cupola; what it needs here is unknown until counsel answers. A post without a cost in the chart costs"
            " what the scenario states, else the average of chiefs and directors in the roster. Checks are asked of"
            " both charts."
        ),
        command=command,
        uncertain=_("Edits without an answer of counsel are counted from the first budget year after the decision."),
    )


def _links(found: Answered) -> Sequence[Link]:
    facts = tuple(Link(str(fact)) for fact in found.asked.said.get("facts", ()))
    if facts:
        return facts
    address = reverse("structure:government", args=[found.other.key])
    return (Link(_("The chart, with the sources of each fact"), address),)
