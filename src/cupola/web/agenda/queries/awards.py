"""Awards as they stand after their amendments, and what becomes of the posts they pay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from cupola.periods import parse_day
from cupola.savings import Claim, Recurrence, Rules, Status, banked_recurring, cents, flows
from cupola.savings.incubation import (
    Award,
    BudgetCalendar,
    Chances,
    Filing,
    Outlook,
    Post,
    Runway,
    Savings,
    Team,
    Terms,
    Uncertain,
    chances,
    filing,
    outlooks,
    runway,
    yearly_cost,
)
from cupola.web.accounts.queries import the_city
from cupola.web.agenda.queries.ledger import claims, fiscal_years, rules
from cupola.web.agenda.queries.records import records

MONTHS = 36
SEED = 20260115  # the draws of a page are the same for every reader


@dataclass(frozen=True)
class Standing:
    """An award after its amendments, in cents. extended: it ends later than first awarded."""

    key: str
    name: str
    fields: Mapping[str, Any]
    amount: int | None
    spent: int
    until: date | None
    extended: bool

    @property
    def left(self) -> int:
        """What is not spent; 0 where nobody knows the amount."""
        return max((self.amount or 0) - self.spent, 0)


@dataclass(frozen=True)
class Outcome:
    """What becomes of one award's posts, for staff. savings: the lower bound in the year of the cliff, in cents."""

    award: Standing
    posts: tuple[Post, ...]
    cost: int
    runway: Runway
    savings: int
    outlooks: tuple[Outlook, ...]
    chances: Chances
    filing: Filing | None


def standing(fields: Mapping[str, Any]) -> Standing:
    """Return an award as its amendments left it."""
    amount, until = fields.get("amount"), fields.get("until")
    first = until
    for change in fields.get("amendments", ()):
        amount = change.get("amount", amount)
        until = change.get("until", until)
    spent = sum(cents(year["amount"]) for year in fields.get("spending", ()))
    return Standing(
        key=fields["key"],
        name=fields["name"],
        fields=fields,
        amount=None if amount is None else cents(amount),
        spent=spent,
        until=parse_day(until) if until else None,
        extended=until != first,
    )


def standings(*, staff: bool = True) -> tuple[Standing, ...]:
    """Return every award the reader may see, the one that ends next first."""
    found = [standing(fields) for fields in records("award", staff=staff).values()]
    return tuple(sorted(found, key=lambda one: (one.until is None, one.until or date.max, one.key)))


def paid_posts(fields: Mapping[str, Any], on: date) -> tuple[Post, ...]:
    """Return the posts an award pays on a day: begun or to begin, neither over nor converted."""
    day = on.isoformat()
    return tuple(
        Post(
            one["post"],
            cents(one["cost"]),
            fields["key"],
            Decimal(str(one.get("share", 1))),
            parse_day(one["since"]) if one.get("since") else None,
        )
        for one in fields.get("posts", ())
        if (not one.get("until") or one["until"] > day) and (not one.get("converted") or one["converted"] > day)
    )


