"""The release board: where every dataset stands, what it waits for, on whom, and since when."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.folder import Obstacle
from cupola.web.data.models import Dataset, Finding, Severity
from cupola.web.data.queries.duties import Departments, Holding, city_today, duties
from cupola.web.data.queries.lake import city_zone
from cupola.web.data.queries.records import visible_datasets
from cupola.web.data.queries.stages import Stage, Standing, stages
from cupola.web.data.queries.wording import in_language
from cupola.web.ui.sentences import said
from cupola.web.ui.templatetags.ui import number

# who is asked for what is missing, the first of these duties that someone has
APPROVES, REVIEWS, LOADS, MENDS, AGREES = (
    ("steward",),
    ("reviewer", "steward"),
    ("custodian", "steward"),
    ("steward", "custodian"),
    ("coordinator", "steward"),
)
ASKED: Mapping[str, tuple[str, ...]] = {
    "classification": APPROVES,
    "approval": APPROVES,
    "legal_basis": AGREES,
    "agreement": AGREES,
    "review": REVIEWS,
    "release_on": (),
}
WAITING = (Stage.INVENTORIED, Stage.LOADED, Stage.CHECKED, Stage.APPROVED)


@dataclass(frozen=True)
class Card:
    """One dataset on the board. `waits_for` is empty where it waits for nothing; `on`: who is to act, empty for nobody.

    `days`: since when it waits, in whole days; None where nothing says.
    """

    key: str
    title: str
    department: str
    steward: str
    stage: Stage
    elsewhere: bool
    waits_for: str
    on: str
    duty: str
    since: date | None
    days: int | None

    @property
    def address(self) -> str:
        """Its page."""
        return reverse("data:dataset", args=[self.key])


@dataclass(frozen=True)
class Column:
    """One stage of the board, what has waited longest first."""

    stage: Stage
    cards: tuple[Card, ...]

    @property
    def word(self) -> str:
        """What the stage is called."""
        return self.stage.word


@dataclass(frozen=True)
class Board:
    """The stages in their order, and what they can be narrowed to. `whom`: who most waits on, with how much."""

    columns: tuple[Column, ...]
    departments: tuple[str, ...]
    stewards: tuple[str, ...]
    whom: tuple[tuple[str, int], ...]
    elsewhere: int
    total: int


def board(*, by: Any, now: datetime, department: str = "", steward: str = "") -> Board:
    """Return the board of what `by` may know of, narrowed to a department or a steward."""
    every = cards(visible_datasets(by), now=now)
    shown = [card for card in every if department in {"", card.department} and steward in {"", card.steward}]
    here = [card for card in shown if not (card.elsewhere and card.stage == Stage.INVENTORIED)]
    waiting = Counter(card.on or _("nobody") for card in here if card.waits_for)
    columns: dict[Stage, list[Card]] = defaultdict(list)
    for card in here:
        columns[card.stage].append(card)
    return Board(
        columns=tuple(Column(stage, tuple(sorted(columns[stage], key=_longest_first))) for stage in Stage),
        departments=tuple(sorted({card.department for card in every} - {""})),
        stewards=tuple(sorted({card.steward for card in every} - {""})),
        whom=tuple(waiting.most_common()),
        elsewhere=len(shown) - len(here),
        total=len(shown),
    )


def _longest_first(card: Card) -> tuple[bool, int, str]:
    return not card.waits_for, -(card.days or 0), card.title


def cards(datasets: Iterable[Dataset], *, now: datetime) -> tuple[Card, ...]:
    """Return the cards of datasets, in the order given; with few queries whatever their number."""
    listed = [*datasets]
    standings, departments, today, zone = stages(listed, now=now), Departments(), city_today(), city_zone()
    broken, written = _broken(), first_written()
    found = []
    for dataset in listed:
        standing = standings[dataset.pk]
        holding = duties(dataset, today, departments=departments)
        waits_for, asked, since = _waits(dataset, standing, broken.get(dataset.pk), now=now, zone=zone)
        who, duty = _holder(holding, asked, dataset)
        since = since or _day(standing.since)
        if since is None and standing.stage == Stage.INVENTORIED:
            since = _day(written.get(dataset.pk))
        found.append(
            Card(
                key=dataset.key,
                title=in_language(dataset, "title"),
                department=dataset.department,
                steward="; ".join(one.who for one in holding if one.duty == "steward"),
                stage=standing.stage,
                elsewhere=standing.elsewhere,
                waits_for=waits_for,
                on=who if waits_for else "",
                duty=duty if waits_for else "",
                since=since,
                days=(today - since).days if since else None,
            )
        )
    return tuple(found)


def _broken() -> dict[int, tuple[int, datetime]]:
    """Return, by dataset, how many findings must be fixed, and since when the first is open."""
    errors = Finding.objects.filter(closed_at=None, severity=Severity.ERROR)
    counted: dict[int, tuple[int, datetime]] = {}
    for key, opened_at in errors.values_list("dataset_id", "opened_at"):
        count, first = counted.get(key, (0, opened_at))
        counted[key] = (count + 1, min(first, opened_at))
    return counted


def _waits(
    dataset: Dataset, standing: Standing, broken: tuple[int, datetime] | None, *, now: datetime, zone: str
) -> tuple[str, tuple[str, ...], date | None]:
    """Return what a dataset waits for, whose duty it is to act, and since when, where that is not the stage's day."""
    if standing.stage == Stage.RETIRED:
        return "", (), None
    if broken is not None:
        count, since = broken
        words = ngettext("%(count)s finding to be fixed", "%(count)s findings to be fixed", count)
        return words % {"count": number(count)}, MENDS, _day(since)
    if standing.stage == Stage.RELEASED:
        return "", (), None
    if standing.stage == Stage.INVENTORIED:
        return ("" if standing.elsewhere else _("its first load")), LOADS, None
    if standing.stage == Stage.LOADED:
        return _("a decision on what the gate found"), MENDS, None
    if not dataset.wants_public:
        return _("the word that it may be public"), APPROVES, None
    missing = dataset.obstacles(at=now, zone=zone)
    if missing:
        first = next((one for one in missing if not one.waits), missing[0])
        return _obstacle_words(first), ASKED.get(first.field, APPROVES), None
    return _("the next run, which makes it public"), LOADS, None


def _obstacle_words(obstacle: Obstacle) -> str:
    return {
        "classification": _("a classification"),
        "approval": _("the steward's approval"),
        "legal_basis": _("its legal basis"),
        "agreement": _("an agreement that still holds"),
        "review": _("a privacy review"),
        "release_on": _("the end of its embargo"),
    }.get(obstacle.field) or said(obstacle.message)


def _holder(holding: Iterable[Holding], asked: Iterable[str], dataset: Dataset) -> tuple[str, str]:
    """Return who is to act and by which duty: the first duty someone has, else what is written as the steward."""
    held = {one.duty: one.who for one in reversed([*holding])}
    for duty in asked:
        if held.get(duty):
            return held[duty], duty
    return (dataset.steward or dataset.department, "") if asked else ("", "")


def _day(moment: datetime | date | None) -> date | None:
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment


def first_written() -> dict[int, datetime]:
    """Return when each dataset first came into the records, by primary key."""
    return dict(Dataset.history.order_by().values_list("id").annotate(first=Min("history_date")))
