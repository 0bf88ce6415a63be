"""Everything the page of a question shows, as values."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.errors import CupolaError, InvalidInput, Unsolvable
from cupola.lake import NoSuchVersion, NotReleased, Recalled
from cupola.web.data.models import Dataset
from cupola.web.data.queries.exploring import controls, leads
from cupola.web.data.queries.exploring.address import address
from cupola.web.data.queries.exploring.charting import chart, evidence, question_title
from cupola.web.data.queries.exploring.exploration import Exploration, Show
from cupola.web.data.queries.exploring.fields import Subject
from cupola.web.data.queries.exploring.mapping import answer_map, on_the_map, places_column
from cupola.web.data.queries.exploring.reading import Problem, Reading, read, read_edition
from cupola.web.data.queries.exploring.results import Result, offered, result
from cupola.web.data.queries.exploring.running import Asked, drafted, released
from cupola.web.data.queries.exploring.sentences import Sentence, sentences
from cupola.web.data.queries.exploring.sharing import Sharing, command, sharing
from cupola.web.data.queries.exploring.steps import settled
from cupola.web.data.queries.exploring.subjects import subject_of
from cupola.web.data.queries.lake import city_zone
from cupola.web.data.queries.records import find_dataset
from cupola.web.data.queries.restricted import Readable, readable, readable_profile
from cupola.web.ui.charts import Chart
from cupola.web.ui.evidence import Evidence
from cupola.web.ui.maps import Map

Parameters = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Opened:
    """A dataset, and the question an address asks of it. `at` is None where no rows can be asked.

    `readable`: the part that is asked, where the rows are not public.
    """

    dataset: Dataset
    today: date
    at: Asked | None = None
    subject: Subject | None = None
    reading: Reading | None = None
    readable: Readable | None = None


@dataclass(frozen=True)
class Form:
    """What can be chosen, and what is."""

    filters: tuple[controls.Control, ...]
    groups: tuple[controls.Select, ...]
    measures: tuple[controls.Select, ...]
    sort: controls.Select
    columns: tuple[controls.Choice, ...]
    kept: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ExplorePage:
    """A question, its answer and everything beside it. `failure`: why there is no answer, in words.

    Of `chart` and `map` at most one is there. `evidence`: how we know, where neither shows it.
    """

    dataset: Dataset
    subject: Subject
    asked: Exploration
    problems: dict[str, Problem]
    sentences: tuple[Sentence, ...]
    form: Form
    shortcuts: tuple[leads.Lead, ...]
    views: tuple[leads.Lead, ...]
    clear: str
    result: Result | None = None
    chart: Chart | None = None
    map: Map | None = None
    evidence: Evidence | None = None
    sharing: Sharing | None = None
    failure: CupolaError | None = None
    readable: Readable | None = None

    @property
    def failure_words(self) -> str:
        """Say why there is no answer, as far as a visitor can do something about it."""
        return str(self.failure) if isinstance(self.failure, (InvalidInput, Unsolvable)) else ""

    @property
    def matching_words(self) -> str:
        """Say what the number of matching rows counts."""
        count = self.result.matching if self.result else 0
        if self.sentences:
            return ngettext("row matches", "rows match", count)
        return ngettext("row in all", "rows in all", count)

    @property
    def table_title(self) -> str:
        """Name the table."""
        return question_title(self.asked, self.subject) if self.asked.summarises else self.subject.title

    @property
    def reading(self) -> str:
        """Say what the table shows, where no picture does."""
        return self.result.picture.reading if self.result and self.result.picture else ""

    @property
    def citation(self) -> str:
        """Name the version, for people who cite all of it."""
        chain = self.evidence or (self.chart.evidence if self.chart else self.map.evidence if self.map else None)
        return chain.citation if chain else ""

    @property
    def invitation(self) -> str:
        """Say what to choose where the view that was asked for needs a choice."""
        if self.asked.show is Show.CHART and self.chart is None:
            return _("A chart shows groups. Choose what to count by, here above or under “Group by”.")
        if self.asked.show is Show.MAP and self.map is None:
            return _("A map shows one number per place. Group by one column that names places.")
        return ""


def opened(key: str, given: Parameters, *, by: Any, now: datetime) -> Opened:
    """Return the question an address asks. Raises DatasetUnknown."""
    dataset = find_dataset(key, by=by)
    today = now.astimezone(ZoneInfo(city_zone())).date()
    if not dataset.shows_rows:
        return _restricted(dataset, given, by=by, today=today)
    edition, problems = read_edition(given)
    at = _asked(dataset, edition, staff=by.has_perm("data.see_drafts"))
    if at is None and edition != Exploration():
        problems["version"] = Problem(_("There is no public version like that; this is the newest."))
        edition = Exploration()
        at = _asked(dataset, edition, staff=by.has_perm("data.see_drafts"))
    if at is None:
        return Opened(dataset, today)
    subject = subject_of(dataset, at.release, visible=at.visible, draft=at.draft)
    reading = read(given, subject)
    exploration = replace(settled(reading.exploration, subject), version=edition.version, as_of=edition.as_of)
    reading = Reading(exploration, {**reading.problems, **problems})
    return Opened(dataset, today, replace(at, vintage=exploration.vintage), subject, reading)


def _restricted(dataset: Dataset, given: Parameters, *, by: Any, today: date) -> Opened:
    """Open what `by` may read of a dataset that is not public: a part of one version, which holds nothing else."""
    edition, problems = read_edition(given)
    part = readable(dataset, by=by, number=edition.version or None)
    if part is None and edition.version:
        problems["version"] = Problem(_("There is no public version like that; this is the newest."))
        edition = Exploration()
        part = readable(dataset, by=by)
    if part is None:
        return Opened(dataset, today)
    at = Asked(part.service, part.release, draft=True)
    subject = subject_of(dataset, at.release, visible=at.visible, measured=readable_profile(part))
    reading = read(given, subject)
    exploration = replace(settled(reading.exploration, subject), version=edition.version, as_of="")
    reading = Reading(exploration, {**reading.problems, **problems})
    return Opened(dataset, today, replace(at, vintage=exploration.vintage), subject, reading, part)


def _asked(dataset: Dataset, edition: Exploration, *, staff: bool) -> Asked | None:
    try:
        return released(dataset, edition)
    except (NotReleased, Recalled):
        if not staff:
            return None
    try:
        return drafted(dataset, edition)
    except NoSuchVersion:
        return None


def explore_page(one: Opened, *, base: str) -> ExplorePage:
    """Compute the answer and everything beside it. `base`: scheme and host of the site."""
    assert one.at is not None
    assert one.subject is not None
    assert one.reading is not None
    asked, subject = one.reading.exploration, one.subject
    where = places_column(one.dataset, subject)
    page = ExplorePage(
        dataset=one.dataset,
        subject=subject,
        asked=asked,
        problems=one.reading.problems,
        sentences=sentences(asked, subject, today=one.today),
        form=_form(one.reading, subject, one.at),
        shortcuts=leads.shortcuts(asked, subject, where=where),
        views=leads.views(asked, subject, map_of=on_the_map(one.dataset, asked, where)),
        clear=address(asked.but(conditions=(), words="")),
        readable=one.readable,
    )
    try:
        return _answered(page, one.at, today=one.today, base=base)
    except CupolaError as error:
        return replace(page, failure=error)


def _answered(page: ExplorePage, at: Asked, *, today: date, base: str) -> ExplorePage:
    asked, subject = page.asked, page.subject
    answer = result(at, asked, subject, today=today)
    # nothing of what only some may read has an address outside this page
    shared = None if page.readable else sharing(at, asked, subject, answer=answer, base=base)
    told = command(at, answer, shared) if shared else ""
    chain = evidence(page.dataset, subject, answer, asked=asked, today=today, command=told)
    drawn = asked.show is Show.MAP and answer.matching
    mapped = answer_map(page.dataset, subject, asked, answer=answer, chain=chain) if drawn else None
    pictured = None if mapped or asked.show is Show.TABLE else chart(asked, subject, answer, chain=chain)
    known = mapped or pictured
    return replace(page, result=answer, chart=pictured, map=mapped, evidence=None if known else chain, sharing=shared)


def _form(reading: Reading, subject: Subject, at: Asked) -> Form:
    asked = reading.exploration
    return Form(
        filters=controls.controls(reading, subject, offered(at, subject)),
        groups=controls.group_selects(asked, subject),
        measures=controls.measure_selects(asked, subject),
        sort=controls.sort_select(asked, subject),
        columns=controls.column_choices(asked, subject),
        kept=controls.kept(asked),
    )
