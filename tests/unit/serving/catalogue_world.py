"""A city with one loaded dataset of two versions, one that is hosted elsewhere, and one of which nothing is public."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from callers import Client
from tests.unit.lake.load_world import START, Harbour, column, landing

from cupola.contracts import Contract
from cupola.lake import City, Lake, Listing, Listings, PublicFacts
from cupola.serving import Site, application

CONTRACT = Contract(
    columns=(
        column("number", "text", required=True),
        column("kind", "code", allowed=(("NEW", "new building"), ("SIGN", "a sign"))),
        column("ward", "integer"),
        column("cost", "money"),
        column("issued_on", "date"),
        column("place", "point"),
        column("block", "geometry"),
        column("phone", "text", sensitive=True),
    ),
    key=("number",),
    time_column="issued_on",
)
COLUMNS = [
    {"name": "number", "type": "text", "title": "Permit number", "required": True},
    {"name": "kind", "type": "code", "allowed": {"NEW": "new building", "SIGN": "a sign"}},
    {"name": "ward", "type": "integer", "meaning": "The aldermanic district."},
    {"name": "cost", "type": "money", "unit": "USD"},
    {"name": "issued_on", "type": "date"},
    {"name": "place", "type": "point"},
    {"name": "block", "type": "geometry"},
    {"name": "phone", "type": "text", "sensitive": True},
]
PERMITS: dict[str, Any] = {
    "key": "permits",
    "id": "perm-0001",
    "title": "Building permits",
    "description": "Permits the city issued.",
    "row": "one permit",
    "department": "Department of Buildings",
    "topic": "Buildings",
    "keywords": ["construction", "permits"],
    "contact": "data@springfield.example",
    "license": "CC0 1.0",
    "refresh": "monthly",
    "notes": ["Nobody checks the cost."],
    "translations": {"es": {"title": "Permisos de construcción"}},
    "columns": COLUMNS,
    "released": True,
}
TREES: dict[str, Any] = {
    "key": "trees",
    "id": "tree-0001",
    "title": "Street trees",
    "description": "Every tree on a street.",
    "landing_page": "https://parks.example/d/tree-0001",
    "classification": "public",
    "released": True,
    "catalogue": {
        "harvested_as": "dcat-us-1.1",
        "identifier": "https://parks.example/api/views/tree-0001",
        "publisher": ["Parks", "County"],
        "issued": "2011-09-30",
        "modified": "2026-01-05",
        "distributions": [
            {"title": "All trees", "format": "CSV", "media_type": "text/csv", "url": "https://parks.example/t.csv"}
        ],
        "said": {"dataQuality": True},
    },
}
CITY = City(
    key="springfield",
    name="City of Springfield",
    website="https://springfield.example",
    contact="opendata@springfield.example",
    license="CC BY 4.0",
    languages=("en", "es"),
)
SHAPE = "POLYGON ((0 0, 0 1, 1 1, 1 0, 0 0))"
NAMES = ["number", "kind", "ward", "cost", "issued_on", "place", "block", "phone"]
FIRST = [
    ["P-1", "NEW", "1", "1000.50", "2025-01-02", "POINT (-87.6 41.8)", SHAPE, "555-1"],
    ["P-2", "SIGN", "2", "20", "2025-02-03", None, None, "555-2"],
]
SECOND = [*FIRST, ["P-3", "SIGN", "2", None, "2025-03-04", "POINT (-87.7 41.9)", None, "555-3"]]


class World:
    """The lake and a client of its public API. `days`: when each version was released."""

    days = (START + timedelta(days=10), START + timedelta(days=20))

    def __init__(self, root: Path) -> None:
        harbour = Harbour(root)
        self.lake = Lake(root, threads=1)
        for rows, at in zip((FIRST, SECOND), self.days, strict=True):
            harbour.load(CONTRACT, landing(NAMES, rows))
            number = harbour.table.version().number
            facts = PublicFacts("perm-0001", metadata=PERMITS)
            self.lake.release(self.lake.version("permits", number=number), at=at, public=facts)
        self.listings = Listings(root)
        self.listings.put_city(CITY)
        self.listings.put(Listing("trees", "tree-0001", self.days[1], TREES))
        self.app = application(root, site=Site(allowed_hosts=("localhost", "testserver")))
        self.client = Client(self.app)

    def json(self, address: str, **given: Any) -> Any:
        answer = self.client.get(address, **given)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def act(self, name: str, /, **given: Any) -> Any:
        answer = self.client.ask("POST", f"/api/3/action/{name}", json=given)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    def refused(self, name: str, /, **given: Any) -> tuple[int, dict[str, Any]]:
        answer = self.client.ask("POST", f"/api/action/{name}", json=given)
        assert answer.json()["success"] is False
        return answer.status_code, answer.json()["error"]
