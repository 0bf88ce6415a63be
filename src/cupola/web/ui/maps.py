"""Maps as values: places coloured by a number, with the table, the legend and the sentence that belong beside them.

The template draws them as SVG for everybody; a script then puts the tiles in their place.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.web.ui.evidence import Evidence
from cupola.web.ui.grading import Grades, grades
from cupola.web.ui.outlines import Anchor, Outlines, Sheet, labelled
from cupola.web.ui.templatetags.ui import number

LIGHT_FROM = 4  # the shade from which on labels are light
NONE = 0  # the class of places without a value


@dataclass(frozen=True)
class Area:
    """One place: a line of the table and a shape of the map. `grade`: its class, 0 where it has no value.

    `name`: what it is called besides its label. `url`: its rows, where a page lists them.
    """

    key: str
    label: str
    name: str
    shown: str
    grade: int
    light: bool
    url: str = ""
    anchor: Anchor | None = None


@dataclass(frozen=True)
class Grade:
    """One class of the legend: from which to which value, and how many places are in it."""

    number: int
    words: str
    areas: str


@dataclass(frozen=True)
class Shape:
    """A place as drawn. `words`: what is said of it when it is pointed at."""

    key: str
    path: str
    grade: int
    words: str


@dataclass(frozen=True)
class Label:
    """A label and where it stands, as texts, so that no language writes a comma into them."""

    x: str
    y: str
    text: str
    light: bool


@dataclass(frozen=True)
class Drawing:
    """The map at one size."""

    name: str
    width: str
    height: str
    shapes: tuple[Shape, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class Tiles:
    """Where a map program finds detail. `key`: the attribute that tells which place, empty where rows are spots."""

    url: str
    key: str = ""


@dataclass(frozen=True)
class Map:
    """A map with everything that must stand beside it: title, one-sentence reading, table, legend, evidence.

    `identifier`: unique on its page. `rule`: how the classes were cut. `notes`: what is not on it.
    `bounds`: west, south, east, north in degrees, as a text. `tiles`: the places, `spots`: the rows themselves.
    """

    identifier: str
    title: str
    reading: str
    area_header: str
    value_header: str
    areas: tuple[Area, ...]
    grades: tuple[Grade, ...]
    rule: str
    drawings: tuple[Drawing, ...]
    bounds: str
    notes: tuple[str, ...] = ()
    tiles: Tiles | None = None
    spots: Tiles | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True)
class Place:
    """A place to colour: what it is called, and its number, None where it has none."""

    key: str
    label: str
    value: float | None
    name: str = ""
    url: str = ""


@dataclass(frozen=True)
class Words:
    """The words of a map. `write`: a value as people write it; `none`: what stands where there is none.

    `left_out`: what to say of values of no place on the map, `%(sum)s` being their sum; empty where sums mean nothing.
    """

    title: str
    area_header: str
    value_header: str
    none: str
    left_out: str = ""
    write: Callable[[float], str] = number


def area_map(
    places: Sequence[Place], drawn: Outlines, *, words: Words, identifier: str = "map", most: int | None = None
) -> Map:
    """Colour places by their values. Evidence, notes and tiles are the caller's to add.

    `most`: so many of them are listed, the highest first; all are drawn.
    """
    values = [place.value for place in places if place.value is not None]
    cut = grades(values)
    areas = tuple(_area(place, drawn, cut=cut, words=words) for place in _highest_first(places))
    by_key = {area.key: area for area in areas}
    return Map(
        identifier=identifier,
        title=words.title,
        reading=reading(places, words),
        area_header=words.area_header,
        value_header=words.value_header,
        areas=areas[:most],
        grades=_legend(areas, cut, words),
        rule=_rule(cut),
        drawings=tuple(_drawing(sheet, by_key) for sheet in drawn.sheets),
        bounds=",".join(f"{one:.6f}" for one in drawn.bounds),
    )


def outline_map(places: Sequence[Place], drawn: Outlines, *, words: Words) -> Map:
    """Draw places in one colour, for they have no number: what they are called and where they lie is all."""
    plain = area_map([replace(place, value=1.0) for place in places], drawn, words=words)
    told = ngettext("The map shows %(count)s place.", "The map shows %(count)s places.", len(places))
    shown = tuple(replace(area, shown="") for area in sorted(plain.areas, key=lambda area: _natural(area.label)))
    return replace(plain, reading=told % {"count": number(len(places))}, areas=shown, grades=(), rule="")


def _natural(text: str) -> list[tuple[int, int, str]]:
    """Return a sort key under which 2 comes before 10."""
    parts = (part for part in re.split(r"(\d+)", text) if part)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]


def _highest_first(places: Sequence[Place]) -> list[Place]:
    return sorted(places, key=lambda place: (place.value is None, -(place.value or 0), _natural(place.label)))


def _area(place: Place, drawn: Outlines, *, cut: Grades, words: Words) -> Area:
    grade = NONE if place.value is None else shade(cut.of(place.value), cut.count)
    return Area(
        key=place.key,
        label=place.label,
        name=place.name,
        shown=words.none if place.value is None else words.write(place.value),
        grade=grade,
        light=grade >= LIGHT_FROM,
        url=place.url,
        anchor=drawn.anchors.get(place.key),
    )


def shade(grade: int, count: int) -> int:
    """Return which of the five shades a class takes, so that the highest of few is dark too; 0 stays 0."""
    return grade if count <= 1 or grade == NONE else round(1 + (grade - 1) * 4 / (count - 1))


def _legend(areas: Sequence[Area], cut: Grades, words: Words) -> tuple[Grade, ...]:
    lines = []
    for grade in range(cut.count, 0, -1):
        low = cut.limits[grade - 2] if grade > 1 else None
        high = cut.limits[grade - 1] if grade <= len(cut.limits) else None
        held = [area for area in areas if area.grade == shade(grade, cut.count)]
        if held:
            lines.append(Grade(shade(grade, cut.count), _between(low, high, words.write), number(len(held))))
    none = sum(area.grade == NONE for area in areas)
    if none:
        lines.append(Grade(NONE, words.none, number(none)))
    return tuple(lines)


def _between(low: float | None, high: float | None, write: Callable[[float], str]) -> str:
    if low is None and high is None:
        return _("the same everywhere")
    if low is None and high is not None:
        return _("under %(high)s") % {"high": write(high)}
    if high is None and low is not None:
        return _("%(low)s and over") % {"low": write(low)}
    assert low is not None
    assert high is not None
    return _("%(low)s to under %(high)s") % {"low": write(low), "high": write(high)}


def _rule(cut: Grades) -> str:
    if cut.count == 1:
        return _("One colour: the values do not differ.")
    words = ngettext(
        "%(count)s group with about as many places in each, cut at round numbers.",
        "%(count)s groups with about as many places in each, cut at round numbers.",
        cut.count,
    )
    return words % {"count": number(cut.count)}


def reading(places: Sequence[Place], words: Words) -> str:
    """Say in one sentence where the value is highest, where it is lowest, and how many places have none."""
    valued = [place for place in places if place.value is not None]
    if not valued:
        return _("No place on this map has a value.")
    amounts = [place.value for place in valued if place.value is not None]
    high, low = max(amounts), min(amounts)
    facts = {
        "top": _named(valued, high),
        "bottom": _named(valued, low),
        "high": words.write(high),
        "low": words.write(low),
        "header": words.area_header,
        "rest": _rest(len(places) - len(valued), len(places), words.none),
    }
    if high == low:
        return _("%(header)s: %(high)s wherever there is a value; %(rest)s.") % facts
    return _("%(header)s: highest in %(top)s with %(high)s, lowest in %(bottom)s with %(low)s; %(rest)s.") % facts


def _named(places: Sequence[Place], value: float) -> str:
    """Name the first place with a value, and say how many share it."""
    held = [place for place in places if place.value == value]
    first = f"{held[0].label} {held[0].name}".strip()
    if len(held) == 1:
        return first
    more = ngettext("%(first)s and %(count)s more", "%(first)s and %(count)s more", len(held) - 1)
    return more % {"first": first, "count": number(len(held) - 1)}


def _rest(without: int, places: int, none: str) -> str:
    if not without:
        return _("all %(all)s have a value") % {"all": number(places)}
    words = ngettext("%(count)s of %(all)s has none", "%(count)s of %(all)s have none", without)
    return words % {"count": number(without), "all": number(places)}


def _drawing(sheet: Sheet, areas: Mapping[str, Area]) -> Drawing:
    shapes = tuple(
        Shape(one.key, one.path, areas[one.key].grade, _said(areas[one.key]))
        for one in sheet.outlines
        if one.key in areas
    )
    texts = {key: area.label for key, area in areas.items()}
    labels = tuple(
        Label(_text(one.x), _text(one.y), text, areas[one.key].light) for one, text in labelled(sheet, texts)
    )
    return Drawing(sheet.name, _text(sheet.width), _text(sheet.height), shapes, labels)


def _said(area: Area) -> str:
    title = f"{area.label} {area.name}".strip()
    return f"{title}: {area.shown}" if area.shown else title


def _text(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
