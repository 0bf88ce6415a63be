"""The checks of money: what the chief executive's office may hire and buy, money that ends, and elections before it."""

from collections.abc import Iterable
from decimal import Decimal

from cupola.orgchart.checks.case import Case
from cupola.orgchart.checks.verdicts import Check, Verdict, failed, passed, unknown
from cupola.orgchart.facts import Funding, Limit
from cupola.orgchart.moments import Answer
from cupola.orgchart.vocabulary import EXECUTIVES_OFFICES, Appointment, Function, FundingSource, LimitKind, Whole

_BUYS = (Function.PURCHASING, Function.HIRING)
_Rules = dict[str, tuple[list[str], Decimal | None]]  # by rule: the posts it counts, and the most there may be
_Bought = dict[str, tuple[list[Decimal], Decimal | None]]  # by office: its purchases, and the most one may cost


def executive_limits(case: Case) -> Verdict:
    """Ask whether the chief executive's office stays within what it may hire, pay and buy."""
    posts = [key for key in case.posts if case.housed(key) in EXECUTIVES_OFFICES]
    if not posts:
        return unknown("No post of the chief executive's office is recorded.", change="Record its posts.")
    buying = [key for key in posts if {*case.sure_all(key, "function")} & {*_BUYS}]
    if buying and not case.parameters.purchasing_allowed:
        return failed(
            "{post} buys or hires from the chief executive's office.",
            *buying,
            change="Place buying and hiring in a department, or record that it is allowed there.",
            post=case.name(buying[0]),
        )
    rules, bought = _rules(case, posts), _bought(case)
    broken = _broken(case, rules, bought)
    if broken is not None:
        return broken
    if all(most is None for _, most in (*rules.values(), *bought.values())):
        return unknown(
            "What the chief executive's office may hire is not recorded.",
            *posts,
            change="Record its limits, each with its source.",
        )
    return _kept(case, posts, rules, bought)


def grant_cliff(case: Case) -> Verdict:
    """Ask whether every post and team that is paid today is paid in a year."""
    funded = [key for key in (*case.posts, *case.offices) if case.money(key)]
    if not funded:
        return unknown("Who pays for posts is not recorded.", change="Record the funding of posts and teams.")
    cliff: list[str] = []
    doubt: list[str] = []
    for key in funded:
        there, later = case.later.exists(key), case.later.held(case.payer(key), "funding")
        if there is Answer.NO or case.money(key, case.later):
            continue
        (doubt if later or there is not Answer.YES else cliff).append(key)
    if cliff:
        payers = tuple(dict.fromkeys(case.payer(key) for key in cliff))
        ends = min((end for key in payers if (end := _money_ends(case, key)) is not None), default=0)
        return failed(
            "Money for {names} ends; the first in {days} days. {cost} a year of recorded cost is uncovered.",
            *cliff,
            change="Find money, or plan how the work ends.",
            names=case.names(payers),
            days=str(ends),
            cost=f"{_cost(case, cliff):,f}" if _cost(case, cliff) else "-",
        )
    doubt += [key for key in (*case.posts, *case.offices) if case.payer(key) and not case.money(key)]
    if doubt:
        return unknown(
            "Until when {names} are paid is not known.",
            *doubt,
            change="Record when their money ends.",
            names=case.names(doubt),
        )
    bare = _without_money(case)
    if bare:
        return unknown(
            "All money that is recorded goes on; who pays for {names} is not recorded.",
            *bare,
            change="Record who pays for them, or that funding is recorded whole.",
            names=case.names(bare),
        )
    return passed("All that is paid today is paid a year from now.", *funded)


