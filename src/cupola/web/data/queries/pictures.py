"""Small pictures of a dataset: how its values are spread, from the profile the lake keeps with each version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.lake import NoProfile
from cupola.lake.profile import ColumnProfile
from cupola.web.data.models import Dataset, Version
from cupola.web.data.queries.lake import home, lake
from cupola.web.data.queries.provenance import evidence
from cupola.web.data.queries.rows import NUMBERS, cell, shown_columns
from cupola.web.data.queries.timeline import count_periods
from cupola.web.data.queries.wording import column_title
from cupola.web.ui.charts import Chart, Drawing, Point, bars, columns, spark
from cupola.web.ui.templatetags.ui import number, share

TIMES = {"date", "timestamp", "instant"}
NAMED = {"code", "text", "boolean"}
SHOWN_VALUES = 8


@dataclass(frozen=True)
class ColumnPicture:
    """How one column is filled: a word-sized chart, the same in words, and the share of rows with a value."""

    drawing: Drawing | None
    words: str
    filled: float


def column_pictures(dataset: Dataset, version: Version) -> dict[str, ColumnPicture]:
    """Return the picture of each column whose values may be shown; none where the lake has no profile."""
    try:
        profile = lake().profile(dataset.key, number=version.number)
    except NoProfile:
        return {}
    measured = {column.name: column for column in profile.columns}
    return {
        column["name"]: _column_picture(measured[column["name"]], kind=str(column["type"]), rows=profile.rows)
        for column in shown_columns(dataset)
        if column["name"] in measured and not measured[column["name"]].hidden
    }


def _column_picture(measured: ColumnProfile, *, kind: str, rows: int) -> ColumnPicture:
    filled = (rows - measured.nulls) / rows if rows else 0.0
    counts = [step.count for step in measured.histogram]
    if not counts and measured.distinct < rows - measured.nulls:  # values that never repeat make a flat, empty picture
        counts = [value.count for value in measured.top[:20]]
    return ColumnPicture(spark(counts), _column_words(measured, kind=kind, rows=rows), filled)


def _column_words(measured: ColumnProfile, *, kind: str, rows: int) -> str:
    present = rows - measured.nulls
    if not present:
        return _("no values")
    if kind in NUMBERS | TIMES and measured.minimum is not None:
        low, high = (_rounded(value, kind) for value in (measured.minimum, measured.maximum))
        words = _("always %(low)s") if low == high else _("%(low)s to %(high)s")
        return words % {"low": low, "high": high}
    if measured.distinct_exact and measured.distinct >= present:
        return _("all different")
    about = ngettext("%(count)s value", "%(count)s values", measured.distinct)
    if not measured.distinct_exact:
        about = ngettext("about %(count)s value", "about %(count)s values", measured.distinct)
    different = about % {"count": number(measured.distinct)}
    if not measured.top:
        return different
    most = measured.top[0]
    facts = {"values": different, "value": cell(most.value, kind).text, "share": share(most.count / present)}
    return _("%(values)s; most often %(value)s (%(share)s)") % facts


def _rounded(value: Any, kind: str) -> str:
    """Write an extreme as short as it is useful: no time of day, no seventh digit."""
    if kind in TIMES:
        return str(date_format(value))
    return f"{value:.6g}" if kind == "float" else cell(value, kind).text


def picture(dataset: Dataset, version: Version, pictures: Mapping[str, ColumnPicture]) -> Chart | None:
    """Return the one picture at the top of the page: rows over time, else the most frequent values of a column."""
    by_name = {column["name"]: column for column in shown_columns(dataset)}
    when = by_name.get(dataset.definition.get("time_column", ""))
    if when is not None and when["type"] in TIMES:
        return _over_time(dataset, version, when)
    # how often a value stands in a table of counts says nothing
    counts = bool(dataset.definition.get("aggregates"))
    return _by_value(dataset, version, by_name) if pictures and not counts else None


def _over_time(dataset: Dataset, version: Version, column: dict[str, Any]) -> Chart | None:
    periods = count_periods(home(), dataset.key, number=version.number, column=str(column["name"]))
    if len(periods.counts) < 2:
        return None
    title = column_title(column)
    points = [Point(_period_words(day, periods.unit), n, number(n)) for day, n in periods.counts]
    most = max(points, key=lambda point: point.value)
    yearly = periods.unit == "year"
    facts = {"first": points[0].label, "last": points[-1].label, "most": most.shown, "when": most.label}
    reading = (
        _("From %(first)s to %(last)s. The most are in %(when)s: %(most)s rows. The first and last may be incomplete.")
        % facts
    )
    if periods.left_out:
        reading += " " + _("%(count)s rows lie far outside these years and are not drawn.") % {
            "count": number(periods.left_out)
        }
    period = f"date_trunc('{periods.unit}', {column['name']}) AS period"
    query = f"SELECT {period}, count(*) AS rows FROM data GROUP BY 1 ORDER BY 1"
    heading = _("Rows per year, by “%(column)s”") if yearly else _("Rows per month, by “%(column)s”")
    return Chart(
        title=heading % {"column": title},
        reading=reading,
        label_header=_("Year") if yearly else _("Month"),
        value_header=_("Rows"),
        points=tuple(points),
        drawings=columns(points),
        evidence=evidence(
            dataset,
            version,
            query=query,
            method=_("Rows are counted by calendar year.") if yearly else _("Rows are counted by calendar month."),
            result=_("%(when)s: %(most)s rows") % facts,
        ),
    )


def _period_words(day: date, unit: str) -> str:
    return f"{day.year}" if unit == "year" else str(date_format(day, "YEAR_MONTH_FORMAT"))


def _by_value(dataset: Dataset, version: Version, by_name: Mapping[str, dict[str, Any]]) -> Chart | None:
    """Draw the most frequent values of the first column that has a few values which repeat."""
    profile = lake().profile(dataset.key, number=version.number)
    for measured in profile.columns:
        column = by_name.get(measured.name)
        if column is None or column["type"] not in NAMED or not _repeats(measured, rows=profile.rows):
            continue
        return _values_chart(dataset, version, column=column, measured=measured, rows=profile.rows)
    return None


def _repeats(measured: ColumnProfile, *, rows: int) -> bool:
    return 2 <= measured.distinct <= max(40, rows // 1000) and len(measured.top) > 1 and measured.top[0].count > 1


def _values_chart(
    dataset: Dataset, version: Version, *, column: dict[str, Any], measured: ColumnProfile, rows: int
) -> Chart:
    points = [
        Point(cell(value.value, str(column["type"])).text, value.count, number(value.count))
        for value in measured.top[:SHOWN_VALUES]
        if value.value is not None
    ]
    title, name = column_title(column), str(column["name"])
    facts = {"value": points[0].label, "share": share(measured.top[0].count / rows), "column": title}
    query = f"SELECT {name}, count(*) AS rows FROM data GROUP BY {name} ORDER BY rows DESC LIMIT {SHOWN_VALUES}"
    return Chart(
        title=_("Most frequent values of “%(column)s”") % facts,
        reading=_("%(value)s is the most frequent: %(share)s of all rows.") % facts,
        label_header=title,
        value_header=_("Rows"),
        points=tuple(points),
        drawings=bars(points),
        evidence=evidence(
            dataset,
            version,
            query=query,
            method=_("Rows with the same value are counted."),
            result=_("%(value)s: %(count)s rows") % {"value": points[0].label, "count": points[0].shown},
        ),
    )
