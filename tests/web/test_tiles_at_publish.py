"""Publishing makes map tiles; where that cannot be done the publish stands and a finding says why."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.factories import NOON, make_dataset

from cupola.lake import tiles_path
from cupola.web.data.actions.publishing import reconcile
from cupola.web.data.models import Dataset
from cupola.web.data.queries import lake

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


def test_publishing_makes_tiles_of_rows_that_are_somewhere(load: Load, home: Path) -> None:
    load(make_dataset("trees", columns=COLUMNS, row_key=["number"]), ROWS)
    release = lake().registry.get("trees")
    path = tiles_path(lake().root, release, release.contract)
    assert path is not None
    assert tiles(home) == [str(path.relative_to(home / "lake"))]
    assert not Dataset.objects.get(key="trees").findings.filter(kind__startswith="tiles").exists()


@pytest.mark.parametrize("facts", [{"released": False}, {"classification": "internal"}, {"columns": COLUMNS[:1]}])
def test_nothing_is_made_of_what_is_not_public_or_nowhere(load: Load, home: Path, facts: dict[str, Any]) -> None:
    text = ROWS if "columns" not in facts else "number\n1\n"
    load(make_dataset("trees", **{"columns": COLUMNS, "row_key": ["number"], **facts}), text)
    assert tiles(home) == []


def test_a_missing_program_leaves_a_finding_and_the_next_run_makes_up_for_it(
    load: Load, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        without_tiler(patched)
        trees = load(make_dataset("trees", columns=COLUMNS, row_key=["number"]), ROWS)
    assert lake().registry.get("trees").version == 1
    assert tiles(home) == []
    found = trees.findings.get(kind="tiles_missing", closed_at=None)
    assert (found.severity, found.version.number) == ("note", 1)
    reconcile(at=NOON)
    assert len(tiles(home)) == 1
    assert not trees.findings.filter(kind="tiles_missing", closed_at=None).exists()
