"""A scenario: a chart and what it would become, edit by edit, with what each needs and what came of it elsewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cupola.orgchart.adopting import Adoption, adopt
from cupola.orgchart.chart import Chart
from cupola.orgchart.edits import Edit, EditKind, diff
from cupola.orgchart.jurisdiction import Jurisdiction
from cupola.orgchart.scenarios.elsewhere import Precedent, precedents
from cupola.orgchart.scenarios.instruments import Counsel, Usual, answer_for, usual_for
from cupola.orgchart.scenarios.turning import Side, Turned, turned, with_edits
from cupola.orgchart.states import State, state_of


class Deed(StrEnum):
    """What an edit does to an office or a post."""

    CREATE = "create"
    MOVE = "move"
    CONVERT = "convert"
    CLOSE = "close"
    CHANGE = "change"


DEEDS: Mapping[EditKind, Deed] = {
    EditKind.CREATED: Deed.CREATE,
    EditKind.SPLIT: Deed.CREATE,
    EditKind.CLOSED: Deed.CLOSE,
    EditKind.MERGED: Deed.CLOSE,
    EditKind.MOVED: Deed.MOVE,
    EditKind.HOUSED_IN_CHANGED: Deed.MOVE,
    EditKind.FUNDING_CONVERTED: Deed.CONVERT,
}


@dataclass(frozen=True)
class EditLine:
    """One edit. usual: what such an edit takes as a rule; counsel: what counsel answered here, None until then."""

    edit: Edit
    usual: Usual
    counsel: Counsel | None
    elsewhere: tuple[Precedent, ...]

    @property
    def deed(self) -> Deed:
        """What it does."""
        return DEEDS.get(self.edit.kind, Deed.CHANGE)


@dataclass(frozen=True)
class Known:
    """What a scenario is told beside the charts.

    answers: counsel's, of which those up to `today` count (None: up to the day of the chart). library: governments
    whose acts are looked through. elections: days of the government's own.
    """

    answers: tuple[Counsel, ...] = ()
    library: tuple[Jurisdiction, ...] = ()
    elections: tuple[date, ...] = ()
    today: date | None = None


@dataclass(frozen=True)
class Scenario:
    """A chart, what it becomes, the edits between, and which checks turn.

    adoption: set where the edits lead to a model; then what the model has no counterpart for stays.
    """

    before: State
    after: State
    lines: tuple[EditLine, ...]
    turned: tuple[Turned, ...]
    adoption: Adoption | None = field(default=None)
    model: Chart | None = field(default=None)

    def subjects(self, deed: Deed, of: str = "post") -> tuple[str, ...]:
        """Return the offices or posts to create, move, convert or close, each once, in order."""
        found = (line.edit.subject for line in self.lines if line.deed is deed and line.edit.of == of)
        return tuple(dict.fromkeys(found))

    @property
    def unanswered(self) -> int:
        """For how many edits counsel has not said what they need."""
        return sum(line.counsel is None for line in self.lines)

    def lead_days(self) -> Mapping[str, int | None]:
        """Return the days until each office or post can be as it is to be; None where one edit's are not known."""
        found: dict[str, int | None] = {}
        for line in self.lines:
            days = line.counsel.lead_days if line.counsel else None
            before = found.get(line.edit.subject, 0)
            found[line.edit.subject] = None if days is None or before is None else max(before, days)
        return found


def towards(ours: Side, model: Side, *, known: Known) -> Scenario:
    """Return what would have to change for a government to be as a model, or another one, is."""
    (one, day), (other, that_day) = ours, model
    chart = other.history.on(that_day)
    found = adopt(one.history.on(day), chart)
    changed = with_edits(one, found.edits, day=day)
    return Scenario(
        found.before,
        found.after,
        _lines(found.edits, (found.before, found.after), known=known, ours=ours),
        turned(ours, (changed, day), library=known.library, elections=known.elections),
        found,
        chart,
    )


def between(first: Side, last: Side, *, known: Known) -> Scenario:
    """Return what changed, or would change, from one chart to another of the same government: a branch, a later day."""
    (one, day), (other, that_day) = first, last
    before, after = state_of(one.history.on(day)), state_of(other.history.on(that_day))
    acts = other.history.between(day, that_day) if that_day > day else ()
    lines = _lines(diff(before, after, events=acts), (before, after), known=known, ours=first)
    return Scenario(before, after, lines, turned(first, last, library=known.library, elections=known.elections))


def _lines(edits: Iterable[Edit], states: tuple[State, State], *, known: Known, ours: Side) -> tuple[EditLine, ...]:
    one, day = ours
    return tuple(
        EditLine(
            edit,
            usual_for(edit, *states),
            answer_for(edit, known.answers, on=known.today or day),
            precedents(edit, states, library=known.library, own=one.key, day=day),
        )
        for edit in edits
    )
