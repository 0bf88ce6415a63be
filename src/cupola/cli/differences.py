"""Printing what changed between two editions of a dataset."""

from collections.abc import Sequence
from typing import Any

from cupola.cli.output import console, print_table
from cupola.lake import DiffRow
from cupola.web.data.queries import Difference


def print_difference(found: Difference) -> None:
    """Print counts first, then the columns and cells that changed, then rows added and removed."""
    diff = found.diff
    console.print(f"[bold]{found.key}[/]: {found.a} -> {found.b}")
    matched = f"by {', '.join(diff.key)}" if diff.key else "as whole rows, because they have no key of their own"
    console.print(f"rows {diff.rows_before:,} -> {diff.rows_after:,}, compared {matched}")
    console.print(f"added {diff.rows_added:,}, removed {diff.rows_removed:,}, changed {diff.rows_changed:,}")
    for words, names in (("columns added", diff.columns_added), ("columns removed", diff.columns_removed)):
        if names:
            console.print(f"{words}: {', '.join(names)}")
    for retyped in diff.columns_retyped:
        console.print(f"column {retyped.column}: {retyped.before} -> {retyped.after}")
    if diff.cells_changed:
        print_table("\nCells changed", ("Column", "Cells"), list(diff.cells_changed.items()), numbers=("Cells",))
    if not found.shows_values:
        console.print("The dataset is restricted: counts only, no rows or values.")
        return
    cells = [("; ".join(map(str, cell.key)), cell.column, cell.before, cell.after) for cell in diff.cells]
    if cells:
        print_table("\nFirst changed cells", (", ".join(diff.key), "Column", "Before", "After"), cells)
    print_rows("added", diff.added, whole=diff.rows_added)
    print_rows("removed", diff.removed, whole=diff.rows_removed)


def print_rows(what: str, rows: Sequence[DiffRow], *, whole: int) -> None:
    """Print the first rows of one side, with how many times each."""
    if not rows:
        return
    header: tuple[str, ...] = tuple(rows[0].values)
    counted = any(row.count > 1 for row in rows)
    shown: list[tuple[Any, ...]] = [(*((row.count,) if counted else ()), *row.values.values()) for row in rows]
    print_table(f"\nRows {what} (first {len(rows)} of {whole:,})", (*(("Times",) if counted else ()), *header), shown)
