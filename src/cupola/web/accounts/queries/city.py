"""The city, and where its records stand against its folder."""

from typing import Any

from cupola.web.accounts.models import Applied, City


def the_city() -> City | None:
    """Return the city of this installation, or None before a folder was applied."""
    return City.objects.order_by("pk").first()


def is_export_pending(kind: str, key: str, fields: dict[str, Any]) -> bool:
    """Whether a record says something else than the city folder last did, or was never in it."""
    applied = Applied.objects.filter(kind=kind, key=key).first()
    return applied is None or applied.fields != fields
