"""`serve` and `demo`: the portal in one process."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cupola.cli.home import HomeOption, open_home
from cupola.cli.output import console
from cupola.cli.server import serve_home

HostOption = Annotated[str, typer.Option(help="Address to listen on.")]
PortOption = Annotated[int, typer.Option(help="Port to listen on; 0 picks a free one.")]


def register(app: typer.Typer) -> None:
    """Add the serving commands to `app`."""
    app.command(epilog="Example: cupola serve --port 8000")(serve)
    app.command(epilog="Example: cupola demo --no-serve --home ~/demo")(demo)


def serve(home: HomeOption = None, host: HostOption = "127.0.0.1", port: PortOption = 8000) -> None:
    """Serve the portal until stopped."""
    serve_home(open_home(home), host=host, port=port)


def demo(
    home: HomeOption = None,
    folder: Annotated[
        Path | None, typer.Option(help="Where to write the example city. Default: HOME/demo-city")
    ] = None,
    serve: Annotated[bool, typer.Option(help="Start the portal afterwards.")] = True,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
) -> None:
    """Make the example city, run the main job on it and serve it."""
    from cupola import demo as example
    from cupola.cli.evaluate import evaluate_initiatives
    from cupola.cli.folder import apply_to_records, compute_measures, finish_run, print_plan, refresh_all

    path = open_home(home, create=True)
    target = folder or path / "demo-city"
    started = datetime.now(UTC)
    if not (target / "city.yaml").exists():
        console.print(f"Making the example city in {target} ...")
        example.generate(target)
    plan = apply_to_records(target, take=None, dry_run=False)
    print_plan(plan)
    done = refresh_all(path, folder=target, sources=None, force=False, quiet=False)
    finish_run(plan, done, computed=compute_measures(quiet=False), as_json=False)
    evaluate_initiatives(quiet=False)
    console.print(f"Ready in {(datetime.now(UTC) - started).total_seconds():.0f} s.")
    if serve:
        serve_home(path, host=host, port=port)
