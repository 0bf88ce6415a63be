"""Gaps as measures: their values, from those of the measure they are of, and which groups they are between now."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import pyarrow as pa
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola import indicators
from cupola.folder import MeasureRecord
from cupola.indicators import Checked
from cupola.indicators import signals as sg
from cupola.web.performance.models import Measure
from cupola.web.performance.queries.hiding import hidden_groups, threshold_of
from cupola.web.performance.queries.measures import described, find_measure
from cupola.web.performance.queries.values import Series, all_series
from cupola.web.performance.queries.words import value_words


def gap_values(gap: Checked, rows: pa.Table) -> pa.Table:
    """Return the rows of a gap from rows of the measure it is of, for the periods those are of."""
    rule = gap.measure.gap
    assert rule is not None
    threshold = threshold_of(gap.measure.dataset)
    hidden: frozenset[tuple[date, tuple[str, ...]]] = frozenset()
    if threshold:
        mine = [one for one in indicators.read_values(rows) if set(one.group) == {rule.between}]
        hidden = hidden_groups(mine, by=(rule.between,), threshold=threshold)
    return indicators.gap_rows(gap, rows, hidden=hidden)


def gap_now(one: Series, *, period: str, now: datetime) -> str:
    """Say which groups the newest value of a gap is between, and how many could not be compared."""
    rule, latest = one.record.gap, one.latest
    if rule is None or latest is None:
        return ""
    of = find_measure(rule.of)
    values: dict[str, float | None] = {}
    for each in all_series([of], now=now, by=(rule.between,)):
        member = each.group[rule.between]
        point = next((point for point in each.points if point.period == latest.period), None)
        if member is not None and point is not None:
            values[member] = point.value if point.n >= rule.fewest else None
    found = sg.gap(values)
    return gap_words(found, described(of), period=period) if found is not None else ""


def gap_words(found: sg.Gap, record: MeasureRecord, *, period: str) -> str:
    """Say between which groups of a measure a gap lies."""
    facts: Mapping[str, str] = {
        "period": period,
        "high": value_words(found.high, record),
        "low": value_words(found.low, record),
        "highest": found.highest,
        "lowest": found.lowest,
    }
    said = _("In %(period)s it is highest for %(highest)s with %(high)s and lowest for %(lowest)s with %(low)s.")
    words = said % facts
    if found.left_out:
        n = found.left_out
        words += " " + ngettext("%(n)s group is not known.", "%(n)s groups are not known.", n) % {"n": n}
    return words


def gaps_of(measure: Measure, among: Iterable[Measure]) -> list[Measure]:
    """Return those of some measures that are gaps between groups of this one."""
    return [one for one in among if one.definition.get("gap", {}).get("of") == measure.key]
