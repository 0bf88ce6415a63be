"""Which office or post of an earlier chart is which of a later one, where keys alone do not tell."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count

from rapidfuzz import fuzz, process

from cupola.errors import InvalidInput
from cupola.orgchart.facts import Fact, Line
from cupola.orgchart.history import History
from cupola.orgchart.moments import Answer, Moment, Span
from cupola.orgchart.states import State, state_of
from cupola.orgchart.vocabulary import Status

LEAST = 0.75  # below this confidence two posts are not taken for one
_WEIGHTS = (("title", 0.5), ("office", 0.25), ("boss", 0.15), ("grade", 0.1))
_MOST_PAIRS = 4_000_000  # more are compared only within one grade


class How(StrEnum):
    """What two charts' office or post are taken for one by."""

    NUMBER = "number"
    TITLE = "title"
    PROBABLE = "probable"


@dataclass(frozen=True)
class Pair:
    """The same office or post before and after, by key. confidence: 0 to 1; below 1 somebody should look."""

    before: str
    after: str
    how: How
    confidence: float


class OlderThanRecorded(InvalidInput):
    """The later chart speaks for a day before what is recorded."""

    def __init__(self, on: Moment, newest: Moment) -> None:
        self.on, self.newest = on, newest
        super().__init__(
            f"The file speaks for {on}, and the structure is recorded since {newest}. Import older files first."
        )


@dataclass(frozen=True)
class _Seen:
    """What is compared of one office or post."""

    key: str
    title: str
    office: str
    boss: str
    grade: str


def match(before: State, after: State, *, numbered: Callable[[str], bool] = lambda key: True) -> tuple[Pair, ...]:
    """Return which is which, one to one, in the order of the earlier keys.

    First by key where `numbered` says that it is a position number, or by the number it has got since; then by office,
    title and grade; the rest by how alike titles, offices, bosses and grades are, marked probable.
    """
    found: list[Pair] = []
    for kind in ("office", "post"):
        old, new = _seen(before, kind), _seen(after, kind)
        numbers = {key: str(before.value(key, "number") or key) for key in old}
        both = [(key, number) for key, number in numbers.items() if number in new and numbered(number)]
        found += [Pair(key, number, How.NUMBER, 1.0) for key, number in both]
        for key, number in both:
            del old[key], new[number]
        for pair in (*_same(old, new), *_alike(old, new)):
            found.append(pair)
    return tuple(sorted(found, key=lambda pair: pair.before))


def succeed(
    old: History,
    new: History,
    on: Moment,
    *,
    pairs: Sequence[Pair],
    imported: str = "file",
    numbered: Callable[[str], bool] = lambda key: False,
) -> History:
    """Return a history that goes on with a later chart: what is no longer said ends on a day, what is new begins.

    Only facts all of whose sources begin with `imported` end; what staff added stays. What rests on a probable match is
    marked as deduced. What got another position number, which `numbered` tells from other keys, stays under its key and
    has the new number as a fact. Raises OlderThanRecorded.
    """
    newest = max(
        (fact.span.since for fact in old.facts if fact.span.since and fact.span.since.latest), key=_last, default=on
    )
    if on.latest is None or _last(newest) > on.latest.toordinal():
        raise OlderThanRecorded(on, newest)
    keys = _keys(old, new, pairs)
    doubt = {keys[pair.after]: pair for pair in pairs if pair.how is How.PROBABLE}
    renumbered = _numbers(old, new, pairs=pairs, numbered=numbered)
    said = {_what(fact): fact for fact in (*(_renamed(fact, keys) for fact in new.facts), *renumbered)}
    facts: list[Fact] = []
    for fact in old.facts:
        ours = all(source.startswith(imported) for source in fact.sources) and fact.span.until is None
        if ours and said.pop(_what(fact), None) is None:
            facts.append(replace(fact, span=Span(fact.span.since, on)))
        else:
            facts.append(fact)
    for fact in said.values():
        pair = doubt.get(fact.subject)
        begun = replace(fact, span=Span(on))
        if pair is not None:
            note = f"Taken for the same as before with a confidence of {pair.confidence:.2f}."
            begun = replace(begun, status=Status.DEDUCED, note=note)
        facts.append(begun)
    subjects = {**old.subjects, **{keys[key]: kind for key, kind in new.subjects.items()}}
    return History(subjects, tuple(facts), old.events)


def pairs_with(old: History, new: History, on: Moment, *, numbered: Callable[[str], bool]) -> tuple[Pair, ...]:
    """Return which subjects of the chart of a day are which of a new one."""
    assert on.latest is not None
    chart = old.on(on.latest)
    there = state_of(chart)
    sure = {key for key in there.said if chart.exists(key) is not Answer.NO}
    live = State({key: there.kinds[key] for key in sure}, {key: there.said[key] for key in sure})
    return match(live, state_of(new.on(on.latest)), numbered=numbered)


