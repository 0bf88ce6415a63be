"""The picture of an answer: a line over time, bars, a histogram, or the same for a second group."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.web.data.queries.exploring import telling
from cupola.web.data.queries.exploring.answers import Group, Summary
from cupola.web.data.queries.exploring.exploration import PERIODS, By, Grouping
from cupola.web.data.queries.exploring.fields import Field
from cupola.web.data.queries.exploring.timelines import Timeline, as_day, timeline, without_stragglers
from cupola.web.data.queries.exploring.words import group_words, scale, short
from cupola.web.ui.charts import Drawing, Point, bars, columns
from cupola.web.ui.charts_lines import Series, Times, lines
from cupola.web.ui.charts_panels import Panel, panels
from cupola.web.ui.templatetags.ui import number

MOST_BARS, MOST_LINES, MOST_PANELS, MOST_IN_PANEL = 20, 6, 6, 8


@dataclass(frozen=True)
class Picture:
    """Drawings for wide and narrow screens, and what they say in words."""

    drawings: tuple[Drawing, ...]
    reading: str


@dataclass(frozen=True)
class Known:
    """What a picture must know beside the groups. `newest`: the last day of the dataset, `asked_until` of the question.

    `spread`: median, smallest and largest of a number shown in steps.
    """

    newest: date | None = None
    asked_until: date | None = None
    spread: Sequence[Any] = ()


def picture(found: Summary, known: Known) -> Picture | None:
    """Return the picture of a summary; None where there is nothing to draw."""
    if not found.groupings or not found.groups:
        return None
    dated = [at for at, one in enumerate(found.groupings) if one.by in PERIODS]
    if len(found.groupings) == 2:
        return _lines(found, known, along=dated[0]) if dated else _panels(found)
    if dated:
        return _line(found, known)
    return _upright(found, known) if found.groupings[0].by is not By.VALUE else _bars(found)


def _line(found: Summary, known: Known) -> Picture | None:
    line, aside = _timeline(found, known, along=0)
    if not line.starts:
        return None
    values = line.series({as_day(g.values[0]): found.amount(g) for g in found.groups if g.values[0] is not None})
    drawings = lines([Series("", values)], _times(found, line))
    return Picture(drawings, f"{telling.of_times(found, line, values)} {aside}".strip())


def _timeline(found: Summary, known: Known, *, along: int) -> tuple[Timeline, str]:
    """Return the periods to draw, and what to say of rows that lie far outside them."""
    counts: Counter[date] = Counter()
    for group in found.groups:
        if group.values[along] is not None:
            counts[as_day(group.values[along])] += int(group.measured[0])  # the first measure is always the count
    by = found.groupings[along].by
    days, left_out = without_stragglers(counts, by)
    line = timeline(days, by, known_until=known.newest, asked_until=known.asked_until)
    return line, telling.of_stragglers(left_out)


def _times(found: Summary, line: Timeline) -> Times:
    return Times(len(line.starts), line.ticks(), line.partial, shown=_shown(found), brief=scale)


def _shown(found: Summary) -> Callable[[float], str]:
    return lambda value: short(value, found.measure, found.measure_field)


def _bars(found: Summary) -> Picture:
    write = _shown(found)
    named = [group for group in found.groups if None not in group.values]
    drawn = [(group, amount) for group in named if (amount := found.amount(group)) is not None]
    points = [Point(group.labels[0], amount, write(amount)) for group, amount in drawn[:MOST_BARS]]
    rest = drawn[MOST_BARS:]
    reading = telling.of_names(found)
    if rest and found.additive and not found.cut:
        return Picture(bars(points, rest=_others(rest, write)), reading)
    if rest:
        left = ngettext("%(count)s more group is not drawn.", "%(count)s more groups are not drawn.", len(rest))
        reading = f"{reading} {left % {'count': number(len(rest))}}"
    return Picture(bars(points), reading)


def _others(rest: Sequence[tuple[Group, float]], write: Callable[[float], str]) -> Point:
    amount = sum(amount for _group, amount in rest)
    label = ngettext("%(count)s other", "%(count)s others together", len(rest)) % {"count": number(len(rest))}
    return Point(label, amount, write(amount))


def _upright(found: Summary, known: Known) -> Picture:
    """Draw groups that have an order of their own: steps of a number, days of the week, hours."""
    grouping, field = found.groupings[0], found.fields[0]
    amounts = {group.values[0]: found.amount(group) or 0.0 for group in found.groups if group.values[0] is not None}
    known_keys = {round(float(key), 6): amount for key, amount in amounts.items()}
    steps = found.steps.get(grouping.column)
    places: Mapping[By, Sequence[float]] = {By.WEEKDAY: range(7), By.HOUR: range(24)}
    keys = steps.edges if steps else places[grouping.by]
    write = _shown(found)
    points = [
        Point(_upright_label(key, grouping, field), amount, write(amount))
        for key in keys
        for amount in [known_keys.get(round(float(key), 6), 0.0)]
    ]
    reading = telling.of_steps(found, known.spread) if steps else telling.of_names(found)
    return Picture(columns(points), reading)


def _upright_label(key: float, grouping: Grouping, field: Field) -> str:
    return scale(key) if grouping.by is By.STEPS else group_words(key, grouping, field)


def _lines(found: Summary, known: Known, *, along: int) -> Picture | None:
    """Draw one line per value of the other group: the largest, and what is left as one more where that adds up."""
    line, aside = _timeline(found, known, along=along)
    if not line.starts:
        return None
    per_name = _by_label(found.groups, 1 - along)
    order = sorted(per_name, key=lambda name: -_weight(found, per_name[name]))
    series = [(name, line.series(_on_days(found, per_name[name], along))) for name in order[:MOST_LINES]]
    rest = order[MOST_LINES:]
    if rest and found.additive:
        summed: dict[date, float | None] = {}
        for name in rest:
            for day, amount in _on_days(found, per_name[name], along).items():
                summed[day] = (summed.get(day) or 0.0) + (amount or 0.0)
        label = ngettext("%(count)s other", "%(count)s others together", len(rest)) % {"count": number(len(rest))}
        series.append((label, line.series(summed)))
    turned = found if along == 0 else _turned(found)
    brief = _unprefixed(order[:MOST_LINES])
    drawings = lines([Series(brief.get(name, name), values) for name, values in series], _times(found, line))
    return Picture(drawings, f"{telling.of_many_lines(turned, line, series)} {aside}".strip())


def _turned(found: Summary) -> Summary:
    """Return a summary whose first group is the other one."""
    return Summary(
        groupings=found.groupings[::-1],
        fields=found.fields[::-1],
        measures=found.measures,
        measure_fields=found.measure_fields,
        groups=found.groups,
        matching=found.matching,
        steps=found.steps,
        cut=found.cut,
    )


def _by_label(groups: Sequence[Group], at: int) -> dict[str, list[Group]]:
    found: dict[str, list[Group]] = {}
    for group in groups:
        found.setdefault(group.labels[at], []).append(group)
    return found


def _weight(found: Summary, groups: Sequence[Group]) -> float:
    amounts = [amount for group in groups if (amount := found.amount(group)) is not None]
    return sum(amounts) if found.additive else max(amounts, default=0.0)


def _on_days(found: Summary, groups: Sequence[Group], along: int) -> dict[date, float | None]:
    return {as_day(one.values[along]): found.amount(one) for one in groups if one.values[along] is not None}


def _panels(found: Summary) -> Picture:
    """Draw one panel per value of the group with fewer of them, with the largest values of the other."""
    names = [_by_label(found.groups, at) for at in (0, 1)]
    outer = 0 if len(names[0]) <= len(names[1]) else 1
    ranked = [sorted(one, key=lambda name, one=one: -_weight(found, one[name])) for one in names]  # type: ignore[misc]
    inner = _in_order(
        ranked[1 - outer][:MOST_IN_PANEL], names[1 - outer], grouping=found.groupings[1 - outer], at=1 - outer
    )
    brief = _unprefixed(inner)
    drawn = []
    for title in ranked[outer][:MOST_PANELS]:
        amounts = {group.labels[1 - outer]: found.amount(group) for group in names[outer][title]}
        points = tuple(
            Point(brief[name], amounts.get(name) or 0.0, _or_nothing(amounts.get(name), found)) for name in inner
        )
        drawn.append(Panel(title, points))
    reading = telling.of_names(found)
    if len(names[outer]) > MOST_PANELS or len(names[1 - outer]) > MOST_IN_PANEL:
        reading += " " + _("Only the largest are drawn; the table has all.")
    return Picture(panels(drawn), reading)


def _in_order(names: list[str], groups: Mapping[str, list[Group]], *, grouping: Grouping, at: int) -> list[str]:
    """Put names back into the order their values have, where they have one."""
    if grouping.by is By.VALUE:
        return names
    return sorted(names, key=lambda name: (groups[name][0].values[at] is None, groups[name][0].values[at] or 0))


def _or_nothing(amount: float | None, found: Summary) -> str:
    """Write an amount; where there are no rows it is none, but no average."""
    if amount is None:
        return _shown(found)(0.0) if found.additive else "-"
    return _shown(found)(amount)


def _unprefixed(names: Sequence[str]) -> dict[str, str]:
    """Return names by what they are called in a picture: without the words that all of them begin with."""
    words = [name.split() for name in names if " " in name]
    same = 0
    if len(words) > 2 and len(words) >= len(names) - 1:
        shortest = min(len(one) for one in words)
        while same < shortest - 1 and len({one[same].casefold() for one in words}) == 1:
            same += 1
    return {name: " ".join(name.split()[same:]).lstrip("-\u2013\u2014:/ ") or name if same else name for name in names}
