"""What would have to change for a chart to be as a model is, edit by edit.

Only what the model speaks of changes: where it has nothing, the chart keeps what it has. Nothing is closed because a
model does without it; an office is merged where another one does, in the model, all that it does.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from cupola.orgchart.chart import Chart
from cupola.orgchart.counterparts import ALONE, counterparts, sites_of, upwards
from cupola.orgchart.edits import Edit, EditKind, diff
from cupola.orgchart.facts import ATTRIBUTES, Fact, Funding, Line, Value
from cupola.orgchart.states import HERE, Said, State, state_of
from cupola.orgchart.vocabulary import EXECUTIVES_OFFICES

_SINGLE = ("housed_in", "mandate", "scope", "headed_by")
_POINTING = ("part_of", "works_in", "headed_by", "paid_by")


@dataclass(frozen=True)
class Adoption:
    """A chart, what it would be as the model has it, and the edits between; applied to `before` they give `after`.

    theirs: the model's key by our key, or by the key what is new gets. extra: offices with a function and posts with a
    role that the model has no counterpart for, and that stay.
    """

    before: State
    after: State
    edits: tuple[Edit, ...]
    theirs: Mapping[str, str]
    extra: tuple[str, ...]

    def grounds(self, edit: Edit, model: Chart) -> tuple[Fact, ...]:
        """Return what the model says that asks for an edit: of what is new all of it, else of the attribute."""
        heir = edit.others[0] if edit.kind is EditKind.MERGED else edit.subject
        key = self.theirs.get(heir, "")
        told = (held.fact for name in ATTRIBUTES for held in model.held(key, name))
        wanted = "function" if edit.kind is EditKind.MERGED else edit.attribute
        return tuple(fact for fact in told if not wanted or fact.attribute == wanted)

    @property
    def uncosted(self) -> int:
        """How many posts would be new and have no cost, as models name none."""
        new = (key for key in self.after.of_kind("post") if key not in self.before.said)
        return sum(self.after.value(key, "cost") is None for key in new)


def adopt(chart: Chart, model: Chart) -> Adoption:
    """Return what would have to change for `chart` to be as `model` is."""
    return _Adopting(chart, model).adoption()


class _Adopting:
    """One chart and one model, with which is which."""

    def __init__(self, chart: Chart, model: Chart) -> None:
        self.chart, self.model = chart, model
        self.before, self.wanted = state_of(chart), state_of(model)
        self.ours = dict(counterparts(chart, model))
        self.paired = dict(self.ours)
        taken = {*self.before.said, *self.ours.values()}
        for key in self.wanted.said:  # what has no counterpart is made under the model's key, or the next free one
            if key not in self.ours:
                name = next(name for name in _names(key) if name not in taken)
                self.ours[key] = name
                taken.add(name)

    def adoption(self) -> Adoption:
        """Return the chart as the model has it, and what differs."""
        kinds, said = dict(self.before.kinds), dict(self.before.said)
        for theirs, key in self.ours.items():
            kinds[key] = self.wanted.kinds[theirs]
            said[key] = frozenset(self._said(theirs, key))
        said = {key: pairs - self._given_away(key) for key, pairs in said.items()}
        said = self._converted(said)
        heirs = self._doubles(kinds, said)
        after = State(
            {key: kind for key, kind in kinds.items() if key not in heirs},
            {key: _without(pairs, heirs) for key, pairs in said.items() if key not in heirs},
        )
        edits = tuple(_named(edit, heirs) for edit in diff(self.before, after))
        matched = {*self.ours.values(), *heirs}
        compared = (
            key
            for kind, name in (("office", "function"), ("post", "role"))
            for key in self.before.of_kind(kind)
            if self.before.value(key, name) is not None and not (kind == "office" and self._within_matched(key))
        )
        by_ours = {key: other for other, key in self.ours.items()}
        return Adoption(self.before, after, edits, by_ours, tuple(key for key in compared if key not in matched))

    def _within_matched(self, office: str) -> bool:
        """Say whether an office is a part of one that has a counterpart: then that stands for it."""
        above = tuple(upwards(self.chart, office))[1:]
        return any(key in self.paired.values() and self.chart.value(key, "kind") not in ALONE for key in above)

    # -- what is said of one office or post

    def _said(self, theirs: str, key: str) -> Iterator[Said]:
        """Yield what would be said of ours: what is now, but for what the model says otherwise."""
        wanted = {(name, self._here(name, value)) for name, value in self.wanted.said[theirs]}
        if theirs not in self.paired:
            yield from wanted
            if self.wanted.kinds[theirs] == "post":
                yield ("filled", False)  # nobody holds what does not exist yet
            return
        now = self.before.said.get(key, frozenset([HERE]))
        by_name: dict[str, list[Value]] = {}
        for name, value in sorted(wanted, key=str):
            by_name.setdefault(name, []).append(value)
        missing = {name: [v for v in values if not self._met(key, name, v)] for name, values in by_name.items()}
        changed = {name for name in (*_SINGLE, "part_of", "works_in", "reports_to") if missing.get(name)}
        if "funding" in by_name and not self._paid_alike(key, by_name["funding"]):
            changed.add("funding")
            missing["funding"] = by_name["funding"]
        yield from (pair for pair in now if pair[0] not in changed)
        for name in (*sorted(changed), "dotted_to", "function"):
            yield from ((name, value) for value in missing.get(name, ()))

    def _here(self, name: str, value: Value) -> Value:
        """Return a value of the model with our keys in it."""
        if isinstance(value, Line):
            return replace(value, to=self.ours.get(value.to, value.to))
        return self.ours.get(str(value), value) if name in _POINTING else value

    def _met(self, key: str, name: str, value: Value) -> bool:
        """Say whether ours is so already, in itself or by what it is part of."""
        if isinstance(value, Line):
            to = self._head(value.to)
            if name == "dotted_to":
                lines = (line.to for line in self.chart.values(key, name) if isinstance(line, Line))
                return to in {self._head(line) for line in lines} or to == self._boss(key)
            return to == self._boss(key)
        if name in {"part_of", "works_in"}:
            return str(value) in tuple(upwards(self.chart, key))[1:]
        if name == "housed_in":
            sites = sites_of(self.chart, key)
            return value in sites or (value in EXECUTIVES_OFFICES and bool({*sites} & {*EXECUTIVES_OFFICES}))
        if name == "function":
            office = str(self.chart.value(key, "works_in") or key)
            return any(value in self.chart.values(one, name) for one in (key, *self.chart.within(office)))
        return value in self.before.values(key, name)

    def _boss(self, key: str) -> str:
        return self._head(self.chart.boss(key)) if key in self.before.kinds else ""

    def _head(self, key: str) -> str:
        """Return the head of an office, for a line to an office is one to its head."""
        return str(self.chart.value(key, "headed_by") or key)

    def _paid_alike(self, key: str, wanted: Iterable[Value]) -> bool:
        now = {value.source for value in self.before.values(key, "funding") if isinstance(value, Funding)}
        return now == {value.source for value in wanted if isinstance(value, Funding)}

    # -- what follows from it

    def _given_away(self, key: str) -> frozenset[Said]:
        """Return the functions of an office of ours that the model gives to others, and not to what is under it."""
        other = next((theirs for theirs, ours in self.paired.items() if ours == key), "")
        if not other or self.before.kinds.get(key) != "office":
            return frozenset()
        line = {*self.chart.within(key), *upwards(self.chart, key)}
        lost = set()
        for function in self.before.values(key, "function"):
            owners = [one for one in self.model.offices if function in self.model.values(one, "function")]
            if owners and other not in owners and not any(self.ours[one] in line for one in owners):
                lost.add(("function", function))
        return frozenset(lost)

    def _converted(self, said: dict[str, frozenset[Said]]) -> dict[str, frozenset[Said]]:
        """Put posts onto the recurring money of their office, where in the model all its money is recurring."""
        found = dict(said)
        for theirs, office in self.ours.items():
            money = [value for value in self.wanted.values(theirs, "funding") if isinstance(value, Funding)]
            if self.wanted.kinds[theirs] == "post" or not money or not all(one.source.recurring for one in money):
                continue
            for post in (key for key in found if ("works_in", office) in found[key]):
                found[post] = frozenset(_onto(pair, money[0]) for pair in found[post])
        return found

    def _doubles(self, kinds: Mapping[str, str], said: Mapping[str, frozenset[Said]]) -> dict[str, str]:
        """Return offices of ours that go into another: in the model one office does all that they do."""
        found = {}
        for key in self.before.of_kind("office"):
            functions = {value for name, value in said[key] if name == "function"}
            if not functions or key in self.ours.values() or self.before.value(key, "kind") in ALONE:
                continue
            line = {*self.chart.within(key), *upwards(self.chart, key)}
            heirs = (
                self.ours[one]
                for one in self.model.offices
                if functions <= set(self.model.values(one, "function")) and self.model.value(one, "kind") not in ALONE
            )
            heir = next((one for one in heirs if kinds[one] == "office" and one not in line), "")
            if heir:
                found[key] = heir
        return found


def _named(edit: Edit, heirs: Mapping[str, str]) -> Edit:
    """Return an edit by the name it has here: what is new comes from the model and was split from nothing."""
    if edit.kind is EditKind.SPLIT:
        return replace(edit, kind=EditKind.CREATED, others=())
    return replace(edit, kind=EditKind.MERGED, others=(heirs[edit.subject],)) if edit.subject in heirs else edit


def _names(key: str) -> Iterator[str]:
    yield key
    number = 2
    while True:
        yield f"{key}-{number}"
        number += 1


def _onto(pair: Said, money: Funding) -> Said:
    value = pair[1]
    if isinstance(value, Funding) and not value.source.recurring:
        return ("funding", Funding(money.source, value.share, value.amount, yearly=value.yearly))
    return pair


def _without(pairs: frozenset[Said], heirs: Mapping[str, str]) -> frozenset[Said]:
    """Return what is said with every mention of a merged office turned to where it went."""
    found: set[Said] = set()
    for name, value in pairs:
        if isinstance(value, Line):
            found.add((name, replace(value, to=heirs.get(value.to, value.to))))
        elif name in _POINTING and str(value) in heirs:
            found.add((name, heirs[str(value)]))
        else:
            found.add((name, value))
    return frozenset(found)
