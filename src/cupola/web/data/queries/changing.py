"""How a dataset changes: what was announced of its columns, and which public rows later versions corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from cupola.contracts import Announcement, announcements
from cupola.web.data.models import Correction, Dataset
from cupola.web.data.queries.lake import city_zone
from cupola.web.data.queries.wording import column_title, type_words

MOST = 200  # corrections told at a time


@dataclass(frozen=True)
class AnnouncedLine:
    """One announcement, in words. `over`: its day has come."""

    column: str
    says: str
    announced: date
    until: date
    why: str
    over: bool
    facts: dict[str, Any]


@dataclass(frozen=True)
class CorrectionLine:
    """One version that changed rows which were public. `columns`: title, name and rows changed, most first."""

    version: int
    before: int
    rows_changed: int
    rows_removed: int
    columns: tuple[tuple[str, str, int], ...]
    at: datetime

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values."""
        return {
            "version": self.version,
            "before": self.before,
            "at": self.at.isoformat(),
            "rows_changed": self.rows_changed,
            "rows_removed": self.rows_removed,
            "columns": {name: count for _title, name, count in self.columns},
        }


def announced_lines(dataset: Dataset, *, now: datetime) -> tuple[AnnouncedLine, ...]:
    """Return what was announced of a dataset's columns, what is still to come first, by day."""
    zone = city_zone()
    today = now.astimezone(ZoneInfo(zone)).date()
    lines = [
        AnnouncedLine(
            column=one.column,
            says=announced_words(one),
            announced=one.announced,
            until=one.until,
            why=one.why,
            over=one.until <= today,
            facts=one.as_json(),
        )
        for one in announcements(dataset.definition)
    ]
    return tuple(sorted(lines, key=lambda line: (line.over, line.until)))


def announced_words(one: Announcement) -> str:
    """Say what will happen to a column."""
    if one.becomes:
        return _("%(column)s is renamed to %(name)s.") % {"column": one.column, "name": one.becomes}
    if one.type:
        return _("%(column)s becomes: %(type)s.") % {"column": one.column, "type": type_words(one.type)}
    return _("%(column)s is taken away.") % {"column": one.column}


def corrections(dataset: Dataset, *, most: int = MOST) -> tuple[CorrectionLine, ...]:
    """Return the corrections between versions that are public, newest first."""
    found = dataset.corrections.filter(version__recalled_at=None).select_related("version")[:most]
    return tuple(_line(one, dataset) for one in found) if dataset.shows_rows else ()


def _line(one: Correction, dataset: Dataset) -> CorrectionLine:
    known: dict[str, dict[str, Any]] = {str(column["name"]): column for column in dataset.definition.get("columns", ())}
    hidden = {name for name, column in known.items() if column.get("sensitive")}
    counts: Sequence[tuple[str, int]] = sorted(one.columns.items(), key=lambda pair: (-pair[1], pair[0]))
    return CorrectionLine(
        version=one.version.number,
        before=one.before,
        rows_changed=one.rows_changed,
        rows_removed=one.rows_removed,
        columns=tuple(
            (column_title(known.get(name, {"name": name})), name, count) for name, count in counts if name not in hidden
        ),
        at=one.at,
    )


def correction_words(line: CorrectionLine) -> str:
    """Say in a sentence what a version corrected."""
    facts = {"changed": f"{line.rows_changed:,}", "removed": f"{line.rows_removed:,}", "before": line.before}
    said = _("Against version %(before)s, %(changed)s rows changed and %(removed)s are gone.") % facts
    columns = ", ".join(f"{title} ({count:,})" for title, _name, count in line.columns)
    return f"{said} {_('Changed columns: %(columns)s.') % {'columns': columns}}" if columns else said
