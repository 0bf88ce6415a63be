"""The city's own chart in figures, for the front page."""

from dataclasses import dataclass
from datetime import date

from cupola.web.accounts.queries import the_city
from cupola.web.structure.models import Structure
from cupola.web.structure.queries.known import reading
from cupola.web.structure.queries.structures import jurisdiction


@dataclass(frozen=True)
class OwnChart:
    """How many offices and posts the city's released chart shows on a day, and who runs technology and data."""

    key: str
    offices: int
    posts: int
    reading: str


def own_chart(day: date) -> OwnChart | None:
    """Return the city's own chart in figures; None where none is released."""
    city = the_city()
    released = Structure.objects.filter(retired_on=None, branch_of=None, definition__released=True)
    if city is None or not released.filter(key=city.key).exists():
        return None
    chart = jurisdiction(city.key).history.on(day)
    return OwnChart(city.key, len(chart.offices), len(chart.posts), reading(chart))
