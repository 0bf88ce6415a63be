"""Map tiles are made after everything is published; where that cannot be done a finding says why."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.factories import NOON, make_dataset

from cupola.lake import tiles_path
from cupola.web.data.actions import make_tiles
from cupola.web.data.models import Dataset
from cupola.web.data.queries import dataset_map, lake

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Load = Callable[..., Dataset]

COLUMNS = [
    {"name": "number", "type": "text", "required": True},
    {"name": "longitude", "type": "float"},
    {"name": "latitude", "type": "float"},
]
ROWS = "number,longitude,latitude\n1,-87.6,41.8\n2,-87.7,41.9\n"


def tiles(home: Path) -> list[str]:
    return sorted(
        str(path.relative_to(home / "lake")) for path in (home / "lake" / "tiles").rglob("*") if path.is_file()
    )


def without_tiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)


def map_note(dataset: Dataset) -> str:
    """Return what the map of a dataset says of its own making."""
    found = dataset_map(dataset, dataset.versions.get())
    assert found is not None
    assert (found.spots is None) == bool(found.notes)
    return " ".join(found.notes)


def test_rows_are_public_before_the_map_of_them_is_made(load: Load, home: Path) -> None:
    trees = load(make_dataset("trees", columns=COLUMNS, row_key=["number"]), ROWS)
    assert lake().registry.get("trees").version == 1
    assert tiles(home) == []
    assert map_note(trees) == "The map to zoom into is still being made. This map and its list are complete."
    said: list[tuple[str, str]] = []
    assert make_tiles(at=NOON, told=lambda key, words: said.append((key, words))) == ["trees: map of 2 rows, version 1"]
    assert [(key, words.split(" in ")[0]) for key, words in said] == [
        ("trees", "trees: map of 2 rows, version 1, made")
    ]
    assert map_note(trees) == ""
    assert make_tiles(at=NOON) == []
    release = lake().registry.get("trees")
    path = tiles_path(lake().root, release, release.contract)
    assert path is not None
    assert tiles(home) == [str(path.relative_to(home / "lake"))]
    assert not Dataset.objects.get(key="trees").findings.filter(kind__startswith="tiles").exists()


@pytest.mark.parametrize("facts", [{"released": False}, {"classification": "internal"}, {"columns": COLUMNS[:1]}])
def test_nothing_is_made_of_what_is_not_public_or_nowhere(load: Load, home: Path, facts: dict[str, Any]) -> None:
    text = ROWS if "columns" not in facts else "number\n1\n"
    load(make_dataset("trees", **{"columns": COLUMNS, "row_key": ["number"], **facts}), text)
    assert make_tiles(at=NOON) == []
    assert tiles(home) == []


def test_a_missing_program_leaves_a_finding_and_the_next_run_makes_up_for_it(
    load: Load, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trees = load(make_dataset("trees", columns=COLUMNS, row_key=["number"]), ROWS)
    with monkeypatch.context() as patched:
        without_tiler(patched)
        assert make_tiles(at=NOON) == []
    assert lake().registry.get("trees").version == 1
    assert tiles(home) == []
    found = trees.findings.get(kind="tiles_missing", closed_at=None)
    assert (found.severity, found.version.number) == ("note", 1)
    assert map_note(trees) == "The map to zoom into could not be made. This map and its list are complete."
    make_tiles(at=NOON)
    assert len(tiles(home)) == 1
    assert not trees.findings.filter(kind="tiles_missing", closed_at=None).exists()


def test_no_map_is_made_of_more_rows_than_the_city_allows(load: Load, home: Path, settings: Any) -> None:
    settings.MAP_ROWS = 1
    trees = load(make_dataset("trees", columns=COLUMNS, row_key=["number"]), ROWS)
    assert make_tiles(at=NOON) == []
    assert map_note(trees) == (
        "A map to zoom into is made of up to 1 rows. Here are more; this map and its list count all of them."
    )


def test_a_run_that_dies_while_it_makes_a_map_leaves_the_next_one_to_make_it(
    load: Load, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(make_dataset("trees", columns=COLUMNS, row_key=["number"]), ROWS)
    with monkeypatch.context() as patched:
        patched.setattr("cupola.lake.tiling.Tiler.make", dying)
        with pytest.raises(KeyboardInterrupt):
            make_tiles(at=NOON)
    assert lake().registry.get("trees").version == 1
    assert tiles(home) == []
    assert len(make_tiles(at=NOON)) == 1


def dying(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def test_a_map_of_nothing_is_not_waited_for(load: Load, home: Path) -> None:
    trees = load(make_dataset("trees", columns=COLUMNS, row_key=["number"]), "number,longitude,latitude\n1,,\n")
    assert make_tiles(at=NOON) == []
    assert dataset_map(trees, trees.versions.get()) is None
