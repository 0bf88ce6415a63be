"""Names for the keys a record holds: offices of the city's own chart, measures, records of the agenda."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from cupola.web.accounts.queries import the_city
from cupola.web.agenda.queries.records import records
from cupola.web.performance.models import Measure
from cupola.web.performance.queries import public_measures
from cupola.web.performance.queries.words import in_language
from cupola.web.structure.models import Structure
from cupola.web.structure.queries import jurisdiction

ADDRESSES = {
    "initiative": "agenda:initiative",
    "award": "agenda:award",
    "claim": "agenda:claim",
    "body": "agenda:council",
    "meeting": "agenda:meeting",
    "recommendation": "agenda:recommendation",
}
ON_THE_AGENDA = frozenset({"administration", "priority", "engagement"})  # they have a place on the page of all


@dataclass(frozen=True)
class Named:
    """What a key stands for. address: empty where the reader has no page of it; english: in no other language."""

    key: str
    name: str
    address: str = ""
    english: bool = True


def offices(on: date) -> Mapping[str, Named]:
    """Return every office of the city's released chart on a day, by key; none where no chart is released."""
    city = the_city()
    released = Structure.objects.filter(retired_on=None, branch_of=None, definition__released=True)
    if city is None or not released.filter(key=city.key).exists():
        return {}
    chart = jurisdiction(city.key).history.on(on)
    return {
        key: Named(key, str(chart.value(key, "name") or key), reverse("structure:part", args=[city.key, key]))
        for key in chart.offices
    }


def measures(keys: Iterable[str], *, staff: bool) -> Mapping[str, Named]:
    """Return the measures of these keys that the reader may see."""
    seen = Measure.objects.filter(retired_on=None) if staff else public_measures()
    return {
        one.key: Named(
            one.key, in_language(one, "title"), reverse("performance:measure", args=[one.key]), english=False
        )
        for one in seen.filter(key__in=set(keys))
    }


def named(kind: str, keys: Iterable[str], *, staff: bool) -> tuple[Named, ...]:
    """Return the records of these keys that the reader may see, in the order given."""
    there = records(kind, staff=staff)
    return tuple(Named(key, str(there[key]["name"]), address_of(kind, key)) for key in keys if key in there)


def subject(about: Mapping[str, Any], *, staff: bool) -> Named:
    """Return what a recommendation is about; a budget line, or a record the reader may not see, by its key alone."""
    kind, key = str(about["type"]), str(about["key"])
    found = named(kind, [key], staff=staff) if kind in ADDRESSES or kind in ON_THE_AGENDA else ()
    return found[0] if found else Named(key, key)


def address_of(kind: str, key: str) -> str:
    """Return the address of a record everyone may read once it is released."""
    if kind in ADDRESSES:
        return reverse(ADDRESSES[kind], kwargs={"key": key})
    return f"{reverse('agenda:agenda')}#{key}"
