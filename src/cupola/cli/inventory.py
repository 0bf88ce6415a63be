"""`cupola data inventory`: what other portals have, described here and watched there. No rows are loaded."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from cupola.cli.home import HomeOption, JsonOption, last_folder, open_home, person
from cupola.cli.looks import print_faults, print_looks
from cupola.cli.output import console, print_json
from cupola.errors import InvalidInput, NotFound

EXAMPLE = "Example: cupola data inventory https://data.example.gov/data.json --folder ~/my-city"
AddressArgument = Annotated[
    str | None,
    typer.Argument(help="A data.json, a catalog.jsonld, the front of a portal, or a file that holds one of these."),
]
FolderOption = Annotated[Path | None, typer.Option(help="The city folder to write datasets/*.yaml into.")]
KindOption = Annotated[str, typer.Option(help="ckan, dcat-us-1.1, dcat-us-3 or socrata. Default: found out.")]
ReleasedOption = Annotated[
    bool, typer.Option("--released", help="Let the public see them: you classify and approve them as they are there.")
]
WatchOption = Annotated[
    bool, typer.Option("--watch", help="Look again at the portals the home knows, or at this one, and write nothing.")
]
AcceptOption = Annotated[
    list[str], typer.Option("--accept", help="Key of a dataset whose columns at the portal are right as they are now.")
]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(epilog=EXAMPLE)(inventory)


def inventory(
    address: AddressArgument = None,
    folder: FolderOption = None,
    kind: KindOption = "",
    released: ReleasedOption = False,
    watch: WatchOption = False,
    accept: AcceptOption = [],  # noqa: B006
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Describe each dataset of another portal in the folder, with the faults of its metadata; later watch it there.

    With --home, the folder is applied at once and the faults are kept as findings. `cupola run` looks again once a
    day. Exit code 1 when there are faults.
    """
    if accept:
        accept_columns(accept, home=home, as_json=as_json)
    elif watch:
        look_again(address, home=home, as_json=as_json)
    elif address and folder:
        describe(address, folder, kind=kind, released=released, home=home, as_json=as_json)
    else:
        missing = "--folder, the city folder to write into" if address else "the address of a portal"
        raise InvalidInput(f"Give {missing}; or --watch, to look at the portals that are known. {EXAMPLE}")


def describe(address: str, folder: Path, *, kind: str, released: bool, home: Path | None, as_json: bool) -> None:
    """Write the documents, say what is wrong with the metadata and, in a home, keep it."""
    from cupola.cli.taking import Asked, take_inventory

    taken = take_inventory(address, folder=folder, asked=Asked(kind=kind, released=released, by=person()))
    looked = keep(taken.address, address, folder=folder, home=home) if home is not None else None
    if as_json:
        print_json({**taken.as_json(), **({"kept": looked.as_json()} if looked else {})})
    else:
        console.print(f"Wrote {len(taken.written):,} datasets from {taken.address} ({taken.kind}).", soft_wrap=True)
        console.print(f"{len(taken.known):,} were in the folder before and stay as they are.")
        for problem in taken.problems:
            console.print(escape(f"left out: {problem}"), soft_wrap=True)
        print_faults(taken.entries_by_fault, taken.faults)
        if looked is not None:
            console.print(escape(looked.sentence), soft_wrap=True)
        else:
            console.print(f"Next: cupola run {folder}", soft_wrap=True)
    raise typer.Exit(1 if taken.problems or taken.faults else 0)


def keep(address: str, asked: str, *, folder: Path, home: Path) -> Any:
    """Apply the folder to the home and keep what is wrong at the portal as findings; return the look."""
    from cupola.cli.folder import apply_to_records

    open_home(home, create=True)
    from cupola.web.data import actions

    apply_to_records(folder, take=None, dry_run=False)
    file = Path(asked) if "://" not in asked and Path(asked).exists() else None
    work = actions.Watch(at=datetime.now(UTC), places=(folder,))
    return actions.watch(address, actions.watched().get(address, []), work, file=file)


def look_again(address: str | None, *, home: Path | None, as_json: bool) -> None:
    """Look again at one portal, or at all, and say what is wrong there."""
    path = open_home(home)
    from cupola.web.data import actions

    folder = last_folder(path)
    work = actions.Watch(at=datetime.now(UTC), places=(folder,) if folder else ())
    if address:
        file = Path(address) if "://" not in address and Path(address).exists() else None
        name = file.name if file else address.rstrip("/")
        known = actions.watched()
        datasets = known.get(name) or known.get(address)
        if not datasets:
            listed = ", ".join(sorted(known)) or "none"
            raise NotFound(f"No dataset here was read from {address}. Portals that are known: {listed}.")
        done = [actions.watch(name if name in known else address, datasets, work, file=file)]
    else:
        done = actions.watch_due(work, force=True)
    print_looks(done, as_json=as_json)
    failed = [one for one in done if one.problem]
    raise typer.Exit(
        5 if failed and len(failed) == len(done) else 1 if failed or any(one.faults for one in done) else 0
    )


def accept_columns(keys: Iterable[str], *, home: Path | None, as_json: bool) -> None:
    """Take the columns that portals have for some datasets as right."""
    open_home(home)
    from cupola.web.data import actions

    accepted = {key: actions.accept_columns(key, at=datetime.now(UTC), by=person()) for key in keys}
    if as_json:
        print_json(accepted)
        return
    for key, count in accepted.items():
        console.print(f"{key}: its {count} columns at the portal are taken as right.")
