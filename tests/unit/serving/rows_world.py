"""A lake with one dataset that has every type of column, two public versions, and a column nobody may see."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from callers import Client
from tests.unit.lake.load_world import START, Harbour, column, landing

from cupola.contracts import Contract, Landing
from cupola.lake import Lake, PublicFacts, Release
from cupola.serving import Service, Site, Sizes, application, service

CONTRACT = Contract(
    columns=(
        column("number", "text", required=True, title="Permit number"),
        column("ward", "integer"),
        column("cost", "money"),
        column("share", "float"),
        column("open", "boolean"),
        column("issued_on", "date"),
        column("seen_at", "timestamp"),
        column("sent_at", "instant"),
        column("place", "point"),
        column("block", "geometry"),
        column("page", "url"),
        column("phone", "text", sensitive=True),
    ),
    key=("number",),
)
NAMES = [one.name for one in CONTRACT.columns]
SHAPE = "POLYGON ((0 0, 0 1, 1 1, 1 0, 0 0))"
FULL = [
    "P-1", "3", "1000.50", "0.00001", "true", "2014-10-13", "2014-10-13T08:30:00", "2014-10-13T08:30:00.250Z",
    "POINT (-87.6 41.8)", SHAPE, "https://x.example/1", "555-1",
]  # fmt: skip
QUOTED = ['P-"2"', "4", "20.00", None, "false", None, None, None, None, None, None, "555-2"]
EMPTY = ["P-3", None, None, None, None, None, None, None, None, None, None, None]
FIRST = [FULL, QUOTED]
SECOND = [FULL, QUOTED, EMPTY]
METADATA = {
    "title": "Permits",
    "description": "What may be built.",
    "columns": [{"name": "number", "title": "Permit number", "meaning": "Its number."}, {"name": "phone"}],
}
DAYS = (START + timedelta(days=10), START + timedelta(days=20))


class World:
    """The lake, its service, and a client of its public API."""

    def __init__(self, root: Path, *, sizes: Sizes | None = None, public: bool = True) -> None:
        self.root = root
        self.harbour = Harbour(root)
        self.lake = Lake(root, threads=1)
        self.app = application(root, site=Site(), sizes=sizes)
        self.client = Client(self.app)
        if public:
            for rows, at in zip((FIRST, SECOND), DAYS, strict=True):
                self.publish(rows, at=at)

    @property
    def service(self) -> Service:
        return service(self.root)

    def publish(self, rows: Sequence[Sequence[str | None]], *, at: Any, **facts: Any) -> Release:
        return self.publish_landings(landing(NAMES, rows), at=at, **facts)

    def publish_landings(self, *landings: Landing, at: Any, contract: Contract = CONTRACT, **facts: Any) -> Release:
        self.harbour.load(contract, *landings)
        number = self.harbour.table.version().number
        public = PublicFacts("perm-0001", **{"metadata": METADATA, **facts})
        return self.lake.release(self.lake.version("permits", number=number), at=at, public=public)

    def json(self, address: str, **given: Any) -> Any:
        answer = self.client.get(address, **given)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def code(self, address: str) -> tuple[int, str]:
        answer = self.client.get(address)
        assert answer.headers["content-type"].startswith("application/json")
        body = answer.json()
        assert set(body) == {"code", "error", "message", "data"}
        return answer.status_code, body["code"]
