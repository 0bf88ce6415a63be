"""A staffing plan solved: who is where, paid by what, in which year, what gives way, and why."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cupola.planner import Explanation, NoPlan, NotInTime, Plan, Scenario, explain, read_scenario, solve, why_not
from cupola.sentences import Sentence
from cupola.web.planning.models import StaffingPlan
from cupola.web.planning.queries.takingposts import Taken, from_rosters

SECONDS = 20.0  # a page waits no longer; `cupola plan solve` does
MOST_KEPT = 20
MOST_EXPLAINED = 12  # classes of posts: each explanation solves again, once per limit it tries
_kept: OrderedDict[str, "Solved"] = OrderedDict()


@dataclass(frozen=True)
class Line:
    """One row of a table over the years."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Solved:
    """A plan as its page shows it. Without a plan, `conflicts` names limits that cannot hold together."""

    scenario: Scenario
    years: tuple[str, ...]
    posts: tuple[Line, ...] = ()
    cost: tuple[Line, ...] = ()
    gives_way: tuple[tuple[Sentence | str, str, float], ...] = ()
    cliffs: tuple[tuple[str, str, str], ...] = ()
    binding: tuple[Sentence | str, ...] = ()
    reasons: tuple[Explanation, ...] = ()
    gap: float = 0.0
    best: bool = True
    conflicts: tuple[Sentence | str, ...] = ()
    taken: tuple[Taken, ...] = ()


def solved(record: StaffingPlan) -> Solved:
    """Solve a plan, once per wording of its document and the numbers it takes from rosters.

    Raises NotInRoster, NotLoadedYet.
    """
    page, taken = from_rosters({key: said for key, said in record.definition.items() if key != "key"})
    known = repr(page)
    if known not in _kept:
        _kept[known] = replace(_solve(read_scenario(page)), taken=taken)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return _kept[known]


def _solve(scenario: Scenario) -> Solved:
    problem = scenario.problem
    years = tuple(str(year) for year in problem.years)
    try:
        plan = solve(problem, seconds=SECONDS, least_change=True)
    except NoPlan:
        found = why_not(problem)
        return Solved(scenario, years, conflicts=tuple(found.sentences()) if found else ())
    except NotInTime as error:
        return Solved(scenario, years, conflicts=(str(error),))
    names = {one.key: one.name or one.key for one in problem.classes}
    sources = {key: one.name or key for key, one in problem.source_of.items()}
    return Solved(
        scenario,
        years,
        posts=tuple(Line(name, plan.posts(key)) for key, name in names.items()),
        cost=tuple(Line(sources.get(key, ""), amounts) for key, amounts in plan.cost().items() if any(amounts)),
        gives_way=tuple((one.says, "" if one.year is None else years[one.year], one.by) for one in plan.broken()),
        cliffs=tuple((names[key], years[year], sources[source]) for key, year, source in plan.cliffs()),
        binding=tuple({str(one.says): one.says for one in plan.binding() if one.says}.values()),
        reasons=_reasons(plan, tuple(names)),
        gap=plan.gap,
        best=plan.how == "optimal",
    )


def _reasons(plan: Plan, keys: Sequence[str]) -> tuple[Explanation, ...]:
    return tuple(explain(plan, key) for key in keys[:MOST_EXPLAINED])