def outcome(award: Standing, *, today: date, committed: int = 0, draws: int = 4_000) -> Outcome | None:
    """Return what becomes of an award's posts; None where it pays none any more, or its end is not known.

    committed: cents a year of the fund's savings that carry other teams already.
    """
    posts = paid_posts(award.fields, today)
    if not posts or award.until is None or award.until <= today:
        return None
    years = fiscal_years()
    every, asked = claims(), rules()
    fund = str(award.fields.get("converts_to") or award.fields.get("fund", ""))
    first = years.year_of(today)
    carried = carrying(every, asked, fund=fund)
    saved = [
        Savings(
            year,
            max(banked_recurring(every, asked, fund=fund, year=year) - committed, 0),
            sum(flow.net for claim in carried for flow in flows(claim) if flow.year == year),
        )
        for year in range(first, first + MONTHS // 12 + 2)
    ]
    since = parse_day(award.fields["since"]) if award.fields.get("since") else today
    money = Award(award.key, fund, since, award.until, award.left)
    reserve = cents(award.fields.get("reserve", 0))
    found = runway(
        money,
        posts,
        saved,
        today=today,
        months=MONTHS,
        terms=Terms(reserve_cents=reserve, fiscal_month=years.month, match_cents=_match(award, today)),
    )
    year = years.year_of(found.cliff)
    low = next((one.low_cents for one in saved if one.year == year), 0)
    calendar = budget_calendar()
    return Outcome(
        award=award,
        posts=posts,
        cost=yearly_cost(posts),
        runway=found,
        savings=low,
        outlooks=outlooks(low, posts),
        chances=chances(
            _team(award, posts, carried=carried, year=year, committed=committed),
            rng=np.random.default_rng(SEED),
            draws=draws,
        ),
        filing=None if calendar is None else filing(calendar, found.cliff, today=today),
    )


def outcomes(*, today: date) -> tuple[Outcome, ...]:
    """Return what becomes of every award that still pays posts, the one that ends next first.

    Savings of a fund are spent once: what carries the posts of one award is not there for the next.
    """
    taken: dict[str, int] = {}
    found = []
    for award in standings():
        fund = str(award.fields.get("converts_to") or award.fields.get("fund", ""))
        one = outcome(award, today=today, committed=taken.get(fund, 0))
        if one is not None:
            found.append(one)
            taken[fund] = taken.get(fund, 0) + min(one.savings, one.cost)
    return tuple(found)


def outcome_of(key: str, *, today: date) -> Outcome | None:
    """Return what becomes of the posts of one award, beside all others of its fund; None where it pays none."""
    return next((one for one in outcomes(today=today) if one.award.key == key), None)


def budget_calendar() -> BudgetCalendar | None:
    """Return the city's budget calendar, None where it says nothing."""
    city = the_city()
    said = city.definition.get("budget_calendar") if city is not None else None
    if not said:
        return None
    filed = tuple((int(year), parse_day(day)) for year, day in said.get("filed", {}).items())
    return BudgetCalendar(fiscal_years(), int(said["filing_days"]), filed, int(said.get("civil_service_days", 0)))


def carrying(every: Iterable[Claim], asked: Rules, *, fund: str) -> tuple[Claim, ...]:
    """Return the claims that can carry a post of a fund: verified, recurring, in a budget line, without a defect."""
    return tuple(
        claim
        for claim in every
        if claim.fund == fund
        and claim.recurrence is Recurrence.RECURRING
        and claim.stands(Status.VERIFIED)
        and any(banked_recurring([claim], asked, fund=fund, year=year) for year in claim.years)
    )


def _team(award: Standing, posts: tuple[Post, ...], *, carried: tuple[Claim, ...], year: int, committed: int) -> Team:
    uncertain = []
    for claim in carried:
        flow = next((one for one in flows(claim) if one.year == year), None)
        if flow is None or flow.low is None or claim.quantity.high is None:
            continue
        # above the estimate the same money per unit as below it
        scale = float(claim.quantity.high / claim.quantity.value) if claim.quantity.value else 1.0
        high = max(flow.own * scale - flow.cost, float(flow.net))
        uncertain.append(Uncertain(float(flow.net), float(flow.low), high, float(claim.quantity.level)))
    loaded = tuple(post.yearly_cents for post in posts)
    renewal = float(award.fields.get("renewal", 0.0))
    return Team(loaded, tuple(uncertain), renewal, sum(loaded), committed)


def _match(award: Standing, today: date) -> int:
    """Return what the city's cash match comes to in a month of the award's period."""
    said = award.fields.get("match") or {}
    if not said or said.get("in_kind") or award.until is None or not award.fields.get("since"):
        return 0
    months = max(round((award.until - parse_day(award.fields["since"])).days / 30.44), 1)
    return cents(said["amount"]) // months
