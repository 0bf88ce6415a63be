"""`measure`: what is measured, computed again, shown with its states, and explained down to the query."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.markup import escape

from cupola.cli.home import HomeOption, JsonOption, open_home, person
from cupola.cli.output import console, print_json, print_table
from cupola.periods import parse_day

app = typer.Typer(no_args_is_help=True, help="Measures: list, run, show, explain, type.")

KeyArgument = Annotated[str, typer.Argument(help="Key of the measure.")]


@app.command(name="list", epilog="Example: cupola measure list --owner 'Department of Buildings'")
def list_all(
    owner: Annotated[str, typer.Option(help="Only measures this office answers for.")] = "",
    priority: Annotated[str, typer.Option(help="Only measures of this priority.")] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the measures with their newest value, and which of them are grey."""
    open_home(home)
    from cupola.web.performance import queries

    wanted = [
        one
        for one in queries.current_measures()
        if (not owner or one.owner == owner) and (not priority or one.priority == priority)
    ]
    rows = [_line(one) for one in queries.all_series(wanted, now=datetime.now(UTC))]
    if as_json:
        print_json(rows)
        return
    header = ("Measure", "Title", "Period", "Value", "Target", "State", "Owner")
    table = [[row[name.lower()] for name in header] for row in rows]
    print_table("Measures", header, table, numbers=("Value", "Target"))
    for row in rows:
        if row["why"]:
            console.print(escape(f"{row['measure']}: {row['why']}"), soft_wrap=True)


def _line(series: Any) -> dict[str, Any]:
    latest = series.latest
    return {
        "measure": series.measure.key,
        "title": series.measure.title,
        "period": latest.name if latest else "",
        "value": shown(series, latest.value) if latest else "",
        "target": shown(series, latest.target) if latest else "",
        "state": "grey" if series.standing.grey else str(latest.state) if latest else "unknown",
        "owner": series.measure.owner,
        "why": series.standing.sentence,
    }


def shown(series: Any, value: float | None) -> str:
    """Return a value as its measure shows it, empty for none."""
    if value is None:
        return ""
    record = series.record
    return f"{value * 100:,.{record.decimals}f} %" if record.percent else f"{value:,.{record.decimals}f}"


