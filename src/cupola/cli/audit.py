"""`cupola audit`: the audit log taken out, and whether it is whole."""

import csv
import json
import sys
from collections.abc import Iterable
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from cupola.cli.home import HomeOption, open_home, person
from cupola.cli.output import console
from cupola.errors import InvalidInput

app = typer.Typer(no_args_is_help=True, help="The audit log: who did and saw what.")


@app.command(epilog="Example: cupola audit export 2026.csv --since 2026-01-01 --until 2027-01-01")
def export(
    to: Annotated[Path, typer.Argument(metavar="FILE", help="A .csv or .jsonl file to write, or - for the terminal.")],
    since: Annotated[str, typer.Option("--since", help="From this day or time on, as in 2026-01-31.")] = "",
    until: Annotated[str, typer.Option("--until", help="Before this day or time.")] = "",
    who: Annotated[str, typer.Option("--who", help="Of this account only.")] = "",
    record: Annotated[str, typer.Option("--record", help="Of this record only, by its key.")] = "",
    action: Annotated[str, typer.Option("--action", help="Actions that begin with this, as in accounts.")] = "",
    reads: Annotated[bool, typer.Option("--reads", help="Only who saw what.")] = False,
    home: HomeOption = None,
) -> None:
    """Write the log out, oldest first, with the seal of each line. The export itself is written into the log."""
    open_home(home)
    from cupola.web.accounts.actions import record_audit_export
    from cupola.web.accounts.queries import Wanted, audit_lines

    wanted = Wanted(who=who, record=record, action=action, since=_moment(since), until=_moment(until), reads=reads)
    with _open(to) as file:
        written, seal = _write(audit_lines(wanted), file, as_csv=to.suffix != ".jsonl")
    record_audit_export(wanted, lines=written, by=person())
    if str(to) != "-":
        console.print(f"Wrote {written:,} lines to {to}. Seal of the last: {seal or 'none'}", soft_wrap=True)


@app.command(epilog="Example: cupola audit verify")
def verify(home: HomeOption = None) -> None:
    """Compute every seal of the log again. Exit code 1 when a line was changed, removed or put in."""
    open_home(home)
    from cupola.cli.checks import whole_audit_log

    check = whole_audit_log()
    console.print(check.sentence, soft_wrap=True)
    raise typer.Exit(0 if check.ok else 1)


def _write(lines: Iterable[dict[str, Any]], file: IO[str], *, as_csv: bool) -> tuple[int, str]:
    """Write lines, and return how many and the last seal."""
    from cupola.web.accounts.queries import AUDIT_COLUMNS

    written, seal, table = 0, "", csv.DictWriter(file, AUDIT_COLUMNS) if as_csv else None
    if table is not None:
        table.writeheader()
    for line in lines:
        written += 1
        seal = line["seal"]
        if table is None:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        else:
            table.writerow({**line, "detail": json.dumps(line["detail"], ensure_ascii=False)})
    return written, seal


@contextmanager
def _open(to: Path) -> Any:
    if str(to) == "-":
        yield sys.stdout
    else:
        with to.open("w", encoding="utf-8", newline="") as file:
            yield file


def _moment(text: str) -> datetime | None:
    """Read a day or a time; a day begins at midnight here."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError as error:
        raise InvalidInput(f"{text!r} is no day or time. Write one like 2026-01-31 or 2026-01-31T09:00.") from error
