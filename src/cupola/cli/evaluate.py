"""`evaluate`: did an initiative work, by what was registered before the data."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.markup import escape

from cupola.cli.home import HomeOption, JsonOption, open_home, person
from cupola.cli.output import console, print_json, print_table


def evaluate(
    key: Annotated[str, typer.Argument(help="Key of the initiative. Default: every registered one.")] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Evaluate an initiative by its registration and keep what was found; the same data gives the same row."""
    open_home(home)
    from cupola.web.agenda import actions
    from cupola.web.agenda.queries import estimates

    at, by = datetime.now(UTC), person()
    every = () if key else actions.evaluate_all(at=at, by=by)
    found = [actions.evaluate(key, at=at, by=by)] if key else [one.evaluation for one in every if one.evaluation]
    told = [estimates.told(one) for one in found]
    if as_json:
        print_json([_plain(one) for one in told])
        return
    if key:
        _show(told[0])
        return
    rows = [(one.key, one.design, one.effect, one.interval, one.naive) for one in told]
    print_table("Evaluations", ("Initiative", "Design", "Effect", "Interval", "Before and after"), rows)
    for one in every:
        if one.error:
            console.print(escape(f"{one.key}: {one.error}"), soft_wrap=True)


def evaluate_initiatives(*, quiet: bool) -> None:
    """Evaluate every registered initiative, as part of a run, and say what is new."""
    from cupola.web.agenda import actions
    from cupola.web.agenda.queries import estimates

    for one in actions.evaluate_all(at=datetime.now(UTC), by=person()):
        if one.new and one.evaluation and not quiet:
            console.print(escape(f"{one.key}: {estimates.told(one.evaluation).finding}"), soft_wrap=True)


def _show(told: Any) -> None:
    console.print(escape(told.finding), soft_wrap=True)
    for sentence in (told.reason, *told.naive_told, told.refused):
        console.print(escape(sentence), soft_wrap=True)
    for name, lines in (("Checks", [one.says for one in told.checks]), ("Deviations", told.deviations)):
        if lines:
            console.print(f"\n[bold]{name}[/bold]")
        for line in lines:
            console.print(escape(f"- {line}"), soft_wrap=True)
    console.print(escape(f"\nEvaluation {told.number} of {told.key}: {', '.join(told.inputs)}"), soft_wrap=True)


def _plain(told: Any) -> dict[str, Any]:
    return {
        "initiative": told.key,
        "number": told.number,
        "at": told.at,
        "finding": told.finding,
        **told.content,
    }
