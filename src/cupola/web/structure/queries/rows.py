"""The chart of a day as rows: every office below what it is part of, its head first, then its posts, then its parts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext

from cupola.orgchart.chart import Chart
from cupola.orgchart.facts import Funding
from cupola.orgchart.moments import Answer
from cupola.web.structure.queries.words import value_words, word

_RANK = {"government": 0, "executive": 0, "advisory": 2, "outside": 3}  # what stands at the top, and at the end


@dataclass(frozen=True)
class Row:
    """One office or post. depth: how many are above it. above: key of the next, empty at the top.

    sure: it was there for certain. recurring: its money is. posts: of an office, how many work in it itself.
    """

    key: str
    kind: str
    name: str
    depth: int
    above: str
    mandate: str
    says: tuple[str, ...]
    sure: bool
    recurring: bool
    vacant: bool = False
    posts: int = 0

    @property
    def small(self) -> str:
        """What stands under the name."""
        return " · ".join(self.says)


def rows_of(chart: Chart, *, collapsed: bool) -> tuple[Row, ...]:
    """Return the rows of a chart; collapsed leaves posts out."""
    return tuple(_rows(chart, collapsed=collapsed))


def shared(before: tuple[Row, ...], after: tuple[Row, ...]) -> Mapping[str, tuple[int, int]]:
    """Return one place for each office and post of two charts, as line and depth, the same in both.

    What is in the later chart stands where that has it; what is only in the earlier one stands below what it was
    under.
    """
    now = {row.key: row for row in after}
    children: dict[str, list[str]] = {}
    for row in (*after, *(row for row in before if row.key not in now)):
        known = row.above in now or any(row.above == one.key for one in before)
        children.setdefault(row.above if known else "", []).append(row.key)
    places: dict[str, tuple[int, int]] = {}
    waiting = [(key, 0) for key in reversed(children.get("", []))]
    while waiting:
        key, depth = waiting.pop()
        if key in places:
            continue
        places[key] = (len(places), depth)
        waiting += [(child, depth + 1) for child in reversed(children.get(key, []))]
    for row in (*after, *before):  # what goes round in a circle
        places.setdefault(row.key, (len(places), 0))
    return places


def _rows(chart: Chart, *, collapsed: bool) -> Iterator[Row]:
    children: dict[str, list[str]] = {}
    for key in chart.offices:
        above = str(chart.value(key, "part_of") or "") or _above(chart, key)
        children.setdefault(above if above in chart.offices and above != key else "", []).append(key)
    tops = sorted(children.get("", []), key=lambda key: (_RANK.get(str(chart.value(key, "kind")), 1), key))
    waiting = [(key, "", 0) for key in reversed(tops)]
    seen: set[str] = set()
    while waiting:
        key, above, depth = waiting.pop()
        if key in seen:
            continue
        seen.add(key)
        yield _row(chart, key, depth, above=above, posts=len(chart.posts_of(key)))
        if not collapsed:
            yield from (_row(chart, post, depth + 1, above=key) for post in _head_first(chart, key))
        waiting += [(child, key, depth + 1) for child in reversed(children.get(key, []))]
    yield from (_row(chart, key, 0) for key in chart.offices if key not in seen)  # parts that go round in a circle
    if not collapsed:
        yield from (_row(chart, key, 0) for key in chart.posts if str(chart.value(key, "works_in")) not in seen)


def _head_first(chart: Chart, office: str) -> list[str]:
    head = str(chart.value(office, "headed_by") or "")
    return sorted(chart.posts_of(office), key=lambda post: (post != head, post))


def _above(chart: Chart, office: str) -> str:
    """Return the office of whom an office reports to."""
    boss = chart.boss(office)
    return str(chart.value(boss, "works_in") or "") if boss and chart.kind(boss) == "post" else boss


def _row(chart: Chart, key: str, depth: int, *, above: str = "", posts: int = 0) -> Row:
    names: dict[str, str] = {}
    money = [value for value in chart.values(key, "funding") if isinstance(value, Funding)]
    said = (
        " / ".join(word(one) for one in chart.values(key, "housed_in")),
        " / ".join(word(value) for value in chart.values(key, "mandate")),
        " + ".join(dict.fromkeys(value_words(Funding(one.source), names) for one in money)),
    )
    vacant = chart.value(key, "filled") is False
    return Row(
        key=key,
        kind=chart.kind(key),
        name=str(chart.value(key, "name") or key),
        depth=depth,
        above=above,
        mandate=str(chart.value(key, "mandate") or ""),
        says=tuple(part for part in (gettext("vacant") if vacant else "", *said) if part),
        sure=chart.exists(key) is Answer.YES,
        recurring=not money or all(one.source.recurring for one in money),
        vacant=vacant,
        posts=posts,
    )


def placed(row: Row, depth: int) -> Row:
    """Return the row at another depth."""
    return row if row.depth == depth else replace(row, depth=depth)
