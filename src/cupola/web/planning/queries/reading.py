"""Rosters and budgets read from the newest version of their datasets, once per version."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from cupola.errors import NotFound
from cupola.lake import NoSuchVersion
from cupola.lake import Version as LakeVersion
from cupola.orgchart import rosters
from cupola.orgchart.rosters import Amount, LabelledPosts, PostCount, Purpose
from cupola.orgchart.titles import Group, Level, Settled
from cupola.web.accounts.queries import the_city
from cupola.web.data.queries import lake
from cupola.web.planning.models import Budget, Roster

VINTAGE = "vintage"
GRANTS = "grants"
T = TypeVar("T")
R = TypeVar("R", Roster, Budget)
_MOST_KEPT = 16
_kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()


@dataclass(frozen=True)
class Pin:
    """A roster or a budget as it was read once: its kind, its document, and which version of its dataset."""

    kind: str
    definition: Mapping[str, Any]
    number: int

    @property
    def record(self) -> Roster | Budget:
        """The record as it was, not saved."""
        model = Roster if self.kind == "roster" else Budget
        return model(key=self.definition["key"], dataset=self.definition["dataset"], definition=dict(self.definition))


_pins: ContextVar[tuple[Pin, ...] | None] = ContextVar("pins", default=None)


@contextmanager
def pinned(pins: Sequence[Pin]) -> Iterator[None]:
    """Read rosters and budgets within as they were read once, whatever has come since."""
    token = _pins.set(tuple(pins))
    try:
        yield
    finally:
        _pins.reset(token)


def pins_of(reads: Iterable["ReadRoster | ReadBudget"]) -> tuple[Pin, ...]:
    """Return what would read the same again."""
    return tuple(
        Pin(
            "roster" if isinstance(one, ReadRoster) else "budget",
            {**one.record.definition, "key": one.record.key, "dataset": one.record.dataset},
            one.version.number,
        )
        for one in reads
    )


class NotLoadedYet(NotFound):
    """The dataset of a roster or a budget has no version."""

    def __init__(self, dataset: str) -> None:
        self.dataset = dataset
        super().__init__(f"{dataset} has not been loaded yet. Load it with: cupola run FOLDER")


@dataclass(frozen=True)
class ReadRoster:
    """A roster as it was read: what stands in it, of whom, and from which version of which dataset."""

    record: Roster
    version: LakeVersion
    counts: tuple[PostCount, ...]
    posts: tuple[LabelledPosts, ...]
    periods: tuple[str, ...]
    query: str

    @property
    def name(self) -> str:
        """The government it is of."""
        return government_name(self.record)

    @property
    def earned(self) -> bool:
        """Whether its pay is what single people were paid."""
        return bool(self.record.definition.get("pay", "rate") == "earned")

    @property
    def benefits(self) -> Decimal:
        """What a post costs beyond its pay, as a share of it."""
        return Decimal(str(self.record.definition.get("benefits", {}).get("share", 0)))

    def of(self, period: str) -> tuple[LabelledPosts, ...]:
        """Return the posts of one period."""
        return tuple(one for one in self.posts if one.count.period == period)


@dataclass(frozen=True)
class ReadBudget:
    """A budget as it was read."""

    record: Budget
    version: LakeVersion
    amounts: tuple[Amount, ...]
    periods: tuple[str, ...]
    query: str

    @property
    def name(self) -> str:
        """The government it is of."""
        return government_name(self.record)

    def purposes(self) -> dict[str, Purpose]:
        """Return what people settled about its accounts, by name in small letters."""
        return {
            one["account"].lower(): Purpose(one["purpose"], one.get("technology", False), settled=True)
            for one in self.record.definition.get("accounts", ())
        }

    def spending(self, period: str) -> tuple[rosters.Spending, ...]:
        """Return one year's money by department and purpose."""
        year = [one for one in self.amounts if one.period == period]
        return rosters.spending(year, settled=self.purposes())


def read_rosters() -> tuple[ReadRoster, ...]:
    """Return every roster that has been loaded, the city's own first."""
    return _loaded(_records(Roster), read_roster)


def read_budgets() -> tuple[ReadBudget, ...]:
    """Return every budget that has been loaded, the city's own first; lists of grants are not among them."""
    every = _loaded(_records(Budget), read_budget)
    return tuple(one for one in every if one.record.definition.get("stage") != GRANTS)


