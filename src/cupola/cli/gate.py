"""`cupola data check`: what the gate measured of a dataset, on one screen."""

from datetime import UTC, datetime
from typing import Any

from rich.markup import escape

from cupola.cli.output import console, print_table
from cupola.errors import NotFound


def check_dataset(key: str) -> Any:
    """Return what the gate says of a dataset; its newest version is measured where that was not done."""
    from cupola.web.data import actions, queries

    dataset = next((one for one in queries.current_datasets((key,)) if one.key == key), None)
    if dataset is None:
        raise NotFound(f"No dataset is called {key}. cupola data list shows all.")
    now = datetime.now(UTC)
    version = dataset.shown_version()
    if version is not None and version.released_at is None and dataset.shows_rows:
        actions.judge(dataset, version, at=now)
    return queries.gate_of(dataset, at=now)


def print_gate(page: Any) -> None:
    """Print what was measured, what stops it, and what to write."""
    version = f"version {page.version.number}" if page.version else "not loaded"
    public = f"version {page.public} is public" if page.public else "nothing of it is public"
    console.print(f"[bold]{escape(page.dataset.key)}[/]: {version}; {public}. {escape(page.verdict)}", soft_wrap=True)
    for one in page.obstacles:
        console.print(escape(str(one)), soft_wrap=True)
    if page.facts is None:
        return
    facts = page.facts
    console.print(f"{facts.rows:,} rows, {len(facts.columns)} columns the public would see, {page.check.seconds:.1f} s")
    if facts.anonymity is not None:
        known = facts.anonymity
        console.print(
            f"k = {known.k:,} over {', '.join(known.columns)} (threshold {page.threshold});"
            f" {known.small_rows:,} rows in smaller groups",
            soft_wrap=True,
        )
    rows = [
        (hit.column, str(hit.words), hit.values, hit.rows, hit.samples[0] if hit.samples else "", hit.accepted)
        for hit in page.hits
    ]
    if rows:
        header = ("Column", "Found", "Values", "Rows", "As in", "Accepted")
        print_table("\nThe scan found", header, rows, numbers=("Values", "Rows"))
    for stop in page.stops:
        console.print(f"\n[bold]Stops:[/] {escape(stop.message)}", soft_wrap=True)
        console.print(escape(f"  Accept it under 'privacy: accepted:' with {_line(stop.accept)}"), soft_wrap=True)


def _line(accept: dict[str, Any]) -> str:
    said = ", ".join(f"{name}: {value}" for name, value in accept.items())
    return f"- {{{said}, reason: WHY, by: WHO, on: {datetime.now(UTC):%Y-%m-%d}}}"
