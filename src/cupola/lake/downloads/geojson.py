"""GeoJSON (RFC 7946): one feature a line, so that also simple tools can read it line by line."""

from pathlib import Path

import pyarrow as pa
import shapely

from cupola.lake.downloads.taken import PROPERTIES, SPOT, Taken

_HEAD = '{"type":"FeatureCollection","features":[\n'
_TAIL = "\n]}\n"


class GeoJsonFile:
    """A feature per row; a row without a place is a feature with no geometry."""

    def __init__(self, path: Path, what: Taken) -> None:
        assert what.where is not None
        self._shape = what.where.columns[0] if what.where.is_shape else ""
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._file.write(_HEAD)
        self._between = ""

    def write(self, batch: pa.RecordBatch) -> None:
        """Add rows."""
        features = [
            f'{{"type":"Feature","geometry":{geometry or "null"},"properties":{properties}}}'
            for geometry, properties in zip(self._geometries(batch), batch.column(PROPERTIES).to_pylist(), strict=True)
        ]
        if features:
            self._file.write(self._between + ",\n".join(features))
            self._between = ",\n"

    def _geometries(self, batch: pa.RecordBatch) -> list[str | None]:
        if not self._shape:
            spots: list[str | None] = batch.column(SPOT).to_pylist()
            return spots
        shapes = shapely.from_wkb(batch.column(self._shape).to_pylist())
        return list(shapely.to_geojson(shapes))

    def close(self) -> None:
        """Finish the file."""
        self._file.write(_TAIL)
        self._file.close()
