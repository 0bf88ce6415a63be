"""Comparisons: one government on two days, and two governments, or one and a template, on a day each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext

from cupola.orgchart.edits import diff, effects
from cupola.orgchart.jurisdiction import Jurisdiction
from cupola.orgchart.models import Matched, compare_with_model
from cupola.orgchart.states import Totals, state_of, totals
from cupola.web.structure.queries.drawing import Pair, draw_pair
from cupola.web.structure.queries.known import changes_known
from cupola.web.structure.queries.pages import ActLine, act_line
from cupola.web.structure.queries.words import edit_words, word
from cupola.web.ui.evidence import Evidence

EDIT_FIELDS = ("edit", "subject", "key", "says", "acts", "sources", "offices", "posts", "filled", "cost")


@dataclass(frozen=True)
class Change:
    """One edit in words, with what it adds to the totals."""

    kind: str
    subject: str
    name: str
    says: str
    acts: tuple[ActLine, ...]
    effect: Totals

    @property
    def kind_words(self) -> str:
        """What the edit is called."""
        return word(self.kind)


@dataclass(frozen=True)
class OverTime:
    """What changed in one government between two days, and that the parts add up to the whole."""

    pair: Pair
    changes: tuple[Change, ...]
    first: Totals
    last: Totals
    evidence: Evidence

    @property
    def money(self) -> tuple[tuple[str, Decimal, Decimal], ...]:
        """The yearly cost by who pays, before and after; what no share covers last."""
        sources = sorted({*self.first.by_source, *self.last.by_source}, key=lambda source: (not source, source))
        none = Decimal(0)
        return tuple(
            (
                word(source) if source else gettext("without a known share"),
                self.first.by_source.get(source, none),
                self.last.by_source.get(source, none),
            )
            for source in sources
        )

    @property
    def difference(self) -> Totals:
        """What all edits add up to."""
        return self.last - self.first


def over_time(one: Jurisdiction, first: date, last: date) -> OverTime:
    """Return the changes between two days."""
    return _compared((one, first), (one, last))


def in_branch(origin: Jurisdiction, branch: Jurisdiction, day: date) -> OverTime:
    """Return how a branch differs on a day from what it is a branch of."""
    return _compared((origin, day), (branch, day))


def _compared(ours: tuple[Jurisdiction, date], theirs: tuple[Jurisdiction, date]) -> OverTime:
    (origin, first), (one, last) = ours, theirs
    charts = (origin.history.on(first), one.history.on(last))
    before, after = (state_of(chart) for chart in charts)
    acts = {event.key: event for event in one.history.events}
    names = {**origin.history.names, **one.history.names}
    edits = diff(before, after, events=one.history.between(first, last))
    changes = tuple(
        Change(
            kind=str(edit.kind),
            subject=edit.subject,
            name=names.get(edit.subject, edit.subject),
            says=edit_words(edit, before, after, names=names),
            acts=tuple(act_line(one, acts[key]) for key in edit.events),
            effect=effect,
        )
        for edit, effect in effects(before, edits)
    )
    return OverTime(
        pair=draw_pair(*charts, changed=frozenset(edit.subject for edit in edits)),
        changes=changes,
        first=totals(before),
        last=totals(after),
        evidence=changes_known(one, charts, changes=len(changes)),
    )


def edit_rows(found: OverTime) -> Iterator[dict[str, str]]:
    """Yield the edits as rows of a table, by EDIT_FIELDS; numbers are what the edit adds."""
    for change in found.changes:
        yield {
            "edit": change.kind_words,
            "subject": change.name,
            "key": change.subject,
            "says": change.says,
            "acts": "; ".join(f"{act.when}: {act.title}" for act in change.acts),
            "sources": "; ".join(source.url or source.title for act in change.acts for source in act.sources),
            "offices": str(change.effect.offices),
            "posts": str(change.effect.posts),
            "filled": str(change.effect.filled),
            "cost": f"{change.effect.cost:f}",
        }


def beside(ours: tuple[Jurisdiction, date], theirs: tuple[Jurisdiction, date]) -> tuple[Matched, ...]:
    """Return a government on a day beside another, or a template, by role and function."""
    return compare_with_model(*(one.history.on(day) for one, day in (ours, theirs)))


def sums(one: Jurisdiction, day: date) -> Totals:
    """Return the totals of a day."""
    return totals(state_of(one.history.on(day)))
