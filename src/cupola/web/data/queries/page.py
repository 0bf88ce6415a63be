"""Everything one dataset page shows, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.errors import NotFound
from cupola.web.accounts.queries import is_export_pending
from cupola.web.data.models import Dataset, LoadReport, Outcome, Version
from cupola.web.data.queries.changing import AnnouncedLine, announced_lines
from cupola.web.data.queries.duties import answers, city_today
from cupola.web.data.queries.ends import End, end_of, successor_link
from cupola.web.data.queries.findings import FindingLine, finding_line, for_everyone
from cupola.web.data.queries.freshness import Freshness
from cupola.web.data.queries.letters import Reports, reports_of
from cupola.web.data.queries.pictures import ColumnPicture, column_pictures, picture
from cupola.web.data.queries.promised import PromiseLine, promise_lines
from cupola.web.data.queries.provenance import evidence, sources
from cupola.web.data.queries.records import find_dataset, freshness_of
from cupola.web.data.queries.rows import Rows, all_columns, has_editions, rows
from cupola.web.data.queries.takeaway import Elsewhere, elsewhere
from cupola.web.data.queries.versionlines import VersionLine, version_lines
from cupola.web.data.queries.wording import column_title, in_language, notes_in_language, type_words
from cupola.web.ui.charts import Chart
from cupola.web.ui.evidence import Evidence, Link
from cupola.web.ui.templatetags.ui import number

RECENT = 20


@dataclass(frozen=True)
class ColumnFacts:
    """One line of the data dictionary. `picture` is None where values may not be shown or none were measured."""

    name: str
    title: str
    type: str
    meaning: str
    unit: str
    required: bool
    is_key: bool
    sensitive: bool
    allowed: tuple[tuple[str, str], ...]
    picture: ColumnPicture | None
    reports: int = 0  # of readers, not settled


@dataclass(frozen=True)
class LoadLine:
    """One load. `reason` says why it stopped or failed, where that may be shown."""

    report: LoadReport
    outcome: str
    reason: str


@dataclass(frozen=True)
class DatasetPage:
    """What it shows. `version` is None before the first load, `sample` and `picture` also where rows are hidden."""

    dataset: Dataset
    title: str
    description: str
    row: str
    freshness: Freshness
    version: Version | None
    row_count: Evidence | None
    sources: tuple[Link, ...]
    columns: tuple[ColumnFacts, ...]
    has_pictures: bool
    versions: tuple[VersionLine, ...]
    version_total: int
    loads: tuple[LoadLine, ...]
    load_total: int
    open_findings: tuple[FindingLine, ...]
    closed_findings: tuple[FindingLine, ...]
    picture: Chart | None
    sample: Rows | None
    unreadable: bool
    export_pending: bool
    notes: tuple[str, ...]
    steward: str
    contact: str
    department: str
    topic: str
    elsewhere: tuple[Elsewhere, ...]
    end: End
    successor: Link | None
    reports: Reports
    announced: tuple[AnnouncedLine, ...]
    promises: tuple[PromiseLine, ...]


@dataclass(frozen=True)
class Values:
    """What a page shows of the rows themselves: nothing, where they may not be shown or cannot be read."""

    pictures: Mapping[str, ColumnPicture] = field(default_factory=dict)
    picture: Chart | None = None
    sample: Rows | None = None
    unreadable: bool = False


def dataset_page(key: str, *, by: Any, now: datetime) -> DatasetPage:
    """Return the page of one dataset. Raises DatasetUnknown, for drafts also, unless `by` is staff."""
    dataset = find_dataset(key, by=by)
    staff = by.has_perm("data.see_drafts")
    told = dataset.versions.all() if staff or not dataset.shows_rows else dataset.versions.exclude(released_at=None)
    versions = told.prefetch_related("load_reports")[:RECENT]
    version = dataset.read_version()
    reports = reports_of(dataset)
    asked = answers(dataset, city_today())
    shown = version is not None and dataset.shows_rows and dataset.retired_on is None
    values = _values(dataset, version) if version and shown else Values()
    loads = dataset.load_reports.select_related("version")[:RECENT]
    findings = dataset.findings.all() if staff else for_everyone(dataset.findings.all())
    found = [finding_line(finding, dataset, staff=staff) for finding in findings[: 5 * RECENT]]
    return DatasetPage(
        dataset=dataset,
        title=in_language(dataset, "title"),
        description=in_language(dataset, "description"),
        row=in_language(dataset, "row"),
        freshness=freshness_of(dataset, now=now),
        version=version,
        row_count=_row_count(dataset, version) if version else None,
        sources=sources(dataset),
        columns=_columns(dataset, values.pictures, reports),
        has_pictures=bool(values.pictures),
        versions=version_lines(dataset, list(versions), by=by),
        version_total=told.count(),
        loads=tuple(_load_line(report, dataset, staff=staff) for report in loads),
        load_total=dataset.load_reports.count(),
        open_findings=tuple(line for line in found if line.closed_at is None),
        closed_findings=tuple(line for line in found if line.closed_at is not None)[:RECENT],
        picture=values.picture,
        sample=values.sample,
        unreadable=values.unreadable,
        export_pending=staff and is_export_pending("dataset", dataset.key, dataset.definition),
        notes=tuple(notes_in_language(dataset)),
        steward=in_language(dataset, "steward") if asked.plain else asked.who,
        contact=asked.contact,
        department=in_language(dataset, "department"),
        topic=in_language(dataset, "topic"),
        reports=reports,
        announced=tuple(line for line in announced_lines(dataset, now=now) if not line.over),
        promises=promise_lines(dataset),
        elsewhere=elsewhere(dataset.definition) if not dataset.definition.get("sources") else (),
        end=end_of(dataset),
        successor=successor_link(end_of(dataset)),
    )


def _values(dataset: Dataset, version: Version) -> Values:
    """Read what the page shows of the rows; a lake that does not hold them leaves the rest of the page standing."""
    try:
        sample = rows(dataset, version)
        pictures = column_pictures(dataset, version)
        return Values(pictures, picture(dataset, version, pictures), sample)
    except NotFound:
        return Values(unreadable=True)


def _row_count(dataset: Dataset, version: Version) -> Evidence:
    words = ngettext("%(count)s row", "%(count)s rows", version.rows) % {"count": number(version.rows)}
    query = "SELECT count(*) AS rows FROM data"
    show = f"cupola data show {dataset.key}"
    chain = evidence(dataset, version, query=query, method=_("Every row of the version is counted."), result=words)
    if dataset.shows_rows and not has_editions(dataset):
        return chain
    # a query sees the latest edition only, and none at all of rows that are not shown
    method = _("Every row is counted when the version is made, over all its editions.")
    return replace(chain, query=_("none: the count is kept with the version"), method=method, command=show)


def _columns(dataset: Dataset, pictures: Mapping[str, ColumnPicture], reports: Reports) -> tuple[ColumnFacts, ...]:
    keys = set(dataset.definition.get("row_key", []))
    return tuple(
        ColumnFacts(
            name=str(column["name"]),
            title=column_title(column),
            type=type_words(str(column["type"])),
            meaning=str(column.get("meaning", "")),
            unit=str(column.get("unit", "")),
            required=bool(column.get("required")),
            is_key=column["name"] in keys,
            sensitive=bool(column.get("sensitive")),
            allowed=tuple(column.get("allowed", {}).items()),
            picture=pictures.get(str(column["name"])),
            reports=reports.by_column.get(str(column["name"]), 0),
        )
        for column in all_columns(dataset)
    )


def _load_line(report: LoadReport, dataset: Dataset, *, staff: bool) -> LoadLine:
    """Keep reasons to staff: they may name machines; and quote no value of a dataset whose rows are not shown."""
    reason = report.error if staff and dataset.shows_rows else ""
    return LoadLine(report, str(Outcome(report.outcome).label), reason)
