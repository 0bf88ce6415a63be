"""Where on the earth a row is: the columns of a contract that say so."""

from dataclasses import dataclass

from cupola.contracts import ColumnType, Contract
from cupola.lake import sqltext

# Pairs of columns that mean longitude and latitude where no point column and no place tag says which do.
_PAIRS = (("longitude", "latitude"), ("lon", "lat"), ("lng", "lat"), ("long", "lat"))
_WHOLE = frozenset({ColumnType.FLOAT, ColumnType.DECIMAL})


@dataclass(frozen=True)
class Located:
    """The columns that place a row: one of shapes or of points, or two of longitude and latitude."""

    columns: tuple[str, ...]
    type: ColumnType

    @property
    def is_shape(self) -> bool:
        """Whether rows have an extent of their own, rather than being a spot."""
        return self.type is ColumnType.GEOMETRY

    def position(self) -> tuple[str, str]:
        """Return the SQL of longitude and latitude as doubles, null where a row has none; not for shapes."""
        if len(self.columns) == 2:
            lon, lat = (f"CAST({sqltext.name(name)} AS DOUBLE)" for name in self.columns)
            return lon, lat
        inside = f"substr({sqltext.name(self.columns[0])}, 8)"  # what follows 'POINT ('
        lon = f"TRY_CAST(split_part({inside}, ' ', 1) AS DOUBLE)"
        return lon, f"TRY_CAST(rtrim(split_part({inside}, ' ', 2), ')') AS DOUBLE)"


def located(contract: Contract) -> Located | None:
    """Return what places the rows of a dataset, None where nothing does or only what no page may show.

    In this order: a column of shapes, a column of points, the columns a place tag reads, a pair named for it.
    """
    shown = {column.name: column.type for column in contract.columns if not column.sensitive}
    for wanted in (ColumnType.GEOMETRY, ColumnType.POINT):
        for name, kind in shown.items():
            if kind is wanted:
                return Located((name,), kind)
    pairs = [*(tag.point for tag in contract.tags), *_PAIRS]
    for pair in pairs:
        if len(pair) == 2 and all(shown.get(name) in _WHOLE for name in pair):
            return Located(tuple(pair), ColumnType.FLOAT)
    return None
