"""Maps of a dataset: a number per place on the outlines of another dataset, its own shapes, or where its rows are."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import shapely
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.lake import Located, located, parse
from cupola.web.data.models import Dataset, Version
from cupola.web.data.queries.lake import home, lake
from cupola.web.data.queries.places import Places, drawn, drawn_of, places_of, tiles_of, without_tiles
from cupola.web.data.queries.provenance import evidence
from cupola.web.data.queries.rows import shown_columns
from cupola.web.data.queries.wording import column_title, in_language
from cupola.web.ui.evidence import Evidence, Link
from cupola.web.ui.maps import Map, Place, Words, area_map, outline_map
from cupola.web.ui.outlines import Outlines, outlines
from cupola.web.ui.templatetags.ui import number

Values = Mapping[str | None, float | None]
SQUARES_ACROSS = 24
MOST_SQUARES = 25  # listed; all are drawn
SMALLEST = 0.0005  # degrees: half a block
_ENDS = (0.002, 0.998)  # what lies further out, in shares of the rows, does not set the frame


def dataset_map(dataset: Dataset, version: Version) -> Map | None:
    """Return the map of a dataset: rows per place where a column names places, else its shapes, else its spots.

    None where no page may show its rows, or nothing says where they are.
    """
    if not dataset.shows_rows:
        return None
    shown = {str(column["name"]): column for column in shown_columns(dataset)}
    where = located(lake().contract(lake().version(dataset.key, number=version.number)))
    if where is not None and not shown.keys() >= set(where.columns):
        where = None
    if where is not None and where.is_shape:
        return _own_shapes(dataset, version)
    for column in [*_tagged(dataset), *shown]:
        places = places_of(dataset, column) if column in shown else None
        found = _rows_per_place(dataset, version, column=shown[column], places=places) if places else None
        if found is not None:
            return found
    return _spots(dataset, version, where) if where is not None else None


def column_map(
    places: Places, values: Values, *, words: Words, evidence: Evidence, links: str = "", identifier: str = "map"
) -> Map | None:
    """Colour the places that a column names by a value each. None where they have no outlines or no value is theirs.

    `links`: an address to which the name of a place is added. The evidence is told which places were drawn and how
    rows came to them.
    """
    found = drawn(places)
    if found is None or not any(key in found.names for key, value in values.items() if value is not None):
        return None
    listed = [
        Place(key, key, values.get(key), name, f"{links}{quote(key)}" if links else "")
        for key, name in found.names.items()
    ]
    made = area_map(listed, found.outlines, words=words, identifier=identifier)
    others = sum(value or 0 for key, value in values.items() if key not in found.names)
    left_out = (words.left_out % {"sum": words.write(others)},) if words.left_out and others else ()
    return replace(
        made,
        tiles=tiles_of(places.dataset, places.version, key=places.key),
        evidence=with_places(evidence, places),
        notes=(*left_out, *without_tiles(places.dataset, places.version)),
    )


def with_places(chain: Evidence, places: Places) -> Evidence:
    """Return a chain that also says which places were drawn and how rows came to them."""
    facts = {"places": places.title, "version": number(places.version)}
    if places.tagged:
        how = _(
            "The place of each row was computed from its coordinates on “%(places)s”, version %(version)s;"
            " a point on a shared border belongs to the lowest of the places that meet there."
        )
        doubt = chain.uncertain
    else:
        how = _("The places are those of “%(places)s”, version %(version)s, with the same name as in the column.")
        doubt = _("Older rows may mean places by the borders of their time.")
        doubt = f"{chain.uncertain} {doubt}".strip()
    source = Link(places.title, reverse("data:dataset", args=[places.dataset]))
    sources = (*chain.sources, source)
    return replace(chain, method=f"{chain.method} {how % facts}", sources=sources, uncertain=doubt)


def _tagged(dataset: Dataset) -> list[str]:
    return [str(tag["column"]) for tag in dataset.definition.get("place_tags", [])]


def _rows_per_place(dataset: Dataset, version: Version, *, column: Mapping[str, Any], places: Places) -> Map | None:
    name, title = str(column["name"]), column_title(column)
    counts = _counts(home(), dataset.key, number=version.number, column=name)
    matched = sum(count for key, count in counts.items() if key is not None)
    result = ngettext("%(count)s row with a place", "%(count)s rows with a place", matched)
    words = Words(
        title=_("Rows per place, by “%(column)s”") % {"column": title},
        area_header=places.header,
        value_header=_("Rows"),
        none=_("none"),
        left_out=_("%(sum)s rows name no place of this map and are not drawn."),
    )
    chain = evidence(
        dataset,
        version,
        query=f"SELECT {name}, count(*) AS rows FROM data GROUP BY 1 ORDER BY 2 DESC",
        method=_("Rows are counted by “%(column)s”.") % {"column": title},
        result=result % {"count": number(matched)},
    )
    links = f"{reverse('data:explore', args=[dataset.key])}?where.{name}="
    made = column_map(places, counts, words=words, evidence=chain, links=links)
    if made is None:
        return None
    notes = tuple(dict.fromkeys((*made.notes, *without_tiles(dataset.key, version.number))))
    return replace(made, spots=tiles_of(dataset.key, version.number), notes=notes)


@lru_cache(maxsize=256)
def _counts(home: Path, key: str, *, number: int, column: str) -> Mapping[str | None, int]:
    """Count the rows of a version per value. A version never changes; `home` keeps two homes of one process apart."""
    name = '"' + column.replace('"', '""') + '"'
    tree = parse(f"SELECT CAST({name} AS VARCHAR) AS place, count(*) AS n FROM data GROUP BY 1")
    table = lake().query(tree, inputs={"data": lake().version(key, number=number)})
    return dict(zip(table.column("place").to_pylist(), table.column("n").to_pylist(), strict=True))


def _own_shapes(dataset: Dataset, version: Version) -> Map | None:
    """Draw the shapes of a dataset of places."""
    found = drawn_of(dataset, version)
    if found is None:
        return None
    places, held = found
    listed = [Place(key, key, None, name) for key, name in held.names.items()]
    words = Words(title=in_language(dataset, "title"), area_header=places.header, value_header="", none="")
    made = outline_map(listed, held.outlines, words=words)
    chain = evidence(
        dataset,
        version,
        query=f"SELECT {places.key} FROM data",
        method=_("Every shape of the version is drawn; the small picture is simplified, the detailed map is not."),
        result=made.reading,
    )
    tiles, notes = tiles_of(dataset.key, version.number, key=places.key), without_tiles(dataset.key, version.number)
    return replace(made, tiles=tiles, notes=notes, evidence=chain)


@dataclass(frozen=True)
class Squares:
    """Rows counted in squares of equal size: by column and row of the grid, with what lies outside."""

    west: float
    south: float
    wide: float
    high: float
    counts: Mapping[tuple[int, int], int]
    outside: int
    without: int


def _spots(dataset: Dataset, version: Version, where: Located) -> Map | None:
    """Draw where the rows are: squares for everybody, every row in the detailed map."""
    squares = _squares(home(), dataset.key, number=version.number, where=where)
    if squares is None or not squares.counts:
        return None
    grid = _grid(home(), dataset.key, number=version.number, where=where)
    if grid is None:
        return None
    places = [Place(_key(at), "", float(count), _middle(_box(squares, *at))) for at, count in squares.counts.items()]
    words = Words(
        title=_("Where the rows are"), area_header=_("Middle of the square"), value_header=_("Rows"), none=_("none")
    )
    made = area_map(places, grid, words=words, most=MOST_SQUARES)
    top = made.areas[0]
    total = sum(squares.counts.values())
    facts = {"rows": number(total), "squares": number(len(places)), "most": top.shown, "where": top.name}
    told = _("%(rows)s rows in %(squares)s squares. The square with the most holds %(most)s, around %(where)s.") % facts
    lon, lat = where.position()
    chain = evidence(
        dataset,
        version,
        query=f"SELECT {lon} AS longitude, {lat} AS latitude FROM data",
        method=_("Rows are counted in squares of equal size, %(count)s to the longer side of the map.")
        % {"count": number(SQUARES_ACROSS)},
        result=_("%(most)s rows around %(where)s") % facts,
    )
    spots = tiles_of(dataset.key, version.number)
    notes = (*_missing(squares), *without_tiles(dataset.key, version.number))
    return replace(made, reading=told, notes=notes, spots=spots, evidence=chain)


def _missing(squares: Squares) -> tuple[str, ...]:
    notes = []
    if squares.outside:
        words = ngettext("%(count)s row lies far outside.", "%(count)s rows lie far outside.", squares.outside)
        notes.append(words % {"count": number(squares.outside)})
    if squares.without:
        words = ngettext("%(count)s row has no place.", "%(count)s rows have no place.", squares.without)
        notes.append(words % {"count": number(squares.without)})
    return tuple(notes)


def _box(squares: Squares, across: int, up: int) -> Any:
    west, south = squares.west + across * squares.wide, squares.south + up * squares.high
    return shapely.box(west, south, west + squares.wide, south + squares.high)


def _middle(box: Any) -> str:
    lon, lat = box.centroid.x, box.centroid.y
    return f"{number_format(lat, decimal_pos=3)}, {number_format(lon, decimal_pos=3)}"


@lru_cache(maxsize=64)
def _grid(home: Path, key: str, *, number: int, where: Located) -> Outlines | None:
    """Return the squares that hold rows, ready to draw: a fifth of the time of the page."""
    squares = _squares(home, key, number=number, where=where)
    assert squares is not None
    return outlines([_key(at) for at in squares.counts], [shapely.to_wkb(_box(squares, *at)) for at in squares.counts])


def _key(at: tuple[int, int]) -> str:
    return f"{at[0]},{at[1]}"


@lru_cache(maxsize=64)
def _squares(home: Path, key: str, *, number: int, where: Located) -> Squares | None:
    """Count the rows of a version by square. A version never changes; `home` keeps two homes of one process apart."""
    inputs = {"data": lake().version(key, number=number)}
    lon, lat = where.position()
    known = f"(SELECT {lon} AS lon, {lat} AS lat FROM data) WHERE isfinite(lon) AND isfinite(lat)"
    ends = ", ".join(f"quantile_disc({axis}, {share}) AS e" for axis in ("lon", "lat") for share in _ENDS)
    asked = f"SELECT {ends}, count(*) AS n, (SELECT count(*) FROM data) AS total FROM {known}"
    west, east, south, north, rows, total = (
        one[0].as_py() for one in lake().query(parse(asked), inputs=inputs).columns
    )
    if not rows:
        return None
    squeeze = math.cos(math.radians((south + north) / 2))
    high = max((east - west) * squeeze, north - south, SMALLEST * SQUARES_ACROSS) / SQUARES_ACROSS
    wide = high / squeeze
    at = f"CAST(floor((lon - ({west})) / {wide}) AS INTEGER) AS across"
    at += f", CAST(floor((lat - ({south})) / {high}) AS INTEGER) AS up"
    inside = f"lon BETWEEN {west} AND {east} AND lat BETWEEN {south} AND {north}"
    table = lake().query(parse(f"SELECT {at}, count(*) AS n FROM {known} AND {inside} GROUP BY 1, 2"), inputs=inputs)
    counts = {(row["across"], row["up"]): row["n"] for row in table.to_pylist()}
    return Squares(west, south, wide, high, counts, outside=rows - sum(counts.values()), without=total - rows)
