"""What changed between two charts, in the words of the field; applied to the first, the edits give the second."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from cupola.errors import Conflict
from cupola.orgchart.events import Event
from cupola.orgchart.facts import Funding, Line, Value
from cupola.orgchart.states import HERE, Said, State, Totals, totals_of
from cupola.orgchart.vocabulary import EventKind


class EditKind(StrEnum):
    """What an edit is called."""

    CREATED = "created"
    CLOSED = "closed"
    SPLIT = "split"
    MERGED = "merged"
    RENAMED = "renamed"
    MOVED = "moved"
    LINE_ADDED = "line_added"
    LINE_REMOVED = "line_removed"
    HOUSED_IN_CHANGED = "housed_in_changed"
    MANDATE_CHANGED = "mandate_changed"
    FUNCTION_GAINED = "function_gained"
    FUNCTION_LOST = "function_lost"
    FUNDING_CHANGED = "funding_changed"
    FUNDING_CONVERTED = "funding_converted"
    FILLED = "filled"
    VACATED = "vacated"
    COST_CHANGED = "cost_changed"
    CHANGED = "changed"


_REVERSED = {
    EditKind.CREATED: EditKind.CLOSED,
    EditKind.SPLIT: EditKind.MERGED,
    EditKind.LINE_ADDED: EditKind.LINE_REMOVED,
    EditKind.FUNCTION_GAINED: EditKind.FUNCTION_LOST,
    EditKind.FILLED: EditKind.VACATED,
}
_REVERSED |= {after: before for before, after in _REVERSED.items()}
_BY_ATTRIBUTE = {
    "name": EditKind.RENAMED,
    "reports_to": EditKind.MOVED,
    "part_of": EditKind.MOVED,
    "works_in": EditKind.MOVED,
    "housed_in": EditKind.HOUSED_IN_CHANGED,
    "mandate": EditKind.MANDATE_CHANGED,
    "scope": EditKind.MANDATE_CHANGED,
    "cost": EditKind.COST_CHANGED,
}
_GAINED = {"dotted_to": EditKind.LINE_ADDED, "function": EditKind.FUNCTION_GAINED}
_LOST = {"dotted_to": EditKind.LINE_REMOVED, "function": EditKind.FUNCTION_LOST}
CARRIED = 0.5  # share of posts that makes a new office a split, or a closed one a merger (ORG's ChangeEvent)


@dataclass(frozen=True)
class Edit:
    """One change of one office or post: what was said before and no longer is, and what is said since.

    `attribute` is empty for what appeared or went as a whole. `others`: for a split what it came out of, for a merger
    what it went into. `events`: keys of the recorded acts behind it.
    """

    kind: EditKind
    subject: str
    of: str
    attribute: str
    removed: frozenset[Said]
    added: frozenset[Said]
    others: tuple[str, ...] = ()
    events: tuple[str, ...] = ()

    @property
    def before(self) -> tuple[Value, ...]:
        """The values before, in order."""
        return tuple(sorted((value for _, value in self.removed), key=str))

    @property
    def after(self) -> tuple[Value, ...]:
        """The values since, in order."""
        return tuple(sorted((value for _, value in self.added), key=str))


class DoesNotApply(Conflict):
    """An edit takes away what is not there, or adds what is there already."""

    def __init__(self, edit: Edit) -> None:
        self.edit = edit
        super().__init__(
            f"{edit.subject} is no longer as it was when the change “{edit.kind}” was made. Compare the charts again."
        )


def diff(before: State, after: State, *, events: Sequence[Event] = ()) -> tuple[Edit, ...]:
    """Return the edits from one state to another, by subject and attribute.

    `events`: the recorded acts in between, which name splits and mergers even where no posts are recorded.
    """
    found: list[Edit] = []
    for subject in sorted(before.said.keys() | after.said.keys()):
        old, new = before.said.get(subject), after.said.get(subject)
        if old == new:
            continue
        of = before.kinds.get(subject) or after.kinds[subject]
        if old is None or new is None:
            found.append(_whole(subject, of, old=old or frozenset(), new=new or frozenset()))
        else:
            found.extend(_parts(subject, of, old=old, new=new))
    return _told_apart(found, before, after, events=events)


def apply(state: State, edits: Iterable[Edit]) -> State:
    """Return the state after the edits. Raises DoesNotApply."""
    kinds, said = dict(state.kinds), dict(state.said)
    for edit in edits:
        now = said.get(edit.subject, frozenset())
        if not edit.removed <= now or edit.added & now:
            raise DoesNotApply(edit)
        changed = (now - edit.removed) | edit.added
        if HERE in changed:
            kinds[edit.subject], said[edit.subject] = edit.of, changed
        else:
            if changed:
                raise DoesNotApply(edit)  # more is said of it than when it was closed
            del kinds[edit.subject], said[edit.subject]
    return State(kinds, said)


def reverse(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Return the edits that undo these."""
    return tuple(
        replace(edit, kind=_REVERSED.get(edit.kind, edit.kind), removed=edit.added, added=edit.removed)
        for edit in reversed(edits)
    )


