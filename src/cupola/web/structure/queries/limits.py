"""What the city's own record adds to the limits of a structure."""

from datetime import date

from cupola.periods import parse_day
from cupola.web.accounts.queries import the_city
from cupola.web.structure.models import Structure


def elections_of(key: str) -> tuple[date, ...]:
    """Return the elections of `city.yaml` for the city's own structure, named by the city's key, and its branches."""
    city = the_city()
    record = Structure.objects.filter(key=key).select_related("branch_of").first()
    own = record.branch_of.key if record is not None and record.branch_of is not None else key
    if city is None or city.key != own:
        return ()
    return tuple(parse_day(text) for text in city.definition.get("elections", ()))
