"""The main job over all datasets: heal what a crash left, refresh what is due, places first; then draw maps."""

from collections.abc import Callable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from cupola.errors import InvalidInput
from cupola.web.data import queries
from cupola.web.data.actions.duties import note_gaps
from cupola.web.data.actions.keeper import end_what_is_due
from cupola.web.data.actions.publishing import reconcile
from cupola.web.data.actions.refreshing import Refresh, Refreshed, refresh
from cupola.web.data.actions.tiling import Told, make_tiles
from cupola.web.data.models import Dataset


def refresh_all(
    work: Refresh,
    *,
    keys: tuple[str, ...] = (),
    finished: Callable[[Refreshed], None] = lambda done: None,
    mapped: Told = lambda key, sentence: None,
) -> list[Refreshed]:
    """Refresh the datasets named by `keys`, or all; report each as it ends. One that fails does not stop the rest.

    Maps are made when everything is published; each is reported to `mapped`.
    """
    end_what_is_due(at=work.now)
    reconcile(at=work.now, keys=keys)
    note_gaps(at=work.now)
    done = []
    for dataset in in_order(queries.current_datasets(keys)):
        result = refresh(dataset, work)
        finished(result)
        done.append(result)
    make_tiles(at=work.now, keys=keys, told=mapped)
    return done


def in_order(datasets: list[Dataset]) -> list[Dataset]:
    """Return the datasets so that what others are made from comes first, else by key. Raises InvalidInput."""
    by_key = {dataset.key: dataset for dataset in sorted(datasets, key=lambda d: d.key)}
    needs = {
        key: [other for other in _needed(dataset.definition) if other in by_key] for key, dataset in by_key.items()
    }
    try:
        return [by_key[key] for key in TopologicalSorter(needs).static_order()]
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        raise InvalidInput(f"place_tags or aggregates go in a circle: {circle}. Remove one of them.") from error


def _needed(definition: Mapping[str, Any]) -> list[str]:
    counted = definition.get("aggregates")
    return [*(tag["places"] for tag in definition.get("place_tags", [])), *([counted["of"]] if counted else [])]
