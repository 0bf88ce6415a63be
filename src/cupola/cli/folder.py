"""`run`, `apply` and `export`: the city folder in, the city folder out."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from cupola.cli.home import HomeOption, JsonOption, open_home, person, remember_folder
from cupola.cli.output import console, print_json, print_table, show_progress
from cupola.cli.server import serve_home
from cupola.errors import InvalidInput

FolderArgument = Annotated[Path, typer.Argument(help="The city folder (city.yaml, datasets/, ...).")]
TakeOption = Annotated[
    str | None,
    typer.Option(help="Where both the folder and the records changed: 'folder' or 'records' wins."),
]
SourcesOption = Annotated[
    Path | None,
    typer.Option(help="Read each source's file: from this directory instead of its url:."),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Look at every source, also those not yet due.")]


def register(app: typer.Typer) -> None:
    """Add the folder commands to `app`."""
    app.command(epilog="Example: cupola run examples/chicago --sources ~/data --serve")(run)
    app.command(epilog="Example: cupola apply examples/chicago --dry-run")(apply)
    app.command(epilog="Example: cupola export ~/my-city")(export)


def run(
    folder: FolderArgument,
    home: HomeOption = None,
    sources: SourcesOption = None,
    take: TakeOption = None,
    force: ForceOption = False,
    serve: Annotated[bool, typer.Option("--serve", help="Start the portal afterwards.")] = False,
    as_json: JsonOption = False,
) -> None:
    """The main job: read the folder, apply it, refresh what is due, check it, and say what changed."""
    path = open_home(home, create=True)
    plan = apply_to_records(folder, take=take, dry_run=False)
    if not as_json:
        print_plan(plan)
    done = refresh_all(path, folder=folder, sources=sources, force=force, quiet=as_json)
    finish_run(plan, done, as_json=as_json)
    needs_person = bool(plan.pending_exports) or any(one.needs_person for one in done)
    if serve:
        serve_home(path)
    raise typer.Exit(1 if needs_person else 0)


def apply(
    folder: FolderArgument,
    home: HomeOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would change.")] = False,
    take: TakeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring the records in line with the folder, in one transaction; a second time changes nothing."""
    open_home(home, create=True)
    plan = apply_to_records(folder, take=take, dry_run=dry_run)
    if as_json:
        print_json(plan.as_json())
    else:
        print_plan(plan)
    if dry_run and plan.conflicts:
        raise typer.Exit(4)
    raise typer.Exit(1 if plan.pending_exports else 0)


def export(
    folder: FolderArgument,
    home: HomeOption = None,
    take: TakeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the records back as a city folder that then applies to nothing."""
    check_take(take)
    open_home(home)
    from cupola.web.accounts import actions

    written = actions.export_folder(folder, take=take)
    if as_json:
        names = {name: [str(file) for file in getattr(written, name)] for name in ("files", "deleted", "set_aside")}
        print_json({"folder": str(folder), **names})
        return
    console.print(f"Wrote {len(written.files)} files to {folder}.")
    for file in written.deleted:
        console.print(f"  deleted    {file}")
    for file in written.set_aside:
        console.print(f"  set aside  {file}")


def check_take(take: str | None) -> None:
    """Raise InvalidInput unless `take` is a side."""
    if take not in {None, "folder", "records"}:
        raise InvalidInput(f"--take {take}: write 'folder' or 'records'.")


def apply_to_records(folder: Path, *, take: str | None, dry_run: bool) -> Any:
    """Read the folder and apply it; returns the plan. Raises InvalidInput, Conflict."""
    check_take(take)
    from cupola import folder as folders
    from cupola.web.accounts import actions

    return actions.apply_folder(folders.read(folder), take=take, dry_run=dry_run, by=person())


def print_plan(plan: Any) -> None:
    """Print what a plan changes, field by field."""
    for line in plan.lines():
        console.print(escape(line), soft_wrap=True)


def refresh_all(home: Path, *, folder: Path, sources: Path | None, force: bool, quiet: bool) -> list[Any]:
    """Refresh every dataset that is due, places before what is tagged with them; returns what each came to."""
    from cupola.web.data import actions

    remember_folder(home, folder)
    now = datetime.now(UTC)
    with show_progress(quiet=quiet) as steps:
        work = actions.Refresh(
            sources_folder=sources, city_folder=folder, force=force, now=now, by=person(), progress=steps.update
        )
        return actions.refresh_all(work, finished=lambda one: steps.finish(one.key, one.sentence))


def print_loads(done: list[Any]) -> None:
    """Print per dataset rows read, loaded, quarantined, version and seconds, then what a person should look at."""
    header = ("Dataset", "Outcome", "Read", "Loaded", "Quarantined", "Version", "Seconds")
    rows = [
        (one.key, one.outcome, one.rows_read, one.rows_loaded, one.rows_quarantined, one.version, one.seconds)
        for one in done
    ]
    print_table("\nDatasets", header, rows, numbers=header[2:])
    for one in done:
        for message in (one.error, *one.findings):
            if message:
                console.print(escape(f"{one.key}: {message}"), soft_wrap=True)


def finish_run(plan: Any, done: list[Any], *, as_json: bool) -> None:
    """Print the last screen of a run."""
    if as_json:
        print_json({"plan": plan.as_json(), "datasets": [one.as_json() for one in done]})
    else:
        print_loads(done)
