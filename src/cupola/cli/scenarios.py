"""`plan scenario`: what another structure takes, costs and turns."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer
from rich.markup import escape

from cupola.cli.home import HomeOption, JsonOption, open_home
from cupola.cli.output import console, print_json, print_table

Key = Annotated[str, typer.Argument(help="Key of a recorded scenario, or of the structure it starts from.")]
To = Annotated[str, typer.Argument(help="A template, a branch, another government, or the same one on another day.")]
OnOption = Annotated[str, typer.Option("--on", help="Day, month or year of the first chart. Default: today.")]
ToOnOption = Annotated[str, typer.Option("--to-on", help="Day, month or year of the second. Default: as the first.")]
YearsOption = Annotated[int, typer.Option("--years", min=1, max=10, help="How many budget years to look at.")]


def register(app: typer.Typer) -> None:
    """Add the command to the group `plan`."""
    app.command(epilog="Example: cupola plan scenario chicago three-themes --on 2024-12-31")(scenario)


def scenario(
    key: Key,
    to: To = "",
    on: OnOption = "",
    to_on: ToOnOption = "",
    years: YearsOption = 3,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the edits as CSV.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what another structure takes: edits, what each needs, cost by fund and year, checks that turn, precedents."""
    open_home(home)
    from cupola.web.planning.queries.scenarios.asking import answer, asked, recorded
    from cupola.web.planning.queries.scenarios.showing import EDIT_FIELDS, as_json_of, edit_table, shown

    today = datetime.now(UTC).date()
    said = recorded(key) if not to else {"of": key, "to": to, "of_on": on, "to_on": to_on, "years": years}
    page = shown(answer(asked(said, today=today), today=today))
    if as_json:
        print_json(as_json_of(page))
    elif as_csv:
        out = io.StringIO()
        writer = csv.DictWriter(out, EDIT_FIELDS)
        writer.writeheader()
        writer.writerows(edit_table(page))
        typer.echo(out.getvalue(), nl=False)
    else:
        _show(page, today)


def _show(page: Any, today: date) -> None:
    for row in page.rows:
        needs = "; ".join(row.needs) or "unknown until counsel answers"
        console.print(escape(f"{row.deed}: {row.says}"), soft_wrap=True)
        console.print(escape(f"    usually: {row.usual}. Here: {needs}. From {row.begins}."), soft_wrap=True)
        for one in row.elsewhere[:1]:
            console.print(escape(f"    {one.place}, {one.when}: {one.title}"), soft_wrap=True)
    years = ["today", *map(str, page.found.labels)]
    rows = [
        [one.fund, *(f"{posts:g}: {cost:,.0f}" for posts, cost, _ in one.cells)]
        for one in (*page.funds, *([page.together] if page.together else []))
    ]
    print_table("Posts and cost by fund and year", ["paid by", *years], rows, numbers=years)
    if page.without_price:
        console.print(f"Posts without a known cost, not in the sums: {page.without_price}.")
    for once in page.one_off:
        console.print(escape(f"Once, {once['year']}: {once['says']}, {once['amount']:,} ({once['source']})"))
    for turn in page.turned:
        console.print(escape(f"{turn.question} {turn.before} -> {turn.after}: {turn.why}"), soft_wrap=True)
    console.print(
        f"{len(page.rows)} edits; of {page.found.scenario.unanswered} it is unknown what they need, on {today}."
    )
