"""Why a post is where it is: a pattern and facts, each reason tried by lifting the limit it names."""

from collections.abc import Iterator
from dataclasses import dataclass

from cupola.planner.limits import relaxed
from cupola.planner.plan import Plan
from cupola.planner.problem import Limit, PostClass, Problem
from cupola.planner.quantities import Kind
from cupola.planner.solving import NoPlan, NotInTime, solve

_SAME = 1e-4


@dataclass(frozen=True)
class Reason:
    """One limit that holds the posts of a class where they are. instead: its posts by year once the limit is lifted."""

    limit: Limit
    instead: tuple[float, ...]


@dataclass(frozen=True)
class Explanation:
    """What happens to a class of posts, and why. reasons: only limits whose lifting moves these posts."""

    cls: str
    posts: tuple[float, ...]
    sentence: str
    reasons: tuple[Reason, ...]


def explain(plan: Plan, key: str, *, most_tried: int = 40, gap: float = 1e-6) -> Explanation:
    """Explain the posts of one class. Each limit that touches them is lifted in turn and the problem solved again.

    most_tried: limits lifted at most, those that speak of the class first; every try is one solution.
    """
    one, posts = plan.problem.class_of[key], plan.posts(key)
    reasons = []
    for limit in _suspects(plan, key)[:most_tried]:
        instead = _without(plan.problem, limit, key, gap=gap)
        if instead is not None and any(abs(a - b) > _SAME for a, b in zip(posts, instead, strict=True)):
            reasons.append(Reason(limit, instead))
    return Explanation(key, posts, _sentence(plan, one, tuple(reasons)), tuple(reasons))


def _without(problem: Problem, limit: Limit, key: str, *, gap: float) -> tuple[float, ...] | None:
    try:
        return solve(relaxed(problem, limit.key), gap=gap, least_change=True).posts(key)
    except (NoPlan, NotInTime):
        return None


def _suspects(plan: Plan, key: str) -> list[Limit]:
    """Return the binding limits: those that name the class or one it moves to or from, then those of money."""
    near = {key, *_neighbours(plan.problem, key)}
    binding = plan.binding()
    naming = [one for one in binding if _names(one, near)]
    return naming + [one for one in binding if one not in naming]


def _neighbours(problem: Problem, key: str) -> Iterator[str]:
    for move in problem.moves:
        if key in {move.origin, move.target}:
            yield from (move.key, move.origin, move.target)


def _names(limit: Limit, keys: set[str]) -> bool:
    return any(term.quantity.key in keys for row in limit.rows for term in row.terms)


def _sentence(plan: Plan, one: PostClass, reasons: tuple[Reason, ...]) -> str:
    posts, years, name = plan.posts(one.key), plan.problem.years, one.name or one.key
    because = "; ".join(reason.limit.says for reason in reasons)
    what = _what_happens(name, posts, years, start=one.start)
    moved = _moves(plan, one)
    paid = _payers(plan, one)
    why = f", because: {because}" if because else ", because that is worth most and no limit stands in the way"
    return f"{what}{moved}{why}.{paid}"


def _what_happens(name: str, posts: tuple[float, ...], years: tuple[int, ...], *, start: float) -> str:
    if max(posts) < _SAME:
        return f"{name}: none from {years[0]} on" if start else f"{name}: never filled"
    if posts[-1] < _SAME:
        last = max(year for year, count in zip(years, posts, strict=True) if count > _SAME)
        return f"{name}: cannot stay after {last}"
    if start < _SAME:
        first = min(year for year, count in zip(years, posts, strict=True) if count > _SAME)
        return f"{name}: filled from {first} on, {posts[-1]:g} in {years[-1]}"
    if abs(posts[-1] - start) < _SAME:
        return f"{name}: {posts[-1]:g} stay"
    word = "grow" if posts[-1] > start else "shrink"
    return f"{name}: {word} from {start:g} to {posts[-1]:g}"


def _moves(plan: Plan, one: PostClass) -> str:
    told = []
    for move in plan.problem.moves:
        count = sum(plan.by_year(Kind.MOVED, move.key))
        if count < _SAME or one.key not in {move.origin, move.target}:
            continue
        other = plan.problem.class_of[move.target if move.origin == one.key else move.origin]
        way = "become" if move.origin == one.key else "come from"
        told.append(f"; {count:g} {way} {other.name or other.key}")
    return "".join(told)


def _payers(plan: Plan, one: PostClass) -> str:
    paid: dict[str, list[int]] = {}
    for year, label in enumerate(plan.problem.years):
        for source in plan.paid_by(one.key, year):
            paid.setdefault(plan.problem.source_of[source].name or source, []).append(label)
    told = [
        f"{name} {labels[0]} to {labels[-1]}" if len(labels) > 1 else f"{name} {labels[0]}"
        for name, labels in paid.items()
    ]
    return f" Paid by {', '.join(told)}." if told else ""
