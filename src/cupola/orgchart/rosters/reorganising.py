"""Departments that were renamed, merged or split between two rosters, told from the titles their posts carry."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from cupola.orgchart.rosters.counts import PostCount

CARRIED = 0.5  # share of posts that must go along, as in the Organization Ontology's ChangeEvent
NEARLY_ALL = 0.8  # share of the smaller one's posts that makes two departments one although one is much larger
SMALL = 5  # fewer posts say nothing of where a department went
_EMPTY = {"department", "dept", "dpt", "of", "the", "and", "office", "for", "city"}
Floats = NDArray[np.float64]


class Change(StrEnum):
    """What became of departments."""

    RENAMED = "renamed"
    MERGED = "merged"
    SPLIT = "split"
    CLOSED = "closed"
    CREATED = "created"


@dataclass(frozen=True)
class Reorganisation:
    """What became of departments between two periods.

    `before`, `after`: their names and posts (before a split: the posts that left). `share`: of the posts before (of a
    split or a new one: after), how many have a counterpart of the same title on the other side.
    """

    change: Change
    before: tuple[tuple[str, int], ...]
    after: tuple[tuple[str, int], ...]
    share: float


@dataclass(frozen=True)
class _Sides:
    """Posts by department and title before and after; rows and columns of the arrays follow the lists."""

    old: list[str]
    new: list[str]
    before: Floats
    after: Floats


@dataclass(frozen=True)
class _Fates:
    """What became of which: rows that are gone and come, old rows that are a new one, and that went into one."""

    sides: _Sides
    gone: list[int]
    come: list[int]
    same: Mapping[int, int]
    into: Mapping[int, tuple[int, float]]


def reorganisations(before: Iterable[PostCount], after: Iterable[PostCount]) -> tuple[Reorganisation, ...]:
    """Return what became of departments whose names are on one side only, largest first.

    Names that differ in case, signs and the words a city puts before every department are the same. Beyond that they
    play no part: two departments are one when their titles are, and a department that is gone went where posts of its
    titles appeared. Departments of fewer than five posts are left out.
    """
    old, new = _by_department(before), _by_department(after)
    sides = _sides(_as_named_in(old, new), new)
    gone = [row for row, name in enumerate(sides.old) if name not in sides.new]
    come = [row for row, name in enumerate(sides.new) if name not in sides.old]
    same = _same(sides, gone, come)
    into = _into(sides, [row for row in gone if row not in same], same)
    fates = _Fates(sides, gone=gone, come=come, same=same, into=into)
    found = [*_told(fates), *_left(fates), *_new(fates)]
    return tuple(sorted(found, key=lambda one: (-sum(posts for _, posts in (*one.before, *one.after)), one.before)))


def _by_department(groups: Iterable[PostCount]) -> dict[str, Counter[str]]:
    held: dict[str, Counter[str]] = {}
    for group in groups:
        held.setdefault(group.department, Counter())[group.title] += group.posts
    return {name: titles for name, titles in held.items() if sum(titles.values()) >= SMALL}


def _as_named_in(before: Mapping[str, Counter[str]], after: Mapping[str, Counter[str]]) -> dict[str, Counter[str]]:
    """Return departments under the names the other side writes them by, where both mean the same one."""
    bare_after = {bare_name(name): name for name in after}
    bare_before = Counter(bare_name(name) for name in before)
    return {
        bare_after[bare_name(name)]
        if bare_before[bare_name(name)] == 1 and bare_name(name) in bare_after
        else name: titles
        for name, titles in before.items()
    }


def bare_name(name: str) -> str:
    """Return a name without case, signs, and the words that stand before many: department of, office of the."""
    words = re.sub(r"[^a-z0-9]+", " ", name.casefold().replace("&", " and ")).split()
    kept = [word for word in words if word not in _EMPTY]
    return " ".join(kept or words)


def _sides(before: Mapping[str, Counter[str]], after: Mapping[str, Counter[str]]) -> _Sides:
    titles = sorted({title for side in (before, after) for held in side.values() for title in held})
    place = {title: index for index, title in enumerate(titles)}

    def posts(side: Mapping[str, Counter[str]]) -> tuple[list[str], Floats]:
        names = sorted(side)
        counts = np.zeros((len(names), len(titles)))
        for row, name in enumerate(names):
            for title, held in side[name].items():
                counts[row, place[title]] = held
        return names, counts

    return _Sides(*(posts(before)[0], posts(after)[0], posts(before)[1], posts(after)[1]))


def _same(sides: _Sides, gone: list[int], come: list[int]) -> dict[int, int]:
    """Return which new name is which old one: each is the other's best match, by half of the larger one's posts."""
    if not gone or not come:
        return {}
    shared = np.array([[np.minimum(sides.before[i], sides.after[j]).sum() for j in come] for i in gone])
    sizes = sides.before[gone].sum(axis=1), sides.after[come].sum(axis=1)
    score = shared / np.maximum.outer(*sizes)
    grown_or_shrunk = shared / np.minimum.outer(*sizes) >= NEARLY_ALL  # seasonal staff come and go with the month
    score = np.where(grown_or_shrunk & (score >= CARRIED / 2), np.maximum(score, CARRIED), score)
    best_new, best_old = score.argmax(axis=1), score.argmax(axis=0)
    return {gone[i]: come[int(j)] for i, j in enumerate(best_new) if best_old[j] == i and score[i, j] >= CARRIED}


def _gained(sides: _Sides, same: Mapping[int, int]) -> Floats:
    """Return by new department and title how many posts it has more than the department it was before."""
    was = {new: sides.before[old] for old, new in same.items()}
    was |= {row: sides.before[sides.old.index(name)] for row, name in enumerate(sides.new) if name in sides.old}
    nothing = np.zeros(sides.before.shape[1])
    return np.array([np.maximum(sides.after[row] - was.get(row, nothing), 0) for row in range(len(sides.new))])


def _into(sides: _Sides, gone: list[int], same: Mapping[int, int]) -> dict[int, tuple[int, float]]:
    """Return for departments that are gone the one that took most of their posts, and the share it took."""
    gained, found = _gained(sides, same), {}
    for row in gone:
        taken = np.minimum(sides.before[row], gained).sum(axis=1)
        best = int(taken.argmax())
        share = float(taken[best] / sides.before[row].sum())
        if share >= CARRIED:
            found[row] = (best, share)
    return found


def _told(fates: _Fates) -> list[Reorganisation]:
    """Return renamings, and mergers where a department took others in."""
    sides, same, into, found = fates.sides, fates.same, fates.into, []
    for new in sorted({*same.values(), *(target for target, _ in into.values())}):
        old = [row for row, target in same.items() if target == new]
        joined = sorted({*old, *(row for row, (target, _) in into.items() if target == new)})
        if not old and sides.new[new] in sides.old:
            joined = sorted({*joined, sides.old.index(sides.new[new])})
        change = Change.MERGED if len(joined) > 1 else Change.RENAMED
        carried = np.minimum(sides.before[joined].sum(axis=0), sides.after[new]).sum()
        share = float(carried / sides.before[joined].sum())
        found.append(
            Reorganisation(
                change, _named(sides.old, sides.before, joined), _named(sides.new, sides.after, [new]), share
            )
        )
    return found


def _left(fates: _Fates) -> list[Reorganisation]:
    """Return departments that are gone and whose posts are found nowhere together."""
    rest = [row for row in fates.gone if row not in fates.same and row not in fates.into]
    sides = fates.sides
    return [Reorganisation(Change.CLOSED, _named(sides.old, sides.before, [row]), (), 0.0) for row in rest]


def _new(fates: _Fates) -> list[Reorganisation]:
    """Return new departments, and for those made of posts that others lost, which lost them."""
    taken = {*fates.same.values(), *(target for target, _ in fates.into.values())}
    sides, found = fates.sides, []
    for row in (row for row in fates.come if row not in taken):
        givers, share = _givers(sides, row)
        after = _named(sides.new, sides.after, [row])
        if share >= CARRIED:
            found.append(Reorganisation(Change.SPLIT, givers, after, share))
        else:
            found.append(Reorganisation(Change.CREATED, (), after, share))
    return found


def _givers(sides: _Sides, row: int) -> tuple[tuple[tuple[str, int], ...], float]:
    """Return which departments that stay lost the posts a new one has, how many each, and the share they make."""
    rest, gave = sides.after[row].copy(), []
    lost = {
        name: np.maximum(sides.before[sides.old.index(name)] - sides.after[here], 0)
        for here, name in enumerate(sides.new)
        if name in sides.old
    }
    for name in sorted(lost, key=lambda one: (-np.minimum(lost[one], rest).sum(), one)):
        taken = np.minimum(lost[name], rest)
        if taken.sum() >= SMALL:
            gave.append((name, int(taken.sum())))
            rest = rest - taken
    return tuple(gave), float(1 - rest.sum() / sides.after[row].sum())


def _named(names: list[str], posts: Floats, rows: list[int]) -> tuple[tuple[str, int], ...]:
    return tuple((names[row], int(posts[row].sum())) for row in rows)
