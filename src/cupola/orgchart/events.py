"""Dated acts that change a chart: what happened, to whom, by which source."""

from dataclasses import dataclass

from cupola.orgchart.moments import Moment
from cupola.orgchart.vocabulary import EventKind, Status


@dataclass(frozen=True)
class Event:
    """One act. The facts it began and ended name it by `key`.

    kinds: what it was, at least one. subjects: keys of the offices and posts it was about. origins, results: for a
    split, a merger or a move, what it went from and to. order: place among the events of a day, first 0. title: one
    line in plain words. amount: text of the money involved, as sources give it.
    """

    key: str
    on: Moment
    kinds: tuple[EventKind, ...]
    subjects: tuple[str, ...]
    origins: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    order: int = 0
    title: str = ""
    amount: str = ""
    status: Status = Status.CONFIRMED
    sources: tuple[str, ...] = ()
    note: str = ""