def effects(before: State, edits: Iterable[Edit]) -> tuple[tuple[Edit, Totals], ...]:
    """Return each edit with what it adds to the totals, one applied after the other; their sum is the difference."""
    said = dict(before.said)
    found = []
    for edit in edits:
        old = said.get(edit.subject, frozenset())
        new = said[edit.subject] = (old - edit.removed) | edit.added
        found.append((edit, totals_of(edit.of, new) - totals_of(edit.of, old)))
    return tuple(found)


def _whole(subject: str, of: str, *, old: frozenset[Said], new: frozenset[Said]) -> Edit:
    kind = EditKind.CREATED if new else EditKind.CLOSED
    return Edit(kind, subject, of, "", old, new)


def _parts(subject: str, of: str, *, old: frozenset[Said], new: frozenset[Said]) -> list[Edit]:
    by_attribute: dict[str, tuple[set[Said], set[Said]]] = {}
    for pairs, side in ((old - new, 0), (new - old, 1)):
        for pair in pairs:
            by_attribute.setdefault(pair[0], (set(), set()))[side].add(pair)
    found = []
    for attribute, (removed, added) in sorted(by_attribute.items()):
        if attribute in _GAINED:  # each line and each function stands for itself
            found += [
                Edit(_LOST[attribute], subject, of, attribute, frozenset([pair]), frozenset())
                for pair in sorted(removed, key=str)
            ]
            found += [
                Edit(_GAINED[attribute], subject, of, attribute, frozenset(), frozenset([pair]))
                for pair in sorted(added, key=str)
            ]
        else:
            kind = _kind(attribute, removed, added)
            found.append(Edit(kind, subject, of, attribute, frozenset(removed), frozenset(added)))
    return found


def _kind(attribute: str, removed: set[Said], added: set[Said]) -> EditKind:
    if attribute == "filled":
        return EditKind.VACATED if ("filled", False) in added else EditKind.FILLED
    if attribute == "funding":
        lent = any(isinstance(value, Funding) and not value.source.recurring for _, value in removed)
        kept = any(isinstance(value, Funding) and value.source.recurring for _, value in added)
        return EditKind.FUNDING_CONVERTED if lent and kept else EditKind.FUNDING_CHANGED
    return _BY_ATTRIBUTE.get(attribute, EditKind.CHANGED)


def _told_apart(edits: list[Edit], before: State, after: State, *, events: Sequence[Event]) -> tuple[Edit, ...]:
    """Name as splits and mergers what came out of, or went into, another office."""
    whole = any(edit.of == "office" and not edit.attribute for edit in edits)  # else nobody asks where posts were
    homes = {key: _home(before, key) for key in before.of_kind("post")} if whole else {}
    later = {key: _home(after, key) for key in after.of_kind("post")} if whole else {}
    found = []
    for edit in edits:
        named = replace(edit, events=tuple(event.key for event in events if edit.subject in event.subjects))
        if edit.of == "office" and edit.kind is EditKind.CREATED:
            others = _acts(events, EventKind.SPLIT, edit.subject) or _most(later, homes, edit.subject)
            named = replace(named, kind=EditKind.SPLIT, others=others) if others else named
        elif edit.of == "office" and edit.kind is EditKind.CLOSED:
            others = _acts(events, EventKind.MERGE, edit.subject) or _most(homes, later, edit.subject)
            named = replace(named, kind=EditKind.MERGED, others=others) if others else named
        found.append(named)
    return tuple(found)


def _acts(events: Sequence[Event], kind: EventKind, office: str) -> tuple[str, ...]:
    """Return what a recorded split let the office come out of, or a recorded merger let it go into."""
    for event in events:
        mine, others = (event.results, event.origins) if kind is EventKind.SPLIT else (event.origins, event.results)
        if kind in event.kinds and office in mine:
            return others
    return ()


def _most(mine: Mapping[str, str], other: Mapping[str, str], office: str) -> tuple[str, ...]:
    """Return the office where at least half of the posts of this one were, or are, on the other side."""
    posts = [key for key, home in mine.items() if home == office]
    elsewhere: dict[str, int] = {}
    for post in posts:
        home = other.get(post, "")
        if home and home != office:
            elsewhere[home] = elsewhere.get(home, 0) + 1
    return tuple(sorted(home for home, count in elsewhere.items() if count >= CARRIED * len(posts)))


def _home(state: State, post: str) -> str:
    home = state.value(post, "works_in")
    if home is None:
        line = state.value(post, "reports_to")
        return line.to if isinstance(line, Line) else ""
    return str(home)
