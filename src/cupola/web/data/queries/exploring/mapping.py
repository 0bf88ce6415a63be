"""The answer on a map: groups whose names are places, coloured by what was computed of each."""

from django.urls import reverse
from django.utils.translation import gettext as _

from cupola.web.data.models import Dataset
from cupola.web.data.queries.exploring.address import query_string
from cupola.web.data.queries.exploring.charting import question_title
from cupola.web.data.queries.exploring.exploration import By, Exploration, Grouping, Show
from cupola.web.data.queries.exploring.fields import Field, Subject
from cupola.web.data.queries.exploring.results import Result
from cupola.web.data.queries.exploring.sentences import measure_words
from cupola.web.data.queries.exploring.words import short
from cupola.web.data.queries.maps import column_map
from cupola.web.data.queries.places import Places, places_of
from cupola.web.ui.evidence import Evidence
from cupola.web.ui.maps import Map, Words


def places_column(dataset: Dataset, subject: Subject) -> Field | None:
    """Return the column that says where a row is: one computed from coordinates first, else one that names places."""
    tagged = [one for one in subject.fields if one.places]
    named = [one for one in subject.fields if not one.places]
    return next(
        (one for one in (*tagged, *named) if one.ways[:1] == (By.VALUE,) and places_of(dataset, one.name)), None
    )


def places_asked(dataset: Dataset, asked: Exploration) -> Places | None:
    """Return the places an answer can be drawn on; None where its groups are none."""
    if len(asked.groups) != 1 or asked.groups[0].by is not By.VALUE:
        return None
    return places_of(dataset, asked.groups[0].column)


def on_the_map(dataset: Dataset, asked: Exploration, where: Field | None) -> Exploration | None:
    """Return the question for a map: this one where its groups are places, else the same per place."""
    if places_asked(dataset, asked):
        return asked.but(show=Show.MAP)
    if where is None:
        return None
    return asked.but(groups=(Grouping(where.name),), sort=None, columns=(), show=Show.MAP)


def answer_map(
    dataset: Dataset, subject: Subject, asked: Exploration, *, answer: Result, chain: Evidence
) -> Map | None:
    """Return the map of an answer; None where its groups are no places or lie nowhere."""
    places, found = places_asked(dataset, asked), answer.summary
    if places is None or found is None:
        return None
    measure, field = found.measure, found.measure_field
    words = Words(
        title=question_title(asked, subject),
        area_header=subject.field(asked.groups[0].column).title,
        value_header=measure_words(measure, subject),
        none=_("none"),
        write=lambda value: short(value, measure, field),
        left_out=_("%(sum)s belong to no place on the map.") if found.additive else "",
    )
    values = {None if group.values[0] is None else str(group.values[0]): found.amount(group) for group in found.groups}
    return column_map(places, values, words=words, evidence=chain, links=_links(dataset, asked))


def _links(dataset: Dataset, asked: Exploration) -> str:
    """Return an address to which the name of a place is added to reach its rows."""
    column = asked.groups[0].column
    others = tuple(one for one in asked.conditions if one.column != column)
    rows = asked.but(groups=(), measures=(), sort=None, columns=(), show=Show.TABLE, conditions=others)
    known = query_string(rows)
    return f"{reverse('data:explore', args=[dataset.key])}?{known}{'&' if known else ''}where.{column}="
