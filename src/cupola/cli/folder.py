"""`run`, `apply` and `export`: the city folder in, the city folder out."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from cupola.cli.evaluate import evaluate_initiatives
from cupola.cli.home import HomeOption, JsonOption, open_home, person, remember_folder
from cupola.cli.looks import print_looks
from cupola.cli.measure import print_computed
from cupola.cli.output import console, errors, print_json, print_table, show_progress
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
    waits = withheld()
    looks = look_at_portals(folder, sources=sources, force=force)
    computed = compute_measures(quiet=as_json)
    evaluate_initiatives(quiet=as_json)
    tell_subscribers()
    finish_run(plan, done, waits=waits, looks=looks, computed=computed, as_json=as_json)
    told = (*done, *waits, *looks, *computed)
    needs_person = bool(plan.pending_exports) or any(one.needs_person for one in told)
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
    waits = [] if dry_run else withheld()
    if as_json:
        print_json({**plan.as_json(), "withheld": [one.as_json() for one in waits]})
    else:
        print_plan(plan)
        print_withheld(waits)
    if dry_run and plan.conflicts:
        raise typer.Exit(4)
    raise typer.Exit(1 if plan.pending_exports or any(one.needs_person for one in waits) else 0)


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


def tell_subscribers() -> None:
    """Send what happened to those who asked to be told."""
    from cupola.web.data.actions import telling

    told = telling.tell(at=datetime.now(UTC))
    if told.given_up or told.waiting:
        errors.print(f"Subscribers: {told.waiting} messages will be tried again, {told.given_up} were given up.")


def withheld() -> list[Any]:
    """Return the datasets that are meant for the public and are not."""
    from cupola.web.data import queries

    return queries.withheld(at=datetime.now(UTC))


def print_withheld(waits: list[Any]) -> None:
    """Print what is missing, and what to write where."""
    for one in waits:
        for sentence in one.sentences:
            console.print(escape(sentence), soft_wrap=True)


def refresh_all(home: Path, *, folder: Path, sources: Path | None, force: bool, quiet: bool) -> list[Any]:
    """Refresh every dataset that is due, places before what is tagged with them; returns what each came to."""
    from cupola.web.data import actions

    remember_folder(home, folder)
    now = datetime.now(UTC)
    with show_progress(quiet=quiet) as steps:
        work = actions.Refresh(
            sources_folder=sources, city_folder=folder, force=force, now=now, by=person(), progress=steps.update
        )
        return actions.refresh_all(work, finished=lambda one: steps.finish(one.key, one.sentence), mapped=steps.finish)


def compute_measures(*, quiet: bool) -> Sequence[Any]:
    """Bring the measures up to date with the datasets; returns what each came to."""
    from cupola.web.performance import actions

    with show_progress(quiet=quiet) as steps:
        return actions.compute(at=datetime.now(UTC), progress=steps.update)


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


def look_at_portals(folder: Path, *, sources: Path | None, force: bool) -> list[Any]:
    """Look again at the portals that are due, whose datasets are hosted elsewhere; with `sources` not over the web."""
    from cupola.web.data import actions

    places = (sources, folder) if sources else (folder,)
    work = actions.Watch(at=datetime.now(UTC), places=places, online=sources is None)
    return actions.watch_due(work, force=force)


def finish_run(
    plan: Any,
    done: list[Any],
    *,
    waits: Sequence[Any] = (),
    looks: Sequence[Any] = (),
    computed: Sequence[Any] = (),
    as_json: bool,
) -> None:
    """Print the last screen of a run. `waits`: what is not public and should be; `looks`: looks at other portals."""
    if as_json:
        told = {"datasets": done, "withheld": waits, "portals": looks, "measures": computed}
        print_json({"plan": plan.as_json(), **{name: [one.as_json() for one in some] for name, some in told.items()}})
        return
    print_loads(done)
    print_withheld(list(waits))
    print_computed(computed)
    if looks:
        print_looks(looks, as_json=False)
    from cupola.cli.checks import NO_CONTACT, contact

    if contact().sentence == NO_CONTACT:
        console.print(escape(f"Note: {NO_CONTACT}"), soft_wrap=True)
