"""`brief`: the short memo from a roster and a budget, on this machine, from nothing else."""

import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cupola.cli.output import console, show_progress
from cupola.cli.plan import write_memo
from cupola.errors import InvalidInput

RosterOption = Annotated[
    list[str] | None,
    typer.Option("--roster", help="A list of posts or pay, as FILE or YEAR=FILE; again for another year."),
]
BudgetOption = Annotated[
    list[str] | None, typer.Option("--budget", help="A budget by department and account, as FILE or YEAR=FILE.")
]
ColumnOption = Annotated[
    list[str] | None, typer.Option(help="Where it is not told by the names: which column means what, as ROLE=COLUMN.")
]


def brief(
    roster: RosterOption = None,
    budget: BudgetOption = None,
    city: Annotated[str, typer.Option(help="Name of the city.")] = "This city",
    out: Annotated[Path, typer.Option(help="Where the memo goes; a .docx of the same name is put beside it.")] = Path(
        "brief.html"
    ),
    keep: Annotated[Path | None, typer.Option(help="Keep the city folder that was made, to go on with.")] = None,
    language: Annotated[str, typer.Option(help="en or es.")] = "en",
    roster_column: ColumnOption = None,
    budget_column: ColumnOption = None,
    body: Annotated[
        Path | None, typer.Option(help="Also write the memo without a page around it, for another page to hold.")
    ] = None,
) -> None:
    """Write the memo a policy adviser needs first: where technology, data and innovation sit, and what can be done."""
    from cupola.cli.briefing import Given, make_folder

    if not roster and not budget:
        raise InvalidInput("Give at least one file: cupola brief --roster FILE --budget FILE")
    said = {"roster": _roles(roster_column), "budget": _roles(budget_column)}
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cupola-brief-")))
        folder = keep or scratch / "city"
        progress = stack.enter_context(show_progress(quiet=False))
        make_folder(
            folder,
            city=city,
            rosters=[Given.parse(one) for one in roster or ()],
            budgets=[Given.parse(one) for one in budget or ()],
            said=said,
            progress=progress.update,
        )
        _load(folder, scratch / "home")
        write_memo(out, language, body=body, stays=False)
    if keep:
        console.print(f"The city folder is in {keep}; go on with: cupola run {keep} --serve")


def _roles(given: list[str] | None) -> dict[str, str]:
    """Read ROLE=COLUMN. Raises InvalidInput."""
    found = {}
    for one in given or ():
        role, sign, name = one.partition("=")
        if not sign or not name:
            raise InvalidInput(f"'{one}' does not name a column. Write it as ROLE=COLUMN, for example title=Job Class.")
        found[role.strip()] = name.strip()
    return found


def _load(folder: Path, home: Path) -> None:
    """Apply the folder to a home made for it, and load what it names. Raises LoadStopped and the folder's errors."""
    from cupola.cli.home import open_home

    open_home(home, create=True)
    from cupola.cli.folder import apply_to_records
    from cupola.web.data.actions import Refresh, refresh_all

    apply_to_records(folder, take=None, dry_run=False)
    for one in refresh_all(Refresh(sources_folder=folder, now=datetime.now(UTC), by="brief")):
        if one.needs_person:
            raise InvalidInput(one.sentence)
        if one.rows_quarantined:
            console.print(f"{one.key}: {one.rows_quarantined:,} rows did not fit and are not counted.")