def election_risk(case: Case) -> Verdict:
    """Ask whether a team lives mostly on money that ends, with an election before it does."""
    elections = [day for day in case.parameters.elections if day >= case.day]
    if not elections:
        return unknown("The next election is not recorded.", change="Record the elections in city.yaml.")
    voted = case.history.on(min(elections))
    exposed: list[str] = []
    doubt: list[str] = []
    for key in case.offices:
        money = case.money(key)
        share = _non_recurring(money) if money else Decimal(0)
        if share is not None and share <= case.parameters.most_non_recurring_share:
            continue
        ending = [fund for fund in money if not fund.source.recurring]
        still = [held for held in voted.held(case.payer(key), "funding") if held.fact.value in ending]
        sure = share is not None and any(held.answer is Answer.YES for held in still)
        if still:
            (exposed if sure else doubt).append(key)
    if exposed:
        return failed(
            "{names} live mostly on money that is not recurring, and an election comes before it ends.",
            *exposed,
            change="Budget the team, or move it to a department, before the election.",
            names=case.names(exposed),
        )
    bare = [key for key in _without_money(case) if key in case.offices]
    if doubt or bare:
        return unknown(
            "How much of the money of {names} ends, and when, is not recorded.",
            *doubt,
            *bare,
            change="Record the shares or amounts of their funding, and until when it runs.",
            names=case.names((*doubt, *bare)),
        )
    return passed("No team lives mostly on money that ends after the next election.", *case.offices)


MONEY_CHECKS = (
    Check(
        "executive-limits",
        "E-C1",
        "Does the chief executive's office stay within its limits?",
        executive_limits,
        ("most_posts", "most_general_fund_posts", "most_exempt_posts", "most_spending_authority", "purchasing_allowed"),
    ),
    Check("grant-cliff", "E-F1", "Is all that is paid today paid in a year?", grant_cliff, ("horizon_days",)),
    Check(
        "election-risk",
        "E-F1",
        "Does any team live on money that ends after an election?",
        election_risk,
        ("elections", "most_non_recurring_share"),
    ),
)


def _over(name: str, posts: tuple[str, ...], most: Decimal) -> Verdict:
    numbers = {"count": str(len(posts)), "most": f"{most:f}"}
    if name == "paid":
        return failed(
            "{count} posts are paid by the general fund; {most} are allowed.",
            *posts,
            change="Move posts to a department, or to other money.",
            **numbers,
        )
    if name == "exempt":
        return failed(
            "{count} posts are exempt; {most} are allowed.", *posts, change="Move posts to a department.", **numbers
        )
    return failed(
        "{count} posts are there; {most} are allowed.", *posts, change="Move posts to a department.", **numbers
    )


def _broken(case: Case, rules: _Rules, bought: _Bought) -> Verdict | None:
    """Return the first limit that is exceeded, None where none is."""
    for name, (counted, most) in rules.items():
        if most is not None and len(counted) > most:
            return _over(name, tuple(counted), most)
    for office, (spent, most) in bought.items():
        if spent and most is not None and max(spent) > most:
            return _overspent(case, office, max(spent), most=most)
    return None


def _kept(case: Case, posts: list[str], rules: _Rules, bought: _Bought, /) -> Verdict:  # noqa: PLR0917
    """Return whether all that the limits count is known."""
    doubtful = _uncounted(case, posts, {name: most for name, (_, most) in rules.items()})
    if doubtful or not case.whole(Whole.POSTS):
        return unknown(
            "Within its limits as far as recorded; not all its posts, or not who pays them, is certain.",
            *(doubtful or posts),
            change="Record its posts, who pays them and how they are filled, and that the posts are recorded whole.",
        )
    silent = [office for office, (spent, most) in bought.items() if most is not None and not spent]
    if silent:
        return unknown(
            "Within its limits on posts; what {names} spends on one purchase is not recorded.",
            *silent,
            change="Record its largest purchases.",
            names=case.names(silent),
        )
    return passed("It stays within its limits.", *posts)


def _rules(case: Case, posts: list[str]) -> _Rules:
    """Return the posts that count towards each limit on posts, and the most there may be."""
    paid = [key for key in posts if _paid_by_general_fund(case, key)]
    exempt = [key for key in posts if case.sure(key, "appointment") is Appointment.EXEMPT]
    return {
        "paid": (paid, _limit(case, LimitKind.GENERAL_FUND_POSTS, case.parameters.most_general_fund_posts)),
        "exempt": (exempt, _limit(case, LimitKind.EXEMPT_POSTS, case.parameters.most_exempt_posts)),
        "there": (posts, _limit(case, LimitKind.HEAD_COUNT, case.parameters.most_posts)),
    }


