"""Comparisons: one government on two days, and two governments, or one and a template, on a day each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from cupola.orgchart.adopting import adopt
from cupola.orgchart.edits import diff, effects
from cupola.orgchart.facts import Fact
from cupola.orgchart.jurisdiction import Jurisdiction
from cupola.orgchart.models import Matched, compare_with_model
from cupola.orgchart.states import Totals, chart_of, state_of, totals
from cupola.orgchart.telling import name_in
from cupola.web.structure.queries.drawing import Pair, draw_pair
from cupola.web.structure.queries.known import adoption_known, changes_known
from cupola.web.structure.queries.pages import ActLine, Cited, act_line, cited
from cupola.web.structure.queries.words import advice_words, edit_words, word
from cupola.web.ui.evidence import Evidence

EDIT_FIELDS = ("edit", "subject", "key", "like", "says", "acts", "sources", "offices", "posts", "filled", "cost")


@dataclass(frozen=True)
class Change:
    """One edit in words, with what it adds to the totals.

    like: name of the counterpart in the model; sources: what of the model asks for it. Both empty over time.
    """

    kind: str
    subject: str
    name: str
    says: str
    acts: tuple[ActLine, ...]
    effect: Totals
    like: str = ""
    sources: tuple[Cited, ...] = ()

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


@dataclass(frozen=True)
class Beside(OverTime):
    """A government beside a model: `last` is what it would be as the model has it, `changes` how it gets there.

    extra: names of what the model has no counterpart for, and that stays. uncosted: new posts without a known cost.
    model: the totals of the model itself.
    """

    matched: tuple[Matched, ...]
    extra: tuple[str, ...]
    uncosted: int
    model: Totals


def over_time(one: Jurisdiction, first: date, last: date) -> OverTime:
    """Return the changes between two days."""
    return _compared((one, first), (one, last))


def in_branch(origin: Jurisdiction, branch: Jurisdiction, day: date) -> OverTime:
    """Return how a branch differs on a day from what it is a branch of."""
    found = _compared((origin, day), (branch, day))
    return replace(found, evidence=replace(found.evidence, command=f"cupola structure merge {branch.key} --dry-run"))


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
            "like": change.like,
            "says": change.says,
            "acts": "; ".join(f"{act.when}: {act.title}" for act in change.acts),
            "sources": "; ".join(
                source.url or source.title
                for sources in (change.sources, *(act.sources for act in change.acts))
                for source in sources
            ),
            "offices": str(change.effect.offices),
            "posts": str(change.effect.posts),
            "filled": str(change.effect.filled),
            "cost": f"{change.effect.cost:f}",
        }


def totals_row(sums: Totals) -> dict[str, Any]:
    """Return totals for machines. cost: a year, in the city's currency; by_source: the same by who pays."""
    return {
        "offices": sums.offices,
        "posts": sums.posts,
        "filled": sums.filled,
        "fte": f"{sums.fte:f}",
        "cost": f"{sums.cost:f}",
        "by_source": {source or "unknown": f"{amount:f}" for source, amount in sums.by_source.items()},
    }


def beside(ours: tuple[Jurisdiction, date], theirs: tuple[Jurisdiction, date]) -> Beside:
    """Return a government on a day beside another, or a template: what is alike, and what would have to change."""
    (one, day), (other, that_day) = ours, theirs
    chart, model = one.history.on(day), other.history.on(that_day)
    found = adopt(chart, model)
    names = {**other.history.names, **{key: name_in(key, found.before, found.after) for key in found.after.said}}
    changes = tuple(
        Change(
            kind=str(edit.kind),
            subject=edit.subject,
            name=names.get(edit.subject) or name_in(edit.subject, found.before),
            says=advice_words(edit, found.before, found.after, names={**one.history.names, **names}),
            acts=(),
            effect=effect,
            like=other.history.names.get(found.theirs.get(edit.subject, ""), ""),
            sources=_cited_once(other, found.grounds(edit, model)),
        )
        for edit, effect in effects(found.before, found.edits)
    )
    new = {key: (other.key, found.theirs[key]) for key in found.after.said if key not in found.before.said}
    after = chart_of(found.after, day)
    return Beside(
        pair=draw_pair(chart, after, changed=frozenset(edit.subject for edit in found.edits), elsewhere=new),
        changes=changes,
        first=totals(found.before),
        last=totals(found.after),
        evidence=adoption_known((one, chart), (other, model), changes=len(changes)),
        matched=compare_with_model(chart, model),
        extra=tuple(one.history.names.get(key, key) for key in found.extra),
        uncosted=found.uncosted,
        model=totals(state_of(model)),
    )


def _cited_once(other: Jurisdiction, facts: Iterable[Fact]) -> tuple[Cited, ...]:
    return tuple(cited(other.sources, dict.fromkeys(key for fact in facts for key in fact.sources)))
