"""One make_<record>() each: a record with everything it must have, and whatever the test is about."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import Permission

from cupola.web.accounts.models import City, User
from cupola.web.data.models import Dataset, Finding, LoadReport, Outcome, Severity, Version

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


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
    given.setdefault("sources", [{"file": f"{key}.csv"}])
    dataset = Dataset(key=key, public_id=public_id(Dataset.objects.count()))
    dataset.take_definition(given)
    dataset.full_clean()
    dataset.save()
    return dataset


def public_id(number: int) -> str:
    digits = f"{number:08d}"
    return f"{digits[:4]}-{digits[4:]}"


def make_version(dataset: Dataset, number: int = 1, **facts: Any) -> Version:
    """Make the record of a version; the lake holds nothing of it."""
    given = {"snapshot_id": number, "schema_id": 0, "contract": "0" * 16, "rows": 3, "bytes": 900, "committed_at": NOON}
    return Version.objects.create(dataset=dataset, number=number, **{**given, **facts})


def make_load_report(dataset: Dataset, **facts: Any) -> LoadReport:
    given = {"started_at": NOON, "outcome": Outcome.UNCHANGED, "seconds": 1.5}
    return LoadReport.objects.create(dataset=dataset, **{**given, **facts})


def make_finding(dataset: Dataset, **facts: Any) -> Finding:
    given = {"kind": "quarantined", "severity": Severity.WARNING, "message": "2 rows did not fit.", "opened_at": NOON}
    return Finding.objects.create(dataset=dataset, **{**given, **facts})


def make_editor(name: str = "grace") -> User:
    """Make a member of staff who may change words and see what was set aside."""
    editor = make_staff(name)
    wanted = Permission.objects.filter(codename__in=["edit_words", "see_quarantine"])
    editor.user_permissions.set(wanted)
    return editor
