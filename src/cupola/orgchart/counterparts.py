"""Which office or post of a chart is what in a model, or in another government: by role, by function, by who heads it.

Keys say nothing here, as each government has its own.
"""

from collections.abc import Iterable, Iterator, Mapping

from rapidfuzz import fuzz

from cupola.orgchart.chart import Chart
from cupola.orgchart.facts import Value
from cupola.orgchart.moments import Answer
from cupola.orgchart.vocabulary import OfficeKind

ALONE = (OfficeKind.EXECUTIVE, OfficeKind.GOVERNMENT, OfficeKind.ADVISORY, OfficeKind.OUTSIDE)  # each only to its like
_FUNCTIONS, _HEAD, _SITE, _NAME = 2.0, 1.5, 1.0, 0.5  # what likeness of two offices is made of
_LEAST = 0.4  # of 5; one function in five shared, or the same head


def sites_of(chart: Chart, key: str) -> tuple[Value, ...]:
    """Return where an office or a post sits: as said of it, else of its office or of what that is part of."""
    for one in upwards(chart, key):
        said = chart.values(one, "housed_in")
        if said:
            return said
    return ()


def upwards(chart: Chart, key: str) -> Iterator[str]:
    """Yield an office or post, its office, and what that is part of. A loop ends where it closes."""
    seen: set[str] = set()
    while key and key not in seen:
        yield key
        seen.add(key)
        key = str(chart.value(key, "works_in") or chart.value(key, "part_of") or "")


def counterparts(chart: Chart, model: Chart) -> Mapping[str, str]:
    """Return our key by the model's key, one to one, for all that has a counterpart here.

    Posts by role; of several, those in the same place first, and what is there for certain before what may be. Offices
    by what they do, by their head and where they sit. The head of the executive office is that of the other.
    """
    found = dict(_posts(chart, model))
    found.update(_offices(chart, model, found))
    heads = _executive_head(chart), _executive_head(model)
    if all(heads) and heads[1] not in found and heads[0] not in found.values():
        found[heads[1]] = heads[0]
    return found


def _posts(chart: Chart, model: Chart) -> Iterator[tuple[str, str]]:
    ours, theirs = _by_role(chart), _by_role(model)
    for role in sorted(ours.keys() & theirs.keys()):
        pairs = [
            (
                not set(sites_of(chart, mine)) & set(sites_of(model, other)),
                chart.exists(mine) is not Answer.YES,
                mine,
                other,
            )
            for mine in ours[role]
            for other in theirs[role]
        ]
        yield from _one_to_one((mine, other) for *_, mine, other in sorted(pairs))


def _offices(chart: Chart, model: Chart, posts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    scored = sorted(
        (-score, chart.exists(mine) is not Answer.YES, mine, other)
        for mine in chart.offices
        for other in model.offices
        if (score := _likeness((chart, mine), (model, other), posts=posts)) >= _LEAST
    )
    yield from _one_to_one((mine, other) for *_, mine, other in scored)


def _likeness(ours: tuple[Chart, str], theirs: tuple[Chart, str], *, posts: Mapping[str, str]) -> float:
    """Return how alike two offices are, 0 to 5; 0 where they cannot be the same."""
    (chart, mine), (model, other) = ours, theirs
    kinds = {chart.value(mine, "kind"), model.value(other, "kind")}
    if len(kinds) > 1 and kinds & {*ALONE}:
        return 0.0
    executive = kinds == {OfficeKind.EXECUTIVE}
    does, done = set(chart.values(mine, "function")), set(model.values(other, "function"))
    common = _FUNCTIONS * len(does & done) / len(does | done) if does | done else 0.0
    head = posts.get(str(model.value(other, "headed_by")), "")
    same_head = _HEAD if head and mine in {chart.value(head, "works_in"), _headed(chart, mine, head)} else 0.0
    if not (common or same_head or executive):
        return 0.0
    site = _SITE if set(sites_of(chart, mine)) & set(sites_of(model, other)) else 0.0
    names = (str(side.value(key, "name") or key).casefold() for side, key in (ours, theirs))
    return common + same_head + site * bool(common) + executive + _NAME * fuzz.token_sort_ratio(*names) / 100


def _headed(chart: Chart, office: str, post: str) -> str:
    return office if chart.value(office, "headed_by") == post else ""


def _executive_head(chart: Chart) -> str:
    offices = (key for key in chart.offices if chart.value(key, "kind") == OfficeKind.EXECUTIVE)
    return next((str(head) for key in offices if (head := chart.value(key, "headed_by"))), "")


def _by_role(chart: Chart) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key in chart.posts:
        for role in chart.values(key, "role"):
            found.setdefault(str(role), []).append(key)
    return found


def _one_to_one(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield (theirs, ours) of pairs given best first, each side once."""
    taken: tuple[set[str], set[str]] = (set(), set())
    for mine, other in pairs:
        if mine not in taken[0] and other not in taken[1]:
            taken[0].add(mine)
            taken[1].add(other)
            yield other, mine
