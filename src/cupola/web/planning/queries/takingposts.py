"""Posts and pay that a staffing plan takes from a roster: only sums, and no sum that would tell a person's pay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.errors import InvalidInput, NotFound
from cupola.orgchart.rosters import Family, LabelledPosts, leading_posts, total, with_a_family
from cupola.planner import rostered
from cupola.planner.rostered import Found, Wanted
from cupola.web.planning.models import Roster
from cupola.web.planning.queries.costs import Cell, leading_pay, legal_basis, loaded, shown_costs
from cupola.web.planning.queries.reading import ReadRoster, read_roster
from cupola.web.planning.queries.words import period_words, whole_money
from cupola.web.ui.templatetags.ui import number

ALL = "all"  # families of work together


class NotInRoster(NotFound):
    """A plan takes from a roster what is not in it."""

    def __init__(self, one: Wanted, what: str) -> None:
        self.cls, self.roster = one.cls, one.roster
        super().__init__(f"The plan takes {one.cls} from the roster {one.roster}, and {what}.")


class PayNotShown(InvalidInput):
    """The pay of a class would tell what single people are paid."""

    def __init__(self, one: Wanted, posts: int) -> None:
        self.cls, self.posts = one.cls, posts
        super().__init__(
            f"The pay of {one.cls} ({posts} posts in the roster {one.roster}) is not given: no law is cited that makes"
            " pay public here, and the sum, or its difference to another, is of too few posts. Write `take: [start]`"
            " and state the pay, with where it is from under `assumed`."
        )


@dataclass(frozen=True)
class Taken:
    """What a class took from a roster. pay: in whole units, None where the plan states it itself."""

    name: str
    roster: str
    government: str
    period: str
    posts: int
    pay: float | None

    @property
    def told(self) -> str:
        """Say it in one sentence."""
        facts = {
            "name": self.name,
            "posts": number(self.posts),
            "where": self.government,
            "when": period_words(self.period),
        }
        if self.pay is None:
            told = ngettext(
                "%(name)s: %(posts)s post in the roster of %(where)s, %(when)s.",
                "%(name)s: %(posts)s posts in the roster of %(where)s, %(when)s.",
                self.posts,
            )
            return told % facts
        facts["pay"] = whole_money(Decimal(self.pay))
        return _("%(name)s: %(posts)s posts at %(pay)s on average in the roster of %(where)s, %(when)s.") % facts


def from_rosters(page: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Taken, ...]]:
    """Return a plan's document with what it takes from rosters filled in, and what that is.

    Raises NotInRoster, PayNotShown, NotLoadedYet.
    """
    found: dict[str, Found] = {}
    taken = []
    for one in rostered.wanted(page):
        record = Roster.objects.filter(key=one.roster, retired_on=None).first()
        if record is None:
            known = ", ".join(Roster.objects.filter(retired_on=None).values_list("key", flat=True)) or "none"
            raise NotInRoster(one, f"there is no such roster; there are: {known}")
        read = read_roster(record)
        period = _period(read, one)
        posts = _chosen(read, one, period)
        if one.less > total(posts).posts:
            raise NotInRoster(one, f"{total(posts).posts} posts of {period} fit, fewer than the {one.less} of `less`")
        pay = _pay(read, one, period=period, posts=posts) if "pay" in one.take else None
        held = leading_posts(read.of(period)) if one.leading else total(posts)
        found[one.cls] = Found(held.posts, pay)
        name = str(page["classes"][one.cls].get("name", one.cls))
        taken.append(Taken(name, one.roster, read.name, period, found[one.cls].posts, pay))
    return rostered.filled(page, found), tuple(taken)


def _period(read: ReadRoster, one: Wanted) -> str:
    """Return the period that is asked for: by its beginning, as 2018 for 2018-03-01; else the newest."""
    found = [period for period in read.periods if period.startswith(one.period)]
    if not found:
        raise NotInRoster(one, f"it has no list of {one.period}; it has: {', '.join(read.periods)}")
    return found[-1]


def _chosen(read: ReadRoster, one: Wanted, period: str) -> list[LabelledPosts]:
    everyone = read.of(period)
    departments = {each.count.department for each in everyone}
    strange = sorted({*one.departments, *one.outside} - departments)
    if strange:
        raise NotInRoster(one, f"{period} has no department {', '.join(strange)}")
    if one.family not in {"", ALL, *Family}:
        raise NotInRoster(one, f"{one.family} is no family of work; there are: {', '.join((*Family, ALL))}")
    families = [Family(one.family)] if one.family in {*Family} else []
    found = [
        each
        for each in (with_a_family(everyone, *families) if one.family or one.leading else everyone)
        if (not one.departments or each.count.department in one.departments)
        and each.count.department not in one.outside
        and (not one.titles or each.count.title in one.titles)
    ]
    if not found:
        raise NotInRoster(one, f"{period} has no post that fits")
    return found


def _pay(read: ReadRoster, one: Wanted, *, period: str, posts: list[LabelledPosts]) -> float:
    """Return the average cost of a post: of any posts where a law makes pay public, else only of what is shown."""
    if one.leading:
        each = leading_pay(read, period)
        if each is None:
            raise PayNotShown(one, leading_posts(read.of(period)).posts)
        return _average(one, each, 1)
    whole = total(posts)
    if legal_basis(read):
        return _average(one, None if whole.cost_cents is None else loaded(whole.cost_cents, read.benefits), whole.posts)
    return _average(one, _shown(read, one, period), whole.posts)


def _shown(read: ReadRoster, one: Wanted, period: str) -> int | None:
    """Return the cost as the table of departments by families shows it, None where it hides any part."""
    if one.titles or not one.family:
        return None
    shown = shown_costs(read, with_a_family(read.of(period))).shown
    family = None if one.family == ALL else one.family
    if one.departments:
        return _sum(shown, [(name, family) for name in one.departments])
    every, left = _sum(shown, [(None, family)]), _sum(shown, [(name, family) for name in one.outside])
    return None if every is None or left is None else every - left


def _sum(shown: Mapping[Cell, int | None], cells: Iterable[Cell]) -> int | None:
    found = [shown.get(cell) for cell in cells]
    return None if None in found else sum(one for one in found if one is not None)


def _average(one: Wanted, cents: int | None, posts: int) -> float:
    if cents is None or not posts:
        raise PayNotShown(one, posts)
    return float((Decimal(cents) / 100 / posts).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
