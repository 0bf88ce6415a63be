"""A layer of an ArcGIS feature or map service, page by page in the order of its object ids."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from cupola.sources.addresses import redacted
from cupola.sources.esri import UnknownGeometry, geojson, iso_instant
from cupola.sources.jsontext import cell_text, flat
from cupola.sources.pages import Pages
from cupola.sources.patience import Patience
from cupola.sources.spec import Fetched, Limits, Progress, SourceInvalid, SourceSpec, same_place
from cupola.sources.spool import Origin, Spool

_LAYER = re.compile(r"^(.*/(?:FeatureServer|MapServer)/\d+)(?:/query)?/?$", re.IGNORECASE)
_SERVICE = re.compile(r"^(.*/(?:FeatureServer|MapServer))/?$", re.IGNORECASE)
_USUAL_PAGE = 1000
_SHAPE = "esriFieldTypeGeometry"


def fetch_arcgis(
    spec: SourceSpec, *, cache: Path, state: Mapping[str, str], limits: Limits, progress: Progress
) -> Fetched:
    """Fetch a layer given its address (`.../FeatureServer/0`): its fields, then `geometry` as GeoJSON in WGS 84."""
    parts = urlsplit(spec.url)
    layer = _LAYER.match(parts.path)
    with Pages(Patience(spec.url, limits), body_status=_body_status) as pages:
        if not layer:
            raise _no_layer(spec, pages)
        url = urlunsplit((parts.scheme, parts.netloc, layer[1], "", ""))
        place = f"arcgis {url}"
        name = "/".join(layer[1].rsplit("/", 3)[1:])
        origin = Origin(spec, place, cache, same_place(state, place), name)
        facts = pages.get(url, _params(spec)).body
        return _Layer(origin, pages, url, facts, limits).fetch(progress)


def _params(spec: SourceSpec, **more: str) -> dict[str, str]:
    return {"f": "json", **more, **({"token": spec.token} if spec.token else {})}


def _body_status(body: Any) -> int:
    """ArcGIS sends its errors with HTTP 200."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return 0
    code = str(error.get("code", ""))
    status = int(code) if code.isdigit() else 400
    return {498: 401, 499: 401}.get(status, status)  # an invalid token, a missing one


def _no_layer(spec: SourceSpec, pages: Pages) -> SourceInvalid:
    parts = urlsplit(spec.url)
    service = _SERVICE.match(parts.path)
    layers = ""
    if service:
        body = pages.get(urlunsplit((parts.scheme, parts.netloc, service[1], "", "")), _params(spec)).body
        found = [*(body.get("layers") or ()), *(body.get("tables") or ())]
        layers = " There is: " + ", ".join(f"{layer.get('id')} {layer.get('name')}" for layer in found) + "."
    return SourceInvalid(
        redacted(spec.url),
        problem="url: it names no layer",
        remedy=f"End it with the layer's number, as in .../FeatureServer/0.{layers}",
    )


@dataclass
class _Layer:
    origin: Origin
    pages: Pages
    url: str
    facts: dict[str, Any]
    limits: Limits

    def __post_init__(self) -> None:
        fields = self.facts.get("fields") or ()
        if not fields:
            raise self.pages.patience.unreachable(
                "it is not a layer with fields", remedy="Give the address of a feature layer or table."
            )
        self.names = [item["name"] for item in fields if item.get("type") != _SHAPE]
        self.dates = frozenset(item["name"] for item in fields if item.get("type") == "esriFieldTypeDate")
        ids = [item["name"] for item in fields if item.get("type") == "esriFieldTypeOID"]
        self.row_id = str(self.facts.get("objectIdField") or (ids[0] if ids else ""))
        self.has_shape = bool(self.facts.get("geometryType"))
        self.as_geojson = "geojson" in str(self.facts.get("supportedQueryFormats", "")).lower()
        most = str(self.facts.get("maxRecordCount") or _USUAL_PAGE)
        self.page_rows = max(1, min(self.limits.page_rows, int(most)))
        abilities = self.facts.get("advancedQueryCapabilities") or self.facts
        self.by_offset = abilities.get("supportsPagination") is True

    def fetch(self, progress: Progress) -> Fetched:
        """Fetch every feature, and check that as many came as the layer counts."""
        before = self._count()
        ids: set[str] = set()
        with Spool(self.origin.path, source=self.origin.source) as spool:
            spool.declare(*self.names, *(("geometry",) if self.has_shape else ()))
            for features in self._pages(before):
                for feature in features:
                    row = self._row(feature)
                    ids.add(row.get(self.row_id) or str(len(ids)))
                    spool.add(row)
                progress(f"downloading {self.origin.source}", min(1.0, spool.rows / max(before, 1)))
            if len(ids) < min(before, self._count()):
                raise self._torn(f"only {len(ids):,} of {before:,} features came")
            if len(ids) != spool.rows:
                raise self._torn(f"{spool.rows - len(ids):,} features came twice")
            content = spool.finish()
        return self.origin.fetched(content, state={"rows": str(spool.rows)})

    def _count(self) -> int:
        return int(self._query(returnCountOnly="true").get("count", 0))

    def _query(self, *, where: str = "1=1", **more: str) -> Any:
        return self.pages.get(f"{self.url}/query", _params(self.origin.spec, where=where, **more)).body

    def _pages(self, count: int) -> Iterator[list[Any]]:
        if not self.row_id and count > self.page_rows:
            raise self.pages.patience.unreachable(
                "the layer has no object id, so it cannot be read in pages", remedy="Ask for an export as a file."
            )
        wanted = {"outFields": "*", "outSR": "4326", "returnGeometry": str(self.has_shape).lower()}
        wanted |= {"orderByFields": self.row_id} if self.row_id else {}
        wanted["f"] = "geojson" if self.as_geojson and self.has_shape else "json"
        done, last = 0, ""
        while True:
            if self.by_offset:
                body = self._query(**wanted, resultOffset=str(done), resultRecordCount=str(self.page_rows))
            else:
                body = self._query(where=f"{self.row_id} > {last}" if last else "1=1", **wanted)
            features = body.get("features") or []
            if features:
                yield features
            done += len(features)
            if not features or not (_exceeded(body) or done < count):
                return
            last = self._row(features[-1]).get(self.row_id) or ""

    def _row(self, feature: Any) -> dict[str, str | None]:
        values = feature.get("properties") or feature.get("attributes") or {}
        row = {
            name: cell_text(iso_instant(value) if name in self.dates else value) for name, value in flat(values).items()
        }
        if self.row_id and self.row_id not in row and "id" in feature:
            row[self.row_id] = cell_text(feature["id"])
        if self.has_shape:
            row["geometry"] = cell_text(self._geometry(feature))
        return row

    def _geometry(self, feature: Any) -> Any:
        if "properties" in feature:
            return feature.get("geometry")
        try:
            return geojson(feature.get("geometry"))
        except UnknownGeometry as error:
            raise SourceInvalid(
                self.origin.source,
                problem=f"it has geometries of a kind that cannot be read: {error}",
                remedy="Ask for the layer without true curves.",
            ) from error

    def _torn(self, problem: str) -> Exception:
        return self.pages.patience.unreachable(
            f"{problem}; the layer changed meanwhile", remedy="Run again; nothing was kept."
        )


def _exceeded(body: Any) -> bool:
    """Tell whether there is more: the flag stands at the top, or in the collection's properties in GeoJSON."""
    inner = body.get("properties")
    return body.get("exceededTransferLimit") is True or (
        isinstance(inner, dict) and inner.get("exceededTransferLimit") is True
    )
