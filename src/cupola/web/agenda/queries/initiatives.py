"""Priorities and initiatives with everything that hangs on them: decisions, deviations, money, savings, advice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cupola.folder.differences import Change, changes
from cupola.folder.kinds.agenda.priorities import STAGES
from cupola.web.agenda.models import Registration
from cupola.web.agenda.queries.awards import Standing, standings
from cupola.web.agenda.queries.ledger import LedgerRow, rows
from cupola.web.agenda.queries.naming import Named, named
from cupola.web.agenda.queries.records import records

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class InitiativeLine:
    """An initiative in a list. stage: where it stands; decided: its newest decision."""

    key: str
    name: str
    aim: str
    kind: str
    owner: str
    stage: str
    decided: Fields | None
    priorities: tuple[str, ...]


@dataclass(frozen=True)
class PriorityLine:
    """A priority with its initiatives. archived: its administration is over, or it is."""

    key: str
    fields: Fields
    administration: str
    archived: bool
    initiatives: tuple[InitiativeLine, ...]


@dataclass(frozen=True)
class Deviation:
    """What a later edition of a registration says otherwise than the first one."""

    number: int
    on: date
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Advice:
    """A recommendation that names an initiative, a priority or an award, with the city's newest answer."""

    key: str
    name: str
    body: str
    on: str
    endorses: bool
    answer: str


@dataclass(frozen=True)
class InitiativePage:
    """Everything of an initiative a reader may see."""

    line: InitiativeLine
    fields: Fields
    priorities: tuple[Named, ...]
    registration: Registration | None
    late: bool
    deviations: tuple[Deviation, ...]
    awards: tuple[Standing, ...]
    engagements: tuple[Fields, ...]
    claims: tuple[LedgerRow, ...]
    advice: tuple[Advice, ...]


def line_of(fields: Fields) -> InitiativeLine:
    """Return an initiative as a list shows it; one without a decision is explored."""
    stages = fields.get("stages", ())
    decided = stages[-1] if stages else None
    return InitiativeLine(
        key=fields["key"],
        name=fields["name"],
        aim=fields["aim"],
        kind=fields["type"],
        owner=fields["owner"],
        stage=decided["stage"] if decided else STAGES[0],
        decided=decided,
        priorities=tuple(fields.get("priorities", ())),
    )


def lines(*, staff: bool) -> tuple[InitiativeLine, ...]:
    """Return every initiative the reader may see, by key."""
    return tuple(line_of(fields) for fields in records("initiative", staff=staff).values())


def by_stage(found: Sequence[InitiativeLine]) -> list[tuple[str, list[InitiativeLine]]]:
    """Return initiatives by stage, in the order of stages; stages without one are kept."""
    return [(stage, [line for line in found if line.stage == stage]) for stage in STAGES]


def priority_lines(*, staff: bool, on: date) -> tuple[PriorityLine, ...]:
    """Return priorities with their initiatives, those that hold first."""
    administrations = records("administration")
    every = lines(staff=staff)
    found = []
    for key, fields in records("priority", staff=staff).items():
        office = administrations.get(fields["administration"], {})
        ended = [end for end in (fields.get("until"), office.get("until")) if end]
        own = tuple(line for line in every if key in line.priorities)
        archived = any(end <= on.isoformat() for end in ended)
        found.append(PriorityLine(key, fields, str(office.get("name", "")), archived, own))
    return tuple(sorted(found, key=lambda one: (one.archived, one.fields["since"], one.key)))


def page_of(fields: Fields, *, staff: bool) -> InitiativePage:
    """Return everything of an initiative the reader may see."""
    key = fields["key"]
    editions = list(Registration.objects.filter(initiative__key=key).order_by("number"))
    first = editions[0] if editions else None
    said = first.content if first is not None else {}
    return InitiativePage(
        line=line_of(fields),
        fields=fields,
        priorities=named("priority", fields.get("priorities", ()), staff=staff),
        registration=first,
        late=bool(said) and said["on"] > said["began"],
        deviations=tuple(
            Deviation(one.number, one.recorded_at.date(), changes(said, one.content)) for one in editions[1:]
        ),
        awards=tuple(one for one in standings(staff=staff) if key in one.fields.get("initiatives", ())),
        engagements=tuple(
            one for one in records("engagement", staff=staff).values() if key in one.get("initiatives", ())
        ),
        claims=tuple(row for row in rows(staff=staff) if row.claim.initiative == key),
        advice=advice({("initiative", key), *(("priority", one) for one in fields.get("priorities", ()))}, staff=staff),
    )


def advice(about: set[tuple[str, str]], *, staff: bool) -> tuple[Advice, ...]:
    """Return the recommendations about any of these (type, key), newest first."""
    bodies = records("body", staff=staff)
    found = []
    for key, fields in records("recommendation", staff=staff).items():
        if not about & {(one["type"], one["key"]) for one in fields.get("about", ())}:
            continue
        answers = fields.get("answers", ())
        found.append(
            Advice(
                key,
                fields["name"],
                str(bodies.get(fields["body"], {}).get("name", "")),
                fields["on"],
                bool(fields.get("endorses")),
                answers[-1]["answer"] if answers else "pending",
            )
        )
    return tuple(sorted(found, key=lambda one: one.on, reverse=True))
