"""From the plain fields of a structure document to a jurisdiction."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from cupola.errors import InvalidInput
from cupola.orgchart.events import Event
from cupola.orgchart.facts import ATTRIBUTES, Attribute, Fact, Funding, Limit, Line, Value
from cupola.orgchart.history import History
from cupola.orgchart.jurisdiction import Administration, Jurisdiction, Outcome, Proof, Source
from cupola.orgchart.moments import Moment, Span
from cupola.orgchart.parameters import Parameters, Recorded
from cupola.orgchart.vocabulary import EventKind, Function, FundingSource, LimitKind, LineType, Status, Whole
from cupola.periods import parse_day

# attributes of which several hold at once are written in the plural
PLURALS = {"functions": "function", "limits": "limit", "purchases": "purchase", "tools": "tool", "users": "user"}
PLURALS |= {"sectors": "sector"}
_ENDS = (("since", "begun_by"), ("until", "ended_by"))  # a part of a life that says either says it whole
WRITTEN = {**{name: name for name in ATTRIBUTES if name not in {*PLURALS.values(), "exists"}}, **PLURALS}

_LIMIT_TYPES: Mapping[str, Callable[[Any], Any]] = {
    "elections": lambda days: tuple(parse_day(str(day)) for day in days),
    "deputies": tuple,
    "expected_functions": lambda codes: tuple(Function(code) for code in codes),
    "most_non_recurring_share": lambda share: Decimal(str(share)),
    "most_spending_authority": lambda money: Decimal(str(money)),
}


class SameKeyTwice(InvalidInput):
    """An office and a post share a key."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"{key} is both an office and a post. Give one of them another key.")


def read_jurisdiction(fields: Mapping[str, Any]) -> Jurisdiction:
    """Return the jurisdiction that the canonical fields of a structure document describe.

    Raises what `History` and `Jurisdiction` raise, SameKeyTwice and SpanEndsBeforeItBegins.
    """
    government = fields.get("government", {})
    sources = fields.get("sources", {})
    return Jurisdiction(
        key=fields["key"],
        name=fields["name"],
        kind=government.get("kind", "city"),
        executive=government.get("chief_executive", "Mayor"),
        form=government.get("form", ""),
        history=read_history(fields),
        sources={key: Source(key, one.get("url", ""), one.get("title", "")) for key, one in sources.items()},
        administrations=tuple(_administration(one) for one in fields.get("administrations", ())),
        outcomes=tuple(_outcome(one) for one in fields.get("outcomes", ())),
        notes=tuple(fields.get("notes", ())),
        complete=tuple(_recorded(one, of) for one in fields.get("complete", ()) for of in one["of"]),
        parameters=read_parameters(fields.get("checks", {})),
    )


def read_parameters(said: Mapping[str, Any]) -> Parameters:
    """Return the limits of a document's `checks`: each a value with its source; others are as usual."""
    values = {name: _LIMIT_TYPES.get(name, lambda value: value)(one["value"]) for name, one in said.items()}
    sources = {name: one["source"] for name, one in said.items()}
    return Parameters(**values, sources=sources)


def read_history(fields: Mapping[str, Any]) -> History:
    """Return offices, posts and events as a history. What an event begins or ends needs no date of its own."""
    days = {event["key"]: event["on"] for event in fields.get("events", ())}
    subjects: dict[str, str] = {}
    facts: list[Fact] = []
    for group, kind in (("offices", "office"), ("posts", "post")):
        for key, said in fields.get(group, {}).items():
            if key in subjects:
                raise SameKeyTwice(key)
            subjects[key] = kind
            for life in (said, *said.get("again", ())):
                facts += _facts(key, life, days=days)
    return History(subjects, tuple(facts), tuple(_event(one) for one in fields.get("events", ())))


