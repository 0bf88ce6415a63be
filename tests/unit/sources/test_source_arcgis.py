"""An ArcGIS layer: all features in the order of their ids, in WGS 84, with readable dates."""

import json
from dataclasses import dataclass, field

import pytest
from source_world import Asked, Reply, Site, Taker

from cupola.errors import InvalidInput
from cupola.sources import SourceUnreachable
from cupola.sources.esri import geojson

LAYER = "/arcgis/rest/services/City/Wards/FeatureServer/0"
FIELDS = [("OBJECTID", "OID"), ("WARD", "String"), ("EDITED", "Date"), ("AREA", "Double")]


@dataclass
class Service:
    """Answers as documented for feature services: errors with HTTP 200, dates in milliseconds."""

    features: list[tuple[int, str, int | None, float]] = field(
        default_factory=lambda: [(1, "a", 1704164645000, 1.5), (2, "b", None, 2.25), (5, "c", -86400000, 3.0)]
    )
    most: int = 2
    pagination: bool = True
    formats: str = "JSON, geoJSON, PBF"
    shape: str = "esriGeometryPoint"

    def about(self, asked: Asked) -> Reply:
        return told(
            {
                "name": "Wards",
                "type": "Feature Layer" if self.shape else "Table",
                "objectIdField": "OBJECTID",
                "maxRecordCount": self.most,
                "supportedQueryFormats": self.formats,
                "advancedQueryCapabilities": {"supportsPagination": self.pagination},
                "fields": [{"name": name, "type": f"esriFieldType{kind}"} for name, kind in FIELDS],
            }
            | ({"geometryType": self.shape} if self.shape else {})
        )

    def query(self, asked: Asked) -> Reply:
        if asked.query.get("returnCountOnly") == "true":
            return told({"count": len(self.features)})
        assert asked.query["orderByFields"] == "OBJECTID"
        where = asked.query["where"]
        after = int(where.removeprefix("OBJECTID > ")) if where != "1=1" else -1
        found = [feature for feature in self.features if feature[0] > after]
        start = int(asked.query.get("resultOffset", "0"))
        page = found[start : start + min(int(asked.query.get("resultRecordCount", "9999")), self.most)]
        more = len(found) > start + len(page)
        return told(self.as_geojson(page, more) if asked.query["f"] == "geojson" else self.as_json(page, more))

    def as_geojson(self, page: list[tuple[int, str, int | None, float]], more: bool) -> object:
        features = [
            {
                "type": "Feature",
                "id": feature[0],
                "geometry": {"type": "Point", "coordinates": [-87.5, 41.5]},
                "properties": dict(zip(["OBJECTID", "WARD", "EDITED", "AREA"], feature, strict=True)),
            }
            for feature in page
        ]
        flag = {"properties": {"exceededTransferLimit": True}} if more else {}
        return {"type": "FeatureCollection", "features": features} | flag

    def as_json(self, page: list[tuple[int, str, int | None, float]], more: bool) -> object:
        features = [
            {"attributes": dict(zip(["OBJECTID", "WARD", "EDITED", "AREA"], feature, strict=True))}
            | ({"geometry": {"x": -87.5, "y": 41.5}} if self.shape else {})
            for feature in page
        ]
        return {"objectIdFieldName": "OBJECTID", "features": features} | (
            {"exceededTransferLimit": True} if more else {}
        )


def told(body: object) -> Reply:
    return Reply(200, json.dumps(body).encode(), {"Content-Type": "application/json"})


@pytest.fixture
def service(site: Site) -> Service:
    service = Service()
    site.replies[LAYER] = service.about
    site.replies[f"{LAYER}/query"] = service.query
    return service


POINT = '{"type":"Point","coordinates":[-87.5,41.5]}'
ROWS = [
    ("1", "a", "2024-01-02T03:04:05Z", "1.5", POINT, 1),
    ("2", "b", None, "2.25", POINT, 2),
    ("5", "c", "1969-12-31T00:00:00Z", "3.0", POINT, 3),
]


@pytest.mark.parametrize("path", [LAYER, f"{LAYER}/query", f"{LAYER}/"])
def test_all_features_come_in_pages(taker: Taker, site: Site, service: Service, path: str) -> None:
    fetched = taker.fetch(url=site.url + path, format="arcgis", token="t0k")
    assert [tuple(row.values()) for row in taker.rows(fetched)] == ROWS
    assert fetched.source == "Wards/FeatureServer/0"
    asked = [asked.query for asked in site.asked if "resultOffset" in asked.query]
    assert [(q["f"], q["resultOffset"], q["resultRecordCount"], q["outSR"]) for q in asked] == [
        ("geojson", "0", "2", "4326"),
        ("geojson", "2", "2", "4326"),
    ]
    assert {asked.query["token"] for asked in site.asked} == {"t0k"}


