"""What looks at other portals print: a line each, and how many datasets have which fault."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.markup import escape

from cupola.cli.output import console, print_json, print_table


def print_looks(done: Iterable[Any], *, as_json: bool) -> None:
    """Print what a look at some portals came to."""
    looks = [*done]
    if as_json:
        print_json([one.as_json() for one in looks])
        return
    if not looks:
        console.print("No dataset here was read from another portal.")
    for one in looks:
        console.print(escape(one.sentence), soft_wrap=True)
        print_faults(one.datasets_by_fault, [(f"datasets/{key}.yaml", fault) for key, fault in one.faults])
        for new in one.appeared[:20]:
            console.print(escape(f"new there: {new['title']} ({new['identifier']})"), soft_wrap=True)
        if len(one.appeared) > 20:
            console.print(f"... and {len(one.appeared) - 20:,} more new there; see --json.")


def print_faults(counts: Mapping[str, int], faults: Iterable[tuple[str, Any]]) -> None:
    """Print how many datasets have each kind of fault, each with an example."""
    if not counts:
        console.print("Nothing is wrong with their metadata.")
        return
    first: dict[str, str] = {}
    for file, fault in faults:
        first.setdefault(fault.kind, f"{file}: {fault.sentence}")
    rows = [(kind, count, first[kind]) for kind, count in counts.items()]
    print_table("Faults of metadata; --json lists all", ("Kind", "Datasets", "The first"), rows, numbers=("Datasets",))
