"""A dataset to ask, without a lake or a database."""

from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import parse_qsl

from cupola.web.data.queries.exploring.exploration import Exploration
from cupola.web.data.queries.exploring.fields import KINDS, Field, Offered, Subject
from cupola.web.data.queries.exploring.reading import Reading, read

TODAY = date(2026, 11, 22)


def make_field(name: str, kind: str = "text", **facts: object) -> Field:
    given = {"title": name.replace("_", " ").capitalize(), "type": kind, "kind": KINDS[kind], **facts}
    return Field(name=name, **given)  # type: ignore[arg-type]


def make_subject(**facts: object) -> Subject:
    statuses = tuple(Offered(value, value, 10) for value in ("open", "closed"))
    fields = (
        make_field("number"),
        make_field("issued_on", "date", title="Issued on", low=date(2006, 1, 3), high=date(2026, 8, 14)),
        make_field("status", "code", offered=statuses, complete=True),
        make_field("ward", distinct=50),
        make_field("cost", "money", low=Decimal(0), high=Decimal(90000), usual_low=100.0, usual_high=11900.0),
        make_field("floors", "integer", distinct=12),
        make_field("vacant", "boolean"),
        make_field("seen_at", "instant", zone="America/Chicago"),
        make_field("place", "point"),
    )
    given = {"key": "permits", "title": "Permits", "row": "one permit", "version": 3, "rows": 100, "time": "issued_on"}
    return Subject(committed_at=datetime(2026, 9, 1, tzinfo=UTC), fields=fields, **{**given, **facts})  # type: ignore[arg-type]


def reading(query_string: str) -> Reading:
    return read(parse_qsl(query_string, keep_blank_values=True), make_subject())


def asked(query_string: str) -> Exploration:
    found = reading(query_string)
    assert found.problems == {}
    return found.exploration


def wrong(query_string: str) -> dict[str, str]:
    return {name: problem.message for name, problem in reading(query_string).problems.items()}
