"""`cupola data ...`: the datasets of a home."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from cupola.cli import inventory, sheets
from cupola.cli.folder import ForceOption, SourcesOption
from cupola.cli.home import HomeOption, JsonOption, last_folder, open_home, person
from cupola.cli.output import console, print_json, print_table, show_progress
from cupola.errors import InvalidInput

app = typer.Typer(
    help="Datasets: list, show, add, inventory, sheet, refresh, query, diff, download, recall.", no_args_is_help=True
)
inventory.register(app)
sheets.register(app)
KeyArgument = Annotated[str, typer.Argument(help="Key of the dataset, as in building-permits.")]
VersionOption = Annotated[int | None, typer.Option(help="Number of the version. Default: the latest.")]
LimitOption = Annotated[int, typer.Option(help="Most rows to print.", min=1)]


@app.command("list", epilog="Example: cupola data list --json")
def list_datasets(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Every dataset with its version, rows and freshness."""
    open_home(home)
    from cupola.web.data import queries

    facts = queries.dataset_facts()
    if as_json:
        print_json(facts)
        return
    header = ("Key", "Title", "Version", "Rows", "Loaded", "Freshness", "Seen by")
    rows = [
        (f["key"], f["title"], f["version"], f["rows"], f["loaded_on"], f["freshness"], f["seen_by"]) for f in facts
    ]
    print_table("Datasets", header, rows, numbers=("Version", "Rows"))


