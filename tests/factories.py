"""One make_<record>() each: a record with everything it must have, and whatever the test is about."""

from datetime import UTC, datetime
from typing import Any

from cupola.folder import parse
from cupola.web.accounts.models import City, Grant, User
from cupola.web.data.models import Dataset, Finding, LoadReport, Outcome, Severity, Version
from cupola.web.structure.actions import store
from cupola.web.structure.models import Structure

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
# what a dataset needs before the public may know of it, and from sensitive on
CLEARED: dict[str, Any] = {"approval": {"by": "Ada", "on": "2026-11-01"}}
REVIEWED: dict[str, Any] = {
    **CLEARED,
    "legal_basis": "Municipal Code 2-173",
    "review": {
        "value": "Shows what posts cost.",
        "risk": "Pay of single people.",
        "method": "No rows are shown.",
        "residual_risk": "Low.",
        "by": ["Grace"],
        "on": "2026-11-01",
        "until": "2030-11-01",
    },
}

STRUCTURE: dict[str, Any] = {
    "key": "springfield",
    "name": "Springfield",
    "released": True,
    "sources": {"code": {"title": "City code"}},
    "offices": {
        "hall": {"name": "Mayor's Office", "kind": "executive", "headed_by": "mayor", "sources": ["code"]},
        "it": {"name": "Technology", "kind": "department", "functions": ["it_infrastructure"], "sources": ["code"]},
        "data": {
            "name": "Data Team",
            "functions": ["open_data"],
            "sources": ["code"],
            "facts": [{"part_of": "hall", "until": "2024-07-01"}, {"part_of": "it", "since": "2024-07-01"}],
        },
    },
    "posts": {
        "mayor": {"name": "Mayor", "works_in": "hall", "sources": ["code"]},
        "analyst": {"name": "Analyst", "works_in": "data", "cost": 90000, "since": "2024-07-01", "sources": ["code"]},
    },
    "events": [{"key": "move", "on": "2024-07-01", "kind": ["move"], "subjects": ["data"], "title": "It moves to IT."}],
}


def make_city(**fields: Any) -> City:
    city = City(key="springfield")
    city.take_definition({"key": "springfield", "name": "Springfield", "time_zone": "America/Chicago", **fields})
    city.save()
    return city


def make_staff(name: str = "ada", password: str | None = None) -> User:
    return User.objects.create_user(name, password=password, is_staff=True)


def make_dataset(key: str = "permits", **fields: Any) -> Dataset:
    """Make a released, public dataset of three columns; `fields` are those of a city folder."""
    columns = [
        {"name": "permit_number", "type": "text", "title": "Permit number", "required": True},
        {"name": "issued_on", "type": "date", "title": "Issued on", "meaning": "Day the permit was issued."},
        {"name": "status", "type": "text"},
    ]
    given = {"key": key, "title": key.replace("-", " ").capitalize(), "released": True, "columns": columns, **fields}
    given.setdefault("description", "What the city holds.")
    given.setdefault("row", "one of them")
    if "aggregates" not in given:
        given.setdefault("sources", [{"file": f"{key}.csv"}])
    given.setdefault("classification", "restricted" if given.get("payroll") else "public")
    given = {**CLEARED, **given} if given["classification"] in {"public", "internal"} else {**REVIEWED, **given}
    dataset = Dataset(key=key, public_id=public_id(Dataset.objects.count()))
    dataset.take_definition(given, at=NOON)
    dataset.full_clean()
    dataset.save()
    return dataset


def public_id(number: int) -> str:
    digits = f"{number:08d}"
    return f"{digits[:4]}-{digits[4:]}"


def make_version(dataset: Dataset, number: int = 1, **facts: Any) -> Version:
    """Make the record of a version; the lake holds nothing of it."""
    given = {"snapshot_id": number, "schema_id": 0, "contract": "0" * 16, "rows": 3, "bytes": 900, "committed_at": NOON}
    given["released_at"] = facts.get("committed_at", NOON)
    return Version.objects.create(dataset=dataset, number=number, **{**given, **facts})


def make_load_report(dataset: Dataset, **facts: Any) -> LoadReport:
    given = {"started_at": NOON, "outcome": Outcome.UNCHANGED, "seconds": 1.5}
    return LoadReport.objects.create(dataset=dataset, **{**given, **facts})


def make_finding(dataset: Dataset, **facts: Any) -> Finding:
    given = {"kind": "quarantined", "severity": Severity.WARNING, "message": "2 rows did not fit.", "opened_at": NOON}
    return Finding.objects.create(dataset=dataset, **{**given, **facts})


def make_editor(name: str = "grace") -> User:
    """Make a steward of the whole city: someone who may change words and see what was set aside."""
    return make_grant(make_staff(name), "steward").person


def make_publisher(name: str = "pia") -> User:
    """Return a member of staff who may approve what becomes public."""
    known = User.objects.filter(username=name).first()
    return known or make_grant(make_staff(name), "publisher").person


def make_grant(person: User, role: str, department: str = "", **facts: Any) -> Grant:
    """Give a person a role, for the whole city or one department."""
    return Grant.objects.create(person=person, role=role, department=department, **{"since": NOON, **facts})


def make_structure(**fields: Any) -> Structure:
    """Make a released chart of three offices and two posts; on 2024-07-01 its data team moves and hires."""
    given = parse("structure", {**STRUCTURE, **fields}).fields()
    return store(given["key"], given, at=NOON)
