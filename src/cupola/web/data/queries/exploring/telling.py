"""What an answer says, computed from its numbers: largest, smallest, change, share, and which way a line goes."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.web.data.queries.exploring.answers import Group, Summary
from cupola.web.data.queries.exploring.exploration import How
from cupola.web.data.queries.exploring.timelines import NOTICEABLE, Timeline, trend
from cupola.web.data.queries.exploring.words import group_words, short
from cupola.web.ui.templatetags.ui import number, share

TOGETHER = 3


def of_a_cut(most: int) -> str:
    """Say that there are more groups than are shown."""
    return _("There are more than %(count)s groups; only the first are shown.") % {"count": number(most)}


def of_stragglers(count: int) -> str:
    """Say how many rows lie too far off to be drawn."""
    if not count:
        return ""
    words = ngettext(
        "%(count)s row lies far outside this time and is not drawn.",
        "%(count)s rows lie far outside this time and are not drawn.",
        count,
    )
    return words % {"count": number(count)}


def of_times(found: Summary, line: Timeline, values: Sequence[float | None]) -> str:
    """Say what a line over time shows."""
    whole = line.whole(values)
    if not whole:
        return _("There is no whole period to compare yet.")
    most, least = max(whole, key=lambda one: one[1]), min(whole, key=lambda one: one[1])
    facts = {"first": when(found, line, whole[0][0]), "last": when(found, line, whole[-1][0])}
    facts |= {"most_when": when(found, line, most[0]), "most": _short(found, most[1])}
    facts |= {"least_when": when(found, line, least[0]), "least": _short(found, least[1])}
    if len(whole) == 1:
        parts = [_("%(most_when)s: %(most)s.") % facts]
    else:
        parts = [
            _("From %(first)s to %(last)s.") % facts,
            _("Highest in %(most_when)s: %(most)s. Lowest in %(least_when)s: %(least)s.") % facts,
            _change(facts, whole[0][1], whole[-1][1]),
            _direction([value for _at, value in whole]),
        ]
    return _joined([*parts, _unfinished(found, line), _gaps(values)])


def when(found: Summary, line: Timeline, at: int) -> str:
    """Name a period of a line."""
    return group_words(line.starts[at], found.groupings[0], found.fields[0])


def _change(facts: dict[str, str], first: float, last: float) -> str:
    if first <= 0 or last < 0:
        return ""
    change = (last - first) / first
    if abs(change) < 0.0005:
        return _("As much in %(last)s as in %(first)s.") % facts
    words = {**facts, "share": share(round(abs(change), 3))}
    more = _("%(share)s more in %(last)s than in %(first)s.") % words
    return more if change > 0 else _("%(share)s less in %(last)s than in %(first)s.") % words


def _direction(values: Sequence[float]) -> str:
    change = trend(values)
    if change is None:
        return ""
    if abs(change) < NOTICEABLE:
        return _("On the whole it stays level.")
    return _("On the whole it rises.") if change > 0 else _("On the whole it falls.")


def _unfinished(found: Summary, line: Timeline) -> str:
    if not line.partial:
        return ""
    last = when(found, line, len(line.starts) - 1)
    return _("%(period)s is not complete and is not compared.") % {"period": last[:1].upper() + last[1:]}


def _gaps(values: Sequence[float | None]) -> str:
    missing = sum(value is None for value in values)
    if not missing:
        return ""
    words = ngettext("%(count)s period has no value.", "%(count)s periods have no value.", missing)
    return words % {"count": number(missing)}


def of_names(found: Summary) -> str:
    """Say what bars of named values show."""
    ranked = ranking(found)
    if not ranked:
        return _("No group has a value.")
    parts = [_top(found, ranked[0], total(found))]
    if len(ranked) > 1 and not found.cut:
        facts = {"name": ranked[-1][0], "value": _short(found, ranked[-1][1])}
        parts.append(_("Lowest: %(name)s with %(value)s.") % facts)
    parts.append(_together(found, ranked))
    return _joined([*parts, _nameless(found)])


def ranking(found: Summary) -> list[tuple[str, float]]:
    """Return the named groups with a value, the highest first."""
    pairs = [
        (_named(found, group), amount)
        for group in found.groups
        if (amount := found.amount(group)) is not None and None not in group.values
    ]
    return sorted(pairs, key=lambda pair: -pair[1])


def _named(found: Summary, group: Group) -> str:
    """Name a group; a bare number says what it is the number of."""
    if len(group.labels) == 1 and group.labels[0].isdigit():
        return f"{found.fields[0].title} {group.labels[0]}"
    return ", ".join(group.labels)


def total(found: Summary) -> float | None:
    """Return what all groups make up together; None where that is not known or means nothing."""
    if found.measure.how is How.COUNT:
        return float(found.matching)
    if found.cut or not found.additive:
        return None
    amounts = [found.amount(group) for group in found.groups]
    return sum(amount for amount in amounts if amount is not None)


def _top(found: Summary, best: tuple[str, float], whole: float | None) -> str:
    facts = {"name": best[0], "value": _short(found, best[1])}
    if not whole or whole < best[1]:
        return _("Highest: %(name)s with %(value)s.") % facts
    facts |= {"share": share(round(best[1] / whole, 3)), "total": _short(found, whole)}
    return _("Highest: %(name)s with %(value)s, %(share)s of %(total)s.") % facts


def _together(found: Summary, ranked: list[tuple[str, float]]) -> str:
    whole = total(found)
    if len(ranked) < 2 * TOGETHER or not whole or ranked[-1][1] < 0:
        return ""
    part = sum(value for _name, value in ranked[:TOGETHER]) / whole
    return _("The first three make up %(share)s.") % {"share": share(round(part, 3))}


def _nameless(found: Summary) -> str:
    """Say how many rows belong to no group; only of counts, for a reader would take it for one."""
    if found.measure.how is not How.COUNT:
        return ""
    count = sum(int(found.amount(group) or 0) for group in found.groups if None in group.values)
    if not count:
        return ""
    return ngettext("%(count)s row has no value.", "%(count)s rows have no value.", count) % {"count": number(count)}


def of_steps(found: Summary, spread: Sequence[Any]) -> str:
    """Say how a number is spread. `spread`: its median, smallest and largest value."""
    groups = [group for group in found.groups if None not in group.values]
    if not groups or spread[0] is None:
        return _("No row has a number here.")
    fullest = max(groups, key=lambda group: found.amount(group) or 0)
    field = found.fields[0]
    middle, low, high = (short(float(value), found.measure, field) for value in spread)
    words = _("Half are below %(middle)s, half above. They reach from %(low)s to %(high)s.")
    text = words % {"middle": middle, "low": low, "high": high}
    return _joined([_fullest(found, fullest), text, _nameless(found)])


def _fullest(found: Summary, group: Group) -> str:
    value, whole = found.amount(group) or 0.0, total(found)
    facts = {"name": group.labels[0], "value": _short(found, value)}
    if not whole or found.measure.how is not How.COUNT:
        return _("Highest: %(name)s with %(value)s.") % facts
    return _("Most often %(name)s: %(share)s of all.") % {**facts, "share": share(round(value / whole, 3))}


def of_many_lines(found: Summary, line: Timeline, series: Sequence[tuple[str, Sequence[float | None]]]) -> str:
    """Say what several lines show: which is largest, and how it moved."""
    name, values = series[0]
    whole = line.whole(values)
    known = [value for value in values if value is not None]
    facts = {"name": name, "value": _short(found, sum(known) if found.additive else max(known, default=0))}
    most = _("The most over the whole time: %(name)s with %(value)s.")
    parts = [(most if found.additive else _("Highest: %(name)s with %(value)s.")) % facts]
    if len(whole) > 1:
        ends = {"first": when(found, line, whole[0][0]), "last": when(found, line, whole[-1][0])}
        parts.append(_change(ends, whole[0][1], whole[-1][1]))
        parts.append(_direction([value for _at, value in whole]))
    return _joined([*parts, _unfinished(found, line)])


def _short(found: Summary, value: float) -> str:
    return short(value, found.measure, found.measure_field)


def _joined(parts: Sequence[str]) -> str:
    return " ".join(part for part in parts if part)
