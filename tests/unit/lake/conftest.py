"""A table to write to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from shelves import Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """Return an empty table in a lake of its own."""
    shelf = Shelf(tmp_path / "lake")
    yield shelf
    shelf.catalog.close()
