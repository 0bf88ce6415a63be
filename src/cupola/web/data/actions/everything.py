"""The main job over all datasets: heal what a crash left, then refresh what is due, places first."""

from collections.abc import Callable
from graphlib import CycleError, TopologicalSorter

from cupola.errors import InvalidInput
from cupola.web.data import queries
from cupola.web.data.actions.publishing import reconcile
from cupola.web.data.actions.refreshing import Refresh, Refreshed, refresh
from cupola.web.data.models import Dataset


def refresh_all(
    work: Refresh, *, keys: tuple[str, ...] = (), finished: Callable[[Refreshed], None] = lambda done: None
) -> list[Refreshed]:
    """Refresh the datasets named by `keys`, or all; report each as it ends. One that fails does not stop the rest."""
    reconcile(at=work.now, keys=keys)
    done = []
    for dataset in in_order(queries.current_datasets(keys)):
        result = refresh(dataset, work)
        finished(result)
        done.append(result)
    return done


def in_order(datasets: list[Dataset]) -> list[Dataset]:
    """Return the datasets so that places come before what is tagged with them, else by key. Raises InvalidInput."""
    by_key = {dataset.key: dataset for dataset in sorted(datasets, key=lambda d: d.key)}
    needs = {
        key: [tag["places"] for tag in dataset.definition.get("place_tags", []) if tag["places"] in by_key]
        for key, dataset in by_key.items()
    }
    try:
        return [by_key[key] for key in TopologicalSorter(needs).static_order()]
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        raise InvalidInput(f"place_tags go in a circle: {circle}. Remove one of them.") from error
