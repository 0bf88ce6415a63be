"""Edits as sentences: a pattern with names in it, so that it can be said in any language, and what to put there."""

from collections.abc import Mapping
from dataclasses import dataclass

from cupola.orgchart.edits import Edit, EditKind
from cupola.orgchart.facts import Funding, Limit, Line, Value
from cupola.orgchart.states import State

PATTERNS: Mapping[EditKind, str] = {
    EditKind.CREATED: "{name} is new.",
    EditKind.CLOSED: "{name} is closed.",
    EditKind.SPLIT: "{name} was split from {others}.",
    EditKind.MERGED: "{name} was merged into {others}.",
    EditKind.RENAMED: "{before} is now called {after}.",
    EditKind.MOVED: "{name} moved from {before} to {after}.",
    EditKind.LINE_ADDED: "{name} has a dotted line to {after}.",
    EditKind.LINE_REMOVED: "{name} no longer has a dotted line to {before}.",
    EditKind.HOUSED_IN_CHANGED: "{name} is housed in {after}, before in {before}.",
    EditKind.MANDATE_CHANGED: "The mandate of {name} is {after}, before {before}.",
    EditKind.FUNCTION_GAINED: "{name} takes on {after}.",
    EditKind.FUNCTION_LOST: "{name} no longer does {before}.",
    EditKind.FUNDING_CHANGED: "{name} is paid by {after}, before by {before}.",
    EditKind.FUNDING_CONVERTED: "{name} came onto recurring money: {after}, before {before}.",
    EditKind.FILLED: "{name} is filled.",
    EditKind.VACATED: "{name} is vacant.",
    EditKind.COST_CHANGED: "{name} costs {after}, before {before}.",
    EditKind.CHANGED: "The {attribute} of {name} is {after}, before {before}.",
}


# what a model asks for; of some attributes in words of their own
ADVICE: Mapping[str, str] = {
    EditKind.CREATED: "Create {name}.",
    EditKind.MERGED: "Merge {name} into {others}.",
    EditKind.LINE_ADDED: "Add a dotted line from {name} to {after}.",
    EditKind.LINE_REMOVED: "Drop the dotted line from {name} to {before}.",
    EditKind.HOUSED_IN_CHANGED: "House {name} in {after}; now: {before}.",
    EditKind.MANDATE_CHANGED: "Give {name} the mandate {after}; now: {before}.",
    EditKind.FUNCTION_GAINED: "Let {name} take on {after}.",
    EditKind.FUNCTION_LOST: "Take {before} from {name}: another office has it.",
    EditKind.FUNDING_CHANGED: "Pay {name} by {after}; now: {before}.",
    EditKind.FUNDING_CONVERTED: "Put {name} onto recurring money, {after}; now: {before}.",
    EditKind.MOVED: "Move {name} to {after}; now: {before}.",
    EditKind.CHANGED: "Let the {attribute} of {name} be {after}; now: {before}.",
    "reports_to": "Let {name} report to {after}; now: {before}.",
    "scope": "Let the mandate of {name} reach {after}; now: {before}.",
    "headed_by": "Let {after} head {name}; now: {before}.",
}
NOT_RECORDED = "not recorded"


@dataclass(frozen=True)
class Sentence:
    """A pattern and what to put into it."""

    pattern: str
    values: Mapping[str, str]

    def __str__(self) -> str:
        return self.pattern.format(**self.values)


def sentence_of(edit: Edit, before: State, after: State, *, names: Mapping[str, str]) -> Sentence:
    """Return what an edit says. names: of offices and posts that are in neither chart, as one that came and went."""
    values = {
        "name": name_in(edit.subject, after, before),
        "attribute": edit.attribute.replace("_", " "),
        "others": " and ".join(names.get(key, key) for key in edit.others),
        "before": " and ".join(text_of(value, before, after) for value in edit.before) or "unknown",
        "after": " and ".join(text_of(value, after, before) for value in edit.after) or "unknown",
    }
    return Sentence(PATTERNS[edit.kind], values)


def advice_of(edit: Edit) -> str:
    """Return the pattern of what a model asks for."""
    return ADVICE.get(edit.attribute) or ADVICE[edit.kind]


def advice_sentence(edit: Edit, before: State, after: State, *, names: Mapping[str, str]) -> Sentence:
    """Return what a model asks for by an edit. names: as for `sentence_of`."""
    told = sentence_of(edit, before, after, names=names)
    now = " and ".join(text_of(value, before, after) for value in edit.before)
    return Sentence(advice_of(edit), {**told.values, "before": now or NOT_RECORDED})


def name_in(key: str, *states: State) -> str:
    """Return the name of an office or post in the first state that knows it, else its key."""
    for state in states:
        name = state.value(key, "name")
        if name:
            return str(name)
    return key


def text_of(value: Value, *states: State) -> str:
    """Return a value as people read it: a key as a name, a code in words, money with who gives it."""
    if isinstance(value, Line):
        return name_in(value.to, *states)
    if isinstance(value, Funding):
        amount = "" if value.amount is None else f" ({value.amount:,f}{' a year' if value.yearly else ''})"
        return f"{value.source.replace('_', ' ')}{amount}"
    if isinstance(value, Limit):
        return f"{value.kind.replace('_', ' ')} {value.most:,f}"
    text = str(value)
    if any(text in state.said for state in states):
        return name_in(text, *states)
    return text.replace("_", " ")
