"""What the posts of a scenario cost, and the people a roster has in the offices it touches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from cupola.orgchart.rosters import Sum, leading_posts, total, with_a_family
from cupola.orgchart.scenarios import Scenario
from cupola.orgchart.states import State
from cupola.web.planning.queries.costs import leading_pay, legal_basis, loaded, shown_costs
from cupola.web.planning.queries.overview import office_of
from cupola.web.planning.queries.reading import ReadRoster, is_anothers, read_rosters
from cupola.web.planning.queries.scenarios.asking import Answered
from cupola.web.planning.queries.words import period_words


@dataclass(frozen=True)
class Price:
    """What a post costs a year, in whole units, and how that is known. None: not known, and said why."""

    post: str
    name: str
    amount: Decimal | None
    how: str


@dataclass(frozen=True)
class Touched:
    """An office that an edit is about, and the posts a roster has in the departments it is. Cost in cents, or None."""

    office: str
    name: str
    departments: tuple[str, ...]
    period: str
    posts: int
    ours: int
    cost_cents: int | None
    hidden: bool


def roster_for(found: Answered) -> tuple[ReadRoster, str] | None:
    """Return the city's own roster and its last period up to the day of the chart; None where there is none."""
    if not found.ours:
        return None
    for read in read_rosters():
        if is_anothers(read.record) or not read.periods:
            continue
        earlier = [one for one in read.periods if one <= found.asked.of_on.isoformat()]
        return read, (earlier or list(read.periods))[-1 if earlier else 0]
    return None


def prices(found: Answered, roster: tuple[ReadRoster, str] | None) -> tuple[Price, ...]:
    """Return what each post costs of which the charts say no cost."""
    return tuple(_price(found, key, roster) for key in _unpriced(found.scenario))


def _unpriced(scenario: Scenario) -> Iterator[str]:
    for key in dict.fromkeys((*scenario.before.of_kind("post"), *scenario.after.of_kind("post"))):
        if _state(scenario, key).value(key, "cost") is None:
            yield key


def _state(scenario: Scenario, key: str) -> State:
    """Return the chart in which a post is there: as it is to be, else as it was."""
    return scenario.after if key in scenario.after.said else scenario.before


def _price(found: Answered, key: str, roster: tuple[ReadRoster, str] | None) -> Price:
    name = found.names.get(key, key)
    stated = next((one for one in found.asked.said.get("pay", ()) if one["post"] == key), None)
    if stated:
        return Price(key, name, Decimal(stated["amount"]), str(stated["source"]))
    if roster is None:
        return Price(key, name, None, _("no roster of this government is read here"))
    read, period = roster
    role = str(_state(found.scenario, key).value(key, "role") or "")
    if not role:
        return Price(key, name, None, _("neither the chart nor a role tells its cost"))
    basis = legal_basis(read)
    of_role = leading_posts(read.of(period), role) if basis else Sum()
    if of_role.posts and of_role.costed:
        return _average(key, name, of_role, read=read, how=_by_role(of_role, period))
    leading = leading_posts(read.of(period))
    pay = leading_pay(read, period)
    if pay is None:
        return Price(key, name, None, _("the roster has too few chiefs and directors to say"))
    return Price(key, name, Decimal(pay // 100), _leading(leading, period))


def _by_role(posts: Sum, period: str) -> str:
    said = {"posts": posts.posts, "when": period_words(period)}
    return _("average of %(posts)s chiefs and directors of the same work, %(when)s") % said


def _leading(posts: Sum, period: str) -> str:
    said = {"posts": posts.posts, "when": period_words(period)}
    return _("average of %(posts)s chiefs and directors in technology, data and innovation, %(when)s") % said


def _average(key: str, name: str, posts: Sum, *, read: ReadRoster, how: str) -> Price:
    cents = loaded((posts.cost_cents or 0) // posts.posts, read.benefits)
    return Price(key, name, Decimal(cents // 100), how)


def amounts(found: tuple[Price, ...]) -> Mapping[str, Decimal]:
    """Return the prices that are known, by post."""
    return {one.post: one.amount for one in found if one.amount is not None}


def touched(found: Answered, roster: tuple[ReadRoster, str] | None) -> tuple[Touched, ...]:
    """Return the offices edits are about that a mapping finds in the roster, with their posts and what these cost."""
    if roster is None:
        return ()
    read, period = roster
    held: dict[str, list[str]] = {}
    for name in dict.fromkeys(one.count.department for one in read.of(period)):
        office = office_of(read, name, period)
        if office:
            held.setdefault(office, []).append(name)
    about = dict.fromkeys(line.edit.subject for line in found.scenario.lines if line.edit.of == "office")
    return tuple(_touched(found, read, period, office, tuple(held[office])) for office in about if office in held)


def _touched(  # noqa: PLR0917  one line of one table
    found: Answered, read: ReadRoster, period: str, office: str, departments: tuple[str, ...], /
) -> Touched:
    everyone = [one for one in read.of(period) if one.count.department in departments]
    ours = with_a_family(everyone)
    shown = shown_costs(read, with_a_family(read.of(period))).shown
    cells = [shown.get((name, None), 0) for name in departments]
    known = None if None in cells else sum(cell or 0 for cell in cells)
    return Touched(
        office=office,
        name=found.names.get(office, office),
        departments=departments,
        period=period,
        posts=total(everyone).posts,
        ours=total(ours).posts,
        cost_cents=known if total(ours).costed else None,
        hidden=known is None,
    )