def _facts(subject: str, said: Mapping[str, Any], *, days: Mapping[str, str]) -> Iterator[Fact]:
    """Yield that it was there, what is said of its whole life, and what is said of a part of it.

    What was closed and founded again has several lives.
    """
    about = _about(said, days=days)
    yield Fact(subject, "exists", True, **about)
    for attribute, value in _values(said):
        yield Fact(subject, attribute.name, value, **about)
    life = {name: said[name] for pair in _ENDS for name in pair if name in said}
    for part in said.get("facts", ()):
        stated = {name for pair in _ENDS for name in pair if part.keys() & set(pair)}
        inherited = {name: value for name, value in life.items() if name not in stated}
        about = _about({**inherited, **part}, days=days)
        for attribute, value in _values(part):
            yield Fact(subject, attribute.name, value, **about)


def _about(said: Mapping[str, Any], *, days: Mapping[str, str]) -> dict[str, Any]:
    begun_by, ended_by = said.get("begun_by", ""), said.get("ended_by", "")
    since, until = said.get("since") or days.get(begun_by), said.get("until") or days.get(ended_by)
    return {
        "span": Span(Moment.parse(since) if since else None, Moment.parse(until) if until else None),
        "status": Status(said.get("status", "confirmed")),
        "sources": tuple(said.get("sources", ())),
        "note": said.get("note", ""),
        "begun_by": begun_by,
        "ended_by": ended_by,
    }


def _values(said: Mapping[str, Any]) -> Iterator[tuple[Attribute, Value]]:
    for written in (one for one in WRITTEN if one in said):
        attribute, value = ATTRIBUTES[WRITTEN[written]], said[written]
        several = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        for one in several:
            yield attribute, read_value(attribute, one)


def read_value(attribute: Attribute, raw: Any) -> Value:
    """Return a plain value as the attribute's type holds it."""
    if attribute.type is str or attribute.type is bool:
        return raw  # type: ignore[no-any-return]  # most values are texts
    if attribute.type is Line:
        parts = {"to": raw} if isinstance(raw, str) else raw
        return Line(parts["to"], LineType(parts.get("type", "administrative")))
    if attribute.type is Funding:
        return _funding({"source": raw} if isinstance(raw, str) else raw)
    if attribute.type is Limit:
        return Limit(LimitKind(raw["kind"]), Decimal(str(raw["most"])))
    if attribute.type is Decimal:
        return Decimal(str(raw))
    assert issubclass(attribute.type, StrEnum)
    return attribute.type(raw)


def _funding(parts: Mapping[str, Any]) -> Funding:
    numbers = {name: None if parts.get(name) is None else Decimal(str(parts[name])) for name in ("share", "amount")}
    return Funding(
        FundingSource(parts["source"]),
        numbers["share"],
        numbers["amount"],
        yearly=bool(parts.get("yearly", False)),
        funder=str(parts.get("funder", "")),
    )


def _recorded(said: Mapping[str, Any], of: str) -> Recorded:
    about = _about(said, days={})
    return Recorded(Whole(of), about["span"], about["status"], about["sources"], about["note"])


def _event(said: Mapping[str, Any]) -> Event:
    kinds = said["kind"] if isinstance(said["kind"], list | tuple) else [said["kind"]]
    return Event(
        key=said["key"],
        on=Moment.parse(said["on"]),
        kinds=tuple(EventKind(kind) for kind in kinds),
        subjects=tuple(said.get("subjects", ())),
        origins=tuple(said.get("origins", ())),
        results=tuple(said.get("results", ())),
        order=int(said.get("order", 0)),
        title=said.get("title", ""),
        amount=said.get("amount", ""),
        status=Status(said.get("status", "confirmed")),
        sources=tuple(said.get("sources", ())),
        note=said.get("note", ""),
    )


def _administration(said: Mapping[str, Any]) -> Administration:
    return Administration(
        since=Moment.parse(said["since"]),
        status=Status(said.get("status", "confirmed")),
        note=said.get("note", ""),
        sources=tuple(said.get("sources", ())),
    )


def _outcome(said: Mapping[str, Any]) -> Outcome:
    return Outcome(
        says=said["says"],
        proof=Proof(said["proof"]),
        subjects=tuple(said.get("subjects", ())),
        speaks_for=tuple(said.get("speaks_for", ())),
        speaks_against=tuple(said.get("speaks_against", ())),
        sources=tuple(said.get("sources", ())),
    )
