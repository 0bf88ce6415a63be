"""Which app keeps which kind of record: the one inversion by which a folder reaches records of upper apps.

An app that keeps a kind registers its keeper in its `apps.py`; search for `register_keeper` to find them all.
"""

from datetime import datetime
from typing import Any, Protocol

from django.db.models import Model


class Keeper(Protocol):
    """Reads and writes the records of one kind as canonical fields (see `cupola.folder`)."""

    kind: str

    def records(self) -> dict[str, tuple[dict[str, Any], bool]]:
        """Return key -> (fields, retired) of every record."""
        ...

    def put(self, key: str, fields: dict[str, Any], *, at: datetime) -> Model:
        """Create, change or revive the record and return it."""
        ...

    def retire(self, key: str, *, at: datetime) -> Model:
        """Retire the record, keeping it and its history, and return it."""
        ...


_keepers: dict[str, Keeper] = {}


def register_keeper(keeper: Keeper) -> None:
    """Let `keeper` answer for its kind."""
    _keepers[keeper.kind] = keeper


def keepers() -> tuple[Keeper, ...]:
    """Return all keepers, in the order they were registered (lower apps first)."""
    return tuple(_keepers.values())


def keeper_of(kind: str) -> Keeper:
    """Return the keeper of `kind`. Raises KeyError."""
    return _keepers[kind]
