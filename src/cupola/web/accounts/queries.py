"""The city, and what a person may do."""

from typing import Any

from rules.predicates import predicate

from cupola.web.accounts.models import City


def the_city() -> City | None:
    """Return the city of this installation, or None before a folder was applied."""
    return City.objects.order_by("pk").first()


@predicate  # type: ignore[untyped-decorator]  # the package has no types
def works_here(person: Any) -> bool:
    """Whether `person` is signed in as staff of the city."""
    return bool(person is not None and person.is_active and person.is_staff)