@app.command(epilog="Example: cupola measure run --all")
def run(
    keys: Annotated[list[str] | None, typer.Argument(help="Keys of measures. Default: every one.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Compute all periods anew, not only touched ones.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compute measures from the versions of the datasets that readers get."""
    open_home(home)
    from cupola.web.performance import actions, queries

    for key in keys or ():
        queries.find_measure(key)
    done = actions.compute(at=datetime.now(UTC), keys=keys or (), everything=everything)
    if as_json:
        print_json([one.as_json() for one in done])
    else:
        print_computed(done)
    raise typer.Exit(1 if any(one.needs_person for one in done) else 0)


def print_computed(done: Any) -> None:
    """Print what computing came to: each measure, then what a person should look at."""
    if not done:
        return
    header = ("Measure", "Outcome", "Values", "Restated")
    print_table(
        "\nMeasures",
        header,
        [(one.key, one.outcome, one.values, one.restated) for one in done],
        numbers=header[2:],
    )
    for one in done:
        if one.error:
            console.print(escape(f"{one.key}: {one.error}"), soft_wrap=True)
        if one.restated:
            said = f"{one.key}: {one.restated:,} values of past periods changed. See: cupola measure show {one.key}"
            console.print(escape(said), soft_wrap=True)


@app.command(epilog="Example: cupola measure show permits-issued --by ward_2023=5")
def show(
    key: KeyArgument,
    by: Annotated[list[str] | None, typer.Option(help="One group, as column=member; may be given twice.")] = None,
    running: Annotated[bool, typer.Option("--running", help="Also the period that is not over.")] = False,
    last: Annotated[int, typer.Option(help="How many of the newest periods; 0 for all.")] = 24,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the values of a measure, each with its state, and what was restated."""
    open_home(home)
    from cupola.web.performance import queries

    measure = queries.find_measure(key)
    group = dict(queries.group_of(measure, by or ()))
    found = queries.series(measure, now=datetime.now(UTC), group=group, running=running)
    restated = list(measure.restatements.all()[:5])
    points = found.points if as_json or not last else found.points[-last:]
    if as_json:
        print_json(_json(found, points, restated))
        return
    console.print(f"[bold]{escape(measure.title)}[/] ({escape(found.record.unit or found.record.value)})")
    if found.standing.grey:
        console.print(escape(f"Grey: {found.standing.sentence}"), soft_wrap=True)
    header = ("Period", "Value", "Target", "Rows", "State", "Why")
    rows = [
        (one.name, shown(found, one.value), shown(found, one.target), one.n, str(one.state), one.reason)
        for one in points
    ]
    print_table("", header, rows, numbers=header[1:4])
    for one in restated:
        said = f"Restated on {one.at:%Y-%m-%d} ({one.get_cause_display().lower()}): {one.values:,} values"
        console.print(escape(f"{said} between {one.first} and {one.last}."))
        for change in one.changes[:5]:
            where = " ".join(f"{name}={member}" for name, member in change["group"].items())
            before, after = shown(found, change["before"]) or "none", shown(found, change["after"]) or "none"
            console.print(escape(f"  {change['period']} {where}: {before} before, {after} after"))


def _json(found: Any, points: Any, restated: Any) -> dict[str, Any]:
    return {
        "measure": found.measure.key,
        "title": found.measure.title,
        "grey": found.standing.grey,
        "why": found.standing.sentence,
        "group": found.group,
        "values_version": found.version,
        "points": [
            {
                "period": one.name,
                "since": one.period.since,
                "until": one.period.until,
                "value": one.value,
                "numerator": one.numerator,
                "denominator": one.denominator,
                "n": one.n,
                "target": one.target,
                "state": str(one.state),
                "reason": one.reason,
                "dataset_version": one.dataset_version,
            }
            for one in points
        ],
        "restatements": [
            {"at": one.at, "cause": one.cause, "values": one.values, "changes": one.changes} for one in restated
        ],
    }


@app.command(epilog="Example: cupola measure explain permits-issued")
def explain(key: KeyArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Explain a measure: its definition, the version it was computed from, and the SQL anyone can run."""
    open_home(home)
    from cupola.web.performance import queries

    told = queries.explained(queries.find_measure(key))
    if as_json:
        print_json(told.as_json())
        return
    for name, value in told.facts:
        console.print(f"[bold]{escape(name)}[/]  {escape(str(value))}", soft_wrap=True)
    console.print("\n" + escape(told.sql), soft_wrap=True)


@app.command(
    name="type", epilog="Example: cupola measure type days-to-hire 2026-05-01 41 --author 'HR' --reason 'Outage'"
)
def type_value(
    key: KeyArgument,
    period: Annotated[str, typer.Argument(help="First day of the period.")],
    value: Annotated[float | None, typer.Argument(help="The value; left out with --withdraw.")] = None,
    reason: Annotated[str, typer.Option(help="Why it is typed in, or taken back. Readers see it.")] = "",
    author: Annotated[str, typer.Option(help="Who answers for it, as readers see it.")] = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the typed value back.")] = False,
    home: HomeOption = None,
) -> None:
    """Type a value in place of a computed one, marked as such with author and reason; or take it back."""
    open_home(home)
    from cupola.web.performance import actions, queries

    measure, at, day = queries.find_measure(key), datetime.now(UTC), parse_day(period)
    if withdraw:
        actions.withdraw(measure, day, reason=reason, at=at, by=person())
        console.print(escape(f"{key}: the typed value of {day} was taken back."))
        return
    typed = actions.Typing(day, float("nan") if value is None else value, reason, author)
    actions.type_in(measure, typed, at=at, by=person())
    console.print(escape(f"{key}: {value:,} was typed in for {day}. It is marked as such wherever it is shown."))
