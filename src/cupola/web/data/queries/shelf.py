"""What the catalogue keeps in memory: cards, words, newest versions and last checks of every dataset.

Reading two thousand definitions takes seconds, so only what was written since the last look is read again. What was
written is told by the growing numbers of the history, of versions and of load reports; a few earlier ones are looked at
again each time, for a database with many writers may show number 8 before number 7.
"""

import threading
from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db.models import Max, Q, QuerySet

from cupola.web.data.models import Dataset, LoadReport, Outcome, Verdict, Version
from cupola.web.data.queries.cards import Card, card_of, passages_of
from cupola.web.data.queries.searching import Asked, Index, Match

OVERLAP = 20
COUNTS = 30  # so many versions back the number of rows is kept
AGREED = (Outcome.LOADED.value, Outcome.UNCHANGED.value)


@dataclass(frozen=True)
class Newest:
    """The newest version of a dataset. `counts`: the rows of the latest versions, oldest first, this one last."""

    number: int
    rows: int
    committed_at: datetime
    counts: tuple[int, ...] = ()


class Shelf:
    """Everything the catalogue is made from. Use it through `shelf()`, which brings it up to date."""

    def __init__(self) -> None:
        self.cards: dict[int, Card] = {}
        self.versions: dict[int, Newest] = {}
        self._waiting: set[int] = set()
        self.checked: dict[int, datetime] = {}
        self._index = Index()
        self._lock = threading.Lock()
        self._seen: tuple[int, datetime] | None = None  # the last line of the history, and when it was written
        self._lines = self._last_version = self._last_report = 0

    def refresh(self) -> Self:
        """Read what was written since the last time."""
        with self._lock:
            if not self._stands():
                self._forget()
            self._read_cards()
            self._read_versions()
            self._read_checks()
        return self

    def find(self, asked: Asked, *, known: Set[int]) -> tuple[dict[int, float], bool]:
        """Return what each of the known datasets is worth, and whether all words were found together in one of them.

        What the reader may not know of must not even change which words count.
        """
        with self._lock:
            found = {pk: worth for pk, worth in self._index.find(asked).items() if pk in known}
            return (found, True) if found else (self._index.find_some(asked), False)

    def matches(self, pk: int, asked: Asked, *, language: str) -> tuple[Match, ...]:
        """Say where in a dataset's texts the words were found."""
        with self._lock:
            return self._index.matches(pk, asked, language=language)

    def _stands(self) -> bool:
        """Whether this is still the database that was read: the last line of the history seen is still in it."""
        if self._seen is None:
            return True
        number, written = self._seen
        return bool(Dataset.history.filter(history_id=number, history_date=written).exists())

    def _forget(self) -> None:
        self.cards, self.versions, self.checked = {}, {}, {}
        self._index, self._seen = Index(), None
        self._lines = self._last_version = self._last_report = 0

    def _read_cards(self) -> None:
        since = self._seen[0] - OVERLAP if self._seen else 0
        written = Dataset.history.filter(history_id__gt=since).order_by("history_id")
        lines: list[tuple[int, int, datetime]] = list(written.values_list("history_id", "id", "history_date"))
        if not lines or (self._seen is not None and (lines[-1][0], len(lines)) == (self._seen[0], self._lines)):
            return
        cards = dict(self.cards)
        for dataset in Dataset.objects.filter(pk__in={pk for _number, pk, _at in lines}):
            cards[dataset.pk] = card_of(dataset)
            self._index.put(dataset.pk, passages_of(dataset))
        self.cards = cards  # replaced, not changed: others may be reading it
        last = lines[-1][0]
        self._seen, self._lines = (last, lines[-1][2]), sum(number > last - OVERLAP for number, _pk, _at in lines)

    def _read_versions(self) -> None:
        fields = ("pk", "dataset_id", "number", "rows", "committed_at")
        found = Version.objects.filter(pk__gt=self._last_version - OVERLAP).order_by("pk").values_list(*fields)
        versions = dict(self.versions)
        for pk, dataset, number, rows, committed_at in found:
            known = versions.get(dataset)
            if known is None or number > known.number:
                counts = (*(known.counts if known else ()), rows)[-COUNTS:]
                versions[dataset] = Newest(number, rows, committed_at, counts)
            self._last_version = max(pk, self._last_version)
        # one taken back or held back changes what is the newest; that is rare, so those few are read each time
        waiting = {*held_back()}
        again, self._waiting = waiting | self._waiting, waiting
        for dataset in Dataset.objects.filter(Q(pk__in=recalled_anywhere()) | Q(pk__in=again)):
            shown = dataset.read_version()
            if shown is None:
                versions.pop(dataset.pk, None)
            else:
                versions[dataset.pk] = Newest(shown.number, shown.rows, shown.committed_at)
        self.versions = versions

    def _read_checks(self) -> None:
        written = LoadReport.objects.filter(pk__gt=self._last_report - OVERLAP)
        agreed = written.filter(outcome__in=AGREED).values("dataset_id").annotate(at=Max("started_at"))
        checked = dict(self.checked)
        for one in agreed.order_by():
            checked[one["dataset_id"]] = max(checked.get(one["dataset_id"], one["at"]), one["at"])
        self.checked = checked
        self._last_report = written.aggregate(last=Max("pk"))["last"] or self._last_report


def recalled_anywhere() -> QuerySet[Version, int]:
    """Return the primary keys of the datasets of which a version was taken back."""
    return Version.objects.exclude(recalled_at=None).order_by().values_list("dataset_id", flat=True)


def held_back() -> QuerySet[Version, int]:
    """Return the primary keys of the datasets of which the gate holds a version back."""
    stopped = Version.objects.filter(released_at=None, gate_check__verdict=Verdict.STOPPED)
    return stopped.order_by().values_list("dataset_id", flat=True)


_shelf = Shelf()


def shelf() -> Shelf:
    """Return the one shelf of this process, up to date."""
    return _shelf.refresh()


def shelf_as_read() -> Shelf:
    """Return it as this request last read it."""
    return _shelf
