"""Who does technology, data and innovation, in which department, at what cost, and how that has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cupola.orgchart.rosters import (
    Change,
    Family,
    LabelledPosts,
    Reorganisation,
    Sum,
    bare_name,
    by_department,
    per_thousand,
    queue,
    reorganisations,
    total,
    with_a_family,
)
from cupola.web.planning.queries.costs import Costs, shown_costs
from cupola.web.planning.queries.reading import ReadBudget, ReadRoster, is_anothers, population, read_rosters

MOST_QUEUED_SHARE = 0.05  # of all posts: beyond it, counts by title are not to be relied on


@dataclass(frozen=True)
class DepartmentLine:
    """One department: its posts of each family, all of them, and what they cost where that may be shown."""

    name: str
    office: str
    posts: Mapping[Family, int]
    sum: Sum
    cost_cents: int | None
    hidden: bool
    everybody: int


@dataclass(frozen=True)
class PeriodLine:
    """One period: posts in technology, data and innovation, among how many, at what cost."""

    period: str
    families: Mapping[Family, int]
    sum: Sum
    everybody: int
    cost_cents: int | None
    hidden: bool

    @property
    def per_thousand(self) -> float | None:
        """Posts in technology, data and innovation per 1,000 posts."""
        return per_thousand(self.sum.posts, self.everybody)


@dataclass(frozen=True)
class Beside:
    """Another roster at its newest period, to compare with."""

    name: str
    line: PeriodLine
    residents: int | None

    @property
    def per_resident(self) -> float | None:
        """Posts per 100,000 residents."""
        return 100_000 * self.line.sum.posts / self.residents if self.residents else None


@dataclass(frozen=True)
class DepartmentYears:
    """One department: its posts in technology, data and innovation in each list, None where it is not in it."""

    name: str
    posts: tuple[int | None, ...]


@dataclass(frozen=True)
class Told:
    """What became of departments between two periods."""

    since: str
    until: str
    changes: tuple[Reorganisation, ...]


@dataclass(frozen=True)
class Overview:
    """Everything the page of a roster shows at one period."""

    read: ReadRoster
    period: str
    now: PeriodLine
    departments: tuple[DepartmentLine, ...]
    over_time: tuple[PeriodLine, ...]
    told: tuple[Told, ...]
    costs: Costs
    queued_titles: int
    beside: tuple[Beside, ...]

    @property
    def queued_share(self) -> float:
        """Share of all posts whose title waits for a person."""
        return self.now.sum.queued / self.now.everybody if self.now.everybody else 0.0


def overview(read: ReadRoster, period: str) -> Overview:
    """Return what the page of a roster shows. `period`: one of `read.periods`."""
    everyone = read.of(period)
    ours = with_a_family(everyone)
    costs = shown_costs(read, ours)
    lines = tuple(_line(read, one) for one in read.periods)
    return Overview(
        read=read,
        period=period,
        now=next(one for one in lines if one.period == period),
        departments=tuple(_departments(read, everyone, costs)),
        over_time=lines,
        told=tuple(_told(read)),
        costs=costs,
        queued_titles=len(queue(everyone)),
        beside=tuple(_beside(read)),
    )


def office_of(read: ReadRoster | ReadBudget, department: str, period: str) -> str:
    """Return the key of the office a department's name means in a period, empty where nobody said."""
    for one in read.record.definition.get("offices", ()):
        since, until = one.get("since", ""), one.get("until", "")
        if one["name"] == department and since <= period and (not until or period < until):
            return str(one["office"])
    return ""


def departments_over_time(found: Overview) -> tuple[DepartmentYears, ...]:
    """Return every department that ever had such a post, with its posts in each list, most in one list first.

    A department that was only renamed is one, under its newest name.
    """
    renamed = _renamed(found)
    there: dict[str, set[str]] = {}
    held: dict[str, dict[str, int]] = {}
    for one in found.read.posts:
        name, period = renamed.get(one.count.department, one.count.department), one.count.period
        there.setdefault(name, set()).add(period)
        if one.family:
            line = held.setdefault(name, {})
            line[period] = line.get(period, 0) + one.count.posts
    return tuple(
        DepartmentYears(name, tuple(line.get(one, 0) if one in there[name] else None for one in found.read.periods))
        for name, line in sorted(held.items(), key=lambda pair: (-max(pair[1].values()), pair[0]))
    )


def _renamed(found: Overview) -> dict[str, str]:
    """Return the newest name of every department that had others, told from titles or by the words that count."""
    newest = {bare_name(one.count.department): one.count.department for one in found.read.posts}
    moved = {
        bare_name(change.before[0][0]): bare_name(change.after[0][0])
        for told in found.told
        for change in told.changes
        if change.change is Change.RENAMED
    }
    names = {}
    for name in {one.count.department for one in found.read.posts}:
        bare, seen = bare_name(name), set()
        while bare in moved and bare not in seen:
            seen.add(bare)
            bare = moved[bare]
        names[name] = newest[bare]
    return names


def _line(read: ReadRoster, period: str) -> PeriodLine:
    everyone = read.of(period)
    ours = with_a_family(everyone)
    costs = shown_costs(read, ours).shown
    return PeriodLine(
        period=period,
        families=_by_family(ours),
        sum=Sum(**{**vars(total(ours)), "queued": total(everyone).queued}),
        everybody=total(everyone).posts,
        cost_cents=costs.get((None, None)),
        hidden=(None, None) in costs and costs[None, None] is None,
    )


def _departments(read: ReadRoster, everyone: Sequence[LabelledPosts], costs: Costs) -> list[DepartmentLine]:
    everybody = {name: total(posts).posts for name, posts in by_department(everyone).items()}
    found = []
    for name, posts in by_department(with_a_family(everyone)).items():
        cell = (name, None)
        found.append(
            DepartmentLine(
                name=name,
                office=office_of(read, name, posts[0].count.period),
                posts=_by_family(posts),
                sum=total(posts),
                cost_cents=costs.shown.get(cell),
                hidden=cell in costs.shown and costs.shown[cell] is None,
                everybody=everybody[name],
            )
        )
    return found


def _by_family(posts: Sequence[LabelledPosts]) -> dict[Family, int]:
    return {family: total(with_a_family(posts, family)).posts for family in Family}


def _told(read: ReadRoster) -> list[Told]:
    """Return what became of departments, renamings last: they are many when a city changes how it writes names."""
    found = []
    for since, until in zip(read.periods, read.periods[1:], strict=False):
        before, after = ([one.count for one in read.of(period)] for period in (since, until))
        changes = reorganisations(before, after)
        if changes:
            ordered = sorted(changes, key=lambda one: one.change is Change.RENAMED)
            found.append(Told(since, until, tuple(ordered)))
    return found


def _beside(read: ReadRoster) -> list[Beside]:
    """Return the other governments' rosters, this one first; none where there is no other."""
    others = [one for one in read_rosters() if one.record.key != read.record.key and is_anothers(one.record)]
    shown = [read, *(one for one in others if one.periods)]
    found = [Beside(one.name, _line(one, one.periods[-1]), population(one.record)) for one in shown]
    return found if len(found) > 1 else []
