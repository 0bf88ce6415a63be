"""A self-audit against what city standards ask of data and performance, with evidence from the records themselves.

The criteria are ours, in our words, after the practices that certified cities are asked for (What Works Cities, 2022:
data management, performance and analytics). Only what records can show is asked; each answer is worked out anew from
them, so what is removed flips it at once. Nothing is ticked by hand.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cupola.web.data.models import DataRequest, Dataset, GateCheck, LoadReport, RequestStatus
from cupola.web.data.queries.catalogue import entries
from cupola.web.data.queries.freshness import State as Fresh
from cupola.web.data.queries.records import visible_datasets
from cupola.web.data.queries.wording import in_language as dataset_words
from cupola.web.performance.models import Commitment, Measure, Meeting, MeetingState, Restatement, TypedValue
from cupola.web.performance.queries.charting import visible_measures
from cupola.web.performance.queries.words import in_language
from cupola.web.ui.evidence import Link

MOST = 0.8
YEAR = timedelta(days=365)
SHOWN = 3


@dataclass(frozen=True)
class Item:
    """One line of a checklist: what is asked, whether it is so, what was found, and where it can be seen."""

    asked: str
    met: bool
    found: str
    evidence: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Criterion:
    """What is asked, and how many of its items have to hold."""

    key: str
    title: str
    needed: int
    items: tuple[Item, ...]

    @property
    def met(self) -> bool:
        """Whether enough items hold."""
        return sum(one.met for one in self.items) >= self.needed


@dataclass(frozen=True)
class _Known:
    """What the records hold that `by` may know of."""

    datasets: tuple[Dataset, ...]
    measures: tuple[Measure, ...]
    now: datetime
    by: Any


def self_audit(by: Any, *, now: datetime) -> tuple[Criterion, ...]:
    """Answer every criterion from the records `by` may know of."""
    datasets = tuple(visible_datasets(by).filter(retired_on=None))
    known = _Known(datasets, tuple(visible_measures(by)), now, by)
    return tuple(
        Criterion(key, str(title), needed, tuple(item(known) for item in items))
        for key, title, needed, items in CRITERIA
    )


def _page(known: Iterable[Dataset]) -> tuple[Link, ...]:
    return tuple(Link(dataset_words(one, "title"), reverse("data:dataset", args=[one.key])) for one in [*known][:SHOWN])


def _measure_links(known: Iterable[Measure]) -> tuple[Link, ...]:
    return tuple(
        Link(in_language(one, "title"), reverse("performance:measure", args=[one.key])) for one in [*known][:SHOWN]
    )


def _share(asked: str, some: Sequence[Any], all_of: Sequence[Any], *, evidence: tuple[Link, ...]) -> Item:
    """Return an item that holds where four in five do."""
    facts = {"some": len(some), "all": len(all_of)}
    met = bool(all_of) and len(some) >= MOST * len(all_of)
    return Item(asked, met, _("%(some)s of %(all)s") % facts, evidence)


def _there(asked: str, found: Sequence[Any], evidence: tuple[Link, ...], *, least: int = 1) -> Item:
    return Item(asked, len(found) >= least, _("%(n)s found") % {"n": len(found)}, evidence)


def _inventoried(known: _Known) -> Item:
    catalogue = (Link(_("Catalogue"), reverse("data:catalogue")),)
    return _there(_("There is one list of all datasets, and it is published."), known.datasets, catalogue)


def _recent(known: _Known) -> Item:
    newest = LoadReport.objects.filter(dataset__in=known.datasets).aggregate(newest=Max("started_at"))["newest"]
    met = newest is not None and known.now - newest < YEAR
    found = date_format(newest) if newest else _("never")
    return Item(_("The list was brought up to date within twelve months."), met, found, _page(known.datasets[:1]))


def _departments(known: _Known) -> Item:
    with_one = [one for one in known.datasets if one.department]
    return _share(
        _("Four in five datasets name the department they belong to."),
        with_one,
        known.datasets,
        evidence=_page(with_one),
    )


def _described(known: _Known) -> Item:
    told = [one for one in known.datasets if one.definition.get("description") and one.definition.get("columns")]
    return _share(
        _("Four in five have a description and a dictionary of their columns."),
        told,
        known.datasets,
        evidence=_page(told),
    )


def _stewards(known: _Known) -> Item:
    with_one = [one for one in known.datasets if one.steward]
    return _share(
        _("Four in five datasets name who answers for them."), with_one, known.datasets, evidence=_page(with_one)
    )


def _promised(known: _Known) -> Item:
    promised = [one for one in known.datasets if one.refresh]
    return _share(
        _("Four in five say how often they are brought up to date."), promised, known.datasets, evidence=_page(promised)
    )


def _fresh(known: _Known) -> Item:
    watched = [one for one in entries(known.by, now=known.now) if "elsewhere" not in one.offers]
    kept = [one for one in watched if one.freshness.state in {Fresh.FRESH, Fresh.COMPLETE}]
    return _share(
        _("Four in five keep that promise today."),
        kept,
        watched,
        evidence=(Link(_("Status"), reverse("portal:status")),),
    )


def _checked(known: _Known) -> Item:
    reported = set(LoadReport.objects.filter(dataset__in=known.datasets).values_list("dataset", flat=True))
    loaded = [one for one in known.datasets if one.pk in reported]
    return _share(
        _("Every load leaves a report of what fitted and what did not."), loaded, known.datasets, evidence=_page(loaded)
    )


def _classified(known: _Known) -> Item:
    done = [one for one in known.datasets if one.classification != "unclassified"]
    return _share(
        _("Four in five datasets say how widely they may be seen."), done, known.datasets, evidence=_page(done)
    )


def _gated(known: _Known) -> Item:
    checked = set(
        GateCheck.objects.filter(version__dataset__in=known.datasets).values_list("version__dataset", flat=True)
    )
    loaded = [one for one in known.datasets if one.versions.exists()]
    passed = [one for one in loaded if one.pk in checked]
    return _share(
        _("Versions are checked for personal details before they are public."), passed, loaded, evidence=_page(passed)
    )


def _answered(known: _Known) -> Item:
    letters = list(DataRequest.objects.exclude(showing="held"))
    told = [one for one in letters if one.status != RequestStatus.RECEIVED]
    place = (Link(_("Requests for data"), reverse("requests:list")),) if letters else ()
    return _share(_("Four in five requests for data have an answer."), told, letters, evidence=place)


def _targeted(known: _Known) -> Item:
    aimed = [one for one in known.measures if one.definition.get("targets")]
    return _there(_("At least five measures have a dated target."), aimed, _measure_links(aimed), least=5)


def _owned(known: _Known) -> Item:
    owned = [one for one in known.measures if one.owner]
    return _share(
        _("Every measure names the office that answers for it."), owned, known.measures, evidence=_measure_links(owned)
    )


def _prioritised(known: _Known) -> Item:
    under = [one for one in known.measures if one.priority]
    return _there(_("At least five measures belong to a priority."), under, _measure_links(under), least=5)


def _computed(known: _Known) -> Item:
    typed = set(TypedValue.objects.filter(withdrawn_at=None).values_list("measure", flat=True))
    computed = [one for one in known.measures if one.pk not in typed]
    return _share(
        _("Values are computed from the data, not typed in."),
        computed,
        known.measures,
        evidence=_measure_links(computed),
    )


def _broken_down(known: _Known) -> Item:
    split = [one for one in known.measures if one.definition.get("by")]
    return _there(
        _("At least three measures are shown by place or group, with the gap between them."),
        split,
        _measure_links(split),
        least=3,
    )


def _restated(known: _Known) -> Item:
    computed = [one for one in known.measures if getattr(one, "computation", None)]
    changed = Restatement.objects.filter(measure__in=known.measures).count()
    place = (Link(_("Restated values"), reverse("performance:restatements")),)
    found = _("%(n)s restatements are public") % {"n": changed}
    return Item(_("Values of the past that change are shown with before and after."), bool(computed), found, place)


def _meetings(known: _Known, *, least: int) -> tuple[list[Meeting], tuple[Link, ...]]:
    held = Meeting.objects.filter(state=MeetingState.HELD, on__gt=known.now.date() - YEAR).select_related("review")
    seen = [one for one in held if one.review.released or known.by.is_authenticated]
    links = tuple(
        Link(
            str(one.review.title) + ", " + date_format(one.on),
            reverse("performance:packet", args=[one.review.key, one.on]),
        )
        for one in seen[:least]
        if one.review.released
    )
    return seen, links


def _met(known: _Known) -> Item:
    held, links = _meetings(known, least=2)
    return _there(
        _("Leaders met at least twice in the last year about the measures; here are the last two packets."),
        held,
        links,
        least=2,
    )


def _followed(known: _Known) -> Item:
    held, links = _meetings(known, least=2)
    promised = list(Commitment.objects.filter(meeting__in=held))
    return _there(_("What is promised there has an owner, a day and a measure that will show it."), promised, links)


def _shown_by_data(known: _Known) -> Item:
    held, links = _meetings(known, least=2)
    closed = list(Commitment.objects.filter(meeting__in=held).exclude(closed_at=None))
    return _there(_("At least one promise was closed because the data showed it."), closed, links)


def _public(known: _Known) -> Item:
    shown = [one for one in known.measures if one.released]
    return _share(_("Four in five measures are public."), shown, known.measures, evidence=_measure_links(shown))


Asked = tuple[str, Promise | str, int, tuple[Callable[[_Known], Item], ...]]
CRITERIA: tuple[Asked, ...] = (
    (
        "inventory",
        gettext_lazy("The city knows what data it has"),
        3,
        (_inventoried, _recent, _departments, _described),
    ),
    (
        "stewardship",
        gettext_lazy("Someone answers for each dataset, and keeps it fresh"),
        3,
        (_stewards, _promised, _fresh, _checked),
    ),
    ("privacy", gettext_lazy("What is personal is looked for before anything is public"), 2, (_classified, _gated)),
    ("requests", gettext_lazy("People can ask for data, and are answered"), 1, (_answered,)),
    (
        "goals",
        gettext_lazy("There are measures with owners, targets and priorities"),
        3,
        (_owned, _targeted, _prioritised),
    ),
    ("computed", gettext_lazy("Measures come from the data, and say when they change"), 2, (_computed, _restated)),
    ("groups", gettext_lazy("Measures are shown for the groups and places they differ by"), 1, (_broken_down,)),
    ("reviews", gettext_lazy("Leaders meet about the measures, and follow up"), 3, (_met, _followed, _shown_by_data)),
    ("open", gettext_lazy("Anyone can see how the city does"), 1, (_public,)),
)