@pytest.mark.parametrize(("pagination", "formats"), [(False, "JSON, geoJSON"), (True, "JSON, AMF"), (False, "JSON")])
def test_older_servers_give_the_same(
    taker: Taker, site: Site, service: Service, pagination: bool, formats: str
) -> None:
    service.pagination, service.formats = pagination, formats
    fetched = taker.fetch(url=site.url + LAYER, format="arcgis")
    assert [tuple(row.values()) for row in taker.rows(fetched)] == ROWS


def test_a_table_has_no_geometry(taker: Taker, site: Site, service: Service) -> None:
    service.shape = ""
    fetched = taker.fetch(url=site.url + LAYER, format="arcgis")
    assert taker.land(fetched).columns == ("OBJECTID", "WARD", "EDITED", "AREA")


def test_the_same_features_are_unchanged(taker: Taker, site: Site, service: Service) -> None:
    first = taker.fetch(url=site.url + LAYER, format="arcgis")
    assert taker.fetch(url=site.url + LAYER, format="arcgis", state=first.state).unchanged
    service.features[0] = (1, "z", None, 1.5)
    assert not taker.fetch(url=site.url + LAYER, format="arcgis", state=first.state).unchanged


def test_an_error_with_http_200_is_an_error(taker: Taker, site: Site) -> None:
    error = {"error": {"code": 499, "message": "Token Required", "details": []}}
    site.replies[LAYER] = [told(error)]
    with pytest.raises(SourceUnreachable, match="it answered 401: Token Required") as caught:
        taker.fetch(url=site.url + LAYER, format="arcgis")
    assert caught.value.status == 401


def test_a_passing_error_with_http_200_is_waited_out(taker: Taker, site: Site, service: Service) -> None:
    busy = told({"error": {"code": 504, "message": "Your request has timed out.", "details": []}})
    site.replies[LAYER] = [busy, busy, service.about(Asked("", {}, {}))]
    assert len(taker.rows(taker.fetch(url=site.url + LAYER, format="arcgis"))) == 3
    assert taker.waits.pauses == [1.0, 2.0]


def test_a_page_that_fails_leaves_nothing(taker: Taker, site: Site, service: Service) -> None:
    def broken(asked: Asked) -> Reply:
        if asked.query.get("resultOffset") == "2":
            return told({"error": {"code": 400, "message": "Cannot perform query.", "details": ["Invalid parameters"]}})
        return service.query(asked)

    site.replies[f"{LAYER}/query"] = broken
    with pytest.raises(SourceUnreachable, match=r"it answered 400: Cannot perform query\. \(Invalid parameters\)"):
        taker.fetch(url=site.url + LAYER, format="arcgis")
    assert list((taker.folder / "cache").iterdir()) == []


def test_fewer_features_than_counted_are_not_taken_for_all(taker: Taker, site: Site, service: Service) -> None:
    def short(asked: Asked) -> Reply:
        if asked.query.get("resultOffset") == "2":
            return told({"type": "FeatureCollection", "features": []})
        return service.query(asked)

    site.replies[f"{LAYER}/query"] = short
    with pytest.raises(SourceUnreachable, match="only 2 of 3 features came"):
        taker.fetch(url=site.url + LAYER, format="arcgis")


def test_an_address_without_a_layer_lists_the_layers(taker: Taker, site: Site) -> None:
    service = LAYER.removesuffix("/0")
    site.replies[service] = [told({"layers": [{"id": 0, "name": "Wards"}], "tables": [{"id": 1, "name": "Staff"}]})]
    with pytest.raises(InvalidInput, match=r"it names no layer.* There is: 0 Wards, 1 Staff\."):
        taker.fetch(url=site.url + service, format="arcgis")


SQUARE = [[0, 0], [0, 9], [9, 9], [9, 0], [0, 0]]  # clockwise, as Esri writes outer rings
HOLE = [[2, 2], [4, 2], [4, 4], [2, 4], [2, 2]]
FAR = [[20, 0], [20, 1], [21, 1], [20, 0]]


@pytest.mark.parametrize(
    ("esri", "expected"),
    [
        (None, None),
        ({"x": "NaN", "y": "NaN"}, None),
        ({"x": 1, "y": 2, "z": 3}, {"type": "Point", "coordinates": [1, 2, 3]}),
        ({"points": [[1, 2], [3, 4]]}, {"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}),
        ({"paths": [[[1, 2], [3, 4]]]}, {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}),
        ({"rings": []}, None),
        ({"rings": [HOLE, SQUARE]}, {"type": "Polygon", "coordinates": [SQUARE[::-1], HOLE[::-1]]}),
        (
            {"rings": [SQUARE, FAR, HOLE]},
            {"type": "MultiPolygon", "coordinates": [[SQUARE[::-1], HOLE[::-1]], [FAR[::-1]]]},
        ),
        ({"rings": [HOLE]}, {"type": "Polygon", "coordinates": [HOLE]}),
    ],
)
def test_esri_geometry_becomes_geojson(esri: object, expected: object) -> None:
    assert geojson(esri) == expected
