"""`plan solve` and `plan explain`: a staffing plan from one YAML file, without a home unless it takes from a roster."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cupola.cli.home import HomeOption, JsonOption, open_home
from cupola.cli.output import console, print_json, print_table
from cupola.errors import InvalidInput, NotFound

FileArgument = Annotated[Path, typer.Argument(help="A staffing problem, as those in examples/plans.")]
GapOption = Annotated[float, typer.Option(help="How far from the best the plan may be, as a share.")]
SecondsOption = Annotated[float, typer.Option(help="Stop then, with the best found.")]
SEED = 1  # of the draws; two runs say the same


def register(app: typer.Typer) -> None:
    """Add the commands to the group `plan`."""
    app.command(epilog="Example: cupola plan solve examples/plans/los-angeles.yaml --chances")(solve)
    app.command(epilog="Example: cupola plan explain examples/plans/los-angeles.yaml data-officer-mayor")(explain)


def solve(
    file: FileArgument,
    gap: GapOption = 1e-4,
    seconds: SecondsOption = 60.0,
    chances: Annotated[bool, typer.Option("--chances", help="How likely each year is funded.")] = False,
    front: Annotated[bool, typer.Option("--front", help="Cost against coverage against change.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say who is where, paid by what, in which year, within all limits; or which limits cannot hold together."""
    from cupola.planner import NoPlan, why_not
    from cupola.planner import solve as solved

    scenario = _read(file, home)
    try:
        plan = solved(scenario.problem, gap=gap, seconds=seconds, least_change=True)
    except NoPlan:
        found = why_not(scenario.problem)
        for sentence in found.sentences() if found else ():
            console.print(str(sentence), markup=False)
        raise typer.Exit(1) from None
    told = _told(plan) | (_chances(plan) if chances else {}) | (_front(scenario.problem) if front else {})
    if as_json:
        print_json(told)
    else:
        _show(scenario.title, told)


def explain(
    file: FileArgument,
    cls: Annotated[str, typer.Argument(help="Key of a class of posts. Default: all.")] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why posts are where they are; each reason was tried by lifting the limit it names."""
    from cupola.planner import explain as explained
    from cupola.planner import solve as solved

    problem = _read(file, home).problem
    if cls and cls not in problem.class_of:
        raise NotFound(f"There is no class {cls}. There are: {', '.join(problem.class_of)}.")
    plan = solved(problem, least_change=True)
    found = [explained(plan, key) for key in ([cls] if cls else problem.class_of)]
    if as_json:
        print_json([{"class": one.cls, "posts": one.posts, "sentence": one.sentence} for one in found])
        return
    for one in found:
        console.print(f"- {one.sentence}", markup=False, soft_wrap=True)


def _read(file: Path, home: Path | None) -> Any:
    import yaml

    from cupola.planner import read_scenario, rostered

    try:
        page = yaml.safe_load(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFound(f"There is no file {file}.") from None
    except yaml.YAMLError as wrong:
        raise InvalidInput(f"{file} is not YAML: {wrong}") from wrong
    if not isinstance(page, dict):
        raise InvalidInput(f"{file} is not a staffing problem: it needs `years` and `classes`.")
    page = {name: said for name, said in page.items() if name not in {"kind", "key"}}
    if rostered.wanted(page):  # only then a home is needed
        open_home(home)
        from cupola.web.planning.queries.takingposts import from_rosters

        page, taken = from_rosters(page)
        for one in taken:
            console.print(one.told, markup=False, soft_wrap=True)
    return read_scenario(page)


def _told(plan: Any) -> dict[str, Any]:
    from cupola.planner import baselines

    problem = plan.problem
    simple = {one.how: one.objective for one in (baselines.greedy(problem), baselines.when_there_is_money(problem))}
    return {
        "years": problem.years,
        "posts": {one.name or one.key: plan.posts(one.key) for one in problem.classes},
        "cost": {problem.source_of[key].name or key if key else "no source": cost for key, cost in plan.cost().items()},
        "gives_way": [
            {"what": str(one.says), "year": None if one.year is None else problem.years[one.year], "by": one.by}
            for one in plan.broken()
        ],
        "cliffs": [
            {"class": key, "year": problem.years[year], "source": problem.source_of[source].name or source}
            for key, year, source in plan.cliffs()
        ],
        "binding": [str(one.says) for one in plan.binding()],
        "sum": plan.objective,
        "bound": plan.bound,
        "gap": plan.gap,
        "how": plan.how,
        "simple_rules": simple,
    }


def _chances(plan: Any) -> dict[str, Any]:
    import numpy as np

    from cupola.planner import chances_of_funding

    return {"chances": chances_of_funding(plan, np.random.default_rng(SEED))}


def _front(problem: Any) -> dict[str, Any]:
    from cupola.planner import pareto

    found = pareto(problem)
    return {"front": [{"cost": one.cost, "missing": one.shortage, "changes": one.disruption} for one in found]}


def _show(title: str, told: dict[str, Any]) -> None:
    years = [str(year) for year in told["years"]]
    print_table(
        title, ["posts", *years], [[name, *map(_short, row)] for name, row in told["posts"].items()], numbers=years
    )
    costs = [[name, *map(_short, row)] for name, row in told["cost"].items() if any(row)]
    print_table("Cost", ["paid by", *years], costs, numbers=years)
    for one in told["gives_way"]:
        console.print(f"Gives way in {one['year'] or 'some year'}: {one['what']} (by {one['by']:g})", markup=False)
    for one in told["cliffs"]:
        console.print(f"Cliff in {one['year']}: {one['source']} no longer pays for {one['class']}", markup=False)
    if "chances" in told:
        shares = zip(years, told["chances"], strict=True)
        console.print("Chance of being funded: " + ", ".join(f"{year} {share:.0%}" for year, share in shares))
    for one in told.get("front", ()):
        console.print(f"At {one['cost']:,.0f}: {one['missing']:g} missing, {one['changes']:g} changes")
    rules = ", ".join(f"{name} {value:,.0f}" for name, value in told["simple_rules"].items())
    console.print(f"Sum {told['sum']:,.0f}, {told['how']}, gap {told['gap']:.2%}; simple rules: {rules}", markup=False)


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value - round(value)) < 1e-6 else f"{value:,.2f}"
