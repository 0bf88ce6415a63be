"""What commands print: tables and progress for people, one JSON document for machines."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def print_json(value: Any) -> None:
    """Print `value` as one JSON document; dates become ISO text."""
    sys.stdout.write(json.dumps(value, indent=2, default=str, ensure_ascii=False) + "\n")


def print_table(
    title: str, header: Sequence[str], rows: Sequence[Sequence[Any]], *, numbers: Sequence[str] = ()
) -> None:
    """Print rows under a header; columns named in `numbers` stand right."""
    console.print(f"[bold]{escape(title)}[/]")  # as a table's own title it would wrap to the table's width
    table = Table(header_style="bold", box=None, pad_edge=False)
    for name in header:
        right = name in numbers
        table.add_column(name, justify="right" if right else "left", no_wrap=right, overflow="fold")
    for row in rows:
        table.add_row(*(format_cell(cell) for cell in row))
    console.print(table)


def format_cell(value: Any) -> str:
    """Show a value to a person: nothing for none, thousands in groups."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.1f}"
    return escape(str(value))


@dataclass
class Steps:
    """Progress of long work, one line a step; silent for machines and plain lines without a terminal."""

    quiet: bool = False
    _progress: Progress | None = field(default=None, repr=False)
    _tasks: dict[str, TaskID] = field(default_factory=dict, repr=False)

    def update(self, step: str, share: float) -> None:
        """Show that `step` is done to `share` (0-1)."""
        if self._progress is None:
            return
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(step, total=1.0)
        self._progress.update(self._tasks[step], completed=min(share, 1.0))

    def finish(self, step: str, line: str) -> None:
        """Replace the step's bar by one line that says what came out."""
        if self.quiet:
            return
        if self._progress is not None and step in self._tasks:
            self._progress.remove_task(self._tasks.pop(step))
        console.print(line)


@contextmanager
def show_progress(*, quiet: bool) -> Iterator[Steps]:
    """Yield a `Steps` to report to; bars only where someone is watching."""
    steps = Steps(quiet=quiet)
    if quiet or not console.is_terminal:
        yield steps
        return
    bars = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
    with Progress(*bars, console=console, transient=True) as progress:
        steps._progress = progress
        yield steps
