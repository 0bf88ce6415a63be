"""Seats, vacancies, quorum, conflicts and votes of a council, on a day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cupola.errors import Conflict, InvalidInput


class Basis(StrEnum):
    """What a quorum is a share of."""

    SEATS = "seats"  # all seats, filled or not
    MEMBERS = "members"  # seats that are filled


class QuorumImpossible(InvalidInput):
    """A quorum that no meeting can reach, or that is none."""

    def __init__(self, quorum: int, seats: int) -> None:
        self.quorum, self.seats = quorum, seats
        super().__init__(f"A quorum of {quorum} fits no body of {seats} seats. Write a number from 1 to {seats}.")


class NoQuorum(Conflict):
    """A vote without enough members in the room."""

    def __init__(self, *, present: int, quorum: int) -> None:
        self.present, self.quorum = present, quorum
        super().__init__(f"{present} members are present and {quorum} are needed. Nothing can be decided.")


class MustRecuse(Conflict):
    """A member voted on what they have an interest in."""

    def __init__(self, seat: str, interests: Sequence[str]) -> None:
        self.seat, self.interests = seat, tuple(interests)
        super().__init__(
            f"The holder of {seat} has an interest in {', '.join(interests)} and cannot vote. Record them as recused."
        )


@dataclass(frozen=True)
class Term:
    """A time in which a seat is held: [since, until); interests are what its holder declared."""

    since: date
    until: date | None = None
    member: str = ""
    interests: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Seat:
    """A seat with its terms, oldest first. sector: where its holder must come from."""

    key: str
    sector: str = ""
    appointed_by: str = ""
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Body:
    """A council. quorum: a fixed number, or None for more than half of `basis`.

    holdover: a member whose term has ended stays until the next is named. fill_days: a vacancy longer than this is
    overdue. recused_count: recused members still count for the quorum.
    """

    key: str
    seats: tuple[Seat, ...]
    quorum: int | None = None
    basis: Basis = Basis.SEATS
    holdover: bool = False
    fill_days: int = 90
    recused_count: bool = True


@dataclass(frozen=True)
class Vacancy:
    """A seat nobody holds, since a day; None where nobody ever did."""

    seat: str
    sector: str
    since: date | None
    days: int | None
    overdue: bool


@dataclass(frozen=True)
class Standing:
    """A body on a day. held_over: seats whose holder's term has ended. ending: seats whose term ends soon."""

    members: int
    seats: int
    quorum: int
    vacancies: tuple[Vacancy, ...]
    held_over: tuple[str, ...]
    ending: tuple[tuple[str, date], ...]
    sectors: Mapping[str, tuple[int, int]]

    @property
    def can_meet(self) -> bool:
        """Whether the members there are could make a quorum."""
        return self.members >= self.quorum

    @property
    def may_miss(self) -> int:
        """How many members may be away before the quorum fails; below zero it fails with everyone there."""
        return self.members - self.quorum


@dataclass(frozen=True)
class Vote:
    """A vote by seat. needed: votes in favour that carry it."""

    yes: int
    no: int
    abstained: int
    recused: int
    needed: int

    @property
    def passed(self) -> bool:
        """Whether it carried."""
        return self.yes >= self.needed


def holder(seat: Seat, on: date, *, holdover: bool) -> Term | None:
    """Return the term by which a seat is held on a day; with `holdover` also the last one that ended."""
    begun = [term for term in seat.terms if term.since <= on]
    if not begun:
        return None
    last = max(begun, key=lambda term: term.since)
    return last if last.until is None or on < last.until or (holdover and bool(last.member)) else None


def standing(body: Body, on: date, *, soon_days: int = 90) -> Standing:
    """Return seats, members, quorum and vacancies of a body on a day. Raises QuorumImpossible."""
    held = {seat.key: holder(seat, on, holdover=body.holdover) for seat in body.seats}
    members = sum(term is not None for term in held.values())
    vacancies = tuple(_vacancy(seat, on, body.fill_days) for seat in body.seats if held[seat.key] is None)
    over = tuple(key for key, term in held.items() if term is not None and term.until is not None and term.until <= on)
    soon = on + timedelta(days=soon_days)
    ending = tuple(
        (key, term.until)
        for key, term in held.items()
        if term is not None and term.until is not None and on < term.until <= soon
    )
    sectors: dict[str, tuple[int, int]] = {}
    for seat in body.seats:
        filled, total = sectors.get(seat.sector, (0, 0))
        sectors[seat.sector] = (filled + (held[seat.key] is not None), total + 1)
    return Standing(members, len(body.seats), quorum_of(body, members), vacancies, over, ending, sectors)


def quorum_of(body: Body, members: int) -> int:
    """Return how many members must be present. Raises QuorumImpossible."""
    if body.quorum is not None:
        if not 1 <= body.quorum <= max(len(body.seats), 1):
            raise QuorumImpossible(body.quorum, len(body.seats))
        return body.quorum
    return (len(body.seats) if body.basis is Basis.SEATS else members) // 2 + 1


def conflicts(body: Body, subjects: Collection[str], *, on: date) -> dict[str, tuple[str, ...]]:
    """Return the seats whose holders have an interest in what an item is about, each with which.

    subjects: vendors, funders and organisations, compared without regard to case.
    """
    about = {one.casefold().strip() for one in subjects}
    found = {}
    for seat in body.seats:
        term = holder(seat, on, holdover=body.holdover)
        touched = sorted(one for one in (term.interests if term else ()) if one.casefold().strip() in about)
        if touched:
            found[seat.key] = tuple(touched)
    return found


def count_vote(
    body: Body, votes: Mapping[str, str], *, on: date, subjects: Collection[str] = (), share: float = 0.5
) -> Vote:
    """Return the outcome of a vote. votes: `yes`, `no`, `abstain` or `recused`, by seat.

    Carried by more than `share` of those who vote yes or no. Raises NoQuorum, and MustRecuse for a holder who voted on
    what they have an interest in.
    """
    touched = conflicts(body, subjects, on=on)
    for seat, interests in touched.items():
        if votes.get(seat, "recused") != "recused":
            raise MustRecuse(seat, interests)
    counted = {kind: sum(vote == kind for vote in votes.values()) for kind in ("yes", "no", "abstain", "recused")}
    present = sum(counted.values()) - (0 if body.recused_count else counted["recused"])
    quorum = standing(body, on).quorum
    if present < quorum:
        raise NoQuorum(present=present, quorum=quorum)
    needed = int((counted["yes"] + counted["no"]) * share) + 1
    return Vote(counted["yes"], counted["no"], counted["abstain"], counted["recused"], needed)


def at_risk(body: Body, on: date, *, attendance: Iterable[tuple[int, int]], subjects: Collection[str] = ()) -> bool:
    """Whether a meeting may fail for want of a quorum: by who holds a seat, and how many came to the last meetings.

    attendance: members present and members there were, newest first; the three newest count.
    """
    now = standing(body, on)
    away = 0 if body.recused_count else len(conflicts(body, subjects, on=on))
    recent = [present / members for present, members in attendance if members][:3]
    expected = now.members * (sum(recent) / len(recent) if recent else 1.0)
    return expected - away < now.quorum


def _vacancy(seat: Seat, on: date, fill_days: int) -> Vacancy:
    ended = [term.until for term in seat.terms if term.until is not None and term.until <= on]
    since = max(ended, default=None)
    days = None if since is None else (on - since).days
    return Vacancy(seat.key, seat.sector, since, days, days is None or days > fill_days)
