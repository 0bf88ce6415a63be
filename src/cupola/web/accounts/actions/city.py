"""The city's own record."""

from datetime import datetime
from typing import Any

from django.db import transaction

from cupola.errors import Conflict
from cupola.web.accounts.models import City


class CityKeeper:
    """Keeps the one `city` record."""

    kind = "city"

    def records(self) -> dict[str, tuple[dict[str, Any], bool]]:
        """Return the city under its key, or nothing."""
        return {city.key: (city.definition, False) for city in City.objects.all()}

    @transaction.atomic
    def put(self, key: str, fields: dict[str, Any], *, at: datetime) -> City:
        """Create or change the city. Raises Conflict when the home already belongs to another."""
        other = City.objects.exclude(key=key).first()
        if other is not None:
            raise Conflict(
                f"This home belongs to {other.name} ({other.key}); the folder is of {fields.get('name')} ({key})."
                " Give this city a home of its own with --home."
            )
        city = City.objects.filter(key=key).first() or City(key=key)
        city._history_date = at  # type: ignore[attr-defined]  # read by simple-history
        city.take_definition(fields)
        city.full_clean()
        city.save()
        return city

    def retire(self, key: str, *, at: datetime) -> City:
        """Refuse: a home without its city means nothing."""
        raise Conflict(f"The folder no longer holds the city {key}. Put city.yaml back, or start another home.")
