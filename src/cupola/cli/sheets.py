"""`cupola data sheet`, `duties` and `progress`: the inventory and the dictionary as sheets, and how far they are."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from cupola.cli.home import HomeOption, JsonOption, open_home, person
from cupola.cli.output import console, print_json, print_table
from cupola.errors import InvalidInput

EXAMPLE = "Example: cupola data sheet dictionary.xlsx --steward 'Data steward, Buildings'"


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command(epilog=EXAMPLE)(sheet)
    app.command(epilog="Example: cupola data progress --by department")(progress)
    app.command(epilog="Example: cupola data duties building-permits --on 2026-07-01")(duties)


def sheet(
    to: Annotated[Path | None, typer.Argument(help="File to write: .xlsx, or .csv with --only.")] = None,
    read: Annotated[Path | None, typer.Option("--read", help="A sheet that was filled in: take it back.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --read, only print what would change.")] = False,
    reason: Annotated[str, typer.Option(help="With --read, why; kept in the history.")] = "From a spreadsheet.",
    only: Annotated[str, typer.Option(help="datasets, columns, fields or duties: one sheet, as CSV has.")] = "",
    steward: Annotated[str, typer.Option(help="Only what this steward answers for.")] = "",
    department: Annotated[str, typer.Option(help="Only what belongs to this department.")] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the inventory, the data dictionary and the duties as sheets, or take them back filled in.

    Taken back, nothing is lost: rows that only changed here stay as they are here, and rows changed on both sides
    stop it with exit code 4.
    """
    open_home(home)
    if read is not None:
        take_back(read, dry_run=dry_run, reason=reason, as_json=as_json)
    elif to is not None:
        facts = write_sheets(to, only=only, steward=steward, department=department)
        if as_json:
            print_json(facts)
        else:
            told = ", ".join(f"{count:,} rows of {name}" for name, count in facts["rows"].items())
            console.print(f"Wrote {to}: {told}.", soft_wrap=True)
    else:
        raise InvalidInput(f"Name a file to write, or one to read with --read. {EXAMPLE}")


def write_sheets(to: Path, *, only: str, steward: str, department: str) -> dict[str, Any]:
    """Write a workbook, or one sheet as CSV; return how many rows each sheet has. Raises InvalidInput."""
    from cupola.web.data import queries
    from cupola.web.data.queries import sheets

    tables = queries.sheets_of(now=datetime.now(UTC), steward=steward, department=department)
    if only:
        names = {table.name.lower().rpartition(" ")[2]: table for table in tables}
        if only not in names:
            raise InvalidInput(f"--only {only}: write one of {', '.join(names)}.")
        tables = (names[only],)
    if to.suffix.lower() == ".csv":
        if len(tables) != 1:
            raise InvalidInput(f"{to.name}: a CSV file holds one sheet. Say which with --only, or name an .xlsx file.")
        to.write_text(sheets.write_csv(tables[0]), encoding="utf-8-sig", newline="")
    elif to.suffix.lower() == ".xlsx":
        to.write_bytes(sheets.write_workbook(tables, about=queries.SHEET_ADVICE))
    else:
        raise InvalidInput(f"{to.name}: name a file that ends in .xlsx or .csv.")
    return {"file": str(to), "rows": {table.name: len(table.rows) for table in tables}}


def take_back(file: Path, *, dry_run: bool, reason: str, as_json: bool) -> None:
    """Plan what a sheet changes, say it, and do it. Raises SheetInvalid, SheetConflict."""
    from cupola import sources
    from cupola.web.data import actions

    at = datetime.now(UTC)
    plan = actions.plan_sheets(sources.read_sheets(file), at=at, by=person())
    if as_json:
        print_json(plan.as_json())
    else:
        for change in plan.changes:
            console.print(escape(str(change)), soft_wrap=True)
        for name in plan.unread:
            console.print(escape(f"not read: {name}"), soft_wrap=True)
        console.print(
            f"{len(plan.changes):,} changes; {plan.same:,} rows as they are here; {plan.kept:,} changed only here."
        )
    plan.check()
    if dry_run:
        raise typer.Exit(0)
    changed = actions.apply_sheets(plan, reason=reason, at=at, by=person())
    if not as_json:
        pending = " `cupola export FOLDER` writes them into the city folder." if changed else ""
        console.print(f"{changed:,} records changed.{pending}", soft_wrap=True)


def progress(
    by: Annotated[str, typer.Option(help="steward or department.")] = "steward",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """How far the data dictionary is: documented columns and datasets with all needed words, per steward."""
    open_home(home)
    if by not in {"steward", "department"}:
        raise InvalidInput(f"--by {by}: write 'steward' or 'department'.")
    from cupola.web.data import queries

    found = queries.progress(queries.inventory_lines(now=datetime.now(UTC)), by)
    if as_json:
        print_json([one.as_json() for one in found])
        return
    header = (by.capitalize(), "Datasets", "With all words", "Columns", "Documented", "Open findings")
    rows = [
        (one.who or "nobody", one.datasets, one.complete_words, one.columns, one.documented, one.findings)
        for one in found
    ]
    print_table(f"Progress per {by}", header, rows, numbers=header[1:])


def duties(
    key: Annotated[str, typer.Argument(help="Key of the dataset.")],
    on: Annotated[str, typer.Option(help="The day, as 2026-07-01. Default: today.")] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Who has which duty for a dataset on a day, and which duties nobody has."""
    open_home(home)
    from cupola.periods import parse_day
    from cupola.web.data import queries

    dataset = queries.current_datasets((key,))[0]
    day = parse_day(on) if on else queries.city_today()
    held, gaps = queries.duties(dataset, day), queries.gaps(dataset, day)
    if as_json:
        vacant = [{"duty": gap.duty, "since": gap.since, "last": gap.last} for gap in gaps]
        print_json({"key": key, "on": day, "duties": [one.as_json() for one in held], "gaps": vacant})
        return
    rows = [(one.duty, one.who, one.contact, one.since, one.until, one.inherited_from) for one in held]
    print_table(f"{key} on {day}", ("Duty", "Who", "Contact", "Since", "Until", "From department"), rows)
    for gap in gaps:
        console.print(f"nobody is {gap.duty}" + (f" since {gap.since}, when {gap.last} stopped" if gap.since else ""))