def _last(moment: Moment) -> int:
    return moment.latest.toordinal() if moment.latest else 0


def _what(fact: Fact) -> tuple[str, str, object]:
    return fact.subject, fact.attribute, fact.value


def _keys(old: History, new: History, pairs: Sequence[Pair]) -> Mapping[str, str]:
    """Return the key each new subject goes on under: its match's, else its own, numbered where that was another's."""
    keys = {pair.after: pair.before for pair in pairs}
    taken = {*old.subjects, *keys.values()}
    for key in new.subjects:
        if key not in keys:
            free = (name for number in count(1) if (name := key if number == 1 else f"{key}-{number}") not in taken)
            keys[key] = next(free)
            taken.add(keys[key])
    return keys


def _numbers(old: History, new: History, *, pairs: Sequence[Pair], numbered: Callable[[str], bool]) -> Iterator[Fact]:
    """Yield the position number of every post that no longer has the one it is known by."""
    sources = {fact.subject: fact.sources for fact in new.facts}
    for pair in pairs:
        if pair.before != pair.after and numbered(pair.after) and old.subjects[pair.before] == "post":
            yield Fact(pair.before, "number", pair.after, sources=sources.get(pair.after, ()))


def _renamed(fact: Fact, keys: Mapping[str, str]) -> Fact:
    value = fact.value
    if isinstance(value, Line):
        value = replace(value, to=keys[value.to])
    elif fact.attribute in {"part_of", "works_in", "paid_by", "headed_by"}:
        value = keys[str(value)]
    return replace(fact, subject=keys[fact.subject], value=value)


def _seen(state: State, kind: str) -> dict[str, _Seen]:
    def name(key: object) -> str:
        return str(state.value(str(key), "name") or "") if str(key) in state.said else ""

    found = {}
    for key in state.of_kind(kind):
        line = state.value(key, "reports_to")
        home = state.value(key, "works_in" if kind == "post" else "part_of")
        boss = name(line.to) if isinstance(line, Line) else ""
        found[key] = _Seen(
            key, name(key).casefold(), name(home).casefold(), boss.casefold(), str(state.value(key, "grade") or "")
        )
    return found


def _same(old: dict[str, _Seen], new: dict[str, _Seen]) -> Iterable[Pair]:
    """Take out of both what has the same office, title and grade; of several alike nobody can say which is which."""
    groups: dict[tuple[str, str, str], tuple[list[_Seen], list[_Seen]]] = defaultdict(lambda: ([], []))
    for side, seen in enumerate((old, new)):
        for one in seen.values():
            if one.title:
                groups[one.office, one.title, one.grade][side].append(one)
    pairs = []
    for ours, theirs in groups.values():
        alike = max(len(ours), len(theirs))
        ours.sort(key=lambda one: (one.boss, one.key))
        theirs.sort(key=lambda one: (one.boss, one.key))
        pairs += [Pair(a.key, b.key, How.TITLE, round(1 / alike, 2)) for a, b in zip(ours, theirs, strict=False)]
    for pair in pairs:
        del old[pair.before], new[pair.after]
    return pairs


def _alike(old: dict[str, _Seen], new: dict[str, _Seen]) -> Iterable[Pair]:
    """Yield the likeliest pairs first come, each side once."""
    blocks = [(list(old.values()), list(new.values()))]
    if len(old) * len(new) > _MOST_PAIRS:
        grades = sorted({one.grade for one in old.values()})
        blocks = [
            ([o for o in old.values() if o.grade == g], [n for n in new.values() if n.grade == g]) for g in grades
        ]
    scored = sorted((one for block in blocks for one in _scores(*block)), key=lambda one: (-one[0], one[1], one[2]))
    taken: tuple[set[str], set[str]] = (set(), set())
    for score, before, after in scored:
        if before not in taken[0] and after not in taken[1]:
            taken[0].add(before)
            taken[1].add(after)
            yield Pair(before, after, How.PROBABLE, round(score, 2))


def _scores(old: Sequence[_Seen], new: Sequence[_Seen]) -> Iterable[tuple[float, str, str]]:
    if not old or not new:
        return
    total = None
    for name, weight in _WEIGHTS:
        ours, theirs = ([getattr(one, name) for one in side] for side in (old, new))
        scorer = fuzz.token_sort_ratio if name != "grade" else fuzz.ratio
        part = process.cdist(ours, theirs, scorer=scorer) * (weight / 100)
        total = part if total is None else total + part
    assert total is not None
    for row, column in zip(*(total >= LEAST).nonzero(), strict=True):
        yield float(total[row, column]), old[row].key, new[column].key
