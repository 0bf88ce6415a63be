"""Posts and money that belong together although a roster and a budget name them in different departments."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from cupola.orgchart.rosters.counts import Amount, PostCount

_COMMON = frozenset(
    (
        *("new", "the", "and", "for", "services", "service", "operations", "program", "programs", "administration"),
        *("department", "office", "division", "management", "support", "general", "city", "public", "technology"),
        *("data", "information", "innovation", "enterprise", "core"),
    )
)


@dataclass(frozen=True)
class Joined:
    """A program of a budget and the posts whose titles bear its name.

    `cents`: the program's money; `elsewhere`: departments of the roster the posts stand under.
    """

    period: str
    department: str
    program: str
    cents: int
    titles: tuple[tuple[str, int], ...]
    elsewhere: tuple[str, ...]


def joined(amounts: Iterable[Amount], counts: Iterable[PostCount]) -> tuple[Joined, ...]:
    """Return the programs that share two words next to each other with titles, largest first; all of one period.

    Two such words must not both be of the common ones (services, technology and the like).
    """
    programs: dict[tuple[str, str, str], int] = {}
    for one in amounts:
        if one.program:
            key = one.period, one.department, one.program
            programs[key] = programs.get(key, 0) + one.cents
    titles: dict[tuple[str, str], list[PostCount]] = {}
    for post in counts:
        for pair in _pairs(post.title):
            titles.setdefault(pair, []).append(post)
    found = [_join(key, cents, titles) for key, cents in programs.items()]
    return tuple(sorted((one for one in found if one), key=lambda one: -one.cents))


def _join(key: tuple[str, str, str], cents: int, titles: dict[tuple[str, str], list[PostCount]]) -> Joined | None:
    period, department, program = key
    posts = {post for pair in _pairs(program) for post in titles.get(pair, ())}
    if not posts:
        return None
    held: dict[str, int] = {}
    for post in posts:
        held[post.title] = held.get(post.title, 0) + post.posts
    named = tuple(sorted(held.items(), key=lambda pair: (-pair[1], pair[0])))
    return Joined(period, department, program, cents, named, tuple(sorted({post.department for post in posts})))


def _pairs(text: str) -> list[tuple[str, str]]:
    words = re.findall(r"[a-z0-9]+", text.casefold())
    pairs = pairwise(words)
    return [pair for pair in pairs if not set(pair) <= _COMMON and all(len(word) > 2 for word in pair)]