@app.command(epilog="Example: cupola data show building-permits")
def show(key: KeyArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """One dataset: what it is, its columns, versions and findings."""
    open_home(home)
    from cupola.web.data import queries

    facts = queries.dataset_detail(key)
    if as_json:
        print_json(facts)
        return
    console.print(f"[bold]{facts['title']}[/]  ({facts['key']}, {facts['public_id']})")
    for name in ("description", "row", "department", "steward", "classification", "refresh", "freshness"):
        if facts[name]:
            console.print(f"{name.replace('_', ' ')}: {facts[name]}", soft_wrap=True)
    columns = [(c["name"], c["type"], c["meaning"]) for c in facts["columns"]]
    print_table("\nColumns", ("Name", "Type", "Meaning"), columns)
    versions = [(v["number"], v["committed_at"][:16].replace("T", " "), v["rows"]) for v in facts["versions"]]
    print_table("\nVersions", ("Version", "Committed (UTC)", "Rows"), versions, numbers=("Version", "Rows"))
    for message in facts["findings"]:
        console.print(escape(f"finding: {message}"), soft_wrap=True)


@app.command(epilog="Example: cupola data add permits.csv --folder ~/my-city")
def add(
    source: Annotated[str, typer.Argument(help="A file, or an http(s) address.")],
    folder: Annotated[Path, typer.Option(help="The city folder to write datasets/KEY.yaml into.")],
    key: Annotated[str | None, typer.Option(help="Key of the new dataset. Default: from the file's name.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Read a source once, whole, and write a proposed contract for review. Nothing is loaded yet."""
    from cupola.cli.proposing import propose_dataset

    with show_progress(quiet=as_json) as steps:
        proposed = propose_dataset(source, folder=folder, key=key, progress=steps.update)
    if as_json:
        print_json({"key": proposed.key, "file": str(proposed.file), "columns": proposed.columns})
        return
    console.print(f"Wrote {proposed.file} with {proposed.columns} columns. Read it, correct it, then:", soft_wrap=True)
    console.print(f"  {proposed.run}", soft_wrap=True)


@app.command(epilog="Example: cupola data check building-permits")
def check(key: KeyArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """What the gate measured of the newest version: what stops it from being public, and what to write."""
    open_home(home)
    from cupola.cli.gate import check_dataset, print_gate

    page = check_dataset(key)
    if as_json:
        print_json(page.as_json())
    else:
        print_gate(page)
    raise typer.Exit(1 if page.stops or any(not one.waits for one in page.obstacles) else 0)


@app.command(epilog="Example: cupola data refresh building-permits --sources ~/data")
def refresh(
    keys: Annotated[list[str], typer.Argument(help="Keys of datasets; none means all.")] = [],  # noqa: B006
    home: HomeOption = None,
    sources: SourcesOption = None,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Look at the sources and load what changed."""
    path = open_home(home)
    from cupola.cli.folder import print_loads
    from cupola.web.data import actions

    now = datetime.now(UTC)
    with show_progress(quiet=as_json) as steps:
        work = actions.Refresh(
            sources_folder=sources,
            city_folder=last_folder(path),
            now=now,
            by=person(),
            force=force,
            progress=steps.update,
        )
        done = actions.refresh_all(
            work,
            keys=tuple(keys),
            finished=lambda one: steps.finish(one.key, one.sentence),
            mapped=steps.finish,
        )
    if as_json:
        print_json([one.as_json() for one in done])
    else:
        print_loads(done)
    raise typer.Exit(1 if any(one.needs_person for one in done) else 0)


@app.command(
    epilog='Example: cupola data query building-permits "SELECT ward, count(*) AS permits FROM data GROUP BY ward"'
)
def query(
    key: KeyArgument,
    sql: Annotated[str, typer.Argument(help="One SELECT over the table `data`.")],
    home: HomeOption = None,
    version: VersionOption = None,
    all_vintages: Annotated[bool, typer.Option("--all-vintages", help="Not only the latest vintage.")] = False,
    limit: LimitOption = 100,
    as_json: JsonOption = False,
) -> None:
    """Ask one version of a dataset. The text is parsed and allow-listed, never run as it stands."""
    open_home(home)
    from cupola.web.data import queries

    answer = queries.ask(key, sql=sql, number=version, all_vintages=all_vintages)
    if as_json:
        print_json({"version": answer.version, "columns": answer.table.column_names, "rows": answer.table.to_pylist()})
        return
    shown = answer.table.slice(0, limit)
    rows = [tuple(row.values()) for row in shown.to_pylist()]
    print_table(f"{key}, version {answer.version}", answer.table.column_names, rows)
    if answer.table.num_rows > limit:
        console.print(f"... and {answer.table.num_rows - limit:,} more rows; see --limit and --json.")


@app.command(epilog="Example: cupola data diff employees 2018-03 2020-10")
def diff(
    key: KeyArgument,
    a: Annotated[str, typer.Argument(help="A version's number, or a vintage such as 2018-03.")],
    b: Annotated[str, typer.Argument(help="The other version or vintage.")],
    home: HomeOption = None,
    limit: LimitOption = 20,
    as_json: JsonOption = False,
) -> None:
    """What changed between two versions or two vintages: rows added, removed and changed cell by cell."""
    open_home(home)
    from cupola.cli.differences import print_difference
    from cupola.web.data import queries

    difference = queries.difference(key, a, b, limit=limit)
    if as_json:
        print_json(difference.as_json())
    else:
        print_difference(difference)


@app.command(epilog="Example: cupola data download building-permits --to permits.parquet")
def download(
    key: KeyArgument,
    to: Annotated[Path, typer.Option(help="File to write: .parquet, .csv, .csv.gz, .geojson or .xlsx.")],
    home: HomeOption = None,
    version: VersionOption = None,
    all_columns: Annotated[bool, typer.Option("--all-columns", help="Sensitive columns too; not for others.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write one version, all its vintages, to a file; a public one as it was made when it was published."""
    open_home(home)
    from cupola.web.data import queries

    if to.is_dir():
        raise InvalidInput(f"--to {to} is a directory. Name a file, as in {to / (key + '.parquet')}.")
    facts: dict[str, Any] = queries.write_download(key, to=to, number=version, all_columns=all_columns)
    if as_json:
        print_json(facts)
        return
    console.print(f"Wrote {facts['rows']:,} rows of {key}, version {facts['version']}, to {to}.")


@app.command(epilog='Example: cupola data recall employees --version 4 --reason "It named people."')
def recall(
    key: KeyArgument,
    version: Annotated[int, typer.Option(help="Number of the version to take back.", min=1)],
    reason: Annotated[str, typer.Option(help="Why. Everyone who asks for the version will read it.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a public version back for good: pages, queries, files and citations of it then say why."""
    open_home(home)
    from cupola.web.data import actions

    actions.recall(key, version, reason=reason, at=datetime.now(UTC), by=person())
    if as_json:
        print_json({"key": key, "version": version, "reason": reason})
        return
    console.print(f"Version {version} of {key} is no longer public. Who asks for it is told: {reason}", soft_wrap=True)


@app.command(epilog="Example: cupola data tell")
def tell(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Send subscribers what happened, and try again what did not arrive. `cupola run` does so at its end."""
    open_home(home)
    from cupola.web.data.actions import telling

    told = telling.tell(at=datetime.now(UTC))
    if as_json:
        print_json(told.as_json())
        return
    console.print(f"{told.arrived} messages arrived, {told.waiting} will be tried again, {told.given_up} given up.")
