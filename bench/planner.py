"""The part about staffing plans: made-up cities of 300, 1,000 and 3,000 classes of posts, ten years, five sources."""

import math
import time
from random import Random

from bench.table import show
from cupola.planner import Limit, Need, Plan, PostClass, Problem, Saving, Source, Weights, baselines, limits, solve

YEARS = tuple(range(2027, 2037))
FUNCTIONS = 12
SEED = 8


def city(classes: int, *, seed: int = SEED) -> Problem:
    """Make a city: offices of twelve classes each led by a class of heads, three grants that end, a general fund
    that is short.

    One office in ten is a mayor's office of its time, with a cap of posts and none on the general fund; one class in
    seven is a fellowship of two years; one in nine needs another to be there first.
    """
    rng = Random(seed)
    made = [_post_class(rng, number) for number in range(classes)]
    offices: dict[str, list[PostClass]] = {}
    for one in made:
        offices.setdefault(one.office, []).append(one)
    bare = Problem(YEARS, tuple(made), _sources(rng, classes), needs=_needs(rng, classes), savings=_savings(rng, made))
    found: list[Limit] = []
    for office, members in offices.items():
        found += _limits(bare, office, members)
    return Problem(
        YEARS,
        bare.classes,
        bare.sources,
        needs=bare.needs,
        savings=bare.savings,
        limits=tuple(found),
        weights=Weights(cost=0.6, value=1.0, hired=2_000, closed=15_000, discount=0.03),
    )


def _post_class(rng: Random, number: int) -> PostClass:
    fellow = number % 7 == 3
    pay = float(rng.randrange(60, 220) * 1_000)
    given = rng.sample(range(FUNCTIONS), k=rng.choice((1, 1, 2)))
    start = 0.0 if fellow else float(rng.randrange(0, 9))
    return PostClass(
        key=f"c{number}",
        office=f"o{number // 12}",
        start=start,
        pay=tuple(round(pay * 1.03**year, 2) for year in range(len(YEARS))),
        sources=("fellowships",) if fellow else tuple(sorted({"general", rng.choice(("fees", "grant-a", "grant-b"))})),
        functions={f"f{one}": 1.0 for one in given},
        value=pay * rng.uniform(0.2, 0.9),
        most=start + rng.randrange(1, 9),
        most_hired=4.0,
        first_hire=rng.choice((0, 0, 1, 1, 2)),
        longest_years=2 if fellow else None,
        closing_cost=pay / 5,
    )


def _sources(rng: Random, classes: int) -> tuple[Source, ...]:
    scale, years = classes * 140_000.0, range(len(YEARS))
    return (
        Source("general", amount=tuple(round(scale * 2.9 * 1.02**year) for year in years)),
        Source("fees", amount=tuple(round(scale * 0.5) for _ in years)),
        Source("grant-a", amount=tuple(scale * 0.4 if year < 3 else 0.0 for year in years), chance=0.8),
        Source("grant-b", amount=tuple(scale * 0.3 if 2 <= year < 6 else 0.0 for year in years), chance=0.7),
        Source("fellowships", amount=tuple(scale * 0.1 for _ in years), chance=0.9),
    )


def _needs(rng: Random, classes: int) -> tuple[Need, ...]:
    return tuple(
        Need(f"f{one}", f"f{one}", round(classes * rng.uniform(0.4, 0.7)), shortage_price=90_000.0)
        for one in range(FUNCTIONS)
    )


def _savings(rng: Random, made: list[PostClass]) -> tuple[Saving, ...]:
    return tuple(
        Saving(one.key, "general", per_post=rng.randrange(10, 80) * 1_000.0, verified=rng.random() < 0.7)
        for one in made
        if rng.random() < 0.1
    )


def _limits(problem: Problem, office: str, members: list[PostClass]) -> list[Limit]:
    head, rest = members[0], members[1:]
    found = [
        limits.span_at_most(problem, one.key, head.key, most=10, key=f"span:{one.key}", says="Ten for each head")
        for one in rest
    ]
    for number, one in enumerate(rest[1:], 1):
        if number % 9 == 4:
            earlier = rest[number - 1].key
            found.append(
                limits.prerequisite(problem, one.key, earlier, most=3, key=f"after:{one.key}", says="One comes first")
            )
    if int(office[1:]) % 10 == 0:
        keys = [one.key for one in members]
        most = math.ceil(sum(one.start for one in members)) + 6
        found.append(limits.posts_at_most(problem, keys, most=most, key=f"cap:{office}", says="The office is capped"))
    return found


def measure() -> None:
    """Print seconds and gaps beside their limits, and what two simple rules reach of the same sum."""
    for classes, gap, most, rounded in (
        (300, 0.01, 10.0, False),
        (1_000, 0.01, 45.0, False),
        (3_000, 0.02, 60.0, True),
    ):
        problem = city(classes)
        started = time.process_time()
        plan = solve(problem, gap=gap, seconds=2 * most, rounded=rounded)
        spent = time.process_time() - started
        name = f"staffing plan of {classes:,} classes, ten years, five sources"
        wanted = f"gap {gap:.0%}, under {most:g} s"
        show(name, f"gap {plan.gap:.2%}, {spent:.1f} s", wanted, met=spent < most and plan.gap <= gap)
        if not plan.breaks_no_hard_limit():
            raise SystemExit("the plan breaks a hard limit")
        if classes == 300:
            _beside(problem, plan)


def _beside(problem: Problem, plan: Plan) -> None:
    nothing = baselines.worth(problem, baselines.as_today(problem))
    for name, simple in (
        ("by value per cost, looking ahead", baselines.greedy(problem)),
        ("hire when there is money", baselines.when_there_is_money(problem)),
    ):
        share = (nothing - baselines.worth(problem, simple)) / (nothing - plan.objective)
        show(f"  beside it: {name}", f"{share:.0%} of the gain", "less than the plan", met=share < 1)
