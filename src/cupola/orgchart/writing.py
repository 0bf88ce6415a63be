"""From a jurisdiction back to the plain fields of a structure document; reading them gives the same jurisdiction."""

from collections.abc import Iterable, Mapping
from dataclasses import fields as fields_of_class
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from cupola.orgchart.events import Event
from cupola.orgchart.facts import ATTRIBUTES, Fact, Funding, Limit, Line, Value
from cupola.orgchart.history import History
from cupola.orgchart.jurisdiction import Jurisdiction
from cupola.orgchart.parameters import Parameters, Recorded
from cupola.orgchart.reading import WRITTEN
from cupola.orgchart.vocabulary import LineType, Status

_SPELLED = {name: written for written, name in WRITTEN.items()}


def write_jurisdiction(one: Jurisdiction) -> dict[str, Any]:
    """Return the canonical fields of a structure document."""
    government = {"kind": one.kind, "chief_executive": one.executive, "form": one.form}
    usual = {"kind": "city", "chief_executive": "Mayor", "form": ""}
    found: dict[str, Any] = {
        "key": one.key,
        "name": one.name,
        "government": {name: value for name, value in government.items() if value != usual[name]},
        "sources": {key: _filled({"url": source.url, "title": source.title}) for key, source in one.sources.items()},
        "administrations": [_plain(admin) for admin in one.administrations],
        **write_history(one.history),
        "outcomes": [_plain(outcome) for outcome in one.outcomes],
        "notes": list(one.notes),
        "complete": [_recorded(whole) for whole in one.complete],
        "checks": write_parameters(one.parameters),
    }
    return {name: value for name, value in found.items() if value or name in {"key", "name"}}


def write_parameters(parameters: Parameters) -> dict[str, Any]:
    """Return the limits that have a source of their own, each with it."""
    return {
        name: {"value": _limit(getattr(parameters, name)), "source": source}
        for name, source in parameters.sources.items()
    }


def write_history(history: History) -> dict[str, Any]:
    """Return offices, posts and events as fields."""
    said: dict[str, list[Fact]] = {key: [] for key in history.subjects}
    for fact in history.facts:
        said[fact.subject].append(fact)
    found: dict[str, Any] = {"offices": {}, "posts": {}, "events": [_event(event) for event in history.events]}
    for key, kind in history.subjects.items():
        found[f"{kind}s"][key] = write_subject(said[key])
    return {name: value for name, value in found.items() if value}


def write_subject(facts: Iterable[Fact]) -> dict[str, Any]:
    """Return what is said of one office or post: that it exists first, then each fact with its own time and source.

    What was closed and founded again has several lives: the first, and under `again` the others.
    """
    facts = tuple(facts)
    lives = sorted((fact for fact in facts if fact.attribute == "exists"), key=_beginning)
    if len(lives) < 2:
        return _life(facts, lives[0] if lives else None)
    parts: list[list[Fact]] = [[] for _ in lives]
    for fact in facts:
        if fact.attribute != "exists":
            begun = [place for place, life in enumerate(lives) if _beginning(life) <= _beginning(fact)]
            parts[max(begun, default=0)].append(fact)
    first, *others = (_life(part, life) for part, life in zip(parts, lives, strict=True))
    return {**first, "again": others}


def _beginning(fact: Fact) -> date:
    since = fact.span.since
    return date.min if since is None or since.earliest is None else since.earliest


def _life(facts: Iterable[Fact], life: Fact | None) -> dict[str, Any]:
    """Return one life: what is known of all of it as it is itself stands beside it, the rest under `facts`."""
    found = {} if life is None else _about(life)
    parts: dict[str, dict[str, Any]] = {} if life is None else {repr(found): found}
    for fact in facts:
        if fact is not life:
            about = _about(fact)
            _add(parts.setdefault(repr(about), about), fact)
    listed = [part for part in parts.values() if part is not found]
    return {**found, "facts": listed} if listed else found


def write_value(value: Value) -> Any:
    """Return a value as a document writes it."""
    if isinstance(value, Line):
        plain = value.type is LineType.ADMINISTRATIVE
        return value.to if plain else {"to": value.to, "type": str(value.type)}
    if isinstance(value, Funding):
        parts = {"share": value.share, "amount": value.amount, "yearly": value.yearly, "funder": value.funder}
        kept = {name: _number(part) for name, part in parts.items() if part not in {None, "", False}}
        return {"source": str(value.source), **kept}
    if isinstance(value, Limit):
        return {"kind": str(value.kind), "most": _number(value.most)}
    return str(value) if isinstance(value, StrEnum) else _number(value)


def _add(part: dict[str, Any], fact: Fact) -> None:
    written, value = _SPELLED[fact.attribute], write_value(fact.value)
    if ATTRIBUTES[fact.attribute].many:
        part.setdefault(written, []).append(value)
    else:
        part[written] = value


def _about(fact: Fact) -> dict[str, Any]:
    """Return when a fact held and how it is known. What an event gives, its date, is not written twice."""
    return _filled(
        {
            "since": "" if fact.span.since is None or fact.begun_by else str(fact.span.since),
            "until": "" if fact.span.until is None or fact.ended_by else str(fact.span.until),
            "begun_by": fact.begun_by,
            "ended_by": fact.ended_by,
            "status": "" if fact.status is Status.CONFIRMED else str(fact.status),
            "sources": list(fact.sources),
            "note": fact.note,
        }
    )


def _recorded(one: Recorded) -> dict[str, Any]:
    span = {"since": str(one.span.since or ""), "until": str(one.span.until or "")}
    known = {"status": "" if one.status is Status.CONFIRMED else str(one.status), "sources": list(one.sources)}
    return {"of": [str(one.of)], **_filled({**span, **known, "note": one.note})}


def _limit(value: Any) -> Any:
    return [str(part) for part in value] if isinstance(value, tuple) else _number(value)


def _event(event: Event) -> dict[str, Any]:
    found = _plain(event)
    found["kind"] = found.pop("kinds")
    return found


def _plain(one: Any) -> dict[str, Any]:
    """Return the fields of a frozen value that are not at their default, as texts and lists."""
    found = {}
    for field in fields_of_class(one):
        value = getattr(one, field.name)
        if value != field.default:
            found[field.name] = [str(part) for part in value] if isinstance(value, tuple) else _text(value)
    return found


def _text(value: Any) -> Any:
    return value if isinstance(value, int) else str(value)


def _number(value: Any) -> Any:
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
