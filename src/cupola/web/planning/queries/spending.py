"""What technology costs beyond posts: the accounts of a budget, city-wide and of single departments."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cupola.orgchart.rosters import OTHER, Spending, purpose_of
from cupola.web.planning.queries.reading import ReadBudget

_NAMED = re.compile(
    r"technolog|information (systems|services)|\binnovation|\bdata\b|\bdigital|\bdoit\b|\bdais\b|urban mechanics"
    r"|enterprise applications|core infrastructure|broadband",
    re.IGNORECASE,
)


def speaks_of_it(name: str) -> bool:
    """Whether a name speaks of technology, data or innovation."""
    return _NAMED.search(name) is not None


@dataclass(frozen=True)
class Account:
    """One account of one department in one year, in cents, and what it was found to buy."""

    department: str
    name: str
    purpose: str
    technology: bool
    cents: int


SERVICES_AND_SOFTWARE = ("it_services", "software")  # what accounts call technology in so many words


@dataclass(frozen=True)
class Named:
    """A department named for technology, data or innovation: all its money, its salaries, its technology accounts.

    payroll: the largest of its accounts for salaries, and what is in it. services_cents: services and software.
    """

    department: str
    cents: int
    salaries_cents: int
    payroll: tuple[str, int]
    technology_cents: int
    services_cents: int


@dataclass(frozen=True)
class Money:
    """A year's money. `purposes` and `departments` are of technology accounts only, most first, in cents."""

    read: ReadBudget
    year: str
    all_cents: int
    technology_cents: int
    purposes: tuple[tuple[str, int], ...]
    departments: tuple[tuple[str, int], ...]
    unread_share: float

    @property
    def services_cents(self) -> int:
        """Information technology services and software together."""
        return sum(cents for purpose, cents in self.purposes if purpose in SERVICES_AND_SOFTWARE)


def money_of(read: ReadBudget, year: str) -> Money:
    """Return a year's money. `year`: one of `read.periods`."""
    spent = read.spending(year)
    technology = [one for one in spent if one.technology]
    whole = sum(one.cents for one in spent)
    return Money(
        read=read,
        year=year,
        all_cents=whole,
        technology_cents=sum(one.cents for one in technology),
        purposes=_summed((one.purpose, one.cents) for one in technology),
        departments=_summed((one.department, one.cents) for one in technology),
        unread_share=sum(one.cents for one in spent if one.purpose == OTHER) / whole if whole else 0.0,
    )


def named_for_technology(read: ReadBudget, year: str) -> tuple[Named, ...]:
    """Return the departments whose name speaks of technology, data or innovation, largest first."""
    found = []
    for name in sorted(
        {one.department for one in read.amounts if one.period == year and _NAMED.search(one.department)}
    ):
        found.append(_named(name, [one for one in read.spending(year) if one.department == name]))
    return tuple(sorted(found, key=lambda one: -one.cents))


def _named(name: str, spent: Sequence[Spending]) -> Named:
    salaries = [one for one in spent if one.purpose == "salaries"]
    paid = [account for one in salaries for account in one.accounts]
    return Named(
        department=name,
        cents=sum(one.cents for one in spent),
        salaries_cents=sum(one.cents for one in salaries),
        payroll=max(paid, key=lambda pair: (pair[1], pair[0]), default=("", 0)),
        technology_cents=sum(one.cents for one in spent if one.technology),
        services_cents=sum(one.cents for one in spent if one.purpose in SERVICES_AND_SOFTWARE),
    )


def programs_named_for_it(read: ReadBudget, year: str) -> tuple[tuple[str, str, int], ...]:
    """Return department, program and amount of the programs whose name speaks of it, largest first, in cents."""
    held: dict[tuple[str, str], int] = {}
    for one in read.amounts:
        if one.period == year and one.program and _NAMED.search(one.program):
            key = one.department, one.program
            held[key] = held.get(key, 0) + one.cents
    return tuple((*key, cents) for key, cents in sorted(held.items(), key=lambda pair: (-pair[1], pair[0])))


def accounts(
    read: ReadBudget, year: str, *, department: str = "", purposes: Sequence[str] = (), technology: bool = False
) -> tuple[Account, ...]:
    """Return the accounts of a year, largest first: of one department or of all, of some purposes or of all."""
    found = [
        Account(one.department, name, one.purpose, one.technology, cents)
        for one in _chosen(read.spending(year), department=department, purposes=purposes, technology=technology)
        for name, cents in one.accounts
    ]
    return tuple(sorted(found, key=lambda one: (-one.cents, one.department, one.name)))


def over_years(read: ReadBudget, *, most: int) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return the technology money of each fund in the last `most` years, in cents; without funds under ''."""
    years = read.periods[-most:]
    settled = read.purposes()
    held: dict[str, list[int]] = {}
    for one in read.amounts:
        if one.period in years and purpose_of(one.account, settled=settled).technology:
            line = held.setdefault(one.fund, [0] * len(years))
            line[years.index(one.period)] += one.cents
    return tuple((fund, tuple(line)) for fund, line in sorted(held.items(), key=lambda pair: (-pair[1][-1], pair[0])))


def _chosen(spent: Sequence[Spending], *, department: str, purposes: Sequence[str], technology: bool) -> list[Spending]:
    return [
        one
        for one in spent
        if (not department or one.department == department)
        and (not purposes or one.purpose in purposes)
        and (one.technology or not technology)
    ]


def _summed(pairs: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    held: dict[str, int] = {}
    for name, cents in pairs:
        held[name] = held.get(name, 0) + cents
    return tuple(sorted(held.items(), key=lambda pair: (-pair[1], pair[0])))
