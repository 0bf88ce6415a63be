"""Who does technology, data and innovation: posts of a roster by department, family of work and function."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from cupola.orgchart.rosters.counts import PostCount
from cupola.orgchart.titles import Group, Label, Settled, classify


class Family(StrEnum):
    """A family of work."""

    TECHNOLOGY = "technology"
    DATA = "data"
    INNOVATION = "innovation"


FAMILY_OF: Mapping[Group, Family] = MappingProxyType(
    {
        Group.IT_INFRASTRUCTURE: Family.TECHNOLOGY,
        Group.APPLICATIONS: Family.TECHNOLOGY,
        Group.SECURITY: Family.TECHNOLOGY,
        Group.DIGITAL_SERVICES: Family.TECHNOLOGY,
        Group.TELECOM_RADIO: Family.TECHNOLOGY,
        Group.DATA_ANALYTICS: Family.DATA,
        Group.OPEN_DATA: Family.DATA,
        Group.GIS: Family.DATA,
        Group.PERFORMANCE: Family.DATA,
        Group.INNOVATION: Family.INNOVATION,
    }
)  # answering calls (311) and managing projects are neither: most projects are of concrete


@dataclass(frozen=True)
class LabelledPosts:
    """Posts of one title in one department and period, with what the title is about.

    `function`: the first of its functions that has a family, None where none has.
    """

    count: PostCount
    label: Label
    function: Group | None

    @property
    def family(self) -> Family | None:
        """The family of work, None for everybody else's."""
        return FAMILY_OF[self.function] if self.function else None


@dataclass(frozen=True)
class Sum:
    """Posts added up. `fte` and `cost_cents` are None where they are not known for all of them."""

    posts: int = 0
    fte: float | None = 0.0
    cost_cents: int | None = 0
    queued: int = 0

    @property
    def costed(self) -> bool:
        """Whether what all of the posts cost is known."""
        return self.cost_cents is not None


def labelled(counts: Sequence[PostCount], *, settled: Sequence[Settled] = ()) -> tuple[LabelledPosts, ...]:
    """Label the posts of one city's roster; each distinct pair of title and department is read once.

    Where a roster counts posts by department without titles, the department's own name is read as the title of all.
    """
    labels = classify((_read_as(one) for one in counts), settled=settled)
    found = []
    for one in counts:
        label = labels[_read_as(one)]
        function = None if label.queued else next((each for each in label.functions if each in FAMILY_OF), None)
        found.append(LabelledPosts(one, label, function))
    return tuple(found)


def _read_as(one: PostCount) -> tuple[str, str]:
    return (one.title, one.department) if one.title else (one.department, "")


def total(posts: Iterable[LabelledPosts]) -> Sum:
    """Add posts up."""
    held = list(posts)
    counts = [one.count for one in held]
    return Sum(
        posts=sum(one.posts for one in counts),
        fte=_whole([one.fte for one in counts]),
        cost_cents=_cents(counts),
        queued=sum(one.count.posts for one in held if one.label.queued),
    )


def by_department(posts: Iterable[LabelledPosts]) -> dict[str, list[LabelledPosts]]:
    """Return the posts of each department, most first."""
    held: dict[str, list[LabelledPosts]] = {}
    for one in posts:
        held.setdefault(one.count.department, []).append(one)
    return dict(sorted(held.items(), key=lambda pair: (-sum(one.count.posts for one in pair[1]), pair[0])))


def with_a_family(posts: Iterable[LabelledPosts], *families: Family) -> list[LabelledPosts]:
    """Return the posts that do technology, data or innovation, or only those of the named families."""
    wanted = families or tuple(Family)
    return [one for one in posts if one.family in wanted]


def queue(posts: Iterable[LabelledPosts]) -> list[tuple[Label, int]]:
    """Return the titles a person must settle, with how many posts each has, most first."""
    held: dict[tuple[str, str], tuple[Label, int]] = {}
    for one in posts:
        if one.label.queued:
            key = one.label.title, one.label.department
            held[key] = one.label, held.get(key, (one.label, 0))[1] + one.count.posts
    return sorted(held.values(), key=lambda pair: (-pair[1], pair[0].title, pair[0].department))


def per_thousand(part: int, whole: int) -> float | None:
    """Return how many of a thousand, None of nobody."""
    return 1000 * part / whole if whole else None


def _whole(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _cents(counts: list[PostCount]) -> int | None:
    """Return what the posts cost; None as soon as the pay of one post is unknown, for a part is not shown as whole."""
    if any(one.costed < one.posts for one in counts):
        return None
    return sum(one.cost_cents or 0 for one in counts)
