"""The city, and what a person may do."""

from typing import Any

from rules.predicates import predicate

from cupola.web.accounts.models import Applied, City


def the_city() -> City | None:
    """Return the city of this installation, or None before a folder was applied."""
    return City.objects.order_by("pk").first()


@predicate  # type: ignore[untyped-decorator]  # the package has no types
def works_here(person: Any) -> bool:
    """Whether `person` is signed in as staff of the city."""
    return bool(person is not None and person.is_active and person.is_staff)


def is_export_pending(kind: str, key: str, fields: dict[str, Any]) -> bool:
    """Whether a record says something else than the city folder last did, or was never in it."""
    applied = Applied.objects.filter(kind=kind, key=key).first()
    return applied is None or applied.fields != fields
