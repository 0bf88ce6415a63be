"""Which place holds this point: tags computed in the loading pass, batch by batch, with shapely's tree."""

import re
from collections.abc import Mapping
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from cupola.contracts import Tag
from cupola.errors import InvalidInput
from cupola.lake.arrowfunctions import register
from cupola.lake.loadreport import LoadFinding, PlacesRef


class PlacesMissing(InvalidInput):
    """A tag names a places dataset that was not handed to the load."""

    def __init__(self, *, column: str, places: str) -> None:
        super().__init__(f"The tag '{column}' needs the dataset '{places}', which has no version yet. Load it first.")


class PlacesUnusable(InvalidInput):
    """The places dataset has no shapes, or not the column the tag takes."""

    def __init__(self, *, column: str, places: str, problem: str) -> None:
        super().__init__(f"The tag '{column}' cannot use the dataset '{places}': {problem}.")


class Tagger:
    """Fills one tag column. Counts points tagged, points outside of every place, and rows without a point."""

    def __init__(self, tag: Tag, places: PlacesRef, *, number: int) -> None:
        self.column = tag.column
        self._tag = tag
        self._label = places.label
        self._function = f"place_of_{number}"
        self._shapes, names = _ordered(tag, places)
        self._tree = shapely.STRtree(self._shapes)
        # Batches whose every row has no place still need a value to take: the extra last one is null.
        self._names = pa.array([*names, None], type=pa.string())
        self.tagged = self.outside = self.without = 0

    def register(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Give `connection` the function of this tag."""
        register(connection, self._function, self._locate, takes=["DOUBLE", "DOUBLE"], gives="VARCHAR", notes=True)

    def sql(self, values: Mapping[str, str]) -> str:
        """Return the SQL of the tag; `values` maps column names to SQL."""
        if len(self._tag.point) == 2:
            lon, lat = (f"CAST({values[name]} AS DOUBLE)" for name in self._tag.point)
        else:
            point = values[self._tag.point[0]]
            lon = rf"TRY_CAST(regexp_extract({point}, '\(([^ ]+) ', 1) AS DOUBLE)"
            lat = rf"TRY_CAST(regexp_extract({point}, ' ([^ ]+)\)', 1) AS DOUBLE)"
        return f"{self._function}({lon}, {lat})"

    def forget(self) -> None:
        """Set the counts back, before a second attempt at the same rows."""
        self.tagged = self.outside = self.without = 0

    def finding(self) -> LoadFinding:
        """Return the counts as a finding."""
        message = (
            f"{self.column} from {self._label}: {self.tagged:,} rows tagged, {self.outside:,} outside of every place,"
            f" {self.without:,} without a point"
        )
        return LoadFinding("place_tags", "note", self.column, message, self.tagged)

    def _locate(self, longitudes: Any, latitudes: Any) -> pa.Array:
        lon, lat = _floats(longitudes), _floats(latitudes)
        known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
        place = np.full(len(lon), len(self._names) - 1, dtype=np.int64)
        which, shape = self._tree.query(shapely.points(lon[known], lat[known]))
        # The tree itself would test each outline vertex by vertex; a prepared shape is 18 times quicker.
        inside = shapely.intersects_xy(self._shapes[shape], lon[known][which], lat[known][which])
        which, shape = which[inside], shape[inside]
        # On a shared edge the lowest place wins: shapes stand in natural order of the value taken.
        np.minimum.at(place, known[which], shape)
        tagged = int((place < len(self._names) - 1).sum())
        self.tagged += tagged
        self.outside += len(known) - tagged
        self.without += len(lon) - len(known)
        return self._names.take(pa.array(place))


def _floats(values: Any) -> NDArray[np.float64]:
    filled: NDArray[np.float64] = np.asarray(values.to_numpy(zero_copy_only=False), dtype=np.float64)
    return filled


def _ordered(tag: Tag, places: PlacesRef) -> tuple[NDArray[Any], list[str]]:
    try:
        rows = places.rows((tag.take, "geometry"))
    except KeyError as error:
        raise PlacesUnusable(column=tag.column, places=tag.places, problem=f"it has no column {error}") from error
    pairs = [
        (str(name), shape)
        for name, shape in zip(rows.column(tag.take).to_pylist(), rows.column("geometry").to_pylist(), strict=True)
        if name is not None and shape is not None
    ]
    if not pairs:
        raise PlacesUnusable(column=tag.column, places=tag.places, problem="no row has both a shape and a name")
    pairs.sort(key=lambda pair: natural(pair[0]))
    shapes = shapely.from_wkb([shape for _, shape in pairs])
    shapely.prepare(shapes)
    return shapes, [name for name, _ in pairs]


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key under which '2' comes before '10'."""
    parts = re.split(r"(\d+)", text)
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part)


def taggers(tags: tuple[Tag, ...], places: Mapping[str, PlacesRef]) -> list[Tagger]:
    """Return one tagger per tag. Raises PlacesMissing."""
    found = []
    for number, tag in enumerate(tags):
        if tag.places not in places:
            raise PlacesMissing(column=tag.column, places=tag.places)
        found.append(Tagger(tag, places[tag.places], number=number))
    return found