def _overspent(case: Case, office: str, spent: Decimal, *, most: Decimal) -> Verdict:
    return failed(
        "{office} spent {spent} on one purchase; {most} is allowed.",
        office,
        change="Let a department with the authority buy it, or have it approved.",
        office=case.name(office),
        spent=f"{spent:,f}",
        most=f"{most:,f}",
    )


def _uncounted(case: Case, posts: Iterable[str], limits: dict[str, Decimal | None]) -> list[str]:
    """Return posts that a limit may count and nobody knows: who pays, how filled, or whether they are there."""
    perhaps = [key for key in case.chart.posts if case.may_be_housed(key) & {*EXECUTIVES_OFFICES}]
    found = [key for key in perhaps if key not in set(posts)]
    if limits["paid"] is not None:
        found += [key for key in posts if not case.money(key)]
    if limits["exempt"] is not None:
        found += [key for key in posts if case.sure(key, "appointment") is None]
    return list(dict.fromkeys(found))


def _limit(case: Case, kind: LimitKind, own: int | None) -> Decimal | None:
    """Return the lowest limit recorded of an office of the chief executive, else the government's own."""
    found = [
        value.most
        for key in case.offices
        if case.housed(key) in EXECUTIVES_OFFICES
        for value in case.sure_all(key, "limit")
        if isinstance(value, Limit) and value.kind is kind
    ]
    return min(found) if found else (None if own is None else Decimal(own))


def _bought(case: Case) -> _Bought:
    """Return, for each office of the chief executive, its recorded purchases and the most it may spend on one."""
    found = {}
    for key in (one for one in case.offices if case.housed(one) in EXECUTIVES_OFFICES):
        spent = [value for value in case.sure_all(key, "purchase") if isinstance(value, Decimal)]
        limits = (value for value in case.sure_all(key, "limit") if isinstance(value, Limit))
        own = [one.most for one in limits if one.kind is LimitKind.SPENDING_AUTHORITY]
        found[key] = (spent, min(own) if own else case.parameters.most_spending_authority)
    return found


def _paid_by_general_fund(case: Case, key: str) -> bool:
    return any(fund.source is FundingSource.GENERAL_FUND for fund in case.money(key))


def _without_money(case: Case) -> tuple[str, ...]:
    """Return posts and offices of which nobody says for certain who pays.

    Where funding is recorded whole, those of which nothing is said are paid by nobody, and only doubtful ones are left.
    """
    bare = (key for key in (*case.offices, *case.posts) if not case.money(key))
    whole = case.whole(Whole.FUNDING)
    return tuple(key for key in bare if not whole or case.payer(key))


def _money_ends(case: Case, key: str) -> int | None:
    """Return in how many days the last money of an office or post has surely ended."""
    held = case.chart.held(key, "funding")
    ends = [one.fact.span.until.latest for one in held if one.fact.span.until is not None]
    days = [(end - case.day).days for end in ends if end is not None]
    return max(days, default=None)


def _cost(case: Case, keys: Iterable[str]) -> Decimal:
    """Return what posts cost a year, and for offices without costed posts what is paid for them a year."""
    keys = tuple(keys)
    costs = {key: cost for key in keys if isinstance(cost := case.sure(key, "cost"), Decimal)}
    homes = {case.sure(key, "works_in") for key in costs}
    offices = [key for key in keys if key not in costs and key not in homes and case.payer(key) == key]
    yearly = [fund.amount for key in offices for fund in case.money(key) if fund.yearly and fund.amount is not None]
    return sum((*costs.values(), *yearly), Decimal(0))


def _non_recurring(money: tuple[Funding, ...]) -> Decimal | None:
    """Return the share of money that ends: by shares, by amounts, or all alike; None where it cannot be told."""
    kinds = {one.source.recurring for one in money}
    if len(kinds) == 1:
        return Decimal(0) if kinds.pop() else Decimal(1)
    if all(one.share is not None for one in money):
        weights = [one.share or Decimal(0) for one in money]
    elif all(one.amount is not None and one.yearly == money[0].yearly for one in money):
        weights = [one.amount or Decimal(0) for one in money]
    else:
        return None
    total = sum(weights, Decimal(0))
    ends = sum((weight for one, weight in zip(money, weights, strict=True) if not one.source.recurring), Decimal(0))
    return ends / total if total else None
