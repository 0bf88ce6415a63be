"""Why a post is where it is: a pattern and facts, each reason tried by lifting the limit it names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cupola.planner import saying
from cupola.planner.limits import relaxed
from cupola.planner.plan import Plan
from cupola.planner.problem import Limit, PostClass, Problem
from cupola.planner.quantities import Kind
from cupola.planner.saying import AND, THEN, TOGETHER, joined
from cupola.planner.solving import NoEnd, NoPlan, NotInTime, solve
from cupola.sentences import Sentence

_SAME = 1e-4


@dataclass(frozen=True)
class Reason:
    """What holds the posts of a class where they are: one limit, or several that only do so together.

    instead: the posts by year once these are lifted.
    """

    limits: tuple[Limit, ...]
    instead: tuple[float, ...]


@dataclass(frozen=True)
class Explanation:
    """What happens to a class of posts, and why. reasons: only limits whose lifting moves these posts."""

    cls: str
    posts: tuple[float, ...]
    words: Sentence
    reasons: tuple[Reason, ...]

    @property
    def sentence(self) -> str:
        """The same in English."""
        return str(self.words)


def explain(plan: Plan, key: str, *, most_tried: int = 40, gap: float = 1e-6) -> Explanation:
    """Explain the posts of one class. Each limit that touches them is lifted in turn and the problem solved again.

    Where no single limit moves the posts, the fewest that do together are looked for. most_tried: limits lifted at
    most, those that speak of the class first; every try is one solution.
    """
    trial = _Trial(plan, key, gap)
    suspects = _suspects(plan, key)[:most_tried]
    reasons = tuple(Reason((limit,), instead) for limit in suspects if (instead := trial.instead((limit,))) is not None)
    if not reasons:
        reasons = trial.together(suspects)
    return Explanation(key, plan.posts(key), _sentence(plan, plan.problem.class_of[key], reasons), reasons)


@dataclass(frozen=True)
class _Trial:
    plan: Plan
    key: str
    gap: float

    def instead(self, lifted: Sequence[Limit]) -> tuple[float, ...] | None:
        """Return the posts without these limits, or None where they stay as they are."""
        problem = self.plan.problem
        for limit in lifted:
            problem = relaxed(problem, limit.key)
        try:
            posts = solve(problem, gap=self.gap, least_change=True).posts(self.key)
        except (NoPlan, NoEnd, NotInTime):
            return None
        same = all(abs(a - b) <= _SAME for a, b in zip(self.plan.posts(self.key), posts, strict=True))
        return None if same else posts

    def together(self, suspects: Sequence[Limit]) -> tuple[Reason, ...]:
        """Return the limits that must all be lifted to move the posts, none of them to spare; nothing where none do."""
        others = [one for one in suspects if one.key != f"most:{self.key}"]  # without it posts could be without end
        kept = next((tried for tried in (others, list(suspects)) if self.instead(tried) is not None), [])
        if not kept:
            return ()
        for limit in tuple(kept):
            fewer = [one for one in kept if one is not limit]
            if self.instead(fewer) is not None:
                kept = fewer
        instead = self.instead(kept)
        return () if instead is None else (Reason(tuple(kept), instead),)


def _suspects(plan: Plan, key: str) -> list[Limit]:
    """Return the hard limits that name the class or what it moves to or from, then the others that bind."""
    near = {key, *_neighbours(plan.problem, key)}
    naming = [one for one in plan.program.limits if one.price is None and one.rows and _names(one, near)]
    return naming + [one for one in plan.binding() if one not in naming]


def _neighbours(problem: Problem, key: str) -> Iterator[str]:
    for move in problem.moves:
        if key in {move.origin, move.target}:
            yield from (move.key, move.origin, move.target)


def _names(limit: Limit, keys: set[str]) -> bool:
    return any(term.quantity.key in keys for row in limit.rows for term in row.terms)


def _sentence(plan: Plan, one: PostClass, reasons: tuple[Reason, ...]) -> Sentence:
    posts, years, name = plan.posts(one.key), plan.problem.years, one.name or one.key
    what = joined([_what_happens(name, posts, years, start=one.start), *_moves(plan, one)], THEN)
    paid = _payers(plan, one)
    facts: dict[str, Any] = {"what": what}
    if reasons:
        each = [joined([limit.says for limit in reason.limits], TOGETHER) for reason in reasons]
        told = Sentence("%(what)s, because: %(why)s.", {**facts, "why": joined(each, THEN)})
    else:
        told = Sentence("%(what)s, because that is worth most and no limit stands in the way.", facts)
    return Sentence("%(told)s Paid by %(paid)s.", {"told": told, "paid": joined(paid, AND)}) if paid else told


def _what_happens(name: str, posts: tuple[float, ...], years: tuple[int, ...], *, start: float) -> Sentence:
    first, final = saying.year(years[0]), saying.year(years[-1])
    if max(posts) < _SAME:
        if start:
            return Sentence("%(name)s: none from %(year)s on", {"name": name, "year": first})
        return Sentence("%(name)s: never filled", {"name": name})
    if posts[-1] < _SAME:
        last = max(year for year, count in zip(years, posts, strict=True) if count > _SAME)
        return Sentence("%(name)s: cannot stay after %(year)s", {"name": name, "year": saying.year(last)})
    count = {"name": name, "posts": saying.amount(posts[-1])}
    if start < _SAME:
        begun = min(year for year, count in zip(years, posts, strict=True) if count > _SAME)
        when = {"first": saying.year(begun), "year": final}
        return Sentence("%(name)s: filled from %(first)s on, %(posts)s in %(year)s", {**count, **when})
    if abs(posts[-1] - start) < _SAME:
        return Sentence("%(name)s: %(posts)s stay", count)
    ends = {**count, "start": saying.amount(start)}
    if posts[-1] > start:
        return Sentence("%(name)s: grow from %(start)s to %(posts)s", ends)
    return Sentence("%(name)s: shrink from %(start)s to %(posts)s", ends)


def _moves(plan: Plan, one: PostClass) -> list[Sentence]:
    told = []
    for move in plan.problem.moves:
        count = sum(plan.by_year(Kind.MOVED, move.key))
        if count < _SAME or one.key not in {move.origin, move.target}:
            continue
        other = plan.problem.class_of[move.target if move.origin == one.key else move.origin]
        facts = {"posts": saying.amount(count), "other": other.name or other.key}
        leaving = move.origin == one.key
        told.append(
            Sentence("%(posts)s become %(other)s", facts)
            if leaving
            else Sentence("%(posts)s come from %(other)s", facts)
        )
    return told


def _payers(plan: Plan, one: PostClass) -> list[Sentence]:
    paid: dict[str, list[int]] = {}
    for year, label in enumerate(plan.problem.years):
        for source in plan.paid_by(one.key, year):
            paid.setdefault(plan.problem.source_of[source].name or source, []).append(label)
    return [_paid(name, labels) for name, labels in paid.items()]


def _paid(name: str, labels: list[int]) -> Sentence:
    facts = {"name": name, "first": saying.year(labels[0]), "last": saying.year(labels[-1])}
    if len(labels) > 1:
        return Sentence("%(name)s %(first)s to %(last)s", facts)
    return Sentence("%(name)s %(first)s", facts)