def read_grants() -> tuple[ReadBudget, ...]:
    """Return the city's own lists of grants that have been loaded."""
    every = _loaded(_records(Budget), read_budget)
    return tuple(one for one in every if one.record.definition.get("stage") == GRANTS and not is_anothers(one.record))


def _records(model: type[R]) -> Iterable[R]:
    pins = _pins.get()
    if pins is None:
        return model.objects.filter(retired_on=None)
    return [record for one in pins if isinstance(record := one.record, model)]


def _loaded(records: Iterable[R], read: Callable[[R], T]) -> tuple[T, ...]:
    found = []
    for record in sorted(records, key=lambda one: (is_anothers(one), one.key)):
        with suppress(NotLoadedYet):
            found.append(read(record))
    return tuple(found)


def read_roster(record: Roster) -> ReadRoster:
    """Return a roster as its dataset's newest version has it. Raises NotLoadedYet, rosters.ColumnsNotFound."""
    version = _newest(record.dataset)
    names = [one.name for one in lake().contract(version).columns]
    columns = rosters.roster_columns(names, said=_said(record))
    period = columns.period or (VINTAGE if _has_vintages(version) else "")
    tree = rosters.roster_query(columns, period=period, where=_where(record))
    settled = settled_titles(record)

    def make() -> ReadRoster:
        table = lake().query(tree, inputs={"data": version}, all_vintages=True)
        counts = rosters.read_counts(table)
        posts = rosters.labelled(counts, settled=settled)
        return ReadRoster(record, version, counts, posts, rosters.periods_of(counts), tree.sql("duckdb", pretty=True))

    return _once(("roster", version.dataset, version.number, tree.sql("duckdb"), repr(record.definition)), make)


def read_budget(record: Budget) -> ReadBudget:
    """Return a budget as its dataset's newest version has it. Raises NotLoadedYet, rosters.ColumnsNotFound."""
    version = _newest(record.dataset)
    names = [one.name for one in lake().contract(version).columns]
    columns = rosters.budget_columns(names, said=_said(record))
    period = columns.period or (VINTAGE if _has_vintages(version) else "")
    tree = rosters.budget_query(columns, period=period, where=_where(record))

    def make() -> ReadBudget:
        amounts = rosters.read_amounts(lake().query(tree, inputs={"data": version}, all_vintages=True))
        return ReadBudget(record, version, amounts, rosters.periods_of(amounts), tree.sql("duckdb", pretty=True))

    return _once(("budget", version.dataset, version.number, tree.sql("duckdb"), repr(record.definition)), make)


def settled_titles(record: Roster) -> tuple[Settled, ...]:
    """Return what people settled about the titles of a roster."""
    return tuple(
        Settled(
            title=one["title"],
            functions=tuple(Group(each) for each in one["functions"]),
            department=one.get("department", ""),
            level=Level(one["level"]) if one.get("level") else None,
            reason=one.get("reason", ""),
        )
        for one in record.definition.get("titles", ())
    )


def government_name(record: Roster | Budget) -> str:
    """Return the government a roster or a budget is of."""
    other = record.definition.get("government")
    if other:
        return str(other["name"])
    city = the_city()
    return city.name if city else str(_("This city"))


def is_anothers(record: Roster | Budget) -> bool:
    """Whether it is another government's."""
    return "government" in record.definition


def population(record: Roster | Budget) -> int | None:
    """Return how many people live there, None where nobody said."""
    other = record.definition.get("government")
    city = the_city()
    fields: Mapping[str, Any] = other or (city.definition if city else {})
    value = (fields.get("population") or {}).get("value")
    return int(value) if value else None


def _said(record: Roster | Budget) -> dict[str, str]:
    return {role: column for role, column in record.definition.get("columns", {}).items() if column}


def _where(record: Roster | Budget) -> dict[str, tuple[str, ...]]:
    return {one["column"]: tuple(one["values"]) for one in record.definition.get("where", ())}


def _newest(dataset: str) -> LakeVersion:
    """Return the version to read: the newest, or the one that is pinned."""
    number = next((one.number for one in _pins.get() or () if one.definition["dataset"] == dataset), None)
    try:
        return lake().version(dataset, number=number)
    except NoSuchVersion as error:
        raise NotLoadedYet(dataset) from error


def _has_vintages(version: LakeVersion) -> bool:
    return VINTAGE in {one.name for one in lake().input(version).fields}


def _once(key: tuple[Any, ...], make: Callable[[], T]) -> T:
    """Return what `make` gives, made once for a key; a version never changes."""
    if key not in _kept:
        _kept[key] = make()
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    found: T = _kept[key]
    return found
