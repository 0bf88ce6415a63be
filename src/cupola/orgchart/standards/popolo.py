"""Popolo JSON: organizations and posts, with what the standard has no word for under `cupola`.

Source: the Popolo specification and its JSON schemas (popoloproject.com). It has no reporting line, mandate or funding.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from cupola.orgchart.facts import Fact, Value
from cupola.orgchart.history import History
from cupola.orgchart.moments import Moment, Span
from cupola.orgchart.reading import read_history
from cupola.orgchart.standards.tables import keyed
from cupola.orgchart.writing import write_history

EXTENSION = "cupola"


def write_popolo(history: History) -> dict[str, list[dict[str, Any]]]:
    """Return `organizations` and `posts` as Popolo objects, and `events` as an extension."""
    written = write_history(history)
    facts: dict[str, list[Fact]] = {key: [] for key in history.subjects}
    for fact in history.facts:
        facts[fact.subject].append(fact)
    found: dict[str, list[dict[str, Any]]] = {"organizations": [], "posts": [], "events": written.get("events", [])}
    for key, kind in history.subjects.items():
        own = _organization(key, facts[key]) if kind == "office" else _post(key, facts[key])
        found["organizations" if kind == "office" else "posts"].append({**own, EXTENSION: written[f"{kind}s"][key]})
    return found


def read_popolo(data: Mapping[str, Any], *, source: str) -> History:
    """Return the history of Popolo objects: our own exports whole, others by what the standard says.

    People are not taken over. `data`: `organizations` and `posts`, or one object of either.
    """
    organizations, posts = _objects(data)
    if any(EXTENSION in one for one in (*organizations, *posts)):
        fields = {
            "offices": {one["id"]: one[EXTENSION] for one in organizations},
            "posts": {one["id"]: one[EXTENSION] for one in posts},
            "events": data.get("events", []),
        }
        return read_history(fields)
    subjects: dict[str, str] = {}
    facts: list[Fact] = []
    for one in organizations:
        _take(one, "office", subjects, facts=facts, source=source)
    for one in posts:
        _take(one, "post", subjects, facts=facts, source=source)
    for fact in list(facts):  # an organization that is only named is recorded by its id
        if fact.attribute in {"part_of", "works_in"} and str(fact.value) not in subjects:
            subjects[str(fact.value)] = "office"
            facts.append(Fact(str(fact.value), "exists", True, sources=(source,)))
    return History(subjects, tuple(facts))


def _organization(key: str, facts: Iterable[Fact]) -> dict[str, Any]:
    said = _last(facts)
    names = [fact for fact in facts if fact.attribute == "name"]
    found = {
        "id": key,
        "name": said.get("name", key),
        "other_names": [_other(fact) for fact in names if fact.value != said.get("name")],
        "classification": said.get("kind"),
        "parent_id": said.get("part_of"),
        **_dates(facts, "founding_date", "dissolution_date"),
    }
    return {name: value for name, value in found.items() if value}


def _post(key: str, facts: Iterable[Fact]) -> dict[str, Any]:
    said = _last(facts)
    found = {
        "id": key,
        "label": said.get("name", key),
        "role": said.get("role"),
        "organization_id": said.get("works_in"),
        **_dates(facts, "start_date", "end_date"),
    }
    return {name: value for name, value in found.items() if value}


def _last(facts: Iterable[Fact]) -> dict[str, str]:
    """Return the newest value of each attribute, as text."""
    ordered = sorted(facts, key=lambda fact: str(fact.span.since) if fact.span.since else "")
    return {fact.attribute: str(fact.value) for fact in ordered}


def _dates(facts: Iterable[Fact], since: str, until: str) -> dict[str, str]:
    life = next((fact.span for fact in facts if fact.attribute == "exists"), Span())
    dates = {since: life.since, until: life.until}
    return {name: str(when) for name, when in dates.items() if when is not None and when.earliest is not None}


def _other(fact: Fact) -> dict[str, str]:
    dates = {"start_date": fact.span.since, "end_date": fact.span.until}
    known = {name: str(when) for name, when in dates.items() if when is not None and when.earliest is not None}
    return {"name": str(fact.value), **known}


def _objects(data: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Return the organizations and posts of a file, those embedded in others included."""
    organizations, posts = list(data.get("organizations", ())), list(data.get("posts", ()))
    if not organizations and not posts:
        (posts if "label" in data or "organization_id" in data else organizations).append(data)
    for one in list(organizations):
        posts += [{"organization_id": one.get("id"), **post} for post in one.get("posts", ())]
        organizations += [one["parent"]] if isinstance(one.get("parent"), Mapping) else []
    for one in list(posts):
        organizations += [one["organization"]] if isinstance(one.get("organization"), Mapping) else []
    return organizations, posts


def _take(one: Mapping[str, Any], kind: str, subjects: dict[str, str], *, facts: list[Fact], source: str) -> None:
    key = str(one.get("id") or keyed(str(one.get("name") or one.get("label") or "")))
    if key in subjects:
        return
    subjects[key] = kind
    first, last = ("founding_date", "dissolution_date") if kind == "office" else ("start_date", "end_date")
    span = Span(_moment(one.get(first)), _moment(one.get(last)))
    said: dict[str, Value] = {"exists": True, "name": str(one.get("name") or one.get("label") or key)}
    above = one.get("parent_id") or one.get("organization_id") or _id(one.get("parent") or one.get("organization"))
    if above:
        said["part_of" if kind == "office" else "works_in"] = str(above)
    facts += [Fact(key, name, value, span, sources=(source,)) for name, value in said.items()]
    for other in one.get("other_names", ()):
        earlier = Span(_moment(other.get("start_date")), _moment(other.get("end_date")))
        facts.append(Fact(key, "name", str(other["name"]), earlier, sources=(source,)))


def _id(one: Any) -> str:
    return str(one.get("id", "")) if isinstance(one, Mapping) else ""


def _moment(text: Any) -> Moment | None:
    return Moment.parse(str(text)) if text else None
